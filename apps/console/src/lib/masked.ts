/** A piece of a text, and whether it stands for something that is not shown. */
export interface MaskedRun {
  readonly text: string;
  readonly isMasked: boolean;
}

/** `sha2\u20269f3c (71)` of the console, `masked:6ceb` of the simulator. */
const MASKS = /[\w+/=.:-]{0,12}\u2026[\w+/=.:-]{0,12} \(\d+\)|masked:[0-9a-f]{4}/g;

/** Finds the masked values in what was sent or answered. */
export function maskedRuns(text: string): MaskedRun[] {
  const ranges = [...text.matchAll(MASKS)].map(({ index, 0: mask }): readonly [number, number] => [
    index,
    index + mask.length,
  ]);
  return runsOf(text, ranges);
}

/** The same by known ranges: [start, end) in characters, in any order. */
export function runsOf(text: string, ranges: readonly (readonly [start: number, end: number])[]): MaskedRun[] {
  const runs: MaskedRun[] = [];
  let position = 0;
  for (const [start, end] of [...ranges].sort((one, other) => one[0] - other[0])) {
    if (end <= position) continue;
    const from = Math.max(start, position);
    if (from > position) runs.push({ text: text.slice(position, from), isMasked: false });
    runs.push({ text: text.slice(from, end), isMasked: true });
    position = end;
  }
  if (position < text.length) runs.push({ text: text.slice(position), isMasked: false });
  return runs;
}
