import { type SentWebhook } from '../api/contract';

type SentState = 'accepted' | 'refused' | 'pending';

export function sentState({ status }: Pick<SentWebhook, 'status'>): SentState {
  if (status === null) return 'pending';
  return status >= 200 && status < 300 ? 'accepted' : 'refused';
}

/** Why the demo did not accept it, from its answer; the body of which says no more than that. */
export function refusalReason({ answer = '' }: Pick<SentWebhook, 'answer'>): string | undefined {
  try {
    const value: unknown = JSON.parse(answer);
    const { reason } = Object(value) as { readonly reason?: unknown };
    return typeof reason === 'string' ? reason : undefined;
  } catch {
    return undefined;
  }
}
