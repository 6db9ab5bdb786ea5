import { type Outcome } from './measurement';
import { LEASE_MS, type Stage } from './stage';
import { until } from '../support/wait';

/** What the shared strategy has to reach. */
export interface Wanted {
  /** `none`, or `some` where for a while no valid token exists that a replica could know of. */
  readonly failedCalls: 'none' | 'some';
  /** Answers 401: `none` where every replica behaves, `replayed` where a token died under requests in flight. */
  readonly unauthorized: 'none' | 'replayed';
  /** `one per life`, or `more` where replicas without a store can only ask each for itself. */
  readonly tokenRequests: 'one per life' | 'more';
  /** Longest wait of a caller, where the scenario says how long it may be. */
  readonly longestWaitMs?: number;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly fewestReplicas: number;
  readonly tokenLifeSeconds: number;
  /** With the library's own deadlines, not with short ones. */
  readonly isPatient?: boolean;
  readonly wanted: Wanted;
  readonly play: (stage: Stage) => Promise<void>;
}

const CLEAN: Wanted = { failedCalls: 'none', unauthorized: 'none', tokenRequests: 'one per life' };
const LONG_LIFE_SECONDS = 36_000;
/** The shortest that leaves room for a lease and a drain. */
const SHORT_LIFE_SECONDS = 2;
const LIFE_IN_USE_MS = 900 * SHORT_LIFE_SECONDS;
/** Longer than the lease, and than the token call's deadline. */
const FREEZE_MS = LEASE_MS + 700;
const RECOVERY_LIMIT_MS = 2_000;
const RECOVERY_SLACK_MS = 800;
const CONTESTED = 'token-contested';
const THEFTS = 15;

/** How long some scenarios take. */
export interface Length {
  /** Token lives that `rotation` lasts. */
  readonly lives: number;
  /** Token lives that a Redis is away where the token has to be renewed meanwhile. */
  readonly outageLives: number;
}

