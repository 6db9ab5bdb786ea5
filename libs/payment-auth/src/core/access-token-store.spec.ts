import { Logger } from '@nestjs/common';
import { inspect } from 'node:util';
import { AccessTokenStore } from './access-token-store';
import { type StoredAccessToken } from './stored-access-token';

const token = (lifetimeMs: number, value = 'T'): StoredAccessToken => ({
  value,
  obtainedAt: 1,
  expiresAt: 2,
  lifetimeMs,
});

function setUp(found?: unknown) {
  const cache = {
    get: jest.fn((_key: string) => Promise.resolve(found)),
    set: jest.fn((_key: string, value: unknown, _ttl?: number) => Promise.resolve(value)),
    del: jest.fn((_key: string) => Promise.resolve(true)),
  };
  return { cache, store: new AccessTokenStore(cache as never, 50) };
}

describe('AccessTokenStore', () => {
  it('writes a whole number of milliseconds as TTL: cache-manager loses a write with any other', async () => {
    const { cache, store } = setUp();
    await store.write('k', token(1_500.7));
    expect(cache.set).toHaveBeenCalledWith('payment-auth:access-token:k', token(1_500.7), 1_500);
  });

  it.each([0, 0.9, -1, Number.NaN, Infinity])(
    'writes nothing for a life of %p ms, which a cache takes for for ever',
    async (life) => {
      const { cache, store } = setUp();
      await store.write('k', token(life));
      expect(cache.set).not.toHaveBeenCalled();
    },
  );

  it('removes a token only while it is the one meant', async () => {
    const { cache, store } = setUp(token(1_000, 'newer'));
    await store.remove('k', 'older');
    expect(cache.del).not.toHaveBeenCalled();
    await store.remove('k', 'newer');
    expect(cache.del).toHaveBeenCalledTimes(1);
  });

  it.each([
    undefined,
    null,
    'text',
    7,
    {},
    { ...token(1), value: '' },
    { ...token(1), value: 'a\r\nb' },
    { ...token(1), expiresAt: 'soon' },
    token(0),
    token(-1),
    token(9e99),
    token(31 * 86_400_000 + 1),
  ])('takes %j for no token', async (found) => {
    expect(await setUp(found).store.read('k')).toBeUndefined();
  });

  it('takes a token of the longest life there is', async () => {
    const found = token(31 * 86_400_000);
    expect(await setUp(found).store.read('k')).toEqual(found);
  });

  it('reads, writes and removes under one key, its own', async () => {
    const { cache, store } = setUp(token(1_000));
    await store.write('k', token(1_000));
    await store.read('k');
    await store.remove('k', 'T');
    const keys = [...cache.set.mock.calls, ...cache.get.mock.calls, ...cache.del.mock.calls].map(([key]) => key);
    expect(new Set(keys)).toEqual(new Set(['payment-auth:access-token:k']));
  });

  it('shows nothing of the cache it is given, where tokens in memory stand in clear', () => {
    const cache = Object.assign(setUp().cache, { tokens: ['the-token'] });
    const store = new AccessTokenStore(cache as never, 50);
    expect(inspect({ cache }, { depth: Infinity, showHidden: true })).toBe('{ cache: [cache of access tokens] }');
    expect(JSON.stringify(cache)).toBe('"[cache of access tokens]"');
    expect(inspect(store, { depth: Infinity, showHidden: true })).not.toContain('the-token');
  });

  it('removes nothing where nothing is', async () => {
    const { cache, store } = setUp();
    await expect(store.remove('k', 'T')).resolves.toBeUndefined();
    expect(cache.del).not.toHaveBeenCalled();
  });

  describe('that fails', () => {
    const warn = jest.fn();
    const log = jest.fn();

    beforeEach(() => {
      jest.spyOn(Logger.prototype, 'warn').mockImplementation(warn);
      jest.spyOn(Logger.prototype, 'log').mockImplementation(log);
    });
    afterEach(() => {
      jest.restoreAllMocks();
      warn.mockReset();
      log.mockReset();
    });

    it('is told apart from an empty one, and says so once', async () => {
      const { cache, store } = setUp();
      cache.get.mockRejectedValue(new Error('down'));
      expect([await store.read('k'), await store.read('k')]).toEqual([undefined, undefined]);
      expect(store.isReachable).toBe(false);
      expect(warn).toHaveBeenCalledTimes(1);
    });

    it.each<[what: string, call: (store: AccessTokenStore) => Promise<unknown>]>([
      ['read', (store) => store.read('k')],
      ['write', (store) => store.write('k', token(1_000))],
      ['delete', (store) => store.remove('k', 'T')],
    ])('says what it failed to do, and why: %s', async (what, call) => {
      const { cache, store } = setUp(token(1_000));
      if (what === 'read') cache.get.mockRejectedValue(new Error('down'));
      cache.set.mockRejectedValue(new Error('down'));
      cache.del.mockRejectedValue(new Error('down'));
      await call(store);
      expect(warn.mock.calls).toEqual([[expect.stringContaining(`failed to ${what} (down);`)]]);
    });

    it('with something else than an error, shows nothing of it', async () => {
      const { cache, store } = setUp();
      cache.get.mockRejectedValue({ password: 'of the store' });
      await store.read('k');
      expect(warn.mock.calls).toEqual([[expect.stringContaining('failed to read (unknown error);')]]);
    });

    it('says when it answers again, and nothing while it does', async () => {
      const { cache, store } = setUp();
      await store.read('k');
      cache.get.mockRejectedValueOnce(new Error('down'));
      await store.read('k');
      expect(log).not.toHaveBeenCalled();
      await store.read('k');
      await store.read('k');
      expect(store.isReachable).toBe(true);
      expect(log.mock.calls).toEqual([['The token store answers again.']]);
      expect(warn).toHaveBeenCalledTimes(1);
    });

    it('by saying nothing is given up at its deadline, and holds up no process once it has answered', async () => {
      jest.useFakeTimers();
      const { cache, store } = setUp(token(1_000));
      await store.read('k');
      expect(jest.getTimerCount()).toBe(0);
      cache.get.mockReturnValue(new Promise(() => undefined));
      const read = jest.fn();
      void store.read('k').then(read);
      await jest.advanceTimersByTimeAsync(49);
      expect(read).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
      expect(read).toHaveBeenCalledWith(undefined);
      expect(warn.mock.calls).toEqual([[expect.stringContaining('no answer within 50 ms')]]);
      jest.useRealTimers();
    });
  });
});
