import { createHash, createHmac, verify } from 'node:crypto';
import { type AlignetAccount, type BuiltWebhook, type NetzmeAccount, type PlacetopayAccount } from '../src/index';

/*
 * What a merchant would do with each webhook, in a few lines each: written from the documentation's formulas, with
 * nothing of the simulator's signing code.
 */

export interface Merchant {
  readonly alignet: AlignetAccount;
  readonly placetopay: PlacetopayAccount;
  readonly netzme: NetzmeAccount;
  readonly publicKeys: { readonly alignet: string; readonly netzme: string };
  readonly now: number;
}

interface Body {
  readonly [name: string]: unknown;
  readonly status?: { readonly status?: string; readonly date?: string };
  readonly session?: { readonly id?: number; readonly status?: string };
  readonly auth?: { readonly [name: string]: string | undefined };
  readonly transaction?: { readonly state?: string };
  readonly additionalInfo?: { readonly custIdMerchant?: string };
}

type Verifier = (webhook: BuiltWebhook, merchant: Merchant, variant: string | undefined) => boolean;

const STATUS = /^[A-Z_]+$/;
const DATE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;
const WHOLE = /^\d+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FIVE_MINUTES_MS = 300_000;

const parsed = ({ body }: BuiltWebhook) => JSON.parse(body) as Body;
const once = ({ body }: BuiltWebhook, name: string) => body.split(new RegExp(`"${name}"\\s*:`)).length === 2;
const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const hmac = (secret: string | undefined, text: string) =>
  createHmac('sha256', secret ?? '')
    .update(text)
    .digest('hex');
const isFresh = (at: number, { now }: Merchant) => Math.abs(at - now) <= FIVE_MINUTES_MS;
const isRsa = (algorithm: string, text: string, key: string, signature: string | null | undefined) =>
  verify(algorithm, Buffer.from(text), key, Buffer.from(signature ?? '', 'base64'));

/** Every value has its form, so that none can lend another a character. */
const fits = (...values: readonly (readonly [value: unknown, form: RegExp])[]) =>
  values.every(([value, form]) => form.test(String(value)));

