import { type Replica } from './farm';
import { type Outcome } from './measurement';
import { type RedisServer } from './redis-server';
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
  /** @default 1 */
  readonly fewestReplicas?: number;
  readonly tokenLifeSeconds: number;
  /** With the library's own deadlines, not with short ones. */
  readonly isPatient?: boolean;
  readonly wanted: Wanted;
  readonly play: (stage: Stage) => Promise<void>;
}

const CLEAN: Wanted = { failedCalls: 'none', unauthorized: 'none', tokenRequests: 'one per life' };
const REPLAYED: Wanted = { ...CLEAN, unauthorized: 'replayed' };
/** Without a store, or against somebody who keeps taking the token. */
const DEGRADED: Wanted = { failedCalls: 'some', unauthorized: 'replayed', tokenRequests: 'more' };
const LONG_LIFE_SECONDS = 36_000;
/** The shortest that leaves room for a lease and a drain. */
const SHORT_LIFE_SECONDS = 2;
const LIFE_IN_USE_MS = 900 * SHORT_LIFE_SECONDS;
/** Longer than the lease, and than the token call's deadline. */
const FREEZE_MS = LEASE_MS + 700;
const RECOVERY_LIMIT_MS = 2_000;
const RECOVERY_SLACK_MS = 800;
const CONTESTED = 'token-contested';
/** For longer than a token that replaced a stolen one is trusted. */
const THEFTS = 30;
/** Well within a token life. */
const SHORT_OUTAGE_MS = 800;

/** How long some scenarios take. */
export interface Length {
  /** Token lives that `rotation` lasts. */
  readonly lives: number;
  /** Token lives that a Redis is away where the token has to be renewed meanwhile. */
  readonly outageLives: number;
}

/** A way for Redis to go, and to come back. There is none with a cache per process. */
interface Outage {
  readonly begin: (redis: RedisServer | undefined) => unknown;
  readonly end: (redis: RedisServer | undefined) => unknown;
}

const KILLED: Outage = { begin: (redis) => redis?.kill(), end: (redis) => redis?.restart() };
const FROZEN: Outage = { begin: (redis) => redis?.freeze(), end: (redis) => redis?.thaw() };

