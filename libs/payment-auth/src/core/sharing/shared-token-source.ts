import { type AccessToken } from '../access-token';
import { type Clock } from '../clock';
import { type ObtainContext, type ObtainedToken, type TokenSource } from '../token-source';
import { type RedisTokenState, type SharedRead, type SharedToken } from './redis-token-state';

export interface SharedTokenSourceInit {
  readonly state: RedisTokenState;
  readonly clock: Clock;
  /** Longer than a token request may take, so that a living leader never loses it. */
  readonly leaseMs: number;
  /** Asks every replica to stop using this generation; resolves when all have, or after `drainMs`. */
  readonly drainReplicas: (generation: number) => Promise<void>;
  /** Whether the connection to the store is there, though it may be slow. */
  readonly isConnected: () => boolean;
  /** A token was obtained that the others do not know of. */
  readonly onUnpublished: () => void;
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
  private wake: (() => void) | undefined;
  /** The newest generation seen in the store. */
  private known = 0;
  /** From before the lease is asked for until the end of what it is for. */
  private isLeading = false;

  constructor(private readonly init: SharedTokenSourceInit) {}

  async obtain(context: ObtainContext): Promise<ObtainedToken> {
    const { clock, leaseMs } = this.init;
    // Two leases: the one of a leader that died, and the one of its successor.
    const giveUpAt = clock.monotonic() + 2 * leaseMs;
    let misses = 0;
    const isGone = (): boolean => !this.init.isConnected() || ++misses >= MISSES_THAT_MEAN_GONE;
    do {
      const read = await this.look();
      if (read.state === 'unreachable') {
        if (isGone()) return this.alone(context);
        continue;
      }
      const found = read.state === 'token' ? this.fromStore(read.token) : undefined;
      if (found !== undefined && context.accepts(found)) return found;
      const outcome = await this.tryToLead(context);
      if (outcome === 'unreachable') {
        if (isGone()) return this.alone(context);
      } else if (outcome === 'theirs') {
        await this.waitForNews();
      } else if (outcome !== undefined) {
        return outcome;
      }
    } while (clock.monotonic() < giveUpAt);
    throw this.init.onUnavailable();
  }

  rejected({ generation, isPublished }: ObtainedToken): void {
    if (isPublished) void this.init.state.reject(generation);
  }

  /** What the store knows now; remembered, so that a token obtained without it can be told from those before and after. */
  async look(): Promise<SharedRead> {
    const read = await this.init.state.read();
    if (read.state !== 'unreachable') this.known = Math.max(this.known, read.generation);
    return read;
  }

  /** Gives back a lease that an answer lost on its way may have left with us. */
  async releaseForgottenLease(): Promise<void> {
    if (!this.isLeading) await this.init.state.releaseLease();
  }

  /** Something happened to the token in the store. */
  news(): void {
    this.wake?.();
  }

  fromStore(stored: SharedToken): ObtainedToken {
    const { value, obtainedAt, expiresAt, lifetimeMs, generation } = stored;
    // The writer's wall clock may differ from ours: never believe in more than the whole lifetime.
    const remainingMs = Math.min(expiresAt - this.init.clock.now(), lifetimeMs);
    const token = Object.freeze({ value, obtainedAt, expiresAt });
    return { token, lifetimeMs, remainingMs, generation, isPublished: true };
  }

  /** `undefined` when somebody else turned out to have a newer token: look again. */
  private async tryToLead(context: ObtainContext): Promise<ObtainedToken | 'theirs' | 'unreachable' | undefined> {
    const { state, clock, leaseMs } = this.init;
    // Both from before the lease is asked for: the answer may come late, or we may be stopped before we see it.
    const leaseEndsAt = clock.monotonic() + leaseMs;
    this.isLeading = true;
    try {
      const lease = await state.acquireLease();
      return lease === 'mine' ? await this.renew(context, leaseEndsAt) : lease;
    } catch (error) {
      await state.releaseLease();
      throw error;
    } finally {
      this.isLeading = false;
    }
  }

  private async renew(context: ObtainContext, leaseEndsAt: number): Promise<ObtainedToken | undefined> {
    const { state, clock } = this.init;
    const again = await this.look();
    if (again.state === 'unreachable') return undefined;
    const found = again.state === 'token' ? this.fromStore(again.token) : undefined;
    if (found !== undefined && context.accepts(found)) {
      await state.releaseLease();
      return found;
    }
    // A token that is still alive is about to be killed by its successor: everybody lets go of it first.
    if (found !== undefined && context.endsPrevious) {
      await Promise.all([this.init.drainReplicas(found.generation), context.drain()]);
    }
    // A stopped process may have lost the lease without noticing.
    if (clock.monotonic() >= leaseEndsAt) return undefined;
    const { value, lifetimeMs } = await context.request();
    const token = this.received(value, lifetimeMs);
    const published = await state.publish(again.generation, { ...token, lifetimeMs });
    if (published.state === 'outdated') {
      await state.releaseLease();
      return undefined;
    }
    if (published.state === 'unreachable') return this.unpublished(token, lifetimeMs, again.generation);
    this.known = Math.max(this.known, published.generation);
    const { generation } = published;
    return { token, lifetimeMs, remainingMs: lifetimeMs, generation, isPublished: true };
  }

  private async alone(context: ObtainContext): Promise<ObtainedToken> {
    const { known } = this;
    await context.drain();
    const { value, lifetimeMs } = await context.request();
    void this.releaseForgottenLease();
    return this.unpublished(this.received(value, lifetimeMs), lifetimeMs, known);
  }

  private received(value: string, lifetimeMs: number): AccessToken {
    const obtainedAt = this.init.clock.now();
    return Object.freeze({ value, obtainedAt, expiresAt: Math.round(obtainedAt + lifetimeMs) });
  }

  private unpublished(token: AccessToken, lifetimeMs: number, generation: number): ObtainedToken {
    this.init.onUnpublished();
    return { token, lifetimeMs, remainingMs: lifetimeMs, generation, isPublished: false };
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
