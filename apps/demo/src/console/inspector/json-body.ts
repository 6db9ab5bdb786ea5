import { invalid } from '../access/console-problem';
import { input, type Part } from './recipe/recipe';

type JsonObject = Readonly<Record<string, unknown>>;

/** A body as it was parsed, and as it came. */
export interface JsonBody {
  readonly value: JsonObject;
  /** Without a byte order mark, which decoders of UTF-8 pass over. */
  readonly source: string;
}

/** @throws {ConsoleRefusal} 400 when `body` is no JSON object */
export function readJsonBody(body: string): JsonBody {
  const source = body.replace(/^\ufeff/, '');
  try {
    const value: unknown = JSON.parse(source);
    if (isObject(value)) return { value, source };
  } catch {
    throw invalid('body', 'is not JSON: paste the body as it was sent');
  }
  throw invalid('body', 'must be a JSON object');
}

/**
 * A signed value as it is signed: of a text its characters, of a whole number its digits as they came, as the library reads them.
 * Other numbers, which it refuses, as JavaScript writes them.
 *
 * @throws {ConsoleRefusal} 400 for anything else
 */
export function signedValue({ source }: JsonBody, path: string): string {
  const raw = path
    .split('.')
    .reduce<string | undefined>((inner, name) => (inner === undefined ? undefined : rawMember(inner, name)), source);
  if (raw?.startsWith('"') === true) return JSON.parse(raw) as string;
  if (raw !== undefined && /^\d+$/.test(raw)) return raw;
  if (raw !== undefined && /^[-\d]/.test(raw)) return String(Number(raw));
  throw invalid('body', `must give ${path} as a text or a whole number, for it is signed`);
}

/** Every text and number of a body by its path, but those of the given ones: what somebody may have signed along. */
export function otherValues({ value: body }: JsonBody, signed: readonly string[]): Part[] {
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

export function textMember({ value }: JsonBody, name: string): string | undefined {
  const member = value[name];
  return typeof member === 'string' ? member : undefined;
}

/** The same source with that text as a member of the outermost object, in its place where there is one. */
export function withTextMember({ source }: JsonBody, name: string, text: string): string {
  const written = JSON.stringify(text);
  const place = memberPlaces(source).findLast((member) => member.key === name);
  if (place !== undefined) return source.slice(0, place.start) + written + source.slice(place.end);
  const comma = memberPlaces(source).length === 0 ? '' : ',';
  return source.replace('{', () => `{${JSON.stringify(name)}:${written}${comma}`);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The text of a member of the outermost object, spelled as it was received; the last one where it comes twice. */
export function rawMember(json: string, name: string): string | undefined {
  const place = memberPlaces(json).findLast(({ key }) => key === name);
  return place && json.slice(place.start, place.end);
}

interface MemberPlace {
  readonly key: string;
  /** Of the value. */
  readonly start: number;
  readonly end: number;
}

function memberPlaces(json: string): MemberPlace[] {
  const places: MemberPlace[] = [];
  let depth = 0;
  let key = '';
  let start: number | undefined;
  let end = 0;
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    const isEnd = depth === 1 && (token === ',' || token === '}');
    if (isEnd && start !== undefined) {
      places.push({ key, start, end });
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
  return places;
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
