import { createHash } from 'node:crypto';
import { decodeStandardBase64, sameBytes } from '../core/compare';

export type DigestAlgorithm = 'sha256' | 'sha1';

export interface DigestInput {
  /** The bytes the sent nonce decodes to, decoded exactly once. */
  readonly rawNonce: Buffer;
  /** The text as received, never a date written anew. */
  readonly seed: string;
  readonly secretKey: string;
}

/** Which algorithm a `tranKey` was made with, by the number of bytes it holds: nothing else in the request says it. */
export function algorithmOf(tranKey: string): DigestAlgorithm | undefined {
  const length = decodeStandardBase64(tranKey)?.length;
  if (length === 32) return 'sha256';
  return length === 20 ? 'sha1' : undefined;
}

export function digestMatches(tranKey: string, algorithm: DigestAlgorithm, input: DigestInput): boolean {
  const expected = createHash(algorithm)
    .update(input.rawNonce)
    .update(input.seed, 'utf8')
    .update(input.secretKey, 'utf8')
    .digest();
  return sameBytes(decodeStandardBase64(tranKey) ?? '', expected);
}
