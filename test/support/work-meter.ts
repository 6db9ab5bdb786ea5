import { Hash, Hmac } from 'node:crypto';
import { type Profiler, Session } from 'node:inspector';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Charge = (self: unknown, args: readonly unknown[], result: unknown) => number;

const lengthOf = (value: unknown): number => (value as { length?: number } | undefined)?.length ?? 0;
const self: Charge = (text) => lengthOf(text);
const argument: Charge = (_text, [bytes]) => lengthOf(bytes);
const given: Charge = (_self, _arguments, result) => lengthOf(result);
/** From where the search began to where it ended. */
const searched: Charge = (text, [, from = 0], found) =>
  found === -1 || found === false
    ? Math.max(0, lengthOf(text) - Number(from))
    : Math.max(1, Number(found) - Number(from));
/** Likewise, as far as a match tells. A sticky expression that fails has looked at no more than where it stands. */
const matched: Charge = (expression, [text], found) => {
  if (Array.isArray(found)) return lengthOf(found[0]) + 1;
  return (expression as RegExp).sticky ? 1 : lengthOf(text);
};

/** What native functions do with characters and elements cannot be seen as blocks of code: it is charged by its length. */
const NATIVE: readonly (readonly [prototype: object, charge: Charge, methods: readonly string[]])[] = [
  [String.prototype, searched, ['indexOf', 'includes']],
  [
    String.prototype,
    self,
    ['lastIndexOf', 'split', 'replace', 'replaceAll', 'match', 'matchAll', 'search', 'trim', 'trimStart', 'trimEnd'],
  ],
  [String.prototype, self, ['toLowerCase', 'toUpperCase', 'normalize', 'repeat', 'padStart', 'padEnd']],
  [RegExp.prototype, matched, ['exec', 'test']],
  [Array.prototype, searched, ['indexOf', 'includes']],
  [Array.prototype, self, ['concat', 'join', 'reverse', 'shift', 'slice', 'sort', 'splice', 'unshift']],
  [String.prototype, argument, ['startsWith', 'endsWith']],
  [Buffer, argument, ['from']],
  [Buffer, given, ['concat']],
  [Buffer.prototype, searched, ['indexOf', 'includes']],
  [Buffer.prototype, self, ['equals', 'compare', 'toString', 'lastIndexOf']],
  [JSON, argument, ['parse']],
  [JSON, given, ['stringify']],
  [Object, given, ['entries', 'keys', 'values']],
  [Object, argument, ['fromEntries']],
  [Hash.prototype, argument, ['update']],
  [Hmac.prototype, argument, ['update']],
];

/**
 * Counts the work that code does, in place of the time it takes: how often V8 ran each block of code in certain files, and how many
 * characters, bytes and elements native functions handled meanwhile. The same run gives the same number on every machine. Spread
 * syntax and backtracking inside one regular expression are not counted; the linter looks for the latter.
 */
export class WorkMeter {
  private readonly session = new Session();

  /** @param files whose code is counted. It must not have run yet: V8 counts the blocks of what it compiles from now on */
  constructor(private readonly files: RegExp) {
    this.session.connect();
    this.post('Profiler.enable');
    this.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many steps each run takes. @throws where code ran that was compiled before the meter, and would count as nothing */
  stepsOf(...runs: readonly (() => unknown)[]): number[] {
    // Asking V8 takes longer than most runs: once to forget what ran before, and once for each.
    this.blocks();
    return runs.map((run) => {
      let handled = 0;
      const restore = NATIVE.map(([prototype, charge, names]) =>
        meter(prototype, names, (...call) => void (handled += charge(...call))),
      );
      try {
        run();
      } finally {
        restore.forEach((undo) => undo());
      }
      return handled + this.blocks();
    });
  }

  close(): void {
    this.session.disconnect();
  }

  private blocks(): number {
    const { result } = this.post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
    let count = 0;
    for (const { url, functions } of result) {
      if (!this.files.test(url)) continue;
      for (const { functionName, isBlockCoverage, ranges } of functions) {
        // Getters of what a module exports and initial values of fields run while modules load; there is no loop in them.
        const isTrivial = /^(get\b|<|$)/.test(functionName);
        if (!isBlockCoverage && !isTrivial && ranges.some((range) => range.count > 0)) {
          throw new Error(`${functionName} of ${url} was compiled before the meter was there`);
        }
        count += ranges.reduce((sum, range) => sum + range.count, 0);
      }
    }
    return count;
  }

  private post(method: string, params: object = {}): unknown {
    let answer: unknown;
    // Answered before it returns: the session is one with its own thread.
    this.session.post(method, params, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  }
}

function meter(prototype: object, names: readonly string[], charge: (...call: Parameters<Charge>) => void): () => void {
  const target = prototype as Record<string, Method>;
  const natives = names.map((name) => [name, target[name]] as const);
  for (const [name, native] of natives) {
    if (native === undefined) continue;
    target[name] = function (this: unknown, ...args: unknown[]) {
      const result = native.apply(this, args);
      charge(this, args, result);
      return result;
    };
  }
  return () => {
    for (const [name, native] of natives) if (native !== undefined) target[name] = native;
  };
}

const SMALL_BYTES = 2_048;
const GROWTH = 8;
/** Eight times the input takes about eight times the steps, and sixty-four times where a step is quadratic. */
const LIMIT_GROWTH = 1.5 * GROWTH;

/** Says how many steps inputs of 2 and 16 kB take, if the second takes clearly more than eight times as many as the first. */
export function excessOverLinearWork<Input>(
  meter: WorkMeter,
  inputOf: (bytes: number) => Input,
  run: (input: Input) => unknown,
): string | undefined {
  const [small, large] = [inputOf(SMALL_BYTES), inputOf(GROWTH * SMALL_BYTES)];
  const [few = 0, many = 0] = meter.stepsOf(
    () => run(small),
    () => run(large),
  );
  // Looking once at every byte is no excess, however little a smaller input took.
  const limit = LIMIT_GROWTH * few + GROWTH * SMALL_BYTES;
  return many <= limit ? undefined : `${few} steps for 2 kB, ${many} for 16 kB`;
}
