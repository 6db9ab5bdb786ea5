import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type InboundRequest } from '../core/inbound/inbound-request';
import {
  type PlacetopayNotificationProduct,
  type PlacetopayNotifications,
} from '../placetopay/notifications/placetopay-notification-types';
import { type PlacetopayTokenRequestorData } from '../placetopay/notifications/placetopay-notification.options';
import { type PlacetopayDigestAlgorithm } from '../placetopay/placetopay-auth';

/** What a notification of Placetopay's is made of. */
export interface PlacetopayTestEvent<Product extends PlacetopayNotificationProduct = PlacetopayNotificationProduct> {
  /** The site's secret key; of `onboarding`, `scudo`, `msv` and `autopay-contract` what those have instead. */
  readonly secret: string;
  /** Time of signing, epoch ms: what dates, seeds and timestamps say. */
  readonly now: number;
  /**
   * Signed values, as text, in place of the sample's: `{ requestId: '99', status: 'REJECTED' }`. Of `onboarding` the `kid`, of
   * `scudo` the `url`, of `microsite-auth` the `login`, of `autopay-contract` the `user`; of `token-requestor` `data` is JSON.
   */
  readonly signed?: Partial<
    Readonly<Record<Exclude<keyof PlacetopayNotifications[Product]['signed'], 'rawBody'>, string>>
  >;
  /** Members laid over those of the body that are not signed: `{ reference: 'ORDER-7' }`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** @default the product's current one */
  readonly algorithm?: PlacetopayDigestAlgorithm;
  /** How Token Requestor joins `data`. @default 'as-received' */
  readonly tokenRequestorData?: PlacetopayTokenRequestorData;
  /** Path and query. @default '/webhooks/placetopay' */
  readonly target?: string;
}

/** A notification of one of Placetopay's products, or a request it sends to the merchant, correctly signed. */
export function placetopayNotificationRequest<Product extends PlacetopayNotificationProduct>(
  product: Product,
  event: PlacetopayTestEvent<Product>,
): InboundRequest {
  return placetopayRequest(product, event);
}

/** Values to be signed, as text. */
export type Fields = Readonly<Record<string, string>>;
/** A value as JSON. */
type Json = string;
/** In the order in which they are written. */
export type Members = Readonly<Record<string, Json>>;

/** {@link PlacetopayTestEvent} of whatever product. */
export interface AnyPlacetopayTestEvent extends Omit<PlacetopayTestEvent, 'signed'> {
  readonly signed?: Readonly<Record<string, string | undefined>>;
}

/** What is done to a notification to break it. */
export interface Tampering {
  /** Hash in place of the product's. */
  readonly hash?: string;
  /** What stands in place of the proof; `undefined` for none. */
  readonly proof?: (text: string, bytes: Buffer) => unknown;
  /** Done to the body after it was signed. */
  readonly members?: (members: Members) => Members;
  /** Done to the body's text after it was signed. */
  readonly body?: (text: string) => string | Buffer;
}

/** How one product makes its requests. */
export interface PlacetopayRecipe {
  /** Paths of the body's signed values, in the order in which they are joined. */
  readonly signedPaths: readonly string[];
  readonly isTimed: boolean;
  /** Whether every byte of the body is signed. */
  readonly coversBody: boolean;
  /** Where the proof stands: a member, `auth`, or a header. */
  readonly carrier: 'signature' | 'auth' | 'x-signature' | 'signature header' | 'authorization';
  readonly hash: PlacetopayDigestAlgorithm;
  readonly sample: (now: number) => Fields;
  readonly members: (fields: Fields) => Members;
  readonly prove: (material: Material) => Buffer;
  readonly encoding: 'hex' | 'base64';
  /** What stands before the encoded proof. */
  readonly prefix?: (fields: Fields, hash: string) => string;
  readonly headers?: (fields: Fields) => Readonly<Record<string, string>>;
}

interface Material {
  readonly fields: Fields;
  readonly secret: string;
  readonly hash: string;
  readonly body: string;
  readonly event: AnyPlacetopayTestEvent;
}

/** @internal A request of a product, tampered with or not. */
export function placetopayRequest(
  product: PlacetopayNotificationProduct,
  event: AnyPlacetopayTestEvent,
  tampering: Tampering = {},
): InboundRequest {
  const recipe = PLACETOPAY_RECIPES[product];
  const fields = { ...recipe.sample(event.now), ...(event.signed as Fields | undefined) };
  const unsigned = Object.entries(event.members ?? {}).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const members = { ...recipe.members(fields), ...Object.fromEntries(unsigned) };
  const hash = tampering.hash ?? event.algorithm ?? recipe.hash;
  const bytes = recipe.prove({ fields, secret: event.secret, hash, body: writeMembers(members), event });
  const text = (recipe.prefix?.(fields, hash) ?? '') + bytes.toString(recipe.encoding);
  const proof = tampering.proof === undefined ? text : tampering.proof(text, bytes);
  const inBody = proofMembers(recipe.carrier, proof, fields);
  const changed = tampering.members?.({ ...members, ...inBody }) ?? { ...members, ...inBody };
  const body = writeMembers(changed);
  return {
    method: 'POST',
    target: event.target ?? '/webhooks/placetopay',
    headers: {
      'content-type': 'application/json',
      ...recipe.headers?.(fields),
      ...proofHeaders(recipe.carrier, proof),
    },
    rawBody: Buffer.from(tampering.body?.(body) ?? body),
  };
}

