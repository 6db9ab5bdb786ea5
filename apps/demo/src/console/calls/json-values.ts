/** A text or number in JSON text, by where it stands. */
export interface JsonValue {
  /** Names from the root, joined by dots; indexes are left out. */
  readonly path: string;
  readonly name: string;
  /** In characters, quotes included. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const TOKENS = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/gs;
const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'null']);

interface Container {
  readonly isObject: boolean;
  readonly path: readonly string[];
}

/** Every text and number with a name. Of text that is no JSON, or is cut off, whatever looks like one. */
export function jsonValues(text: string): JsonValue[] {
  const values: JsonValue[] = [];
  const open: Container[] = [];
  let name = '';
  let isName = false;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const top = open.at(-1);
    const path = top?.isObject === true ? [...top.path, name] : (top?.path ?? []);
    if (token === '{' || token === '[') {
      open.push({ isObject: token === '{', path });
      isName = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ',') {
      isName = top?.isObject === true;
    } else if (token === ':') {
      isName = false;
    } else if (isName) {
      name = unquoted(token);
    } else if (!LITERALS.has(token)) {
      const last = path.at(-1) ?? '';
      values.push({
        path: path.join('.'),
        name: last,
        start: index,
        end: index + token.length,
        value: unquoted(token),
      });
    }
  }
  return values;
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.replace(/^"|"$/g, '');
  }
}
