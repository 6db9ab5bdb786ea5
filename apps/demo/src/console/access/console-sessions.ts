import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const LIFE_MS = 12 * 3_600_000;
/** Whoever has the token may open any number of them; the oldest make room. */
const MOST_SESSIONS = 100;

/** Wrong tokens of a caller that are answered at once. */
const FAILURES_AT_ONCE = 5;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 8_000;
/** Answers that are held back at a time; beyond them a wrong token is refused at once. */
const MOST_WAITING = 100;
const FAILURE_WINDOW_MS = 60_000;
/** Callers whose failures are remembered; the oldest make room. */
const MOST_CALLERS = 1_000;

export type OpenedSession =
  { readonly outcome: 'opened'; readonly id: string } | { readonly outcome: 'wrong-token' | 'too-many-attempts' };

/** Who has shown the access token, in memory: a restart ends every session. */
export class ConsoleSessions {
  private readonly ends = new Map<string, number>();
  private readonly failures = new Map<string, { count: number; readonly until: number }>();
  private waiting = 0;

  /** @param now monotonic, in milliseconds */
  constructor(
    private readonly accessToken: string | undefined,
    private readonly now: () => number = () => performance.now(),
    private readonly delay: (ms: number) => Promise<unknown> = (ms) => sleep(ms, undefined, { ref: false }),
  ) {}

  /**
   * The right token is taken at once, whatever came before it: behind a proxy everybody has one address. Of the wrong ones the
   * sixth within a minute and those after it are answered late.
   *
   * @param caller whose failures are counted together: an address
   */
  async open(token: string, caller: string): Promise<OpenedSession> {
    if (this.accessToken === undefined || !equal(token, this.accessToken)) return this.refuse(caller);
    const id = randomBytes(32).toString('base64url');
    this.ends.set(id, this.now() + LIFE_MS);
    keepNewest(this.ends, MOST_SESSIONS);
    return { outcome: 'opened', id };
  }

  isOpen(id: string | undefined): boolean {
    return id !== undefined && this.now() < (this.ends.get(id) ?? Number.NEGATIVE_INFINITY);
  }

  close(id: string | undefined): void {
    if (id !== undefined) this.ends.delete(id);
  }

  private async refuse(caller: string): Promise<OpenedSession> {
    const late = this.failuresOf(caller) - FAILURES_AT_ONCE;
    if (late > 0) {
      if (this.waiting >= MOST_WAITING) return { outcome: 'too-many-attempts' };
      this.waiting += 1;
      await this.delay(Math.min(FIRST_DELAY_MS * 2 ** (late - 1), LONGEST_DELAY_MS));
      this.waiting -= 1;
    }
    return { outcome: 'wrong-token' };
  }

  /** Within the last minute, this one included. */
  private failuresOf(caller: string): number {
    const known = this.failures.get(caller);
    const isOver = known === undefined || this.now() >= known.until;
    const counted = isOver ? { count: 0, until: this.now() + FAILURE_WINDOW_MS } : known;
    counted.count += 1;
    this.failures.delete(caller);
    this.failures.set(caller, counted);
    keepNewest(this.failures, MOST_CALLERS);
    return counted.count;
  }
}

/** In a time that depends on neither text. */
function equal(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function keepNewest(map: Map<string, unknown>, most: number): void {
  for (const [oldest] of map) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
