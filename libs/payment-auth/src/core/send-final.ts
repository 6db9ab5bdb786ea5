import {
  type AxiosAdapter,
  type AxiosRequestHeaders,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
  isAxiosError,
} from 'axios';
import { ClientRequest } from 'node:http';
import { Readable } from 'node:stream';
import { concealAgent, concealStream } from './conceal';
import { type Gateway } from './errors';
import { removeTransportHeaders } from './final-headers';
import { redirectError } from './gateway-http';
import { type WireUrl } from './plain-wire-url';
import { isDirect } from './proxy-environment';
import { timeoutMessage } from './request-deadline';
import { startTimeLimit } from './time-limit';
import { refuseUnaskedAnswers } from './unasked-answers';
import { requireSecureAgent } from './secure-transport';

/** A request built once, to be sent as it is. */
export interface FinalRequest {
  /** Upper case. */
  readonly method: string;
  readonly url: WireUrl;
  readonly body: Buffer;
  readonly headers: AxiosRequestHeaders;
  /** Real money: certificates have to be checked. */
  readonly isProduction: boolean;
  /** What is left of the caller's `timeout`; that itself where it is left out. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Sends a finished request through an axios adapter, with nothing left for axios to add.
 *
 * The request's own config is changed for as long as it is under way and restored afterwards (copying one costs more than
 * signing it). So what comes back, answer or axios error, carries the config the caller knows; the socket's request object,
 * which holds token, signature or digest as well, is taken off.
 *
 * @throws {GatewayTransportError} `ERR_GATEWAY_REDIRECT` for a 3xx with a target, whatever `validateStatus` says
 * @throws {UnsignableRequestError} `insecure-tls` where credentials would not be safe on the way
 */
export async function sendFinal(
  gateway: Gateway,
  config: InternalAxiosRequestConfig,
  send: AxiosAdapter,
  request: FinalRequest,
): Promise<AxiosResponse> {
  const { url, baseURL, paramsSerializer, headers, maxRedirects, proxy, timeout, timeoutErrorMessage } = config;
  const { params, data, httpsAgent } = config as { params?: unknown; data?: unknown; httpsAgent?: unknown };
  config.httpsAgent = requireSecureAgent(gateway, config, request.isProduction);
  config.url = request.url.href;
  config.baseURL = undefined;
  config.params = undefined;
  config.paramsSerializer = undefined;
  config.data = request.body.length === 0 ? undefined : request.body;
  removeTransportHeaders(request.headers);
  config.headers = request.headers;
  config.maxRedirects = 0;
  if (isDirect(config, request.url.hostname)) config.proxy = false;
  if (request.timeoutMs !== undefined && request.timeoutMs !== timeout) {
    // The caller knows the whole and not what was left of it.
    config.timeoutErrorMessage = timeoutMessage(config);
    config.timeout = request.timeoutMs;
  }
  concealAgent(config.httpAgent);
  concealAgent(config.httpsAgent);
  const limit = startTimeLimit(config, send);
  let response: AxiosResponse | undefined;
  try {
    response = await (limit === undefined ? send(config) : limit.send());
    clean(gateway, request, response, config);
    return response;
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    // That of a cancellation by token has none: with one it would lead back to itself.
    if (error.config !== undefined) error.config = config;
    error.request = undefined;
    if (error.response !== undefined) clean(gateway, request, error.response, config);
    throw error;
  } finally {
    limit?.release(response);
    const target = { url, baseURL, params, paramsSerializer };
    const rest = { data, headers, httpsAgent, maxRedirects, proxy, timeout, timeoutErrorMessage };
    restore(config, target, rest);
  }
}

function restore(config: InternalAxiosRequestConfig, ...original: object[]): void {
  Object.assign(config, ...original);
}

/**
 * A stream that is destroyed unread leaves the one behind it open where axios counts its bytes (`maxContentLength`), and with it
 * the socket. After an answer that was read to its end this does nothing.
 */
function endRequestWithStream({ data, request }: AxiosResponse<unknown>): void {
  if (data instanceof Readable && request instanceof ClientRequest) data.once('close', () => request.destroy());
}

function clean(
  gateway: Gateway,
  request: FinalRequest,
  response: AxiosResponse,
  config: InternalAxiosRequestConfig,
): void {
  response.config = config;
  refuseUnaskedAnswers(response.request);
  endRequestWithStream(response);
  response.request = undefined;
  concealStream(response.data);
  const { status } = response;
  const location: unknown = response.headers['location'];
  if (status < 300 || status >= 400 || location === undefined) return;
  if (response.data instanceof Readable) response.data.destroy();
  const where = { method: request.method, host: request.url.host, path: request.url.pathname };
  throw redirectError(gateway, where, status, location);
}
