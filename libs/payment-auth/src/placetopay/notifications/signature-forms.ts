import { SignatureVerificationError } from '../../core/errors';
import { decodeHexSignature } from '../../core/inbound/signature-encoding';
import { type PlacetopayDigestAlgorithm } from '../placetopay-auth';

/** One way in which a product writes a digest: hexadecimal behind a prefix. */
export interface SignatureForm {
  readonly algorithm: PlacetopayDigestAlgorithm;
  readonly prefix: '' | 'sha256:';
}

/** A digest as it came, and which one it is. */
export interface ReceivedDigest {
  readonly algorithm: PlacetopayDigestAlgorithm;
  readonly bytes: Buffer;
}

export const DIGEST_BYTES: Readonly<Record<PlacetopayDigestAlgorithm, number>> = { sha256: 32, sha1: 20 };

export const SHA256_WITH_PREFIX: SignatureForm = { algorithm: 'sha256', prefix: 'sha256:' };
export const SHA256_BARE: SignatureForm = { algorithm: 'sha256', prefix: '' };
export const SHA1_BARE: SignatureForm = { algorithm: 'sha1', prefix: '' };

/**
 * Reads a signature in one of the forms its product has. The sender's own word for the algorithm is never used: official shop
 * plugins hand whatever stands before the colon to their hash function, a checksum too.
 *
 * @throws {SignatureVerificationError} `malformed-signature` for any other prefix or length
 */
export function parseHexDigest(text: string, forms: readonly SignatureForm[]): ReceivedDigest {
  const form = forms.find(
    ({ algorithm, prefix }) => text.startsWith(prefix) && text.length === prefix.length + 2 * DIGEST_BYTES[algorithm],
  );
  if (form === undefined) {
    throw new SignatureVerificationError(
      'malformed-signature',
      'placetopay',
      `The signature is not ${forms.map(describe).join(' or ')}.`,
    );
  }
  const { algorithm, prefix } = form;
  return { algorithm, bytes: decodeHexSignature('placetopay', text.slice(prefix.length), DIGEST_BYTES[algorithm]) };
}

function describe({ algorithm, prefix }: SignatureForm): string {
  const digits = `${2 * DIGEST_BYTES[algorithm]} hexadecimal digits`;
  return prefix === '' ? digits : `"${prefix}" and ${digits}`;
}
