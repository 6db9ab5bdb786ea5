import { type IncomingHttpHeaders } from 'node:http';
import { type Gateway, PaymentAuthConfigError, SignatureVerificationError } from '../core/errors';
import { type InboundRequest } from '../core/inbound/inbound-request';
import { type BodyMediaType } from '../core/inbound/notification-scheme';

/** What Express's and Fastify's requests have in common, as far as it concerns us. */
export interface FrameworkRequest {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  /** Kept by Nest when the application was created with `rawBody: true`. */
  readonly rawBody?: unknown;
  /** What a parser made of them; the same bytes, where a raw parser reads this path (`express.raw()`). */
  body?: unknown;
}

export const RAW_BODY_CURE =
  "create the application with `NestFactory.create(AppModule, { rawBody: true })`, in tests with `createNestApplication({ rawBody: true })`, and let no parser of another make read webhooks first: a larger limit is set with `app.useBodyParser('json', { limit })` (Fastify: `app.useBodyParser('application/json', { bodyLimit })`), not with `app.use(express.json({ limit }))`. Signatures cover the bytes as received, and a body that was parsed and written again is another one";

/**
 * @param mediaType of the scheme
 * @throws {SignatureVerificationError} `malformed-body` for a body of another media type, or not in UTF-8
 * @throws {PaymentAuthConfigError} when the application keeps no raw bytes
 */
export function inboundRequest(
  gateway: Gateway,
  request: FrameworkRequest,
  mediaType: BodyMediaType = 'application/json',
): InboundRequest {
  const { method, originalUrl, headers } = request;
  return {
    method: method.toUpperCase(),
    target: originalUrl,
    headers,
    rawBody: rawBodyOf(gateway, request, mediaType),
  };
}

/**
 * For `@Body()`, pipes and interceptors: what was verified, in place of what a parser read. Those differ in which of two equal
 * names counts, in numbers and in what they repair. Bytes are no reading, and stay.
 */
export function replaceParsedBody(request: FrameworkRequest, payload: unknown): void {
  if (!Buffer.isBuffer(request.body)) request.body = payload;
}

function rawBodyOf(gateway: Gateway, { headers, rawBody, body }: FrameworkRequest, mediaType: BodyMediaType): Buffer {
  const bytes = [rawBody, body].find((kept) => Buffer.isBuffer(kept));
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (bytes === undefined ? !hasBody : bytes.length === 0) return Buffer.alloc(0);
  if (!isUtf8Of(mediaType, headers['content-type'])) {
    throw new SignatureVerificationError('malformed-body', gateway, `The content type is not ${mediaType} in UTF-8.`);
  }
  if (bytes !== undefined) return bytes;
  throw new PaymentAuthConfigError([{ option: 'rawBody', problem: RAW_BODY_CURE }], gateway);
}

/** Of several `charset` parameters every one has to be UTF-8: readers disagree on which one counts. */
function isUtf8Of(mediaType: BodyMediaType, contentType = ''): boolean {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charsets = parameters.filter((parameter) => parameter.startsWith('charset'));
  return type === mediaType && charsets.every((charset) => /^charset=(?:utf-?8|"utf-?8")$/.test(charset));
}
