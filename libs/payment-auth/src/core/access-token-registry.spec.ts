import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { ManualClock } from '../../../../test/support/manual-clock';
import { MemoryRedis } from '../../../../test/support/memory-redis';
import {
  AccessTokenLog,
  AccessTokenRegistry,
  accessTokenKey,
  type KeeperRequest,
  type RegistrySharing,
} from './access-token-registry';
import { AccessTokenStore } from './access-token-store';
import { AccessTokenError, PaymentAuthError } from './errors';
import { Secret } from './secret';
import { TokenCipher } from './sharing/token-cipher';
import { TokenSharing } from './sharing/token-sharing';

const IDENTITY = { gateway: 'netzme', baseUrl: 'https://gateway.example', clientId: 'shop' } as const;
const HOUR = 3_600_000;

describe('accessTokenKey', () => {
  it.each([
    [{ baseUrl: 'https://other.example' }],
    [{ clientId: 'other' }],
    [{ gateway: 'alignet' as const }],
    [{ audience: 'a' }],
    [{ scope: 'a' }],
    [{ audience: '' }],
    [{ clientId: 'shop","null' }],
  ])('is another one with %j', (more) => {
    expect(accessTokenKey({ ...IDENTITY, ...more })).not.toBe(accessTokenKey(IDENTITY));
  });

  it('tells audience from scope', () => {
    expect(accessTokenKey({ ...IDENTITY, audience: 'a' })).not.toBe(accessTokenKey({ ...IDENTITY, scope: 'a' }));
  });
});

describe('AccessTokenRegistry', () => {
  const opened: TokenSharing[] = [];
  let warn: jest.SpyInstance;
  beforeEach(() => {
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(Logger.prototype, 'log').mockImplementation();
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
  });
  afterEach(() => {
    for (const sharing of opened.splice(0)) sharing.close();
    jest.restoreAllMocks();
  });

  function setUp(shared?: RegistrySharing, clock = new ManualClock()) {
    const nothing = { get: () => Promise.resolve(), set: () => Promise.resolve(), del: () => Promise.resolve() };
    const store = new AccessTokenStore(nothing as never, 50);
    const registry = new AccessTokenRegistry(store, clock, shared, new AccessTokenLog());
    let requests = 0;
    const request: KeeperRequest = {
      identity: IDENTITY,
      clientSecret: new Secret('the client secret'),
      policy: { renewal: 'late', refreshMarginMs: 60_000, timeoutMs: 1_000 },
      request: () => Promise.resolve({ value: `T${(requests += 1)}`, lifetimeMs: HOUR }),
      onTimeout: () => new Error('timeout'),
    };
    return { registry, request };
  }

  function sharedOn(
    redis: MemoryRedis,
    encryptionKeys: RegistrySharing['encryptionKeys'] = [],
    clock = new ManualClock(),
  ): RegistrySharing {
    const settings = { prefix: 'p:', storeTimeoutMs: 50, leaseMs: undefined, drainMs: 0 };
    const sharing = new TokenSharing(redis.client(), true, settings, clock);
    opened.push(sharing);
    return { sharing, encryptionKeys };
  }

  it('keeps one token for all who ask with the same client, and another one for another client', async () => {
    const { registry, request } = setUp();
    const [one, same] = [registry.keeper(request), registry.keeper({ ...request, identity: { ...IDENTITY } })];
    const other = registry.keeper({ ...request, identity: { ...IDENTITY, clientId: 'other' } });
    expect((await one.get()).value).toBe('T1');
    expect((await same.get()).value).toBe('T1');
    expect((await other.get()).value).toBe('T2');
  });

  it('says whose tokens keep being ended, and what to look for', async () => {
    const clock = new ManualClock();
    const { registry, request } = setUp(undefined, clock);
    const keeper = registry.keeper(request);
    for (let refusals = 0; refusals < 4; refusals += 1) {
      const { value } = await keeper.get();
      // A token that has just replaced a refused one is kept for a while.
      clock.advance(3_000);
      keeper.reject(value);
    }
    const error: unknown = await keeper.get().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AccessTokenError);
    expect(error).toMatchObject({
      code: 'ERR_ACCESS_TOKEN_CONTESTED',
      gateway: 'netzme',
      retryable: true,
      hint: expect.stringContaining('tokenSharing') as string,
    });
  });

  it('shows nothing of what it holds', async () => {
    const { registry, request } = setUp();
    await registry.keeper(request).get();
    expect(inspect({ registry }, { depth: Infinity, showHidden: true })).toBe('{ registry: [AccessTokenRegistry] }');
    expect(JSON.stringify({ registry })).toBe('{"registry":"[AccessTokenRegistry]"}');
  });

  it('has no store to tell of where tokens are not shared', () => {
    const { registry } = setUp();
    expect(registry.sharingStatus()).toBeUndefined();
    expect(() => registry.onApplicationShutdown()).not.toThrow();
  });

  describe('with tokens shared', () => {
    it('takes the token that another replica obtained', async () => {
      const redis = new MemoryRedis();
      const [here, there] = [setUp(sharedOn(redis)), setUp(sharedOn(redis))];
      const token = await here.registry.keeper(here.request).get();
      expect((await there.registry.keeper(there.request).get()).value).toBe(token.value);
      expect(there.registry.keeper(there.request).status()).toMatchObject({ requests: 0, generation: 1 });
      expect(here.registry.sharingStatus()).toEqual({ isReachable: true, storeCalls: 4 });
    });

    it('hears of a token that another replica obtained later', async () => {
      const redis = new MemoryRedis();
      const [here, there] = [setUp(sharedOn(redis)), setUp(sharedOn(redis))];
      const listening = there.registry.keeper(there.request);
      await here.registry.keeper(here.request).get();
      await new Promise((resolve) => setImmediate(resolve));
      expect(listening.peek()?.value).toBe('T1');
    });

    it("encrypts them with a key of the client's secret, or with the first of those that are configured", async () => {
      for (const [encryptionKeys, id] of [
        [[], 'client-secret'],
        [['2026-12', '2026-11'].map((name) => ({ id: name, key: randomBytes(32) })), '2026-12'],
      ] as const) {
        const redis = new MemoryRedis();
        const { registry, request } = setUp(sharedOn(redis, encryptionKeys));
        await registry.keeper(request).get();
        expect(redis.sealed?.split(':').slice(0, 2)).toEqual(['v1', id]);
        const cipher =
          encryptionKeys.length > 0 ? new TokenCipher(encryptionKeys) : TokenCipher.derivedFrom(request.clientSecret);
        expect(cipher.decrypt(redis.sealed ?? '', accessTokenKey(IDENTITY))).toContain('"T1"');
      }
    });

    it('says that nobody obtained one when the one who was to never does', async () => {
      const redis = new MemoryRedis();
      const clock = new ManualClock();
      const { registry, request } = setUp(sharedOn(redis, [], clock), clock);
      const keeper = registry.keeper(request);
      // Somebody renews the lease for ever.
      redis.behave = (call) => {
        if (call === 'read') clock.advance(3_000);
        if (call === 'acquire') redis.entry.lease = 'somebody';
        return undefined;
      };
      const error: unknown = await keeper.get().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AccessTokenError);
      expect(error).toMatchObject({ code: 'ERR_ACCESS_TOKEN_REQUEST', gateway: 'netzme', retryable: true });
      expect(keeper.status().requests).toBe(0);
    });

    it('lets go of its connections when the application ends', () => {
      const redis = new MemoryRedis();
      const { registry, request } = setUp(sharedOn(redis));
      const keeper = registry.keeper(request);
      const [channel = ''] = redis.channels;
      registry.onApplicationShutdown();
      expect(redis.say(channel, '{"type":"renewed","generation":1}')).toBe(0);
      expect(keeper.peek()).toBeUndefined();
      expect(warn).not.toHaveBeenCalled();
    });
  });
});

