import { createHash } from 'node:crypto';
import { readStoredAccessToken, type StoredAccessToken } from '../stored-access-token';
import { type TokenCipher } from './token-cipher';

/** As much of a node-redis client (`@redis/client` 5 or 6, `redis` 5 or 6) as we use. */
export interface RedisCommands {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  publish(channel: string, message: string): Promise<number>;
}

/** A token in the shared store. */
export interface SharedToken extends StoredAccessToken {
  readonly generation: number;
}

/** What the store knows. `unreachable` is an answer of its own: a dead store must never pass for an empty one. */
export type SharedRead =
  | { readonly state: 'token'; readonly token: SharedToken; readonly generation: number }
  | { readonly state: 'none'; readonly generation: number }
  | { readonly state: 'unreachable' };

export type LeaseAnswer = 'mine' | 'theirs' | 'unreachable';
export type PublishAnswer =
  | { readonly state: 'published'; readonly generation: number }
  | { readonly state: 'outdated' }
  | { readonly state: 'unreachable' };

/**
 * The scripts. KEYS[1] is a hash {generation, token}, KEYS[2] the lease. Both carry the hash tag of one token, so that they
 * live on one node of a cluster.
 *
 * A generation never falls, not even when Redis loses its memory: it is the larger of the last plus one and Redis's clock.
 * Anything else that stands in the place of a generation or lease, of whatever type, counts as nothing and is overwritten.
 */
const READERS = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function generation()
  if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
  local text = redis.call('HGET', KEYS[1], 'generation')
  if not text or not string.find(text, '^[1-9]%d*$') or tonumber(text) > clock() + 86400000 then return 0 end
  return tonumber(text)
end
local function holder()
  if redis.call('TYPE', KEYS[2]).ok ~= 'string' or redis.call('PTTL', KEYS[2]) < 0 then return false end
  return redis.call('GET', KEYS[2])
end
local function put(nextGeneration, token, life, channel)
  local text = string.format('%.0f', nextGeneration)
  if generation() == 0 then redis.call('DEL', KEYS[1]) end
  redis.call('HSET', KEYS[1], 'generation', text, 'token', token)
  redis.call('PEXPIRE', KEYS[1], life)
  redis.call('PUBLISH', channel, '{"type":"renewed","generation":' .. text .. '}')
  return text
