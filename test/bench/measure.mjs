/**
 * Runs two candidates in turns within one process and compares them pair by pair: what slows the machine down slows both
 * turns of a pair, so their ratio stays. The order changes from pair to pair (A B, B A, ...), so that neither is always
 * the one that pays for the other's garbage.
 */
export async function compare({ ours, reference, rounds, warmUps }) {
  for (let turn = 0; turn < warmUps; turn += 1) {
    await ours();
    await reference();
  }
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await ours();
      pairs.push({ ours: first, reference: await reference() });
    } else {
      const first = await reference();
      pairs.push({ ours: await ours(), reference: first });
    }
  }
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    reference: median(pairs.map((pair) => pair.reference)),
    ratio: median(pairs.map((pair) => pair.ours / pair.reference)),
  };
}

/**
 * Microseconds one call takes, of a function that makes `count` calls and returns something that depends on them all
 * (else the compiler may leave them out).
 */
export function microsecondsPerCall(repeat, count) {
  return () => {
    const start = performance.now();
    const outcome = repeat(count);
    const elapsed = performance.now() - start;
    if (outcome === undefined) throw new Error('A measured loop has to return what it made.');
    return (elapsed * 1_000) / count;
  };
}

/** The same for a function that makes its calls asynchronously. */
export function microsecondsPerAwait(repeat, count) {
  return async () => {
    const start = performance.now();
    const outcome = await repeat(count);
    const elapsed = performance.now() - start;
    if (outcome === undefined) throw new Error('A measured loop has to return what it made.');
    return (elapsed * 1_000) / count;
  };
}

/** Calls a second, of an asynchronous function that makes `count` calls. */
export function callsPerSecond(repeat, count) {
  return async () => {
    const start = performance.now();
    await repeat(count);
    return (count * 1_000) / (performance.now() - start);
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
