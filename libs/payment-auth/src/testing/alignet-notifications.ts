import { constants, sign } from 'node:crypto';
import { type InboundRequest } from '../core/inbound/inbound-request';
import { type BrokenNotification, withHeaders, withOtherCharacter } from './broken-notification';
import { createRsaTestKeys } from './rsa-test-keys';

/** A key pair to play Alignet with: the private half signs events, the public one goes into `notifications.publicKeys`. */
export const createAlignetTestKeys = createRsaTestKeys;

/** What an event of Alignet's is made of. */
export interface AlignetTestEvent {
  /** PEM. */
  readonly privateKey: string;
  /** The merchant it is for. */
  readonly merchantCode: string;
  /** Members laid over those of `transaction`: `{ state: 'DENEGADO' }`. */
  readonly transaction?: Readonly<Record<string, unknown>>;
  /** Members laid over the rest of the message: `{ merchant_operation_number: '2391646' }`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Path and query. @default '/webhooks/alignet' */
  readonly target?: string;
}

/**
 * A message as Alignet's documentation prints it, with its line breaks: what is verified is bytes.
 *
 * @see https://docs.pay-me.com, "API de Notificaciones S2S" (read 2026-11)
 */
export function alignetTestMessage({
  merchantCode,
  transaction,
  members,
}: Omit<AlignetTestEvent, 'privateKey'>): string {
  const message = {
    success: 'true',
    action: 'authorize',
    merchant_code: merchantCode,
    merchant_operation_number: '2391645',
    transaction: {
      transaction_id: '5hk8rwa3h3cq9oyfs3a28v1ms',
      state: 'AUTORIZADO',
      amount: '15000',
      currency: '604',
      processor_response: { date: '17-01-2024 12:27:46', authorization_code: '055552' },
      ...transaction,
    },
    meta: { status: { code: '00', message_ilgn: [{ locale: 'es_PE', value: 'Procesado correctamente' }] } },
    ...members,
  };
  return JSON.stringify(message, null, 2);
}

/** A server-to-server notification, correctly signed. */
export function alignetNotificationRequest(event: AlignetTestEvent): InboundRequest {
  return notificationOf(event, alignetTestMessage(event));
}

/** The same of any body: text or bytes. */
function notificationOf(event: AlignetTestEvent, body: string): InboundRequest {
  const rawBody = Buffer.from(body, 'utf8');
  return {
    method: 'POST',
    target: event.target ?? '/webhooks/alignet',
    headers: { 'content-type': 'application/json', signature: signed(rawBody, event.privateKey) },
    rawBody,
  };
}

/** How a redirect's form is made: both are open in the documentation. */
export interface AlignetTestRedirect extends AlignetTestEvent {
  /** What is signed: the Base64 text, or what it decodes to. @default 'text' */
  readonly signedData?: 'text' | 'decoded';
  /** Whether `+` is written as `%2B`, as a form should. @default true */
  readonly escapesPlus?: boolean;
}

/** The form that a buyer's browser posts to `redirect_url`, correctly signed. */
export function alignetRedirectRequest(event: AlignetTestRedirect): InboundRequest {
  return redirectOf(event, alignetTestMessage(event));
}

function redirectOf(event: AlignetTestRedirect, message: string): InboundRequest {
  const text = Buffer.from(message, 'utf8').toString('base64');
  const data = Buffer.from(event.signedData === 'decoded' ? message : text, 'utf8');
  return formRequest(event, [
    ['authorization_result', text],
    ['signature', signed(data, event.privateKey)],
  ]);
}

/**
 * Notifications that must be refused, each with one thing wrong.
 *
 * @param event a right one; merchants with its `merchantCode` and the public half of its key are taken to be configured
 */
export function brokenAlignetNotifications(event: AlignetTestEvent): readonly BrokenNotification[] {
  const right = alignetNotificationRequest(event);
  const message = alignetTestMessage(event);
  const signature = signed(right.rawBody, event.privateKey);
  const withSignature = (value: string | readonly string[] | undefined): InboundRequest =>
    withHeaders(right, { signature: value });
  const withBody = (body: string): InboundRequest => ({ ...right, rawBody: Buffer.from(body, 'utf8') });
  return [
    {
      name: 'signed with another key',
      reason: 'mismatch',
      request: alignetNotificationRequest({ ...event, ...stranger() }),
    },
    {
      name: 'one byte of the body changed',
      reason: 'mismatch',
      request: withBody(message.replace('"15000"', '"15001"')),
    },
    {
      name: 'body parsed and written again',
      reason: 'mismatch',
      request: withBody(JSON.stringify(JSON.parse(message))),
    },
    { name: 'a line break behind the body', reason: 'mismatch', request: withBody(`${message}\n`) },
    { name: 'no body', reason: 'mismatch', request: withBody('') },
    {
      name: 'one character of the signature changed',
      reason: 'mismatch',
      request: withSignature(withOtherCharacter(signature, 9)),
    },
    {
      name: 'signed with SHA-256',
      reason: 'mismatch',
      request: withSignature(signed(right.rawBody, event.privateKey, 'sha256')),
    },
    {
      name: 'signed with PSS padding',
      reason: 'mismatch',
      request: withSignature(pssSigned(right.rawBody, event.privateKey)),
    },
    ...brokenSignatures(signature).map(({ name, reason, value }) => ({ name, reason, request: withSignature(value) })),
    { name: 'signature twice', reason: 'malformed-signature', request: withSignature([signature, signature]) },
    ...brokenMessages(event).map(({ name, reason, text }) => ({ name, reason, request: notificationOf(event, text) })),
  ];
}

