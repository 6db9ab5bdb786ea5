import { createHash, createHmac } from 'node:crypto';
import { escapeNonAscii, isObject, minifyJsonBytes, parseJson } from '../core/json';
import { type SignedParts, signingKey, stringToSign } from './signature';

export interface SignatureEvidence {
  readonly signature: string;
  readonly clientSecret: string;
  /** What the server checked. */
  readonly parts: SignedParts;
  /** The body as it came, before any minifying. */
  readonly receivedBody: Buffer;
  readonly host: string | undefined;
  /** Tokens this client had before the current one. */
  readonly earlierTokens: readonly string[];
  readonly otherSecrets: readonly string[];
}

export interface SignatureMistake {
  readonly code: string;
  readonly input: string;
  readonly message: string;
}

/** Everything that goes into a signature, so that each mistake is a small change to it. */
interface Attempt {
  readonly parts: SignedParts;
  readonly key: (parts: SignedParts) => string;
  readonly text: (parts: SignedParts) => Buffer;
  readonly algorithm: 'sha256' | 'sha1' | 'sha512';
  readonly encode: (mac: Buffer) => string;
}

interface Change {
  readonly input: 'path' | 'method' | 'token' | 'timestamp' | 'body' | 'key' | 'encoding';
  /** What the client did, to follow "The client signed ...". */
  readonly what: string;
  readonly apply: (attempt: Attempt) => Attempt;
}

/** Above this size only single changes are tried: pairs would hash the body a thousand times. */
const LARGEST_BODY_FOR_PAIRS = 4 * 1024;

/**
 * Finds which inputs of a wrong signature differ, by trying what clients are known to do: every single change, then
 * every pair of changes to two different inputs. The answer names inputs and never shows a signature.
 */
export function findSignatureMistake(evidence: SignatureEvidence): SignatureMistake | undefined {
  const right: Attempt = {
    parts: evidence.parts,
    key: (parts) => signingKey(evidence.clientSecret, parts),
    text: stringToSign,
    algorithm: 'sha256',
    encode: (mac) => mac.toString('hex'),
  };
  const matches = (attempt: Attempt) => {
    const hmac = createHmac(attempt.algorithm, attempt.key(attempt.parts)).update(attempt.text(attempt.parts));
    return attempt.encode(hmac.digest()) === evidence.signature;
  };
  const changes = knownChanges(evidence);
  const single = changes.find((change) => matches(change.apply(right)));
  if (single) return describe([single]);
  if (evidence.parts.body.length > LARGEST_BODY_FOR_PAIRS) return undefined;
  for (const [index, first] of changes.entries()) {
    const changed = first.apply(right);
    const second = changes.slice(index + 1).find((other) => {
      return other.input !== first.input && matches(other.apply(changed));
    });
    if (second) return describe([first, second]);
  }
  return undefined;
}

function describe(changes: readonly Change[]): SignatureMistake {
  return {
    code: changes.map(({ input }) => `signature-${input}`).join('+'),
    input: changes.map(({ input }) => input).join(', '),
    message: `The client signed ${changes.map(({ what }) => what).join(', and ')}.`,
  };
}

function knownChanges(evidence: SignatureEvidence): Change[] {
  return [
    ...pathChanges(evidence),
    ...bodyChanges(evidence),
    ...tokenChanges(evidence),
    ...keyChanges(evidence),
    ...otherChanges(evidence),
  ];
}

function part(
  input: 'path' | 'method' | 'token' | 'timestamp' | 'body',
  what: string,
  parts: Partial<SignedParts>,
): Change {
  return { input, what, apply: (attempt) => ({ ...attempt, parts: { ...attempt.parts, ...parts } }) };
}

