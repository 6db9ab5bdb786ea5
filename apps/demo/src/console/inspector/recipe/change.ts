import { type Recipe, withPart } from './recipe';

/** One thing that people are known to do otherwise. */
export interface Change {
  /** Stable, for translations. */
  readonly code: string;
  /** Which inputs differ by it: names of fields, or `secret`, `key`, `order`, `separator`, `algorithm`, `encoding`, `prefix`. */
  readonly inputs: readonly string[];
  /** What was done, to follow "The expected value was made ...". */
  readonly what: string;
  readonly apply: (recipe: Recipe) => Recipe;
  /** Too many of its kind to be tried together with others. */
  readonly isAlone?: boolean;
}

/** Thousands of a kind, each alone, made one by one when their turn comes: most mistakes are found before. */
export type Series = () => Iterable<Change>;

/** In the order in which they are tried. */
export type Changes = readonly (Change | Series)[];

/** A change for each value. */
export function series<T>(values: readonly T[], changeOf: (value: T) => Change): Series {
  return function* () {
    for (const value of values) yield changeOf(value);
  };
}

/** What may be tried together with others. */
export const combinable = (changes: Changes): Change[] =>
  changes.filter((change) => typeof change !== 'function').filter(({ isAlone }) => isAlone !== true);

/** The same input in another spelling. */
export function respelled(
  name: string,
  code: string,
  what: string,
  value: string | Buffer,
  options: { readonly isAlone?: boolean; readonly inputs?: readonly string[] } = {},
): Change {
  const bytes = Buffer.from(value);
  const { inputs = [name], isAlone = false } = options;
  return { code, inputs, what, isAlone, apply: (recipe) => withPart(recipe, name, bytes) };
}
