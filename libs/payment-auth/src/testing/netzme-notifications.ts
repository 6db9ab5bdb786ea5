import { sign } from 'node:crypto';
import { type InboundRequest } from '../core/inbound/inbound-request';
import { netzmeSnapBodyHash, netzmeSnapStringToSign } from '../netzme/notifications/snap-string-to-sign';
import { type BrokenNotification, withHeaders, withOtherCharacter } from './broken-notification';
import { createRsaTestKeys } from './rsa-test-keys';

/** A key pair to play Netzme with: the private half signs callbacks, the public one goes into `notifications.publicKeys`. */
export const createNetzmeTestKeys = createRsaTestKeys;

/** What a SNAP v2 callback is made of. */
export interface NetzmeTestSnapCallback {
  /** PEM. */
  readonly privateKey: string;
  /** Time of signing, epoch ms. */
  readonly now: number;
  /** Path and query as they arrive. @default '/netzme/callback' */
  readonly target?: string;
  /** The path that is signed, where it is another. @default `target` */
  readonly signedPath?: string;
  /** JSON as it is sent. @default that of a paid QRIS code */
  readonly body?: string;
  /** JSON as it is hashed. @default `body` without whitespace */
  readonly signedBody?: string;
}

/** Of a QRIS payment. @see apidocs-vsnap.netzme.id, "Payment Success Callback (QRIS)" (read 2026-11) */
export function netzmeTestMessage(members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    originalReferenceNo: '000123456789',
    latestTransactionStatus: '00',
    transactionStatusDesc: 'Success',
    amount: { value: '51000.00', currency: 'IDR' },
    additionalInfo: { custIdMerchant: 'M_TEST0001' },
    ...members,
  });
}

/** A SNAP v2 callback, correctly signed. */
export function netzmeSnapCallbackRequest(callback: NetzmeTestSnapCallback): InboundRequest {
  const { privateKey, now, target = '/netzme/callback', signedPath = target, body = netzmeTestMessage() } = callback;
  const timestamp = jakartaTime(now);
  const bodyHash = netzmeSnapBodyHash(
    Buffer.from(callback.signedBody ?? body, 'utf8'),
    callback.signedBody === undefined ? 'minified' : 'as-sent',
  );
  const stringToSign = netzmeSnapStringToSign({ method: 'POST', path: signedPath, bodyHash, timestamp });
  const signature = sign('sha256', Buffer.from(stringToSign, 'utf8'), privateKey).toString('base64');
  return {
    method: 'POST',
    target,
    headers: { 'content-type': 'application/json', 'x-timestamp': timestamp, 'x-signature': signature },
    rawBody: Buffer.from(body, 'utf8'),
  };
}

/** A SNAP v1 callback with its static token. */
export function netzmeTokenCallbackRequest(callback: {
  readonly token: string;
  readonly body?: string;
  readonly target?: string;
}): InboundRequest {
  return {
    method: 'POST',
    target: callback.target ?? '/netzme/callback',
    headers: { 'content-type': 'application/json', 'x-callback-token': callback.token },
    rawBody: Buffer.from(callback.body ?? netzmeTestMessage(), 'utf8'),
  };
}

/** A callback of the legacy merchant API: nothing protects it. @see https://apidocs.netzme.id, "Payment Success Callback" (read 2026-11) */
export function netzmeLegacyCallbackRequest(
  kind: 'invoice' | 'qris' = 'invoice',
  members: Readonly<Record<string, unknown>> = {},
): InboundRequest {
  const message = { ...(kind === 'invoice' ? LEGACY_INVOICE : LEGACY_QRIS), ...members };
  return {
    method: 'POST',
    target: '/netzme/legacy-callback',
    headers: { 'content-type': 'application/json' },
    rawBody: Buffer.from(JSON.stringify(message), 'utf8'),
  };
}

const LEGACY_INVOICE = {
  id: 'NETZ-INV-M_TEST0001-20260101-001',
  transaction_id: 'e337a47dc0ca4fe28e9ae1c2969dcbf5',
  status: 'paid',
  merchant: 'M_TEST0001',
  payment_time: '2026-01-01T16:12:13.646+07:00',
  fee: 0,
  amount: 51000,
  netAmount: 51000,
  paymentMethod: 'QRIS',
} as const;

const LEGACY_QRIS = {
  merchantUserId: 'M_TEST0001',
  buyerUserId: '9360081413398781',
  netAmount: 'IDR 2085.00',
  merchantFee: 'IDR 15.00',
  transactionId: '9933033931',
  ts: '2026-01-01 13:21:54.629000+0700',
  amount: 'IDR 2100.00',
  status: '100',
  statusMessage: 'success',
  type: 'pay_qris',
  referenceId: '306410381877',
} as const;

/**
 * SNAP v2 callbacks that must be refused, each with one thing wrong.
 *
 * @param callback a right one; a merchant with the public half of its key, the given tolerance and `merchantIds` of the body's
 * `custIdMerchant` is taken to be configured
 * @param toleranceSeconds the merchant's. @default 300
 */
