import { type Gateway, SignatureVerificationError } from '../errors';

/**
 * Refuses what was signed too long ago, and what claims to come from the future: a signature kept for later.
 *
 * @throws {SignatureVerificationError} `stale` or `future`, with the difference of the clocks in seconds
 */
export function requireFresh(gateway: Gateway, signedAt: number, now: number, toleranceMs: number): void {
  const ageMs = now - signedAt;
  if (Math.abs(ageMs) <= toleranceMs) return;
  const seconds = Math.round(Math.abs(ageMs) / 1_000);
  const limit = `${toleranceMs / 1_000} s are allowed.`;
  throw ageMs > 0
    ? new SignatureVerificationError('stale', gateway, `It was signed ${seconds} s ago; ${limit}`)
    : new SignatureVerificationError('future', gateway, `It was signed ${seconds} s in the future; ${limit}`);
}
