import { SignatureVerificationError } from '../../core/errors';
import { signatureHeader } from '../../core/inbound/inbound-request';
import { type JsonObject } from '../../core/inbound/json-payload';
import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { decodeHexSignature, equalsInConstantTime } from '../../core/inbound/signature-encoding';
import { UNIX_SECONDS } from './grammars';
import { merchantSecrets, requireFreshFor, requireSigner } from './merchant-secrets';
import { problemUnless } from './notification-option';
import { parsePayload, payloadWithout } from './payload';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { achReturnHmac, onboardingHmac, scudoHmac } from './placetopay-notification-signature';
import {
  type PlacetopayAchReturnNotification,
  type PlacetopayAchReturnPayload,
  type PlacetopayOnboardingNotification,
  type PlacetopayOnboardingPayload,
  type PlacetopayScudoNotification,
  type PlacetopayScudoPayload,
} from './placetopay-notification-types';
import {
  FRESH_REPLAY_WINDOW_MS,
  GATEWAY_SIGNATURE_HEADER,
  KID,
  ONBOARDING_SIGNATURE_HEADER,
  REPLAY_WINDOW_MS,
  SCUDO_SEED_HEADER,
  SCUDO_SIGNATURE_HEADER,
} from './placetopay-notification.constants';
import { DIGEST_BYTES } from './signature-forms';

const decodeHmac = (text: string): Buffer => decodeHexSignature('placetopay', text, DIGEST_BYTES.sha256);

/**
 * Gateway, a returned ACH payment (`chargeback.created`): HMAC-SHA256 of the raw body with the site's secret key, in
 * `X-Signature`. The page signs `JSON.stringify(body)`; those are the bytes sent only where nothing was escaped, so the raw ones
 * are signed here.
 *
 * @see https://docs.placetopay.dev, Gateway, Webhooks (read 2026-11)
 */
export const achReturnScheme: NotificationScheme<PlacetopayNotificationMerchant, PlacetopayAchReturnNotification> = {
  name: 'ach-return',
  onReplay: 'acknowledge',
  replayWindowMs: REPLAY_WINDOW_MS,
  acknowledgement: undefined,
  missingFor: () => undefined,
  verify(request, merchants) {
    const { rawBody } = request;
    const bytes = decodeHmac(signatureHeader('placetopay', request, GATEWAY_SIGNATURE_HEADER));
    const signer = requireSigner(
      merchantSecrets(merchants, ({ secretKey }) => secretKey),
      (secret) => equalsInConstantTime(achReturnHmac({ rawBody }, secret), bytes),
    );
    const source = { gateway: 'placetopay', scheme: 'ach-return', merchant: signer.merchant.name } as const;
    return {
      ...source,
      payload: payloadWithout<PlacetopayAchReturnPayload>(parsePayload(rawBody).value),
      signed: { rawBody },
      unsigned: ['when it was sent: the time in the body is signed, but an old notification stays valid'],
      algorithm: 'hmac-sha256',
      secretIndex: signer.secretIndex,
      replayKey: replayKeyOf(source, bytes),
    };
  },
};

/**
 * Onboarding: `t=<Unix seconds>,kid=<name of the secret>,v1=<HMAC-SHA256 of t + "." + raw body>` in `X-Signature`.
 *
 * @see https://docs.placetopay.dev, Onboarding, Notificación (read 2026-11)
 */
export const onboardingScheme: NotificationScheme<PlacetopayNotificationMerchant, PlacetopayOnboardingNotification> = {
  name: 'onboarding',
  onReplay: 'acknowledge',
  replayWindowMs: REPLAY_WINDOW_MS,
  acknowledgement: undefined,
  missingFor: (merchant) =>
    problemUnless(
      Object.keys(merchant.notifications.onboardingSigningSecrets).length > 0,
      merchant,
      'onboardingSigningSecrets',
      "is needed for onboarding: the signing secret that came with your token, by its kid, e.g. { k1: '...' }",
    ),
  verify(request, merchants, now) {
    const { rawBody } = request;
    const header = signatureHeader('placetopay', request, ONBOARDING_SIGNATURE_HEADER);
    const { timestamp, kid, bytes } = parseOnboardingSignature(header);
    const signer = requireSigner(
      merchantSecrets(merchants, ({ notifications: { onboardingSigningSecrets: secrets } }) =>
        Object.hasOwn(secrets, kid) ? secrets[kid] : undefined,
      ),
      (secret) => equalsInConstantTime(onboardingHmac({ timestamp, rawBody }, secret), bytes),
      "See that onboardingSigningSecrets has the signature's kid, and that the body arrives as it was sent.",
    );
    const signedAt = Number(timestamp) * 1_000;
    requireFreshFor(signer.merchant, signedAt, now);
    const { value } = parsePayload(rawBody);
    const source = { gateway: 'placetopay', scheme: 'onboarding', merchant: signer.merchant.name } as const;
    return {
      ...source,
      payload: payloadWithout<PlacetopayOnboardingPayload>(value),
      signed: { timestamp, kid, rawBody },
      unsigned: ['X-Event-Id', 'X-Delivery-Attempt'],
      algorithm: 'hmac-sha256',
      secretIndex: signer.secretIndex,
      signedAt,
      replayKey: replayKeyOf(source, ...onboardingEventOf(value, bytes)),
    };
  },
};

