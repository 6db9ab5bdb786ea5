import { hmacSha256Hex } from '../core/hmac-sha256';
import { requireTexts } from '../core/require-texts';
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
  return `${inputs.clientSecret}-${inputs.requestTime}-Bearer ${inputs.accessToken}`;
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

const TEXTS = ['clientSecret', 'accessToken', 'requestTime', 'method', 'path'] as const;

/**
 * HMAC-SHA256 over the string to sign, 64 lower-case hex digits.
 *
 * @throws {TypeError} when an input but the body is no text
 */
export function netzmeSignature(request: Omit<NetzmeSigningRequest, 'clientId'>): string {
  requireTexts(request, TEXTS);
  const { body } = request;
  const key = netzmeSigningKey(request);
  const prefix = netzmeStringToSignPrefix(request);
  if (typeof body === 'string') return hmacSha256Hex(key, prefix + body);
  return hmacSha256Hex(key, prefix, body);
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
    Authorization: `Bearer ${request.accessToken}`,
    'Request-Time': request.requestTime,
    Signature: netzmeSignature(request),
    'Client-Id': request.clientId,
  };
}

/** `Basic base64(clientId:clientSecret)`, UTF-8, for the token endpoint. */
export function netzmeBasicAuthorization(client: { readonly clientId: string; readonly clientSecret: string }): string {
  return `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`, 'utf8').toString('base64')}`;
}
