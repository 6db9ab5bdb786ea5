import { SignatureVerificationError } from '../../core/errors';
import { type JsonPayload } from '../../core/inbound/json-payload';
import { type NotificationScheme, type VerifiedNotification } from '../../core/inbound/notification-scheme';
import {
  AUTOPAY_EVENT,
  AUTOPAY_ID,
  CHECKOUT_STATUS,
  DATE,
  MSV_TOKEN,
  PAYMENT_LINK_STATUS,
  SESSION_ID,
  STATUS,
  UUID,
  WHOLE_NUMBER,
} from './grammars';
import { joinedTextScheme } from './joined-text-scheme';
import { problemUnless } from './notification-option';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { JOINED_TEXT_FORMULAS, type PlacetopaySignedFields } from './placetopay-notification-signature';
import {
  type PlacetopayAccountValidatorPayload,
  type PlacetopayAutopayPayload,
  type PlacetopayCheckoutPayload,
  type PlacetopayGatewayPayload,
  type PlacetopayGatewaySessionPayload,
  type PlacetopayMsvPayload,
  type PlacetopayPaymentLinkPayload,
} from './placetopay-notification-types';

const EVERYTHING_ELSE = 'every other member of the body';
const STATUS_TEXTS = ['status.reason', 'status.message'];

/**
 * Webcheckout: `requestId + status.status + status.date + secretKey`, SHA-256 behind a prefix or SHA-1 without one.
 *
 * A charge of a recurring payment is notified with `internalReference` and no `requestId`; how Placetopay signs that is not
 * documented, so it cannot be verified.
 *
 * @see https://docs.placetopay.dev, Checkout, Notification, and Migration of notification algorithm (read 2026-11)
 */
export const checkoutScheme = joinedTextScheme<
  'checkout',
  PlacetopayCheckoutPayload,
  PlacetopaySignedFields['checkout']
>({
  product: 'checkout',
  formula: JOINED_TEXT_FORMULAS.checkout,
  readSigned: (payload) => {
    refuseRecurringCharge(payload);
    return {
      requestId: payload.signedText('requestId', WHOLE_NUMBER),
      status: payload.signedText('status.status', CHECKOUT_STATUS),
      date: payload.signedText('status.date', DATE),
    };
  },
  unsigned: ['reference', ...STATUS_TEXTS, EVERYTHING_ELSE],
});

/** Payment Links: `linkId + status.status + status.date + secretKey`, SHA-256 without a prefix. */
export const paymentLinkScheme = joinedTextScheme<
  'payment-link',
  PlacetopayPaymentLinkPayload,
  PlacetopaySignedFields['payment-link']
>({
  product: 'payment-link',
  formula: JOINED_TEXT_FORMULAS['payment-link'],
  readSigned: (payload) => ({
    linkId: payload.signedText('linkId', WHOLE_NUMBER),
    status: payload.signedText('status.status', PAYMENT_LINK_STATUS),
    date: payload.signedText('status.date', DATE),
  }),
  unsigned: ['reference', ...STATUS_TEXTS, EVERYTHING_ELSE],
});

/**
 * Gateway, a transaction: `internalReference + status.status + secretKey`, no date. Unconfirmed: the page states SHA-256 and
 * shows a SHA-1. Query the transaction.
 */
export const gatewayScheme = joinedTextScheme<'gateway', PlacetopayGatewayPayload, PlacetopaySignedFields['gateway']>({
  product: 'gateway',
  formula: JOINED_TEXT_FORMULAS.gateway,
  readSigned: (payload) => ({
    internalReference: payload.signedText('internalReference', WHOLE_NUMBER),
    status: payload.signedText('status.status', STATUS),
  }),
  unsigned: ['reference', 'status.date', ...STATUS_TEXTS, 'whether it is a transaction or a session', EVERYTHING_ELSE],
});

/**
 * Gateway, a session: `session.id + session.status + secretKey` in the header `X-Signature`. The page shows the formula and not
 * the body; query the session.
 */
export const gatewaySessionScheme = joinedTextScheme<
  'gateway-session',
  PlacetopayGatewaySessionPayload,
  PlacetopaySignedFields['gateway-session']
