import {
  type AxiosAdapter,
  type AxiosRequestHeaders,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
  isAxiosError,
} from 'axios';
import { type Gateway } from './errors';
import { redirectError } from './gateway-http';

/** A request built once, to be sent as it is. */
export interface FinalRequest {
  /** Upper case. */
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer;
  readonly headers: AxiosRequestHeaders;
}

/**
 * Sends a finished request through an axios adapter: a copy of `config` with nothing left for axios to add.
 *
 * What comes back, answer or axios error, carries the caller's own config instead of that copy, and no socket request
 * object: both hold token, signature or digest.
 *
 * @throws {GatewayTransportError} `ERR_GATEWAY_REDIRECT` for a 3xx with a target, whatever `validateStatus` says
 */
export async function sendFinal(
  gateway: Gateway,
  config: InternalAxiosRequestConfig,
  send: AxiosAdapter,
  request: FinalRequest,
): Promise<AxiosResponse> {
  const final: InternalAxiosRequestConfig = {
    ...config,
    url: request.url.href,
    baseURL: undefined,
    params: undefined,
    paramsSerializer: undefined,
    data: request.body.length === 0 ? undefined : request.body,
    headers: request.headers,
    maxRedirects: 0,
  };
  try {
    const response = restoreConfig(await send(final), config);
    refuseRedirect(gateway, request, response);
    return response;
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    error.config = config;
    error.request = undefined;
    if (error.response !== undefined) refuseRedirect(gateway, request, restoreConfig(error.response, config));
    throw error;
  }
}

function restoreConfig(response: AxiosResponse, config: InternalAxiosRequestConfig): AxiosResponse {
  response.config = config;
  response.request = undefined;
  return response;
}

function refuseRedirect(gateway: Gateway, request: FinalRequest, { status, headers }: AxiosResponse): void {
  const location: unknown = headers['location'];
  if (status < 300 || status >= 400 || location === undefined) return;
  const where = { method: request.method, host: request.url.host, path: request.url.pathname };
  throw redirectError(gateway, where, status, location);
}
