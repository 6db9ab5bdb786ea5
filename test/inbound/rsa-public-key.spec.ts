import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { inspect } from 'node:util';
import { RsaPublicKey, signatureCheck } from '../../libs/payment-auth/src/core/inbound/rsa-public-key';
import vectors from '../vectors/alignet-vectors.json';

const PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SPKI = PAIR.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const FINGERPRINT = createHash('sha256')
  .update(PAIR.publicKey.export({ type: 'spki', format: 'der' }))
  .digest('hex');

const base64 = (key: KeyObject, type: 'spki' | 'pkcs1' | 'pkcs8' | 'sec1'): string =>
  key.export({ type, format: 'der' } as Parameters<KeyObject['export']>[0] & { format: 'der' }).toString('base64');
const pemOf = ({ publicKey }: { readonly publicKey: KeyObject }): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

function problemOf(text: string, options = {}): string {
  const read = RsaPublicKey.read(text, options);
  return read instanceof RsaPublicKey ? 'none' : read.problem;
}

function keyOf(text: string, options = {}): RsaPublicKey {
  const read = RsaPublicKey.read(text, options);
  if (read instanceof RsaPublicKey) return read;
  throw new Error(read.problem);
}

describe('a public key is read from', () => {
  it.each([
    ['PEM of SPKI', SPKI],
    ['PEM of PKCS#1', PAIR.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['Base64 of SPKI on one line', base64(PAIR.publicKey, 'spki')],
    ['Base64 of PKCS#1 on one line', base64(PAIR.publicKey, 'pkcs1')],
    ['Base64 in lines', base64(PAIR.publicKey, 'spki').replace(/.{64}/g, '$&\n')],
    ['PEM with Windows line breaks', SPKI.replaceAll('\n', '\r\n')],
    ['PEM with spaces around', `\n  ${SPKI}  \n`],
    ['PEM from an environment variable', SPKI.replaceAll('\n', '\\n')],
    ['PEM on one line', SPKI.replaceAll('\n', ' ')],
  ])('%s', (_what, text) => {
    const key = keyOf(text);
    expect(key).toMatchObject({ modulusBits: 2048, signatureBytes: 256, isWeak: false, fingerprint: FINGERPRINT });
  });

  it('what OpenSSL wrote', () => {
    const { publicKeySpkiPem, publicKeyPkcs1Pem } = vectors.keys.rsa2048;
    expect(keyOf(publicKeySpkiPem).fingerprint).toBe(keyOf(publicKeyPkcs1Pem).fingerprint);
    expect(keyOf(vectors.keys.rsa3072.publicKeySpkiPem)).toMatchObject({ modulusBits: 3072, signatureBytes: 384 });
  });
});

describe('a key is refused, saying why and repeating nothing,', () => {
  const encrypted = PAIR.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const withExponent = (e: number): string =>
    createPublicKey({
      format: 'jwk',
      key: { ...PAIR.publicKey.export({ format: 'jwk' }), e: Buffer.from([e]).toString('base64url') },
    })
      .export({ type: 'spki', format: 'pem' })
      .toString();

  it.each([
    [
      'that is private, PKCS#8',
      PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /^is a private key/,
    ],
    [
      'that is private, PKCS#1',
      PAIR.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      /^is a private key/,
    ],
    ['that is private, encrypted', encrypted, /^is a private key/],
    ['that is private, bare PKCS#8', base64(PAIR.privateKey, 'pkcs8'), /^is a private key/],
    ['that is private, bare PKCS#1', base64(PAIR.privateKey, 'pkcs1'), /^is a private key/],
    ['that is private, of a curve', base64(ec.privateKey, 'sec1'), /^is a private key/],
    [
      'that is private under a public label',
      `-----BEGIN RSA PUBLIC KEY-----\n${base64(PAIR.privateKey, 'pkcs1')}\n-----END RSA PUBLIC KEY-----`,
      /^is a private key/,
    ],
    ['of a curve', pemOf(ec), /^is no RSA key but ec$/],
    ['of Ed25519', pemOf(generateKeyPairSync('ed25519')), /^is no RSA key but ed25519$/],
    ['for PSS only', pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })), /^is no RSA key but rsa-pss$/],
    [
      'of 1024 bits',
      pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
      /1024 bits, which is too weak; 2048 are/,
    ],
    ['of 2047 bits', pemOf(generateKeyPairSync('rsa', { modulusLength: 2047 })), /2047 bits/],
    ['with exponent 1', withExponent(1), /anybody can sign/],
    ['with an even exponent', withExponent(4), /anybody can sign/],
    [
      'in a certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      /^is a CERTIFICATE; it must be/,
    ],
    ['under the label of another form', SPKI.replaceAll('PUBLIC', 'RSA PUBLIC'), /^is not readable/],
    ['with two labels', SPKI.replace('BEGIN PUBLIC', 'BEGIN RSA PUBLIC'), /^is not readable/],
    ['twice', SPKI + SPKI, /^is not readable/],
    ['cut off', base64(PAIR.publicKey, 'spki').slice(0, 200), /^is not readable/],
    ['with a character missing', base64(PAIR.publicKey, 'spki').slice(1), /^is not readable/],
    ['of nothing', '', /^is not readable/],
    ['of words', 'the key that Alignet sent', /^is not readable/],
  ])('%s', (_what, text, expected) => {
    const problem = problemOf(text);
    expect(problem).toMatch(expected);
    const secretParts = text.match(/[A-Za-z0-9+/]{40}/g) ?? [];
    expect(secretParts.filter((part) => problem.includes(part))).toEqual([]);
  });

  it('too short even when short ones are allowed', () => {
    const n = Buffer.alloc(64, 0x7f).toString('base64url');
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'RSA', n, e: 'AQAB' } });
    expect(problemOf(pemOf({ publicKey }), { allowWeak: true })).toMatch(/511 bits.*512/);
  });
});

