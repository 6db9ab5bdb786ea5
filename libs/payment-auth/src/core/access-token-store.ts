import { type Cache } from '@nestjs/cache-manager';
import { Logger } from '@nestjs/common';

/** What is kept in the store under a token's key. Times are epoch ms of the process that wrote it. */
export interface StoredAccessToken {
  readonly value: string;
  readonly obtainedAt: number;
  readonly expiresAt: number;
  readonly lifetimeMs: number;
}

const KEY_PREFIX = 'payment-auth:access-token:';

/**
 * The users' cache (`@nestjs/cache-manager`, any Keyv store) as a place for tokens to outlive this process.
 *
 * Every call has a deadline and none ever throws: with Redis down, a Keyv call hangs for ever, and a store that cannot be
 * reached is a miss. A TTL is always a whole number greater than zero, because cache-manager takes 0, NaN and fractions
 * for "for ever" or loses the write.
 */
export class AccessTokenStore {
  private readonly logger = new Logger('PaymentAuth');
  private reachable = true;

  constructor(
    private readonly cache: Pick<Cache, 'get' | 'set' | 'del'>,
    /** Deadline of every store call, in milliseconds. */
    private readonly timeoutMs: number,
  ) {}

  /** Whether the last call was answered in time. */
  get isReachable(): boolean {
    return this.reachable;
  }

  async read(key: string): Promise<StoredAccessToken | undefined> {
    const found = await this.attempt('read', () => this.cache.get<unknown>(KEY_PREFIX + key));
    return isStoredAccessToken(found) ? found : undefined;
  }

  async write(key: string, token: StoredAccessToken): Promise<void> {
    const ttlMs = Math.floor(token.lifetimeMs);
    if (!Number.isSafeInteger(ttlMs) || ttlMs <= 0) return;
    await this.attempt('write', () => this.cache.set(KEY_PREFIX + key, token, ttlMs));
  }

  /** Deletes the stored token if it still is the one with this value. */
  async remove(key: string, value: string): Promise<void> {
    const found = await this.read(key);
    if (found?.value === value) await this.attempt('delete', () => this.cache.del(KEY_PREFIX + key));
  }

  private async attempt<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    try {
      const result = await Promise.race([call(), deadline]);
      this.report(true, what);
      return result;
    } catch (error) {
      this.report(false, what, error instanceof Error ? error.message : 'unknown error');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  private report(reachable: boolean, what: string, why = ''): void {
    if (reachable === this.reachable) return;
    this.reachable = reachable;
    if (reachable) this.logger.log('The token store answers again.');
    else this.logger.warn(`The token store failed to ${what} (${why}); going on with tokens in memory.`);
  }
}

function isStoredAccessToken(found: unknown): found is StoredAccessToken {
  if (typeof found !== 'object' || found === null) return false;
  const { value, obtainedAt, expiresAt, lifetimeMs } = found as Record<string, unknown>;
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    [obtainedAt, expiresAt, lifetimeMs].every((time) => typeof time === 'number' && Number.isFinite(time))
  );
}
