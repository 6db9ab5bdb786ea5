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
    members.push({ name: JSON.parse(text.slice(at, nameEnd)) as string, nameStart: at, start, end });
    const comma = skipWhitespace(text, end);
    if (text[comma] !== ',') break;
    at = skipWhitespace(text, comma + 1);
  }
  return members;
}

function skipWhitespace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  return at;
}

/** @param start index of the opening quote. @returns the index behind the closing one */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
  }
  return text.length;
}

function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = stringEnd(text, at);
    } else if ('{['.includes(character)) {
      depth += 1;
      at += 1;
    } else if ('}]'.includes(character)) {
      // The end of the object this value is the last member of.
      if (depth === 0) return at;
      depth -= 1;
      at += 1;
    } else if (depth === 0 && ', \t\n\r'.includes(character)) {
      return at;
    } else {
      at += 1;
      continue;
    }
    if (depth === 0) return at;
  }
  return at;
}