export function scenarios({ lives, outageLives }: Length): readonly Scenario[] {
  return [
    {
      name: 'cold-start',
      title: 'all start at once, each with 30 callers waiting',
      fewestReplicas: 1,
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      isPatient: true,
      wanted: CLEAN,
      play: async (stage) => {
        await stage.open({ count: 30, concurrency: 30 });
        await stage.warm();
        await stage.play(300);
      },
    },
    {
      name: 'steady',
      title: 'steady load',
      fewestReplicas: 1,
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      isPatient: true,
      wanted: CLEAN,
      play: async (stage) => {
        await stage.open();
        await stage.play(1_500);
      },
    },
    {
      name: 'rotation',
      title: `the token lives ${SHORT_LIFE_SECONDS} seconds`,
      fewestReplicas: 1,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      isPatient: true,
      wanted: CLEAN,
      play: async (stage) => {
        await stage.open();
        await stage.play((lives - 0.5) * LIFE_IN_USE_MS);
      },
    },
    {
      name: 'leader-killed',
      title: 'SIGKILL for the replica that renews, another in its place',
      fewestReplicas: 1,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: { ...CLEAN, longestWaitMs: LEASE_MS + RECOVERY_SLACK_MS },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        // The token that nobody received.
        stage.expectExtraTokens(1);
        await stage.kill(await stage.leaderOfNextRenewal());
        const killedAt = Date.now();
        await stage.add();
        await stage.recover(killedAt);
        await stage.play(300);
      },
    },
    {
      name: 'leader-paused',
      title: 'SIGSTOP for the replica that renews, for longer than the lease',
      fewestReplicas: 2,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      // Back again, it may sign once more with what it knows before it hears of the new token.
      wanted: { ...CLEAN, unauthorized: 'replayed' },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        stage.expectExtraTokens(1);
        const leader = await stage.leaderOfNextRenewal();
        stage.freeze(leader);
        await stage.play(FREEZE_MS);
        stage.thaw(leader);
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: 'replica-paused',
      title: 'SIGSTOP for a replica, for longer than the lease, while the others rotate',
      fewestReplicas: 2,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: { ...CLEAN, unauthorized: 'replayed' },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        const replica = stage.anyReplica();
        stage.freeze(replica);
        await stage.play(FREEZE_MS);
        stage.thaw(replica);
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: 'redis-restarted',
      title: 'Redis killed and restarted within a token life, then a renewal',
      fewestReplicas: 1,
      tokenLifeSeconds: 2 * SHORT_LIFE_SECONDS,
      wanted: CLEAN,
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        await stage.redis?.kill();
        await stage.play(800);
        await stage.redis?.restart();
        await stage.recover();
        await nextRenewal(stage);
      },
    },
    {
      name: 'redis-frozen',
      title: 'Redis frozen and thawed within a token life, then a renewal',
      fewestReplicas: 1,
      tokenLifeSeconds: 2 * SHORT_LIFE_SECONDS,
      wanted: CLEAN,
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        stage.redis?.freeze();
        await stage.play(800);
        stage.redis?.thaw();
        await stage.recover();
        await nextRenewal(stage);
      },
    },
    {
      name: 'redis-killed-over-renewal',
      title: 'the token has to be renewed while Redis is dead',
      fewestReplicas: 1,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: { failedCalls: 'some', unauthorized: 'replayed', tokenRequests: 'more' },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        await stage.redis?.kill();
        await stage.play(outageLives * LIFE_IN_USE_MS + 700);
        await stage.redis?.restart();
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: 'redis-frozen-over-renewal',
      title: 'the token has to be renewed while Redis is frozen',
      fewestReplicas: 1,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: { failedCalls: 'some', unauthorized: 'replayed', tokenRequests: 'more' },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        stage.redis?.freeze();
        await stage.play(outageLives * LIFE_IN_USE_MS + 700);
        stage.redis?.thaw();
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: 'redis-refused',
      title: 'no Redis at the start, one comes later',
      fewestReplicas: 1,
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: { failedCalls: 'some', unauthorized: 'replayed', tokenRequests: 'more' },
      play: async (stage) => {
        await stage.redis?.kill();
        await stage.open();
        await stage.play(outageLives * 1_000);
        await stage.redis?.restart();
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: 'redis-frozen-at-start',
      title: 'Redis accepts connections and never answers; later it does',
      fewestReplicas: 1,
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: { failedCalls: 'some', unauthorized: 'replayed', tokenRequests: 'more' },
      play: async (stage) => {
        stage.redis?.freeze();
        await stage.open();
        await stage.play(outageLives * 1_000);
        stage.redis?.thaw();
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: 'token-stolen',
      title: 'somebody else asks for a token, once',
      fewestReplicas: 1,
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: { ...CLEAN, unauthorized: 'replayed' },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        await stage.play(200);
        stage.expectExtraTokens(1);
        await stage.stealToken();
        await stage.recover();
        await stage.play(300);
      },
    },
    {
      name: CONTESTED,
      title: 'somebody else asks for a token five times a second',
      fewestReplicas: 1,
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: { failedCalls: 'some', unauthorized: 'replayed', tokenRequests: 'more' },
      play: async (stage) => {
        await stage.open();
        await stage.warm();
        for (let thefts = 0; thefts < THEFTS; thefts += 1) {
          await stage.stealToken();
          await stage.play(200);
        }
      },
    },
  ];
}

/** What an outcome of the shared strategy lacks, in words; nothing where all is as wanted. */
export function shortcomings(outcome: Outcome, scenario: Scenario): string[] {
  const { wanted } = scenario;
  const { failedCalls, unauthorized, replays, tokenRequests, wantedTokenRequests, longestWaitMs, recoveryMs } = outcome;
  const lacks: [boolean, string][] = [
    [wanted.failedCalls === 'none' && failedCalls > 0, `${failedCalls} failed calls, wanted none`],
    [wanted.unauthorized === 'none' && unauthorized > 0, `${unauthorized} answers 401, wanted none`],
    [unauthorized > replays + failedCalls, `${unauthorized} answers 401 with only ${replays} replays`],
    [tokenRequests < 1, 'no token request'],
    [
      wanted.tokenRequests === 'one per life' && tokenRequests > wantedTokenRequests,
      `${tokenRequests} token requests, wanted ${wantedTokenRequests}`,
    ],
    [longestWaitMs > (wanted.longestWaitMs ?? Infinity), `a wait of ${Math.round(longestWaitMs)} ms`],
    [(recoveryMs ?? 0) > RECOVERY_LIMIT_MS, `recovery in ${recoveryMs} ms, wanted ${RECOVERY_LIMIT_MS} at most`],
    [scenario.name === CONTESTED && !outcome.isContested, 'nobody says that the token is contested'],
    [
      scenario.name === CONTESTED && tokenRequests >= THEFTS,
      `${tokenRequests} token requests in a fight with ${THEFTS} thefts`,
    ],
  ];
  return lacks.filter(([is]) => is).map(([, what]) => what);
}

async function nextRenewal(stage: Stage): Promise<void> {
  const asked = await stage.tokenRequests();
  await until('a renewal', 10_000, async () => (await stage.tokenRequests()) > asked);
  await stage.play(300);
}
