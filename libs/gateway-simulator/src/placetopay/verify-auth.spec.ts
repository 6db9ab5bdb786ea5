import vectors from '../../../../test/vectors/placetopay-vectors.json';
import { DEFAULT_SETTINGS, type PlacetopaySettings } from '../settings';
import { type DigestAlgorithm, digestMatches } from './digest';
import { type DigestMistakeCode, findDigestMistake } from './digest-mistakes';
import { parseSeed } from './seed';
import { type AuthCheck, verifyAuth } from './verify-auth';

type Vector = (typeof vectors.auth)[number];

function verify(
  vector: Vector,
  changes: object = {},
  settings: Partial<PlacetopaySettings> = {},
  nowOffset = 0,
): AuthCheck {
  const { login, secretKey, nonce, seed, tranKey } = vector;
  const instant = parseSeed(seed);
  return verifyAuth({
    product: 'checkout',
    contentType: 'application/json',
    body: { auth: { login, tranKey, nonce, seed, ...changes } },
    now: (typeof instant === 'number' ? instant : 0) + nowOffset,
    accounts: [{ login, secretKey }],
    settings: { ...DEFAULT_SETTINGS.placetopay, ...settings },
    siteState: (account) => account.state ?? 'active',
    isReplay: () => false,
  });
}

function codeOf(check: AuthCheck): number | undefined {
  return 'refusal' in check ? check.refusal.code : undefined;
}

describe('verifyAuth', () => {
  it.each(vectors.auth.map((vector) => [vector.source.slice(0, 90), vector] as const))(
    'accepts %s',
    (_name, vector) => {
      expect(codeOf(verify(vector))).toBeUndefined();
      expect(codeOf(verify(vector, { additional: [] }))).toBeUndefined();
      expect(codeOf(verify(vector, { additional: {} }))).toBeUndefined();
    },
  );

  it.each(vectors.auth.map((vector) => [vector.source.slice(0, 90), vector] as const))(
    'refuses one changed byte of %s',
    (_name, vector) => {
      const raw = Buffer.from(vector.tranKey, 'base64');
      raw[0] = (raw[0] ?? 0) ^ 1;

      expect(codeOf(verify(vector, { tranKey: raw.toString('base64') }))).toBe(102);
      expect(codeOf(verify({ ...vector, secretKey: `${vector.secretKey}x` }))).toBe(102);
    },
  );

  it('allows 300 seconds, either way', () => {
    const [, vector] = vectors.auth;
    if (!vector) throw new Error('no vectors');
    const codes = [-300_001, -300_000, 0, 300_000, 300_001, 360_000].map((ms) => codeOf(verify(vector, {}, {}, ms)));

    expect(codes).toEqual([103, undefined, undefined, undefined, 103, 103]);
  });

  it('accepts SHA-1 until told otherwise', () => {
    const sha1 = vectors.auth.filter(({ algorithm }) => algorithm === 'sha1');

    expect(sha1.length).toBeGreaterThan(3);
    expect(new Set(sha1.map((vector) => codeOf(verify(vector))))).toEqual(new Set([undefined]));
    expect(new Set(sha1.map((vector) => codeOf(verify(vector, {}, { acceptSha1: false }))))).toEqual(new Set([102]));
  });

  it.each([
    ['2023-06-21T09:56:06-05:00', '2023-06-21T14:56:06.000Z'],
    ['2023-06-21T14:56:06+00:00', '2023-06-21T14:56:06.000Z'],
    ['2023-06-21T14:56:06.123Z', '2023-06-21T14:56:06.123Z'],
    ['2023-06-21T14:56:06.123456+00:00', '2023-06-21T14:56:06.123Z'],
    ['2020-07-06T14:58-0500', '2020-07-06T19:58:00.000Z'],
    ['2024-02-29T23:59:59.5-03:30', '2024-03-01T03:29:59.500Z'],
  ])('reads the seed %s as %s', (seed, instant) => {
    expect(parseSeed(seed)).toBe(Date.parse(instant));
  });

  it.each(['2024-02-30T00:00:00Z', '2024-01-01', 'yesterday', '1700000000', '2024-01-01T25:00:00Z'])(
    'does not read %s as a seed',
    (seed) => {
      expect(parseSeed(seed)).toBeUndefined();
    },
  );

  it('wants an offset in the seed', () => {
    expect(parseSeed('2024-01-01T00:00:00')).toBe('no-zone');
  });
});

describe('findDigestMistake', () => {
  const EXPECTED: Readonly<Record<string, DigestMistakeCode>> = {
    'hashed the base64 nonce instead of the raw one': 'nonce-base64-hashed',
    'base64 of the hex digest text instead of the raw digest': 'digest-base64-of-hex',
    'sent the hex digest': 'digest-hex',
    'order seed + nonce + secret': 'order-swapped',
    'SHA-1 where SHA-256 was meant': 'digest-algorithm',
    'HMAC keyed with the secret instead of a plain hash': 'digest-hmac',
    'secret with a trailing newline': 'secret-whitespace',
    'nonce left out of the hash': 'nonce-left-out',
    'binary nonce decoded as UTF-8 text first (U+FFFD replacement, one per WHATWG maximal subpart)': 'nonce-utf8-lossy',
    'binary nonce decoded as latin1 text, then hashed as UTF-8': 'nonce-latin1',
    'hex text of the nonce hashed while base64 of the raw bytes was sent': 'nonce-hex-hashed',
    'secret hashed as UTF-16LE': 'secret-utf16',
    'secret hashed as ASCII with ? for what does not fit': 'secret-ascii',
  };

  it.each(vectors.commonMistakes.map((item) => [item.mistake, item] as const))('recognises: %s', (mistake, item) => {
    const rawNonce = Buffer.from(item.rawNonceHex, 'hex');
    const input = { rawNonce, seed: item.seed, secretKey: item.secretKey };
    const found = findDigestMistake({
      ...input,
      nonce: rawNonce.toString('base64'),
      tranKey: item.wrongTranKey,
      otherSecretKeys: [],
    });

    expect(digestMatches(item.tranKey, item.algorithm as DigestAlgorithm, input)).toBe(true);
    expect(digestMatches(item.wrongTranKey, 'sha256', input)).toBe(false);
    expect(found?.code).toBe(EXPECTED[mistake]);
    expect(found?.message).not.toContain(item.secretKey);
    expect(found?.message).not.toContain(item.tranKey);
  });

  it('covers every mistake of the vectors file', () => {
    expect(vectors.commonMistakes.map(({ mistake }) => mistake).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it('finds nothing in noise', () => {
    const [item] = vectors.auth;
    if (!item) throw new Error('no vectors');
    const evidence = { ...item, rawNonce: Buffer.from(item.rawNonceHex, 'hex'), otherSecretKeys: ['other'] };

    expect(findDigestMistake({ ...evidence, tranKey: Buffer.alloc(32).toString('base64') })).toBeUndefined();
  });
});