/** Redirects that must be refused, each with one thing wrong. @param event see {@link brokenAlignetNotifications} */
export function brokenAlignetRedirects(event: AlignetTestRedirect): readonly BrokenNotification[] {
  const right = alignetRedirectRequest(event);
  const form = new URLSearchParams(right.rawBody.toString('latin1'));
  const text = form.get('authorization_result') ?? '';
  const signature = form.get('signature') ?? '';
  const withFields = (...fields: readonly (readonly [string, string])[]): InboundRequest => formRequest(event, fields);
  const withSignature = (value: string | undefined): InboundRequest =>
    withFields(['authorization_result', text], ...(value === undefined ? [] : [['signature', value] as const]));
  return [
    {
      name: 'signed with another key',
      reason: 'mismatch',
      request: alignetRedirectRequest({ ...event, ...stranger() }),
    },
    {
      name: 'one character of the result changed',
      reason: 'mismatch',
      request: withFields(['authorization_result', withOtherCharacter(text, 9)], ['signature', signature]),
    },
    {
      name: 'one character of the signature changed',
      reason: 'mismatch',
      request: withSignature(withOtherCharacter(signature, 9)),
    },
    { name: 'no result', reason: 'malformed-body', request: withFields(['signature', signature]) },
    {
      name: 'result that is no Base64',
      reason: 'malformed-body',
      request: withFields(['authorization_result', `${text}!`], ['signature', signature]),
    },
    {
      name: 'result twice',
      reason: 'malformed-body',
      request: withFields(['authorization_result', text], ['authorization_result', text], ['signature', signature]),
    },
    {
      name: 'signature twice',
      reason: 'malformed-body',
      request: withFields(['authorization_result', text], ['signature', signature], ['signature', signature]),
    },
    {
      name: 'a broken escape',
      reason: 'malformed-body',
      request: { ...right, rawBody: Buffer.from(`${right.rawBody.toString('latin1')}%2`) },
    },
    ...brokenSignatures(signature).map(({ name, reason, value }) => ({ name, reason, request: withSignature(value) })),
    ...brokenMessages(event).map(({ name, reason, text: message }) => ({
      name,
      reason,
      request: redirectOf(event, message),
    })),
  ];
}

function brokenSignatures(
  signature: string,
): readonly (Pick<BrokenNotification, 'name' | 'reason'> & { readonly value: string | undefined })[] {
  const bytes = Buffer.from(signature, 'base64');
  return [
    { name: 'no signature', reason: 'missing-signature', value: undefined },
    { name: 'empty signature', reason: 'missing-signature', value: '' },
    { name: 'truncated signature', reason: 'malformed-signature', value: bytes.subarray(0, -1).toString('base64') },
    {
      name: 'lengthened signature',
      reason: 'malformed-signature',
      value: Buffer.concat([Buffer.alloc(1), bytes]).toString('base64'),
    },
    { name: 'signature in hexadecimal', reason: 'malformed-signature', value: bytes.toString('hex') },
    { name: 'signature without padding', reason: 'malformed-signature', value: signature.replace(/=+$/, '') },
    { name: 'a space behind the signature', reason: 'malformed-signature', value: `${signature} ` },
  ];
}

/** Rightly signed, and yet not to be acted upon. */
function brokenMessages(
  event: AlignetTestEvent,
): readonly (Pick<BrokenNotification, 'name' | 'reason'> & { readonly text: string })[] {
  const message = alignetTestMessage(event);
  return [
    {
      name: 'for another merchant',
      reason: 'unknown-merchant',
      text: alignetTestMessage({ ...event, merchantCode: `${event.merchantCode}-other` }),
    },
    {
      name: 'without a state',
      reason: 'malformed-body',
      text: alignetTestMessage({ ...event, transaction: { ...event.transaction, state: undefined } }),
    },
    {
      name: 'with two states',
      reason: 'malformed-body',
      text: message.replace('"state":', '"state": "DENEGADO", "st\\u0061te":'),
    },
    {
      name: 'with two transactions',
      reason: 'malformed-body',
      text: message.replace('"transaction":', '"transaction": {}, "transaction":'),
    },
    {
      name: 'with an amount in soles',
      reason: 'malformed-body',
      text: alignetTestMessage({ ...event, transaction: { ...event.transaction, amount: '150.00' } }),
    },
    { name: 'no JSON', reason: 'malformed-body', text: 'success=true' },
    { name: 'no object', reason: 'malformed-body', text: `[${message}]` },
  ];
}

function formRequest(event: AlignetTestRedirect, fields: readonly (readonly [string, string])[]): InboundRequest {
  const form = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return {
    method: 'POST',
    target: event.target ?? '/webhooks/alignet/redirect',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    rawBody: Buffer.from(event.escapesPlus === false ? form.replaceAll('%2B', '+') : form, 'latin1'),
  };
}

function signed(data: Uint8Array, privateKey: string, digest = 'sha512'): string {
  return sign(digest, data, privateKey).toString('base64');
}

function pssSigned(data: Uint8Array, privateKey: string): string {
  return sign('sha512', data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }).toString('base64');
}

const stranger = (): Pick<AlignetTestEvent, 'privateKey'> => ({ privateKey: createRsaTestKeys().privateKey });