function pathChanges({ parts, host }: SignatureEvidence): Change[] {
  const target = parts.path.toString('latin1');
  const [path = '', ...rest] = target.split('?');
  const query = rest.join('?');
  const sorted = query.split('&').sort().join('&');
  const respelled: readonly (readonly [what: string, path: string | undefined])[] = [
    ['the path without its query', path],
    ['the path percent-decoded, while it was sent encoded', attempt(() => decodeURIComponent(target))],
    [
      'the path form-decoded, with spaces for plus signs',
      attempt(() => decodeURIComponent(target.replaceAll('+', ' '))),
    ],
    ['the path percent-encoded, while it was sent otherwise', attempt(() => encodeURI(decodeURI(target)))],
    ['the query as URLSearchParams writes it', `${path}?${new URLSearchParams(query).toString()}`],
    ['the query with its values encoded again', `${path}?${encodeValues(query)}`],
    ['the query with its parameters sorted', `${path}?${sorted}`],
    ['a bare question mark left out or put in', target.endsWith('?') ? path : `${target}?`],
    ['the path with lower-case percent escapes', target.replace(/%[0-9A-F]{2}/gi, (escape) => escape.toLowerCase())],
    ['the path with upper-case percent escapes', target.replace(/%[0-9A-F]{2}/gi, (escape) => escape.toUpperCase())],
    ['the path without its leading slash', target.slice(1)],
    ['the path in lower case', target.toLowerCase()],
    ['the whole URL in place of the path', `http://${host ?? ''}${target}`],
    ['the whole URL in place of the path', `https://${host ?? ''}${target}`],
    ['an empty path', ''],
  ];
  return respelled
    .filter(([, text]) => text !== undefined && text !== target)
    .map(([what, text = '']) => part('path', what, { path: Buffer.from(text) }));
}

function bodyChanges({ parts, receivedBody }: SignatureEvidence): Change[] {
  const value = parseJson(receivedBody);
  const text = receivedBody.toString('utf8');
  const variants: (readonly [what: string, body: string | Buffer])[] = [
    ['the body with the whitespace it was sent with; insignificant whitespace is removed first', receivedBody],
    ['an empty body', ''],
    ['the body with whitespace at its ends', `${text}\n`],
    ['the SHA-256 of the body', createHash('sha256').update(parts.body).digest('hex')],
  ];
  if (value !== undefined) {
    const compact = JSON.stringify(value);
    const minified = minifyJsonBytes(receivedBody);
    variants.push(
      ['the body minified, while it was sent with whitespace that counts here', minified],
      ['the body parsed and written anew; escapes, number forms or repeated keys changed', compact],
      [
        'the body with non-ASCII characters escaped, while they were sent raw',
        escapeNonAscii(minified.toString('utf8')),
      ],
      ['the body with non-ASCII characters escaped, while they were sent raw', escapeNonAscii(compact)],
      ['the body with its keys sorted', JSON.stringify(sortKeys(value))],
      ['the body with slashes escaped, as PHP does', compact.replaceAll('/', '\\/')],
      ['the body with slashes and non-ASCII escaped, as PHP does', escapeNonAscii(compact).replaceAll('/', '\\/')],
      ['the body with <, > and & escaped, as Go does', escapeHtmlCharacters(compact)],
      ['the body with spaces after commas and colons, as Python does', pythonSpacing(minified)],
      ['the body printed with an indent of 2', JSON.stringify(value, null, 2)],
      ['the body printed with an indent of 4', JSON.stringify(value, null, 4)],
    );
  }
  return variants
    .map(([what, body]) => [what, Buffer.from(body)] as const)
    .filter(([, body]) => !body.equals(parts.body))
    .map(([what, body]) => part('body', what, { body }));
}

