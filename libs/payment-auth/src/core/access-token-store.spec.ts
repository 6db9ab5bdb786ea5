import { Logger } from '@nestjs/common';
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
    get: jest.fn(() => Promise.resolve(found)),
    set: jest.fn((_key: string, value: unknown, _ttl?: number) => Promise.resolve(value)),
    del: jest.fn(() => Promise.resolve(true)),
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

  it('is told apart from an empty one when it fails, and says so once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const { cache, store } = setUp();
    cache.get.mockRejectedValue(new Error('down'));
    expect([await store.read('k'), await store.read('k')]).toEqual([undefined, undefined]);
    expect(store.isReachable).toBe(false);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