describe('a key that was read', () => {
  it('cannot be changed and shows no more than a fingerprint', () => {
    const key = keyOf(SPKI);
    expect(Object.isFrozen(key)).toBe(true);
    expect(inspect(key, { depth: Infinity, showHidden: true })).not.toMatch(/KeyObject|MII/);
    expect(Object.keys(JSON.parse(JSON.stringify(key)) as object)).toEqual([
      'modulusBits',
      'signatureBytes',
      'isWeak',
      'fingerprint',
    ]);
  });

  it('of 512 bits, where allowed, verifies what fits into it, and does not throw at what does not', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 512 });
    const key = keyOf(pemOf(pair), { allowWeak: true });
    const data = Buffer.from('data');
    expect(key).toMatchObject({ isWeak: true, signatureBytes: 64 });
    expect(key.verifies('sha256', data, sign('sha256', data, pair.privateKey))).toBe(true);
    expect(key.verifies('sha512', data, Buffer.alloc(64, 1))).toBe(false);
  });

  it('has a signature in whole bytes where its modulus is none of them', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2052 });
    const data = Buffer.from('data');
    expect(keyOf(pemOf(pair)).signatureBytes).toBe(257);
    expect(keyOf(pemOf(pair)).verifies('sha256', data, sign('sha256', data, pair.privateKey))).toBe(true);
  });

  it('is tried once for one signature, however many merchants have it', () => {
    const data = Buffer.from('data');
    const signature = sign('sha512', data, PAIR.privateKey);
    const check = signatureCheck('sha512', data, signature);
    const other = keyOf(pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 })));
    expect([keyOf(SPKI), keyOf(SPKI), other].map(check)).toEqual([true, true, false]);
    // Had the second been verified again, it would have seen the change.
    signature.fill(0);
    expect(check(keyOf(SPKI))).toBe(true);
  });
});
