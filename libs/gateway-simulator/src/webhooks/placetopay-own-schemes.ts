import { createHash, randomBytes } from 'node:crypto';
import { type JsonObject } from '../core/json';
import { formatDate } from '../placetopay/seed';
import { SIGNATURE_BREAKS, type WebhookBreak } from './breaks';
import { spell, valueAt } from './json-text';
import { hashSignature, type PlacetopayScheme, secretOf, SHA256_HEX, SITE_SECRET } from './placetopay-joined';
import {
  achReturnSample,
  autopayContractSample,
  micrositeSample,
  onboardingSample,
  scudoSample,
  tokenRequestorSample,
} from './placetopay-samples';
import { credentialOf, jsonScheme, signedText, STRANGERS_SECRET } from './scheme';
import { hashFor, hmac, onboardingText, scudoText, signatureText } from './signature';

/* The products of Placetopay that do not sign as the others do. */

const TIMED_BREAKS: readonly WebhookBreak[] = ['stale', 'future'];

/** gateway/webhooks: HMAC-SHA256 of the raw body, keyed with the site's secret. */
export function achReturn(): PlacetopayScheme {
  return jsonScheme({
    name: 'ach-return',
    does: 'a bank took an ACH payment back (chargeback.created)',
    protection: 'header X-Signature = hex HMAC-SHA256(secretKey, raw body)',
    variants: {},
    breaks: SIGNATURE_BREAKS,
    covered: ['data.internalReference', 'data.reference'],
    sample: ({ now }) => achReturnSample(now),
    sign: (commission) => {
      const { broken, data, spelling } = commission;
      const bytes = hmac(hashFor('sha256', broken), secretOf(commission, SITE_SECRET), spell(data, spelling));
      return { headers: { Accept: 'application/json', 'X-Signature': signatureText(bytes, 'hex', broken) } };
    },
  });
}

/** onboarding/notification. The event's id and attempt are repeated in headers, where receivers look for them. */
export function onboarding(): PlacetopayScheme {
  return jsonScheme({
    name: 'onboarding',
    does: 'an Onboarding process ended',
    protection: 'header X-Signature = "t=<seconds>,kid=<kid>,v1=" + hex HMAC-SHA256(signingSecret, t + "." + raw body)',
    variants: {},
    breaks: [...SIGNATURE_BREAKS, ...TIMED_BREAKS],
    covered: ['processId', 'action'],
    sample: ({ now }) => onboardingSample(now),
    sign: (commission) => {
      const { broken, data, now, spelling } = commission;
      const seconds = Math.floor(now / 1000);
      const key = credentialOf(commission, 'onboarding', ({ onboarding: keys }) => keys, {
        kid: 'k1',
        signingSecret: STRANGERS_SECRET,
      });
      const text = onboardingText(seconds, spell(data, spelling));
      const v1 = signatureText(hmac(hashFor('sha256', broken), key.signingSecret, text), 'hex', broken);
      return {
        headers: {
          'X-Signature': v1 && `t=${seconds},kid=${key.kid},v1=${v1}`,
          'X-Event-Id': textAt(data, 'event.id'),
          'X-Delivery-Attempt': textAt(data, 'event.attempt'),
        },
      };
    },
  });
}

/**
 * token-requestor/integration/notifications: Base64(SHA-256(secretKey + data + date)). How `data`, an object, becomes
 * text is not said; the two readings are the variants.
 */
export function tokenRequestor(): PlacetopayScheme {
  return jsonScheme({
    name: 'token-requestor',
    does: "a card token's status changed",
    protection: 'body.signature = base64 SHA-256(secretKey + data + date), the secret first',
    variants: {
      'data-json': 'data as its JSON text stands in the body',
      'data-values': 'the values of data, one after another',
    },
    breaks: [...SIGNATURE_BREAKS, 'duplicate-member'],
    covered: ['data.status', 'date'],
    sample: ({ now }) => tokenRequestorSample(now),
    sign: (commission) => {
      const { data, spelling, variant } = commission;
      const inner = data['data'];
      const text = variant === 'data-values' ? Object.values(inner ?? {}).join('') : spell(inner ?? null, spelling);
      const values = [secretOf(commission, SITE_SECRET), text, signedText(data, 'date')];
      return { members: { signature: hashSignature(values, { ...SHA256_HEX, encoding: 'base64' }, commission) } };
    },
  });
}

