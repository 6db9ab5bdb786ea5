import { boundGatewayMessage, MASK, removeSecrets } from '../core/scrub';
import { type PlacetopayAuth } from './placetopay-auth';

/** What Placetopay was sent, or knows, that may stand in no error: see `decodePlacetopayFailure`. */
export interface PlacetopaySecrets {
  /** The `auth` of the request. Its `tranKey` and `nonce` are removed, the raw nonce included; login and seed are no secrets. */
  readonly auth?: Pick<PlacetopayAuth, 'tranKey' | 'nonce'> | undefined;
  /** Several while it is being rotated. */
  readonly secretKey?: string | readonly string[] | undefined;
}

/** A shorter raw nonce, such as `rand()` makes, is no secret, but would be found in codes and amounts. In characters. */
const SHORTEST_RAW_NONCE = 8;

/** Padded Base64 of 16 bytes or more: digests of SHA-256 and SHA-1, nonces. PHP writes `/` as `\/` in JSON. */
const PADDED_BASE64 = /(?<![A-Za-z0-9+/])(?<!\\(?=\/))(?:[A-Za-z0-9+]|\\?\/){22,}={1,2}/g;

/** A value behind the name of a secret: `"tranKey":"..."`, `nonce = ...`. */
const NAMED_VALUE = /((?:tranKey|secretKey|nonce)[^\p{L}\p{N}]{1,8})([^\s"'\\,;()<>{}[\]]{6,})/giu;

/**
 * Placetopay's own words, fit for an error or a log: without the given secrets and without what has the shape of one, because
 * not every caller can tell what was sent. Bounded in length.
 */
export function scrubPlacetopayMessage(message: string, { auth, secretKey = [] }: PlacetopaySecrets): string {
  const known = [...(auth === undefined ? [] : secretsOf(auth)), secretKey].flat();
  const scrubbed = removeSecrets(message, known)
    .replace(PADDED_BASE64, MASK)
    // A plain word behind the name is an explanation ("tranKey: requerido"), and no digest or nonce is a plain word.
    .replace(NAMED_VALUE, (found, name: string, value: string) => (/[\d+/=]/.test(value) ? name + MASK : found));
  return boundGatewayMessage(scrubbed);
}

function secretsOf({ tranKey, nonce }: Pick<PlacetopayAuth, 'tranKey' | 'nonce'>): string[] {
  const rawNonce = Buffer.from(nonce, 'base64');
  const asText = (['utf8', 'latin1', 'hex'] as const).map((encoding) => rawNonce.toString(encoding));
  return [tranKey, nonce, ...asText.filter((text) => text.length >= SHORTEST_RAW_NONCE)];
}
