import {
  type AccessToken,
  type AccessTokenPolicy,
  DEAD_ON_ARRIVAL_MS,
  type IssuedAccessToken,
  renewalMargins,
} from './access-token';
import { waitFor, withTimeout } from './abort';
import { type Clock } from './clock';
import { conceal } from './conceal';
import { ContestedTokens } from './contested-tokens';
import { PaymentAuthError } from './errors';
import { type RandomSource } from './random';
import { TokenRequestPacing } from './token-request-pacing';
import { type ObtainedToken, type TokenSource } from './token-source';

/** Told what happens to a token; never handed the token itself. */
export interface AccessTokenListener {
  renewed(key: string, lifetimeMs: number): void;
  renewalFailed(key: string, error: unknown, retryInMs: number): void;
  rejected(key: string): void;
  /** Somebody outside keeps killing our token. Told once, until it has been quiet for a while. */
  contested(key: string): void;
}

export interface AccessTokenKeeperInit {
  /** Unlike any other token's: gateway, base URL, client, audience and scope (see `accessTokenKey`). */
  readonly key: string;
  readonly policy: AccessTokenPolicy;
  readonly clock: Clock;
  /** Spreads the pauses after failures. */
  readonly random: RandomSource;
  readonly source: TokenSource;
  readonly listener: AccessTokenListener;
  /** Asks the gateway for a token. The only place where anything is sent. */
  readonly request: (signal: AbortSignal) => Promise<IssuedAccessToken>;
  readonly onTimeout: () => Error;
  /** What callers get while a renewal would be a move in a fight over the client's one token. */
  readonly onContested: () => Error;
  /** What callers get while too many token requests have been sent. */
  readonly onPaced: (waitMs: number) => Error;
}

/** How a token is doing, without the token. For health checks and metrics. */
export interface AccessTokenStatus {
  readonly state: 'none' | 'valid' | 'failing';
  readonly obtainedAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** Grows with every token of a client when tokens are shared, else 0. */
  readonly generation: number;
  /** Token requests sent by this process. */
  readonly requests: number;
  /** Tokens that the gateway refused while we believed them valid. */
  readonly rejections: number;
  /** Whether somebody outside keeps killing our token. */
  readonly isContested: boolean;
}

interface Held extends ObtainedToken {
  /** On the monotonic clock, as the others: the end of its life. */
  readonly expires: number;
  /** From here on a renewal is due. */
  readonly renewFrom: number;
  /** From here on the token is no longer handed out while a new one can be had. */
  readonly usableUntil: number;
  /** From here on it is not handed out at all. */
  readonly aliveUntil: number;
  /** Until then a 401 does not end it. */
  readonly trustedUntil: number;
}

/**
 * A token that has just replaced a refused one is not ended by a 401: it may be the request that is wrong, and where a new
 * token kills the old, renewing for each such request would fail everybody else's.
 */
const TRUSTED_MS = 1_000;
/** Of its life, where that is shorter. */
const TRUSTED_SHARE = 0.1;
/** Enough for every token one process can have seen rejected while a store still held it. */
const REMEMBERED_REJECTIONS = 16;
/** Requests in flight get this long to finish before the token they use is killed by the next. */
const DRAIN_LIMIT_MS = 1_000;

/**
 * Keeps one access token alive for any number of callers. Holds no HTTP.
 *
 * - Concurrent callers on a cold, expired or rejected token share one request; a failure reaches them all once, then
 *   further callers get the same error until the backoff (a random part of 0.5 s, doubling to 30 s, or the gateway's
 *   `Retry-After`) has passed.
 * - A token is rejected by value: fifty parallel 401s of one token cause one renewal.
 * - Whatever the reason, token requests are paced (see {@link TokenRequestPacing}), and a token is kept while no other can
 *   be asked for.
 * - An answer that comes late never replaces a newer token.
 * - A caller's abort ends that caller's wait, never the shared request.
 * - Where a new token kills the old (`late` renewal), requests in flight may finish before the new one is asked for.
 */
export class AccessTokenKeeper {
  private held: Held | undefined;
  private pending: Promise<AccessToken> | undefined;
  private failure: { readonly error: Error; readonly until: number; readonly count: number } | undefined;
  private readonly rejectedValues: string[] = [];
  private readonly contested: ContestedTokens;
  private inFlight = 0;
  private idle: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  /** A token about to be ended by its successor: not to be taken up again meanwhile. */
  private retired = { generation: -1, until: 0 };
  private readonly pacing: TokenRequestPacing;
  private paced: Error | undefined;
  /** The token before was rejected, and no other has been obtained since. */
  private hasRejected = false;
  private requests = 0;
  private rejections = 0;

