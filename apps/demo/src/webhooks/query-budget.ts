const WINDOW_MS = 60_000;
const QUERIES_A_WINDOW = 60;

/** Anybody can send unsigned callbacks, and each would become a call of ours to the gateway: so many in a minute, no more. */
export class QueryBudget {
  private windowEnds = -Infinity;
  private left = 0;

  /** @returns whether one may be made */
  take(): boolean {
    const now = performance.now();
    if (now >= this.windowEnds) {
      this.windowEnds = now + WINDOW_MS;
      this.left = QUERIES_A_WINDOW;
    }
    this.left -= 1;
    return this.left >= 0;
  }
}
