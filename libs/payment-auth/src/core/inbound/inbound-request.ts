import { type Gateway, SignatureVerificationError } from '../errors';

/** A request that came in, as it was received: no framework's idea of it. */
export interface InboundRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query as on the request line. */
  readonly target: string;
  /** Names in lower case; a list where a header came more than once, as in Node. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes of the body, before anything parsed them. Empty when there was none. */
  readonly rawBody: Buffer;
}

/** More than a hundred times the longest documented body. */
export const DEFAULT_MAX_BODY_BYTES = 256 * 1024;

/** How large a body may be that a pure verifier looks at. */
export interface BodyLimit {
  /** In bytes. @default 262144 */
  readonly maxBodyBytes?: number;
}

/**
 * To be called before anything looks at the body: whoever sends it has proven nothing yet.
 *
 * @throws {SignatureVerificationError} `body-too-large`
 */
export function requireBodyWithin(
  gateway: Gateway,
  { rawBody }: InboundRequest,
  { maxBodyBytes = DEFAULT_MAX_BODY_BYTES }: BodyLimit = {},
): void {
  if (rawBody.length <= maxBodyBytes) return;
  throw new SignatureVerificationError(
    'body-too-large',
    gateway,
    `The body has ${rawBody.length} bytes; ${maxBodyBytes} are allowed.`,
    'If the gateway sends such bodies, allow more for this scheme with notifications.maxBodyBytes, e.g. { placetopay: { checkout: 1048576 } }.',
  );
}

/**
 * The one value of a header that carries a signature.
 *
 * @throws {SignatureVerificationError} `missing-signature` without it; `malformed-signature` when it is repeated: two
 * signatures would leave open which one is meant
 */
export function signatureHeader(gateway: Gateway, request: InboundRequest, name: string): string {
  const value = request.headers[name];
  if (value === undefined || value === '') {
    throw new SignatureVerificationError('missing-signature', gateway, `The header ${name} is missing.`);
  }
  if (typeof value !== 'string') {
    throw new SignatureVerificationError('malformed-signature', gateway, `The header ${name} came more than once.`);
  }
  return value;
}
