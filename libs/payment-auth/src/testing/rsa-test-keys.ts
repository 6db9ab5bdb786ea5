import { generateKeyPairSync } from 'node:crypto';

/** A key pair for tests, as a gateway would keep and hand it out. */
export interface RsaTestKeys {
  /** PEM, PKCS#8: signs events. */
  readonly privateKey: string;
  /** PEM, SPKI: goes into the option `publicKeys`. */
  readonly publicKey: string;
}

/** @param modulusBits @default 2048 */
export function createRsaTestKeys(modulusBits = 2048): RsaTestKeys {
  return generateKeyPairSync('rsa', {
    modulusLength: modulusBits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}
