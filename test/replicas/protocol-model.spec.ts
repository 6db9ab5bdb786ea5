import { createClient } from '@redis/client';
import { Secret } from '../../libs/payment-auth/src/core/secret';
import { RedisTokenState, type SharedToken } from '../../libs/payment-auth/src/core/sharing/redis-token-state';
import { TokenCipher } from '../../libs/payment-auth/src/core/sharing/token-cipher';
import {
  acquire,
  ANY,
  explore,
  type Mishaps,
  NO_MISHAPS,
  type Property,
  publish,
  reject,
  release,
  restore,
  type Rules,
  RULES,
  type Scenario,
  type Store,
} from './protocol-model';
import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import { shortOrLong } from '../support/tier';
import { RedisServer } from './redis-server';

const walked: string[] = [];

function walk(rules: Rules, scenario: Scenario) {
  const exploration = explore(rules, scenario);
  const { states, transitions, violation } = exploration;
  const mishaps = Object.entries(scenario.mishaps)
    .filter(([mishap, count]) => count > 0 && !(mishap === 'alone' && count === ANY))
    .map(([mishap, count]) => `${count} ${mishap}`);
  const what = mishaps.length === 0 ? 'no mishap' : mishaps.join(', ');
  const found = violation === undefined ? 'every property holds' : `breaks ${violation.property}`;
  walked.push(`${scenario.replicas} replicas, ${what}: ${states} states, ${transitions} steps, ${found}`);
  return exploration;
}

/** In `npm test`, a walk that finds nothing wrong ends after so many states; all of them are `test:long`'s. */
const nearest = shortOrLong({ nearest: 4_000 }, {});

const scenario = (replicas: number, mishaps: Partial<Mishaps> = {}, more: Partial<Scenario> = {}): Scenario => ({
  replicas,
  mishaps: { ...NO_MISHAPS, ...mishaps },
  ...more,
});

afterAll(() => process.stdout.write(`${walked.join('\n')}\n`));

/**
 * What is asked of every reachable state.
 *
 * a  No publish and no restore puts a token into the store over one, present or refused, that the gateway made later.
 * b  Each publish gives a generation above every earlier one, whatever the store forgets.
 * c  The bound on two tokens believed current: as soon as nothing is on its way (messages received, commands executed or
 *    given up, reconciling done, nobody obtaining), no replica believes in another token while one believes in the gateway's.
 *    Before that, and where somebody outside killed every token, a holder is told by the 401 of its next use.
 * d  From every state some way, without a further mishap, leads to all living replicas with the gateway's one token; and while
 *    the store is away, without its coming back, to some replica with it.
 * e  No living replica that renews nothing and has nothing on its way keeps the lease: others would wait for nothing.
 * f  No leader that still has its lease asks for a token while the store holds one that it would take.
 * g  No leader that still has its lease has its token refused by the store.
 */