export function brokenNetzmeSnapCallbacks(
  callback: NetzmeTestSnapCallback,
  toleranceSeconds = 300,
): readonly BrokenNotification[] {
  const right = netzmeSnapCallbackRequest(callback);
  const body = right.rawBody.toString('utf8');
  const signature = String(right.headers['x-signature']);
  const bytes = Buffer.from(signature, 'base64');
  const timestamp = String(right.headers['x-timestamp']);
  const beyond = (toleranceSeconds + 1) * 1_000;
  const signedAt = (now: number): InboundRequest => netzmeSnapCallbackRequest({ ...callback, now });
  const withBody = (text: string): InboundRequest => ({ ...right, rawBody: Buffer.from(text, 'utf8') });
  const withSignature = (value: string | readonly string[] | undefined): InboundRequest =>
    withHeaders(right, { 'x-signature': value });
  const withTimestamp = (value: string | readonly string[] | undefined): InboundRequest =>
    withHeaders(right, { 'x-timestamp': value });
  const signedBody = (text: string): InboundRequest =>
    netzmeSnapCallbackRequest({ ...callback, body: text, signedBody: text });
  return [
    {
      name: 'signed with another key',
      reason: 'mismatch',
      request: netzmeSnapCallbackRequest({ ...callback, privateKey: createRsaTestKeys().privateKey }),
    },
    {
      name: 'one byte of the body changed',
      reason: 'mismatch',
      request: withBody(withOtherCharacter(body, body.length - 4)),
    },
    {
      name: 'a member removed',
      reason: 'mismatch',
      request: withBody(body.replace('"transactionStatusDesc":"Success",', '')),
    },
    { name: 'no body', reason: 'mismatch', request: withBody('') },
    { name: 'another path', reason: 'mismatch', request: { ...right, target: `${right.target}/other` } },
    { name: 'another method', reason: 'mismatch', request: { ...right, method: 'PUT' } },
    { name: 'another time', reason: 'mismatch', request: withTimestamp(jakartaTime(callback.now + 1_000)) },
    {
      name: 'the same time in another zone',
      reason: 'mismatch',
      request: withTimestamp(`${new Date(callback.now).toISOString().slice(0, 19)}Z`),
    },
    {
      name: 'one character of the signature changed',
      reason: 'mismatch',
      request: withSignature(withOtherCharacter(signature, 9)),
    },
    { name: 'stale', reason: 'stale', request: signedAt(callback.now - beyond) },
    { name: 'from the future', reason: 'future', request: signedAt(callback.now + beyond) },
    { name: 'no time', reason: 'missing-signature', request: withTimestamp(undefined) },
    { name: 'time twice', reason: 'malformed-signature', request: withTimestamp([timestamp, timestamp]) },
    { name: 'time without a zone', reason: 'malformed-signature', request: withTimestamp(timestamp.slice(0, 19)) },
    { name: 'time in milliseconds', reason: 'malformed-signature', request: withTimestamp(String(callback.now)) },
    { name: 'no signature', reason: 'missing-signature', request: withSignature(undefined) },
    { name: 'empty signature', reason: 'missing-signature', request: withSignature('') },
    { name: 'signature twice', reason: 'malformed-signature', request: withSignature([signature, signature]) },
    {
      name: 'truncated signature',
      reason: 'malformed-signature',
      request: withSignature(bytes.subarray(0, -1).toString('base64')),
    },
    {
      name: 'lengthened signature',
      reason: 'malformed-signature',
      request: withSignature(Buffer.concat([Buffer.alloc(1), bytes]).toString('base64')),
    },
    { name: 'signature in hexadecimal', reason: 'malformed-signature', request: withSignature(bytes.toString('hex')) },
    {
      name: 'signature without padding',
      reason: 'malformed-signature',
      request: withSignature(signature.replace(/=+$/, '')),
    },
    {
      name: 'for another merchant',
      reason: 'unknown-merchant',
      request: signedBody(netzmeTestMessage({ additionalInfo: { custIdMerchant: 'M_OTHER0002' } })),
    },
    { name: 'for nobody', reason: 'unknown-merchant', request: signedBody(netzmeTestMessage({ additionalInfo: {} })) },
    {
      name: 'with two statuses',
      reason: 'malformed-body',
      request: signedBody(`{"latestTransactionStatus":"07",${netzmeTestMessage().slice(1)}`),
    },
    {
      name: 'with an amount that is none',
      reason: 'malformed-body',
      request: signedBody(netzmeTestMessage({ amount: { value: '51.000,00', currency: 'IDR' } })),
    },
    { name: 'no JSON', reason: 'malformed-body', request: signedBody('latestTransactionStatus=00') },
    { name: 'no object', reason: 'malformed-body', request: signedBody(`[${netzmeTestMessage()}]`) },
  ];
}

/** SNAP v1 callbacks that must be refused, each with one thing wrong. @param token the configured one */
export function brokenNetzmeTokenCallbacks(token: string): readonly BrokenNotification[] {
  const right = netzmeTokenCallbackRequest({ token });
  const withToken = (value: string | readonly string[] | undefined): InboundRequest =>
    withHeaders(right, { 'x-callback-token': value });
  return [
    { name: 'no token', reason: 'missing-signature', request: withToken(undefined) },
    { name: 'empty token', reason: 'missing-signature', request: withToken('') },
    { name: 'token twice', reason: 'malformed-signature', request: withToken([token, token]) },
    { name: 'another token', reason: 'mismatch', request: withToken(withOtherCharacter(token, 0)) },
    { name: 'the token but its last character', reason: 'mismatch', request: withToken(token.slice(0, -1)) },
    { name: 'the token and more', reason: 'mismatch', request: withToken(`${token}x`) },
    { name: 'no JSON', reason: 'malformed-body', request: { ...right, rawBody: Buffer.from('{') } },
  ];
}

/** ISO 8601 with Jakarta's offset and whole seconds, as Netzme writes times. */
function jakartaTime(epochMs: number): string {
  return `${new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
