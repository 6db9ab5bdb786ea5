import { escapeNonAscii, isObject, type JsonObject } from '../core/json';

/** Ways to write one JSON value. A signature over the raw body fits only the spelling that was sent. */
export const JSON_SPELLINGS = {
  compact: 'no spaces, raw UTF-8: what JSON.stringify writes',
  escaped: 'characters above ASCII as \\uXXXX and slashes as \\/: what PHP writes by default',
  spaced: 'a space after every comma and colon, as many encoders write',
} as const satisfies Readonly<Record<string, string>>;
export type JsonSpelling = keyof typeof JSON_SPELLINGS;

const STRING_OR_SEPARATOR = /"(?:[^"\\]|\\.)*"|[:,]/g;

export function spell(value: unknown, spelling: JsonSpelling): string {
  const compact = JSON.stringify(value);
  switch (spelling) {
    case 'compact':
      return compact;
    case 'escaped':
      return escapeNonAscii(compact).replaceAll('/', '\\/');
    case 'spaced':
      return compact.replace(STRING_OR_SEPARATOR, (token) => (token.length === 1 ? `${token} ` : token));
  }
}

/** The value at a path of names joined by dots; `undefined` when there is none. */
export function valueAt(object: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), object);
}

/** A copy with another value at a path; what the path leads through is kept, or made. */
export function withValue(object: JsonObject, path: string, value: unknown): JsonObject {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name];
  return { ...object, [name]: withValue(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** A copy without the member at a path. */
export function without(object: JsonObject, path: string): JsonObject {
  const [name = '', ...rest] = path.split('.');
  const inner = object[name];
  if (rest.length > 0) return isObject(inner) ? { ...object, [name]: without(inner, rest.join('.')) } : object;
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}

/** A copy of `base` with `over` laid over it: objects member by member, anything else whole. */
export function merged(base: JsonObject, over: JsonObject): JsonObject {
  const laid = Object.entries(over).map(([name, value]) => {
    const below = Object.hasOwn(base, name) ? base[name] : undefined;
    return [name, isObject(below) && isObject(value) ? merged(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(laid) };
}
