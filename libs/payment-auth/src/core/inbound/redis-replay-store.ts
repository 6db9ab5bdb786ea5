import { createHash } from 'node:crypto';
import { type RedisCommands } from '../sharing/redis-token-state';
import { type ReplayClaim, type ReplayStore } from './replay-store';

/** Before the owner of a claim. */
const CLAIMED_BY = 'in-progress:';

const CLAIM = `
local state = redis.call('GET', KEYS[1])
if state and state ~= ARGV[1] then return state end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'claimed'`;
const COMPLETE = `redis.call('SET', KEYS[1], 'done', 'PX', ARGV[1]) return 1`;
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/**
 * Shared by all replicas, in Redis, through a connected node-redis client of yours (`@redis/client`, `redis`). Nothing of a
 * notification is stored but a hash of its replay key.
 */
export class RedisReplayStore implements ReplayStore {
  /** @param options.keyPrefix before every key. @default 'payment-auth:' */
  constructor(
    private readonly client: Pick<RedisCommands, 'eval'>,
    private readonly options: { readonly keyPrefix?: string } = {},
  ) {}

  async claim(key: string, owner: string, holdMs: number): Promise<ReplayClaim> {
    const state = await this.run(CLAIM, key, CLAIMED_BY + owner, String(Math.ceil(holdMs)));
    if (state === 'claimed') return state;
    // What somebody else put there is no claim of ours.
    return typeof state === 'string' && state.startsWith(CLAIMED_BY) ? 'in-progress' : 'done';
  }

  async complete(key: string, keepMs: number): Promise<void> {
    await this.run(COMPLETE, key, String(Math.ceil(keepMs)));
  }

  async release(key: string, owner: string): Promise<void> {
    await this.run(RELEASE, key, CLAIMED_BY + owner);
  }

  private run(script: string, key: string, ...args: string[]): Promise<unknown> {
    const hashed = createHash('sha256').update(key).digest('base64url');
    const name = `${this.options.keyPrefix ?? 'payment-auth:'}notification:${hashed}`;
    return this.client.eval(script, { keys: [name], arguments: args });
  }
}
