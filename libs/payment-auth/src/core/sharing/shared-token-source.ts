import { type AccessToken } from '../access-token';
import { type Clock } from '../clock';
import { type ObtainContext, type ObtainedToken, type TokenSource } from '../token-source';
import { type RedisTokenState, type SharedToken } from './redis-token-state';

export interface SharedTokenSourceInit {
  readonly state: RedisTokenState;
  readonly clock: Clock;
  /** Longer than a token request may take, so that a living leader never loses it. */
  readonly leaseMs: number;
  /** Asks every replica to stop using this generation; resolves when all have, or after `drainMs`. */
  readonly drainReplicas: (generation: number) => Promise<void>;
  /** Whether the connection to the store is there, though it may be slow. */
  readonly isConnected: () => boolean;
  readonly onUnavailable: () => Error;
}

/** Between two looks at the store while another replica renews; its message usually comes first. */
const LOOK_AGAIN_MS = 100;
/** A connected store that misses so many deadlines in a row is as good as gone. */
const MISSES_THAT_MEAN_GONE = 4;

/**
 * One token for all replicas, kept in Redis.
 *
 * Whoever needs a token looks into the store, then takes the lease, looks again, drains, asks the gateway and publishes over
 * the generation it saw. Who does not get the lease waits for the token of the one who has it, for as long as a lease lasts
 * and no longer. A leader that was paused beyond its lease cannot publish an older token over a newer one.
 *
 * With the store gone every replica is on its own: better a token too many than none.
 */
export class SharedTokenSource implements TokenSource {
  readonly isShared = true;
  private wake: (() => void) | undefined;

  constructor(private readonly init: SharedTokenSourceInit) {}

  async obtain(context: ObtainContext): Promise<ObtainedToken> {
    const { clock, leaseMs } = this.init;
    // Two leases: the one of a leader that died, and the one of its successor.
    const giveUpAt = clock.monotonic() + 2 * leaseMs;
    let misses = 0;
    const isGone = (): boolean => !this.init.isConnected() || ++misses >= MISSES_THAT_MEAN_GONE;
    do {
      const read = await this.init.state.read();
      if (read.state === 'unreachable') {
        if (isGone()) return this.alone(context);
        continue;
      }
      const found = read.state === 'token' ? this.fromStore(read.token) : undefined;
      if (found !== undefined && context.accepts(found)) return found;
      const lease = await this.init.state.acquireLease();
      if (lease === 'unreachable') {
        if (isGone()) return this.alone(context);
        continue;
      }
      if (lease === 'mine') {
        const obtained = await this.lead(context);
        if (obtained !== undefined) return obtained;
      } else {
        await this.waitForNews();
      }
    } while (clock.monotonic() < giveUpAt);
    throw this.init.onUnavailable();
  }

  rejected(_token: AccessToken, generation: number): void {
    void this.init.state.reject(generation);
  }

  /** Something happened to the token in the store. */
  news(): void {
    this.wake?.();
  }

  fromStore(stored: SharedToken): ObtainedToken {
    const { value, obtainedAt, expiresAt, lifetimeMs, generation } = stored;
    // The writer's wall clock may differ from ours: never believe in more than the whole lifetime.
    const remainingMs = Math.min(expiresAt - this.init.clock.now(), lifetimeMs);
    return { token: Object.freeze({ value, obtainedAt, expiresAt }), lifetimeMs, remainingMs, generation };
  }

  /** With the lease in hand. `undefined` when somebody else turned out to have a newer token: look again. */
  private async lead(context: ObtainContext): Promise<ObtainedToken | undefined> {
    const { state, clock } = this.init;
    const leaseEndsAt = clock.monotonic() + this.init.leaseMs;
    const again = await state.read();
    if (again.state === 'unreachable') return undefined;
    const found = again.state === 'token' ? this.fromStore(again.token) : undefined;
    if (found !== undefined && context.accepts(found)) {
      await state.releaseLease();
      return found;
    }
    // A token that is still alive is about to be killed by its successor: everybody lets go of it first.
    if (found !== undefined && context.endsPrevious)
      await Promise.all([this.init.drainReplicas(found.generation), context.drain()]);
    // A pause (a stopped process, a sleeping laptop) may have cost us the lease without our noticing.
    if (clock.monotonic() >= leaseEndsAt) return undefined;
    try {
      const { value, lifetimeMs } = await context.request();
      const obtainedAt = clock.now();
      const token = Object.freeze({ value, obtainedAt, expiresAt: Math.round(obtainedAt + lifetimeMs) });
      const published = await state.publish(again.generation, { ...token, lifetimeMs });
      if (published.state === 'outdated') return undefined;
      const generation = published.state === 'published' ? published.generation : 0;
      return { token, lifetimeMs, remainingMs: lifetimeMs, generation };
    } catch (error) {
      await state.releaseLease();
      throw error;
    }
  }

  private async alone(context: ObtainContext): Promise<ObtainedToken> {
    await context.drain();
    const { value, lifetimeMs } = await context.request();
    const obtainedAt = this.init.clock.now();
    const token = Object.freeze({ value, obtainedAt, expiresAt: Math.round(obtainedAt + lifetimeMs) });
    return { token, lifetimeMs, remainingMs: lifetimeMs, generation: 0 };
  }

  private async waitForNews(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, LOOK_AGAIN_MS);
    });
    clearTimeout(timer);
    this.wake = undefined;
  }
}
