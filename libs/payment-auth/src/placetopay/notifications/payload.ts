import { SignatureVerificationError } from '../../core/errors';
import { type JsonObject, JsonPayload } from '../../core/inbound/json-payload';

export const parsePayload = (rawBody: Buffer): JsonPayload => JsonPayload.parse('placetopay', rawBody);

/**
 * The body for the handler, without the member that proves it: events end up in logs and queues, and a signature without a time
 * in it is worth as much there as on the wire.
 */
export function payloadWithout<Payload>(value: JsonObject, proof?: string): Payload {
  const members = Object.entries(value).filter(([name]) => name !== proof);
  // The type is the documented one. What a handler relies on stands in `signed`, and that was checked.
  return Object.fromEntries(members) as Payload;
}

/**
 * The text of a body's own signature.
 *
 * @param path names joined by dots
 * @throws {SignatureVerificationError} `missing-signature`; `malformed-signature` when it is no text; `malformed-body` when it
 * is there twice
 */
export function signatureInBody(payload: JsonPayload, path: string): string {
  const text = path.split('.').reduce(memberOf, payload.value);
  if (text === undefined) {
    throw new SignatureVerificationError('missing-signature', 'placetopay', `${path} is missing.`);
  }
  // Refuses a name that is there twice.
  payload.rawText(path);
  if (typeof text === 'string') return text;
  throw new SignatureVerificationError('malformed-signature', 'placetopay', `${path} is not a text.`);
}

function memberOf(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null && Object.hasOwn(owner, name)
    ? (owner as JsonObject)[name]
    : undefined;
}
