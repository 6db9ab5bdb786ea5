import { inspect } from 'node:util';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

/** How programs write a text, by other means than the search's own: what it must be found in. */
export const WAYS_TO_WRITE: readonly (readonly [way: string, write: (secret: string) => string])[] = [
  ['as it is', (secret) => `x${secret}y`],
  ['in part', (secret) => `x${secret.slice(4, 20)}y`],
  ['in JSON', (secret) => JSON.stringify({ a: [secret] })],
  ['in JSON in JSON', (secret) => JSON.stringify(JSON.stringify({ a: [secret] }))],
  ['in util.inspect', (secret) => inspect({ a: [secret] })],
  ['in Base64', (secret) => base64(secret)],
  ['in Base64, behind one byte', (secret) => base64(`x${secret}y`)],
  ['in Base64, behind two', (secret) => base64(`xx${secret}yy`)],
  ['in Base64 for URLs', (secret) => Buffer.from(`user:${secret}`).toString('base64url')],
  ['in hex', (secret) => hex(`x${secret}y`)],
  ['in HEX', (secret) => hex(`x${secret}y`).toUpperCase()],
  ['in a URL', (secret) => `/?a=${encodeURIComponent(secret)}&b`],
  ['in a form', (secret) => new URLSearchParams({ a: secret }).toString()],
  ['as bytes that are shown', (secret) => inspect(Buffer.from(secret))],
  ['as bytes in JSON', (secret) => JSON.stringify(Buffer.from(secret))],
];
