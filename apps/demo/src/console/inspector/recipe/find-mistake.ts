import { type Change, type Changes, combinable } from './change';
import { editableParts, oneCharacterEdits } from './one-character';
import { type Recipe, withPart } from './recipe';

/** What was done otherwise, and so the recipe that was used. */
export interface Mistake {
  readonly changes: readonly Change[];
  readonly recipe: Recipe;
}

export interface Search {
  readonly right: Recipe;
  readonly changes: Changes;
  /** Whether a recipe gives the expected value. */
  readonly matches: (recipe: Recipe) => boolean;
  /** Whether trying a hundred thousand recipes takes no time worth speaking of. */
  readonly isCheap: boolean;
}

/** Above it a thousand pairs of changes would hash too much. */
const LARGEST_TEXT_FOR_PAIRS = 4 * 1024;
/** What thousands of readings of a clock may hash between them. Nothing else is answered meanwhile. */
const MOST_BYTES_OF_SERIES = 64 * 1024 * 1024;
/** And what all single characters that may be mistyped. */
const MOST_BYTES_OF_CHARACTERS = 320 * 1024 * 1024;

/**
 * Finds how somebody came to another value: by every single change that people are known to make, then by every pair of changes
 * to different inputs, then by every single mistyped character.
 */
export function findMistake(search: Search): Mistake | undefined {
  return findSingle(search) ?? findPair(search) ?? (search.isCheap ? findCharacter(search) : undefined);
}

function findSingle({ right, changes, matches }: Search): Mistake | undefined {
  const size = sizeOf(right);
  let left = MOST_BYTES_OF_SERIES;
  for (const change of oneByOne(changes)) {
    if (change.isAlone === true) left -= size;
    if (change.isAlone === true && left < 0) continue;
    const recipe = change.apply(right);
    if (matches(recipe)) return { changes: [change], recipe };
  }
  return undefined;
}

function findPair({ right, changes, matches }: Search): Mistake | undefined {
  if (sizeOf(right) > LARGEST_TEXT_FOR_PAIRS) return undefined;
  const single = combinable(changes);
  for (const [index, first] of single.entries()) {
    const changed = first.apply(right);
    for (const second of single.slice(index + 1)) {
      if (second.inputs.some((name) => first.inputs.includes(name))) continue;
      const recipe = second.apply(changed);
      if (matches(recipe)) return { changes: [first, second], recipe };
    }
  }
  return undefined;
}

function findCharacter({ right, matches }: Search): Mistake | undefined {
  const size = sizeOf(right);
  let left = MOST_BYTES_OF_CHARACTERS;
  for (const { name, bytes } of editableParts(right)) {
    for (const edited of oneCharacterEdits(bytes)) {
      left -= size;
      if (left < 0) return undefined;
      const recipe = withPart(right, name, edited);
      if (!matches(recipe)) continue;
      const what = `with one character of ${name} different`;
      return { changes: [{ code: 'one-character', inputs: [name], what, apply: () => recipe }], recipe };
    }
  }
  return undefined;
}

function* oneByOne(changes: Changes): Generator<Change> {
  for (const change of changes) {
    if (typeof change === 'function') yield* change();
    else yield change;
  }
}

const sizeOf = ({ text }: Recipe): number => text.reduce((sum, { bytes }) => sum + bytes.length, 0);
