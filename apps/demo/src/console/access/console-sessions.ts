import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const LIFE_MS = 12 * 3_600_000;
/** Whoever has the token may open any number of them; the oldest make room. */
const MOST_SESSIONS = 100;

const FAILURES_ALLOWED = 5;
const FAILURE_WINDOW_MS = 60_000;
/** Callers whose failures are remembered; the oldest make room. */
const MOST_CALLERS = 1_000;

export type OpenedSession =
  { readonly outcome: 'opened'; readonly id: string } | { readonly outcome: 'wrong-token' | 'too-many-attempts' };

/** Who has shown the access token, in memory: a restart ends every session. */
export class ConsoleSessions {
  private readonly ends = new Map<string, number>();
  private readonly failures = new Map<string, { count: number; readonly until: number }>();

  /** @param now monotonic, in milliseconds */
  constructor(
    private readonly accessToken: string | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param caller whose failures are counted together: an address */
  open(token: string, caller: string): OpenedSession {
    if (this.isBlocked(caller)) return { outcome: 'too-many-attempts' };
    if (this.accessToken === undefined || !equal(token, this.accessToken)) {
      this.failed(caller);
      return { outcome: 'wrong-token' };
    }
    this.failures.delete(caller);
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

  private isBlocked(caller: string): boolean {
    const known = this.failures.get(caller);
    if (known !== undefined && this.now() >= known.until) this.failures.delete(caller);
    return (this.failures.get(caller)?.count ?? 0) >= FAILURES_ALLOWED;
  }

  private failed(caller: string): void {
    const known = this.failures.get(caller) ?? { count: 0, until: this.now() + FAILURE_WINDOW_MS };
    known.count += 1;
    this.failures.set(caller, known);
    keepNewest(this.failures, MOST_CALLERS);
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
