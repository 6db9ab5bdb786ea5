import { type Clock } from './clock';
import { type RandomSource } from './random';

/** Token requests that may follow one another at once: more than any renewal, rotation or restart needs. */
const BURST = 10;
/** After that, one in this time; where tokens live for seconds only, four in a life. */
const REFILL_MS = 5_000;
const REFILLS_IN_A_LIFE = 4;
/** What lives shorter is over when it comes: a mistake, and no reason to hurry. */
const SHORTEST_LIFE_MS = 1_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A gateway that asks for a longer pause is asked again after this one: a mistake there must not stop us for a day. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/**
 * How often a process may ask for tokens of one client, whatever the reason: a token bucket of ten, refilled every five
 * seconds (every quarter of a token's life where that is shorter), and after a failure a random pause (full jitter, so that replicas do not come back together) or the gateway's
 * `Retry-After`, whichever is longer.
 */
export class TokenRequestPacing {
  private left = BURST;
  private refillMs = REFILL_MS;
  private refilledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {
    this.refilledAt = clock.monotonic();
  }

  /** Milliseconds until a token request may be sent; 0 for now. */
  waitMs(): number {
    const now = this.clock.monotonic();
    const refills = Math.floor((now - this.refilledAt) / this.refillMs);
    this.left = Math.min(BURST, this.left + refills);
    this.refilledAt = this.left === BURST ? now : this.refilledAt + refills * this.refillMs;
    return this.left > 0 ? 0 : this.refilledAt + this.refillMs - now;
  }

  /** Counts a token request. */
  spend(): void {
    if (this.waitMs() === 0) this.left -= 1;
  }

  /** A token was issued that lives so long: those that end soon have to be renewed as often. */
  issued(lifetimeMs: number): void {
    const isOver = lifetimeMs < SHORTEST_LIFE_MS;
    this.refillMs = isOver ? REFILL_MS : Math.min(REFILL_MS, lifetimeMs / REFILLS_IN_A_LIFE);
  }

  /** Milliseconds to wait after so many failures in a row. */
  backoffMs(failures: number, retryAfterSeconds = 0): number {
    const longest = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
    const jittered = Math.ceil((longest * this.random.bytes(4).readUInt32BE()) / 0xffff_ffff);
    return Math.max(jittered, Math.min(retryAfterSeconds * 1_000, LONGEST_RETRY_AFTER_MS));
  }
}
