import { type JsonObject } from '../core/json';
import { type JsonSpelling, spell, valueAt, without, withValue } from './json-text';

/** Ways to spoil a webhook, each by one thing that a receiver has to notice. A scheme offers those that it has. */
export const WEBHOOK_BREAKS = {
  'other-secret': 'signed with a secret or a private key that nobody has',
  'other-merchant':
    "another merchant's: signed with that one's secret, or naming that one where the secret is the gateway's",
  'changed-byte': 'one character of what is signed is changed after signing',
  'missing-field': 'one member of what is signed is removed after signing',
  'shifted-boundary': 'one character moves from a signed value to the one before: joined, they read the same',
  'duplicate-member': 'a signed member comes twice, a forged one first: most parsers take the last, some the first',
  'missing-signature': 'no signature, token or credentials',
  'truncated-signature': 'the first half of the signature only',
  'wrong-encoding': 'the right signature as base64 in place of hex, or as hex in place of base64',
  'wrong-algorithm':
    'the right text and secret under a weaker hash than any variant has; the prefix, if there is one, names it',
  stale: 'valid signature, one hour old',
  future: 'valid signature, dated one hour ahead',
} as const satisfies Readonly<Record<string, string>>;
export type WebhookBreak = keyof typeof WEBHOOK_BREAKS;

/** What can be done to any signature with a secret behind it. */
export const SIGNATURE_BREAKS: readonly WebhookBreak[] = [
  'other-secret',
  'other-merchant',
  'changed-byte',
  'missing-field',
  'missing-signature',
  'truncated-signature',
  'wrong-encoding',
  'wrong-algorithm',
];

const HOUR_MS = 3_600_000;

/** The time a webhook says it was made at. */
export function writingTime(now: number, broken: WebhookBreak | undefined): number {
  if (broken === 'stale') return now - HOUR_MS;
  return broken === 'future' ? now + HOUR_MS : now;
}

type Alteration = (body: JsonObject, covered: readonly string[], spelling: JsonSpelling) => string;

const ALTERATIONS: Partial<Readonly<Record<WebhookBreak, Alteration>>> = {
  'changed-byte': (body, [first = ''], spelling) => spell(changedAt(body, first), spelling),
  'missing-field': (body, covered, spelling) => spell(without(body, covered.at(-1) ?? ''), spelling),
  'shifted-boundary': (body, covered, spelling) => spell(shifted(body, covered.slice(-2)), spelling),
  'duplicate-member': (body, [first = ''], spelling) => withForgedTwin(body, first, spelling),
};

/**
 * The body as it is sent, after it was signed.
 *
 * @param covered paths of the signed members, in the order they are signed; without any, no break touches the body
 */
export function brokenBody(
  body: JsonObject,
  covered: readonly string[],
  broken: WebhookBreak | undefined,
  spelling: JsonSpelling,
): string {
  const alteration = broken && covered.length > 0 ? ALTERATIONS[broken] : undefined;
  return alteration ? alteration(body, covered, spelling) : spell(body, spelling);
}

/** Another text of the same length and kind: its last letter or digit is the next one. */
export function nudged(text: string): string {
  const changed = text.replace(/[0-9A-Za-z](?=[^0-9A-Za-z]*$)/, (char) =>
    String.fromCharCode(char.charCodeAt(0) + (/[9Zz]/.test(char) ? -1 : 1)),
  );
  return changed === text ? `${text}x` : changed;
}

function changedAt(body: JsonObject, path: string): JsonObject {
  const value = valueAt(body, path);
  return withValue(body, path, typeof value === 'number' ? Number(nudged(String(value))) : nudged(String(value)));
}

function shifted(body: JsonObject, [earlier = '', later = '']: readonly string[]): JsonObject {
  const text = String(valueAt(body, later));
  const moved = withValue(body, earlier, `${String(valueAt(body, earlier))}${text.slice(0, 1)}`);
  return withValue(moved, later, text.slice(1));
}

/** Two members of one name, which the object model cannot hold, so the text of one is put before the other. */
function withForgedTwin(body: JsonObject, path: string, spelling: JsonSpelling): string {
  const [name = ''] = path.split('.');
  const forged = spell({ [name]: changedAt(body, path)[name] }, spelling);
  return `${forged.slice(0, -1)},${spell(body, spelling).slice(1)}`;
}
