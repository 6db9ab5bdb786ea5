import { inspect } from 'node:util';
import { type IssuedAccessToken } from './access-token';
import { AccessTokenKeeper, type AccessTokenKeeperInit } from './access-token-keeper';
import { type AccessTokenStore } from './access-token-store';
import { PaymentAuthError } from './errors';
import { LocalTokenSource } from './local-token-source';
import { type StoredAccessToken } from './stored-access-token';
import { type ObtainContext, type ObtainedToken, type TokenSource } from './token-source';

const HOUR = 3_600_000;
/** So long a token that replaced a refused one is kept in spite of a 401. */
const TRUSTED_MS = 1_000;

type TokenStore = Pick<AccessTokenStore, 'read' | 'write' | 'remove'>;

class FakeClock {
  wall = Date.parse('2026-11-22T10:00:00Z');
  steady = 5_000;
  now = (): number => this.wall;
  monotonic = (): number => this.steady;
  advance(ms: number): void {
    this.wall += ms;
    this.steady += ms;
  }
}

class MemoryStore implements TokenStore {
  readonly entries = new Map<string, StoredAccessToken>();
  read = (key: string): Promise<StoredAccessToken | undefined> => Promise.resolve(this.entries.get(key));
  write = (key: string, token: StoredAccessToken): Promise<void> => {
    this.entries.set(key, token);
    return Promise.resolve();
  };
  remove = (key: string, value: string): Promise<void> => {
    if (this.entries.get(key)?.value === value) this.entries.delete(key);
    return Promise.resolve();
  };
}

/** A gateway whose answers are given by hand. */
class FakeGateway {
  readonly calls: {
    signal: AbortSignal;
    resolve: (token: IssuedAccessToken) => void;
    reject: (error: Error) => void;
  }[] = [];

  request = (signal: AbortSignal): Promise<IssuedAccessToken> =>
    new Promise((resolve, reject) => this.calls.push({ signal, resolve, reject }));

  async answer(index: number, value: string, lifetimeMs = HOUR): Promise<void> {
    await settled();
    const call = this.calls[index];
    if (call === undefined) throw new Error(`token request ${index} was not sent; ${this.calls.length} were`);
    call.resolve({ value, lifetimeMs });
    await settled();
  }

  async fail(index: number, error: Error): Promise<void> {
    await settled();
    this.calls[index]?.reject(error);
    await settled();
  }
}

const gateways: FakeGateway[] = [];

