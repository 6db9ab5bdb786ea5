import { createHash, createHmac } from 'node:crypto';
import { bodyRespellings, pathRespellings } from '../core/respellings';
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
  return pathRespellings(parts.path.toString('latin1'), host).map(({ what, bytes }) =>
    part('path', what, { path: bytes }),
  );
}

function bodyChanges({ parts, receivedBody }: SignatureEvidence): Change[] {
  return bodyRespellings(receivedBody, parts.body).map(({ what, bytes }) => part('body', what, { body: bytes }));
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
    encoded('in upper-case hex; send lower case', (mac) => mac.toString('hex').toUpperCase()),
    encoded('in base64; send lower-case hex', (mac) => mac.toString('base64')),
    { input: 'encoding', what: 'with HMAC-SHA512', apply: (attempt) => ({ ...attempt, algorithm: 'sha512' }) },
    { input: 'encoding', what: 'with HMAC-SHA1', apply: (attempt) => ({ ...attempt, algorithm: 'sha1' }) },
    {
      input: 'encoding',
      what: 'by the scheme of the SNAP API',
      apply: (attempt) => ({ ...attempt, text: snap, algorithm: 'sha512' }),
    },
  ];
}
