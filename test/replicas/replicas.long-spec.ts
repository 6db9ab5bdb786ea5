import { randomUUID } from 'node:crypto';
import { CLIENT, ENCRYPTION_KEYS, Farm, type Replica, type Simulator } from './farm';
import { type Outcome, type Strategy, toTable } from './measurement';
import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import { settled } from '../support/wait';
import { openStore, RedisServer } from './redis-server';
import { type Lane, run } from './run';
import { scenarios, shortcomings } from './scenarios';

// `npm run bench:replicas` without its times: real processes, a real Redis, the gateways in a process of their own.

const ALL = scenarios({ lives: 3, outageLives: 1 });
const named = (...names: readonly string[]) => ALL.filter(({ name }) => names.includes(name));
const REDIS_FAULTS = ALL.filter(({ name }) => name.startsWith('redis-'));
const OTHERS = ALL.filter((scenario) => !REDIS_FAULTS.includes(scenario));
const USUAL = named('cold-start', 'steady', 'rotation', 'token-stolen');
const ALONE = named('cold-start', 'rotation', 'redis-restarted', 'redis-frozen-at-start');
const FOUR = named('rotation', 'leader-killed', 'leader-paused', 'redis-restarted', 'redis-refused', 'token-stolen');

/** Played one after the other: how busy the replicas are with each other is no part of what is tested. */
const TRACKS: readonly (readonly Lane[])[] = [
  [{ strategy: 'shared', replicas: 2, scenarios: OTHERS }],
  [{ strategy: 'shared', replicas: 2, scenarios: REDIS_FAULTS }],
  [{ strategy: 'shared', replicas: 4, scenarios: FOUR }],
  [
    { strategy: 'per-process', replicas: 2, scenarios: USUAL },
    { strategy: 'per-process', replicas: 4, scenarios: named('rotation') },
    { strategy: 'shared', replicas: 1, scenarios: ALONE },
  ],
];
const MANY: readonly (readonly Lane[])[] = (['shared', 'per-process'] as const).map((strategy) => [
  { strategy, replicas: 8, scenarios: named('cold-start') },
]);

const played = (strategy: Strategy) =>
  [...TRACKS, ...MANY]
    .flat()
    .filter((lane) => lane.strategy === strategy)
    .flatMap(({ replicas, scenarios: list }) =>
      list.filter(({ fewestReplicas = 1 }) => fewestReplicas <= replicas).map((scenario) => ({ scenario, replicas })),
    );
const rows = (strategy: Strategy) =>
  played(strategy).map(({ scenario, replicas }) => [scenario.name, replicas, scenario] as const);

const SIGNED_REQUESTS = 10_000;

describeWith(REDIS, 'several replicas', () => {
  const farm = new Farm();

  afterAll(() => farm.end());

  describe('one token for all of them', () => {
    const outcomes: Outcome[] = [];

    const outcome = (strategy: Strategy, scenario: string, replicas: number): Outcome => {
      const found = outcomes.find(
        (each) => each.strategy === strategy && each.scenario === scenario && each.replicas === replicas,
      );
      if (found === undefined) throw new Error(`${scenario} with ${replicas} replicas (${strategy}) was not played`);
      return found;
    };

    beforeAll(async () => {
      for (const track of [...TRACKS, ...MANY]) outcomes.push(...(await run(farm, [track])));
      process.stdout.write(`\n${toTable(outcomes)}\n`);
    });

    it.each(rows('shared'))('%s, R = %i', (name, replicas, scenario) => {
      expect(shortcomings(outcome('shared', name, replicas), scenario)).toEqual([]);
    });

    it.each(rows('per-process').filter(([, replicas]) => replicas > 1))(
      '%s, R = %i: worse without sharing',
      (name, replicas) => {
        const usual = outcome('per-process', name, replicas);
        const ours = outcome('shared', name, replicas);
        expect(usual.tokenRequests).toBeGreaterThan(ours.tokenRequests);
        expect(usual.unauthorized + usual.failedCalls).toBeGreaterThan(ours.unauthorized + ours.failedCalls);
      },
    );
  });

  describe('one replica', () => {
    let simulator: Simulator;
    let replica: Replica;

    const open = async (redisUrl: string): Promise<void> => {
      await simulator.call('reset', 36_000);
      const keyPrefix = `replicas-${randomUUID()}:`;
      const tokenSharing = { redisUrl, keyPrefix, encryptionKeys: ENCRYPTION_KEYS };
      const baseUrl = await simulator.call('url');
      const options = { ...CLIENT, baseUrl, timeoutMs: 5_000, replicas: 1, tokenSharing };
      await replica.call('open', options);
    };

    beforeAll(() => {
      simulator = farm.simulator();
      replica = farm.replica();
    });

    it(`makes no call to Redis for ${SIGNED_REQUESTS} signed requests`, async () => {
      const store = await openStore();
      try {
        await open(store.url);
        await replica.call('burst', { count: 1, concurrency: 1 });
        const before = await replica.call('status');
        await replica.call('burst', { count: SIGNED_REQUESTS, concurrency: 16 });
        const after = await replica.call('status');
        const { calls, failedCalls } = await replica.call('stop');
        expect({ calls, failedCalls }).toEqual({ calls: SIGNED_REQUESTS + 1, failedCalls: 0 });
        expect(before.sharing?.storeCalls).toBeGreaterThan(0);
        expect(after.sharing?.storeCalls).toBe(before.sharing?.storeCalls);
        await replica.call('close');
      } finally {
        await store.stop();
      }
    });

    it.each<[state: string, act: (redis: RedisServer) => unknown]>([
      ['alive', () => undefined],
      ['killed', (redis) => redis.kill()],
      ['frozen', (redis) => redis.freeze()],
    ])('closes with Redis %s', async (_state, act) => {
      const redis = await RedisServer.start();
      try {
        await open(redis.url);
        await replica.call('burst', { count: 10, concurrency: 5 });
        await act(redis);
        expect(await settled('the replica closes', replica.call('close'))).toBeGreaterThanOrEqual(0);
      } finally {
        await redis.stop();
      }
    });
  });
});