/** A request left unanswered would hold its deadline's timer, and with it the test process. */
afterEach(async () => {
  for (const gateway of gateways.splice(0)) gateway.calls.forEach(({ reject }) => reject(new Error('test is over')));
  await settled();
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(
  policy: Partial<AccessTokenKeeperInit['policy']> = {},
  store: TokenStore = new MemoryStore(),
  source?: TokenSource,
  more: { randomByte?: number } = {},
) {
  const clock = new FakeClock();
  const gateway = new FakeGateway();
  gateways.push(gateway);
  const events: string[] = [];
  const create = (): AccessTokenKeeper =>
    new AccessTokenKeeper({
      key: 'key',
      policy: { renewal: 'early', refreshMarginMs: 60_000, timeoutMs: 10_000, ...policy },
      clock,
      source: source ?? new LocalTokenSource('key', store, clock),
      listener: {
        renewed: () => events.push('renewed'),
        renewalFailed: (_key, _error, retryInMs) => events.push(`failed, retry in ${retryInMs}`),
        rejected: () => events.push('rejected'),
        contested: () => events.push('contested'),
      },
      request: gateway.request,
      onTimeout: () => new Error('token request timed out'),
      onContested: () => new Error('contested'),
      onPaced: (waitMs) => new Error(`paced for ${waitMs} ms`),
      random: { bytes: (length) => Buffer.alloc(length, more.randomByte ?? 0xff) },
    });
  return { clock, gateway, store, events, create, keeper: create() };
}

async function primed(policy: Partial<AccessTokenKeeperInit['policy']> = {}) {
  const setup = setUp(policy);
  const first = setup.keeper.get();
  await setup.gateway.answer(0, 'A');
  await first;
  return setup;
}

describe('AccessTokenKeeper', () => {
  it('sends one request for ten thousand callers on a cold token', async () => {
    const { keeper, gateway } = setUp();
    const callers = Array.from({ length: 10_000 }, () => keeper.get());
    await gateway.answer(0, 'A');
    const tokens = await Promise.all(callers);
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['A']));
    expect(gateway.calls).toHaveLength(1);
  });

  it('reads a held token with nothing awaited', async () => {
    const { keeper } = await primed();
    expect(keeper.peek()?.value).toBe('A');
  });

  it('has one failure shared by its waiters, then backs off, then tries again', async () => {
    const { keeper, gateway, clock, events } = setUp();
    const waiters = [keeper.get(), keeper.get(), keeper.get()].map((waiter) => waiter.catch((error: Error) => error));
    await gateway.fail(0, new Error('boom'));
    const errors = await Promise.all(waiters);
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toMatchObject({ message: 'boom' });

    await expect(keeper.get()).rejects.toThrow('boom');
    clock.advance(499);
    await expect(keeper.get()).rejects.toThrow('boom');
    expect(gateway.calls).toHaveLength(1);

    clock.advance(1);
    const second = keeper.get().catch((error: Error) => error);
    await gateway.fail(1, new Error('boom again'));
    await second;
    clock.advance(999);
    await expect(keeper.get()).rejects.toThrow('boom again');
    clock.advance(1);
    const third = keeper.get();
    await gateway.answer(2, 'A');
    await expect(third).resolves.toMatchObject({ value: 'A' });
    expect(events).toEqual(['failed, retry in 500', 'failed, retry in 1000', 'renewed']);
  });

  it('goes on with a token that was to be replaced, as long as it lives, when no other can be had', async () => {
    const { keeper, gateway, clock } = await primed({ renewal: 'late', refreshMarginMs: 60_000 });
    clock.advance(HOUR - 60_000);
    const refused = keeper.get();
    await gateway.fail(1, new Error('gateway away'));
    expect((await refused).value).toBe('A');
    expect((await keeper.get()).value).toBe('A');
    expect(gateway.calls).toHaveLength(2);
    clock.advance(60_000);
    const late = keeper.get();
    await gateway.fail(2, new Error('gateway away'));
    await expect(late).rejects.toThrow('gateway away');
  });

  it('asks for no token behind callers while it backs off', async () => {
    const { keeper, gateway, clock } = await primed();
    clock.advance(HOUR - 60_000);
    expect(keeper.peek()?.value).toBe('A');
    await gateway.fail(1, new Error('gateway away'));
    clock.advance(499);
    expect(keeper.peek()?.value).toBe('A');
    await settled();
    expect(gateway.calls).toHaveLength(2);
    clock.advance(1);
    keeper.peek();
    await settled();
    expect(gateway.calls).toHaveLength(3);
  });

  it('keeps a newer token that was offered while an older one was on its way', async () => {
    const { keeper, gateway, clock } = setUp();
    const waiting = keeper.get();
    await settled();
    const obtainedAt = clock.now();
    const token = { value: 'newer', obtainedAt, expiresAt: obtainedAt + HOUR };
    keeper.offer({ token, lifetimeMs: HOUR, remainingMs: HOUR, generation: 9_999_999_999_999, isPublished: true });
    await gateway.answer(0, 'older');
    expect((await waiting).value).toBe('newer');
    expect(keeper.peek()?.value).toBe('newer');
  });

  it('never backs off for longer than thirty seconds', async () => {
    const { keeper, gateway, clock, events } = setUp();
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const failing = keeper.get().catch((error: Error) => error);
      await gateway.fail(attempt, new Error('down'));
      await failing;
      clock.advance(30_000);
    }
    expect(events.at(-1)).toBe('failed, retry in 30000');
  });

  it('renews once for fifty parallel rejections of one token', async () => {
    const { keeper, gateway } = await primed();
    const outcomes = Array.from({ length: 50 }, () => keeper.reject('A'));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const callers = Array.from({ length: 50 }, () => keeper.get());
    await gateway.answer(1, 'B');
    expect(new Set((await Promise.all(callers)).map(({ value }) => value))).toEqual(new Set(['B']));
    expect(gateway.calls).toHaveLength(2);
  });

  it('keeps the current token when an older one is rejected', async () => {
    const { keeper, gateway } = await primed();
    keeper.reject('A');
    const renewed = keeper.get();
    await gateway.answer(1, 'B');
    await renewed;
    expect(keeper.reject('A')).toBe(false);
    expect(keeper.peek()?.value).toBe('B');
  });

  it('does not take a rejected token back from the store', async () => {
    const { keeper, gateway, store } = await primed();
    const copy = await store.read('key');
    keeper.reject('A');
    await settled();
    expect(await store.read('key')).toBeUndefined();
    // Another process that has not noticed yet writes it again.
    if (copy !== undefined) await store.write('key', copy);
    const renewed = keeper.get();
    await gateway.answer(1, 'B');
    await expect(renewed).resolves.toMatchObject({ value: 'B' });
  });

  it("ends an aborting caller's wait and nobody else's", async () => {
    const { keeper, gateway } = setUp();
    const controller = new AbortController();
    const impatient = keeper.get(controller.signal);
    const patient = keeper.get();
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ name: 'AbortError' });
    await gateway.answer(0, 'A');
    await expect(patient).resolves.toMatchObject({ value: 'A' });
    expect(gateway.calls).toHaveLength(1);
    expect(gateway.calls[0]?.signal.aborted).toBe(false);
  });

  it('rejects at once for a signal that is aborted already, with the reason given', async () => {
    const { keeper } = setUp();
    await expect(keeper.get(AbortSignal.abort(new Error('shutting down')))).rejects.toThrow('shutting down');
  });

  it('does not turn a failure that nobody waits for into an unhandled rejection', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const { keeper, gateway } = setUp();
    const controller = new AbortController();
    const impatient = keeper.get(controller.signal).catch(() => undefined);
    controller.abort();
    await impatient;
    await gateway.fail(0, new Error('boom'));
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  describe('deadline of a token request', () => {
    beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] }));
    afterEach(() => jest.useRealTimers());

    it('gives up, aborts the request, and ignores its answer when it comes late', async () => {
      const { keeper, gateway, clock, store } = setUp();
      const first = keeper.get().catch((error: Error) => error);
      await settled();
      jest.advanceTimersByTime(10_000);
      expect(await first).toMatchObject({ message: 'token request timed out' });
      expect(gateway.calls[0]?.signal.aborted).toBe(true);

      clock.advance(500);
      const second = keeper.get();
      await gateway.answer(1, 'new');
      await second;
      await gateway.answer(0, 'late');
      expect(keeper.peek()?.value).toBe('new');
      expect(await store.read('key')).toMatchObject({ value: 'new' });
    });
  });

  describe('renewal', () => {
    it('early: callers go on with the current token while one renewal runs behind them', async () => {
      const { keeper, gateway, clock } = await primed();
      clock.advance(HOUR - 60_000);
      expect(keeper.peek()?.value).toBe('A');
      expect((await keeper.get()).value).toBe('A');
      await gateway.answer(1, 'B');
      expect(keeper.peek()?.value).toBe('B');
      expect(gateway.calls).toHaveLength(2);
    });

    it('early: a failure behind callers does not reach them while the token is good', async () => {
      const { keeper, gateway, clock } = await primed();
      clock.advance(HOUR - 60_000);
      expect(keeper.peek()?.value).toBe('A');
      await gateway.fail(1, new Error('boom'));
      expect((await keeper.get()).value).toBe('A');
      expect(gateway.calls).toHaveLength(2);
      clock.advance(500);
      expect(keeper.peek()?.value).toBe('A');
      await gateway.answer(2, 'B');
      expect(keeper.peek()?.value).toBe('B');
    });

    it('early: the token is not handed out in its last two seconds', async () => {
      const { keeper, clock } = await primed();
      clock.advance(HOUR - 2_001);
      expect(keeper.peek()?.value).toBe('A');
      clock.advance(1);
      expect(keeper.peek()).toBeUndefined();
    });

    it('late: nothing is renewed before the margin, and then callers wait for the next token', async () => {
      const { keeper, gateway, clock } = await primed({ renewal: 'late', refreshMarginMs: 30_000 });
      clock.advance(HOUR - 30_001);
      expect(keeper.peek()?.value).toBe('A');
      await settled();
      expect(gateway.calls).toHaveLength(1);
      clock.advance(1);
      expect(keeper.peek()).toBeUndefined();
      const waiting = keeper.get();
      await gateway.answer(1, 'B');
      expect((await waiting).value).toBe('B');
    });

    it('takes a tenth of the life of a short-lived token for the margin at most', async () => {
      const setup = setUp();
      const first = setup.keeper.get();
      await setup.gateway.answer(0, 'short', 10_000);
      await first;
      setup.clock.advance(8_999);
      expect(setup.keeper.peek()?.value).toBe('short');
      await settled();
      expect(setup.gateway.calls).toHaveLength(1);
    });

    it('counts the life from receipt on the monotonic clock, whatever the wall clock does', async () => {
      const { keeper, clock } = await primed();
      clock.wall += 24 * HOUR;
      expect(keeper.peek()?.value).toBe('A');
      clock.wall -= 48 * HOUR;
      clock.advance(HOUR);
      expect(keeper.peek()).toBeUndefined();
    });
  });

  describe('store', () => {
    it('finds the token of an earlier life there and sends nothing', async () => {
      const { create, gateway } = await primed();
      expect((await create().get()).value).toBe('A');
      expect(gateway.calls).toHaveLength(1);
    });

    it('never believes in more than the whole lifetime, even if the writer was hours ahead', async () => {
      const { create, clock } = await primed();
      clock.wall -= 5 * HOUR;
      const keeper = create();
      await keeper.get();
      clock.advance(HOUR);
      expect(keeper.peek()).toBeUndefined();
    });

    it('renews a stored token that is due for renewal', async () => {
      const { create, gateway, clock } = await primed();
      clock.advance(HOUR - 60_000);
      const token = create().get();
      await gateway.answer(1, 'B');
      expect((await token).value).toBe('B');
    });

    it('writes an older token never over a newer one, however slow the store is', async () => {
      const written: string[] = [];
      let release = (): void => undefined;
      const slow: TokenStore = {
        read: () => Promise.resolve(undefined),
        remove: () => Promise.resolve(),
        write: async (_key, token) => {
          if (token.value === 'A') await new Promise<void>((resolve) => (release = resolve));
          written.push(token.value);
        },
      };
      const { keeper, gateway } = setUp({}, slow);
      const first = keeper.get();
      await gateway.answer(0, 'A');
      await first;
      keeper.reject('A');
      const second = keeper.get();
      await settled();
      // The write of A is under way: what would make B waits for it.
      expect(gateway.calls).toHaveLength(1);
      release();
      await gateway.answer(1, 'B');
      await second;
      await settled();
      expect(written).toEqual(['A', 'B']);
    });
  });

  it('shows nothing of what it holds', async () => {
    const { keeper } = await primed();
    for (const show of [(value: unknown) => inspect(value, { depth: Infinity, showHidden: true }), JSON.stringify]) {
      expect(show({ keeper })).toMatch(/^\{ ?"?keeper"?: ?"?\[AccessTokenKeeper\]"? ?\}$/);
    }
  });

  it('tells how it is doing without the token', async () => {
    const { keeper, clock } = await primed();
    expect(keeper.status()).toEqual({
      state: 'valid',
      obtainedAt: clock.wall,
      expiresAt: clock.wall + HOUR,
      generation: 0,
      requests: 1,
      rejections: 0,
      isContested: false,
    });
    keeper.reject('A');
    expect(keeper.status()).toEqual({
      state: 'none',
      obtainedAt: undefined,
      expiresAt: undefined,
      generation: 0,
      requests: 1,
      rejections: 1,
      isContested: false,
    });
  });

  it('is valid until it is handed out no longer, and failing after a request that failed', async () => {
    const { keeper, gateway, clock } = await primed();
    clock.advance(HOUR - 2_001);
    expect(keeper.status().state).toBe('valid');
    clock.advance(1);
    expect(keeper.status()).toMatchObject({ state: 'none', obtainedAt: undefined, expiresAt: undefined });
    const failing = keeper.get().catch(() => undefined);
    await gateway.fail(1, new Error('down'));
    await failing;
    expect(keeper.status()).toMatchObject({ state: 'failing', requests: 2, rejections: 0 });
    clock.advance(500);
    const renewed = keeper.get();
    await gateway.answer(2, 'B');
    await renewed;
    expect(keeper.status()).toMatchObject({ state: 'valid', expiresAt: clock.wall + HOUR, requests: 3 });
  });

  it('hands out the last resort until two seconds before its end', async () => {
    for (const [msBeforeItsEnd, value] of [
      [2_001, 'A'],
      [2_000, 'refused'],
    ] as const) {
      const { keeper, gateway, clock } = await primed({ renewal: 'late', refreshMarginMs: 60_000 });
      clock.advance(HOUR - msBeforeItsEnd);
      const outcome = keeper.get().catch(() => ({ value: 'refused' }));
      await gateway.fail(1, new Error('gateway away'));
      expect((await outcome).value).toBe(value);
    }
  });

  describe('requests in flight', () => {
    beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] }));
    afterEach(() => jest.useRealTimers());

    const isOver = (promise: Promise<unknown>): (() => boolean) => {
      let over = false;
      void promise.then(() => (over = true));
      return () => over;
    };

    it('are waited for, every one of them', async () => {
      const { keeper } = setUp();
      const [endFirst, endSecond] = [keeper.begin(), keeper.begin()];
      const drained = isOver(keeper.drained());
      endFirst();
      await settled();
      expect(drained()).toBe(false);
      endSecond();
      await settled();
      expect(drained()).toBe(true);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('are waited for a second at most, and for another one by who asks then', async () => {
      const { keeper } = setUp();
      keeper.begin();
      for (let wait = 0; wait < 2; wait += 1) {
        const drained = isOver(keeper.drained());
        await jest.advanceTimersByTimeAsync(999);
        expect(drained()).toBe(false);
        await jest.advanceTimersByTimeAsync(1);
        expect(drained()).toBe(true);
      }
    });

    it('are let end before a token is asked for that ends theirs', async () => {
      const { keeper, gateway, clock } = await primed({ renewal: 'late', refreshMarginMs: 60_000 });
      const end = keeper.begin();
      clock.advance(HOUR - 60_000);
      const renewed = keeper.get();
      await settled();
      expect(gateway.calls).toHaveLength(1);
      end();
      await gateway.answer(1, 'B');
      expect((await renewed).value).toBe('B');
    });

    it('hold nobody up where tokens live side by side', async () => {
      const { keeper, gateway, clock } = await primed({ renewal: 'early' });
      keeper.begin();
      clock.advance(HOUR - 60_000);
      keeper.peek();
      await settled();
      expect(gateway.calls).toHaveLength(2);
    });

    it('hold nobody up after their token was refused: there is nothing left to end', async () => {
      const { keeper, gateway } = await primed({ renewal: 'late' });
      keeper.begin();
      keeper.reject('A');
      void keeper.get().catch(() => undefined);
      await settled();
      expect(gateway.calls).toHaveLength(2);
    });
  });

  describe('a fight over the token', () => {
    /** So many tokens in a row, each refused as soon as a 401 ends it. */
    async function refused(times: number, setup = setUp()) {
      for (let nth = 0; nth < times; nth += 1) {
        const token = setup.keeper.get();
        await setup.gateway.answer(setup.gateway.calls.length, `T${nth}`);
        const { value } = await token;
        setup.clock.advance(TRUSTED_MS);
        setup.keeper.reject(value);
      }
      return setup;
    }

    it('is told once, and renewals wait for the pause', async () => {
      const { keeper, gateway, clock, events } = await refused(4);
      expect(events.filter((event) => event === 'contested')).toHaveLength(1);
      expect(keeper.status()).toMatchObject({ isContested: true, rejections: 4, requests: 4 });
      await expect(keeper.get()).rejects.toThrow('contested');
      clock.advance(999);
      await expect(keeper.get()).rejects.toThrow('contested');
      expect(gateway.calls).toHaveLength(4);
      clock.advance(1_000);
      const renewed = keeper.get();
      await gateway.answer(4, 'good');
      expect((await renewed).value).toBe('good');
    });

    it('is one also where it was found in the store', async () => {
      const setup = await primed();
      const found = setup.create();
      await found.get();
      found.reject('A');
      await settled();
      await refused(3, { ...setup, keeper: found });
      expect(found.status().isContested).toBe(true);
    });

    it('is none when it was the request that was wrong', async () => {
      const setup = setUp();
      for (let nth = 0; nth < 8; nth += 1) {
        await refused(1, setup);
        setup.keeper.excuseRejection();
      }
      expect(setup.keeper.status()).toMatchObject({ isContested: false, rejections: 8 });
      expect(setup.events).not.toContain('contested');
    });

    it('is forgiven when the replicas agree again: no pause, no blame', async () => {
      const { keeper, gateway } = await refused(4);
      keeper.forgiveRejections();
      expect(keeper.status().isContested).toBe(false);
      const renewed = keeper.get();
      await gateway.answer(4, 'good');
      expect((await renewed).value).toBe('good');
    });
  });

  describe('token requests are paced', () => {
    /** Tokens at once, without a hand in between. */
    const issuing = () => {
      let issued = 0;
      return {
        issued: () => issued,
        source: (loops: number): TokenSource => ({
          rejected: () => undefined,
          obtain: async (context) => {
            let last: IssuedAccessToken | undefined;
            for (let nth = 0; nth < loops; nth += 1) last = await context.request();
            const { value, lifetimeMs } = last ?? { value: '', lifetimeMs: 0 };
            const token = { value, obtainedAt: 0, expiresAt: lifetimeMs };
            return { token, lifetimeMs, remainingMs: lifetimeMs, generation: 0, isPublished: true };
          },
        }),
        request: (lifetimeMs: number) => () => Promise.resolve({ value: `T${(issued += 1)}`, lifetimeMs }),
      };
    };

    it.each<[why: string, lifetimeMs: number, loops: number]>([
      ['the store takes no token', HOUR, 500],
      ['tokens are over when they come', 1, 1],
    ])('to ten, and one every five seconds, where %s', async (_why, lifetimeMs, loops) => {
      const gateway = issuing();
      const setup = setUp({}, undefined, gateway.source(loops));
      setup.gateway.request = gateway.request(lifetimeMs);
      const keeper = setup.create();
      for (let ms = 0; ms < 60_000; ms += 100) {
        await keeper.get().catch(() => undefined);
        setup.clock.advance(100);
      }
      expect(gateway.issued()).toBeGreaterThanOrEqual(10);
      expect(gateway.issued()).toBeLessThanOrEqual(10 + 60 / 5);
      expect(keeper.status().requests).toBe(gateway.issued());
    });

    it('however many requests are refused with any token: those that are not go on', async () => {
      const gateway = issuing();
      const setup = setUp({}, undefined, gateway.source(1));
      setup.gateway.request = gateway.request(HOUR);
      const keeper = setup.create();
      const replays: boolean[] = [];
      for (let ms = 0; ms < 60_000; ms += 100) {
        // A request that is always refused, and its replay.
        const isRejected = keeper.reject((await keeper.get()).value);
        replays.push(isRejected && keeper.reject((await keeper.get()).value));
        if (isRejected) keeper.excuseRejection();
        setup.clock.advance(100);
      }
      expect(gateway.issued()).toBeLessThanOrEqual(10 + 60 / 5);
      expect(replays).not.toContain(true);
      expect(keeper.status()).toMatchObject({ state: 'valid', isContested: false });
    });

    it('says when the next may be sent, and sends it then', async () => {
      const gateway = issuing();
      const setup = setUp({}, undefined, gateway.source(11));
      setup.gateway.request = gateway.request(HOUR);
      const keeper = setup.create();
      await expect(keeper.get()).rejects.toThrow('paced for 5000 ms');
      expect(setup.events.at(-1)).toBe('failed, retry in 5000');
      setup.clock.advance(4_999);
      await expect(keeper.get()).rejects.toThrow('paced for 5000 ms');
      expect(gateway.issued()).toBe(10);
      setup.clock.advance(1);
      // Waiting is no failure: the pause does not grow.
      await expect(keeper.get()).rejects.toThrow('paced for 5000 ms');
      expect(gateway.issued()).toBe(11);
      expect(setup.events.at(-1)).toBe('failed, retry in 5000');
    });

    it('after a failure, for a random part of the pause', async () => {
      const { keeper, gateway, clock, events } = setUp({}, undefined, undefined, { randomByte: 0x40 });
      const failing = keeper.get().catch(() => undefined);
      await gateway.fail(0, new Error('boom'));
      await failing;
      expect(events).toEqual(['failed, retry in 126']);
      clock.advance(126);
      void keeper.get().catch(() => undefined);
      await settled();
      expect(gateway.calls).toHaveLength(2);
    });

    it("after a failure, as long as the gateway's Retry-After wants", async () => {
      const { keeper, gateway, clock, events } = setUp();
      const failing = keeper.get().catch(() => undefined);
      const exchange = { status: 429, retryAfterSeconds: 20 };
      await gateway.fail(0, new PaymentAuthError('busy', { code: 'ERR_ACCESS_TOKEN_REQUEST', exchange }));
      await failing;
      expect(events).toEqual(['failed, retry in 20000']);
      clock.advance(19_999);
      await expect(keeper.get()).rejects.toThrow('busy');
      clock.advance(1);
      void keeper.get().catch(() => undefined);
      await settled();
      expect(gateway.calls).toHaveLength(2);
    });
  });

  describe('a 401 alone', () => {
    it('ends no token that has just replaced a refused one, for a second', async () => {
      const { keeper, gateway, clock, events } = await primed();
      expect(keeper.reject('A')).toBe(true);
      const renewed = keeper.get();
      await gateway.answer(1, 'B');
      await renewed;
      expect(keeper.reject('B')).toBe(false);
      clock.advance(999);
      expect(keeper.reject('B')).toBe(false);
      expect(keeper.peek()?.value).toBe('B');
      clock.advance(1);
      expect(keeper.reject('B')).toBe(true);
      expect(events.filter((event) => event === 'rejected')).toHaveLength(2);
    });

    it('ends no token while no other can be asked for', async () => {
      const { keeper, gateway, clock } = await primed();
      clock.advance(HOUR - 60_000);
      keeper.peek();
      await gateway.fail(1, new Error('gateway away'));
      expect(keeper.reject('A')).toBe(false);
      expect((await keeper.get()).value).toBe('A');
      clock.advance(500);
      expect(keeper.reject('A')).toBe(true);
    });
  });

  describe('with other replicas', () => {
    const tokenOf = (clock: FakeClock, value: string, generation: number, more: Partial<ObtainedToken> = {}) => {
      const obtainedAt = clock.now();
      const token = { value, obtainedAt, expiresAt: obtainedAt + HOUR };
      return { token, lifetimeMs: HOUR, remainingMs: HOUR, generation, isPublished: true, ...more };
    };

    function shared(policy: Partial<AccessTokenKeeperInit['policy']> = {}) {
      const asked: ObtainContext[] = [];
      const rejected: ObtainedToken[] = [];
      const answers: ((token: ObtainedToken | Error) => void)[] = [];
      const source: TokenSource = {
        rejected: (token) => void rejected.push(token),
        obtain: (context) => {
          asked.push(context);
          return new Promise((resolve, reject) =>
            answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
          );
        },
      };
      const setup = setUp(policy, undefined, source);
      /** The keeper's own judgement of what is found in the store. */
      const accepts = (found: ObtainedToken): boolean => {
        if (asked.length === 0) void setup.keeper.get().catch(() => undefined);
        return asked[0]?.accepts(found) === true;
      };
      return { ...setup, asked, rejected, answers, accepts };
    }

    it('takes the newer token of another one, and no older one, nor one of the same generation', () => {
      const { keeper, clock } = shared();
      keeper.offer(tokenOf(clock, 'A', 5));
      expect(keeper.peek()?.value).toBe('A');
      keeper.offer(tokenOf(clock, 'older', 4));
      keeper.offer(tokenOf(clock, 'same', 5));
      expect(keeper.peek()?.value).toBe('A');
      keeper.offer(tokenOf(clock, 'B', 6));
      expect(keeper.peek()?.value).toBe('B');
      expect(keeper.status()).toMatchObject({ state: 'valid', generation: 6, requests: 0 });
    });

    it('keeps a token that replaced a good one early, as after a 401 at another replica, in spite of a 401', () => {
      const { keeper, clock } = shared();
      keeper.offer(tokenOf(clock, 'A', 5));
      keeper.offer(tokenOf(clock, 'B', 6));
      expect(keeper.reject('B')).toBe(false);
      clock.advance(3_000);
      // The same token, published meanwhile, is no other one.
      keeper.offer(tokenOf(clock, 'B', 7));
      expect(keeper.reject('B')).toBe(true);
    });

    it('takes none of no generation, nor one it knows to be refused, nor one whose renewal is due', () => {
      const { keeper, clock, rejected } = shared();
      keeper.offer(tokenOf(clock, 'none', 0));
      keeper.offer(tokenOf(clock, 'due', 1, { remainingMs: 60_000 }));
      expect(keeper.peek()).toBeUndefined();
      keeper.offer(tokenOf(clock, 'A', 2));
      keeper.reject('A');
      keeper.offer(tokenOf(clock, 'A', 3));
      expect(keeper.peek()).toBeUndefined();
      expect(rejected).toMatchObject([{ token: { value: 'A' }, generation: 2 }]);
    });

    it('remembers the last sixteen that were refused', () => {
      const { keeper, clock } = shared();
      for (let nth = 1; nth <= 16; nth += 1) {
        keeper.offer(tokenOf(clock, `T${nth}`, nth));
        clock.advance(TRUSTED_MS);
        expect(keeper.reject(`T${nth}`)).toBe(true);
      }
      for (let nth = 1; nth <= 16; nth += 1) keeper.offer(tokenOf(clock, `T${nth}`, 100 + nth));
      expect(keeper.peek()).toBeUndefined();
    });

    it('counts no refusal of a token that the others did not know of', () => {
      const { keeper, clock, events } = shared();
      for (let nth = 1; nth <= 10; nth += 1) {
        keeper.offer(tokenOf(clock, `T${nth}`, nth, { isPublished: false }));
        clock.advance(TRUSTED_MS);
        keeper.reject(`T${nth}`);
      }
      expect(keeper.status()).toMatchObject({ isContested: false, rejections: 10 });
      expect(events).not.toContain('contested');
    });

    it('keeps the token it asked for when the newer one that was offered meanwhile has ended', async () => {
      const { keeper, clock, answers } = shared();
      const waiting = keeper.get();
      await settled();
      keeper.offer(tokenOf(clock, 'newer', 9));
      clock.advance(HOUR);
      answers[0]?.(tokenOf(clock, 'older', 8));
      expect((await waiting).value).toBe('older');
      expect(keeper.peek()?.value).toBe('older');
    });

    it('tells its source whether a new token ends the one before', async () => {
      for (const renewal of ['late', 'early'] as const) {
        const { keeper, asked } = shared({ renewal });
        void keeper.get().catch(() => undefined);
        await settled();
        expect(asked[0]?.endsPrevious).toBe(renewal === 'late');
      }
    });

    describe('a token about to be ended by its successor', () => {
      it('is handed out no more, and not taken up again from the store in that time', () => {
        const { keeper, clock, accepts } = shared();
        const token = tokenOf(clock, 'A', 5);
        keeper.offer(token);
        keeper.retire(5, 15_000);
        expect(keeper.peek()).toBeUndefined();
        expect(keeper.status().state).toBe('none');
        expect(accepts(token)).toBe(false);
        expect(accepts(tokenOf(clock, 'B', 6))).toBe(true);
        clock.advance(14_999);
        expect(accepts(token)).toBe(false);
        // Who was to renew it has given up.
        clock.advance(1);
        expect(accepts(token)).toBe(true);
      });

      it('is none where another one is in hand, or none', () => {
        const { keeper, clock } = shared();
        expect(() => keeper.retire(5, 15_000)).not.toThrow();
        expect(keeper.peek()).toBeUndefined();
        keeper.offer(tokenOf(clock, 'B', 6));
        keeper.retire(5, 15_000);
        expect(keeper.peek()?.value).toBe('B');
      });

      it('is handed out after all when no successor can be had', async () => {
        const { keeper, clock, answers } = shared();
        keeper.offer(tokenOf(clock, 'A', 5));
        keeper.retire(5, 15_000);
        const waiting = keeper.get();
        await settled();
        answers[0]?.(new Error('gateway away'));
        expect((await waiting).value).toBe('A');
      });
    });

    it('lets go of a token that nobody else knows of, and of no other', () => {
      const { keeper, clock } = shared();
      expect(() => keeper.drop('A')).not.toThrow();
      keeper.offer(tokenOf(clock, 'A', 5));
      keeper.drop('B');
      expect(keeper.peek()?.value).toBe('A');
      keeper.drop('A');
      expect(keeper.peek()).toBeUndefined();
      expect(keeper.status()).toMatchObject({ state: 'none', rejections: 0 });
    });

    it('gives others what is left of its token, and nothing of one that is over', () => {
      const { keeper, clock } = shared();
      expect(keeper.current()).toBeUndefined();
      const token = tokenOf(clock, 'A', 5, { isPublished: false });
      keeper.offer(token);
      clock.advance(1_000);
      expect(keeper.current()).toEqual({ ...token, remainingMs: HOUR - 1_000 });
      clock.advance(HOUR - 3_000);
      expect(keeper.current()).toBeUndefined();
    });
  });
});
