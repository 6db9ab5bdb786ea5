import { Controller, type INestApplication, Logger, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createClient } from '@redis/client';
import {
  MemoryReplayStore,
  NotificationReplays,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  RedisReplayStore,
  type ReplayStore,
  VerifiedNotification,
  type VerifiedNotificationEvent,
} from 'nestjs-payment-auth';
import { RedisServer } from '../replicas/redis-server';
import { describeWith } from '../support/describe-with';
import { ManualClock } from '../support/manual-clock';
import { REDIS } from '../support/needed-program';

const HOLD_MS = 60_000;

/** What every store must do, for each process that shares it. */
function itIsAReplayStore(open: () => readonly [ReplayStore, ReplayStore]): void {
  let one: ReplayStore;
  let other: ReplayStore;

  beforeEach(() => {
    [one, other] = open();
  });

  it('gives a claim to one of any number of copies', async () => {
    const claims = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? one : other).claim('copies', `delivery ${index}`, HOLD_MS),
      ),
    );
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'in-progress')).toHaveLength(99);
  });

  it('tells handled ones from those that are being handled', async () => {
    await one.claim('handled', 'one', HOLD_MS);
    await one.complete('handled', HOLD_MS);
    await expect(other.claim('handled', 'other', HOLD_MS)).resolves.toBe('done');
  });

  it('gives a released one to the next, and each key its own', async () => {
    await one.claim('released', 'one', HOLD_MS);
    await one.release('released', 'one');
    await expect(other.claim('released', 'other', HOLD_MS)).resolves.toBe('claimed');
    await expect(other.claim('another', 'other', HOLD_MS)).resolves.toBe('claimed');
  });

  it('takes a claim from its owner only, and never what tells that it was handled', async () => {
    await other.claim('kept', 'other', HOLD_MS);
    await one.release('kept', 'one');
    await expect(one.claim('kept', 'one', HOLD_MS)).resolves.toBe('in-progress');
    await other.complete('kept', HOLD_MS);
    await other.release('kept', 'other');
    await expect(one.claim('kept', 'one', HOLD_MS)).resolves.toBe('done');
  });

  it('gives a claim again to who has it: a client may ask twice when it missed the answer', async () => {
    await one.claim('asked twice', 'one', HOLD_MS);
    await expect(one.claim('asked twice', 'one', HOLD_MS)).resolves.toBe('claimed');
  });
}

describe('MemoryReplayStore', () => {
  itIsAReplayStore(() => {
    const store = new MemoryReplayStore(new ManualClock());
    return [store, store];
  });
});

describeWith(REDIS, 'RedisReplayStore', () => {
  let server: RedisServer;
  let clients: ReturnType<typeof createClient>[];

  beforeAll(async () => {
    server = await RedisServer.start();
    clients = [createClient({ url: server.url }), createClient({ url: server.url })];
    await Promise.all(clients.map((client) => client.connect()));
  });

  beforeEach(() => clients[0]?.flushDb());

  afterAll(async () => {
    clients.forEach((client) => client.destroy());
    await server.stop();
  });

  const stores = (): readonly [RedisReplayStore, RedisReplayStore] => {
    const [first, second] = clients.map((client) => new RedisReplayStore(client));
    if (first === undefined || second === undefined) throw new Error('not connected');
    return [first, second];
  };

  itIsAReplayStore(stores);

  it('keeps claims and handled ones for as long as it is told, and nothing but a hash of the key', async () => {
    const [store] = stores();
    const key = '{"gateway":"placetopay","signature":"cafe"}';
    await store.claim(key, 'one', HOLD_MS);
    const names = (await clients[0]?.keys('*')) ?? [];
    expect(names).toEqual([expect.stringMatching(/^payment-auth:notification:[\w-]{43}$/)]);
    const lifeOf = async (): Promise<number> => Number(await clients[0]?.pTTL(names[0] ?? ''));
    expect(await lifeOf()).toBeGreaterThan(HOLD_MS - 10_000);
    expect(await lifeOf()).toBeLessThanOrEqual(HOLD_MS);
    await store.complete(key, 10 * HOLD_MS);
    expect(await lifeOf()).toBeGreaterThan(9 * HOLD_MS);
  });
});

describe('replicas that must refuse copies', () => {
  @Controller()
  class MicrositeController {
    @Post()
    @VerifiedNotification('placetopay', 'microsite-auth')
    microsite(): void {}
  }

  const apps: INestApplication[] = [];
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(Logger.prototype, 'log').mockImplementation();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    jest.restoreAllMocks();
  });

  async function start(more: Partial<PaymentAuthModuleOptions>): Promise<INestApplication> {
    const placetopay = { environment: 'test', login: 'shop', secretKey: 'site-secret-key' } as const;
    const module = await Test.createTestingModule({
      imports: [PaymentAuthModule.forRoot({ isGlobal: true, placetopay, ...more })],
      controllers: [MicrositeController],
    }).compile();
    const app = module.createNestApplication({ rawBody: true });
    apps.push(app);
    return app.init();
  }

  it.each<[what: string, notifications: PaymentAuthModuleOptions['notifications']]>([
    ['no store', undefined],
    ['a store of one process', { replayStore: new MemoryReplayStore(new ManualClock()) }],
  ])('do not start with %s: each would accept one', async (_what, notifications) => {
    await expect(start({ replicas: 16, ...(notifications && { notifications }) })).rejects.toMatchObject({
      code: 'ERR_PAYMENT_AUTH_CONFIG',
      option: 'notifications.replayStore',
      message: expect.stringMatching(/16 replicas.*placetopay microsite-auth.*tokenSharing/) as string,
    });
  });

  it('start with a store of their own, and one alone without', async () => {
    const replayStore = new RedisReplayStore({ eval: () => Promise.resolve('claimed') });
    await expect(start({ replicas: 16, notifications: { replayStore } })).resolves.toBeDefined();
    await expect(start({ replicas: 1 })).resolves.toBeDefined();
  });

  describeWith(REDIS, 'and share tokens', () => {
    let server: RedisServer;
    beforeAll(async () => void (server = await RedisServer.start()));
    afterAll(() => server.stop());

    it('share that Redis for it', async () => {
      const sharing = { replicas: 2, tokenSharing: { redisUrl: server.url, keyPrefix: 'app:' } };
      const replicas = [await start(sharing), await start(sharing)].map((app) => app.get(NotificationReplays));
      const scheme = { onReplay: 'refuse', replayWindowMs: HOLD_MS, acknowledgement: undefined } as const;
      const event = { gateway: 'placetopay', scheme: 'microsite-auth', replayKey: 'one' } as VerifiedNotificationEvent;
      const handle = jest.fn(() => Promise.resolve('handled'));
      const outcomes = await Promise.allSettled(replicas.map((replica) => replica.handleOnce(scheme, event, handle)));
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(handle).toHaveBeenCalledTimes(1);
      const client = createClient({ url: server.url });
      await client.connect();
      expect(await client.keys('app:notification:*')).toHaveLength(1);
      client.destroy();
    });
  });
});
