import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares two byte strings without telling by its duration where they differ, or how long the right one is. */
export function sameBytes(left: Buffer | string, right: Buffer | string): boolean {
  const digest = (value: Buffer | string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(left), digest(right));
}

const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decodes base64 of the standard alphabet with its padding; anything else is `undefined`. */
export function decodeStandardBase64(text: string): Buffer | undefined {
  return STANDARD_BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}
