import { SignatureVerificationError } from '../../core/errors';
import { type JsonPayload } from '../../core/inbound/json-payload';
import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { decodeBase64, decodeBase64Signature, equalsInConstantTime } from '../../core/inbound/signature-encoding';
import { type PlacetopayDigestAlgorithm, placetopayTranKey } from '../placetopay-auth';
import { parseInstant } from './instant';
import { notificationOption } from './notification-option';
import { merchantSecrets, requireAlgorithm, requireFreshFor, requireSigner } from './merchant-secrets';
import { parsePayload, payloadWithout, signatureInBody } from './payload';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { type PlacetopayMicrositePayload, type PlacetopayMicrositeRequest } from './placetopay-notification-types';
import { FRESH_REPLAY_WINDOW_MS } from './placetopay-notification.constants';
import { DIGEST_BYTES } from './signature-forms';

/** Longest values of an `auth` (specification of Checkout). */
const LOGIN = /^.{1,255}$/su;
const NONCE = /^.{1,255}$/su;
const SEED = /^.{1,35}$/su;

/** An `auth` as it came, decoded. */
interface InboundAuth {
  readonly login: string;
  readonly nonce: string;
  readonly rawNonce: Buffer;
  /** As received: the digest covers the text. */
  readonly seed: string;
  readonly signedAt: number;
  readonly algorithm: PlacetopayDigestAlgorithm;
  readonly digest: Buffer;
}

/**
 * Customised microsites: here Placetopay calls the merchant, with the same `auth` in the body that merchants send to it. It
 * proves who asks, and nothing of what is asked. One `auth` is good for one request: onReplay is `refuse`. With the credentials
 * of the site itself it does not prove that Placetopay asks: whoever got hold of an `auth` that we sent within its five minutes
 * can send it here. That is warned of at start.
 *
 * The other way these microsites have, a JWT that the merchant issues to Placetopay, is the merchant's own and not verified here.
 *
 * @see https://docs.placetopay.dev, Customised microsite, Authentication (read 2026-11)
 */
export const micrositeAuthScheme: NotificationScheme<PlacetopayNotificationMerchant, PlacetopayMicrositeRequest> = {
  name: 'microsite-auth',
  onReplay: 'refuse',
  replayWindowMs: FRESH_REPLAY_WINDOW_MS,
  acknowledgement: undefined,
  missingFor: () => undefined,
  warningFor: (merchant) =>
    hasOutboundCredentials(merchant)
      ? `${notificationOption(merchant, 'micrositeAuth')} is what the site itself uses: an auth that we send to Placetopay is accepted by our own microsite-auth routes, so whoever reads one there can send it here. Ask Placetopay for credentials of the microsite's own.`
      : undefined,
  verify(request, merchants, now) {
    const payload = parsePayload(request.rawBody);
    const { login, nonce, rawNonce, seed, signedAt, algorithm, digest } = readAuth(payload);
    const signer = requireSigner(
      merchantSecrets(merchants, ({ notifications }) => notifications.micrositeAuth.secretKey),
      (secretKey, { notifications: { micrositeAuth } }) => {
        // Hashed whatever the login is, so that neither time nor error tells which logins there are.
        const expected = Buffer.from(placetopayTranKey({ rawNonce, seed, secretKey, algorithm }), 'base64');
        return equalsInConstantTime(expected, digest) && login === micrositeAuth.login;
      },
    );
    requireAlgorithm(algorithm, signer.merchant, now);
    requireFreshFor(signer.merchant, signedAt, now);
    const source = { gateway: 'placetopay', scheme: 'microsite-auth', merchant: signer.merchant.name } as const;
    return {
      ...source,
      payload: payloadWithout<PlacetopayMicrositePayload>(payload.value, 'auth'),
      signed: { login, nonce, seed },
      unsigned: ['the whole body but auth', 'the URL: an auth is as good for another route'],
      algorithm,
      secretIndex: signer.secretIndex,
      signedAt,
      replayKey: replayKeyOf(source, digest),
    };
  },
};

function hasOutboundCredentials({ login, secretKey, notifications }: PlacetopayNotificationMerchant): boolean {
  const { micrositeAuth } = notifications;
  const own = secretKey.accepted();
  return micrositeAuth.login === login && micrositeAuth.secretKey.accepted().some((secret) => own.includes(secret));
}

function readAuth(payload: JsonPayload): InboundAuth {
  const { sha256, sha1 } = DIGEST_BYTES;
  const digest = decodeBase64Signature('placetopay', signatureInBody(payload, 'auth.tranKey'), [sha256, sha1]);
  const nonce = payload.signedText('auth.nonce', NONCE);
  // Once: PHP's SDK encodes twice, and hashes what is between.
  const rawNonce = decodeBase64(nonce);
  if (rawNonce === undefined) throw malformedSignature('auth.nonce is not in standard Base64.');
  refuseNotificationText(rawNonce);
  const seed = payload.signedText('auth.seed', SEED);
  const signedAt = parseInstant(seed);
  if (signedAt === undefined) throw malformedSignature('auth.seed is not an ISO 8601 time with its zone.');
  return {
    login: payload.signedText('auth.login', LOGIN),
    nonce,
    rawNonce,
    seed,
    signedAt,
    // How Placetopay tells them apart is not documented; the length does.
    algorithm: digest.length === sha256 ? 'sha256' : 'sha1',
    digest,
  };
}

/**
 * A notification of Checkout is signed with `hash(requestId + status + date + secretKey)`, an `auth` with
 * `hash(nonce + seed + secretKey)`: with `1234APPROVED` for a nonce and the date for a seed the one is the other. Lightbox hands
 * the notification to the buyer's browser, who would have a valid `auth` for five minutes. So a nonce that reads like the
 * beginning of a notification is refused. No generator makes one: the letters of statuses go beyond hexadecimal, and Base64 of
 * 16 bytes or more would have to lack every small letter.
 */
function refuseNotificationText(rawNonce: Buffer): void {
  const text = rawNonce.toString('latin1');
  const isNumberAndStatus = /^\d+[A-Z_]+$/.test(text) && /[G-Z_]/.test(text);
  if (isNumberAndStatus || /^[\dA-Fa-f-]+AUTOPAY_[A-Z_]+$/.test(text)) {
    throw malformedSignature('auth.nonce is the text of a notification, whose signature would pass for a digest.');
  }
}

function malformedSignature(message: string): SignatureVerificationError {
  return new SignatureVerificationError('malformed-signature', 'placetopay', message);
}