/** api-scudo/signature. The sample also names an Api-Key header, without a value or a word on whose key it is: left out. */
export function scudo(): PlacetopayScheme {
  return jsonScheme({
    name: 'scudo',
    does: 'a person resolved a validation of API Scudo',
    protection: 'headers seed = seconds and signature = hex HMAC-SHA256(scudoKey, URL + seed); the body is unsigned',
    variants: {},
    breaks: [...SIGNATURE_BREAKS.filter((name) => name !== 'missing-field'), ...TIMED_BREAKS],
    covered: [],
    sample: ({ now }) => scudoSample(now),
    sign: (commission) => {
      const { broken, now, url } = commission;
      const seconds = Math.floor(now / 1000);
      const secret = secretOf(commission, ['scudoKey', ({ scudoKey }) => scudoKey]);
      const bytes = hmac(hashFor('sha256', broken), secret, scudoText(url, String(seconds)));
      // Nothing of the body is signed, so the changed byte is one of the header that is.
      const seed = String(broken === 'changed-byte' ? seconds + 1 : seconds);
      return { headers: { seed, signature: signatureText(bytes, 'hex', broken) } };
    },
  });
}

/**
 * payments/microsite-customized: a call of Placetopay to the merchant, with the `auth` object merchants send it
 * otherwise. The services page shows a nonce that is Base64 of Base64 text, as the official PHP SDK makes it; it has to
 * be decoded once.
 */
export function micrositeAuth(): PlacetopayScheme {
  return jsonScheme({
    name: 'microsite-auth',
    does: 'Placetopay searches the invoices of a customised microsite',
    protection: 'body.auth.tranKey = base64 SHA-256(raw nonce + seed + secretKey); the rest of the body is unsigned',
    variants: {
      'plain-nonce': 'the nonce is Base64 of 16 random bytes',
      'double-base64-nonce': 'the raw nonce is itself Base64 text, as the documentation shows',
    },
    breaks: [...SIGNATURE_BREAKS, 'duplicate-member', ...TIMED_BREAKS],
    covered: ['auth.seed', 'auth.nonce'],
    sample: micrositeSample,
    sign: (commission) => {
      const { account, broken, now, variant } = commission;
      const { login, secretKey } = credentialOf(commission, 'secretKey', (each) => each, {
        ...account,
        secretKey: STRANGERS_SECRET,
      });
      const seed = formatDate(now);
      const rawNonce =
        variant === 'double-base64-nonce'
          ? Buffer.from(Buffer.from(randomBytes(16).toString('hex')).toString('base64'))
          : randomBytes(16);
      // Placetopay itself takes SHA-1 in `auth`, so the break is weaker than that.
      const digest = createHash(hashFor('sha256', broken, 'md5'))
        .update(rawNonce)
        .update(`${seed}${secretKey}`)
        .digest();
      const tranKey = signatureText(digest, 'base64', broken);
      return { members: { auth: { login, tranKey, nonce: rawNonce.toString('base64'), seed } } };
    },
  });
}

/** autopay/contract-authentication: HTTP Basic with a user and password the merchant chose. */
export function autopayContract(): PlacetopayScheme {
  return jsonScheme({
    name: 'autopay-contract',
    does: 'AutoPay asks what to charge, or reports an approved charge',
    protection: 'header Authorization = Basic with the user and password of autopayContract; the body is unsigned',
    variants: { balance: 'POST /autopay/balance', settlement: 'POST /autopay/settlement' },
    breaks: ['other-secret', 'other-merchant', 'missing-signature', 'truncated-signature', 'wrong-encoding'],
    covered: [],
    sample: ({ now, variant }) => autopayContractSample(now, variant),
    sign: (commission) => {
      const { account, broken } = commission;
      const { user, password } = credentialOf(commission, 'autopayContract', (each) => each.autopayContract, {
        user: account.autopayContract?.user ?? 'nobody',
        password: STRANGERS_SECRET,
      });
      const credentials = signatureText(Buffer.from(`${user}:${password}`), 'base64', broken);
      return { headers: { Authorization: credentials && `Basic ${credentials}` } };
    },
  });
}

function textAt(data: JsonObject, path: string): string | undefined {
  return valueAt(data, path) === undefined ? undefined : signedText(data, path);
}
