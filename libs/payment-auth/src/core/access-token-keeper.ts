import { type AccessToken, type AccessTokenPolicy, type IssuedAccessToken, renewalMargins } from './access-token';
import { waitFor, withTimeout } from './abort';
import { type Clock } from './clock';
import { type StoredAccessToken } from './access-token-store';

/** What the keeper needs of a store. */
export interface TokenStore {
  read(key: string): Promise<StoredAccessToken | undefined>;
  write(key: string, token: StoredAccessToken): Promise<void>;
  remove(key: string, value: string): Promise<void>;
}

/** Told what happens to a token; never handed the token itself. */
export interface AccessTokenListener {
  renewed(key: string, lifetimeMs: number): void;
  renewalFailed(key: string, error: unknown, retryInMs: number): void;
  rejected(key: string): void;
}

export interface AccessTokenKeeperInit {
  /** Unlike any other token's: gateway, base URL, client, audience and scope (see `accessTokenKey`). */
  readonly key: string;
  readonly policy: AccessTokenPolicy;
  readonly clock: Clock;
  readonly store: TokenStore;
  readonly listener: AccessTokenListener;
  /** Asks the gateway for a token. The only place where anything is sent. */
  readonly request: (signal: AbortSignal) => Promise<IssuedAccessToken>;
  readonly onTimeout: () => Error;
}

/** How a token is doing, without the token. For health checks and metrics. */
export interface AccessTokenStatus {
  readonly state: 'none' | 'valid' | 'failing';
  readonly obtainedAt: number | undefined;
  readonly expiresAt: number | undefined;
  /** Token requests sent by this process. */
  readonly requests: number;
  /** Tokens that the gateway refused while we believed them valid. */
  readonly rejections: number;
}

interface Held {
  readonly token: AccessToken;
  /** On the monotonic clock: from here on a renewal is due. */
  readonly renewFrom: number;
  /** On the monotonic clock: from here on the token is no longer handed out. */
  readonly usableUntil: number;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** Enough for every token one process can have seen rejected while a store still held it. */
const REMEMBERED_REJECTIONS = 16;

/**
 * Keeps one access token alive for any number of callers. Holds no HTTP.
 *
 * - Concurrent callers on a cold, expired or rejected token share one request; a failure reaches them all once, then
 *   further callers get the same error until the backoff (0.5 s, doubling to 30 s) has passed.
 * - A token is rejected by value: fifty parallel 401s of one token cause one renewal.
 * - An answer that comes late never replaces a newer token, in memory or in the store.
 * - A caller's abort ends that caller's wait, never the shared request.
 */
export class AccessTokenKeeper {
  private held: Held | undefined;
  private pending: Promise<AccessToken> | undefined;
  private failure: { readonly error: Error; readonly until: number; readonly count: number } | undefined;
  private storeWrites: Promise<void> = Promise.resolve();
  private readonly rejectedValues: string[] = [];
  private requests = 0;
  private rejections = 0;

  constructor(private readonly init: AccessTokenKeeperInit) {}

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

  /** Drops the token with this value if it still is the current one. Returns whether it was. */
  reject(value: string): boolean {
    if (this.held?.token.value !== value) return false;
    this.held = undefined;
    this.rejections += 1;
    this.rejectedValues.push(value);
    if (this.rejectedValues.length > REMEMBERED_REJECTIONS) this.rejectedValues.shift();
    this.inStoreOrder(() => this.init.store.remove(this.init.key, value));
    this.init.listener.rejected(this.init.key);
    return true;
  }

  status(): AccessTokenStatus {
    const usable = this.held !== undefined && this.init.clock.monotonic() < this.held.usableUntil;
    return {
      state: usable ? 'valid' : this.failure === undefined ? 'none' : 'failing',
      obtainedAt: usable ? this.held?.token.obtainedAt : undefined,
      expiresAt: usable ? this.held?.token.expiresAt : undefined,
      requests: this.requests,
      rejections: this.rejections,
    };
  }

  private isBackingOff(now: number): boolean {
    return this.failure !== undefined && now < this.failure.until;
  }

  private renew(): Promise<AccessToken> {
    if (this.pending !== undefined) return this.pending;
    if (this.failure !== undefined && this.isBackingOff(this.init.clock.monotonic())) {
      return Promise.reject(this.failure.error);
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
    const stored = await this.readStore();
    if (stored !== undefined) {
      this.held = stored;
      this.failure = undefined;
      return stored.token;
    }
    try {
      this.requests += 1;
      const issued = await withTimeout(this.init.request, this.init.policy.timeoutMs, this.init.onTimeout);
      this.failure = undefined;
      return this.adopt(issued);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error('The token request failed.');
      const count = (this.failure?.count ?? 0) + 1;
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (count - 1), LONGEST_BACKOFF_MS);
      this.failure = { error, count, until: this.init.clock.monotonic() + backoffMs };
      this.init.listener.renewalFailed(this.init.key, error, backoffMs);
      throw error;
    }
  }

  private adopt(issued: IssuedAccessToken): AccessToken {
    const obtainedAt = this.init.clock.now();
    const token: AccessToken = Object.freeze({
      value: issued.value,
      obtainedAt,
      expiresAt: Math.round(obtainedAt + issued.lifetimeMs),
    });
    const held = this.hold(token, issued.lifetimeMs, issued.lifetimeMs);
    this.held = held;
    this.inStoreOrder(() =>
      this.held === held
        ? this.init.store.write(this.init.key, { ...token, lifetimeMs: issued.lifetimeMs })
        : Promise.resolve(),
    );
    this.init.listener.renewed(this.init.key, issued.lifetimeMs);
    return token;
  }

  /** A token of another process or of our earlier life, if it is fresh enough to be worth more than a new one. */
  private async readStore(): Promise<Held | undefined> {
    await this.storeWrites;
    const stored = await this.init.store.read(this.init.key);
    if (stored === undefined || this.rejectedValues.includes(stored.value)) return undefined;
    // The writer's wall clock may differ from ours: never believe in more than the whole lifetime.
    const remainingMs = Math.min(stored.expiresAt - this.init.clock.now(), stored.lifetimeMs);
    const { value, obtainedAt, expiresAt } = stored;
    const held = this.hold(Object.freeze({ value, obtainedAt, expiresAt }), stored.lifetimeMs, remainingMs);
    return this.init.clock.monotonic() < held.renewFrom ? held : undefined;
  }

  private hold(token: AccessToken, lifetimeMs: number, remainingMs: number): Held {
    const { renewMarginMs, unusableMarginMs } = renewalMargins(lifetimeMs, this.init.policy);
    const expires = this.init.clock.monotonic() + remainingMs;
    return { token, renewFrom: expires - renewMarginMs, usableUntil: expires - unusableMarginMs };
  }

  /** One store call after the other, so that an older token's write never lands on a newer one's. */
  private inStoreOrder(call: () => Promise<void>): void {
    this.storeWrites = this.storeWrites.then(call);
  }
}
