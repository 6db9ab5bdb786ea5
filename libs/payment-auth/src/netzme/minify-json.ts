const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Removes insignificant whitespace from JSON bytes and touches nothing else: numbers, escapes, key order and duplicate
 * keys stay as given. Bytes that are not valid JSON come back as they are.
 *
 * Netzme's server seems to minify a body before it checks the signature. Sent without that whitespace, a body is right
 * whether it does or not. JSON is never parsed and written again: that changes `1.50`, `\u00e9` and large numbers.
 */
export function minifyJson(json: Buffer): Buffer {
  const firstWhitespace = indexOfInsignificantWhitespace(json);
  if (firstWhitespace === -1 || !isJson(json)) return json;
  const minified = Buffer.allocUnsafe(json.length);
  let length = json.copy(minified, 0, 0, firstWhitespace);
  let inString = false;
  for (let index = firstWhitespace; index < json.length; index += 1) {
    const byte = json[index];
    if (!inString && isWhitespace(byte)) continue;
    minified[length++] = byte;
    if (byte === QUOTE) inString = !inString;
    else if (byte === BACKSLASH && inString && index + 1 < json.length) minified[length++] = json[++index];
  }
  return minified.subarray(0, length);
}

/**
 * Writes every non-ASCII character of JSON as a lower-case `\uXXXX` escape, which is the same data. Bytes that are not
 * valid JSON come back as they are.
 */
export function escapeNonAscii(json: Buffer): Buffer {
  if (json.every((byte) => byte < 0x80) || !isJson(json)) return json;
  const escaped = json
    .toString('utf8')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(escaped, 'latin1');
}

function indexOfInsignificantWhitespace(json: Buffer): number {
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (byte === QUOTE) inString = !inString;
    else if (inString) {
      if (byte === BACKSLASH) index += 1;
    } else if (isWhitespace(byte)) return index;
  }
  return -1;
}

function isWhitespace(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(strictUtf8.decode(bytes));
    return true;
  } catch {
    return false;
  }
}
