import { UnsignableRequestError } from '../core/errors';
import { type PlacetopayAuth } from './placetopay-auth';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Puts `auth` into a JSON body: in place of a root `auth` that is there already, else as the last root member. All other
 * text stays as given, so that no number loses digits and no escape changes. Of an `auth` given more than once the first is
 * replaced and the others are left out, because JSON does not say which one the server would take.
 *
 * @throws {UnsignableRequestError} `unsupported-body` when the body is not a JSON object
 */
export function insertAuth(body: Buffer, auth: PlacetopayAuth): Buffer {
  if (body.length === 0) return Buffer.from(JSON.stringify({ auth }), 'utf8');
  const { text, root } = parseRoot(body);
  const member = `"auth":${JSON.stringify(auth)}`;
  if (Object.hasOwn(root, 'auth')) return Buffer.from(replaceRootMember(text, 'auth', member), 'utf8');
  const end = text.lastIndexOf('}');
  const separator = Object.keys(root).length === 0 ? '' : ',';
  return Buffer.from(`${text.slice(0, end)}${separator}${member}${text.slice(end)}`, 'utf8');
}

function parseRoot(body: Buffer): { text: string; root: Record<string, unknown> } {
  try {
    const text = strictUtf8.decode(body);
    const root: unknown = JSON.parse(text);
    if (typeof root === 'object' && root !== null && !Array.isArray(root)) {
      return { text, root: root as Record<string, unknown> };
    }
  } catch {
    // Not JSON: told below, without the body.
  }
  throw new UnsignableRequestError(
    'The body of a request to Placetopay is not a JSON object, so auth has no place in it.',
    {
      reason: 'unsupported-body',
      gateway: 'placetopay',
      hint: 'Send an object (or JSON text of one); queries are POST requests too.',
    },
  );
}

/** The text must be JSON of an object that has the member. */
function replaceRootMember(text: string, name: string, replacement: string): string {
  const { before, members, after } = splitRoot(text);
  const keys = members.map(keyOf);
  const kept = members.flatMap((member, index) => {
    if (keys[index] !== name) return [member];
    if (keys.indexOf(name) !== index) return [];
    return [member.slice(0, member.indexOf('"')) + replacement + member.slice(member.trimEnd().length)];
  });
  return before + kept.join(',') + after;
}

/** What stands between the commas of the root object, whitespace included, and what stands around it. */
function splitRoot(text: string): { before: string; members: string[]; after: string } {
  const start = text.indexOf('{') + 1;
  const members: string[] = [];
  let depth = 1;
  let memberStart = start;
  let at = start;
  while (depth > 0) {
    const character = text[at];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      members.push(text.slice(memberStart, at));
      memberStart = at + 1;
    }
    at = character === '"' ? endOfString(text, at) : at + 1;
  }
  return { before: text.slice(0, start), members, after: text.slice(memberStart - 1) };
}

/** However it is escaped: `"\u0061uth"` is `auth` as well. */
function keyOf(member: string): unknown {
  const start = member.indexOf('"');
  return JSON.parse(member.slice(start, endOfString(member, start)));
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
