/** What is known of the times of one class of inputs, in nanoseconds. */
export interface Summary {
  readonly mean: number;
  readonly median: number;
}

/** Two classes compared. */
export interface Comparison {
  /** Welch's t where it is furthest from 0, over all croppings. */
  readonly t: number;
  /** Of the means, in nanoseconds, at the sharpest cropping. */
  readonly difference: number;
  /** Whether they can be told apart at any cropping. */
  readonly isFound: boolean;
  /** The least difference of means, in nanoseconds, that would have been called one at the sharpest cropping. */
  readonly resolution: number;
}

/** Above it, dudect and TVLA say that two classes differ: less than 1 in 100,000 by chance. */
export const THRESHOLD = 4.5;

/** Nanoseconds, the unit of the clock. Less is found now and then where inputs are used more than once, and means nothing. */
export const LEAST_DIFFERENCE = 1;

/** Shares of the pooled times that are kept, the shortest ones: interrupts and garbage collection only ever add. */
const KEPT = [1, 0.99, 0.95, 0.9, 0.75, 0.5];

export function summarize(times: Float64Array): Summary {
  const sorted = times.slice().sort();
  const kept = sorted.subarray(0, Math.ceil(sorted.length * 0.95));
  return { mean: moments(kept).mean, median: sorted[sorted.length >> 1] ?? Number.NaN };
}

/** As dudect: once with all measurements, once for each limit above which they are cropped from both classes. */
export function compare(left: Float64Array, right: Float64Array): Comparison {
  const pooled = new Float64Array(left.length + right.length);
  pooled.set(left);
  pooled.set(right, left.length);
  pooled.sort();
  const croppings = KEPT.map((share) => {
    const limit = pooled[Math.ceil(pooled.length * share) - 1] ?? Infinity;
    return welch(
      left.filter((time) => time <= limit),
      right.filter((time) => time <= limit),
    );
  });
  const sharpest = croppings.reduce((best, next) => (next.standardError < best.standardError ? next : best));
  return {
    t: croppings.reduce((worst, { t }) => (Math.abs(t) > Math.abs(worst) ? t : worst), 0),
    difference: sharpest.difference,
    isFound: croppings.some((one) => Math.abs(one.t) >= THRESHOLD && Math.abs(one.difference) >= LEAST_DIFFERENCE),
    resolution: THRESHOLD * sharpest.standardError,
  };
}

/** Welch's t-test of two samples with unequal variances. */
export function welch(
  left: Float64Array,
  right: Float64Array,
): { t: number; difference: number; standardError: number } {
  const [a, b] = [moments(left), moments(right)];
  const standardError = Math.sqrt(a.variance / left.length + b.variance / right.length);
  const difference = a.mean - b.mean;
  return { t: difference === 0 ? 0 : difference / standardError, difference, standardError };
}

function moments(times: Float64Array): { mean: number; variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return { mean, variance: squares / (times.length - 1) };
}

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). Of no use for anything secret. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
