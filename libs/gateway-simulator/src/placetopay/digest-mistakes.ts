import { createHash, createHmac } from 'node:crypto';
import { type DigestInput } from './digest';
import { formatDate, parseSeed } from './seed';

export interface DigestEvidence extends DigestInput {
  /** As sent, base64. */
  readonly nonce: string;
  readonly tranKey: string;
  /** Secrets of other sites, to tell a mix-up. */
  readonly otherSecretKeys: readonly string[];
}

const MESSAGES = {
  'digest-algorithm': 'The inputs are right, the hash algorithm is not accepted.',
  'digest-hex': 'The hex text of the digest was sent; send base64 of its raw bytes.',
  'digest-base64-of-hex': 'base64 was made of the hex text of the digest; make it of its raw bytes.',
  'digest-base64url': 'The digest is written in URL-safe or unpadded base64; use the standard alphabet with padding.',
  'digest-hmac': 'An HMAC keyed with the secret was sent; the digest is a plain hash.',
  'nonce-base64-hashed': 'The base64 text of the nonce was hashed; hash the raw bytes it stands for.',
  'nonce-left-out': 'The nonce was left out of the hash.',
  'nonce-utf8-lossy': 'The binary nonce was read as UTF-8 text before hashing, and bytes were lost.',
  'nonce-latin1': 'The binary nonce was read as latin1 text and hashed as UTF-8.',
  'nonce-hex-hashed': 'The hex text of the nonce was hashed, while base64 of the raw bytes was sent.',
  'nonce-decoded-twice': 'The nonce is itself base64 text and was decoded once too often before hashing.',
  'order-swapped': 'The parts were hashed in another order; it is nonce, seed, secret.',
  'secret-whitespace': 'The secret was hashed with a trailing newline or other whitespace it does not have.',
  'secret-trimmed': 'The secret was trimmed before hashing; its spaces count.',
  'secret-utf16': 'The secret was hashed as UTF-16LE; it is UTF-8.',
  'secret-ascii': 'The secret was hashed as ASCII, with ? for what does not fit; it is UTF-8.',
  'secret-latin1': 'The secret was hashed as latin1; it is UTF-8.',
  'secret-normalised': 'The secret was normalised before hashing; hash it as it was given.',
  'secret-left-out': 'The secret was left out of the hash.',
  'secret-of-another-site': "The digest was made with another site's secret.",
  'seed-respelled': 'The hashed seed is the same instant in another spelling; hash exactly the text that is sent.',
} as const;

export type DigestMistakeCode = keyof typeof MESSAGES;

export interface DigestMistake {
  readonly code: DigestMistakeCode;
  readonly message: string;
}

/** How a client may have come to its digest: the bytes hashed, and what differs from hashing and base64. */
type Attempt = readonly [
  code: DigestMistakeCode,
  parts: readonly Buffer[],
  how?: { readonly hmacKey?: string; readonly encode?: (digest: Buffer) => string },
];

const ALGORITHMS = ['sha256', 'sha1', 'md5', 'sha512'] as const;

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const base64 = (digest: Buffer) => digest.toString('base64');

/**
 * Finds the known mistake that produced a wrong `tranKey`, by making each of them and comparing. Only ever called
 * for a digest that is wrong already; its answer names the mistake and holds neither the secret nor the right digest.
 */
export function findDigestMistake(evidence: DigestEvidence): DigestMistake | undefined {
  for (const [code, parts, how = {}] of attempts(evidence)) {
    const data = Buffer.concat(parts);
    for (const algorithm of ALGORITHMS) {
      const hash = how.hmacKey === undefined ? createHash(algorithm) : createHmac(algorithm, how.hmacKey);
      if ((how.encode ?? base64)(hash.update(data).digest()) !== evidence.tranKey) continue;
      const suffix = algorithm === 'sha256' ? '' : ` The hash used is ${algorithm}.`;
      return { code, message: `${MESSAGES[code]}${suffix}` };
    }
  }
  return undefined;
}

function attempts(evidence: DigestEvidence): Attempt[] {
  const { secretKey, otherSecretKeys } = evidence;
  const nonce = evidence.rawNonce;
  const seed = utf8(evidence.seed);
  const secret = utf8(secretKey);
  const right = [nonce, seed, secret];
  const withNonce = (code: DigestMistakeCode, bytes: Buffer): Attempt => [code, [bytes, seed, secret]];
  const withSecret = (code: DigestMistakeCode, bytes: Buffer): Attempt => [code, [nonce, seed, bytes]];
  return [
    ['digest-algorithm', right],
    ['digest-hex', right, { encode: (digest) => digest.toString('hex') }],
    ['digest-hex', right, { encode: (digest) => digest.toString('hex').toUpperCase() }],
    ['digest-base64-of-hex', right, { encode: (digest) => base64(utf8(digest.toString('hex'))) }],
    ['digest-base64url', right, { encode: (digest) => digest.toString('base64url') }],
    ['digest-base64url', right, { encode: (digest) => base64(digest).replace(/=+$/, '') }],
    ['digest-hmac', [nonce, seed], { hmacKey: secretKey }],
    ['digest-hmac', right, { hmacKey: secretKey }],

    withNonce('nonce-base64-hashed', utf8(evidence.nonce)),
    withNonce('nonce-utf8-lossy', utf8(new TextDecoder('utf-8', { ignoreBOM: true }).decode(nonce))),
    withNonce('nonce-latin1', utf8(nonce.toString('latin1'))),
    withNonce('nonce-hex-hashed', utf8(nonce.toString('hex'))),
    withNonce('nonce-decoded-twice', Buffer.from(nonce.toString('latin1'), 'base64')),
    ['nonce-left-out', [seed, secret]],
    ['nonce-left-out', [secret, seed]],

    ['order-swapped', [seed, nonce, secret]],
    ['order-swapped', [nonce, secret, seed]],
    ['order-swapped', [seed, secret, nonce]],
    ['order-swapped', [secret, nonce, seed]],
    ['order-swapped', [secret, seed, nonce]],

    ...['\n', '\r\n', ' ', '\t'].map((space) => withSecret('secret-whitespace', utf8(secretKey + space))),
    withSecret('secret-whitespace', utf8(` ${secretKey}`)),
    withSecret('secret-trimmed', utf8(secretKey.trim())),
    withSecret('secret-utf16', Buffer.from(secretKey, 'utf16le')),
    withSecret('secret-ascii', utf8(secretKey.replace(/[^ -~]/g, '?'))),
    withSecret('secret-latin1', Buffer.from(secretKey, 'latin1')),
    ...['NFC', 'NFD'].map((form) => withSecret('secret-normalised', utf8(secretKey.normalize(form)))),
    ['secret-left-out', [nonce, seed]],
    ...otherSecretKeys.map((other) => withSecret('secret-of-another-site', utf8(other))),

    ...otherSpellings(evidence.seed).map((spelling): Attempt => ['seed-respelled', [nonce, utf8(spelling), secret]]),
  ];
}

function otherSpellings(seed: string): string[] {
  const instant = parseSeed(seed);
  if (typeof instant !== 'number') return [];
  const iso = new Date(instant).toISOString();
  const toSeconds = iso.slice(0, 19);
  return [
    iso,
    `${toSeconds}Z`,
    `${toSeconds}+00:00`,
    formatDate(instant),
    String(instant),
    String(Math.floor(instant / 1000)),
  ].filter((spelling) => spelling !== seed);
}