function tokenChanges({ parts, earlierTokens }: SignatureEvidence): Change[] {
  const bare = parts.token.replace(/^Bearer /, '');
  const inString: readonly (readonly [what: string, token: string])[] = [
    ['the token without "Bearer "', bare],
    ['the token with "bearer" in lower case', `bearer ${bare}`],
    ['no token', ''],
    ...earlierTokens.map((token) => ['a token that a newer one has ended', `Bearer ${token}`] as const),
  ];
  return inString.flatMap(([what, token]): Change[] => [
    part('token', `${what}, in string and key`, { token }),
    {
      input: 'token',
      what: `${what}, in the string only`,
      apply: (attempt) => ({ ...attempt, text: (signed) => attempt.text({ ...signed, token }) }),
    },
    {
      input: 'key',
      what: `${what}, in the key only`,
      apply: (attempt) => ({ ...attempt, key: (signed) => attempt.key({ ...signed, token }) }),
    },
  ]);
}

function keyChanges({ clientSecret, otherSecrets }: SignatureEvidence): Change[] {
  const keys: readonly (readonly [what: string, key: (parts: SignedParts) => string])[] = [
    ['with the bare client secret as key', () => clientSecret],
    ['with a key that lacks the token', ({ timestamp }) => `${clientSecret}-${timestamp}`],
    ['with a key that lacks the time', ({ token }) => `${clientSecret}-${token}`],
    ['with a key without hyphens', ({ timestamp, token }) => `${clientSecret}${timestamp}${token}`],
    ['with a key whose time and token are swapped', ({ timestamp, token }) => `${clientSecret}-${token}-${timestamp}`],
    ['with whitespace around the client secret', (parts) => signingKey(`${clientSecret}\n`, parts)],
    ['with whitespace around the client secret', (parts) => signingKey(`${clientSecret} `, parts)],
    ['with the client secret trimmed', (parts) => signingKey(clientSecret.trim(), parts)],
    ...otherSecrets.map(
      (other) => ["with another client's secret", (parts: SignedParts) => signingKey(other, parts)] as const,
    ),
  ];
  return keys.map(([what, key]) => ({ input: 'key', what, apply: (attempt) => ({ ...attempt, key }) }));
}

function otherChanges({ parts }: SignatureEvidence): Change[] {
  const encoded = (what: string, encode: Attempt['encode']): Change => {
    return { input: 'encoding', what, apply: (attempt) => ({ ...attempt, encode }) };
  };
  const snap = (signed: SignedParts) => {
    const bodyHash = createHash('sha256').update(signed.body).digest('hex');
    const token = signed.token.replace(/^Bearer /, '');
    return Buffer.from(`${signed.method}:${signed.path.toString()}:${token}:${bodyHash}:${signed.timestamp}`);
  };
  return [
    part('method', 'the method in lower case', { method: parts.method.toLowerCase() }),
    ...['GET', 'POST'].map((method) => part('method', `the method ${method}`, { method })),
    part('timestamp', 'the time in seconds', { timestamp: String(Math.floor(Number(parts.timestamp) / 1000)) }),
    part('timestamp', 'no time', { timestamp: '' }),
    encoded('and sent upper-case hex; send lower case', (mac) => mac.toString('hex').toUpperCase()),
    encoded('and sent base64; send lower-case hex', (mac) => mac.toString('base64')),
    { input: 'encoding', what: 'with HMAC-SHA512', apply: (attempt) => ({ ...attempt, algorithm: 'sha512' }) },
    { input: 'encoding', what: 'with HMAC-SHA1', apply: (attempt) => ({ ...attempt, algorithm: 'sha1' }) },
    {
      input: 'encoding',
      what: 'by the scheme of the SNAP API',
      apply: (attempt) => ({ ...attempt, text: snap, algorithm: 'sha512' }),
    },
  ];
}

function attempt(make: () => string): string | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function encodeValues(query: string): string {
  return query.replace(/=([^&]*)/g, (_match, value: string) => `=${encodeURIComponent(value)}`);
}

function escapeHtmlCharacters(json: string): string {
  return json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

function pythonSpacing(minified: Buffer): string {
  return minified
    .toString('utf8')
    .replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (token) => (token.length === 1 ? `${token} ` : token));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((name) => [name, sortKeys(value[name])]);
  return Object.fromEntries(entries);
}
