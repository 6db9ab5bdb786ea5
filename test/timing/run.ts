import { cpus, loadavg } from 'node:os';
import { timingCases, type TimingCase } from './cases';
import {
  compare,
  type Comparison,
  seededRandom,
  type Summary,
  summarize,
  THRESHOLD,
  LEAST_DIFFERENCE,
} from './statistics';

/**
 * Whether the time that a verifier takes tells how much of a secret was guessed. Samples of all classes are taken in one
 * random order, so that what else the machine does falls on all of them alike.
 *
 * Exits with 1 when two classes can be told apart, and when a comparison that stops at the first difference, put in on
 * purpose, is not found: then the measurement has not shown anything.
 */
const ROUNDS = 50;
const POOL = 200;
const WARM_UP = 4_000;

interface Row {
  readonly name: string;
  readonly isControl: boolean;
  readonly classes: Readonly<Record<string, Summary>>;
  /** The pair that is furthest apart. */
  readonly worst: Comparison & { readonly pair: string };
  readonly isFound: boolean;
}

function measure(timingCase: TimingCase, samples: number, random: () => number): Row {
  const act = timingCase.act as (input: unknown) => unknown;
  const prepare = timingCase.prepare as ((input: unknown) => void) | undefined;
  const names = Object.keys(timingCase.inputs());
  const times = names.map(() => new Float64Array(samples));
  const filled = names.map(() => 0);
  const disarm = timingCase.arm?.();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const pools = newPools(timingCase, names, random);
      const ofRound = Math.floor(((round + 1) * samples) / ROUNDS) - Math.floor((round * samples) / ROUNDS);
      const warmUp = round === 0 ? WARM_UP : POOL;
      for (let turn = 0; turn < warmUp * names.length; turn += 1) act(pools[turn % names.length]?.[turn % POOL]);
      for (const place of shuffled(names.length, ofRound, random)) {
        const input = pools[place]?.[Math.floor(random() * POOL)];
        prepare?.(input);
        const start = performance.now();
        act(input);
        const end = performance.now();
        times[place][filled[place]++] = (end - start) * 1e6;
      }
    }
  } finally {
    disarm?.();
  }
  return {
    name: timingCase.name,
    isControl: timingCase.isControl === true,
    classes: Object.fromEntries(names.map((name, place) => [name, summarize(times[place])])),
    ...compareAll(names, times),
  };
}

/**
 * Often new ones, each of a secret of its own, and the classes in another order each time: at this resolution it is seen where an
 * input lies in memory, and that two inputs which begin alike teach the processor to foresee each other.
 */
function newPools({ inputs }: TimingCase, names: readonly string[], random: () => number): readonly unknown[][] {
  const pools = names.map((): unknown[] => []);
  for (let index = 0; index < POOL; index += 1) {
    for (const place of shuffled(names.length, 1, random)) pools[place]?.push(inputs()[names[place]]?.());
  }
  return pools;
}

/** Every class as often as every other one. */
function shuffled(classes: number, each: number, random: () => number): Uint8Array {
  const order = Uint8Array.from({ length: classes * each }, (_, index) => index % classes);
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other], order[index]];
  }
  return order;
}

function compareAll(names: readonly string[], times: readonly Float64Array[]): Pick<Row, 'worst' | 'isFound'> {
  const pairs = names.flatMap((left, from) =>
    names.slice(from + 1).map((right, offset) => ({
      pair: `${left}/${right}`,
      ...compare(times[from], times[from + 1 + offset]),
    })),
  );
  return {
    worst: pairs.reduce((worst, pair) => (Math.abs(pair.t) > Math.abs(worst.t) ? pair : worst)),
    isFound: pairs.some(({ isFound }) => isFound),
  };
}

const isAsItShould = ({ isFound, isControl }: Row): boolean => isFound === isControl;

function toTable(rows: readonly Row[]): string {
  const us = (nanoseconds: number): string => (nanoseconds / 1_000).toFixed(2);
  const cells = rows.map((row) => {
    const classes = Object.entries(row.classes);
    return [
      row.isControl ? `control: ${row.name}` : row.name,
      classes.map(([name]) => name).join(' / '),
      classes.map(([, { mean }]) => us(mean)).join(' / '),
      classes.map(([, { median }]) => us(median)).join(' / '),
      Math.abs(row.worst.t).toFixed(1),
      Math.abs(row.worst.difference).toFixed(1),
      row.worst.resolution.toFixed(1),
      row.isFound ? 'tells' : 'same',
      isAsItShould(row) ? '' : '<- WRONG',
    ];
  });
  const table = [
    ['what', 'classes', 'means, us', 'medians, us', '|t|', 'apart, ns', 'would see, ns', 'found', ''],
    ...cells,
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

function main(args: readonly string[]): void {
  const option = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const samples = Number(option('samples') ?? 100_000);
  const seed = Number(option('seed') ?? Math.floor(Math.random() * 2 ** 31));
  const only = option('only')?.split(',');
  const random = seededRandom(seed);
  const cases = timingCases(random).filter(
    ({ name }) => only === undefined || only.some((part) => name.includes(part)),
  );
  const rows = cases.map((timingCase) => {
    if (process.stderr.isTTY) process.stderr.write(`${timingCase.name} ...\n`);
    return measure(timingCase, samples, random);
  });
  const wrong = rows.filter((row) => !isAsItShould(row));
  if (args.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ seed, samples, threshold: THRESHOLD, rows }, undefined, 2)}\n`);
  } else {
    const [processor] = cpus();
    process.stdout.write(
      `${processor?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}\n\n` +
        `${toTable(rows)}\n\n` +
        `${samples} samples a class in one random order (seed ${seed}); means without the slowest 5 %; |t| is the largest of all pairs of\n` +
        `classes and all croppings. "apart": the difference of means where it is measured best; "would see": the least that would show\n` +
        `there. Classes can be told apart from |t| ${THRESHOLD} and ${LEAST_DIFFERENCE} ns on.\n` +
        `${rows.length - wrong.length} of ${rows.length} as they should be.\n`,
    );
  }
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

main(process.argv.slice(2));