describe('the protocol of the replicas, walked through completely', () => {
  it.each([
    ['nothing amiss', scenario(3)],
    ['two pauses beyond the lease', scenario(3, { pause: 2 })],
    ['a pause beyond the lease and two deaths', scenario(3, { pause: 1, crash: 2 })],
    [
      'a pause beyond the lease, and the token killed by somebody else',
      scenario(3, { pause: 1, kill: 1 }, { isWarm: true }),
    ],
    ['the token renewed, and its successor killed', scenario(3, { due: 1, kill: 1 })],
    ['token requests that fail, and a death', scenario(3, { fail: 2, crash: 1 })],
    ['two replicas, all of it', scenario(2, { pause: 1, crash: 1, kill: 1, fail: 1 })],
  ])('as built, the store answering: %s', (_what, each) => {
    expect(walk(RULES, { ...each, ...nearest }).violation).toBeUndefined();
  });

  it.each([
    ['a command without an answer', scenario(3, { silence: 1 })],
    ['a command without an answer, and a token killed', scenario(2, { silence: 1, kill: 1 })],
    ['a command without an answer, and a pause', scenario(2, { silence: 1, pause: 1 })],
    ['away once', scenario(2, { down: 1 })],
    ['away once, and a death', scenario(2, { down: 1, crash: 1 })],
    ['away once, and a pause beyond the lease', scenario(2, { down: 1, pause: 1 })],
    ['away once, and a token killed', scenario(2, { down: 1, kill: 1 })],
  ])('by the rules, the store not answering: %s', (_what, each) => {
    expect(walk(RULES, { ...each, ...nearest }).violation).toBeUndefined();
  });

  it('by the rules, the store away: three replicas, as far as there is time', () => {
    // All states would be several millions.
    const each = scenario(3, { down: 1, kill: 1, pause: 1 }, { isWarm: true, nearest: shortOrLong(4_000, 100_000) });
    expect(walk(RULES, each).violation).toBeUndefined();
  });

  it.each<[keyof Rules, Property, Scenario]>([
    ['acquireRespectsOwner', 'g', scenario(3, { pause: 1 })],
    ['leaseExpires', 'd', scenario(3, { crash: 1 })],
    ['readsAgainWithLease', 'f', scenario(3, { pause: 1 })],
    ['publishChecksLease', 'f', scenario(3, { pause: 1 })],
    ['publishComparesGeneration', 'a', scenario(3, { pause: 1 })],
    ['publishFreesLease', 'e', scenario(3, { pause: 1 })],
    ['publishTellsOthers', 'c', scenario(3, { pause: 1 })],
    ['releaseChecksOwner', 'g', scenario(3, { pause: 1 })],
    ['rejectComparesGeneration', 'c', scenario(3, { pause: 1 })],
    ['generationFollowsClock', 'b', scenario(2, { down: 1 })],
    ['unreachableIsNotTheirs', 'd, store away', scenario(2, { down: 1 })],
    ['restoreRespectsLease', 'f', scenario(2, { down: 1 })],
    ['restoreTellsOthers', 'c', scenario(2, { down: 1, pause: 1 })],
    ['refusedReconcilesAgain', 'c', scenario(2, { down: 1 })],
    ['reconcilesAfterSilence', 'e', scenario(2, { silence: 1 })],
    ['reconcileFreesLease', 'e', scenario(2, { silence: 1 })],
    ['unpublishedReconciles', 'c', scenario(2, { silence: 1 })],
    ['unpublishedKeepsGeneration', 'a', scenario(2, { silence: 1, kill: 1 })],
  ])('finds what is wrong without the rule %s: property %s', (rule, property, each) => {
    const { violation } = walk({ ...RULES, [rule]: false }, each);
    expect(violation?.property).toBe(property);
    expect(violation?.trace.length).toBeGreaterThan(1);
  });

  // Each hides behind another rule: what is offered was read from the store just now; a leader with its lease is never
  // refused (g); a leader that lost its lease is refused if anybody led after it.
  it.each<keyof Rules>(['offerComparesGeneration', 'outdatedFreesLease', 'leaseCountedFromAsking'])(
    'needs no rule %s while the other rules hold',
    (rule) => {
      const without = { ...RULES, [rule]: false };
      expect(walk(without, { ...scenario(3, { pause: 1 }), ...nearest }).violation).toBeUndefined();
      expect(walk(without, { ...scenario(2, { down: 1 }), ...nearest }).violation).toBeUndefined();
      expect(walk(without, { ...scenario(2, { silence: 1, kill: 1 }), ...nearest }).violation).toBeUndefined();
    },
  );

  it.each<[string, Partial<Rules>, Property, Scenario]>([
    [
      'a leader refused because of a restored token leaves its lease behind',
      { restoreRespectsLease: false, outdatedFreesLease: false },
      'e',
      scenario(2, { down: 1, kill: 1 }, { except: ['f', 'g'] }),
    ],
    [
      'an older token restored first keeps the newer one out',
      { restoreReplacesOlder: false, refusedReconcilesAgain: false },
      'c',
      scenario(2, { down: 1, kill: 1 }),
    ],
  ])('finds what is wrong with two rules missing: %s', (_what, missing, property, each) => {
    expect(walk({ ...RULES, ...missing }, each).violation?.property).toBe(property);
  });

  it('tells the way to what is wrong', () => {
    const { violation } = explore({ ...RULES, publishComparesGeneration: false }, scenario(2, { pause: 1 }));
    expect(violation?.trace.slice(0, -1)).toEqual([
      'A finds no token',
      'A gets the lease',
      'A sees generation 0',
      'A asks the gateway',
      'A is paused beyond its lease',
      'A has token 1 made',
      'B finds no token',
      'B gets the lease',
      'B sees generation 0',
      'B asks the gateway',
      'B has token 2 made',
      'B publishes token 2',
      'A publishes token 1',
    ]);
    expect(violation?.trace.at(-1)).toMatch(/^=> store: generation 2, token 1, .*the gateway accepts 2/);
  });
});

