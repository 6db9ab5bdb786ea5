import { isBelievableLifetime, isUsableTokenValue, type IssuedAccessToken } from '../core/access-token';
import { AccessTokenError, type ExchangeSummary, NonceError, type PaymentAuthErrorInit } from '../core/errors';
import { type GatewayAnswer } from '../core/gateway-http';
import { scrubGatewayMessage } from '../core/scrub';
import { DOCUMENTED_NONCE_SECONDS, NONCE_ACTION, SUCCESS_CODE, TOKEN_ACTION } from './alignet.constants';

/** Body of `POST /token`. Credentials travel in the JSON body; Alignet's schema allows no further member. */
export function alignetTokenRequest(client: {
  audience: string;
  clientId: string;
  clientSecret: string;
  scope: string;
}): Record<string, string> {
  return {
    action: TOKEN_ACTION,
    grant_type: 'client_credentials',
    audience: client.audience,
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: client.scope,
  };
}

/** Body of `POST /nonce`. The secret is not part of it. */
export function alignetNonceRequest(client: {
  audience: string;
  clientId: string;
  scope: string;
}): Record<string, string> {
  return { action: NONCE_ACTION, audience: client.audience, client_id: client.clientId, scope: client.scope };
}

/** An access token as Alignet granted it. */
export interface AlignetTokenGrant extends IssuedAccessToken {
  /** False when the answer named no lifetime to believe in and `assumedLifetimeSeconds` was used. */
  readonly isLifetimeStated: boolean;
}

/**
 * Judges an answer of `POST /token`: accepted only with a 2xx, `success` true (boolean or text) if present, a token, and
 * status code `00` if present. HTTP 200 with `success: false` is a failure.
 *
 * @throws {AccessTokenError} `ERR_ACCESS_TOKEN_REQUEST` when Alignet refused, `ERR_ACCESS_TOKEN_RESPONSE` when its answer
 * holds no token.
 */
export function parseAlignetTokenResponse(
  answer: GatewayAnswer,
  context: { assumedLifetimeSeconds: number; secrets: readonly string[] },
): AlignetTokenGrant {
  const envelope = readEnvelope(answer, 'authorization', context.secrets);
  if (!envelope.isAccepted) {
    throw new AccessTokenError(`Alignet refused to issue an access token (${envelope.describe()}).`, {
      code: 'ERR_ACCESS_TOKEN_REQUEST',
      gateway: 'alignet',
      retryable: answer.status >= 500 || answer.status === 429,
      exchange: envelope.exchange,
      hint: tokenRefusalHint(answer.status),
    });
  }
  const value = envelope.body['access_token'];
  if (!isUsableTokenValue(value)) {
    throw new AccessTokenError(
      "Alignet's token answer holds no access_token that a header can carry.",
      unacceptable(envelope.exchange, 'TOKEN'),
    );
  }
  const stated = readSeconds(envelope.body['expires_in']);
  return {
    value,
    lifetimeMs: (stated ?? context.assumedLifetimeSeconds) * 1_000,
    isLifetimeStated: stated !== undefined,
  };
}

/** A nonce as Alignet issued it. */
export interface AlignetNonceGrant {
  readonly nonce: string;
  readonly scope: string | undefined;
  readonly expiresInSeconds: number;
}

/**
 * Judges an answer of `POST /nonce`, by the rules of {@link parseAlignetTokenResponse}.
 *
 * @throws {NonceError} `ERR_NONCE_REQUEST` when Alignet refused, `ERR_NONCE_RESPONSE` when its answer holds no nonce.
 */
