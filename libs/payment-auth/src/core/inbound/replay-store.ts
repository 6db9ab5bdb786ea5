import { type Clock } from '../clock';

/**
 * `claimed`: the first, and now ours to handle. `in-progress`: being handled by somebody. `done`: handled, this is a copy.
 */
export type ReplayClaim = 'claimed' | 'in-progress' | 'done';

/** Where is remembered which notifications were handled. Claims are atomic, across all processes that share the store. */
export interface ReplayStore {
  /**
   * @param owner whose claim it is, of one delivery only. Asked again by the same owner, it is `claimed` again
   * @param holdMs for how long the claim holds unless it is completed or released: a process may die with it
   */
  claim(key: string, owner: string, holdMs: number): Promise<ReplayClaim>;
  /** Handled, and so for every copy, whoever holds a claim by now. @param keepMs for how long copies may still come */
  complete(key: string, keepMs: number): Promise<void>;
  /**
   * Not handled after all: the next copy may try. Nothing but a claim of this owner's goes: his may be over, and what is there
   * by now another's claim, or what tells that it was handled.
   */
  release(key: string, owner: string): Promise<void>;
}

interface Entry {
  /** `undefined` once it was handled. */
  readonly owner: string | undefined;
  readonly until: number;
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
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly capacity = DEFAULT_CAPACITY,
  ) {}

  claim(key: string, owner: string, holdMs: number): Promise<ReplayClaim> {
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.until > this.clock.monotonic() && entry.owner !== owner) {
      return Promise.resolve(entry.owner === undefined ? 'done' : 'in-progress');
    }
    this.put(key, owner, holdMs);
    return Promise.resolve('claimed');
  }

  complete(key: string, keepMs: number): Promise<void> {
    this.put(key, undefined, keepMs);
    return Promise.resolve();
  }

  release(key: string, owner: string): Promise<void> {
    if (this.entries.get(key)?.owner === owner) this.entries.delete(key);
    return Promise.resolve();
  }

  private put(key: string, owner: string | undefined, forMs: number): void {
    const now = this.clock.monotonic();
    this.entries.delete(key);
    this.entries.set(key, { owner, until: now + forMs });
    for (const [oldest, { until }] of this.entries) {
      if (this.entries.size <= this.capacity && until > now) break;
      this.entries.delete(oldest);
    }
  }
}