export const VERIFIERS: Readonly<Record<string, Verifier>> = {
  'placetopay checkout': (webhook, { placetopay }, variant) => {
    const { requestId, status, signature } = parsed(webhook);
    const text = `${String(requestId)}${status?.status}${status?.date}${placetopay.secretKey}`;
    const right = variant === 'sha1' ? hash('sha1', text) : `sha256:${hash('sha256', text)}`;
    const isWhole = fits([requestId, WHOLE], [status?.status, STATUS], [status?.date, DATE]);
    return isWhole && once(webhook, 'requestId') && signature === right;
  },
  'placetopay payment-link': (webhook, { placetopay }) => {
    const { linkId, status, signature } = parsed(webhook);
    const text = `${String(linkId)}${status?.status}${status?.date}${placetopay.secretKey}`;
    const isWhole = fits([linkId, WHOLE], [status?.status, STATUS], [status?.date, DATE]);
    return isWhole && once(webhook, 'linkId') && signature === hash('sha256', text);
  },
  'placetopay gateway': (webhook, { placetopay }, variant = 'sha256') => {
    const { internalReference, status, signature } = parsed(webhook);
    const text = `${String(internalReference)}${status?.status}${placetopay.secretKey}`;
    const isWhole = fits([internalReference, WHOLE], [status?.status, STATUS]);
    return isWhole && once(webhook, 'internalReference') && signature === hash(variant, text);
  },
  'placetopay gateway-session': (webhook, { placetopay }, variant = 'sha256') => {
    const { session } = parsed(webhook);
    const text = `${session?.id}${session?.status}${placetopay.secretKey}`;
    const isWhole = fits([session?.id, WHOLE], [session?.status, STATUS]);
    return isWhole && once(webhook, 'session') && webhook.headers['X-Signature'] === hash(variant, text);
  },
  'placetopay ach-return': ({ body, headers }, { placetopay }) =>
    headers['X-Signature'] === hmac(placetopay.secretKey, body),
  'placetopay autopay': (webhook, { placetopay }) => {
    const { id, type, date, signature } = parsed(webhook);
    const text = `${String(id)}${String(type)}${String(date)}${placetopay.secretKey}`;
    const isWhole = fits([id, UUID], [type, STATUS], [date, DATE]);
    return isWhole && once(webhook, 'id') && signature === `sha256:${hash('sha256', text)}`;
  },
  'placetopay account-validator': (webhook, { placetopay }) => {
    const { requestId, status, signature } = parsed(webhook);
    const isWhole = fits([requestId, UUID], [status?.status, STATUS]);
    const right = hash('sha1', `${String(requestId)}${status?.status}${placetopay.secretKey}`);
    return isWhole && once(webhook, 'requestId') && signature === right;
  },
  'placetopay onboarding': ({ body, headers }, merchant) => {
    const { onboarding } = merchant.placetopay;
    const [, t, kid, v1] = /^t=(\d+),kid=(\w+),v1=(.+)$/.exec(headers['X-Signature'] ?? '') ?? [];
    const right = hmac(onboarding?.signingSecret, `${t}.${body}`);
    return isFresh(Number(t) * 1000, merchant) && kid === onboarding?.kid && v1 === right;
  },
  'placetopay token-requestor': (webhook, { placetopay }, variant) => {
    const { data, date, signature } = parsed(webhook);
    // `data` has no object inside, so its text ends at the first brace.
    const json = /"data"\s*:\s*(\{[^}]*\})/.exec(webhook.body)?.[1] ?? '';
    const text = variant === 'data-values' ? Object.values(data ?? {}).join('') : json;
    const right = createHash('sha256')
      .update(`${placetopay.secretKey}${text}${String(date)}`)
      .digest('base64');
    return once(webhook, 'data') && signature === right;
  },
  'placetopay scudo': ({ headers, url }, merchant) => {
    const { seed, signature } = headers;
    const right = hmac(merchant.placetopay.scudoKey, `${url}${seed}`);
    return isFresh(Number(seed) * 1000, merchant) && signature === right;
  },
  'placetopay msv': (webhook, { placetopay }) => {
    const { token, status, signature } = parsed(webhook);
    const text = `${String(token)}${status?.status}${status?.date}${placetopay.msvSecretToken}`;
    const isWhole = fits([token, /^[0-9a-f]{8}$/], [status?.status, STATUS], [status?.date, DATE]);
    return isWhole && once(webhook, 'token') && signature === hash('sha256', text);
  },
  'placetopay microsite-auth': (webhook, merchant) => {
    const { login, tranKey, nonce = '', seed = '' } = parsed(webhook).auth ?? {};
    const right = createHash('sha256')
      .update(Buffer.from(nonce, 'base64'))
      .update(seed + merchant.placetopay.secretKey)
      .digest('base64');
    const isOwn = login === merchant.placetopay.login && isFresh(Date.parse(seed), merchant);
    return isOwn && once(webhook, 'auth') && tranKey === right;
  },
  'placetopay autopay-contract': ({ headers }, { placetopay }) => {
    const { user, password } = placetopay.autopayContract ?? {};
    return headers['Authorization'] === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  },
  'alignet notification': (webhook, { alignet, publicKeys }) => {
    const isSigned = isRsa('sha512', webhook.body, publicKeys.alignet, webhook.headers['signature']);
    return isSigned && parsed(webhook)['merchant_code'] === alignet.merchantCode;
  },
  'alignet redirect': ({ body }, { alignet, publicKeys }, variant) => {
    const form = new URLSearchParams(body);
    const [result = '', twin] = form.getAll('authorization_result');
    const json = Buffer.from(result, 'base64').toString('utf8');
    const signed = variant === 'decoded-json' ? json : result;
    const isSigned = twin === undefined && isRsa('sha512', signed, publicKeys.alignet, form.get('signature'));
    return isSigned && (JSON.parse(json) as Body)['merchant_code'] === alignet.merchantCode;
  },
  'netzme snap-v1': ({ headers }, { netzme }) => headers['x-callback-token'] === netzme.callbackToken,
  'netzme snap-v2': (webhook, merchant) => {
    const { 'X-TIMESTAMP': time = '', 'X-SIGNATURE': signature } = webhook.headers;
    // Escapes stay as they are: minifying is not writing anew.
    const minified = webhook.body.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
    const text = `POST:${new URL(webhook.url).pathname}:${hash('sha256', minified)}:${time}`;
    const isSigned =
      isFresh(Date.parse(time), merchant) && isRsa('sha256', text, merchant.publicKeys.netzme, signature);
    return isSigned && parsed(webhook).additionalInfo?.custIdMerchant === merchant.netzme.userId;
  },
  // Nothing is signed: all a merchant can do is to find it complete, and ask.
  'netzme merchant-callback': (webhook) => parsed(webhook).status !== undefined,
};