describe('AccessTokenLog', () => {
  const lines: string[] = [];
  const key = accessTokenKey(IDENTITY);
  // printf shop | sha256sum
  const WHO = 'netzme client sha256:8d9001d3 at https://gateway.example';

  beforeEach(() => {
    lines.length = 0;
    for (const level of ['log', 'warn', 'error'] as const) {
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...[line]: unknown[]) => void lines.push(`${level} ${String(line)}`));
    }
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [3_600_000, '3600 s'],
    [1_499, '1 s'],
    [1_500, '2 s'],
  ])('says of a token for %d ms that it is valid for %s', (lifetimeMs, shown) => {
    new AccessTokenLog().renewed(key, lifetimeMs);
    expect(lines).toEqual([expect.stringMatching(`^log ${WHO}: .*${shown}$`)]);
  });

  it('warns of a token that is refused, and calls it an error when that goes on', () => {
    const log = new AccessTokenLog();
    log.rejected(key);
    log.contested(key);
    expect(lines).toEqual([
      expect.stringMatching(`^warn ${WHO}: .*no longer accepts`),
      expect.stringMatching(`^error ${WHO}: .*somebody else.*tokenSharing`),
    ]);
  });

  const refusal = (code: 'ERR_ACCESS_TOKEN_REQUEST' | 'ERR_ACCESS_TOKEN_RESPONSE') =>
    new AccessTokenError('refused', { code, gateway: 'netzme' });

  it('says why no token came, and when it is tried again', () => {
    new AccessTokenLog().renewalFailed(key, refusal('ERR_ACCESS_TOKEN_RESPONSE'), 2_000);
    expect(lines).toEqual([
      expect.stringMatching(`^warn ${WHO}: .*2000 ms.*\\(ERR_ACCESS_TOKEN_RESPONSE: refused\\)$`),
    ]);
  });

  it('names no client id, and tells clients apart', () => {
    const log = new AccessTokenLog();
    const clientId = 'b2f0a8e4-client-id';
    const logged = accessTokenKey({ ...IDENTITY, clientId });
    log.renewed(logged, 1_000);
    log.rejected(logged);
    log.contested(logged);
    log.renewalFailed(logged, refusal('ERR_ACCESS_TOKEN_RESPONSE'), 500);
    log.renewed(key, 1_000);
    expect(lines.join()).not.toContain(clientId);
    expect(new Set(lines.map((line) => /client (\S+)/.exec(line)?.[1])).size).toBe(2);
  });

  it('repeats no words of an error that is not ours: it may hold what was sent', () => {
    new AccessTokenLog().renewalFailed(key, new Error('Basic c2hvcDpzZWNyZXQ='), 500);
    expect(lines).toEqual([expect.stringMatching(/\(unexpected error\)$/)]);
  });

  it.each([
    ['a refusal', refusal('ERR_ACCESS_TOKEN_REQUEST'), 1],
    ['an answer without a token', refusal('ERR_ACCESS_TOKEN_RESPONSE'), 0],
    ['an error of another kind', new PaymentAuthError('x', { code: 'ERR_ACCESS_TOKEN_REQUEST' }), 0],
    ['a fault', new Error('x'), 0],
  ])('has secrets asked for again after %s: %#', (_what, error, times) => {
    const onRefused = jest.fn();
    new AccessTokenLog(onRefused).renewalFailed(key, error, 500);
    expect(onRefused).toHaveBeenCalledTimes(times);
  });
});
