import { type Overview } from '../../apps/demo/src/console/contract';
import { Demo, NETZME, stopAll } from '../e2e/demo-app';
import { RedisServer } from '../replicas/redis-server';
import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import { until } from '../support/wait';
import { ConsoleClient } from './console-client';

describeWith(REDIS, 'the store in the overview, tokens shared through Redis', () => {
  let redis: RedisServer;

  beforeAll(async () => (redis = await RedisServer.start()));
  afterEach(stopAll);
  afterAll(() => redis.stop());

  it('is away when Redis is, and back when Redis is, though nobody asks for a token', async () => {
    const demo = await Demo.start({ environment: { REDIS_URL: redis.url, REPLICAS: '2' } });
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    const state = async () => (await new ConsoleClient(demo).get<Overview>('/overview')).body.store.state;
    expect(await state()).toBe('ok');
    await redis.kill();
    await until('it is away', async () => (await state()) === 'away');
    await redis.restart();
    await until('it is back', async () => (await state()) === 'ok');
    expect(demo.simulator.counters().netzme.tokensIssued).toBe(1);
  });
});
