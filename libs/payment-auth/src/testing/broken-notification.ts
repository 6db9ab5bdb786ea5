import { type SignatureVerificationReason } from '../core/errors';
import { type InboundRequest } from '../core/inbound/inbound-request';

/** A request that a verifier must refuse, and the reason it must give. */
export interface BrokenNotification {
  /** What was done to it. */
  readonly name: string;
  readonly request: InboundRequest;
  readonly reason: SignatureVerificationReason;
}

/** The same request with other headers; `undefined` removes one. */
export function withHeaders(
  request: InboundRequest,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): InboundRequest {
  const merged = Object.entries({ ...request.headers, ...headers }).filter(([, value]) => value !== undefined);
  return { ...request, headers: Object.fromEntries(merged) };
}

/** Another character of the same kind in place of the one at `index`. */
export function withOtherCharacter(text: string, index: number): string {
  const other = text[index] === 'A' ? 'B' : 'A';
  return text.slice(0, index) + other + text.slice(index + 1);
}
