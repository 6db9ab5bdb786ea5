import { invalid } from '../access/console-problem';
import { input, type Part } from './recipe/recipe';

type JsonObject = Readonly<Record<string, unknown>>;

/** @throws {ConsoleRefusal} 400 when `body` is no JSON object */
export function readJsonBody(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    throw invalid('body', 'is not JSON: paste the body as it was sent');
  }
  throw invalid('body', 'must be a JSON object');
}

/** A signed value as it is signed: text as it is, a whole number in digits. @throws {ConsoleRefusal} 400 for anything else */
export function signedValue(body: JsonObject, path: string): string {
  const value = valueAt(body, path);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw invalid('body', `must give ${path} as a text or a whole number, for it is signed`);
}

/** Every text and number of a body by its path, but those of the given ones: what somebody may have signed along. */
export function otherValues(body: JsonObject, signed: readonly string[]): Part[] {
  return leaves(body, '')
    .filter(([path]) => !signed.includes(path) && !/signature$/i.test(path))
    .slice(0, MOST_OTHERS)
    .map(([path, value]) => input(path, value));
}

const MOST_OTHERS = 20;

function leaves(object: JsonObject, prefix: string): (readonly [path: string, value: string])[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    if (isObject(value)) return leaves(value, `${path}.`);
    return typeof value === 'string' || typeof value === 'number' ? [[path, String(value)] as const] : [];
  });
}

export function textAt(body: JsonObject, path: string): string | undefined {
  const value = valueAt(body, path);
  return typeof value === 'string' ? value : undefined;
}

function valueAt(body: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), body);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The text of a member of the outermost object, spelled as it was received; the last one where it comes twice. */
export function rawMember(json: string, name: string): string | undefined {
  let depth = 0;
  let key = '';
  let start: number | undefined;
  let end = 0;
  let found: string | undefined;
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    const isEnd = depth === 1 && (token === ',' || token === '}');
    if (isEnd && start !== undefined) {
      if (key === name) found = json.slice(start, end);
      start = undefined;
    } else if (depth === 1 && token === ':' && start === undefined) {
      start = index + 1 + (/^\s*/.exec(json.slice(index + 1))?.[0].length ?? 0);
    } else if (depth === 1 && start === undefined && token.startsWith('"')) {
      key = JSON.parse(token) as string;
    }
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    end = index + token.length;
  }
  return found;
}

/** Whether an object anywhere in it has two members of one name, of which parsers take the one or the other. */
export function hasRepeatedMember(json: string): boolean {
  const objects: (Set<string> | undefined)[] = [];
  let pending: string | undefined;
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') objects.push(new Set());
    else if (token === '[') objects.push(undefined);
    else if (token === '}' || token === ']') objects.pop();
    else if (token === ':' && pending !== undefined) {
      const names = objects.at(-1);
      if (names?.has(pending) === true) return true;
      names?.add(pending);
    }
    pending = token.startsWith('"') ? (JSON.parse(token) as string) : undefined;
  }
  return false;
}