>({
  product: 'gateway-session',
  formula: JOINED_TEXT_FORMULAS['gateway-session'],
  signatureIn: 'header',
  readSigned: (payload) => ({
    sessionId: payload.signedText('session.id', SESSION_ID),
    status: payload.signedText('session.status', STATUS),
  }),
  unsigned: ['when it happened', 'whether it is a session, a transaction or an account validation', EVERYTHING_ELSE],
});

/**
 * AutoPay's events: `id + type + date + secretKey`, SHA-256 behind a prefix. Approved charges come as a settlement instead.
 *
 * @see https://docs.placetopay.dev, AutoPay, Webhook (read 2026-11): 400 for a bad signature in the text, 401 in the example
 */
export const autopayScheme = answeringBadSignatures(
  400,
  joinedTextScheme<'autopay', PlacetopayAutopayPayload, PlacetopaySignedFields['autopay']>({
    product: 'autopay',
    formula: JOINED_TEXT_FORMULAS.autopay,
    readSigned: (payload) => ({
      id: payload.signedText('id', AUTOPAY_ID),
      type: payload.signedText('type', AUTOPAY_EVENT),
      date: payload.signedText('date', DATE),
    }),
    unsigned: ['reference', 'additional.transactionID', EVERYTHING_ELSE],
    acknowledgement: { status: { status: 'OK', reason: '00', message: 'Successful response' } },
  }),
);

/**
 * Account Validator: `requestId + status.status + secretKey` with SHA-1, no date: the signature of an outcome never changes.
 * Query the session.
 */
export const accountValidatorScheme = joinedTextScheme<
  'account-validator',
  PlacetopayAccountValidatorPayload,
  PlacetopaySignedFields['account-validator']
>({
  product: 'account-validator',
  formula: JOINED_TEXT_FORMULAS['account-validator'],
  readSigned: (payload) => ({
    requestId: payload.signedText('requestId', UUID),
    status: payload.signedText('status.status', STATUS),
  }),
  missingFor: (merchant) =>
    problemUnless(
      merchant.notifications.sha1RefusedFrom > -Infinity,
      merchant,
      'acceptSha1',
      'is needed for account-validator, which Placetopay signs with SHA-1 only',
    ),
  unsigned: [
    'when it happened',
    'whether it is an account validation or another session',
    ...STATUS_TEXTS,
    EVERYTHING_ELSE,
  ],
});

/** MSV: `token + status.status + status.date + secret_token`, SHA-256. Its secret is not the site's. */
export const msvScheme = joinedTextScheme<'msv', PlacetopayMsvPayload, PlacetopaySignedFields['msv']>({
  product: 'msv',
  formula: JOINED_TEXT_FORMULAS.msv,
  readSigned: (payload) => ({
    token: payload.signedText('token', MSV_TOKEN),
    status: payload.signedText('status.status', STATUS),
    date: payload.signedText('status.date', DATE),
  }),
  secretOf: ({ notifications }) => notifications.msvSecretToken,
  missingFor: (merchant) =>
    problemUnless(
      merchant.notifications.msvSecretToken !== undefined,
      merchant,
      'msvSecretToken',
      'is needed for msv: the secret_token of its login',
    ),
  unsigned: ['reference', 'kind', ...STATUS_TEXTS, EVERYTHING_ELSE],
});

/** The same scheme, with another status than 401 for a bad signature. */
function answeringBadSignatures<Event extends VerifiedNotification>(
  httpStatus: number,
  scheme: NotificationScheme<PlacetopayNotificationMerchant, Event>,
): NotificationScheme<PlacetopayNotificationMerchant, Event> {
  return {
    ...scheme,
    verify(...args) {
      try {
        return scheme.verify(...args);
      } catch (error) {
        if (!(error instanceof SignatureVerificationError) || error.httpStatus !== 401) throw error;
        throw new SignatureVerificationError(error.reason, 'placetopay', error.message, error.hint, httpStatus);
      }
    },
  };
}

function refuseRecurringCharge({ value }: JsonPayload): void {
  if (Object.hasOwn(value, 'requestId') || !Object.hasOwn(value, 'internalReference')) return;
  throw new SignatureVerificationError(
    'malformed-body',
    'placetopay',
    'It is the notification of a recurring charge (internalReference and no requestId), and Placetopay does not document how those are signed.',
    'Query the charge instead.',
  );
}
