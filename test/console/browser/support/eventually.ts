import { pause } from '../../../support/wait';

const LIMIT_MS = 10_000;

/** Tries again until what is expected holds, and fails with the last failure: what the page says comes when it comes. */
export async function eventually<T>(expectation: () => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await pause(25);
  }
}
