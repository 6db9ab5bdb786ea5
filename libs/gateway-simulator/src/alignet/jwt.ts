import { createHmac } from 'node:crypto';
import { sameBytes } from '../core/compare';
import { type JsonObject, parseJsonObject } from '../core/json';

const HEADER = Buffer.from(JSON.stringify({ typ: 'JWT', alg: 'HS256' })).toString('base64url');

export function signJwt(claims: JsonObject, key: Buffer): string {
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** The claims of a token this key signed; `undefined` for anything else. */
export function verifyJwt(token: string, key: Buffer): JsonObject | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (header !== HEADER || claims === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url');
  return sameBytes(signature, expected) ? parseJsonObject(Buffer.from(claims, 'base64url')) : undefined;
}
