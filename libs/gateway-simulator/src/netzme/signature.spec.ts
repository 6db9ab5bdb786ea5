import vectors from '../../../../test/vectors/netzme-vectors.json';
import { minifyJsonBytes } from '../core/json';
import { DEFAULT_SETTINGS } from '../settings';
import { bodyToCheck, expectedSignature, type SignedParts, signingKey, stringToSign } from './signature';
import { findSignatureMistake } from './signature-mistakes';

type Vector = (typeof vectors.vectors)[number];

function partsOf(vector: Vector, body: Buffer = Buffer.from(vector.body)): SignedParts {
  return {
    path: Buffer.from(vector.pathWithQuery),
    method: vector.method,
    token: `Bearer ${vector.token}`,
    timestamp: vector.requestTime,
    body,
  };
}

const NAMED = vectors.vectors.map((vector) => [vector.name, vector] as const);

describe('the signature', () => {
  it.each(NAMED)('agrees with the reference at every stage: %s', (_name, vector) => {
    const parts = partsOf(vector);

    expect(stringToSign(parts).toString()).toBe(vector.stringToSign);
    expect(signingKey(vector.clientSecret, parts)).toBe(vector.key);
    expect(expectedSignature(vector.clientSecret, parts)).toBe(vector.signature);
  });

  it.each(NAMED)('is unchanged by what the server does to the body: %s', (_name, vector) => {
    const checked = bodyToCheck(Buffer.from(vector.body), DEFAULT_SETTINGS.netzme);

    expect(expectedSignature(vector.clientSecret, partsOf(vector, checked))).toBe(vector.signature);
  });

  it('is the same for a pretty-printed body', () => {
    const pretty = vectors.vectors.filter(
      (vector) => 'bodyInput' in vector && typeof vector.bodyInput === 'string' && vector.jsonStringifyGivesSameBody,
    );

    expect(pretty.length).toBeGreaterThan(3);
    for (const vector of pretty) {
      const sent = Buffer.from(String(vector.bodyInput));
      expect(bodyToCheck(sent, DEFAULT_SETTINGS.netzme).toString()).toBe(vector.body);
    }
  });

  it('escapes non-ASCII characters before the check, when told to', () => {
    const settings = { ...DEFAULT_SETTINGS.netzme, nonAscii: 'escaped' } as const;

    expect(bodyToCheck(Buffer.from('{ "a": "\u00e9 \ud83d\ude00" }'), settings).toString()).toBe(
      '{"a":"\\u00e9 \\ud83d\\ude00"}',
    );
  });

  it.each([
    ['{ "b" : 1.0 , "a" : 1e3, "a":2 }', '{"b":1.0,"a":1e3,"a":2}'],
    ['{"u": "\\u00C9\\/ \\" , : "}', '{"u":"\\u00C9\\/ \\" , : "}'],
    ['[ 12345678901234567890 , "\\\\" , " " ]\n', '[12345678901234567890,"\\\\"," "]'],
  ])('minifies %s without rewriting it', (body, minified) => {
    expect(minifyJsonBytes(Buffer.from(body)).toString()).toBe(minified);
  });

  it.each(['not json', '{"a": 1', '  ', '{"a": "\xff"}'])('leaves %j as it came', (body) => {
    const bytes = Buffer.from(body, 'latin1');

    expect(bodyToCheck(bytes, DEFAULT_SETTINGS.netzme)).toEqual(bytes);
  });
});

describe('findSignatureMistake', () => {
  const SECRET = 'the-secret';
  const body = '{"z":1.0,"a":"caf\u00e9","u":"a/b","m":1}';
  const parts: SignedParts = {
    path: Buffer.from('/api/x/list?name=Toko%20Maju%2FJaya&userId=M1'),
    method: 'POST',
    token: 'Bearer abc',
    timestamp: '1700000000123',
    body: Buffer.from(body),
  };
  const evidence = {
    clientSecret: SECRET,
    parts,
    receivedBody: parts.body,
    host: 'gateway.test',
    earlierTokens: ['older'],
    otherSecrets: ['another-secret'],
  };
  const find = (signature: string) => findSignatureMistake({ ...evidence, signature });
  const signed = (changes: Partial<SignedParts>, secret = SECRET) =>
    expectedSignature(secret, { ...parts, ...changes });

  it.each([
    ['path', { path: Buffer.from('/api/x/list') }],
    ['path', { path: Buffer.from('/api/x/list?name=Toko Maju/Jaya&userId=M1') }],
    ['path', { path: Buffer.from('/api/x/list?name=Toko+Maju%2FJaya&userId=M1') }],
    ['path', { path: Buffer.from('/api/x/list?name=Toko%20Maju%2fJaya&userId=M1') }],
    ['path', { path: Buffer.from('http://gateway.test/api/x/list?name=Toko%20Maju%2FJaya&userId=M1') }],
    ['method', { method: 'post' }],
    ['token', { token: 'abc' }],
    ['token', { token: 'Bearer older' }],
    ['timestamp', { timestamp: '1700000000' }],
    ['body', { body: Buffer.alloc(0) }],
    ['body', { body: Buffer.from(JSON.stringify(JSON.parse(body))) }],
    ['body', { body: Buffer.from('{"z":1.0,"a":"caf\\u00e9","u":"a/b","m":1}') }],
    ['body', { body: Buffer.from('{"a":"caf\u00e9","m":1,"u":"a/b","z":1}') }],
    ['body', { body: Buffer.from('{"z":1,"a":"caf\u00e9","u":"a\\/b","m":1}') }],
    ['body', { body: Buffer.from('{"z": 1.0, "a": "caf\u00e9", "u": "a/b", "m": 1}') }],
    ['method, timestamp', { method: 'post', timestamp: '1700000000' }],
    ['path, body', { path: Buffer.from('/api/x/list'), body: Buffer.alloc(0) }],
  ])('names the input %s', (input, changes) => {
    expect(find(signed(changes))?.input.split(', ').sort()).toEqual(input.split(', ').sort());
  });

  it('names the key, the encoding and the secret of another client', () => {
    const right = signed({});

    expect(find(right.toUpperCase())?.input).toBe('encoding');
    expect(find(Buffer.from(right, 'hex').toString('base64'))?.input).toBe('encoding');
    expect(find(signed({}, 'another-secret'))).toMatchObject({
      input: 'key',
      message: expect.stringContaining('another') as unknown,
    });
    expect(find(signed({}, `${SECRET}\n`))?.input).toBe('key');
  });

  it('finds nothing in noise, and shows neither secret nor signature', () => {
    expect(find('0'.repeat(64))).toBeUndefined();
    expect(JSON.stringify(find(signed({ method: 'post' })))).not.toMatch(/the-secret|[0-9a-f]{64}/);
  });
});