export function parseAlignetNonceResponse(answer: GatewayAnswer, secrets: readonly string[]): AlignetNonceGrant {
  const envelope = readEnvelope(answer, 'nonce_creation', secrets);
  if (!envelope.isAccepted) {
    throw new NonceError(`Alignet refused to issue a nonce (${envelope.describe()}).`, {
      code: 'ERR_NONCE_REQUEST',
      gateway: 'alignet',
      retryable: answer.status >= 500 || answer.status === 429,
      exchange: envelope.exchange,
      hint: nonceRefusalHint(answer.status),
    });
  }
  const { nonce, scope, expires_in: expiresIn } = envelope.body;
  // It goes into a page: nothing that is no token gets there.
  if (!isUsableTokenValue(nonce)) {
    throw new NonceError(
      "Alignet's nonce answer holds no nonce that is text without spaces.",
      unacceptable(envelope.exchange, 'NONCE'),
    );
  }
  return {
    nonce,
    scope: typeof scope === 'string' ? scope : undefined,
    expiresInSeconds: readSeconds(expiresIn) ?? DOCUMENTED_NONCE_SECONDS,
  };
}

/** HTTP says yes and the envelope of `POST /nonce` says no. */
export function isRefusedWithSuccessStatus(answer: GatewayAnswer): boolean {
  return answer.status < 300 && answer.json !== undefined && !readEnvelope(answer, 'nonce_creation', []).isAccepted;
}

function unacceptable(exchange: ExchangeSummary, what: 'TOKEN' | 'NONCE'): PaymentAuthErrorInit {
  return {
    code: what === 'TOKEN' ? 'ERR_ACCESS_TOKEN_RESPONSE' : 'ERR_NONCE_RESPONSE',
    gateway: 'alignet',
    retryable: true,
    exchange,
    hint: 'Check that authBaseUrl is the host of /token and /nonce, and that no proxy answers in its place.',
  };
}

interface Envelope {
  readonly isAccepted: boolean;
  readonly body: Record<string, unknown>;
  readonly exchange: ExchangeSummary;
  describe(): string;
}

function readEnvelope(answer: GatewayAnswer, part: string, secrets: readonly string[]): Envelope {
  const body = asObject(answer.json);
  const status = asObject(asObject(asObject(body[part])['meta'])['status']);
  const code = typeof status['code'] === 'string' ? status['code'] : undefined;
  const message = readMessage(status['message_ilgn']);
  const { method, host, path, status: httpStatus, retryAfterSeconds } = answer;
  const isSuccess = body['success'] === undefined || body['success'] === true || body['success'] === 'true';
  const isCodeFine = code === undefined || code === SUCCESS_CODE;
  return {
    isAccepted: httpStatus >= 200 && httpStatus < 300 && isSuccess && isCodeFine,
    body,
    exchange: {
      method,
      host,
      path,
      status: httpStatus,
      ...(code !== undefined && { gatewayCode: scrubGatewayMessage(code, secrets) }),
      ...(message !== undefined && { gatewayMessage: scrubGatewayMessage(message, secrets) }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
    describe: () => `HTTP ${httpStatus}${code === undefined ? '' : `, code ${scrubGatewayMessage(code, secrets)}`}`,
  };
}

/** `message_ilgn` is an array of `{locale, value}`; one documented row calls it an object. */
function readMessage(messages: unknown): string | undefined {
  const first: unknown = Array.isArray(messages) ? messages[0] : messages;
  const value = asObject(first)['value'];
  return typeof value === 'string' ? value : undefined;
}

/** A number or a numeric text, as long as a token may live; anything else counts as not stated. */
function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && isBelievableLifetime(seconds * 1_000) ? seconds : undefined;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function tokenRefusalHint(status: number): string {
  if (status === 400) return 'Check audience (exactly as Alignet registered it, trailing slash included) and scope.';
  if (status === 401)
    return 'Check clientId and clientSecret, that they belong to this environment, and that every scope is granted.';
  if (status >= 500) return 'A temporary failure at Alignet; try again later.';
  return 'Alignet accepted the credentials for nothing; ask Alignet what this code means.';
}

function nonceRefusalHint(status: number): string {
  if (status === 400) return 'Check that audience belongs to the same environment as authBaseUrl.';
  if (status === 401)
    return 'A fresh access token was refused too: check that authBaseUrl and audience belong together.';
  if (status === 403) return 'The access token lacks a scope: add post:charges to `scope`.';
  if (status >= 500) return 'A temporary failure at Alignet; try again later.';
  return 'Ask Alignet what this code means.';
}
