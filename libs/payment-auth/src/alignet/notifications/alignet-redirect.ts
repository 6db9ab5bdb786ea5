import { SignatureVerificationError } from '../../core/errors';
import { type BodyLimit, type InboundRequest, requireBodyWithin } from '../../core/inbound/inbound-request';
import { JsonPayload } from '../../core/inbound/json-payload';
import { type NotificationScheme, type VerifiedNotification } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { decodeBase64 } from '../../core/inbound/signature-encoding';
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
import {
  addressee,
  ALIGNET_ALGORITHM,
  alignetMismatch,
  decodeAlignetSignature,
  type SignedFor,
  signedFor,
} from './alignet-signature';
import { readRedirectForm } from './redirect-form';

const UNSIGNED = Object.freeze([
  'the time, and whose browser it is: a buyer can bring the same result again, or give it to somebody else',
  'every other field of the form',
]);

/** Which reading of "the value of `authorization_result`" the signature fits: its Base64 text, or the bytes that decodes to. */
export type AlignetRedirectSignedForm = 'text' | 'decoded';

/** What the buyer's browser brings back, proven to be Alignet's and for the named merchant. For display. */
export interface AlignetRedirect extends VerifiedNotification<AlignetPayload, AlignetResult> {
  readonly gateway: 'alignet';
  readonly scheme: 'redirect';
  readonly signedForm: AlignetRedirectSignedForm;
  /** Names the transaction, as in the notification of it. */
  readonly idempotencyKey: string;
}

/**
 * Verifies the form that Alignet has the buyer's browser post to `redirect_url`: `authorization_result` (Base64 of JSON) and
 * `signature` (Base64 of RSA-SHA512, PKCS#1 v1.5). What exactly is signed the documentation leaves open: see the option
 * `notifications.redirectSignedData`.
 *
 * Show the buyer the result; change the order by the notification or a query.
 *
 * @param merchants the configured ones, each from {@link alignetNotificationMerchant}
 * @param limit how large a body may be
 * @throws {SignatureVerificationError} with the `httpStatus` to answer
 * @throws {PaymentAuthConfigError} when no merchant has what it takes
 * @see https://docs.pay-me.com, "Consideraciones para métodos con Redirect" (read 2026-11)
 */
export function verifyAlignetRedirect(
  request: InboundRequest,
  merchants: readonly AlignetNotificationMerchant[],
  limit?: BodyLimit,
): AlignetRedirect {
  requireBodyWithin('alignet', request, limit);
  return verifyRedirect(request, usableMerchants('alignet', ALIGNET_REDIRECT, merchants));
}

function verifyRedirect(request: InboundRequest, merchants: readonly AlignetNotificationMerchant[]): AlignetRedirect {
  const form = readRedirectForm(request.rawBody);
  const signature = decodeAlignetSignature(form.signature, merchants);
  const decoded = decodeBase64(form.authorizationResult);
  if (decoded === undefined) {
    throw new SignatureVerificationError('malformed-body', 'alignet', 'authorization_result is not standard Base64.');
  }
  const { signers, signedForm } = findSigners(form.authorizationResult, decoded, signature, merchants);
  const payload = JsonPayload.parse('alignet', decoded);
  const signed = readAlignetResult(payload);
  const { merchant, secretIndex } = addressee(signed.merchant_code, signers);
  const named = { gateway: 'alignet', scheme: 'redirect', merchant: merchant.name } as const;
  return {
    ...named,
    payload: asAlignetPayload(payload),
    signed,
    unsigned: UNSIGNED,
    algorithm: ALIGNET_ALGORITHM,
    secretIndex,
    replayKey: replayKeyOf(named, alignetFact(signed)),
    signedForm,
    idempotencyKey: alignetIdempotencyKey(signed),
  };
}

function findSigners<Merchant extends AlignetNotificationMerchant>(
  text: string,
  decoded: Buffer,
  signature: Buffer,
  merchants: readonly Merchant[],
): { signers: readonly SignedFor<Merchant>[]; signedForm: AlignetRedirectSignedForm } {
  const forms = { text: Buffer.from(text, 'latin1'), decoded } as const;
  for (const signedForm of ['text', 'decoded'] as const) {
    const accepting = merchants.filter(({ notifications: { redirectSignedData } }) =>
      ['either', signedForm].includes(redirectSignedData),
    );
    const signers = signedFor(accepting, forms[signedForm], signature);
    if (signers.length > 0) return { signers, signedForm };
  }
  throw alignetMismatch('authorization_result');
}

export const ALIGNET_REDIRECT: NotificationScheme<AlignetNotificationMerchant, AlignetRedirect> = Object.freeze({
  name: 'redirect',
  // The buyer may reload the page.
  onReplay: 'accept',
  replayWindowMs: 0,
  acknowledgement: undefined,
  mediaType: 'application/x-www-form-urlencoded',
  missingFor: missingForAlignetNotifications,
  verify: verifyRedirect,
});
