import * as redisClient from '@redis/client';
import { SYSTEM_CLOCK } from '../clock';
import { MemoryRedis, type MemoryRedisClient } from '../../../../../test/support/memory-redis';
import { openTokenSharing } from './open-token-sharing';

interface ClientOptions {
  readonly url: string;
  readonly disableOfflineQueue: boolean;
  readonly socket: { readonly connectTimeout: number; readonly reconnectStrategy: (retries: number) => number };
}

const SETTINGS = { prefix: 'p:', storeTimeoutMs: 250, leaseMs: undefined, drainMs: 0, encryptionKeys: [] };

describe('openTokenSharing', () => {
  let opened: MemoryRedisClient;
  let createClient: jest.SpyInstance;

  beforeEach(() => {
    opened = new MemoryRedis().client({ isOpen: false });
    createClient = jest.spyOn(redisClient, 'createClient').mockReturnValue(opened as never);
  });
  afterEach(() => jest.restoreAllMocks());

  it("takes the user's client, opens no other, and leaves it open", () => {
    const client = new MemoryRedis().client();
    openTokenSharing({ connection: { client }, ...SETTINGS }, SYSTEM_CLOCK).close();
    expect(createClient).not.toHaveBeenCalled();
    expect(client.subscriber).toBeDefined();
    expect(client.destroys).toBe(0);
  });

  describe('with a URL', () => {
    const open = (): ClientOptions => {
      openTokenSharing({ connection: { redisUrl: 'redis://r:1' }, ...SETTINGS }, SYSTEM_CLOCK).close();
      const [[options] = []] = createClient.mock.calls as [ClientOptions][];
      if (options === undefined) throw new Error('no client');
      return options;
    };

    it('opens a client of its own and ends it', () => {
      expect(open().url).toBe('redis://r:1');
      expect([opened.connects, opened.destroys]).toEqual([1, 1]);
    });

    it('has calls fail at once while there is no connection, and an attempt to connect end in two seconds', () => {
      expect(open()).toMatchObject({ disableOfflineQueue: true, socket: { connectTimeout: 2_000 } });
    });

    it('tries again soon, then less often, and twice a second for as long as it takes', () => {
      const { reconnectStrategy } = open().socket;
      expect([0, 1, 8, 9, 10, 100_000].map(reconnectStrategy)).toEqual([50, 100, 450, 500, 500, 500]);
    });
  });
});
