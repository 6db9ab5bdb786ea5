import { type Cache } from '@nestjs/cache-manager';
import { Logger } from '@nestjs/common';
import { conceal } from './conceal';
import { readStoredAccessToken, type StoredAccessToken } from './stored-access-token';

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
  ) {
    // What is in memory stands in it in clear, and Nest's container leads to it.
    conceal(cache, '[cache of access tokens]');
  }

  /** Whether the last call was answered in time. */
  get isReachable(): boolean {
    return this.reachable;
  }

  async read(key: string): Promise<StoredAccessToken | undefined> {
    return readStoredAccessToken(await this.attempt('read', () => this.cache.get<unknown>(KEY_PREFIX + key)));
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
