import {
  alignetNotificationMerchant,
  placetopayNotificationMerchant,
  verifyAlignetNotification,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import { alignetTestMessage } from 'nestjs-payment-auth/testing';
import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { type RsaDigest, RsaPublicKey } from '../../libs/payment-auth/src/core/inbound/rsa-public-key';
import nist from '../vectors/nist-rsa-pkcs1-vectors.json';
import {
  cubeRoot,
  der,
  digestInfo,
  digestOf,
  HASH_OIDS,
  type HashName,
  hex,
  NULL,
  OCTET_STRING,
  OID,
  padded,
  rawSign,
  SEQUENCE,
  toBytes,
  toNumber,
} from './raw-rsa';
import { refusalOf } from './refusal';

/*
 * Wycheproof's vectors are in no package of the npm registry (nor in Debian's python3-cryptography-vectors), so this builds an
 * equal set with private keys of its own: what Wycheproof's RSA PKCS#1 and HMAC files try, by their names for it. NIST's own
 * vectors (CAVP) stand beside it. Each case is one input to one of our verify wrappers.
 */
const counts = { 'valid, accepted': 0, 'invalid, refused': 0 };
afterAll(() => {
  const lines = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  process.stdout.write(`wycheproof-like cases: ${lines.join('; ')}\n`);
});

/** Runs many cases in one test, so that they are counted and none hides another. */
function expectAll(
  cases: readonly (readonly [name: string, isValid: boolean, accepts: () => boolean])[],
  least: number,
): void {
  const wrong = cases.filter(([, isValid, accepts]) => accepts() !== isValid).map(([name]) => name);
  for (const [, isValid] of cases) counts[isValid ? 'valid, accepted' : 'invalid, refused'] += 1;
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(least);
}

function readKey(publicKey: KeyObject, allowWeak = false): RsaPublicKey {
  const read = RsaPublicKey.read(publicKey.export({ type: 'spki', format: 'pem' }).toString(), { allowWeak });
  if (read instanceof RsaPublicKey) return read;
  throw new Error(read.problem);
}

const newPair = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });

