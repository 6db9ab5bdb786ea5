import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import { minifyJsonBytes } from '../core/json';
import { type WebhookBreak } from './breaks';

export type HashName = 'sha512' | 'sha256' | 'sha1' | 'md5';
export type SignatureEncoding = 'hex' | 'base64';

const WEAKER: Readonly<Record<HashName, HashName>> = { sha512: 'sha256', sha256: 'sha1', sha1: 'md5', md5: 'md5' };

/** The hash to use: `wrong-algorithm` takes a weaker one, which no receiver may accept. */
export function hashFor(right: HashName, broken: WebhookBreak | undefined, weaker: HashName = WEAKER[right]): HashName {
  return broken === 'wrong-algorithm' ? weaker : right;
}

/** The hash of values, secret among them, written one after another without separators. */
export function joinedHash(hash: HashName, values: readonly string[]): Buffer {
  return createHash(hash).update(values.join(''), 'utf8').digest();
}

export function hmac(hash: HashName, secret: string, text: string): Buffer {
  return createHmac(hash, secret).update(text, 'utf8').digest();
}

/** PKCS#1 v1.5, the padding of every RSA signature of these gateways. */
export function rsaSignature(hash: HashName, privateKey: KeyObject, text: string): Buffer {
  return sign(hash, Buffer.from(text, 'utf8'), privateKey);
}

/** A signature as text, spoilt where the break says so; `undefined` leaves it out. */
export function signatureText(
  signature: Buffer,
  encoding: SignatureEncoding,
  broken: WebhookBreak | undefined,
): string | undefined {
  const other = encoding === 'hex' ? 'base64' : 'hex';
  return carriedText(signature.toString(broken === 'wrong-encoding' ? other : encoding), broken);
}

/** What proves the sender, as it is carried: whole, halved or not at all. */
export function carriedText(proof: string, broken: WebhookBreak | undefined): string | undefined {
  if (broken === 'missing-signature') return undefined;
  return broken === 'truncated-signature' ? proof.slice(0, proof.length / 2) : proof;
}

/**
 * What Netzme signs in a SNAP callback of version 2, with its private key and SHA256withRSA. There is no token in it,
 * unlike in the text that clients sign. Source: apidocs-vsnap.netzme.id, "SNAP Asymmetric Signature".
 */
export function snapCallbackText(method: string, path: string, body: string, timestamp: string): string {
  const hash = createHash('sha256')
    .update(minifyJsonBytes(Buffer.from(body)))
    .digest('hex');
  return `${method}:${path}:${hash}:${timestamp}`;
}

/** What Onboarding signs: seconds and raw body. Source: Placetopay docs, onboarding/notification. */
export function onboardingText(seconds: number, body: string): string {
  return `${seconds}.${body}`;
}

/** What API Scudo signs: address and seconds, and no byte of the body. Source: Placetopay docs, api-scudo/signature. */
export function scudoText(url: string, seconds: string): string {
  return `${url}${seconds}`;
}
