import { type Clock } from '../clock';

/**
 * `claimed`: the first, and now ours to handle. `in-progress`: being handled by somebody. `done`: handled, this is a copy.
 */
export type ReplayClaim = 'claimed' | 'in-progress' | 'done';

/** Where is remembered which notifications were handled. Claims are atomic, across all processes that share the store. */
export interface ReplayStore {
  /** @param holdMs for how long the claim holds unless it is completed or released: a process may die with it */
  claim(key: string, holdMs: number): Promise<ReplayClaim>;
  /** Handled. @param keepMs for how long copies may still come */
  complete(key: string, keepMs: number): Promise<void>;
  /** Not handled after all: the next copy may try. */
  release(key: string): Promise<void>;
}

/** Enough for a day of a busy shop; at some 200 bytes each. */
const DEFAULT_CAPACITY = 100_000;

/**
 * Of one process. With several replicas behind a load balancer, copies reach different ones: use {@link RedisReplayStore}.
 *
 * Holds a limited number of notifications and forgets the oldest. Only verified ones get here, so a stranger cannot push
 * others out.
 */
export class MemoryReplayStore implements ReplayStore {
  /** In the order of their last change. */
  private readonly entries = new Map<string, { readonly isDone: boolean; readonly until: number }>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly capacity = DEFAULT_CAPACITY,
  ) {}

  claim(key: string, holdMs: number): Promise<ReplayClaim> {
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.until > this.clock.monotonic()) {
      return Promise.resolve(entry.isDone ? 'done' : 'in-progress');
    }
    this.put(key, false, holdMs);
    return Promise.resolve('claimed');
  }

  complete(key: string, keepMs: number): Promise<void> {
    this.put(key, true, keepMs);
    return Promise.resolve();
  }

  release(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  private put(key: string, isDone: boolean, forMs: number): void {
    const now = this.clock.monotonic();
    this.entries.delete(key);
    this.entries.set(key, { isDone, until: now + forMs });
    for (const [oldest, { until }] of this.entries) {
      if (this.entries.size <= this.capacity && until > now) break;
      this.entries.delete(oldest);
    }
  }
}
