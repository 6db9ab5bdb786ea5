import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type Secret } from '../secret';

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
  constructor(private readonly keys: Iterable<TokenEncryptionKey>) {}

  /**
   * Keys that every replica of a client derives alike from the client's secret: sharing needs no further setting. They follow
   * its rotation, and while that is under way replicas with the current and with the next secret read each other's tokens.
   */
  static derivedFrom(clientSecret: Pick<Secret, 'accepted'>): TokenCipher {
    return new TokenCipher(new DerivedKeys(clientSecret));
  }

  encrypt(text: string, storeKey: string): string {
    const [first] = this.keys;
    if (first === undefined) throw new TypeError('A token cipher without a key.');
    const { id, key } = first;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(storeKey, 'utf8'));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [FORMAT, encodeURIComponent(id), sealed.toString('base64')].join(':');
  }

  /** The text, or `undefined` when it is not ours, of a key we do not have, or was changed. */
  decrypt(sealed: string, storeKey: string): string | undefined {
    const [format, id, payload, ...rest] = sealed.split(':');
    if (format !== FORMAT || payload === undefined || rest.length > 0) return undefined;
    const bytes = Buffer.from(payload, 'base64');
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
    for (const candidate of this.keys) {
      const text = encodeURIComponent(candidate.id) === id ? open(bytes, candidate.key, storeKey) : undefined;
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

function open(sealed: Buffer, key: Buffer, storeKey: string): string | undefined {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(storeKey, 'utf8'));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}

/** One key for each accepted text of a secret, the current one first, derived once for each. */
class DerivedKeys implements Iterable<TokenEncryptionKey> {
  private derived: ReadonlyMap<string, TokenEncryptionKey> = new Map();

  constructor(private readonly secret: Pick<Secret, 'accepted'>) {}

  [Symbol.iterator](): Iterator<TokenEncryptionKey> {
    const texts = this.secret.accepted();
    // Built anew, so that the key of a secret that is no longer accepted is forgotten.
    this.derived = new Map(texts.map((text) => [text, this.derived.get(text) ?? derive(text)]));
    return this.derived.values();
  }
}

function derive(clientSecret: string): TokenEncryptionKey {
  const key = Buffer.from(hkdfSync('sha256', clientSecret, '', 'nestjs-payment-auth token encryption v1', 32));
  return { id: 'client-secret', key };
}