  constructor(private readonly init: AccessTokenKeeperInit) {
    conceal(this, '[AccessTokenKeeper]');
    this.pacing = new TokenRequestPacing(init.clock, init.random);
    this.contested = new ContestedTokens(init.clock, () => init.listener.contested(init.key));
  }

  /** The current token if it is good, at once and with nothing awaited; starts a renewal behind it when one is due. */
  peek(): AccessToken | undefined {
    const held = this.held;
    if (held === undefined) return undefined;
    const now = this.init.clock.monotonic();
    if (now < held.renewFrom) return held.token;
    if (now >= held.usableUntil) return undefined;
    if (this.pending === undefined && !this.isBackingOff(now)) {
      // Nobody waits for a renewal ahead of time: the listener reports its failure, the next caller tries again.
      this.renew().catch(() => undefined);
    }
    return held.token;
  }

  /**
   * The current token, or the next one.
   *
   * @throws what the token request failed with; while backing off, the last failure again.
   * @throws the signal's reason when `signal` aborts first.
   */
  get(signal?: AbortSignal): Promise<AccessToken> {
    const current = this.peek();
    if (current !== undefined) return Promise.resolve(current);
    return waitFor(this.renew(), signal);
  }

  /** Counts a request made with a token as in flight, until the returned function is called. */
  begin(): () => void {
    this.inFlight += 1;
    return () => {
      this.inFlight -= 1;
      if (this.inFlight === 0) this.idle?.resolve();
    };
  }

  /**
   * Drops the token with this value if it still is the current one, unless it has just replaced a rejected one or no other
   * can be asked for now. Returns whether it did.
   */
  reject(value: string): boolean {
    const rejected = this.held;
    if (rejected?.token.value !== value || !this.isReplaceable(rejected)) return false;
    this.held = undefined;
    this.hasRejected = true;
    this.rejections += 1;
    // A token obtained while the shared store was gone is ended by our own replicas, not by strangers.
    if (rejected.isPublished) this.contested.rejected();
    this.rejectedValues.push(value);
    if (this.rejectedValues.length > REMEMBERED_REJECTIONS) this.rejectedValues.shift();
    this.init.source.rejected(rejected);
    this.init.listener.rejected(this.init.key);
    return true;
  }

  /**
   * The request that had a token rejected was refused with its successor too: it is the request that is wrong. Otherwise one
   * body that a gateway answers with 401 would look like a stranger who keeps ending our tokens, and stop everybody's renewals.
   */
  excuseRejection(): void {
    this.contested.excuse();
  }

  /** A newer token that another replica obtained. An older one, or one known to be rejected, changes nothing. */
  offer(obtained: ObtainedToken): void {
    if (obtained.generation > (this.held?.generation ?? 0) && this.accepts(obtained)) this.hold(obtained);
  }

  /** Stops handing out the token of this generation, for `forMs` at most: it is about to be ended by its successor. */
  retire(generation: number, forMs: number): void {
    if (this.held?.generation !== generation) return;
    this.held = { ...this.held, renewFrom: 0, usableUntil: 0 };
    this.retired = { generation, until: this.init.clock.monotonic() + forMs };
  }

