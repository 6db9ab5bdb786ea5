import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A key for tokens at rest. */
export interface TokenEncryptionKey {
  /** Written beside what it encrypted, so that keys can rotate. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 'v1';

/**
 * Encrypts tokens at rest with AES-256-GCM. The first key encrypts, all of them decrypt. What a token is for (its store key)
 * is authenticated with it, so that no ciphertext can be moved to another merchant's place.
 */
export class TokenCipher {
  constructor(private readonly keys: readonly [TokenEncryptionKey, ...TokenEncryptionKey[]]) {}

  /** A key that every replica of a client derives alike from the client's secret: sharing needs no further setting. */
  static derivedFrom(clientSecret: string): TokenCipher {
    const key = Buffer.from(hkdfSync('sha256', clientSecret, '', 'nestjs-payment-auth token encryption v1', 32));
    return new TokenCipher([{ id: 'client-secret', key }]);
  }

  encrypt(text: string, storeKey: string): string {
    const [{ id, key }] = this.keys;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(storeKey, 'utf8'));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [FORMAT, encodeURIComponent(id), sealed.toString('base64')].join(':');
  }

  /** The text, or `undefined` when it is not ours, of a key we do not have, or was changed. */
  decrypt(sealed: string, storeKey: string): string | undefined {
    const [format, id, payload, ...rest] = sealed.split(':');
    const key = this.keys.find((candidate) => encodeURIComponent(candidate.id) === id)?.key;
    if (format !== FORMAT || key === undefined || payload === undefined || rest.length > 0) return undefined;
    const bytes = Buffer.from(payload, 'base64');
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(storeKey, 'utf8'));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }
}
