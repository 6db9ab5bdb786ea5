import { type Change, respelled } from './change';
import { literal, type Part, type Recipe, SECRET, separated } from './recipe';

const SEPARATORS = ['-', '.', ',', '|', ':', ';', ' ', '+', '&', '_', '\n'] as const;
/** With more there are too many orders. */
const MOST_PARTS = 5;

/** For values that are written one after another, with nothing between: their order, gaps and what is missing. */
export function joinChanges({ text }: Recipe): Change[] {
  const names = [...new Set(text.map(({ name }) => name))];
  return [
    ...orders(text).map((order): Change => ({
      code: 'order-swapped',
      inputs: ['order'],
      what: `from its parts in another order; it is ${names.map(spoken).join(', ')}`,
      apply: (recipe) => ({ ...recipe, text: sorted(recipe.text, order) }),
    })),
    ...names
      .filter((name) => name !== SECRET)
      .map((name): Change => ({
        code: 'value-left-out',
        inputs: [name],
        what: `without ${name}`,
        apply: (recipe) => ({ ...recipe, text: recipe.text.filter((part) => part.name !== name) }),
      })),
    ...addedSeparatorChanges(SEPARATORS),
  ];
}

/** Something between values that are written one after another. */
export function addedSeparatorChanges(separators: readonly string[]): Change[] {
  return separators.map((separator) => ({
    code: 'separator-added',
    inputs: ['separator'],
    what: `with ${JSON.stringify(separator)} between the parts; there is nothing`,
    apply: (recipe) => ({ ...recipe, text: separated(recipe.text, separator) }),
  }));
}

/** Something else than what belongs between the values, or nothing. */
export function otherSeparatorChange(code: string, what: string, separator: string): Change {
  const instead = separator === '' ? [] : [literal(separator)];
  return {
    code,
    inputs: ['separator'],
    what,
    apply: (recipe) => ({
      ...recipe,
      text: recipe.text.flatMap((part) => (part.name === 'literal' ? instead : [part])),
    }),
  };
}

/** One value more than the formula has, before or behind the secret. */
export function additionChanges(additional: readonly Part[]): Change[] {
  return additional.flatMap((part) => {
    const change = (apply: Change['apply']): Change => ({
      code: 'value-added',
      inputs: [part.name],
      what: `with ${part.name} as well, which is not in the formula`,
      apply,
    });
    return [
      change((recipe) => ({ ...recipe, text: [...recipe.text, part] })),
      change((recipe) => ({
        ...recipe,
        text: recipe.text.flatMap((own) => (own.name === SECRET ? [part, own] : [own])),
      })),
      change((recipe) => ({ ...recipe, text: [part, ...recipe.text] })),
    ];
  });
}

/** A neighbour taken for the value that is signed, such as `status.reason` for `status.status`. */
export function neighbourChanges({ text }: Recipe, others: readonly Part[]): Change[] {
  const objectOf = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);
  return text
    .filter(({ name }) => name.includes('.'))
    .flatMap(({ name }) =>
      others
        .filter((other) => objectOf(other.name) === objectOf(name))
        .map((other) => respelled(name, 'value-other', `with ${other.name} in place of ${name}`, other.bytes)),
    );
}

/** Words such as a status, in other letters. */
export function letterCaseChanges({ text }: Recipe): Change[] {
  const words = text.filter(({ name, isHidden, bytes }) => {
    return name !== 'literal' && isHidden !== true && /^[A-Za-z_]+$/.test(bytes.toString('latin1'));
  });
  return words.flatMap(({ name, bytes }) => {
    const own = bytes.toString('latin1');
    return [own.toLowerCase(), own.toUpperCase()]
      .filter((other) => other !== own)
      .map((other) => letterCaseChange(name, other));
  });
}

export const letterCaseChange = (name: string, other: string): Change =>
  respelled(name, 'letter-case', `with ${name} in other letters, upper or lower case`, other);

const spoken = (name: string): string => (name === SECRET ? 'the secret' : name);

function orders(text: readonly Part[]): string[][] {
  const names = text.map(({ name }) => name);
  if (names.length > MOST_PARTS) return [];
  return permutations(names).filter((order) => order.some((name, index) => name !== names[index]));
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function sorted(parts: readonly Part[], order: readonly string[]): Part[] {
  return order.flatMap((name) => parts.filter((part) => part.name === name));
}
