import { type InspectionResult } from '../contract';
import { type Changes } from './recipe/change';
import { findMistake, type Mistake } from './recipe/find-mistake';
import { joined, type Part, type Recipe, resultOf } from './recipe/recipe';

export type Verdict = NonNullable<InspectionResult['verdict']>;
type Difference = NonNullable<Verdict['at']>;

const UNKNOWN: Verdict = {
  match: false,
  code: 'unknown',
  message:
    'No known mistake gives the expected value: most likely it was made with another secret, or from other inputs than these.',
};

/** Less of a digest could be guessed, one character after another. */
const LEAST_TRUNCATED_SHARE = 0.5;

/** Compares a value that somebody else computed with ours, and says what he did otherwise. */
export function judge(expected: string, right: Recipe, changes: Changes): Verdict {
  const own = resultOf(right);
  if (expected === own) return { match: true };
  if (pastedForms(expected).includes(own)) return whitespaceAround();
  const isDigest = right.hash !== 'none';
  const matches = (recipe: Recipe): boolean => resultOf(recipe) === expected;
  const mistake = findMistake({ right, changes, matches, isCheap: isDigest });
  const isTruncated = own.startsWith(expected) && expected.length >= own.length * LEAST_TRUNCATED_SHARE;
  // The start of a Basic value is the start of what it encodes: it must not be told whether it is right.
  if (mistake === undefined && isTruncated && isDigest) return truncated(own.length, expected.length);
  return described(right, mistake);
}

/** Compares the text that somebody else signed, pasted in place of the signature. */
export function judgeText(expected: string, right: Recipe, changes: Changes): Verdict {
  const theirs = Buffer.from(expected);
  if (theirs.equals(joined(right.text))) {
    return { match: true, message: 'The text that is signed is the same. If the signatures differ, the keys do.' };
  }
  const matches = ({ text }: Recipe): boolean => joined(text).equals(theirs);
  const known = findMistake({ right, changes, matches, isCheap: false });
  if (known !== undefined) return described(right, known);
  const bare = expected.replace(/^[\s"']+/, '').replace(/["']*\s*$/, '');
  if (bare === expected || bare === '') return firstDifference(theirs, right);
  // A line break behind a text is known above: signed along, it is another text.
  const inside = judgeText(bare, right, changes);
  return inside.match ? whitespaceAround() : inside;
}

export function described(right: Recipe, mistake: Mistake | undefined): Verdict {
  if (mistake === undefined) return UNKNOWN;
  const { changes, recipe } = mistake;
  const inputs = [...new Set(changes.flatMap((change) => change.inputs))];
  const at = differenceOf(right, recipe, inputs);
  return {
    match: false,
    code: changes.map(({ code }) => code).join('+'),
    inputs,
    ...(at !== undefined && { at }),
    message: `The expected value was made ${spokenTogether(changes.map(({ what }) => what))}.`,
  };
}

/** What has a remark of its own behind a semicolon is not gone on with behind a comma. */
function spokenTogether(whats: readonly string[]): string {
  return whats.reduce((before, what) => `${before}${before.includes(';') ? ';' : ','} and ${what}`);
}

export function whitespaceAround(): Verdict {
  const message =
    'The expected value is right, but for how it was pasted: with whitespace, quotes, escapes or the name of its header.';
  return { match: false, code: 'expected-whitespace', inputs: ['expected'], message };
}

export function truncated(whole: number, given: number): Verdict {
  const message = `The expected value is cut off: it has ${given} of ${whole} characters.`;
  return { match: false, code: 'truncated', inputs: ['expected'], message };
}

/** No signature is longer, and searching longer texts for their ends takes its time. */
const LONGEST_PASTED = 8 * 1024;

/** What tools and editors do to a value on its way, undone; each follows those before it or stands alone. */
const UNDONE: readonly ((text: string) => string)[] = [
  (text) => text.replace(/^[\s"']*[\w.-]*(?:signature|authorization|tran-?key)["']?\s*[:=]\s*/i, ''),
  (text) => text.replace(/^[\s"']+|[\s"',;]+$/g, ''),
  (text) => text.replace(/\\?\r?\n[ \t]*/g, ''),
  (text) => text.replaceAll('\\/', '/'),
  (text) => text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
  // A form decoder reads a plus sign as a space.
  (text) => text.replaceAll(' ', '+'),
];

/** Other readings of a value as it was pasted: without its header's name, whitespace, quotes, line breaks and escapes. */
export function pastedForms(text: string): string[] {
  if (text.length > LONGEST_PASTED) return [];
  const forms = new Set([text]);
  for (const undo of UNDONE) {
    for (const form of [...forms]) forms.add(undo(form));
  }
  forms.delete(text);
  return [...forms];
}

function differenceOf(right: Recipe, other: Recipe, inputs: readonly string[]): Difference | undefined {
  const shownPart = ({ name, isHidden }: Part): boolean => inputs.includes(name) && isHidden !== true;
  for (const ours of right.text.filter(shownPart)) {
    const theirs = other.text.find(({ name }) => name === ours.name);
    if (theirs !== undefined && !theirs.bytes.equals(ours.bytes)) return firstByte(ours.name, ours.bytes, theirs.bytes);
  }
  return undefined;
}

const SHOWN_BYTES = 12;

function firstByte(input: string, ours: Buffer, theirs: Buffer): Difference {
  const length = Math.min(ours.length, theirs.length);
  let byte = 0;
  while (byte < length && ours[byte] === theirs[byte]) byte += 1;
  const shown = (bytes: Buffer): string => bytes.subarray(byte, byte + SHOWN_BYTES).toString('utf8');
  return { input, byte, ours: shown(ours), theirs: shown(theirs) };
}

/** Where two texts part, by the part of ours that this falls into. In a credential only that is said, never the place. */
function firstDifference(theirs: Buffer, right: Recipe): Verdict {
  let start = 0;
  for (const part of right.text) {
    const { name, bytes, isHidden } = part;
    const own = theirs.subarray(start, start + bytes.length);
    if (!own.equals(bytes)) {
      const isLiteral = name === 'literal';
      const at =
        isHidden === true || (isLiteral && isNearHidden(right, part))
          ? undefined
          : firstByte(isLiteral ? 'separator' : name, bytes, isLiteral ? own : partOf(theirs, start, right, part));
      const inputs = [isLiteral ? 'separator' : name];
      const message = `The text that was signed differs first in ${isLiteral ? 'what stands between the parts' : name}.`;
      return { match: false, code: 'text-differs', inputs, ...(at !== undefined && { at }), message };
    }
    start += bytes.length;
  }
  const message = 'The text that was signed goes on behind the end of ours.';
  return { match: false, code: 'text-longer', inputs: [right.text.at(-1)?.name ?? 'text'], message };
}

/** Whether something that nothing is shown of may stand in its place. */
function isNearHidden({ text }: Recipe, part: Part): boolean {
  const index = text.indexOf(part);
  return text.slice(0, index).some(({ isHidden }) => isHidden === true) || text[index + 1]?.isHidden === true;
}

/** Up to what follows the part in our text, so that nothing behind it, a credential perhaps, is shown along. */
function partOf(theirs: Buffer, start: number, { text }: Recipe, part: Part): Buffer {
  const following = text[text.indexOf(part) + 1];
  if (following === undefined) return theirs.subarray(start);
  const end = theirs.indexOf(following.bytes, start);
  return theirs.subarray(start, end === -1 ? start + part.bytes.length : end);
}