function proofMembers(carrier: PlacetopayRecipe['carrier'], proof: unknown, { login, nonce, seed }: Fields): Members {
  if (proof === undefined && carrier === 'signature') return {};
  if (carrier === 'signature') return { signature: JSON.stringify(proof) };
  return carrier === 'auth' ? { auth: JSON.stringify({ login, tranKey: proof, nonce, seed }) } : {};
}

function proofHeaders(carrier: PlacetopayRecipe['carrier'], proof: unknown): Readonly<Record<string, string>> {
  if (typeof proof !== 'string' || carrier === 'signature' || carrier === 'auth') return {};
  return { [carrier === 'signature header' ? 'signature' : carrier]: proof };
}

/** @internal */
export function writeMembers(members: Members): string {
  return `{${Object.entries(members)
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`)
    .join(',')}}`;
}

/** Joined values and the secret behind them. */
function joined(
  rules: Pick<PlacetopayRecipe, 'sample' | 'members' | 'signedPaths'> & Partial<PlacetopayRecipe>,
): PlacetopayRecipe {
  return {
    isTimed: false,
    coversBody: false,
    carrier: 'signature',
    hash: 'sha256',
    encoding: 'hex',
    prove: ({ fields, secret, hash }) => digest(hash, Object.values(fields).join('') + secret),
    ...rules,
  };
}

/** Written as a number where it is one, whatever its size. */
const numberOf = (text: string): Json => (/^\d+$/.test(text) ? text : JSON.stringify(text));

const withName = (_fields: Fields, hash: string): string => (hash === 'sha1' ? '' : `${hash}:`);

const statusOf = ({ status, date }: Fields): Json =>
  JSON.stringify({ status, reason: '00', message: 'Aprobada', ...(date !== undefined && { date }) });

/** @internal */
export const PLACETOPAY_RECIPES: Readonly<Record<PlacetopayNotificationProduct, PlacetopayRecipe>> = {
  checkout: joined({
    signedPaths: ['requestId', 'status.status', 'status.date'],
    sample: (now) => ({ requestId: '1234', status: 'APPROVED', date: bogotaTime(now) }),
    members: (fields) => ({ status: statusOf(fields), requestId: numberOf(fields.requestId), reference: '"ORDER-1"' }),
    prefix: withName,
  }),
  'payment-link': joined({
    signedPaths: ['linkId', 'status.status', 'status.date'],
    sample: (now) => ({ linkId: '2', status: 'PAID', date: bogotaTime(now) }),
    members: (fields) => ({ status: statusOf(fields), linkId: numberOf(fields.linkId), reference: '"#5321"' }),
  }),
  gateway: joined({
    signedPaths: ['internalReference', 'status.status'],
    sample: () => ({ internalReference: '41', status: 'APPROVED' }),
    members: (fields) => ({
      status: statusOf(fields),
      internalReference: numberOf(fields.internalReference),
      reference: '"5834381"',
    }),
  }),
  'gateway-session': joined({
    signedPaths: ['session.id', 'session.status'],
    carrier: 'x-signature',
    sample: () => ({ sessionId: '8123', status: 'APPROVED' }),
    members: ({ sessionId, status }) => ({ session: JSON.stringify({ id: sessionId, status }) }),
  }),
  autopay: joined({
    signedPaths: ['id', 'type', 'date'],
    sample: (now) => ({
      id: '2972c13d-6315-4da3-80d7-64c24eb232ad',
      type: 'AUTOPAY_TRANSACTION_FAILED',
      date: bogotaTime(now).slice(0, 19).replace('T', ' '),
    }),
    members: (fields) => ({ ...inJson(fields), reference: '"ACC00012345"' }),
    prefix: withName,
  }),
  'account-validator': joined({
    signedPaths: ['requestId', 'status.status'],
    hash: 'sha1',
    sample: () => ({ requestId: '53eccc5c-bbb8-36ae-a4f0-dfc8a791e736', status: 'APPROVED' }),
    members: (fields) => ({ status: statusOf(fields), requestId: JSON.stringify(fields.requestId) }),
  }),
  msv: joined({
    signedPaths: ['token', 'status.status', 'status.date'],
    sample: (now) => ({ token: 'd5d67dcb', status: 'APPROVED', date: bogotaTime(now) }),
    members: (fields) => ({ status: statusOf(fields), token: JSON.stringify(fields.token), reference: '"0122"' }),
  }),
  'token-requestor': joined({
    signedPaths: ['data', 'date'],
    sample: (now) => ({
      data: '{"id":"d8677265-03d2-4ffd-bf1e-9831073c1b11","status":"INACTIVE","expiration":"01/26"}',
      date: bogotaTime(now).slice(0, 19).replace('T', ' '),
    }),
    members: ({ data, date }) => ({ type: '"TOKEN_UPDATED"', date: JSON.stringify(date), data }),
    prove: ({ fields: { data, date }, secret, hash, event }) =>
      digest(hash, secret + (event.tokenRequestorData === 'values' ? valuesOf(data) : data) + date),
    encoding: 'base64',
  }),
  'ach-return': joined({
    signedPaths: [],
    coversBody: true,
    carrier: 'x-signature',
    sample: () => ({}),
    members: () => ({
      time: '"2024-11-14T05:50:15-05:00"',
      type: '"chargeback.created"',
      data: '{"internalReference":2,"reference":"9123418","amount":{"currency":"USD","total":200.50},"note":"\\u00f1 \\/ €"}',
    }),
    prove: ({ secret, hash, body }) => createHmac(hash, secret).update(body).digest(),
  }),
  onboarding: joined({
    signedPaths: [],
    coversBody: true,
    isTimed: true,
    carrier: 'x-signature',
    sample: (now) => ({ timestamp: unixSeconds(now), kid: 'k1' }),
    members: () => ({
      status: '{"status":"OK","reason":null,"date":"2026-08-17T15:14:09+00:00"}',
      processId: '"01kz0609xy2hd666mnx6b0jxpc"',
      action: '"merchant.create"',
      result: '{"merchantId":18}',
      event: '{"id":"01kz0609xy2hd666mnx6b0jxpb","type":"merchant.create.succeeded","attempt":1}',
    }),
    prove: ({ fields, secret, hash, body }) => createHmac(hash, secret).update(`${fields.timestamp}.${body}`).digest(),
    prefix: ({ timestamp, kid }) => `t=${timestamp},kid=${kid},v1=`,
    headers: () => ({ 'x-event-id': '01kz0609xy2hd666mnx6b0jxpb', 'x-delivery-attempt': '1' }),
  }),
  scudo: joined({
    signedPaths: [],
    isTimed: true,
    carrier: 'signature header',
    sample: (now) => ({ url: 'https://shop.example/webhooks/scudo', seed: unixSeconds(now) }),
    members: () => ({
      data: '{"id":"2d3a6d86-dfbe-428a-a80e-65064c8dbbb7","resolved":{"action":"reject_transaction"}}',
      status: '{"code":1200,"name":"successful","message":"The validation has been resolved successfully"}',
    }),
    prove: ({ fields: { url, seed }, secret, hash }) =>
      createHmac(hash, secret)
        .update(url + seed)
        .digest(),
    headers: ({ seed }) => ({ seed }),
  }),
  'microsite-auth': joined({
    signedPaths: [],
    isTimed: true,
    carrier: 'auth',
    sample: (now) => ({ login: 'login', nonce: randomBytes(16).toString('base64'), seed: bogotaTime(now) }),
    members: () => ({ searchType: '"reference"', searchValue: '"1040035000"' }),
    prove: ({ fields: { nonce, seed }, secret, hash }) =>
      createHash(hash)
        .update(Buffer.from(nonce, 'base64'))
        .update(seed + secret)
        .digest(),
    encoding: 'base64',
  }),
  'autopay-contract': joined({
    signedPaths: [],
    carrier: 'authorization',
    sample: () => ({ user: 'autopay' }),
    members: () => ({ reference: '"ACC00012345"', id: '"2972c13d-6315-4da3-80d7-64c24eb232ad"' }),
    prove: ({ fields: { user }, secret }) => Buffer.from(`${user}:${secret}`, 'utf8'),
    encoding: 'base64',
    prefix: () => 'Basic ',
  }),
};

const digest = (hash: string, text: string): Buffer => createHash(hash).update(text, 'utf8').digest();

const inJson = (fields: Fields): Members =>
  Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, JSON.stringify(text)]));

const valuesOf = (json: Json): string => Object.values(JSON.parse(json) as Fields).join('');

const unixSeconds = (epochMs: number): string => String(Math.floor(epochMs / 1_000));

/** Local time of Colombia, as Placetopay writes it. */
function bogotaTime(epochMs: number): string {
  return `${new Date(epochMs - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
}
