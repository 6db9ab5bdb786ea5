import { createHash } from 'node:crypto';
import { escapeNonAscii, isObject, minifyJsonBytes, parseJson } from './json';

/** How clients are known to write something else than they send, and then to sign that. */
export interface Respelling {
  /** Stable, e.g. `path-without-query`. */
  readonly code: string;
  /** What was signed in place of the right text; to follow "The client signed ...". */
  readonly what: string;
  readonly bytes: Buffer;
}

type Spelling = readonly [code: string, what: string, text: string | Buffer | undefined];

/**
 * Other spellings of a request target; those that change nothing are left out.
 *
 * @param host as in `Host`, for the whole URL
 */
export function pathRespellings(target: string, host: string | undefined): Respelling[] {
  const [path = '', ...rest] = target.split('?');
  const query = rest.join('?');
  const search = query === '' ? '' : `?${query}`;
  const spellings: Spelling[] = [
    ['path-without-query', 'the path without its query', path],
    ['path-decoded', 'the path percent-decoded, while it was sent encoded', attempt(() => decodeURIComponent(target))],
    [
      'path-form-decoded',
      'the path form-decoded, with spaces for plus signs',
      attempt(() => decodeURIComponent(target.replaceAll('+', ' '))),
    ],
    [
      'path-encoded',
      'the path percent-encoded, while it was sent otherwise',
      attempt(() => encodeURI(decodeURI(target))),
    ],
    [
      'path-form-encoded',
      'the query as URLSearchParams writes it',
      query === '' ? undefined : `${path}?${new URLSearchParams(query).toString()}`,
    ],
    [
      'path-values-encoded',
      'the query with its values encoded again',
      query === '' ? undefined : `${path}?${encodeValues(query)}`,
    ],
    ...reordered(query).map((order): Spelling => {
      return ['path-query-order', 'the query with its parameters sorted or in another order', `${path}?${order}`];
    }),
    [
      'path-question-mark',
      'a bare question mark left out or put in',
      target.endsWith('?') ? path : query === '' ? `${target}?` : undefined,
    ],
    ['path-trailing-slash', 'the path with a slash at its end left out or put in', otherEnd(path) + search],
    [
      'path-escapes-case',
      'the path with lower-case percent escapes',
      target.replace(/%[0-9A-F]{2}/gi, (escape) => escape.toLowerCase()),
    ],
    [
      'path-escapes-case',
      'the path with upper-case percent escapes',
      target.replace(/%[0-9A-F]{2}/gi, (escape) => escape.toUpperCase()),
    ],
    ['path-leading-slash', 'the path without its leading slash', target.slice(1)],
    ['path-case', 'the path in lower case', target.toLowerCase()],
    ['path-whole-url', 'the whole URL in place of the path', `http://${host ?? ''}${target}`],
    ['path-whole-url', 'the whole URL in place of the path', `https://${host ?? ''}${target}`],
    ['path-left-out', 'an empty path', ''],
  ];
  return others(spellings, Buffer.from(target));
}

/**
 * Other spellings of a body; those that change nothing are left out.
 *
 * @param received as it came, before any minifying
 * @param right the body whose signature is valid
 */
export function bodyRespellings(received: Buffer, right: Buffer): Respelling[] {
  const value = parseJson(received);
  const text = received.toString('utf8');
  const spellings: Spelling[] = [
    [
      'body-not-minified',
      'the body with the whitespace it was sent with; insignificant whitespace is removed first',
      received,
    ],
    ['body-left-out', 'an empty body', ''],
    ['body-whitespace', 'the body with whitespace at its ends', `${text}\n`],
    ['body-whitespace', 'the body without the whitespace at its ends', text.trim()],
    ['body-line-breaks', 'the body with CR LF for line breaks', text.replace(/\r?\n/g, '\r\n')],
    ['body-byte-order-mark', 'the body with a byte order mark before it', `\ufeff${text}`],
    ['body-hashed', 'the SHA-256 of the body', createHash('sha256').update(right).digest('hex')],
  ];
  if (value !== undefined) spellings.push(...jsonSpellings(value, received));
  return others(spellings, right);
}

function jsonSpellings(value: unknown, received: Buffer): Spelling[] {
  const compact = JSON.stringify(value);
  const minified = minifyJsonBytes(received);
  const spaced = 'the body with spaces after commas and colons, as Python does';
  const escaped = 'the body with non-ASCII characters escaped, while they were sent raw';
  return [
    ['body-minified', 'the body minified, while it was sent with whitespace that counts here', minified],
    ['body-rewritten', 'the body parsed and written anew; escapes, number forms or repeated keys changed', compact],
    ['body-non-ascii-escaped', escaped, escapeNonAscii(minified.toString('utf8'))],
    ['body-non-ascii-escaped', escaped, escapeNonAscii(compact)],
    ['body-keys-sorted', 'the body with its keys sorted', JSON.stringify(sortKeys(value))],
    ['body-slashes-escaped', 'the body with slashes escaped, as PHP does', compact.replaceAll('/', '\\/')],
    [
      'body-as-php',
      'the body with slashes and non-ASCII escaped, as PHP does',
      escapeNonAscii(compact).replaceAll('/', '\\/'),
    ],
    ['body-html-escaped', 'the body with <, > and & escaped, as Go does', escapeHtmlCharacters(compact)],
    ['body-spaced', spaced, pythonSpacing(minified.toString('utf8'))],
    ['body-spaced', spaced, pythonSpacing(escapeNonAscii(compact))],
    ['body-indented', 'the body printed with an indent of 2', JSON.stringify(value, null, 2)],
    ['body-indented', 'the body printed with an indent of 4', JSON.stringify(value, null, 4)],
  ];
}

function others(spellings: readonly Spelling[], right: Buffer): Respelling[] {
  return spellings.flatMap(([code, what, text]) => {
    const bytes = text === undefined ? right : Buffer.from(text);
    return bytes.equals(right) ? [] : [{ code, what, bytes }];
  });
}

function attempt(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const MOST_PARAMETERS = 4;

/** A query with its parameters sorted, and in every other order where they are few. */
function reordered(query: string): string[] {
  if (query === '') return [];
  const parameters = query.split('&');
  if (parameters.length > MOST_PARAMETERS)
    return [[...parameters].sort().join('&'), [...parameters].reverse().join('&')];
  return permutations(parameters).map((order) => order.join('&'));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function otherEnd(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
}

function encodeValues(query: string): string {
  return query.replace(/=([^&]*)/g, (_match, value: string) => `=${encodeURIComponent(value)}`);
}

function escapeHtmlCharacters(json: string): string {
  return json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

function pythonSpacing(minified: string): string {
  return minified.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (token) => (token.length === 1 ? `${token} ` : token));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((name) => [name, sortKeys(value[name])]);
  return Object.fromEntries(entries);
}
