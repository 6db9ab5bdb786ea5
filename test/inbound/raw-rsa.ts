import { constants, createHash, type KeyObject, privateEncrypt } from 'node:crypto';

/** The pieces of an RSASSA-PKCS1-v1_5 signature, put together by hand, so that they can be put together wrongly. */

/** Object identifiers of hashes, as DER without tag and length (RFC 8017, appendix B.1). */
export const HASH_OIDS = {
  md5: '2a864886f70d0205',
  sha1: '2b0e03021a',
  sha224: '608648016503040204',
  sha256: '608648016503040201',
  sha384: '608648016503040202',
  sha512: '608648016503040203',
  'sha512-256': '608648016503040206',
} as const;
export type HashName = keyof typeof HASH_OIDS;

export const hex = (text: string): Buffer => Buffer.from(text, 'hex');
export const digestOf = (hash: HashName, message: Uint8Array): Buffer => createHash(hash).update(message).digest();

/** DER of a tag and content, lengths up to 255 in as few bytes as possible. */
export function der(tag: number, content: Uint8Array): Buffer {
  const length = content.length < 128 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

export const SEQUENCE = 0x30;
export const OID = 0x06;
export const OCTET_STRING = 0x04;
export const NULL = hex('0500');

/** `SEQUENCE { SEQUENCE { oid, parameters }, OCTET STRING digest }` */
export function digestInfo(oid: Uint8Array, parameters: Uint8Array, digest: Uint8Array): Buffer {
  const algorithm = der(SEQUENCE, Buffer.concat([der(OID, oid), parameters]));
  return der(SEQUENCE, Buffer.concat([algorithm, der(OCTET_STRING, digest)]));
}

/** `00 01 FF...FF 00 <tail>`, as long as the modulus. */
export function padded(tail: Uint8Array, length: number): Buffer {
  return Buffer.concat([hex('0001'), Buffer.alloc(length - tail.length - 3, 0xff), hex('00'), tail]);
}

/** The bare RSA operation with the private key, on a block as long as the modulus. */
export function rawSign(block: Uint8Array, key: KeyObject): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}

export const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);

/** Big-endian, in at least `length` bytes. */
export function toBytes(number: bigint, length: number): Buffer {
  const digits = number.toString(16);
  return hex(digits.padStart(Math.max(2 * length, digits.length + (digits.length % 2)), '0'));
}

/** The largest number whose cube is not above `number`. */
export function cubeRoot(number: bigint): bigint {
  let low = 0n;
  let high = 1n << BigInt(Math.ceil(number.toString(2).length / 3) + 1);
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** 3n <= number) low = middle;
    else high = middle - 1n;
  }
  return low;
}
