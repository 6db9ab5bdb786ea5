import { api } from '../api/client';
import { type Session } from '../api/contract';
import { forgetDrafts } from '../lib/draft';
import { createStore } from '../lib/store';

/** `undefined` until the backend has told. */
export const session = createStore<Session | undefined>(undefined);

export async function loadSession(): Promise<void> {
  session.set(await api<Session>('GET', '/session'));
}

/** @throws {ApiProblem} 401 when it is another token */
export async function signIn(token: string): Promise<void> {
  session.set(await api<Session>('POST', '/session', { token }));
}

export async function signOut(): Promise<void> {
  forgetDrafts();
  session.set(await api<Session>('DELETE', '/session'));
}
