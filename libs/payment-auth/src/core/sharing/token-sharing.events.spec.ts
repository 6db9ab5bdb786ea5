import { Logger } from '@nestjs/common';
import { ManualClock } from '../../../../../test/support/manual-clock';
import { MemoryRedis, type MemoryRedisClient } from '../../../../../test/support/memory-redis';
import { type IssuedAccessToken } from '../access-token';
import { AccessTokenKeeper } from '../access-token-keeper';
import { PooledRandomSource } from '../random';
import { Secret } from '../secret';
import { TokenCipher } from './token-cipher';
import { TokenSharing } from './token-sharing';

const HOUR = 3_600_000;
const STORE_TIMEOUT_MS = 250;
const WATCH_MS = 500;
/** So long a token that replaced a refused one is kept in spite of a 401. */
const TRUSTED_MS = 3_000;

const settled = async (): Promise<void> => {
  // A call to the store and what follows from it take a few turns.
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** On a Redis in memory, for what a real one does too rarely; what it does in truth is tested in `token-sharing.spec.ts`. */
describe('TokenSharing, call by call', () => {
  const opened: TokenSharing[] = [];
  const lines: string[] = [];
  let redis: MemoryRedis;
  let clock: ManualClock;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    for (const level of ['log', 'warn'] as const) {
      const say = (...[line]: unknown[]): void => void lines.push(`${level} ${String(line)}`);
      jest.spyOn(Logger.prototype, level).mockImplementation(say);
    }
    redis = new MemoryRedis();
    clock = new ManualClock();
    lines.length = 0;
  });
  afterEach(() => {
    for (const sharing of opened.splice(0)) sharing.close();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /** Both clocks, and whatever was due meanwhile. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(Math.min(left, 50));
      await jest.advanceTimersByTimeAsync(Math.min(left, 50));
      await settled();
    }
  };

  function replica(
    more: { client?: MemoryRedisClient; isOwnClient?: boolean; leaseMs?: number; drainMs?: number; name?: string } = {},
  ) {
    const { client = redis.client(), isOwnClient = true, name = 'key' } = more;
    const settings = {
      prefix: 'p:',
      storeTimeoutMs: STORE_TIMEOUT_MS,
      leaseMs: more.leaseMs,
      drainMs: more.drainMs ?? 1_000,
    };
    const sharing = new TokenSharing(client, isOwnClient, settings, clock);
    opened.push(sharing);
    const held = (keyName: string) => {
      const { source, attach } = sharing.source(keyName, TokenCipher.derivedFrom(new Secret('s')), 10_000, () => {
        return new Error('unavailable');
      });
      const asked: { answer: (value: string) => Promise<void> }[] = [];
      const request = (): Promise<IssuedAccessToken> =>
        new Promise((resolve) =>
          asked.push({
            answer: async (value) => {
              resolve({ value, lifetimeMs: HOUR });
              await settled();
            },
          }),
        );
      const keeper = new AccessTokenKeeper({
        key: keyName,
        policy: { renewal: 'late', refreshMarginMs: 60_000, timeoutMs: 10_000 },
        clock,
        source,
        listener: {
          renewed: () => undefined,
          renewalFailed: () => undefined,
          rejected: () => undefined,
          contested: () => undefined,
        },
        request,
        onTimeout: () => new Error('timeout'),
        onContested: () => new Error('contested'),
        onPaced: () => new Error('paced'),
        random: new PooledRandomSource(),
      });
      attach(keeper);
      /** A token of the gateway's, whatever there is in the store. */
      const obtain = async (value: string): Promise<void> => {
        const obtaining = keeper.get();
        await settled();
        await asked.at(-1)?.answer(value);
        await obtaining;
        await settled();
      };
      return { keeper, asked, obtain, value: () => keeper.peek()?.value };
    };
    return { ...held(name), client, sharing, another: held };
  }

  const answersNothing = (): void => void (redis.behave = () => 'silent');
  const fails = (why = new Error('down')): void => void (redis.behave = () => why);
  const answers = (): void => void (redis.behave = () => undefined);

  /** What is asked of the store from here on, until `asked` is called. */
  const watchCalls = () => {
    const from = redis.calls.length;
    return () => redis.calls.slice(from);
  };

  describe('says', () => {
    it('nothing as long as the store answers', async () => {
      const a = replica();
      await a.obtain('T1');
      expect(lines).toEqual([]);
      expect(a.sharing.status()).toEqual({ isReachable: true, storeCalls: 4 });
      expect(redis.calls).toEqual(['read', 'acquire', 'read', 'publish']);
    });

    it('once that it does not, and why, and once that it does again', async () => {
      const a = replica();
      await a.obtain('T1');
      fails();
      a.keeper.reject('T1');
      await settled();
      a.client.emit('ready');
      await settled();
      expect(a.sharing.status().isReachable).toBe(false);
      expect(lines).toEqual([expect.stringMatching(/^warn .*does not answer \(down\)/)]);
      answers();
      a.client.emit('ready');
      await settled();
      expect(a.sharing.status().isReachable).toBe(true);
      expect(lines.slice(1)).toEqual(['log The shared token store answers again.']);
    });

    it.each([
      [new Error('password?'), 'password?'],
      ['a text', 'cannot connect'],
    ])('that it cannot connect: %p', async (why, shown) => {
      const client = redis.client({ isOpen: false, isReady: false });
      client.connecting = jest.fn<Promise<unknown>, []>().mockRejectedValue(why)();
      const { sharing } = replica({ client });
      await settled();
      expect(sharing.status().isReachable).toBe(false);
      expect(lines).toEqual([expect.stringContaining(`(${shown})`)]);
    });

    it('nothing more once it is closed', async () => {
      let refuse = (_why: Error): void => undefined;
      const client = redis.client({ isOpen: false, isReady: false });
      client.connecting = new Promise((_resolve, reject) => (refuse = reject));
      const { sharing, keeper } = replica({ client });
      const failing = keeper.get().catch(() => undefined);
      sharing.close();
      refuse(new Error('closed'));
      fails();
      client.emit('error');
      await settled();
      expect(lines).toEqual([]);
      expect(sharing.status().isReachable).toBe(true);
      void failing;
    });
  });

  describe('connects', () => {
    it("a client of its own, and leaves the user's, which is open, alone", () => {
      const own = redis.client({ isOpen: false });
      replica({ client: own });
      expect(own.connects).toBe(1);
      expect(own.subscriber?.connects).toBe(1);
      const theirs = redis.client();
      replica({ client: theirs, isOwnClient: false });
      expect(theirs.connects).toBe(0);
      expect(theirs.subscriber?.connects).toBe(1);
    });

    it('and ends with it what it opened itself', () => {
      const [own, theirs] = [redis.client(), redis.client()];
      replica({ client: own }).sharing.close();
      replica({ client: theirs, isOwnClient: false }).sharing.close();
      expect([own.destroys, own.subscriber?.destroys]).toEqual([1, 1]);
      expect([theirs.destroys, theirs.subscriber?.destroys]).toEqual([0, 1]);
      expect(theirs.listenerCount('ready')).toBe(0);
    });

    it('and survives an error event of either connection, which Node would end the process for', () => {
      const { client } = replica();
      expect(client.emit('error', new Error('reset'))).toBe(true);
      expect(client.subscriber?.emit('error', new Error('reset'))).toBe(true);
    });

    it.each(['ready', 'error'])('and asks nothing of the store before %s', async (event) => {
      const client = redis.client({ isReady: false });
      const a = replica({ client });
      void a.keeper.get();
      await pass(900);
      expect(redis.calls).toEqual([]);
      client.isReady = true;
      client.emit(event);
      await settled();
      expect(redis.calls[0]).toBe('read');
      // Of its own for as long as it lives: one for each.
      expect([client.listenerCount('ready'), client.listenerCount('error')]).toEqual([1, 1]);
      await a.asked[0]?.answer('T1');
    });

    it('and waits for neither longer than a second', async () => {
      const a = replica({ client: redis.client({ isReady: false }) });
      void a.keeper.get();
      await pass(950);
      expect(redis.calls).toEqual([]);
      await pass(50);
      expect(redis.calls[0]).toBe('read');
      await a.asked[0]?.answer('T1');
    });
  });

  it.each([
    [undefined, 15_000],
    [20_000, 20_000],
  ])('takes a lease that outlives the token request: %p is %d ms', async (leaseMs, expected) => {
    const a = replica(leaseMs === undefined ? {} : { leaseMs });
    await a.obtain('T1');
    expect(redis.leaseMs).toBe(expected);
  });

  it('asks a connected store again that was silent once', async () => {
    const a = replica();
    let silences = 1;
    redis.behave = () => (silences-- > 0 ? 'silent' : undefined);
    const obtaining = a.keeper.get();
    await pass(STORE_TIMEOUT_MS);
    await a.asked[0]?.answer('T1');
    expect((await obtaining).value).toBe('T1');
    expect(a.keeper.status().generation).toBe(1);
  });

  it('goes on alone at once when the connection is gone', async () => {
    const a = replica();
    a.client.isReady = false;
    fails();
    await a.obtain('T1');
    expect(a.keeper.status().generation).toBe(0);
    expect(redis.calls[1]).not.toBe('read');
  });

  describe('a message', () => {
    it.each([
      '',
      '{',
      'null',
      '7',
      '[]',
      '{}',
      '{"type":"renewed"}',
      '{"type":"renewed","generation":"9"}',
      '{"type":"drain","id":"x"}',
      '{"type":"drain","generation":1}',
      '{"type":"drain","generation":1,"id":7}',
      '{"type":"drain","generation":"1","id":"x"}',
      '{"type":"drained"}',
      '{"type":"drained","id":7}',
      '{"type":"drained","id":"nobody asked"}',
      '{"type":"restart","generation":9,"id":"x"}',
    ])('that is none of ours changes nothing: %s', async (text) => {
      const a = replica();
      await a.obtain('T1');
      const asked = watchCalls();
      const [channel = ''] = redis.channels;
      expect(redis.say(channel, text)).toBe(1);
      await settled();
      expect(asked()).toEqual([]);
      expect(a.value()).toBe('T1');
    });

    it('of the token in hand, or an older one, costs no look into the store', async () => {
      const a = replica();
      await a.obtain('T1');
      const asked = watchCalls();
      const [channel = ''] = redis.channels;
      redis.say(channel, '{"type":"renewed","generation":1}');
      redis.say(channel, '{"type":"renewed","generation":0}');
      await settled();
      expect(asked()).toEqual([]);
      redis.say(channel, '{"type":"renewed","generation":2}');
      await settled();
      expect(asked()).toEqual(['read']);
      expect(a.value()).toBe('T1');
    });

    it('that a token is to be replaced has it let go of, once requests in flight are over, and says so', async () => {
      const a = replica();
      await a.obtain('T1');
      const end = a.keeper.begin();
      const asked = watchCalls();
      const [channel = ''] = redis.channels;
      redis.say(channel, '{"type":"drain","generation":1,"id":"x"}');
      await settled();
      expect(a.value()).toBeUndefined();
      expect(asked()).toEqual([]);
      end();
      await settled();
      expect(asked()).toEqual(['tell']);
    });
  });

  describe('before a token that lives is replaced', () => {
    /** Two replicas with one token, whose renewal is due. */
    const due = async (drainMs: number) => {
      const [a, b] = [replica({ drainMs }), replica({ drainMs })];
      await a.obtain('T1');
      expect(b.value()).toBe('T1');
      await pass(0);
      clock.advance(HOUR - 60_000);
      return { a, b };
    };

    it('waits for every replica, and no longer', async () => {
      const { a, b } = await due(10_000);
      const end = b.keeper.begin();
      const renewing = a.keeper.get();
      await settled();
      expect(a.asked).toHaveLength(1);
      end();
      await settled();
      expect(a.asked).toHaveLength(2);
      await a.asked[1]?.answer('T2');
      expect((await renewing).value).toBe('T2');
      expect(b.value()).toBe('T2');
    });

    it('waits for one that does not answer until drainMs have passed', async () => {
      const { a, b } = await due(300);
      b.keeper.begin();
      void a.keeper.get();
      await pass(250);
      expect(a.asked).toHaveLength(1);
      await pass(50);
      expect(a.asked).toHaveLength(2);
      await a.asked[1]?.answer('T2');
      expect(a.value()).toBe('T2');
    });
  });

  describe('after a time without the store', () => {
    it.each(['client', 'subscriber'] as const)('takes the token it missed: the %s is ready again', async (which) => {
      const [a, b] = [replica(), replica()];
      await a.obtain('T1');
      b.client.subscriber?.unsubscribe();
      a.keeper.reject('T1');
      await a.obtain('T2');
      expect(b.value()).toBe('T1');
      const asked = watchCalls();
      (which === 'client' ? b.client : b.client.subscriber)?.emit('ready');
      await settled();
      expect(b.value()).toBe('T2');
      // Both have what the store has: nothing to give.
      expect(asked()).toEqual(['read', 'release']);
    });

    it('gives back a token that the store has forgotten, once', async () => {
      const a = replica();
      await a.obtain('T1');
      redis.forgetEverything();
      const asked = watchCalls();
      a.client.emit('ready');
      await settled();
      // Then it hears of it from the store.
      expect(asked()).toEqual(['read', 'release', 'restore']);
      expect(redis.entry.generation).toBe(1);
      expect(a.value()).toBe('T1');
    });

    it('looks again, three times, where a restored token is refused because somebody renews', async () => {
      const a = replica();
      await a.obtain('T1');
      redis.forgetEverything();
      redis.behave = (call) => {
        if (call === 'restore') redis.entry.lease = 'somebody';
        return undefined;
      };
      const asked = watchCalls();
      a.client.emit('ready');
      await settled();
      expect(asked().filter((call) => call !== 'release')).toEqual([
        ...['read', 'restore'],
        ...['read', 'restore'],
        ...['read', 'restore'],
      ]);
    });

    it('publishes the token that was obtained without it, and then is quiet', async () => {
      const a = replica();
      await a.obtain('T1');
      fails();
      a.client.isReady = false;
      a.keeper.reject('T1');
      await a.obtain('T2');
      expect(a.keeper.status()).toMatchObject({ generation: 1, requests: 2 });
      answers();
      a.client.isReady = true;
      // The refusal of T1 was lost with the connection.
      const asked = watchCalls();
      a.client.emit('ready');
      await settled();
      expect(asked()).toEqual(['read', 'release', 'publish']);
      expect(a.keeper.status()).toMatchObject({ generation: 2, requests: 2 });
      expect(a.value()).toBe('T2');
      const quiet = watchCalls();
      await pass(5 * WATCH_MS);
      expect(quiet()).toEqual([]);
    });

    it('looks again, three times, where the token that was obtained without it is refused', async () => {
      const a = replica();
      fails();
      a.client.isReady = false;
      await a.obtain('T1');
      a.client.isReady = true;
      redis.behave = (call) => (call === 'publish' ? 'refuses' : undefined);
      const asked = watchCalls();
      a.client.emit('ready');
      await settled();
      expect(asked().filter((call) => call !== 'release')).toEqual([
        ...['read', 'publish'],
        ...['read', 'publish'],
        ...['read', 'publish'],
      ]);
      expect(a.value()).toBe('T1');
    });

    it('drops the token that was obtained without it when the others have moved on meanwhile', async () => {
      const [a, b] = [replica(), replica()];
      await a.obtain('T1');
      const stored = redis.behave;
      // Only a is cut off.
      a.client.isReady = false;
      a.client.subscriber?.unsubscribe();
      fails();
      a.keeper.reject('T1');
      await a.obtain('T2');
      redis.behave = stored;
      b.keeper.reject('T1');
      await b.obtain('T3');
      clock.advance(TRUSTED_MS);
      b.keeper.reject('T3');
      await settled();
      // Another generation than a knew, and no token of it.
      expect(redis.entry).toMatchObject({ generation: 2, sealed: undefined });
      a.client.isReady = true;
      const asked = watchCalls();
      a.client.emit('ready');
      await settled();
      expect(a.value()).toBeUndefined();
      expect(asked()).toEqual(['read', 'release']);
    });

    it('forgives what was refused meanwhile, once the store answers and not before', async () => {
      const a = replica();
      for (let refusals = 0; refusals < 4; refusals += 1) {
        await a.obtain(`T${refusals}`);
        clock.advance(TRUSTED_MS);
        a.keeper.reject(`T${refusals}`);
      }
      await settled();
      expect(a.keeper.status().isContested).toBe(true);
      fails();
      const asked = watchCalls();
      a.client.emit('ready');
      await settled();
      expect(a.keeper.status().isContested).toBe(true);
      expect(asked()).toEqual(['read']);
      answers();
      a.client.emit('ready');
      await settled();
      expect(a.keeper.status().isContested).toBe(false);
    });

    describe('that breaks no connection, so that no event tells', () => {
      it('looks for it every half second until it answers, and then no more', async () => {
        const a = replica();
        await a.obtain('T1');
        answersNothing();
        a.client.emit('ready');
        await pass(STORE_TIMEOUT_MS);
        expect(lines).toHaveLength(1);
        const asked = watchCalls();
        await pass(2 * WATCH_MS + 50);
        expect(asked()).toEqual(['read', 'read']);
        answers();
        await pass(2 * WATCH_MS);
        expect(lines).toHaveLength(2);
        const quiet = watchCalls();
        await pass(10 * WATCH_MS);
        expect(quiet()).toEqual([]);
        expect(jest.getTimerCount()).toBe(0);
      });

      it('looks once each half second, however often it went away', async () => {
        const a = replica();
        await a.obtain('T1');
        for (let times = 0; times < 3; times += 1) {
          fails();
          a.client.emit('ready');
          await settled();
          answers();
          a.client.emit('ready');
          await settled();
        }
        expect(lines).toHaveLength(6);
        await pass(2 * WATCH_MS);
        const quiet = watchCalls();
        await pass(10 * WATCH_MS);
        expect(quiet()).toEqual([]);
      });

      it('looks on while a token is not published: somebody renews just now', async () => {
        const a = replica();
        const other = a.another('other');
        await other.obtain('O1');
        fails();
        a.client.isReady = false;
        await a.obtain('T1');
        a.client.isReady = true;
        redis.behave = (call) => (call === 'publish' ? 'refuses' : undefined);
        await pass(4 * WATCH_MS);
        expect(a.sharing.status().isReachable).toBe(true);
        expect(a.keeper.status()).toMatchObject({ state: 'valid', generation: 0 });
        answers();
        await pass(2 * WATCH_MS);
        expect(a.keeper.status()).toMatchObject({ state: 'valid', generation: 1 });
        const quiet = watchCalls();
        await pass(4 * WATCH_MS);
        expect(quiet()).toEqual([]);
      });

      it('publishes a token whose gateway was slower than the store was away', async () => {
        const a = replica();
        fails();
        a.client.isReady = false;
        void a.keeper.get();
        await settled();
        answers();
        a.client.isReady = true;
        await pass(3 * WATCH_MS);
        expect(lines.at(-1)).toMatch(/answers again/);
        await a.asked[0]?.answer('T1');
        expect(a.keeper.status().generation).toBe(0);
        await pass(WATCH_MS);
        expect(a.keeper.status().generation).toBe(1);
      });

      it('looks no more once it is closed, nor for a token that comes after', async () => {
        const a = replica();
        fails();
        a.client.isReady = false;
        void a.keeper.get();
        await settled();
        a.sharing.close();
        await a.asked[0]?.answer('T1');
        const quiet = watchCalls();
        await pass(4 * WATCH_MS);
        expect(quiet()).toEqual([]);
        expect(a.value()).toBe('T1');
        expect(jest.getTimerCount()).toBe(0);
      });
    });
  });
});
