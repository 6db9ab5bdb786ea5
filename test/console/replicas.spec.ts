import { createClient } from '@redis/client';
import { type Replicas } from '../../apps/demo/src/console/contract';
import { Demo, ENCRYPTION_KEYS, NETZME, startSimulator, stopAll } from '../e2e/demo-app';
import { DemoProcess } from '../e2e/demo-process';
import { RedisServer } from '../replicas/redis-server';
import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import { until } from '../support/wait';
import { ConsoleClient } from './console-client';
import { EventClient } from './event-client';

async function replicasOf(demo: Demo): Promise<Replicas> {
  return (await new ConsoleClient(demo).get<Replicas>('/replicas')).body;
}

describe('GET /replicas', () => {
  afterEach(stopAll);

  it('knows of nobody but this process where nothing is shared', async () => {
    const demo = await Demo.start();
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    const { isShared, self, replicas } = await replicasOf(demo);
    expect(isShared).toBe(false);
    expect(replicas).toMatchObject([
      {
        id: self,
        pid: process.pid,
        tokens: [
          { gateway: 'alignet', holdsLease: false },
          { gateway: 'netzme', holdsLease: false, expiresAt: expect.any(String) as string },
        ],
      },
    ]);
  });
});

describeWith(REDIS, 'GET /replicas, tokens shared through Redis', () => {
  let redis: RedisServer;

  beforeAll(async () => (redis = await RedisServer.start()));
  afterEach(async () => {
    await stopAll();
    await redis.restart();
  });
  afterAll(() => redis.stop());

  const environmentFor = (gatewayUrl: string) => ({
    PAYMENT_ENV: 'test',
    NETZME_CLIENT_ID: NETZME.clientId,
    NETZME_CLIENT_SECRET: NETZME.clientSecret,
    NETZME_BASE_URL: gatewayUrl,
    REDIS_URL: redis.url,
    TOKEN_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
    REPLICAS: '2',
  });

  async function startTwo(): Promise<[Demo, Demo]> {
    const { urls } = await startSimulator();
    const environment = environmentFor(urls.netzme);
    return [await Demo.start({ environment }), await Demo.start({ environment })];
  }

  const useToken = async (demo: Demo): Promise<void> => {
    expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
  };
  const netzmeTokens = ({ replicas }: Replicas) => replicas.map(({ tokens }) => tokens[0]);

  it('both, the oldest first, the same token in both, and which of them asked for it', async () => {
    const [first, second] = await startTwo();
    await useToken(second);
    await useToken(first);
    const own = (await replicasOf(first)).self;
    const other = (await replicasOf(second)).self;
    let told = await replicasOf(first);
    await until('each knows the other and its token', async () => {
      told = await replicasOf(first);
      return netzmeTokens(told).filter((token) => token?.generation !== undefined).length === 2;
    });
    expect(told).toMatchObject({ isShared: true, self: own });
    expect(told.replicas.map(({ id }) => id)).toEqual([own, other]);
    const [mine, theirs] = netzmeTokens(told);
    expect(mine?.generation).toBe(theirs?.generation);
    expect([mine?.holdsLease, theirs?.holdsLease]).toEqual([false, true]);
  });

  it('one that is killed without a word is told of for a minute', async () => {
    const { urls } = await startSimulator();
    const environment = { ...environmentFor(urls.netzme), PORT: '0', LOG_LEVEL: 'warn' };
    const killed = new DemoProcess(environment);
    const client = createClient({ url: redis.url });
    try {
      const staying = await Demo.start({ environment });
      const othersOf = async () => (await replicasOf(staying)).replicas.filter(({ pid }) => pid !== process.pid);
      await until('it has told of itself', async () => (await othersOf()).length === 1);
      await killed.end('SIGKILL');
      const [other] = await othersOf();
      const key = `payment-auth:console:replica:${other?.id}`;
      await client.connect();
      const leftMs = await client.pTTL(key);
      expect(leftMs).toBeGreaterThan(40_000);
      expect(leftMs).toBeLessThanOrEqual(60_000);
      // As if that time were over.
      await client.pExpire(key, leftMs - 60_000);
      expect(await othersOf()).toEqual([]);
      expect(await client.zScore('payment-auth:console:replicas', String(other?.id))).toBeNull();
    } finally {
      killed.kill();
      client.destroy();
    }
  });

  it('one that ends is gone, and one that is alone when Redis is away still knows itself', async () => {
    const [first, second] = await startTwo();
    await until('they know each other', async () => (await replicasOf(first)).replicas.length === 2);
    const events = await EventClient.open(first);
    await events.next('replicas', ({ replicas }) => replicas.length === 2);
    await second.app.close();
    await until('it is gone', async () => (await replicasOf(first)).replicas.length === 1);
    events.close();
    await redis.kill();
    expect(await replicasOf(first)).toMatchObject({ isShared: true, replicas: [{ pid: process.pid }] });
  });
});
