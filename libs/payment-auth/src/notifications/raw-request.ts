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
  /** The same bytes, where a raw parser reads this path (`express.raw()`). */
  readonly body?: unknown;
}

export const RAW_BODY_CURE =
  "create the application with `NestFactory.create(AppModule, { rawBody: true })`, in tests with `createNestApplication({ rawBody: true })`, and let no parser of another make read webhooks first: a larger limit is set with `app.useBodyParser('json', { limit })` (Fastify: `app.useBodyParser('application/json', { bodyLimit })`), not with `app.use(express.json({ limit }))`. Signatures cover the bytes as received, and a body that was parsed and written again is another one";

/** The media types whose raw bytes Nest keeps. */
const KEPT_MEDIA_TYPES: readonly string[] = [
  'application/json',
  'application/x-www-form-urlencoded',
] satisfies BodyMediaType[];

/**
 * @throws {SignatureVerificationError} `malformed-body` for a body of a media type that nobody reads
 * @throws {PaymentAuthConfigError} when the application keeps no raw bytes
 */
export function inboundRequest(gateway: Gateway, request: FrameworkRequest): InboundRequest {
  const { method, originalUrl, headers } = request;
  return { method: method.toUpperCase(), target: originalUrl, headers, rawBody: rawBodyOf(gateway, request) };
}

function rawBodyOf(gateway: Gateway, { headers, rawBody, body }: FrameworkRequest): Buffer {
  if (Buffer.isBuffer(rawBody)) return rawBody;
  if (Buffer.isBuffer(body)) return body;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody) return Buffer.alloc(0);
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!KEPT_MEDIA_TYPES.includes(mediaType)) {
    throw new SignatureVerificationError(
      'malformed-body',
      gateway,
      `The body was not read: its content type is none of ${KEPT_MEDIA_TYPES.join(', ')}.`,
    );
  }
  throw new PaymentAuthConfigError([{ option: 'rawBody', problem: RAW_BODY_CURE }], gateway);
}
