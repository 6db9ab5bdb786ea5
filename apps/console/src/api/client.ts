import { MESSAGES } from '../i18n/messages';
import { language } from '../state/preferences';
import { ApiProblem, NOBODY, problemOf } from './problem';
import { receive } from './receive';

const API = '/console/api';

interface ApiOptions {
  readonly signal?: AbortSignal;
}

const UNAUTHORIZED = 401;
let onSessionEnd = () => {};

/** @param listener called when the backend no longer takes this page's session */
export function watchSessionEnd(listener: () => void): void {
  onSessionEnd = listener;
}

/** A request to the console's backend; `path` begins behind `/console/api`. */
export async function api<T>(method: string, path: string, body?: unknown, options?: ApiOptions): Promise<T> {
  try {
    return await requestJson<T>(method, `${API}${path}`, body, options);
  } catch (error) {
    if (error instanceof ApiProblem && error.statusCode === UNAUTHORIZED && path !== '/session') onSessionEnd();
    throw error;
  }
}

/** A request to the simulator's control address, through the backend. */
export function simulator<T>(method: string, path: string, body?: unknown): Promise<T> {
  return api<T>(method, `/simulator${path}`, body);
}

/**
 * JSON out, JSON in.
 * @throws {ApiProblem} for every status but 2xx, and when nobody answers to the end (`statusCode` {@link NOBODY})
 */
export async function requestJson<T>(
  method: string,
  url: string,
  body?: unknown,
  { signal }: ApiOptions = {},
): Promise<T> {
  const isChange = method !== 'GET';
  const received = await receive(url, {
    method,
    headers: isChange ? { 'Content-Type': 'application/json', 'X-Console': '1' } : {},
    ...(isChange && { body: JSON.stringify(body ?? {}) }),
    ...(signal && { signal }),
  });
  if (received === undefined) throw new ApiProblem(NOBODY, MESSAGES[language.get()].unreachable, 'unreachable');
  const answer = parse(received.text);
  if (!received.ok) throw problemOf(received.status, answer);
  return answer as T;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