end`;
const READ = `${READERS}
local seen = generation()
return {string.format('%.0f', seen), seen > 0 and redis.call('HGET', KEYS[1], 'token')}`;
/** A lease longer than ours is cut to ours: whoever left it there holds nobody up for longer than a replica that died. */
const ACQUIRE = `${READERS}
local owner = holder()
if owner and owner ~= ARGV[1] then
  if redis.call('PTTL', KEYS[2]) > tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
  return 0
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 1`;
const RELEASE = `${READERS}
if holder() == ARGV[1] then return redis.call('DEL', KEYS[2]) end return 0`;
/** Only over the generation that was seen, and never while somebody else holds the lease: their token is the newer one. */
const PUBLISH = `${READERS}
local owner = holder()
if owner and owner ~= ARGV[1] then return 0 end
local seen = generation()
if seen ~= tonumber(ARGV[2]) then return 0 end
local published = put(math.max(seen + 1, clock()), ARGV[3], ARGV[4], ARGV[5])
redis.call('DEL', KEYS[2])
return published`;
/** What a replica still holds when Redis has lost its memory: over nothing or an older generation, and while nobody renews. */
const RESTORE = `${READERS}
if holder() then return 0 end
if generation() >= tonumber(ARGV[1]) then return 0 end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return 1`;
const REJECT = `${READERS}
local seen = generation()
if seen == 0 or seen ~= tonumber(ARGV[1]) then return 0 end
return redis.call('HDEL', KEYS[1], 'token')`;

/** The generation outlives its token by this much, so that a late writer still meets it. */
const GENERATION_AFTERLIFE_MS = 24 * 3_600_000;

/**
 * One token's place in Redis. Every call has a deadline and none throws. Values are encrypted; one that cannot be decrypted or
 * read is a token that is not there.
 */
export class RedisTokenState {
  private readonly keys: [token: string, lease: string];
  readonly channel: string;

  constructor(
    private readonly redis: RedisCommands,
    private readonly cipher: TokenCipher,
    private readonly settings: {
      readonly key: string;
      readonly prefix: string;
      /** This process, unlike any other. */
      readonly owner: string;
      readonly leaseMs: number;
      readonly timeoutMs: number;
      /** Resolves when the first attempt to connect has ended, well or not: a Redis not yet asked is no dead Redis. */
      readonly opened: Promise<void>;
      readonly onReachable: (reachable: boolean, why: string) => void;
      /** Counts calls, so that a test can show that signing makes none. */
      readonly onCall: () => void;
    },
  ) {
    const tag = createHash('sha256').update(settings.key).digest('hex').slice(0, 32);
    const base = `${settings.prefix}{${tag}}`;
    this.keys = [`${base}:token`, `${base}:lease`];
    this.channel = `${base}:events`;
  }

  async read(): Promise<SharedRead> {
    const answer = await this.run(READ, []);
    if (answer === UNREACHABLE) return { state: 'unreachable' };
    const [generationText, sealed] = Array.isArray(answer) ? (answer as unknown[]) : [];
    const generation = generationOf(generationText);
    const token = typeof sealed === 'string' ? this.unseal(sealed, generation) : undefined;
    return token === undefined ? { state: 'none', generation } : { state: 'token', token, generation };
  }

  async acquireLease(): Promise<LeaseAnswer> {
    const answer = await this.run(ACQUIRE, [this.settings.owner, String(this.settings.leaseMs)]);
    return answer === UNREACHABLE ? 'unreachable' : Number(answer) === 1 ? 'mine' : 'theirs';
  }

  async releaseLease(): Promise<void> {
    await this.run(RELEASE, [this.settings.owner]);
  }

  /** Puts a token in place of the generation that was seen before it was asked for. */
  async publish(seenGeneration: number, token: StoredAccessToken): Promise<PublishAnswer> {
    const { owner } = this.settings;
    const answer = await this.run(PUBLISH, [
      owner,
      String(seenGeneration),
      this.seal(token),
      lifeOf(token),
      this.channel,
    ]);
    if (answer === UNREACHABLE) return { state: 'unreachable' };
    const generation = Number(answer);
    return generation > 0 ? { state: 'published', generation } : { state: 'outdated' };
  }

  /** Whether it was put back. */
  async restore({ generation, ...token }: SharedToken): Promise<boolean> {
    return (await this.run(RESTORE, [String(generation), this.seal(token), lifeOf(token), this.channel])) === 1;
  }

  /** The gateway refused the token of this generation: nobody shall take it from here. */
  async reject(generation: number): Promise<void> {
    await this.run(REJECT, [String(generation)]);
  }

  /** How many replicas got the message; 0 too when the store does not answer. */
  async tell(message: object): Promise<number> {
    const answer = await this.attempt(() => this.redis.publish(this.channel, JSON.stringify(message)));
    return typeof answer === 'number' ? answer : 0;
  }

  private seal(token: StoredAccessToken): string {
    const { value, obtainedAt, expiresAt, lifetimeMs } = token;
    return this.cipher.encrypt(JSON.stringify({ value, obtainedAt, expiresAt, lifetimeMs }), this.settings.key);
  }

  private unseal(sealed: string, generation: number): SharedToken | undefined {
    const text = this.cipher.decrypt(sealed, this.settings.key);
    try {
      const stored = readStoredAccessToken(JSON.parse(text ?? ''));
      return stored && { ...stored, generation };
    } catch {
      return undefined;
    }
  }

  private run(script: string, args: string[]): Promise<unknown> {
    return this.attempt(() => this.redis.eval(script, { keys: this.keys, arguments: args }));
  }

  private async attempt(call: () => Promise<unknown>): Promise<unknown> {
    await this.settings.opened;
    this.settings.onCall();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        // An event loop that was held up reads what has arrived meanwhile before it calls the store silent.
        () => setImmediate(() => reject(new Error(`no answer within ${this.settings.timeoutMs} ms`))),
        this.settings.timeoutMs,
      );
    });
    try {
      const answer = await Promise.race([call(), deadline]);
      this.settings.onReachable(true, '');
      return answer;
    } catch (error) {
      this.settings.onReachable(false, error instanceof Error ? error.message : 'unknown error');
      return UNREACHABLE;
    } finally {
      clearTimeout(timer);
    }
  }
}

const UNREACHABLE = Symbol('unreachable');

/** 0 for what is none. */
function generationOf(found: unknown): number {
  const generation = Number(found);
  return Number.isSafeInteger(generation) && generation > 0 ? generation : 0;
}

/** A whole number greater than zero, as Redis wants it. */
const lifeOf = ({ lifetimeMs }: { lifetimeMs: number }): string =>
  String(Math.max(1, Math.floor(lifetimeMs)) + GENERATION_AFTERLIFE_MS);
