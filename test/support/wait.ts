/** Only something that hangs takes so long, however busy the machine: well below Jest's own limit, for a better message. */
export const HANG_MS = 120_000;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until something holds, across processes where no event tells. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + HANG_MS;
  while (!(await holds())) {
    if (performance.now() >= deadline) throw new Error(`never: ${what}`);
    await pause(5);
  }
}

/** The promise's value, or an error that names what hangs. */
export async function settled<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hanging = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`never: ${what}`)), HANG_MS);
  });
  try {
    return await Promise.race([promise, hanging]);
  } finally {
    clearTimeout(timer);
  }
}
