import { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from 'axios';
import { decodePlacetopayFailure, type ExchangeSummary } from 'nestjs-payment-auth';

export type GatewayCallErrorCode =
  | 'ERR_GATEWAY_TIMEOUT'
  | 'ERR_GATEWAY_UNREACHABLE'
  /** An HTTP status that is no success. */
  | 'ERR_GATEWAY_STATUS'
  /** A success by its status, with a body that is none. */
  | 'ERR_GATEWAY_RESPONSE'
  /** The gateway understood, and said no. */
  | 'ERR_GATEWAY_BUSINESS';

/** A call to a gateway that was authenticated and failed all the same. Only what stands here leaves the process. */
export class GatewayCallError extends Error {
  constructor(
    readonly gateway: 'placetopay' | 'netzme',
    readonly code: GatewayCallErrorCode,
    what: string,
    readonly exchange: ExchangeSummary,
  ) {
    super(`${gateway} ${what}: ${exchange.method ?? ''} ${exchange.host ?? ''}${exchange.path ?? ''}.`);
  }

  /** Not after a no; after silence, a server's failure or nonsense from something in between. */
  get retryable(): boolean {
    const { status = 500 } = this.exchange;
    return this.code !== 'ERR_GATEWAY_BUSINESS' && (status < 400 || status >= 500 || status === 429);
  }
}

/** Longer than any word a person would write. In characters. */
const LONG_WORD = /[^\s"'<>,;:(){}[\]]{24,}/g;
const MOST_CHARACTERS = 200;

/** A gateway's own words for an error: gateways have been seen to repeat the token or signature they were sent. */
export const wordsOf = (message: string): string => message.replace(LONG_WORD, '[redacted]').slice(0, MOST_CHARACTERS);

const TIMEOUT_MS = 15_000;
const TIMEOUT_CODES: ReadonlySet<string | undefined> = new Set(['ECONNABORTED', 'ETIMEDOUT']);

/**
 * Sends one request and hands back its JSON object.
 *
 * @throws {PaymentAuthError} what the library throws: authentication refused, no token, a redirect
 * @throws {PlacetopayError} when Placetopay refuses the request, HTTP 200 included
 * @throws {GatewayCallError} for every other answer that is no success
 */
export async function callGateway(
  gateway: 'placetopay' | 'netzme',
  axios: AxiosInstance,
  config: AxiosRequestConfig,
): Promise<{ readonly body: Readonly<Record<string, unknown>>; readonly exchange: ExchangeSummary }> {
  const response = await axios
    .request<unknown>({ timeout: TIMEOUT_MS, ...config, validateStatus: () => true })
    .catch((error: unknown) => {
      throw isAxiosError(error) ? transportError(gateway, axios, config, error.code) : error;
    });
  const exchange = summarize(axios, config, response);
  if (gateway === 'placetopay') {
    const failure = decodePlacetopayFailure({ httpStatus: response.status, body: response.data, ...exchange });
    if (failure !== undefined) throw failure;
  }
  if (response.status < 200 || response.status >= 300) {
    throw new GatewayCallError(gateway, 'ERR_GATEWAY_STATUS', `answered HTTP ${response.status}`, exchange);
  }
  const { data } = response;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new GatewayCallError(gateway, 'ERR_GATEWAY_RESPONSE', 'answered without a JSON object', exchange);
  }
  return { body: data as Record<string, unknown>, exchange };
}

function transportError(
  gateway: 'placetopay' | 'netzme',
  axios: AxiosInstance,
  config: AxiosRequestConfig,
  reason: string | undefined,
): GatewayCallError {
  const isTimeout = TIMEOUT_CODES.has(reason);
  return new GatewayCallError(
    gateway,
    isTimeout ? 'ERR_GATEWAY_TIMEOUT' : 'ERR_GATEWAY_UNREACHABLE',
    isTimeout ? 'did not answer in time' : `could not be reached${reason === undefined ? '' : ` (${reason})`}`,
    summarize(axios, config),
  );
}

function summarize(
  axios: AxiosInstance,
  { method = 'get', url = '' }: AxiosRequestConfig,
  response?: AxiosResponse,
): ExchangeSummary {
  const target = new URL(axios.getUri({ url }));
  return {
    method: method.toUpperCase(),
    host: target.host,
    path: target.pathname,
    ...(response && { status: response.status }),
  };
}
