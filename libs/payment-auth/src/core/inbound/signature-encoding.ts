import { timingSafeEqual } from 'node:crypto';
import { type Gateway, SignatureVerificationError } from '../errors';

/**
 * Whether two signatures are the same, in a time that does not tell where they differ. Lengths may show: those of
 * signatures are public.
 */
export function equalsInConstantTime(expected: Uint8Array, given: Uint8Array): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/**
 * Strict hexadecimal: exactly `byteLength` bytes, in lower or upper case.
 *
 * @throws {SignatureVerificationError} `malformed-signature`
 */
export function decodeHexSignature(gateway: Gateway, text: string, byteLength: number): Buffer {
  // By hand, because `Buffer.from(text, 'hex')` stops at the first wrong character and says nothing.
  if (text.length !== byteLength * 2 || !/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) {
    throw new SignatureVerificationError(
      'malformed-signature',
      gateway,
      `The signature is not ${byteLength} bytes in hexadecimal.`,
    );
  }
  return Buffer.from(text, 'hex');
}

/**
 * Strict Base64: the standard alphabet, padded, and the one spelling of its bytes.
 *
 * @param byteLengths which lengths a signature may have
 * @throws {SignatureVerificationError} `malformed-signature`
 */
export function decodeBase64Signature(gateway: Gateway, text: string, byteLengths: readonly number[]): Buffer {
  const bytes = decodeBase64(text);
  if (bytes === undefined || !byteLengths.includes(bytes.length)) {
    throw new SignatureVerificationError(
      'malformed-signature',
      gateway,
      `The signature is not ${byteLengths.join(' or ')} bytes in standard Base64.`,
    );
  }
  return bytes;
}

/** The bytes of strict Base64 (see {@link decodeBase64Signature}), of any length; `undefined` when it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // `Buffer.from` skips what it does not know; only the canonical text comes out as it went in.
  return bytes.toString('base64') === text ? bytes : undefined;
}
