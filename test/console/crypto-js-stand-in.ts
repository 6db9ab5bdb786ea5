import { createHash, createHmac, randomBytes } from 'node:crypto';

/** What the exported scripts use of CryptoJS, made of Node's own: words of bytes, and texts taken as UTF-8. */
class WordArray {
  constructor(readonly bytes: Buffer) {}

  static random = (length: number): WordArray => new WordArray(randomBytes(length));

  clone = (): WordArray => new WordArray(Buffer.from(this.bytes));

  /** In place, and itself, as the original does. */
  concat(other: WordArray): this {
    (this as { bytes: Buffer }).bytes = Buffer.concat([this.bytes, other.bytes]);
    return this;
  }

  toString(encoder: { stringify: (words: WordArray) => string } = CryptoJS.enc.Hex): string {
    return encoder.stringify(this);
  }
}

type Input = string | WordArray;
const bytesOf = (input: Input): Buffer => (typeof input === 'string' ? Buffer.from(input, 'utf8') : input.bytes);
const hash = (algorithm: string) => (input: Input) =>
  new WordArray(createHash(algorithm).update(bytesOf(input)).digest());

export const CryptoJS = {
  lib: { WordArray },
  enc: {
    Hex: { stringify: ({ bytes }: WordArray) => bytes.toString('hex') },
    Base64: { stringify: ({ bytes }: WordArray) => bytes.toString('base64') },
    Utf8: { parse: (text: string) => new WordArray(Buffer.from(text, 'utf8')) },
  },
  SHA1: hash('sha1'),
  SHA256: hash('sha256'),
  HmacSHA256: (input: Input, key: Input) =>
    new WordArray(createHmac('sha256', bytesOf(key)).update(bytesOf(input)).digest()),
};
