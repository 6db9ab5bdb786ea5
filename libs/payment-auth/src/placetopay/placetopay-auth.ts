import { createHash, hash } from 'node:crypto';
import { requireTexts } from '../core/require-texts';

/** `sha256` is current. `sha1` is what Placetopay's older SDKs send: legacy, by explicit choice only. */
export type PlacetopayDigestAlgorithm = 'sha256' | 'sha1';

/** The `auth` object of a request body. Good for one request and five minutes; never log it. */
export interface PlacetopayAuth {
  readonly login: string;
  /** The digest, not the credential, although Placetopay's panels give the credential this name. */
  readonly tranKey: string;
  /** Base64 of the raw nonce. */
  readonly nonce: string;
  /** Creation time, ISO 8601 with offset; the exact text that was hashed. */
  readonly seed: string;
}

/** Everything an `auth` object is made of. Time and nonce are arguments: the functions here read no clock. */
export interface PlacetopayAuthInputs {
  readonly login: string;
  readonly secretKey: string;
  /** Raw bytes, fresh for every request, 16 or more from a secure generator. */
  readonly rawNonce: Uint8Array;
  /** The text that is hashed and sent; see {@link formatPlacetopaySeed}. */
  readonly seed: string;
  /** @default 'sha256' */
  readonly algorithm?: PlacetopayDigestAlgorithm | undefined;
}

const TEXTS = ['seed', 'secretKey'] as const;

/**
 * `tranKey = Base64(SHA-256(rawNonce + seed + secretKey))`: the raw nonce bytes and not their Base64, the raw digest and
 * not its hex, the text as UTF-8, nothing between the parts and nothing trimmed.
 *
 * @throws {TypeError} when `seed` or `secretKey` is no text
 * @see https://docs.placetopay.dev, Gateway, Authentication (read 2026-11)
 */
export function placetopayTranKey(inputs: Omit<PlacetopayAuthInputs, 'login'>): string {
  requireTexts(inputs, TEXTS);
  const { rawNonce, seed, secretKey, algorithm = 'sha256' } = inputs;
  const text = seed + secretKey;
  const message = Buffer.allocUnsafe(rawNonce.length + Buffer.byteLength(text, 'utf8'));
  message.set(rawNonce, 0);
  message.write(text, rawNonce.length, 'utf8');
  return digestBase64(algorithm, message);
}

/**
 * The `auth` object for one request.
 *
 * @example
 * createPlacetopayAuth({
 *   login: 'login', secretKey: 'ABCD1234', rawNonce: Buffer.from('ifYEPnAcJbpDVR1t'), seed: '2016-10-26T21:37:00+00:00',
 * });
 * // { login: 'login', tranKey: 'm6U2qDmDyHJ6spiTGpYdbrVz6CZ2M3FWgGVFGSJTWoA=', nonce: 'aWZZRVBuQWNKYnBEVlIxdA==', ... }
 */
export function createPlacetopayAuth(inputs: PlacetopayAuthInputs): PlacetopayAuth {
  const { login, rawNonce, seed } = inputs;
  const nonce = Buffer.isBuffer(rawNonce)
    ? rawNonce.toString('base64')
    : Buffer.from(rawNonce.buffer, rawNonce.byteOffset, rawNonce.byteLength).toString('base64');
  return { login, tranKey: placetopayTranKey(inputs), nonce, seed };
}

let lastSecond = Number.NaN;
let lastSeed = '';

/** The seed for a moment: `2026-11-22T10:15:30+00:00`, the form of Placetopay's own SDK. Whole seconds, rounded down. */
export function formatPlacetopaySeed(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  // The text of a second is asked for many times within it, and formatting costs as much as hashing.
  if (second !== lastSecond) {
    lastSeed = `${new Date(second * 1_000).toISOString().slice(0, 19)}+00:00`;
    lastSecond = second;
  }
  return lastSeed;
}

/** `crypto.hash` (Node 20.12) is twice as fast for short input; older runtimes and mocks may lack it. */
const digestBase64: (algorithm: string, message: Buffer) => string =
  typeof hash === 'function'
    ? (algorithm, message) => hash(algorithm, message, 'base64')
    : (algorithm, message) => createHash(algorithm).update(message).digest('base64');