  /** When no request of this process is in flight any more, or after a second at the latest. */
  async drained(): Promise<void> {
    if (this.inFlight === 0) return;
    this.idle ??= deferred();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_LIMIT_MS)));
    await Promise.race([this.idle.promise, limit]);
    clearTimeout(timer);
    this.idle = undefined;
  }

  /** The replicas agree again: what was refused until now was no stranger's doing. */
  forgiveRejections(): void {
    this.contested.forget();
  }

  /** Lets go of a token that nobody else knows of: the replicas have agreed on others since. */
  drop(value: string): void {
    if (this.held?.token.value === value) this.held = undefined;
  }

  /** The token in use as others may take it over, if it has life left. */
  current(): ObtainedToken | undefined {
    if (this.peek() === undefined || this.held === undefined) return undefined;
    const { token, lifetimeMs, generation, isPublished, expires } = this.held;
    return { token, lifetimeMs, remainingMs: expires - this.init.clock.monotonic(), generation, isPublished };
  }

  status(): AccessTokenStatus {
    const usable = this.held !== undefined && this.init.clock.monotonic() < this.held.usableUntil;
    return {
      state: usable ? 'valid' : this.failure === undefined ? 'none' : 'failing',
      obtainedAt: usable ? this.held?.token.obtainedAt : undefined,
      expiresAt: usable ? this.held?.token.expiresAt : undefined,
      generation: usable ? (this.held?.generation ?? 0) : 0,
      requests: this.requests,
      rejections: this.rejections,
      isContested: this.contested.isContested(),
    };
  }

  private isBackingOff(now: number): boolean {
    return this.failure !== undefined && now < this.failure.until;
  }

  private isReplaceable({ trustedUntil }: Held): boolean {
    const now = this.init.clock.monotonic();
    return now >= trustedUntil && !this.isBackingOff(now) && this.pacing.waitMs() === 0;
  }

  private renew(): Promise<AccessToken> {
    if (this.pending !== undefined) return this.pending;
    if (this.failure !== undefined && this.isBackingOff(this.init.clock.monotonic())) {
      const lastResort = this.lastResort();
      return lastResort === undefined ? Promise.reject(this.failure.error) : Promise.resolve(lastResort);
    }
    const pending = this.obtain().finally(() => {
      if (this.pending === pending) this.pending = undefined;
    });
    this.pending = pending;
    // Callers may all have given up waiting; that must not become an unhandled rejection.
    pending.catch(() => undefined);
    return pending;
  }

  private async obtain(): Promise<AccessToken> {
    try {
      const obtained = await this.init.source.obtain({
        accepts: (found) => this.accepts(found),
        request: () => this.request(),
        drain: () =>
          this.init.policy.renewal === 'late' && this.held !== undefined ? this.drained() : Promise.resolve(),
        endsPrevious: this.init.policy.renewal === 'late',
      });
      this.failure = undefined;
      const newer = this.held;
      // Another replica's token may have been offered meanwhile.
      if (newer !== undefined && newer.generation > obtained.generation && this.peek() !== undefined)
        return newer.token;
      this.hold(obtained);
      return obtained.token;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error('The token request failed.');
      const isPaced = error === this.paced;
      const count = (this.failure?.count ?? 0) + (isPaced ? 0 : 1);
      const pauseMs = isPaced ? 0 : this.pacing.backoffMs(count, retryAfterOf(error));
      const backoffMs = Math.max(pauseMs, this.pacing.waitMs());
      this.failure = { error, count, until: this.init.clock.monotonic() + backoffMs };
      this.init.listener.renewalFailed(this.init.key, error, backoffMs);
      const lastResort = this.lastResort();
      if (lastResort === undefined) throw error;
      return lastResort;
    }
  }

  /** When no new token can be had, one that was to be replaced is better than none, as long as it lives. */
  private lastResort(): AccessToken | undefined {
    const held = this.held;
    return held !== undefined && this.init.clock.monotonic() < held.aliveUntil ? held.token : undefined;
  }

  private async request(): Promise<IssuedAccessToken> {
    if (this.contested.isPaused()) throw this.init.onContested();
    const waitMs = this.pacing.waitMs();
    if (waitMs > 0) throw (this.paced = this.init.onPaced(waitMs));
    this.pacing.spend();
    this.requests += 1;
    const issued = await withTimeout(this.init.request, this.init.policy.timeoutMs, this.init.onTimeout);
    this.pacing.issued(issued.lifetimeMs);
    this.init.listener.renewed(this.init.key, issued.lifetimeMs);
    return issued;
  }

  private accepts(found: ObtainedToken): boolean {
    const now = this.init.clock.monotonic();
    if (found.generation === this.retired.generation && now < this.retired.until) return false;
    return !this.rejectedValues.includes(found.token.value) && now < this.heldFrom(found).renewFrom;
  }

  private hold(obtained: ObtainedToken): void {
    const now = this.init.clock.monotonic();
    const previous = this.held;
    // Another replica replaces a good token when the gateway refused it there.
    const replacesRejected = previous === undefined ? this.hasRejected : now < previous.renewFrom;
    const isSame = previous?.token.value === obtained.token.value;
    const trustedUntil = isSame
      ? previous.trustedUntil
      : replacesRejected
        ? now + Math.min(TRUSTED_MS, TRUSTED_SHARE * obtained.lifetimeMs)
        : 0;
    this.held = { ...this.heldFrom(obtained), trustedUntil };
    this.hasRejected = false;
  }

  private heldFrom(obtained: ObtainedToken): Omit<Held, 'trustedUntil'> {
    const { lifetimeMs, remainingMs } = obtained;
    const { renewMarginMs, unusableMarginMs } = renewalMargins(lifetimeMs, this.init.policy);
    const expires = this.init.clock.monotonic() + remainingMs;
    return {
      ...obtained,
      expires,
      renewFrom: expires - renewMarginMs,
      usableUntil: expires - unusableMarginMs,
      aliveUntil: expires - Math.min(DEAD_ON_ARRIVAL_MS, unusableMarginMs),
    };
  }
}

const retryAfterOf = (error: Error): number | undefined =>
  error instanceof PaymentAuthError ? error.exchange?.retryAfterSeconds : undefined;

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
