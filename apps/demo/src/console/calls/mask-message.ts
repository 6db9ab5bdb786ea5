import { isUtf8 } from 'node:buffer';
import { type WireMessage } from '../contract';
import { jsonValues } from './json-values';
import { hidden, masked } from './masked';
import { type RawMessage } from './raw-message';
import { isLasting, isSensitive } from './sensitive-names';

/** Of a body, in characters; `bodyBytes` tells how much there was. */
const LARGEST_SHOWN = 64 * 1024;
/** A value so short would be found in half of everything. */
const SHORTEST_SECRET = 8;

const SCHEME = /^(?:basic|bearer|custom) +/i;

/** The credentials in a message, by the names of its headers and members. */
export function secretsIn({ headers, body }: RawMessage): string[] {
  return [
    ...headers.filter(([name]) => isSensitive(name)).map(([, value]) => value.replace(SCHEME, '')),
    ...sensitiveValues(body.toString('utf8')).map(({ value }) => value),
  ].filter((value) => value.length >= SHORTEST_SECRET);
}

/**
 * A message as it may be shown: credentials masked by the names they have, and wherever else one of them turns up (gateways
 * have been seen to repeat what they were sent). All else is to the byte what went over the wire.
 *
 * @param secrets values found in this message and in those it belongs to
 */
export function maskMessage(
  { startLine, headers, body, bodyBytes }: RawMessage,
  secrets: readonly string[],
): WireMessage {
  const names: string[] = [];
  const replaced = byLength(secrets);
  const maskedHeaders = headers.map(([name, value]) => {
    const shown = isSensitive(name) ? maskHeader(value) : maskEverywhere(value, replaced);
    if (shown !== value) names.push(name);
    return [name, shown] as const;
  });
  const isText = isUtf8(body);
  const text = isText ? maskBody(body.toString('utf8'), replaced, names) : maskBytes(body, replaced).toString('hex');
  return {
    startLine: maskEverywhere(startLine, replaced),
    headers: maskedHeaders,
    body: text.slice(0, LARGEST_SHOWN),
    bodyEncoding: isText ? 'utf8' : 'hex',
    bodyBytes,
    masked: [...new Set(names)],
  };
}

/** A value of JSON without the secrets that turn up in its texts. */
export function maskValue(value: unknown, secrets: readonly string[]): unknown {
  const replaced = byLength(secrets);
  const masked = (each: unknown): unknown => {
    if (typeof each === 'string') return maskEverywhere(each, replaced);
    if (Array.isArray(each)) return each.map(masked);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, of]) => [maskEverywhere(name, replaced), masked(of)]));
  };
  return replaced.length === 0 ? value : masked(value);
}

/** Keeps the scheme: whether it said Basic or Bearer is often the whole mistake. */
function maskHeader(value: string): string {
  const scheme = SCHEME.exec(value)?.[0] ?? '';
  const credential = value.slice(scheme.length);
  return scheme + (/^basic/i.test(scheme) ? hidden(credential) : masked(credential));
}

const sensitiveValues = (text: string) =>
  jsonValues(text).filter(({ path }) => path.split('.').some(isSensitiveMember));

/** Alignet wraps its answers in objects of these names. */
const isSensitiveMember = (name: string, index: number, path: readonly string[]): boolean =>
  isSensitive(name) && (index === path.length - 1 || (name !== 'authorization' && name !== 'nonce_creation'));

function maskBody(text: string, secrets: readonly string[], names: string[]): string {
  let shown = '';
  let at = 0;
  for (const { path, name, start, end, value } of sensitiveValues(text)) {
    shown += maskEverywhere(text.slice(at, start), secrets) + `"${isLasting(name) ? hidden(value) : masked(value)}"`;
    names.push(path);
    at = end;
  }
  return shown + maskEverywhere(text.slice(at), secrets);
}

const maskEverywhere = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, () => hidden(secret)), text);

function maskBytes(body: Buffer, secrets: readonly string[]): Buffer {
  return secrets.some((secret) => body.includes(secret)) ? Buffer.alloc(0) : body;
}

/** The longest first: of one that holds another, nothing may be left over. */
const byLength = (secrets: readonly string[]): string[] =>
  [...new Set(secrets)].sort((one, other) => other.length - one.length);
