/** A piece of a text, and whether the other text has something else there. */
export interface DiffRun {
  readonly text: string;
  readonly differs: boolean;
}

/** What two texts begin and end with alike, and what differs between. */
export function diffRuns(ours: string, theirs: string): readonly [ours: DiffRun[], theirs: DiffRun[]] {
  const [a, b] = [[...ours], [...theirs]];
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const runs = (characters: readonly string[]): DiffRun[] =>
    [
      { text: characters.slice(0, head).join(''), differs: false },
      { text: characters.slice(head, characters.length - tail).join(''), differs: true },
      { text: characters.slice(characters.length - tail).join(''), differs: false },
    ].filter(({ text }) => text !== '');
  return [runs(a), runs(b)];
}

const MARKS: Readonly<Record<string, string>> = { ' ': '\u2423', '\n': '\u21b5', '\r': '\u240d', '\t': '\u21e5' };

/** Whitespace as signs one can see. */
export function visible(text: string): string {
  return text.replace(/[ \n\r\t]/g, (character) => MARKS[character] ?? character);
}
