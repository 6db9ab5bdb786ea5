/** Where a member of a JSON object stands in its text. */
export interface JsonMember {
  /** Decoded: `"\u0061"` is `a`. */
  readonly name: string;
  /** Index of the name's first quote. */
  readonly nameStart: number;
  /** Index of the value's first character. */
  readonly start: number;
  /** Index behind the value's last character. */
  readonly end: number;
}

/**
 * The members of the object that starts at or behind `from`, in order, duplicates included, without looking into their
 * values. For what `JSON.parse` loses: digits of large numbers, number forms, duplicate names. Takes linear time.
 *
 * @param text JSON that `JSON.parse` accepts; on anything else the result means nothing
 */
export function jsonMembers(text: string, from = 0): JsonMember[] {
  const members: JsonMember[] = [];
  let at = skipWhitespace(text, text.indexOf('{', from) + 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const start = skipWhitespace(text, text.indexOf(':', nameEnd) + 1);
    const end = valueEnd(text, start);
    members.push({ name: decodedName(text.slice(at, nameEnd)), nameStart: at, start, end });
    const comma = skipWhitespace(text, end);
    if (text[comma] !== ',') break;
    at = skipWhitespace(text, comma + 1);
  }
  return members;
}

/** Most names have no escapes, and then parsing them would be most of the work. */
function decodedName(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

const isWhitespace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function skipWhitespace(text: string, from: number): number {
  let at = from;
  while (isWhitespace(text.charCodeAt(at))) at += 1;
  return at;
}

/** @param start index of the opening quote. @returns the index behind the closing one */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
    } else if (OPENING.has(code)) {
      depth += 1;
      at += 1;
    } else if (CLOSING.has(code)) {
      // The end of the object this value is the last member of.
      if (depth === 0) return at;
      depth -= 1;
      at += 1;
    } else if (depth === 0 && (code === COMMA || isWhitespace(code))) {
      return at;
    } else {
      at += 1;
      continue;
    }
    if (depth === 0) return at;
  }
  return at;
}

/** Whether arrays and objects stand in each other more than `depth` deep. Text that is not JSON gets an answer, too. */
export function isNestedDeeper(text: string, depth: number): boolean {
  let open = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      continue;
    }
    if (OPENING.has(code)) open += 1;
    else if (CLOSING.has(code)) open -= 1;
    if (open > depth) return true;
    at += 1;
  }
  return false;
}
