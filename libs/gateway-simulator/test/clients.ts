import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { isObject, type JsonObject } from '../src/core/json';
import { GatewaySimulator, type GatewaySimulatorOptions, type RefusalReason, SANDBOX_ACCOUNTS } from '../src/index';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as a JSON object; empty for anything else. */
  readonly json: JsonObject;
}

export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends exactly the request target and bytes given: nothing is normalised, encoded or followed. */
export function send(baseUrl: string, target: string, sending: Sending = {}): Promise<Received> {
  const { hostname, port } = new URL(baseUrl);
  const body = sending.body === undefined ? undefined : Buffer.from(sending.body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        path: target,
        agent: false,
        method: sending.method ?? (body ? 'POST' : 'GET'),
        headers: { ...sending.headers, ...(body && { 'Content-Length': body.length }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: toObject(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function sendJson(baseUrl: string, target: string, value: unknown, headers: Sending['headers'] = {}) {
  const body = JSON.stringify(value);
  return send(baseUrl, target, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
}

function toObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** A member deep inside a value, by dotted path. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    if (Array.isArray(inner)) return (inner as unknown[])[Number(name)];
    return isObject(inner) ? inner[name] : undefined;
  }, value);
}

export const START = Date.parse('2026-03-01T12:00:00.000Z');

/** A simulator whose clock stands still until a test moves it. */
export function startSimulator(options: GatewaySimulatorOptions = {}): Promise<GatewaySimulator> {
  return GatewaySimulator.start({ clock: () => START, ...options });
}

/** Why the simulator refused its latest request. */
export function lastReason(simulator: GatewaySimulator): RefusalReason | undefined {
  return simulator.journal.entries({ limit: 1 })[0]?.reason;
}

export const [PEN, USD] = SANDBOX_ACCOUNTS.alignet;
export const [SITE, OTHER_SITE] = SANDBOX_ACCOUNTS.placetopay;
export const [NETZME, OTHER_NETZME] = SANDBOX_ACCOUNTS.netzme;

export interface AuthParts {
  readonly login?: string;
  readonly secretKey?: string;
  readonly seed: string;
  readonly rawNonce?: Buffer;
  readonly algorithm?: 'sha256' | 'sha1';
}

/** A right `auth` object, made here by the documented formula. */
export function placetopayAuth(parts: AuthParts) {
  const { login = SITE.login, secretKey = SITE.secretKey, seed, algorithm = 'sha256' } = parts;
  const rawNonce = parts.rawNonce ?? randomBytes(16);
  const tranKey = createHash(algorithm)
    .update(Buffer.concat([rawNonce, Buffer.from(seed + secretKey)]))
    .digest('base64');
  return { login, tranKey, nonce: rawNonce.toString('base64'), seed };
}

export interface NetzmeCall {
  readonly token: string;
  readonly target: string;
  readonly method?: string;
  readonly body?: string;
  readonly time?: string;
  readonly secret?: string;
  /** What is signed in place of what is sent. */
  readonly signed?: {
    readonly path?: string;
    readonly method?: string;
    readonly body?: string;
    readonly token?: string;
  };
  readonly encoding?: 'hex' | 'base64';
  readonly headers?: Readonly<Record<string, string>>;
}

/** A Netzme business call, signed by the documented formula unless told to sign something else. */
export function netzmeCall(baseUrl: string, call: NetzmeCall): Promise<Received> {
  const { token, target, body = '', time = String(START), secret = NETZME.clientSecret, signed = {} } = call;
  const method = call.method ?? (body ? 'POST' : 'GET');
  const bearer = signed.token ?? `Bearer ${token}`;
  const text =
    `path=${signed.path ?? target}&method=${signed.method ?? method}&token=${bearer}` +
    `&timestamp=${time}&body=${signed.body ?? body}`;
  const signature = createHmac('sha256', `${secret}-${time}-${bearer}`)
    .update(text)
    .digest(call.encoding ?? 'hex');
  return send(baseUrl, target, {
    method,
    ...(body && { body }),
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
      'Client-Id': NETZME.clientId,
      'Request-Time': time,
      Signature: signature,
      ...call.headers,
    },
  });
}

export function netzmeTokenRequest(
  baseUrl: string,
  path = '/oauth/merchant/accesstoken',
  secret: string = NETZME.clientSecret,
) {
  const basic = Buffer.from(`${NETZME.clientId}:${secret}`).toString('base64');
  return sendJson(baseUrl, path, { grant_type: 'client_credentials' }, { Authorization: `Basic ${basic}` });
}

export const DEMO_TOKEN_SCOPE = 'create:token post:charges offline_access';
export const DEMO_NONCE_SCOPE = 'create:token post:charges';

/** The token request of Alignet's official demo, members changed as told. */
export function alignetTokenRequest(baseUrl: string, changes: JsonObject = {}, headers: Sending['headers'] = {}) {
  const body = {
    action: 'authorize',
    grant_type: 'client_credentials',
    audience: 'https://api.dev.alignet.io',
    client_id: PEN.clientId,
    client_secret: PEN.clientSecret,
    scope: DEMO_TOKEN_SCOPE,
    ...changes,
  };
  return sendJson(baseUrl, '/token', body, headers);
}

/** The nonce request of Alignet's official demo, members changed as told. */
export function alignetNonceRequest(
  baseUrl: string,
  token: unknown,
  changes: JsonObject = {},
  headers: Sending['headers'] = {},
) {
  const body = {
    action: 'create.nonce',
    audience: 'https://api.dev.alignet.io',
    client_id: PEN.clientId,
    scope: DEMO_NONCE_SCOPE,
    ...changes,
  };
  return sendJson(baseUrl, '/nonce', body, { Authorization: `Bearer ${String(token)}`, ...headers });
}
