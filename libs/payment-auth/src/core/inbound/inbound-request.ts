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
