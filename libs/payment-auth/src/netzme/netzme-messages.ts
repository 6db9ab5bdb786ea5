import { isBelievableLifetime, isUsableTokenValue, type IssuedAccessToken } from '../core/access-token';
import { AccessTokenError, type ExchangeSummary } from '../core/errors';
import { type GatewayAnswer } from '../core/gateway-http';
import { scrubGatewayMessage } from '../core/scrub';
import { UNAUTHORIZED_STATUS } from './netzme.constants';

/** Body of the token call: JSON, snake case. Credentials travel in the Basic header. */
export const NETZME_TOKEN_REQUEST = Object.freeze({ grant_type: 'client_credentials' });

export interface NetzmeTokenGrant extends IssuedAccessToken {
  /** False when the answer named no expiry to believe in and `assumedLifetimeSeconds` was used. */
  readonly isLifetimeStated: boolean;
}

/**
 * Judges an answer of the token call. A refusal may come with HTTP 200 and `status: UNAUTHORIZED`; the documented word for
 * success is misspelt, so success is a token and nothing else. `expiry_token` is an absolute time in ms by Netzme's clock:
 * the lifetime is counted from the answer's `Date`, so that our own clock may be wrong.
 *
 * @throws {AccessTokenError} `ERR_ACCESS_TOKEN_REQUEST` when Netzme refused, `ERR_ACCESS_TOKEN_RESPONSE` when its answer
 * holds no usable token.
 */
export function parseNetzmeTokenResponse(
  answer: GatewayAnswer,
  context: { receivedAt: number; assumedLifetimeSeconds: number; secrets: readonly string[] },
): NetzmeTokenGrant {
  const body = typeof answer.json === 'object' && answer.json !== null ? (answer.json as Record<string, unknown>) : {};
  const { access_token: value, expiry_token: expiry, status } = body;
  const exchange = summarize(answer, status, context.secrets);
  const isUnauthorized = typeof status === 'string' && status.toUpperCase() === UNAUTHORIZED_STATUS;
  if (answer.status < 200 || answer.status >= 300 || isUnauthorized) {
    const isTemporary = answer.status >= 500 || answer.status === 429;
    throw new AccessTokenError(
      `Netzme refused to issue an access token (HTTP ${answer.status}${isUnauthorized ? ', UNAUTHORIZED' : ''}).`,
      {
        code: 'ERR_ACCESS_TOKEN_REQUEST',
        gateway: 'netzme',
        retryable: isTemporary,
        exchange,
        hint: isTemporary
          ? 'A temporary failure at Netzme; try again later.'
          : 'Check clientId and clientSecret, and that they belong to this environment and to this api (merchant and consumer have different secrets).',
      },
    );
  }
  if (!isUsableTokenValue(value)) throw unacceptable('holds no access_token that a header can carry', exchange);
  const assumed = { value, lifetimeMs: context.assumedLifetimeSeconds * 1_000, isLifetimeStated: false };
  if (expiry === undefined || expiry === null) return assumed;
  const expiresAt = typeof expiry === 'string' && expiry.trim() !== '' ? Number(expiry) : expiry;
  if (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt)) {
    throw unacceptable('holds an expiry_token that is no time in milliseconds', exchange);
  }
  const lifetimeMs = expiresAt - gatewayTime(answer.date, context.receivedAt);
  if (lifetimeMs <= 0) throw unacceptable('holds a token that has expired already', exchange);
  return isBelievableLifetime(lifetimeMs) ? { value, lifetimeMs, isLifetimeStated: true } : assumed;
}

/** The gateway's time at receipt: by its `Date`, which tells whole seconds, and within that second by our own clock. */
function gatewayTime(date: number | undefined, receivedAt: number): number {
  return date === undefined ? receivedAt : Math.min(Math.max(receivedAt, date), date + 999);
}

function summarize(answer: GatewayAnswer, status: unknown, secrets: readonly string[]): ExchangeSummary {
  const { method, host, path, status: httpStatus, retryAfterSeconds } = answer;
  const gatewayCode = typeof status === 'string' || typeof status === 'number' ? String(status) : undefined;
  return {
    method,
    host,
    path,
    status: httpStatus,
    ...(gatewayCode !== undefined && { gatewayCode: scrubGatewayMessage(gatewayCode, secrets) }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

function unacceptable(what: string, exchange: ExchangeSummary): AccessTokenError {
  return new AccessTokenError(`Netzme's token answer ${what}.`, {
    code: 'ERR_ACCESS_TOKEN_RESPONSE',
    gateway: 'netzme',
    retryable: true,
    exchange,
    hint: 'Check baseUrl and tokenPath, and the clock of this machine.',
  });
}
