import { createHmac } from 'node:crypto';
import { escapeNonAscii, minifyJsonBytes, parseJson } from '../core/json';
import { type NetzmeSettings } from '../settings';

/** The inputs of Netzme's signature, as bytes: nothing is decoded, so nothing can be lost on the way. */
export interface SignedParts {
  /** The raw request target, path and query, as it stood on the request line. */
  readonly path: Buffer;
  readonly method: string;
  /** `Bearer ` and the token. */
  readonly token: string;
  /** Digits of `Request-Time`. */
  readonly timestamp: string;
  readonly body: Buffer;
}

export function stringToSign({ path, method, token, timestamp, body }: SignedParts): Buffer {
  return Buffer.concat([
    Buffer.from('path='),
    path,
    Buffer.from(`&method=${method}&token=${token}&timestamp=${timestamp}&body=`),
    body,
  ]);
}

export function signingKey(clientSecret: string, parts: SignedParts): string {
  return `${clientSecret}-${parts.timestamp}-${parts.token}`;
}

/** The one signature that is right for these parts: lower-case hex. */
export function expectedSignature(clientSecret: string, parts: SignedParts): string {
  return createHmac('sha256', signingKey(clientSecret, parts)).update(stringToSign(parts)).digest('hex');
}

/** The body as the server checks it. Bytes that are not JSON are checked as they came. */
export function bodyToCheck(body: Buffer, settings: NetzmeSettings): Buffer {
  if (body.length === 0 || parseJson(body) === undefined) return body;
  const minified = settings.minifyBeforeCheck ? minifyJsonBytes(body) : body;
  if (settings.nonAscii === 'as-sent') return minified;
  return Buffer.from(escapeNonAscii(minified.toString('utf8')));
}