const MESSAGE = Buffer.from('{"transaction":{"state":"AUTORIZADO","amount":"15000"}}');
const PAIR = newPair(2048);
const KEY = readKey(PAIR.publicKey);
const LENGTH = KEY.signatureBytes;
const MODULUS = toNumber(Buffer.from(PAIR.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url'));

describe.each(['sha512', 'sha256'] as const)('RSA PKCS#1 v1.5, 2048 bits, %s', (hash: RsaDigest) => {
  const digest = digestOf(hash, MESSAGE);
  const oid = hex(HASH_OIDS[hash]);
  const right = digestInfo(oid, NULL, digest);
  const signature = sign(hash, MESSAGE, PAIR.privateKey);
  const accepts =
    (bytes: Uint8Array, key = KEY, message: Uint8Array = MESSAGE) =>
    (): boolean =>
      key.verifies(hash, message, bytes);
  const acceptsBlock = (block: Uint8Array) => accepts(rawSign(block, PAIR.privateKey));
  const acceptsTail = (tail: Uint8Array) => acceptsBlock(padded(tail, LENGTH));

  it('accepts what is right, made by OpenSSL and by hand', () => {
    expect(rawSign(padded(right, LENGTH), PAIR.privateKey)).toEqual(signature);
    const messages = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(1_000_000, 7), Buffer.from('\u{1f600}')];
    expectAll(
      [
        ['by OpenSSL', true, accepts(signature)],
        ['by hand', true, acceptsTail(right)],
        ...messages.map(
          (message, index) =>
            [`message ${index}`, true, accepts(sign(hash, message, PAIR.privateKey), KEY, message)] as const,
        ),
        ...[3072].map((bits) => {
          const pair = newPair(bits);
          return [
            `${bits} bits`,
            true,
            accepts(sign(hash, MESSAGE, pair.privateKey), readKey(pair.publicKey)),
          ] as const;
        }),
      ],
      7,
    );
  });

  it('refuses every other DigestInfo', () => {
    const algorithm = der(SEQUENCE, Buffer.concat([der(OID, oid), NULL]));
    const octets = der(OCTET_STRING, digest);
    const inside = Buffer.concat([algorithm, octets]);
    const withTag = (tag: number): Buffer => Buffer.concat([Buffer.from([tag]), right.subarray(1)]);
    const withAlgorithm = (other: Uint8Array): Buffer => der(SEQUENCE, Buffer.concat([other, octets]));
    const withOctets = (other: Uint8Array): Buffer => der(SEQUENCE, Buffer.concat([algorithm, other]));
    const withLength = (...length: number[]): Buffer => Buffer.concat([Buffer.from([SEQUENCE, ...length]), inside]);
    const hashes = Object.keys(HASH_OIDS) as HashName[];
    const others = hashes.filter((name) => name !== hash);
    const cases: [string, Uint8Array][] = [
      ['length of sequence in long form', withLength(0x81, inside.length)],
      ['length of sequence in long form of two bytes', withLength(0x82, 0, inside.length)],
      ['length of sequence with leading zeros', withLength(0x84, 0, 0, 0, inside.length)],
      ['length of sequence one more', withLength(inside.length + 1)],
      ['length of sequence one less', withLength(inside.length - 1)],
      ['length of sequence zero', withLength(0)],
      ['length of sequence 2^31', withLength(0x84, 0x80, 0, 0, 0)],
      ['length of sequence 2^32 and the right one', withLength(0x85, 1, 0, 0, 0, inside.length)],
      ['length of sequence 2^64 and the right one', withLength(0x89, 1, 0, 0, 0, 0, 0, 0, 0, inside.length)],
      ['length of sequence -1', withLength(0xff)],
      ['indefinite length of sequence', Buffer.concat([withLength(0x80), hex('0000')])],
      ['indefinite length without end', withLength(0x80)],
      ['no sequence', inside],
      ['sequence in a sequence', der(SEQUENCE, right)],
      ['sequence twice', Buffer.concat([right, right])],
      ...[0x00, 0x02, 0x04, 0x10, 0x31, 0x70, 0xff].map((tag): [string, Uint8Array] => [
        `tag ${tag} for sequence`,
        withTag(tag),
      ]),
      ['garbage in the sequence', der(SEQUENCE, Buffer.concat([inside, hex('4977')]))],
      ['NULL behind the digest', der(SEQUENCE, Buffer.concat([inside, NULL]))],
      ['garbage before the algorithm', der(SEQUENCE, Buffer.concat([hex('4977'), inside]))],
      ['garbage in the algorithm', withAlgorithm(der(SEQUENCE, Buffer.concat([der(OID, oid), NULL, hex('4977')])))],
      ['no algorithm', der(SEQUENCE, octets)],
      ['empty algorithm', withAlgorithm(der(SEQUENCE, Buffer.alloc(0)))],
      ['algorithm in long form', withAlgorithm(Buffer.concat([hex('3081'), algorithm.subarray(1)]))],
      [
        'indefinite length of the algorithm',
        withAlgorithm(Buffer.concat([hex('3080'), algorithm.subarray(2), hex('0000')])),
      ],
      ['missing NULL', digestInfo(oid, Buffer.alloc(0), digest)],
      ['NULL twice', digestInfo(oid, hex('05000500'), digest)],
      ['NULL in long form', digestInfo(oid, hex('058100'), digest)],
      ['NULL with content', digestInfo(oid, hex('050100'), digest)],
      ['NULL of indefinite length', digestInfo(oid, hex('05800000'), digest)],
      ['an empty sequence for NULL', digestInfo(oid, hex('3000'), digest)],
      ['an empty OID for NULL', digestInfo(oid, hex('0600'), digest)],
      ['garbage of 20 bytes for NULL', digestInfo(oid, der(OCTET_STRING, Buffer.alloc(20, 0xaa)), digest)],
      ['tag of NULL changed', digestInfo(oid, hex('0400'), digest)],
      ['no OID', withAlgorithm(der(SEQUENCE, NULL))],
      ['empty OID', digestInfo(Buffer.alloc(0), NULL, digest)],
      ['OID and more', digestInfo(Buffer.concat([oid, hex('01')]), NULL, digest)],
      ['OID and less', digestInfo(oid.subarray(0, -1), NULL, digest)],
      ['OID with another last byte', digestInfo(Buffer.concat([oid.subarray(0, -1), hex('55')]), NULL, digest)],
      ['OID with a leading zero in an arc', digestInfo(Buffer.concat([hex('6080'), oid.subarray(1)]), NULL, digest)],
      [
        'OID in long form',
        withAlgorithm(der(SEQUENCE, Buffer.concat([hex('0681'), Buffer.from([oid.length]), oid, NULL]))),
      ],
      ['tag of OID changed', withAlgorithm(der(SEQUENCE, Buffer.concat([der(0x0d, oid), NULL])))],
      ...others.map((name): [string, Uint8Array] => [
        `OID of ${name}, this digest`,
        digestInfo(hex(HASH_OIDS[name]), NULL, digest),
      ]),
      ...others.map((name): [string, Uint8Array] => [
        `${name}, as it is signed`,
        digestInfo(hex(HASH_OIDS[name]), NULL, digestOf(name, MESSAGE)),
      ]),
      ...others.map((name): [string, Uint8Array] => [
        `this OID, digest of ${name}`,
        digestInfo(oid, NULL, digestOf(name, MESSAGE)),
      ]),
      ['no digest', der(SEQUENCE, algorithm)],
      ['empty digest', withOctets(hex('0400'))],
      ['digest in long form', withOctets(Buffer.concat([hex('0481'), Buffer.from([digest.length]), digest]))],
      ['digest of indefinite length', withOctets(Buffer.concat([hex('2480'), octets, hex('0000')]))],
      [
        'digest in two parts',
        withOctets(der(0x24, Buffer.concat([der(4, digest.subarray(0, 8)), der(4, digest.subarray(8))]))),
      ],
      ['length of digest one more', withOctets(Buffer.concat([Buffer.from([4, digest.length + 1]), digest]))],
      ['length of digest one less', withOctets(Buffer.concat([Buffer.from([4, digest.length - 1]), digest]))],
      ...[0x03, 0x05, 0x0c, 0x24, 0x84].map((tag): [string, Uint8Array] => [
        `tag ${tag} for the digest`,
        withOctets(der(tag, digest)),
      ]),
      ['a bit string for the digest', withOctets(der(0x03, Buffer.concat([hex('00'), digest])))],
      ['digest without its last byte', digestInfo(oid, NULL, digest.subarray(0, -1))],
      ['digest and a zero', digestInfo(oid, NULL, Buffer.concat([digest, hex('00')]))],
      ['a zero and the digest', digestInfo(oid, NULL, Buffer.concat([hex('00'), digest]))],
      ['digest in hexadecimal', digestInfo(oid, NULL, Buffer.from(digest.toString('hex')))],
      ['digest of the digest', digestInfo(oid, NULL, digestOf(hash, digest))],
      ['digest of another message', digestInfo(oid, NULL, digestOf(hash, Buffer.from('other')))],
      ['digest of zeros', digestInfo(oid, NULL, Buffer.alloc(digest.length))],
      ...[...digest.keys()].map((index): [string, Uint8Array] => {
        const changed = Buffer.from(digest);
        changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
        return [`bit of byte ${index} of the digest`, digestInfo(oid, NULL, changed)];
      }),
      ['the bare digest', digest],
      ['the message itself', MESSAGE],
      ['nothing', Buffer.alloc(0)],
    ];
    expectAll(
      cases.map(([name, tail]) => [name, false, acceptsTail(tail)]),
      100,
    );
  });

  it('refuses every other padding', () => {
    const block = padded(right, LENGTH);
    const separator = LENGTH - right.length - 1;
    const withByte = (index: number, byte: number): Buffer => {
      const changed = Buffer.from(block);
      changed.writeUInt8(byte, index);
      return changed;
    };
    const ended = (padding: Uint8Array, tail: Uint8Array = right): Buffer =>
      Buffer.concat([padding, hex('00'), tail, Buffer.alloc(LENGTH)]).subarray(0, LENGTH);
    const short = [0, 1, 7, 8, 9, 64].map((length): [string, Uint8Array] => [
      `padding of ${length} bytes, zeros behind`,
      ended(Buffer.concat([hex('0001'), Buffer.alloc(length, 0xff)])),
    ]);
    const garbage = [1, 2, 16, 100].map((length): [string, Uint8Array] => [
      `${length} bytes of garbage behind the DigestInfo`,
      padded(Buffer.concat([right, Buffer.alloc(length, 0xa5)]), LENGTH),
    ]);
    const early = [1, 2, 16].map((length): [string, Uint8Array] => [
      `${length} zeros before the block`,
      Buffer.concat([Buffer.alloc(length), padded(right, LENGTH - length)]),
    ]);
    const cases: [string, Uint8Array][] = [
      ...[0x00, 0x02, 0x03, 0x81, 0xff].map((byte): [string, Uint8Array] => [`block type ${byte}`, withByte(1, byte)]),
      ['first byte one', withByte(0, 1)],
      ...Array.from({ length: separator - 2 }, (_, index): [string, Uint8Array] => [
        `padding byte ${index}`,
        withByte(index + 2, 0xfe),
      ]),
      ['padding of zeros', Buffer.concat([hex('0001'), Buffer.alloc(separator - 2), hex('00'), right])],
      [
        'padding of random bytes (type 2)',
        Buffer.concat([hex('0002'), Buffer.alloc(separator - 2, 0x5a), hex('00'), right]),
      ],
      ['padding that ends in ee', withByte(separator - 1, 0xee)],
      ...[0x01, 0x80, 0xff].map((byte): [string, Uint8Array] => [`separator ${byte}`, withByte(separator, byte)]),
      ['no padding at all', Buffer.concat([right, Buffer.alloc(LENGTH - right.length)])],
      ['no padding, zeros before', Buffer.concat([Buffer.alloc(LENGTH - right.length), right])],
      ['separator twice', padded(Buffer.concat([hex('00'), right]), LENGTH)],
      ['all zeros', Buffer.alloc(LENGTH)],
      ['one', Buffer.concat([Buffer.alloc(LENGTH - 1), hex('01')])],
      ...short,
      ...garbage,
      ...early,
    ];
    const modulus = toBytes(MODULUS, LENGTH);
    const possible = cases.filter(([, bytes]) => Buffer.compare(bytes, modulus) < 0);
    expectAll(
      possible.map(([name, bytes]) => [name, false, acceptsBlock(bytes)]),
      150,
    );
  });

  it('refuses every other number and length', () => {
    const number = toNumber(signature);
    const bitChanged = Array.from(signature.keys(), (index) => {
      const changed = Buffer.from(signature);
      changed.writeUInt8(changed.readUInt8(index) ^ (1 << (index % 8)), index);
      return [`bit of byte ${index}`, changed] as const;
    });
    const truncated = Array.from(
      signature.keys(),
      (length) => [`first ${length} bytes`, signature.subarray(0, length)] as const,
    );
    const lastBytes = Array.from(
      signature.keys(),
      (length) => [`last ${length} bytes`, signature.subarray(LENGTH - length)] as const,
    );
    const named: (readonly [string, Uint8Array])[] = [
      ['zero', Buffer.alloc(LENGTH)],
      ['one', toBytes(1n, LENGTH)],
      ['modulus - 1', toBytes(MODULUS - 1n, LENGTH)],
      ['modulus', toBytes(MODULUS, LENGTH)],
      ['modulus + 1', toBytes(MODULUS + 1n, LENGTH)],
      ['largest number', Buffer.alloc(LENGTH, 0xff)],
      ['signature + modulus', toBytes(number + MODULUS, LENGTH)],
      ['signature + 2 modulus', toBytes(number + 2n * MODULUS, LENGTH)],
      ['modulus - signature', toBytes(MODULUS - number, LENGTH)],
      ['a zero before', Buffer.concat([hex('00'), signature])],
      ['a zero behind', Buffer.concat([signature, hex('00')])],
      ['twice', Buffer.concat([signature, signature])],
      ['backwards', Buffer.from(signature).reverse()],
      ['as hexadecimal', Buffer.from(signature.toString('hex'))],
      ['as Base64', Buffer.from(signature.toString('base64'))],
      ['as a DER octet string', Buffer.concat([hex('04820100'), signature])],
      ['1 MB', Buffer.alloc(1_000_000, 1)],
      ['another message', sign(hash, Buffer.from('other'), PAIR.privateKey)],
      ['another key', sign(hash, MESSAGE, newPair(2048).privateKey)],
      ['a longer key', sign(hash, MESSAGE, newPair(3072).privateKey)],
      ['PSS', sign(hash, MESSAGE, { key: PAIR.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })],
      ['the other hash', sign(hash === 'sha512' ? 'sha256' : 'sha512', MESSAGE, PAIR.privateKey)],
    ];
    const all = [...bitChanged, ...truncated, ...lastBytes, ...named];
    expectAll(
      all.map(([name, bytes]) => [name, false, accepts(bytes)]),
      780,
    );
  });

  it('takes a signature with a leading zero only with it', () => {
    let message = MESSAGE;
    let found = signature;
    for (let round = 0; found[0] !== 0; round += 1) {
      message = Buffer.from(`${round}`);
      found = sign(hash, message, PAIR.privateKey);
    }
    expectAll(
      [
        ['with it', true, accepts(found, KEY, message)],
        ['without it', false, accepts(found.subarray(1), KEY, message)],
        ['behind', false, accepts(Buffer.concat([found.subarray(1), hex('00')]), KEY, message)],
      ],
      3,
    );
  });

  it('is not forged with an exponent of 3', () => {
    const pair = newPair(2048, 3);
    const key = readKey(pair.publicKey);
    const forged = (prefix: Uint8Array): Buffer => {
      // The largest cube that begins with `prefix`: what follows is garbage (Bleichenbacher 2006).
      const block = Buffer.concat([prefix, Buffer.alloc(LENGTH - prefix.length, 0xff)]);
      return toBytes(cubeRoot(toNumber(block)), LENGTH);
    };
    const begins = (signed: Uint8Array, prefix: Uint8Array): boolean =>
      toBytes(toNumber(signed) ** 3n, LENGTH)
        .subarray(0, prefix.length)
        .equals(prefix);
    const prefixes = [0, 1, 8].flatMap((length) =>
      [right, digestInfo(oid, Buffer.alloc(0), digest)].map((info) =>
        Buffer.concat([hex('0001'), Buffer.alloc(length, 0xff), hex('00'), info]),
      ),
    );
    const forgeries = prefixes.map((prefix) => forged(prefix));
    // Proof that the attack itself is right: a verifier that reads from the left would take these.
    expect(
      forgeries.filter((bytes, index) => begins(bytes, prefixes[index] ?? Buffer.alloc(1))).length,
    ).toBeGreaterThanOrEqual(2);
    expectAll(
      [
        ['signed with the key', true, accepts(sign(hash, MESSAGE, pair.privateKey), key)],
        ...forgeries.map((bytes, index) => [`forgery ${index}`, false, accepts(bytes, key)] as const),
        ['cube root of the block', false, accepts(toBytes(cubeRoot(toNumber(padded(right, LENGTH))), LENGTH), key)],
      ],
      8,
    );
  });

  const suites = nist.groups.map(({ suite, modulusBits, n, cases }) => ({
    name: `${suite}, ${modulusBits} bits`,
    modulusBits,
    n,
    cases: cases.filter((one) => one.hash === hash.toUpperCase()),
  }));

  it.each(suites)('NIST $name', ({ n, modulusBits, cases }) => {
    const keyOf = (e: string): KeyObject =>
      createPublicKey({
        format: 'jwk',
        key: { kty: 'RSA', n: hex(n).toString('base64url'), e: toBytes(BigInt(`0x${e}`), 1).toString('base64url') },
      });
    expectAll(
      cases.map(({ e, message, signature: signed, result }) => {
        const key = readKey(keyOf(e), modulusBits < 2048);
        return [result, result.startsWith('P'), accepts(hex(signed), key, hex(message))] as const;
      }),
      2,
    );
  });
});

describe('the Base64 of an RSA signature', () => {
  const merchantCode = 'code';
  const merchants = [
    alignetNotificationMerchant({
      merchantCode,
      notifications: { publicKeys: [PAIR.publicKey.export({ type: 'spki', format: 'pem' }).toString()] },
    }),
  ];
  const rawBody = Buffer.from(alignetTestMessage({ merchantCode }));
  const bytes = sign('sha512', rawBody, PAIR.privateKey);
  const text = bytes.toString('base64');
  const request = (signature: string) => ({ method: 'POST', target: '/', headers: { signature }, rawBody });

  it('has one spelling', () => {
    // 256 bytes end in a character of which four bits count for nothing.
    const lastOf = (index: number): string =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[index] ?? '';
    const lastIndex = [...Array(64).keys()].find((index) => text.endsWith(`${lastOf(index)}==`)) ?? 0;
    const spaced = [' ', '\t', '\n', '\r\n', '\u00a0', '=', '-', '_', '%', '\u0000', '.'].flatMap((extra) =>
      [0, 1, 100, text.length - 2, text.length].map((at): [string, string] => [
        `${JSON.stringify(extra)} at ${at}`,
        text.slice(0, at) + extra + text.slice(at),
      ]),
    );
    const others: [string, string][] = [
      ...[1, 2, 3, 7, 15].map((bits): [string, string] => [
        `unused bits ${bits}`,
        text.replace(/.==$/, `${lastOf(lastIndex ^ bits)}==`),
      ]),
      ['no padding', text.slice(0, -2)],
      ['half the padding', text.slice(0, -1)],
      ['lines of 76', text.replace(/.{76}/g, '$&\r\n')],
      ['hexadecimal', bytes.toString('hex')],
      ['Base64 of Base64', Buffer.from(text).toString('base64')],
      ['quoted', `"${text}"`],
      ['a label before', `sha512=${text}`],
      ['two, with a comma', `${text}, ${text}`],
      ['one byte less', bytes.subarray(1).toString('base64')],
      ['one byte more', Buffer.concat([bytes, hex('00')]).toString('base64')],
      ['letters in other case', text.toLowerCase()],
      ['full-width letters', text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))],
      ['1 MB of letters', 'A'.repeat(1_000_000)],
      ['1 MB of padding', '='.repeat(1_000_000)],
    ];
    expect(verifyAlignetNotification(request(text), merchants).merchant).toBe('default');
    expectAll(
      [
        ['as it is', true, () => verifyAlignetNotification(request(text), merchants).algorithm === 'rsa-sha512'],
        ...[...spaced, ...others].map(
          ([name, other]) =>
            [
              name,
              false,
              () =>
                !['malformed-signature', 'mismatch'].includes(
                  refusalOf(() => verifyAlignetNotification(request(other), merchants)),
                ),
            ] as const,
        ),
      ],
      70,
    );
  });
});

