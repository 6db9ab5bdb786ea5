import { createHmac } from 'node:crypto';
import { BEARER_PREFIX, CLIENT_ID_HEADER, REQUEST_TIME_HEADER, SIGNATURE_HEADER } from './netzme.constants';
import { type NetzmeSignatureInputs, netzmeStringToSignPrefix } from './string-to-sign';

/**
 * The HMAC key: `<clientSecret>-<requestTime>-Bearer <token>`, nothing escaped. Netzme's docs call it "salt". Never log it.
 *
 * @see apidocs.netzme.id, Authentication, "Salt of Signature" (read 2026-11)
 */
export function netzmeSigningKey(inputs: {
  readonly clientSecret: string;
  readonly requestTime: string;
  readonly accessToken: string;
}): string {
  return `${inputs.clientSecret}-${inputs.requestTime}-${BEARER_PREFIX}${inputs.accessToken}`;
}

/** A request to be signed. Time and token are arguments: the function reads no clock and no cache. */
export interface NetzmeSigningRequest extends NetzmeSignatureInputs {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The body exactly as it will be sent: text (UTF-8) or bytes. Leave it out when there is none. */
  readonly body?: string | Uint8Array;
}

/** The headers that authenticate one request. Never log them. */
export interface NetzmeSignedHeaders {
  readonly Authorization: string;
  readonly 'Request-Time': string;
  readonly Signature: string;
  readonly 'Client-Id': string;
}

/** HMAC-SHA256 over the string to sign, 64 lower-case hex digits. */
export function netzmeSignature(request: Omit<NetzmeSigningRequest, 'clientId'>): string {
  const { body } = request;
  const prefix = netzmeStringToSignPrefix(request);
  const hmac = createHmac('sha256', netzmeSigningKey(request));
  if (body === undefined || body.length === 0) return hmac.update(prefix).digest('hex');
  if (typeof body === 'string') return hmac.update(prefix + body).digest('hex');
  return hmac.update(prefix).update(body).digest('hex');
}

/**
 * Signs one request.
 *
 * @example
 * const headers = signNetzmeRequest({
 *   clientId: 'demo', clientSecret: 'MaREaULkzAUTAFYg', accessToken: 'cafebface38fe374...', method: 'GET',
 *   path: '/api/aggregator/merchant/qr/balance/detail?userId=M_pXAFWzCg', requestTime: '1615190625765',
 * });
 */
export function signNetzmeRequest(request: NetzmeSigningRequest): NetzmeSignedHeaders {
  return {
    Authorization: BEARER_PREFIX + request.accessToken,
    [REQUEST_TIME_HEADER]: request.requestTime,
    [SIGNATURE_HEADER]: netzmeSignature(request),
    [CLIENT_ID_HEADER]: request.clientId,
  };
}

/** `Basic base64(clientId:clientSecret)`, UTF-8, for the token endpoint. */
export function netzmeBasicAuthorization(client: { readonly clientId: string; readonly clientSecret: string }): string {
  return `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`, 'utf8').toString('base64')}`;
}
