import { constants, createHash, createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** RSASSA-PKCS1-v1_5 with this hash. */
export type RsaDigest = 'sha256' | 'sha512';

/** The least that NIST SP 800-131A still allows for signatures. */
const LEAST_MODULUS_BITS = 2048;
/** Below it PKCS#1 v1.5 has no room for a SHA-256 digest and its padding. */
const LEAST_WEAK_MODULUS_BITS = 512;

/** An RSA public key that was checked: verification with it is never a surprise. Shows its fingerprint and nothing else. */
export class RsaPublicKey {
  /** Length of the modulus, in bits. */
  readonly modulusBits: number;
  /** The one length a signature of this key has, in bytes: that of the modulus. */
  readonly signatureBytes: number;
  /** Shorter than is accepted without being asked for: its private key can be computed from it. */
  readonly isWeak: boolean;
  /** SHA-256 of the key's SPKI DER, in lower-case hex. Public. */
  readonly fingerprint: string;
  readonly #key: KeyObject;

  private constructor(key: KeyObject, modulusBits: number) {
    this.modulusBits = modulusBits;
    this.signatureBytes = Math.ceil(modulusBits / 8);
    this.isWeak = modulusBits < LEAST_MODULUS_BITS;
    this.fingerprint = createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex');
    this.#key = key;
    Object.freeze(this);
  }

  /**
   * Reads a key as gateways hand it out: PEM of SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`), or the Base64 of
   * either without PEM lines, on one line or several. The two characters `\n`, which environment variables hold in place of
   * line breaks, are read as one.
   *
   * @param options.allowWeak accept a modulus from 512 bits. @default false: 2048 at least
   * @returns the key, or what is wrong with it, without repeating any of it
   */
  static read(text: string, options: { readonly allowWeak?: boolean } = {}): RsaPublicKey | KeyProblem {
    const read = readKey(text.replaceAll('\\n', '\n').trim());
    if ('problem' in read) return read;
    const { asymmetricKeyType, asymmetricKeyDetails: details = {} } = read.key;
    if (asymmetricKeyType !== 'rsa') return { problem: `is no RSA key but ${asymmetricKeyType ?? 'unknown'}` };
    const { modulusLength = 0, publicExponent = 0n } = details;
    const least = options.allowWeak === true ? LEAST_WEAK_MODULUS_BITS : LEAST_MODULUS_BITS;
    if (modulusLength < least) {
      return { problem: `has a modulus of ${modulusLength} bits, which is too weak; ${least} are the least` };
    }
    // With an exponent of 1 every padded digest is its own signature.
    if (publicExponent < 3n || publicExponent % 2n === 0n) {
      return { problem: 'has a public exponent with which anybody can sign' };
    }
    return new RsaPublicKey(read.key, modulusLength);
  }

  /**
   * Whether `signature` is one of `data` by this key. Never throws, whatever the bytes.
   *
   * The length is compared first: a signature is as long as the modulus, so that it has one form only. Padding and DigestInfo
   * are compared as a whole by OpenSSL, never parsed: nothing can hide in them.
   */
  verifies(digest: RsaDigest, data: Uint8Array, signature: Uint8Array): boolean {
    if (signature.length !== this.signatureBytes) return false;
    return verify(digest, data, { key: this.#key, padding: constants.RSA_PKCS1_PADDING }, signature);
  }
}

/** Whether a key made `signature`. Every key is tried once, however many merchants have it. */
export function signatureCheck(
  digest: RsaDigest,
  data: Uint8Array,
  signature: Uint8Array,
): (key: RsaPublicKey) => boolean {
  const results = new Map<string, boolean>();
  return (key) => {
    const known = results.get(key.fingerprint);
    if (known !== undefined) return known;
    const result = key.verifies(digest, data, signature);
    results.set(key.fingerprint, result);
    return result;
  };
}

export interface KeyProblem {
  /** What is wrong, to be read behind "the key ...". */
  readonly problem: string;
}

type DerType = 'spki' | 'pkcs1';
type ReadKey = { readonly key: KeyObject } | KeyProblem;

const PEM = /^-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----$/;
const TYPES_BY_LABEL: Readonly<Record<string, DerType>> = { 'PUBLIC KEY': 'spki', 'RSA PUBLIC KEY': 'pkcs1' };
const FORMS =
  'it must be a public key: PEM (BEGIN PUBLIC KEY or BEGIN RSA PUBLIC KEY) or its Base64 without the PEM lines';
const PRIVATE = 'is a private key, which must not leave its owner: give the public one, and replace this pair';

function readKey(text: string): ReadKey {
  const [, label, armored = text] = PEM.exec(text) ?? [];
  if (label?.endsWith('PRIVATE KEY') === true) return { problem: PRIVATE };
  const type = label === undefined ? undefined : TYPES_BY_LABEL[label];
  if (label !== undefined && type === undefined) return { problem: `is a ${label}; ${FORMS}` };
  const base64 = armored.replace(/\s+/g, '');
  const der = Buffer.from(base64, 'base64');
  if (der.length === 0 || der.toString('base64') !== base64) return { problem: `is not readable; ${FORMS}` };
  // First: OpenSSL would take a private key here too, and use its public half.
  if (isPrivateKey(der)) return { problem: PRIVATE };
  const key = firstReadable(der, type === undefined ? ['spki', 'pkcs1'] : [type]);
  return key === undefined ? { problem: `is not readable; ${FORMS}` } : { key };
}

function isPrivateKey(der: Buffer): boolean {
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      createPrivateKey({ key: der, format: 'der', type });
      return true;
    } catch {
      return false;
    }
  });
}

function firstReadable(der: Buffer, types: readonly DerType[]): KeyObject | undefined {
  for (const type of types) {
    try {
      return createPublicKey({ key: der, format: 'der', type });
    } catch {
      // Then it is none of this type.
    }
  }
  return undefined;
}
