import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** `stranger` is the key pair of `other-secret`: its public half is nowhere. */
export type KeyOwner = 'alignet' | 'netzme' | 'stranger';

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/**
 * The RSA key pairs of the gateways that sign with one, 2048 bits as Alignet documents.
 *
 * Made when first asked for, off the main thread: one takes 50 to 250 ms, and most simulators never sign anything. They
 * last as long as the simulator, resets included, for a client is configured with the public half.
 */
export class SigningKeys {
  private readonly pairs = new Map<KeyOwner, Promise<KeyPair>>();

  async privateKey(owner: KeyOwner): Promise<KeyObject> {
    return (await this.pair(owner)).privateKey;
  }

  /** SPKI in PEM, as Alignet publishes its own. */
  async publicPem(owner: Exclude<KeyOwner, 'stranger'>): Promise<string> {
    return (await this.pair(owner)).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  private pair(owner: KeyOwner): Promise<KeyPair> {
    const known = this.pairs.get(owner);
    if (known) return known;
    const made = generate('rsa', { modulusLength: 2048 });
    this.pairs.set(owner, made);
    return made;
  }
}
