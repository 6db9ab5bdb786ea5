import { createClient } from '@redis/client';
import { randomBytes } from 'node:crypto';
import { until } from '../../../../../test/support/wait';
import { RedisServer } from '../../../../../test/replicas/redis-server';
import { describeWith } from '../../../../../test/support/describe-with';
import { REDIS } from '../../../../../test/support/needed-program';
import { RedisTokenState, type SharedToken } from './redis-token-state';
import { TokenCipher } from './token-cipher';

/** Of a store that is not to answer; elsewhere one that a busy machine does not run into. */
const SHORT_MS = 150;
const LONG_MS = 60_000;

const PREFIX = 'app:tokens:';
const KEY = '["netzme","https://gateway.example","client",null,null]';
const SECRET_VALUE = 'eyJhbGciOi-the-token-itself';

const tokenOf = (value: string, lifetimeMs = 3_600_000): Omit<SharedToken, 'generation'> => ({
  value,
  obtainedAt: 1_700_000_000_000,
  expiresAt: 1_700_000_000_000 + Math.round(lifetimeMs),
  lifetimeMs,
});

describeWith(REDIS, 'RedisTokenState, on a real Redis', () => {
  let server: RedisServer;
  let redis: ReturnType<typeof connection>;

  const connection = (url: string) =>
    createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: () => 20 } });

  beforeAll(async () => {
    server = await RedisServer.start();
    redis = connection(server.url);
    redis.on('error', () => undefined);
    await redis.connect();
  });

  afterAll(async () => {
    redis.destroy();
    await server.stop();
  });

  beforeEach(() => redis.flushDb());

  const reports: string[] = [];
  let calls = 0;
  beforeEach(() => {
    reports.length = 0;
    calls = 0;
  });

  const cipher = new TokenCipher([{ id: 'k1', key: randomBytes(32) }]);
  const stateOf = (
    owner: string,
    more: { key?: string; cipher?: TokenCipher; prefix?: string; leaseMs?: number; timeoutMs?: number } = {},
  ) =>
    new RedisTokenState(redis, more.cipher ?? cipher, {
      key: more.key ?? KEY,
      prefix: more.prefix ?? PREFIX,
      owner,
      leaseMs: more.leaseMs ?? 15_000,
      timeoutMs: more.timeoutMs ?? LONG_MS,
      opened: Promise.resolve(),
      onReachable: (reachable, why) => reports.push(reachable ? 'reachable' : why),
      onCall: () => (calls += 1),
    });

  const published = async (state: RedisTokenState, seen: number, value: string): Promise<number> => {
    const answer = await state.publish(seen, tokenOf(value));
    if (answer.state !== 'published') throw new Error(`publish: ${answer.state}`);
    return answer.generation;
  };

  /** Everything in Redis, as text: keys, values, fields. */
  const everything = async (): Promise<string> => {
    const parts: string[] = [];
    for (const key of await redis.keys('*')) {
      parts.push(key);
      const type = await redis.type(key);
      parts.push(type === 'hash' ? JSON.stringify(await redis.hGetAll(key)) : ((await redis.get(key)) ?? ''));
    }
    return parts.join('\n');
  };

  it('reads back what another replica published', async () => {
    const generation = await published(stateOf('a'), 0, SECRET_VALUE);
    expect(await stateOf('b').read()).toEqual({
      state: 'token',
      generation,
      token: { ...tokenOf(SECRET_VALUE), generation },
    });
  });

  it('keeps fractions of a millisecond out of TTLs and in the token', async () => {
    const state = stateOf('a', { leaseMs: 500 });
    const token = { ...tokenOf('T', 1_234.567), lifetimeMs: 1_234.567 };
    expect((await state.publish(0, token)).state).toBe('published');
    expect(await state.read()).toMatchObject({ token });
  });

  it.each([0.2, 1, 3_600_000, 3_600_000.9, 30 * 24 * 3_600_000])(
    'gives every key a TTL, a whole number above zero: lifetime %d ms',
    async (lifetimeMs) => {
      const state = stateOf('a');
      await state.acquireLease();
      const leaseTtl = await redis.pTTL((await redis.keys('*'))[0] ?? '');
      expect(leaseTtl).toBeGreaterThan(5_000);
      expect(leaseTtl).toBeLessThanOrEqual(15_000);
      expect((await state.publish(0, tokenOf('T', lifetimeMs))).state).toBe('published');
      const [key = '', ...others] = await redis.keys('*');
      expect(others).toEqual([]);
      expect(await redis.pTTL(key)).toBeGreaterThan(lifetimeMs);
    },
  );

  it('restores with a TTL too', async () => {
    await stateOf('a').restore({ ...tokenOf('T'), generation: 7 });
    const [key = ''] = await redis.keys('*');
    expect(await redis.pTTL(key)).toBeGreaterThan(3_600_000);
  });

  it('loses the lease when its time is over', async () => {
    const [a, b] = [stateOf('a'), stateOf('b')];
    expect(await a.acquireLease()).toBe('mine');
    expect(await b.acquireLease()).toBe('theirs');
    const [lease = ''] = await redis.keys('*:lease');
    // Redis's clock cannot be moved by hand; its idea of the remaining time can.
    await redis.pExpire(lease, 1);
    while ((await redis.exists(lease)) === 1);
    expect(await b.acquireLease()).toBe('mine');
    expect(await a.acquireLease()).toBe('theirs');
  });

  it('renews the lease of its holder', async () => {
    const state = stateOf('a');
    await state.acquireLease();
    const [lease = ''] = await redis.keys('*:lease');
    await redis.pExpire(lease, 5_000);
    expect(await state.acquireLease()).toBe('mine');
    expect(await redis.pTTL(lease)).toBeGreaterThan(5_000);
  });

  it('lets one of a hundred have the lease', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, owner) => stateOf(`o${owner}`).acquireLease()));
    expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'theirs')).toHaveLength(99);
  });

  it('lets one of a hundred publish over the generation all of them saw', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, owner) => stateOf(`o${owner}`).publish(0, tokenOf(`T${owner}`))),
    );
    expect(answers.filter(({ state }) => state === 'published')).toHaveLength(1);
  });

  it('publishes over nothing but the generation it saw, and calls anything else outdated', async () => {
    const generation = await published(stateOf('a'), 0, 'T1');
    for (const seen of [0, generation - 1, generation + 1]) {
      expect(await stateOf('b').publish(seen, tokenOf('T2'))).toEqual({ state: 'outdated' });
    }
    expect(await stateOf('b').read()).toMatchObject({ token: { value: 'T1' } });
  });

  it('gives the lease back, and nobody gives back that of another', async () => {
    const [a, b] = [stateOf('a'), stateOf('b')];
    await a.acquireLease();
    await b.releaseLease();
    expect(await b.acquireLease()).toBe('theirs');
    await a.releaseLease();
    expect(await b.acquireLease()).toBe('mine');
  });

  it('forgets a token that was refused, keeps its generation, and no other token', async () => {
    const state = stateOf('a');
    const first = await published(state, 0, 'T1');
    const second = await published(state, first, 'T2');
    await state.reject(first);
    expect(await state.read()).toMatchObject({ state: 'token', generation: second });
    await state.reject(second);
    expect(await state.read()).toEqual({ state: 'none', generation: second });
  });

  it('numbers generations upwards, whatever Redis forgets', async () => {
    const state = stateOf('a');
    const first = await published(state, 0, 'T1');
    const second = await published(state, first, 'T2');
    await redis.flushDb();
    // Two publishes in one millisecond run ahead of Redis's clock; a loss of memory takes longer than that.
    while (Date.now() <= second);
    const third = await published(state, 0, 'T3');
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
    expect(Number.isSafeInteger(third)).toBe(true);
  });

  it('tells the channel of a new generation, and never the token', async () => {
    const [state, subscriber] = [stateOf('a'), redis.duplicate()];
    const heard: string[] = [];
    await subscriber.connect();
    await subscriber.subscribe(state.channel, (message) => heard.push(message));
    const generation = await published(state, 0, SECRET_VALUE);
    expect(await state.tell({ type: 'drain', generation, id: 'x' })).toBe(1);
    while (heard.length < 2) await new Promise((resolve) => setImmediate(resolve));
    subscriber.destroy();
    expect(JSON.parse(heard[0] ?? '')).toEqual({ type: 'renewed', generation });
    expect(heard.join()).not.toContain(SECRET_VALUE);
    expect(state.channel.startsWith(PREFIX)).toBe(true);
  });

  describe('at rest', () => {
    it('has no token and no credential in clear, in no key and no value', async () => {
      const state = stateOf('a');
      await state.acquireLease();
      expect(await everything()).not.toMatch(/netzme|gateway\.example|client/);
      await published(state, 0, SECRET_VALUE);
      await state.acquireLease();
      const text = await everything();
      expect(text).not.toContain(SECRET_VALUE);
      expect(text).not.toContain(Buffer.from(SECRET_VALUE).toString('base64').slice(0, 20));
      expect(text).not.toMatch(/netzme|gateway\.example|client/);
      expect(text).toContain('v1:k1:');
    });

    it('has every key behind the prefix, those of one token on one node of a cluster', async () => {
      for (const key of ['one', 'two']) {
        await stateOf('a', { key }).acquireLease();
        await stateOf('b', { key }).publish(0, tokenOf('T'));
        await stateOf('a', { key }).publish(0, tokenOf('T'));
        await stateOf('b', { key }).acquireLease();
      }
      const keys = await redis.keys('*');
      expect(keys).toHaveLength(4);
      for (const key of keys) expect(key).toMatch(/^app:tokens:\{[0-9a-f]{32}\}:(token|lease)$/);
      expect(new Set(keys.map((key) => key.replace(/^.*\{(.*)\}.*$/, '$1'))).size).toBe(2);
    });

    it('touches nothing that is not its own, under its prefix neither', async () => {
      const theirs = { session: 's', 'app:tokens:': 'p', 'app:tokens:{x}:token': 'x', 'app:token': 'y' };
      await redis.mSet(theirs);
      const other = stateOf('a', { key: 'other' });
      const otherGeneration = await published(other, 0, 'other');
      const state = stateOf('a');
      await state.acquireLease();
      const generation = await published(state, 0, 'T');
      await state.acquireLease();
      await state.releaseLease();
      await state.reject(generation);
      await state.restore({ ...tokenOf('T'), generation: 1 });
      expect(await redis.mGet(Object.keys(theirs))).toEqual(Object.values(theirs));
      expect(await other.read()).toMatchObject({ state: 'token', generation: otherGeneration });
      expect(await stateOf('a', { prefix: 'elsewhere:' }).read()).toEqual({ state: 'none', generation: 0 });
    });
  });

  describe('what cannot be read', () => {
    const field = async (text: string): Promise<void> => {
      const [key = ''] = await redis.keys('*:token');
      await redis.hSet(key, 'token', text);
    };

    it.each([
      ['another key', new TokenCipher([{ id: 'k2', key: randomBytes(32) }]).encrypt(JSON.stringify(tokenOf('T')), KEY)],
      ["another token's place", cipher.encrypt(JSON.stringify(tokenOf('T')), 'elsewhere')],
      ['no JSON', cipher.encrypt('{', KEY)],
      ['null', cipher.encrypt('null', KEY)],
      ['a list', cipher.encrypt('[]', KEY)],
      ['no value', cipher.encrypt(JSON.stringify({ ...tokenOf('T'), value: undefined }), KEY)],
      ['an empty value', cipher.encrypt(JSON.stringify(tokenOf('')), KEY)],
      ['a time that is text', cipher.encrypt(JSON.stringify({ ...tokenOf('T'), expiresAt: '1' }), KEY)],
      ['a value no header can carry', cipher.encrypt(JSON.stringify(tokenOf('a\nb')), KEY)],
      ['a life that no token has', cipher.encrypt(JSON.stringify({ ...tokenOf('T'), lifetimeMs: 9e99 }), KEY)],
      ['no lifetime', cipher.encrypt(JSON.stringify({ ...tokenOf('T'), lifetimeMs: null }), KEY)],
      ['in clear', JSON.stringify(tokenOf('T'))],
      ['nothing', ''],
      ['garbage', '\u0000\u{1F600}'],
    ])('is no token, its generation stays: %s', async (_what, text) => {
      const state = stateOf('a');
      const generation = await published(state, 0, 'T');
      await field(text);
      expect(await state.read()).toEqual({ state: 'none', generation });
      expect(await published(state, generation, 'T2')).toBeGreaterThan(generation);
      expect(await state.read()).toMatchObject({ state: 'token', token: { value: 'T2' } });
    });

    it('is no reason to call the store unreachable', async () => {
      const state = stateOf('a');
      await published(state, 0, 'T');
      await field('garbage');
      await state.read();
      expect(new Set(reports)).toEqual(new Set(['reachable']));
    });

    it.each(['abc', '1e300', '9007199254740993', '9999999999999', '7 ', '07', '-1', '1.5', 'nan', '', '9'.repeat(400)])(
      'is overwritten where it is the generation: %p',
      async (text) => {
        const state = stateOf('a');
        await published(state, 0, 'T');
        const [key = ''] = await redis.keys('*:token');
        await redis.hSet(key, 'generation', text);
        expect(await state.read()).toEqual({ state: 'none', generation: 0 });
        const generation = await published(state, 0, 'T2');
        expect(await stateOf('b').read()).toMatchObject({ state: 'token', generation, token: { value: 'T2' } });
        await redis.hSet(key, 'generation', text);
        expect(await state.restore({ ...tokenOf('T2'), generation })).toBe(true);
        expect(await state.read()).toMatchObject({ state: 'token', generation, token: { value: 'T2' } });
      },
    );

    const ofAnotherType: [type: string, put: (key: string) => Promise<unknown>][] = [
      ['a list', (key) => redis.lPush(key, 'x')],
      ['a set', (key) => redis.sAdd(key, 'x')],
      ['a stream', (key) => redis.xAdd(key, '*', { x: 'x' })],
      ['a text', (key) => redis.set(key, 'x')],
      ['a hash', (key) => redis.hSet(key, 'x', 'x')],
    ];

    it.each(ofAnotherType)('is overwritten where %s is in the place of the token', async (_type, put) => {
      const state = stateOf('a');
      const generation = await published(state, 0, 'T');
      const [key = ''] = await redis.keys('*:token');
      for (const repair of [
        () => state.publish(0, tokenOf('T2')),
        () => state.restore({ ...tokenOf('T2'), generation }),
      ]) {
        await redis.del(key);
        await put(key);
        expect(await state.read()).toEqual({ state: 'none', generation: 0 });
        await state.reject(generation);
        await repair();
        expect(await state.read()).toMatchObject({ state: 'token', token: { value: 'T2' } });
        expect(await redis.pTTL(key)).toBeGreaterThan(3_600_000);
      }
      expect(new Set(reports)).toEqual(new Set(['reachable']));
    });

    it.each([
      ...ofAnotherType.filter(([type]) => type !== 'a text'),
      ['a lease without an end', (key: string) => redis.set(key, 'b')] as const,
    ])('is no lease where %s is in its place: nothing waits for it', async (_type, put) => {
      const state = stateOf('a');
      await state.acquireLease();
      const [key = ''] = await redis.keys('*:lease');
      const spoil = async (): Promise<void> => {
        await redis.del(key);
        await put(key);
      };
      await spoil();
      await state.releaseLease();
      expect(await state.acquireLease()).toBe('mine');
      expect(await redis.pTTL(key)).toBeGreaterThan(5_000);
      await spoil();
      const generation = await published(state, 0, 'T');
      await spoil();
      expect(await state.restore({ ...tokenOf('T2'), generation: generation + 1 })).toBe(true);
      expect(new Set(reports)).toEqual(new Set(['reachable']));
    });

    it('cuts a lease that would last longer than any of ours', async () => {
      const state = stateOf('a');
      await state.acquireLease();
      const [key = ''] = await redis.keys('*:lease');
      await redis.set(key, 'b', { expiration: { type: 'PX', value: 365 * 24 * 3_600_000 } });
      expect(await state.acquireLease()).toBe('theirs');
      expect(await redis.pTTL(key)).toBeLessThanOrEqual(15_000);
      expect(await redis.get(key)).toBe('b');
    });
  });

  describe('a store that does not answer', () => {
    const everyCall = async (timeoutMs = LONG_MS): Promise<unknown[]> => {
      const state = stateOf('a', { timeoutMs });
      const answers: unknown[] = [];
      for (const call of [
        () => state.read(),
        () => state.acquireLease(),
        () => state.publish(0, tokenOf('T')),
        () => state.releaseLease(),
        () => state.restore({ ...tokenOf('T'), generation: 1 }),
        () => state.reject(1),
        () => state.tell({ type: 'drain' }),
      ]) {
        answers.push(await call());
      }
      return answers;
    };
    const unreachable = { state: 'unreachable' };
    const NO_ANSWERS = [unreachable, 'unreachable', unreachable, undefined, false, undefined, 0];

    afterEach(async () => {
      server.thaw();
      await server.restart();
      await until('the client is connected again', () => redis.isReady);
    });

    it('frozen: every call ends at its deadline with an answer of its own', async () => {
      server.freeze();
      expect(await everyCall(SHORT_MS)).toEqual(NO_ANSWERS);
      expect(calls).toBe(7);
      expect(reports).toEqual(Array.from({ length: 7 }, () => `no answer within ${SHORT_MS} ms`));
    });

    it('killed: every call fails at once, with the same answers', async () => {
      await server.kill();
      while (redis.isReady) await new Promise((resolve) => setImmediate(resolve));
      expect(await everyCall()).toEqual(NO_ANSWERS);
      expect(reports).toHaveLength(7);
      expect(reports.filter((report) => report.startsWith('no answer within'))).toEqual([]);
    });

    it('says so when it answers again', async () => {
      server.freeze();
      await stateOf('a', { timeoutMs: SHORT_MS }).read();
      server.thaw();
      while ((await stateOf('a').read()).state === 'unreachable');
      expect(reports.at(-1)).toBe('reachable');
    });
  });
});
