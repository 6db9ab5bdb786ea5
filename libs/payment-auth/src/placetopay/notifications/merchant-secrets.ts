import { SignatureVerificationError } from '../../core/errors';
import { requireFresh } from '../../core/inbound/freshness';
import { type Candidate, findCandidate } from '../../core/inbound/notification-scheme';
import { type Secret } from '../../core/secret';
import { type PlacetopayDigestAlgorithm } from '../placetopay-auth';
import { notificationOption } from './notification-option';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';

/** A secret of one of the configured merchants. */
export type MerchantSecret = Candidate<PlacetopayNotificationMerchant>;

/** Every accepted secret of every merchant, the current ones and those that are to come. */
export function merchantSecrets(
  merchants: readonly PlacetopayNotificationMerchant[],
  secretOf: (merchant: PlacetopayNotificationMerchant) => Secret | undefined,
): MerchantSecret[] {
  return merchants.flatMap((merchant) =>
    (secretOf(merchant)?.accepted() ?? []).map((secret, secretIndex) => ({ merchant, secret, secretIndex })),
  );
}

/**
 * @param hint what else to compare, where the secret is not all there is
 * @throws {SignatureVerificationError} `mismatch` when none fits
 */
export function requireSigner(
  secrets: readonly MerchantSecret[],
  fits: (secret: string, merchant: PlacetopayNotificationMerchant) => boolean,
  hint = 'Compare the secret with the one Placetopay has, and see that the body arrives as it was sent.',
): MerchantSecret {
  const signer = findCandidate(secrets, fits);
  if (signer !== undefined) return signer;
  throw new SignatureVerificationError('mismatch', 'placetopay', 'It does not fit any secret configured for it.', hint);
}

/**
 * Called when the signature is known to be right: then `algorithm-refused` says that it is Placetopay who signs with SHA-1, and
 * a forgery stays a mismatch.
 *
 * @param now epoch ms
 * @throws {SignatureVerificationError} `algorithm-refused`
 */
export function requireAlgorithm(
  algorithm: PlacetopayDigestAlgorithm,
  merchant: PlacetopayNotificationMerchant,
  now: number,
): void {
  if (algorithm !== 'sha1' || now < merchant.notifications.sha1RefusedFrom) return;
  throw new SignatureVerificationError(
    'algorithm-refused',
    'placetopay',
    'It is signed with SHA-1.',
    `Ask Placetopay's support to sign with SHA-256, or accept SHA-1 for now with ${notificationOption(merchant, 'acceptSha1')}.`,
  );
}

/**
 * By the merchant's tolerance, and our clock as its `clockSkewSeconds` puts it right.
 *
 * @param signedAt epoch ms
 * @param now epoch ms
 * @throws {SignatureVerificationError} `stale` or `future`
 */
export function requireFreshFor(
  { clockSkewSeconds, notifications: { toleranceMs } }: PlacetopayNotificationMerchant,
  signedAt: number,
  now: number,
): void {
  requireFresh('placetopay', signedAt, now + clockSkewSeconds * 1_000, toleranceMs);
}
