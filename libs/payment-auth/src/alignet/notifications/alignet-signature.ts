import { SignatureVerificationError } from '../../core/errors';
import { type RsaDigest, signatureCheck } from '../../core/inbound/rsa-public-key';
import { decodeBase64Signature } from '../../core/inbound/signature-encoding';
import { type AlignetNotificationMerchant } from './alignet-notification-merchant';

/** `SHA512withRSA`, PKCS#1 v1.5. @see https://docs.pay-me.com, "Verificación del signature" (read 2026-11) */
const DIGEST: RsaDigest = 'sha512';
export const ALIGNET_ALGORITHM = 'rsa-sha512';

/** A merchant with the key that made a signature. */
export interface SignedFor<Merchant> {
  readonly merchant: Merchant;
  /** Which of the merchant's `publicKeys` it was. */
  readonly secretIndex: number;
}

/** @throws {SignatureVerificationError} `malformed-signature` when no configured key has signatures of that length */
export function decodeAlignetSignature(text: string, candidates: readonly AlignetNotificationMerchant[]): Buffer {
  const keys = candidates.flatMap(({ notifications }) => notifications.publicKeys);
  return decodeBase64Signature('alignet', text, [...new Set(keys.map(({ signatureBytes }) => signatureBytes))]);
}

/** The candidates one of whose keys made the signature: all of one environment, usually. */
export function signedFor<Merchant extends AlignetNotificationMerchant>(
  candidates: readonly Merchant[],
  data: Uint8Array,
  signature: Uint8Array,
): readonly SignedFor<Merchant>[] {
  const fits = signatureCheck(DIGEST, data, signature);
  return candidates
    .map((merchant) => ({ merchant, secretIndex: merchant.notifications.publicKeys.findIndex(fits) }))
    .filter(({ secretIndex }) => secretIndex !== -1);
}

/**
 * The one of them it is for. Alignet's one key signs for every merchant of Alignet's, and anybody can become one: without
 * this, a stranger's own approved payment would be one of yours.
 *
 * @param merchantCode as signed
 * @throws {SignatureVerificationError} `unknown-merchant`
 */
export function addressee<Merchant extends AlignetNotificationMerchant>(
  merchantCode: string,
  signed: readonly SignedFor<Merchant>[],
): SignedFor<Merchant> {
  const found = signed.find(({ merchant }) => merchant.merchantCode === merchantCode);
  if (found !== undefined) return found;
  throw new SignatureVerificationError(
    'unknown-merchant',
    'alignet',
    'It is signed by Alignet, for a merchant_code that is not configured with this key.',
  );
}

/** @returns an error to be thrown */
export function alignetMismatch(what: string): SignatureVerificationError {
  return new SignatureVerificationError(
    'mismatch',
    'alignet',
    `The signature is not one of ${what} by a configured key.`,
    "Check that the bytes are those received (no JSON parsed and written again) and that the merchant's environment is the sender's.",
  );
}
