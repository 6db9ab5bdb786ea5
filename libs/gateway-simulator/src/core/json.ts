export type JsonObject = Readonly<Record<string, unknown>>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const INSIGNIFICANT: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed value, or `undefined` for bytes that are not UTF-8 encoded JSON (JSON itself has no `undefined`). */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

export function parseJsonObject(bytes: Buffer): JsonObject | undefined {
  const value = parseJson(bytes);
  return isObject(value) ? value : undefined;
}

/**
 * Removes whitespace outside strings and touches nothing else: escapes, number forms, key order and repeated keys stay
 * as they were sent. Parsing and writing anew would change all four. The bytes must be valid JSON.
 */
export function minifyJsonBytes(bytes: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let inString = false;
  let escaped = false;
  for (const byte of bytes) {
    if (!inString && INSIGNIFICANT.has(byte)) continue;
    kept[length++] = byte;
    if (escaped) escaped = false;
    else if (inString && byte === BACKSLASH) escaped = true;
    else if (byte === QUOTE) inString = !inString;
  }
  return kept.subarray(0, length);
}

/** Writes every UTF-16 unit above ASCII as a lower-case `\uXXXX` escape, as Python's encoder does by default. */
export function escapeNonAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function hasJsonContentType(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
