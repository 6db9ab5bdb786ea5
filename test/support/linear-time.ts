const QUARTER_OF_A_MB = 2 ** 18;
const GROWTH = 8;
const LIMIT_GROWTH = 3 * GROWTH;
/** For what a run costs whatever its size, and a collection of garbage in it. */
const ALLOWANCE_MS = 100;
/** However it grows: nobody's signature is worth as much of a server's time. */
const LIMIT_MS = 2_000;
const TRIES = 8;
/** Slow, not held up by others: what is larger could take hours. */
const HOPELESS_MS = 5_000;

function millisecondsOf(run: () => unknown, now: () => number): number {
  const start = now();
  run();
  return now() - start;
}

/**
 * Says how long inputs of a quarter of a MB and of 2 MB take, if the second takes clearly more than eight times as long as the
 * first (a quadratic step takes 64 times as long) or more than two seconds. What the machine does besides only ever adds time,
 * so each size counts with its shortest run, and an excess counts only when it is there every time.
 */
export function excessOverLinearTime<Input>(
  inputOf: (bytes: number) => Input,
  run: (input: Input) => unknown,
  now: () => number = () => performance.now(),
): string | undefined {
  const [small, large] = [inputOf(QUARTER_OF_A_MB), inputOf(GROWTH * QUARTER_OF_A_MB)];
  let [short, long] = [Infinity, Infinity];
  for (let tries = 0; tries < TRIES; tries += 1) {
    short = Math.min(
      short,
      millisecondsOf(() => run(small), now),
    );
    if (short > HOPELESS_MS) return `${short.toFixed(1)} ms for a quarter of a MB`;
    long = Math.min(
      long,
      millisecondsOf(() => run(large), now),
    );
    if (long < Math.min(LIMIT_GROWTH * short + ALLOWANCE_MS, LIMIT_MS)) return undefined;
    if (long > HOPELESS_MS && tries > 0) break;
  }
  return `${short.toFixed(1)} ms for a quarter of a MB, ${long.toFixed(1)} ms for 2 MB`;
}