/** Model and scripts from the same table: neither can change without the other. */
describeWith(REDIS, 'the scripts in Redis do what the model says', () => {
  const ME = 1;
  const OTHER = 2;
  const GENERATION = 5;
  const cipher = TokenCipher.derivedFrom(new Secret('secret'));
  let server: RedisServer;
  let redis: ReturnType<typeof createClient>;
  let state: RedisTokenState;

  beforeAll(async () => {
    server = await RedisServer.start();
    redis = createClient({ url: server.url });
    await redis.connect();
    state = new RedisTokenState(redis, cipher, {
      key: 'key',
      prefix: 'model:',
      owner: String(ME),
      leaseMs: 60_000,
      timeoutMs: 5_000,
      opened: Promise.resolve(),
      onReachable: () => undefined,
      onCall: () => undefined,
    });
  });

  afterAll(async () => {
    redis.destroy();
    await server.stop();
  });

  const tokenOf = (token: number): Omit<SharedToken, 'generation'> => ({
    value: `T${token}`,
    obtainedAt: 1,
    expiresAt: 2,
    lifetimeMs: 1,
  });

  const keys = (): { token: string; lease: string } => {
    const base = state.channel.replace(/:events$/, '');
    return { token: `${base}:token`, lease: `${base}:lease` };
  };

  async function write({ generation, token, lease }: Store): Promise<void> {
    await redis.flushDb();
    const { token: tokenKey, lease: leaseKey } = keys();
    if (generation !== 0) await redis.hSet(tokenKey, 'generation', String(generation));
    if (token !== 0) await redis.hSet(tokenKey, 'token', cipher.encrypt(JSON.stringify(tokenOf(token)), 'key'));
    // Every lease has an end; one without is none.
    if (lease !== 0) await redis.set(leaseKey, String(lease), { expiration: { type: 'PX', value: 30_000 } });
  }

  /** Generations by their order: Redis's clock gives the new ones. */
  async function read(): Promise<Omit<Store, 'clock'>> {
    const found = await state.read();
    if (found.state === 'unreachable') throw new Error('Redis does not answer.');
    return {
      generation: found.generation,
      token: found.state === 'token' ? Number(found.token.value.slice(1)) : 0,
      lease: Number(await redis.get(keys().lease)),
    };
  }

  const stores: Store[] = [0, ME, OTHER].flatMap((lease) =>
    [
      { generation: 0, token: 0 },
      { generation: GENERATION, token: 0 },
      { generation: GENERATION, token: 7 },
    ].map((content) => ({ ...content, lease, clock: GENERATION })),
  );
  const rows: [name: string, before: Store][] = stores.map((before) => [
    `generation ${before.generation}, token ${before.token}, lease ${['free', 'mine', 'theirs'][before.lease]}`,
    before,
  ]);

  function expectSame(after: Omit<Store, 'clock'>, before: Store, model: Store): void {
    expect({ token: after.token, lease: after.lease }).toEqual({ token: model.token, lease: model.lease });
    expect(Math.sign(after.generation - before.generation)).toBe(Math.sign(model.generation - before.generation));
  }

  it.each(rows)('acquire: %s', async (_name, before) => {
    await write(before);
    const [answer, model] = acquire(before, ME, RULES);
    expect(await state.acquireLease()).toBe(answer);
    expectSame(await read(), before, model);
    expect((await redis.pTTL(keys().lease)) > 30_000).toBe(answer === 'mine');
  });

  it.each(rows)('release: %s', async (_name, before) => {
    await write(before);
    await state.releaseLease();
    expectSame(await read(), before, release(before, ME, RULES));
  });

  it.each(rows)('publish: %s', async (_name, before) => {
    for (const seen of [0, GENERATION - 1, GENERATION, GENERATION + 1]) {
      await write(before);
      const [answer, model] = publish(before, ME, seen, 8, RULES);
      expect((await state.publish(seen, tokenOf(8))).state).toBe(answer);
      expectSame(await read(), before, model);
    }
  });

  it.each(rows)('reject: %s', async (_name, before) => {
    for (const generation of [GENERATION - 1, GENERATION, GENERATION + 1]) {
      await write(before);
      await state.reject(generation);
      expectSame(await read(), before, reject(before, generation, RULES));
    }
  });

  it.each(rows)('restore: %s', async (_name, before) => {
    for (const generation of [GENERATION - 1, GENERATION, GENERATION + 1]) {
      await write(before);
      await state.restore({ ...tokenOf(6), generation });
      expectSame(await read(), before, restore(before, generation, 6, RULES));
    }
  });
});