/**
 * API Scudo: HMAC-SHA256 of the notification URL and the header `seed`, in the header `signature`. The body is not covered:
 * whoever sees one request can send another body for as long as the time is fresh. Query the validation.
 *
 * @see https://docs.placetopay.dev, API Scudo, Signature (read 2026-11)
 */
export const scudoScheme: NotificationScheme<PlacetopayNotificationMerchant, PlacetopayScudoNotification> = {
  name: 'scudo',
  onReplay: 'acknowledge',
  replayWindowMs: FRESH_REPLAY_WINDOW_MS,
  acknowledgement: undefined,
  missingFor: (merchant) =>
    problemUnless(
      merchant.notifications.scudoSecretKey !== undefined,
      merchant,
      'scudoSecretKey',
      'is needed for scudo: the secret key of API Scudo',
    ) ??
    problemUnless(
      merchant.notifications.scudoNotificationUrl !== undefined,
      merchant,
      'scudoNotificationUrl',
      'is needed for scudo: the URL that was given to Placetopay, which is what is signed',
    ),
  verify(request, merchants, now) {
    const { rawBody } = request;
    const bytes = decodeHmac(signatureHeader('placetopay', request, SCUDO_SIGNATURE_HEADER));
    const seed = signatureHeader('placetopay', request, SCUDO_SEED_HEADER);
    if (!UNIX_SECONDS.test(seed)) {
      throw malformedSignature(`The header ${SCUDO_SEED_HEADER} is not a time in Unix seconds.`);
    }
    const signer = requireSigner(
      merchantSecrets(merchants, ({ notifications }) => notifications.scudoSecretKey),
      (secret, { notifications: { scudoNotificationUrl: url } }) =>
        url !== undefined && equalsInConstantTime(scudoHmac({ url, seed }, secret), bytes),
      'Compare the secret key of API Scudo, and scudoNotificationUrl with the URL that Placetopay has, character by character.',
    );
    const { scudoNotificationUrl: url = '' } = signer.merchant.notifications;
    const signedAt = Number(seed) * 1_000;
    requireFreshFor(signer.merchant, signedAt, now);
    const source = { gateway: 'placetopay', scheme: 'scudo', merchant: signer.merchant.name } as const;
    return {
      ...source,
      payload: payloadWithout<PlacetopayScudoPayload>(parsePayload(rawBody).value),
      signed: { url, seed },
      unsigned: ['the whole body'],
      algorithm: 'hmac-sha256',
      secretIndex: signer.secretIndex,
      signedAt,
      // All notifications of one second have one signature: without the body, the second would pass for a copy of the first.
      replayKey: replayKeyOf(source, bytes, rawBody),
    };
  },
};

/**
 * Parts by other names are passed over: a later version of the signature may stand beside this one.
 *
 * @throws {SignatureVerificationError} `malformed-signature` when one of ours is missing, there twice, or not as documented
 */
function parseOnboardingSignature(header: string): { timestamp: string; kid: string; bytes: Buffer } {
  const parts = new Map<string, string>();
  for (const part of header.split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals));
    if (parts.has(name)) throw malformedSignature(`The header ${ONBOARDING_SIGNATURE_HEADER} has a part twice.`);
    parts.set(name, part.slice(equals + 1));
  }
  const timestamp = parts.get('t') ?? '';
  const kid = parts.get('kid') ?? '';
  if (!UNIX_SECONDS.test(timestamp) || !KID.test(kid)) {
    throw malformedSignature(`The header ${ONBOARDING_SIGNATURE_HEADER} is not t=<Unix seconds>,kid=<name>,v1=<hex>.`);
  }
  return { timestamp, kid, bytes: decodeHmac(parts.get('v1') ?? '') };
}

/**
 * What is the same in every attempt to deliver one event, of which each has a time and so a signature of its own: the id that
 * stands in the body and is signed there. The header `X-Event-Id` says the same and is not signed.
 */
function onboardingEventOf({ event }: JsonObject, signature: Buffer): readonly (string | Uint8Array)[] {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
  return typeof id === 'string' && id !== '' ? ['event', id] : ['signature', signature];
}

function malformedSignature(message: string): SignatureVerificationError {
  return new SignatureVerificationError('malformed-signature', 'placetopay', message);
}
