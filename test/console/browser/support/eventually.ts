import { HANG_MS, pause } from '../../../support/wait';

const PAUSE_MS = 25;

/** Tries again until what is expected holds, and fails with the last failure: what the page says comes when it comes. */
export async function eventually<T>(expectation: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await expectation();
    } catch (error) {
      if (waitedMs >= HANG_MS) throw error;
    }
    await pause(PAUSE_MS);
  }
}