describe('HMAC-SHA256 of a raw body', () => {
  const secretKey = 'site-secret-key';
  const now = Date.parse('2026-11-22T10:15:30Z');
  const merchantOf = (secret: string) => placetopayNotificationMerchant({ login: 'shop', secretKey: secret });
  const merchant = merchantOf(secretKey);
  const rawBody = Buffer.from('{"type":"chargeback.created","id":"1","createdAt":"2026-11-22T05:15:30-05:00"}');
  const tagOf = (key: string | Uint8Array, body: Uint8Array = rawBody, hash = 'sha256'): Buffer =>
    createHmac(hash, key).update(body).digest();
  const tag = tagOf(secretKey);
  const acceptsText =
    (text: string, body = rawBody, as = merchant) =>
    (): boolean => {
      const request = { method: 'POST', target: '/', headers: { 'x-signature': text }, rawBody: body };
      try {
        return verifyPlacetopayNotification('ach-return', request, [as], now).algorithm === 'hmac-sha256';
      } catch {
        return !['mismatch', 'malformed-signature', 'missing-signature'].includes(
          refusalOf(() => verifyPlacetopayNotification('ach-return', request, [as], now)),
        );
      }
    };
  const accepts = (bytes: Uint8Array) => acceptsText(Buffer.from(bytes).toString('hex'));

  it('accepts what is right', () => {
    const bodies = ['{}', '{"a":"\u{1f600}"}', `{"a":"${'x'.repeat(100_000)}"}`].map((text) => Buffer.from(text));
    const keys = ['k', 'x'.repeat(31), 'x'.repeat(32), 'clé'];
    expectAll(
      [
        ['lower case', true, accepts(tag)],
        ['upper case', true, acceptsText(tag.toString('hex').toUpperCase())],
        ...bodies.map(
          (body) =>
            [`body of ${body.length} bytes`, true, acceptsText(tagOf(secretKey, body).toString('hex'), body)] as const,
        ),
        ...keys.map(
          (key) =>
            [`key of ${key.length}`, true, acceptsText(tagOf(key).toString('hex'), rawBody, merchantOf(key))] as const,
        ),
      ],
      9,
    );
  });

  it('refuses every other tag', () => {
    const bits = Array.from({ length: 256 }, (_, bit) => {
      const changed = Buffer.from(tag);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return [`bit ${bit}`, changed] as const;
    });
    const lengths = Array.from({ length: 32 }, (_, length) => [
      [`first ${length} bytes`, tag.subarray(0, length)] as const,
      [`last ${length} bytes`, tag.subarray(32 - length)] as const,
    ]).flat();
    const joined = (...parts: readonly (string | Uint8Array)[]): Buffer =>
      Buffer.concat(parts.map((part) => Buffer.from(part)));
    const named: (readonly [string, Uint8Array])[] = [
      ['zeros', Buffer.alloc(32)],
      ['ones', Buffer.alloc(32, 0xff)],
      ['inverted', tag.map((byte) => byte ^ 0xff)],
      ['backwards', Buffer.from(tag).reverse()],
      ['a zero behind', Buffer.concat([tag, hex('00')])],
      ['a zero before', Buffer.concat([hex('00'), tag])],
      ['twice', Buffer.concat([tag, tag])],
      ['another key', tagOf('other')],
      ['no key', tagOf('')],
      ['the key in other case', tagOf(secretKey.toUpperCase())],
      ['the key and a space', tagOf(`${secretKey} `)],
      ['the key but its last character', tagOf(secretKey.slice(0, -1))],
      ['the key twice', tagOf(secretKey + secretKey)],
      ['the key in hexadecimal', tagOf(Buffer.from(secretKey).toString('hex'))],
      ['the key as Base64', tagOf(Buffer.from(secretKey, 'base64'))],
      ['the hashed key', tagOf(createHash('sha256').update(secretKey).digest())],
      ['another body', tagOf(secretKey, Buffer.from('{}'))],
      ['no body', tagOf(secretKey, Buffer.alloc(0))],
      [
        'the body written again',
        tagOf(secretKey, Buffer.from(JSON.stringify(JSON.parse(rawBody.toString()), null, 1))),
      ],
      ['the body and a line break', tagOf(secretKey, joined(rawBody, '\n'))],
      ['key and body swapped', tagOf(rawBody, Buffer.from(secretKey))],
      ['a hash of key and body', createHash('sha256').update(joined(secretKey, rawBody)).digest()],
      ['a hash of body and key', createHash('sha256').update(joined(rawBody, secretKey)).digest()],
      ['a hash of the body', createHash('sha256').update(rawBody).digest()],
      ...['md5', 'sha1', 'sha224', 'sha384', 'sha512', 'sha3-256', 'sha512-256'].map(
        (hash) => [hash, tagOf(secretKey, rawBody, hash)] as const,
      ),
      ['the first half of SHA-512', tagOf(secretKey, rawBody, 'sha512').subarray(0, 32)],
    ];
    const text = tag.toString('hex');
    const spellings: (readonly [string, string])[] = [
      ['Base64', tag.toString('base64')],
      ['Base64 URL', tag.toString('base64url')],
      ['a label before', `sha256=${text}`],
      ['0x before', `0x${text}`],
      ['quoted', `"${text}"`],
      ['a space behind', `${text} `],
      ['a space before', ` ${text}`],
      ['a line break behind', `${text}\n`],
      ['colons', text.replace(/..(?=.)/g, '$&:')],
      ['mixed case', `${text.slice(0, 32).toUpperCase()}${text.slice(32)}a`.slice(0, 64)],
      ['one digit less', text.slice(1)],
      ['one digit more', `${text}0`],
      ['a letter that is no digit', `g${text.slice(1)}`],
      ['empty', ''],
      ['two, with a comma', `${text}, ${text}`],
      ['1 MB', text.repeat(16_384)],
    ];
    expectAll(
      [
        ...[...bits, ...lengths, ...named].map(([name, bytes]) => [name, false, accepts(bytes)] as const),
        ...spellings.map(([name, other]) => [name, false, acceptsText(other)] as const),
      ],
      360,
    );
  });

  it('has equal tags for keys that differ in zeros at their end, so such keys are not taken', () => {
    expect(tagOf(Buffer.concat([Buffer.from(secretKey), hex('00')]))).toEqual(tag);
    expect(() => merchantOf(`${secretKey}\u0000`)).toThrow(/secretKey: must be/);
  });
});
