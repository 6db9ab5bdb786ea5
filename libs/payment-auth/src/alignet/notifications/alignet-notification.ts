import {
  type BodyLimit,
  type InboundRequest,
  requireBodyWithin,
  signatureHeader,
} from '../../core/inbound/inbound-request';
import { JsonPayload } from '../../core/inbound/json-payload';
import { type NotificationScheme, type VerifiedNotification } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { usableMerchants } from '../../core/inbound/usable-merchants';
import { type AlignetNotificationMerchant, missingForAlignetNotifications } from './alignet-notification-merchant';
import {
  alignetFact,
  alignetIdempotencyKey,
  type AlignetPayload,
  type AlignetResult,
  asAlignetPayload,
  readAlignetResult,
} from './alignet-result';
import { addressee, ALIGNET_ALGORITHM, alignetMismatch, decodeAlignetSignature, signedFor } from './alignet-signature';

/** @see https://docs.pay-me.com, "API de Notificaciones S2S" (read 2026-11) */
const SIGNATURE_HEADER = 'signature';

/** How often and how long Alignet delivers again is set per merchant, and the documentation says no more. */
const REPLAY_WINDOW_MS = 7 * 24 * 3_600_000;

const UNSIGNED = Object.freeze([
  'the time: none is signed, so that a notification proves the same for ever and can be sent again by whoever has seen it',
  'the way it came: what a redirect brings to the buyer may be signed alike, and the buyer can send it on as a notification',
]);

/** The server-to-server notification of an authorization's result, proven to be Alignet's and for the named merchant. */
export interface AlignetNotification extends VerifiedNotification<
  AlignetPayload,
  AlignetResult & { readonly action: string }
> {
  readonly gateway: 'alignet';
  readonly scheme: 'notification';
  /** Names the transaction; told of once per state. Handle a pair of this and `signed.transaction.state` once. */
  readonly idempotencyKey: string;
}

/**
 * Verifies Alignet's server-to-server notification: header `signature`, Base64 of RSA-SHA512 (PKCS#1 v1.5) over the raw body.
 *
 * Alignet wants HTTP 200 within 10 seconds and otherwise delivers again. Answer anything else (503, say) to one that comes
 * before its order is stored.
 *
 * @param merchants the configured ones, each from {@link alignetNotificationMerchant}
 * @param limit how large a body may be
 * @throws {SignatureVerificationError} with the `httpStatus` to answer
 * @throws {PaymentAuthConfigError} when no merchant has what it takes
 * @see https://docs.pay-me.com, "API de Notificaciones S2S" (read 2026-11)
 */
export function verifyAlignetNotification(
  request: InboundRequest,
  merchants: readonly AlignetNotificationMerchant[],
  limit?: BodyLimit,
): AlignetNotification {
  requireBodyWithin('alignet', request, limit);
  return verifyNotification(request, usableMerchants('alignet', ALIGNET_NOTIFICATION, merchants));
}

function verifyNotification(
  request: InboundRequest,
  merchants: readonly AlignetNotificationMerchant[],
): AlignetNotification {
  const signature = decodeAlignetSignature(signatureHeader('alignet', request, SIGNATURE_HEADER), merchants);
  const signers = signedFor(merchants, request.rawBody, signature);
  if (signers.length === 0) throw alignetMismatch('the raw body');
  const payload = JsonPayload.parse('alignet', request.rawBody);
  const signed = { ...readAlignetResult(payload), action: payload.signedText('action', /^[\w.-]{1,64}$/) };
  const { merchant, secretIndex } = addressee(signed.merchant_code, signers);
  const named = { gateway: 'alignet', scheme: 'notification', merchant: merchant.name } as const;
  return {
    ...named,
    payload: asAlignetPayload(payload),
    signed,
    unsigned: UNSIGNED,
    algorithm: ALIGNET_ALGORITHM,
    secretIndex,
    replayKey: replayKeyOf(named, alignetFact(signed)),
    idempotencyKey: alignetIdempotencyKey(signed),
  };
}

export const ALIGNET_NOTIFICATION: NotificationScheme<AlignetNotificationMerchant, AlignetNotification> = Object.freeze(
  {
    name: 'notification',
    onReplay: 'acknowledge',
    replayWindowMs: REPLAY_WINDOW_MS,
    // Alignet looks at the status alone; the official WooCommerce plugin answers this.
    acknowledgement: 'OK',
    missingFor: missingForAlignetNotifications,
    verify: verifyNotification,
  },
);