export function scenarios({ lives, outageLives }: Length): readonly Scenario[] {
  const overRenewalMs = outageLives * LIFE_IN_USE_MS + 700;
  const atStartMs = outageLives * 1_000;
  return [
    {
      name: 'cold-start',
      title: 'all start at once, each with 30 callers waiting',
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      isPatient: true,
      wanted: CLEAN,
      play: async (stage) => {
        await stage.open({ count: 30, concurrency: 30 });
        await stage.warm();
        await someMoreLoad(stage);
      },
    },
    {
      name: 'steady',
      title: 'steady load',
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
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: { ...CLEAN, longestWaitMs: LEASE_MS + RECOVERY_SLACK_MS },
      play: disturbed(async (stage) => {
        // The token that nobody received.
        stage.expectExtraTokens(1);
        await stage.kill(await stage.leaderOfNextRenewal());
        const killedAt = Date.now();
        await stage.add();
        return killedAt;
      }),
    },
    {
      name: 'leader-paused',
      title: 'SIGSTOP for the replica that renews, for longer than the lease',
      fewestReplicas: 2,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      // Back again, it may sign once more with what it knows before it hears of the new token.
      wanted: REPLAYED,
      play: disturbed(async (stage) => {
        stage.expectExtraTokens(1);
        await pauseOf(await stage.leaderOfNextRenewal(), stage);
      }),
    },
    {
      name: 'replica-paused',
      title: 'SIGSTOP for a replica, for longer than the lease, while the others rotate',
      fewestReplicas: 2,
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: REPLAYED,
      play: disturbed((stage) => pauseOf(stage.anyReplica(), stage)),
    },
    {
      name: 'redis-restarted',
      title: 'Redis killed and restarted within a token life, then a renewal',
      tokenLifeSeconds: 2 * SHORT_LIFE_SECONDS,
      wanted: CLEAN,
      play: disturbed(away(KILLED, SHORT_OUTAGE_MS), nextRenewal),
    },
    {
      name: 'redis-frozen',
      title: 'Redis frozen and thawed within a token life, then a renewal',
      tokenLifeSeconds: 2 * SHORT_LIFE_SECONDS,
      wanted: CLEAN,
      play: disturbed(away(FROZEN, SHORT_OUTAGE_MS), nextRenewal),
    },
    {
      name: 'redis-killed-over-renewal',
      title: 'the token has to be renewed while Redis is dead',
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: DEGRADED,
      play: disturbed(away(KILLED, overRenewalMs)),
    },
    {
      name: 'redis-frozen-over-renewal',
      title: 'the token has to be renewed while Redis is frozen',
      tokenLifeSeconds: SHORT_LIFE_SECONDS,
      wanted: DEGRADED,
      play: disturbed(away(FROZEN, overRenewalMs)),
    },
    {
      name: 'redis-refused',
      title: 'no Redis at the start, one comes later',
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: DEGRADED,
      play: awayAtStart(KILLED, atStartMs),
    },
    {
      name: 'redis-frozen-at-start',
      title: 'Redis accepts connections and never answers; later it does',
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: DEGRADED,
      play: awayAtStart(FROZEN, atStartMs),
    },
    {
      name: 'token-stolen',
      title: 'somebody else asks for a token, once',
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: REPLAYED,
      play: disturbed(async (stage) => {
        await stage.play(200);
        stage.expectExtraTokens(1);
        await stage.stealToken();
      }),
    },
    {
      name: CONTESTED,
      title: 'somebody else asks for a token five times a second',
      tokenLifeSeconds: LONG_LIFE_SECONDS,
      wanted: DEGRADED,
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

/**
 * Replicas with a token, then something that happens to them, then their recovery.
 *
 * @param fault gives the moment from which they recover, where that is not its end
 */
function disturbed(
  fault: (stage: Stage) => Promise<number | void>,
  afterwards: (stage: Stage) => Promise<void> = someMoreLoad,
): Scenario['play'] {
  return async (stage) => {
    await stage.open();
    await stage.warm();
    await stage.recover((await fault(stage)) ?? Date.now());
    await afterwards(stage);
  };
}

function away({ begin, end }: Outage, ms: number): (stage: Stage) => Promise<void> {
  return async (stage) => {
    await begin(stage.redis);
    await stage.play(ms);
    await end(stage.redis);
  };
}

function awayAtStart({ begin, end }: Outage, ms: number): Scenario['play'] {
  return async (stage) => {
    await begin(stage.redis);
    await stage.open();
    await stage.play(ms);
    await end(stage.redis);
    await stage.recover();
    await someMoreLoad(stage);
  };
}

async function pauseOf(replica: Replica, stage: Stage): Promise<void> {
  stage.freeze(replica);
  await stage.play(FREEZE_MS);
  stage.thaw(replica);
}

function someMoreLoad(stage: Stage): Promise<void> {
  return stage.play(300);
}

async function nextRenewal(stage: Stage): Promise<void> {
  const asked = await stage.tokenRequests();
  await until('a renewal', async () => (await stage.tokenRequests()) > asked);
  await someMoreLoad(stage);
}

/** What an outcome of the shared strategy lacks, in words, however fast the machine is; nothing where all is as wanted. */
export function shortcomings(outcome: Outcome, scenario: Scenario): string[] {
  const { wanted } = scenario;
  const { failedCalls, unauthorized, replays, tokenRequests, wantedTokenRequests, recoveryMs } = outcome;
  const lacks: [boolean, string][] = [
    [wanted.failedCalls === 'none' && failedCalls > 0, `${failedCalls} failed calls, wanted none`],
    [wanted.unauthorized === 'none' && unauthorized > 0, `${unauthorized} answers 401, wanted none`],
    [unauthorized > replays + failedCalls, `${unauthorized} answers 401 with only ${replays} replays`],
    [tokenRequests < 1, 'no token request'],
    [
      wanted.tokenRequests === 'one per life' && tokenRequests > wantedTokenRequests,
      `${tokenRequests} token requests, wanted ${wantedTokenRequests}`,
    ],
    [recoveryMs === Infinity, 'no recovery'],
    [scenario.name === CONTESTED && !outcome.isContested, 'nobody says that the token is contested'],
    [
      scenario.name === CONTESTED && tokenRequests >= THEFTS,
      `${tokenRequests} token requests in a fight with ${THEFTS} thefts`,
    ],
  ];
  return lacks.filter(([is]) => is).map(([, what]) => what);
}

/** What took longer than it should on a quiet machine, in words: for the bench, no test judges it. */
export function latenesses({ longestWaitMs, recoveryMs = 0 }: Outcome, { wanted }: Scenario): string[] {
  const lacks: [boolean, string][] = [
    [longestWaitMs > (wanted.longestWaitMs ?? Infinity), `a wait of ${Math.round(longestWaitMs)} ms`],
    [recoveryMs > RECOVERY_LIMIT_MS, `recovery in ${recoveryMs} ms, wanted ${RECOVERY_LIMIT_MS} at most`],
  ];
  return lacks.filter(([is]) => is).map(([, what]) => what);
}
