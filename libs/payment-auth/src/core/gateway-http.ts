import { type HttpService } from '@nestjs/axios';
import { type AxiosResponse, isAxiosError } from 'axios';
import { maxHeaderSize } from 'node:http';
import { abortReason, onAbort, withTimeout } from './abort';
import { type Gateway, GatewayTransportError, type PaymentAuthErrorCode } from './errors';
import { removeTransportHeaders } from './final-headers';
import { isDirect } from './proxy-environment';
import { requireSecureAgent } from './secure-transport';
import { refuseUnaskedAnswers } from './unasked-answers';

export interface GatewayCall {
  readonly gateway: Gateway;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  /** Real money: certificates have to be checked. */
  readonly isProduction: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface GatewayAnswer {
  readonly method: 'POST';
  readonly host: string;
  readonly path: string;
  readonly status: number;
  /** The body as JSON, or `undefined` when it was none. */
  readonly json: unknown;
  /** The gateway's clock, epoch ms, from its `Date` header. */
  readonly date: number | undefined;
  /** From the `Retry-After` header, where there is one that can be read. */
  readonly retryAfterSeconds?: number;
}

/** More than any token or nonce answer needs; a gateway (or what sits before it) cannot fill our memory. */
const MAX_RESPONSE_BYTES = 256 * 1024;
/** The longest name there can be, and a port. */
const MAX_HOST_CHARS = 260;

/**
 * Posts JSON to a gateway and hands back whatever came, parsed if it could be. Judging the answer is the caller's part:
 * HTTP 200 may be a failure.
 *
 * @throws {GatewayTransportError} when no acceptable answer arrived: timeout, network failure, redirect, too many bytes.
 * @throws {UnsignableRequestError} `insecure-tls` where credentials would not be safe on the way
 */
export async function postToGateway(http: HttpService, call: GatewayCall): Promise<GatewayAnswer> {
  const { host, hostname, pathname } = new URL(call.url);
  const where = { method: 'POST', host, path: pathname } as const;
  const httpsAgent = requireSecureAgent(call.gateway, http.axiosRef.defaults, call.isProduction);
  // axios would add a listener for every call to a signal that the caller may share between many.
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const forget = call.signal && onAbort(call.signal, end);
  const send = (late: AbortSignal): Promise<AxiosResponse<Buffer>> => {
    onAbort(late, end);
    return http.axiosRef.request<Buffer>({
      responseType: 'arraybuffer',
      // Global defaults of axios's reach this instance too.
      transformRequest: [(data: Buffer, headers) => (removeTransportHeaders(headers), data)],
      transformResponse: [],
      method: 'POST',
      url: call.url,
      data: Buffer.from(JSON.stringify(call.body), 'utf8'),
      headers: { Accept: 'application/json', ...call.headers, 'Content-Type': 'application/json' },
      signal: ending.signal,
      ...(isDirect(http.axiosRef.defaults, hostname) && { proxy: false }),
      httpsAgent,
      maxRedirects: 0,
      maxContentLength: MAX_RESPONSE_BYTES,
      validateStatus: () => true,
    });
  };
  try {
    // Not axios's own `timeout`, which a byte now and then puts off for ever.
    const response = await withTimeout(send, call.timeoutMs, () => timeoutError(call.gateway, where, call.timeoutMs));
    refuseUnaskedAnswers(response.request);
    const { status, headers } = response;
    if (status >= 300 && status < 400) throw redirectError(call.gateway, where, status, headers['location']);
    const parsed = Date.parse(String(headers['date'] ?? ''));
    const date = Number.isNaN(parsed) ? undefined : parsed;
    const retryAfterSeconds = readRetryAfter(headers['retry-after'], date);
    return {
      ...where,
      status,
      json: parseJson(response.data),
      date,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
  } catch (error) {
    if (error instanceof GatewayTransportError) throw error;
    if (call.signal?.aborted === true) throw abortReason(call.signal);
    throw transportError(call.gateway, where, error);
  } finally {
    forget?.();
  }
}

/**
 * Seconds, or an HTTP date, which counts from the response's own `Date`: our clock may differ.
 *
 * @see RFC 9110, section 10.2.3
 */
function readRetryAfter(header: unknown, date: number | undefined): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - (date ?? Number.NaN)) / 1_000;
  return seconds > 0 ? seconds : undefined;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

interface Where {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/** A 3xx is never followed: it would carry signature, token and body to wherever it points. */
export function redirectError(
  gateway: Gateway,
  where: Where,
  status: number,
  location: unknown,
): GatewayTransportError {
  const target = typeof location === 'string' ? targetHost(location, where.host) : 'nowhere';
  return new GatewayTransportError(
    `${gateway} answered ${where.method} ${where.host}${where.path} with HTTP ${status}, a redirect to ${target}, which was not followed.`,
    {
      code: 'ERR_GATEWAY_REDIRECT',
      gateway,
      hint: 'Credentials are sent to the configured host only: set the base URL to the final one.',
      exchange: { ...where, status },
    },
  );
}

function targetHost(location: string, base: string): string {
  const host = URL.canParse(location, `https://${base}`) ? new URL(location, `https://${base}`).host : '';
  // `javascript:` has none.
  return host === '' || host.length > MAX_HOST_CHARS ? 'an unreadable URL' : host;
}

export function timeoutError(gateway: Gateway, where: Where, timeoutMs: number): GatewayTransportError {
  return new GatewayTransportError(
    `${gateway} did not answer ${where.method} ${where.host}${where.path} within ${timeoutMs} ms.`,
    { code: 'ERR_GATEWAY_TIMEOUT', gateway, retryable: true, exchange: where },
  );
}

function transportError(gateway: Gateway, where: Where, error: unknown): GatewayTransportError {
  const reason = isAxiosError(error) ? (error.code ?? '') : '';
  if (reason === 'ECONNABORTED' || reason === 'ETIMEDOUT') {
    return new GatewayTransportError(`${gateway} did not answer ${where.method} ${where.host}${where.path} in time.`, {
      code: 'ERR_GATEWAY_TIMEOUT',
      gateway,
      retryable: true,
      exchange: where,
    });
  }
  const excess = excessOf(error, reason);
  const tooLarge = excess !== undefined;
  const code: PaymentAuthErrorCode = tooLarge ? 'ERR_GATEWAY_RESPONSE_TOO_LARGE' : 'ERR_GATEWAY_UNREACHABLE';
  const what = tooLarge
    ? `answered with more than ${excess}`
    : `could not be reached${reason === '' ? '' : ` (${reason})`}`;
  return new GatewayTransportError(`${gateway} ${what}: ${where.method} ${where.host}${where.path}.`, {
    code,
    gateway,
    retryable: !tooLarge,
    exchange: where,
    ...(!tooLarge && { hint: 'Check the base URL, DNS, proxy and TLS certificates of this machine.' }),
  });
}

/** What there was too much of, if that is what was wrong. */
function excessOf(error: unknown, reason: string): string | undefined {
  if (reason === 'HPE_HEADER_OVERFLOW') return `${maxHeaderSize} bytes of headers`;
  return isAxiosError(error) && error.message.startsWith('maxContentLength')
    ? `${MAX_RESPONSE_BYTES} bytes`
    : undefined;
}
