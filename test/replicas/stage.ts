import { randomUUID } from 'node:crypto';
import { CLIENT, ENCRYPTION_KEYS, type Farm, type Replica, type Simulator } from './farm';
import { type LoadReport } from './load';
import { type Outcome, type Strategy } from './measurement';
import { type RedisServer } from './redis-server';
import { type ReplicaOptions, type ReplicaStatus } from './replica-process';
import { pause, settled, until } from '../support/wait';

/** Small, so that a scenario is played in seconds. A lease outlives the token call's deadline. */
export const LEASE_MS = 1_200;
const TOKEN_TIMEOUT_MS = 800;
const PATIENT_TOKEN_TIMEOUT_MS = 10_000;
const DRAIN_MS = 400;
/** Twenty calls a second each, and less where many of them would ask too much of the machine. */
const loadOf = (replicas: number) => ({ concurrency: 2, intervalMs: Math.max(100, 12 * replicas) });
/** The library renews when a tenth of the life is left. */
const USED_SHARE_OF_LIFE = 0.9;

interface Cast {
  readonly farm: Farm;
  readonly simulator: Simulator;
  /** There with `shared` only. */
  readonly redis: RedisServer | undefined;
  readonly strategy: Strategy;
  readonly replicas: number;
}

/** One scenario under way: replicas under load against one gateway and one Redis, and what can be done to them. */
export class Stage {
  readonly redis: RedisServer | undefined;
  private readonly running = new Set<Replica>();
  /** Their own standing still is no wait of a caller for us. */
  private readonly pausedOnce = new Set<Replica>();
  private readonly keyPrefix = `replicas-${randomUUID()}:`;
  private firstTokenAt: number | undefined;
  private faultEndedAt: number | undefined;
  private agreedAt: number | undefined;
  private extraTokens = 0;

  private constructor(
    private readonly cast: Cast,
    private readonly baseUrl: string,
    private readonly tokenLifeSeconds: number,
    private readonly isPatient: boolean,
  ) {
    this.redis = cast.redis;
  }

  /** @param props `isPatient`: with the library's own deadlines, where no fault has to be over soon */
  static async set(cast: Cast, props: { tokenLifeSeconds: number; isPatient?: boolean }): Promise<Stage> {
    const { tokenLifeSeconds, isPatient = false } = props;
    await cast.redis?.restart();
    await cast.simulator.call('reset', tokenLifeSeconds);
    return new Stage(cast, await cast.simulator.call('url'), tokenLifeSeconds, isPatient);
  }

  /** All replicas at once, cold; each does as much as `first` says before the steady load starts. */
  async open(first: { count: number; concurrency: number } = { count: 1, concurrency: 1 }): Promise<void> {
    const opening = Array.from({ length: this.cast.replicas }, () => this.add(first));
    await settled('the replicas start', Promise.all(opening));
  }

  /** One more replica, in place of one that died. */
  async add(first = { count: 1, concurrency: 1 }): Promise<void> {
    const replica = this.cast.farm.replica();
    this.running.add(replica);
    await replica.call('open', this.options());
    this.firstTokenAt ??= performance.now();
    // What it calls first is part of the measured load; nobody waits for it before the load goes on.
    void replica.call('burst', first).catch(() => undefined);
    await replica.call('start', loadOf(this.cast.replicas));
  }

  /** Some load. */
  play(ms: number): Promise<void> {
    return pause(ms);
  }

  /** Until every replica has a token; with each for itself, until every one has asked for one. */
  async warm(): Promise<void> {
    const isWarm = ({ state, requests }: ReplicaStatus): boolean =>
      state === 'valid' || (this.cast.strategy === 'per-process' && requests > 0);
    await until('every replica has a token', async () => (await this.statuses()).every(isWarm));
  }

  tokenRequests(): Promise<number> {
    return this.cast.simulator.call('tokenRequests');
  }

  stealToken(): Promise<void> {
    return this.cast.simulator.call('stealToken');
  }

  /** Tokens that the scenario costs besides one for each life. */
  expectExtraTokens(count: number): void {
    this.extraTokens += count;
  }

  /** The replica whose token call is under way, slowed down so that it can be caught. */
  async leaderOfNextRenewal(): Promise<Replica> {
    const before = new Map<Replica, number>();
    for (const replica of this.running) before.set(replica, (await replica.call('status')).requests);
    await this.cast.simulator.call('delayTokenCall', TOKEN_TIMEOUT_MS * 0.7);
    const asked = await this.tokenRequests();
    await until('a renewal', async () => (await this.tokenRequests()) > asked);
    const now = await Promise.all(
      [...this.running].map(async (replica) => [replica, (await replica.call('status')).requests] as const),
    );
    const leader = now.find(([replica, requests]) => requests > (before.get(replica) ?? 0))?.[0];
    if (leader === undefined) throw new Error('nobody asked for a token');
    return leader;
  }

  async kill(replica: Replica): Promise<void> {
    this.running.delete(replica);
    await replica.kill();
  }

  freeze(replica: Replica): void {
    this.pausedOnce.add(replica);
    replica.signal('SIGSTOP');
  }

  thaw(replica: Replica): void {
    replica.signal('SIGCONT');
  }

  anyReplica(): Replica {
    const [replica] = this.running;
    if (replica === undefined) throw new Error('no replica runs');
    return replica;
  }

  /** The fault ends now, or did then. Waits until the replicas agree again; load goes on. */
  async recover(at = Date.now()): Promise<void> {
    this.faultEndedAt = at;
    await this.each((replica) => replica.call('mark', at));
    const agreed = until('the replicas agree', async () => this.agree(await this.statuses()));
    await agreed.then(
      () => (this.agreedAt = Date.now()),
      () => (this.agreedAt = Infinity),
    );
  }

  /** Whether any replica says that somebody else keeps killing the token. */
  async isContested(): Promise<boolean> {
    return (await this.statuses()).some(({ isContested }) => isContested);
  }

  /** Ends the load, closes the applications, and says what happened. */
  async finish(scenario: string): Promise<Outcome> {
    const isContested = await this.isContested();
    const reports = await this.each(async (replica) => [replica, await replica.call('stop')] as const);
    const elapsedMs = performance.now() - (this.firstTokenAt ?? 0);
    const tokenRequests = await this.tokenRequests();
    const sum = (of: (report: LoadReport) => number): number =>
      reports.reduce((total, [, report]) => total + of(report), 0);
    const failures: Record<string, number> = {};
    for (const [, report] of reports) {
      for (const [code, count] of Object.entries(report.failures)) failures[code] = (failures[code] ?? 0) + count;
    }
    await this.close();
    return {
      scenario,
      strategy: this.cast.strategy,
      replicas: this.cast.replicas,
      calls: sum(({ calls }) => calls),
      failedCalls: sum(({ failedCalls }) => failedCalls),
      unauthorized: sum(({ unauthorized }) => unauthorized),
      replays: sum(({ replays }) => replays),
      tokenRequests,
      longestWaitMs: Math.max(
        0,
        ...reports.filter(([replica]) => !this.pausedOnce.has(replica)).map(([, report]) => report.longestWaitMs),
      ),
      wantedTokenRequests:
        1 + Math.floor(elapsedMs / (USED_SHARE_OF_LIFE * 1_000 * this.tokenLifeSeconds)) + this.extraTokens,
      recoveryMs: this.recoveryMs(reports.map(([, report]) => report)),
      isContested,
      failures,
    };
  }

  /** Closes every application and hands the processes back. */
  async close(): Promise<void> {
    await this.each(async (replica) => {
      this.running.delete(replica);
      await replica.call('close');
      this.cast.farm.release(replica);
    });
  }

  private recoveryMs(reports: readonly LoadReport[]): number | undefined {
    const { faultEndedAt, agreedAt } = this;
    if (faultEndedAt === undefined || agreedAt === undefined) return undefined;
    const moments = reports.flatMap(({ firstSuccess, lastFailure }) => [firstSuccess ?? Infinity, lastFailure ?? 0]);
    return Math.max(0, ...[agreedAt, ...moments].map((moment) => moment - faultEndedAt));
  }

  private agree(statuses: readonly ReplicaStatus[]): boolean {
    if (!statuses.every(({ state }) => state === 'valid')) return false;
    if (this.cast.strategy === 'per-process') return true;
    const [first] = statuses;
    return first !== undefined && first.generation > 0 && statuses.every((s) => s.generation === first.generation);
  }

  private statuses(): Promise<ReplicaStatus[]> {
    return this.each((replica) => replica.call('status'));
  }

  private each<T>(act: (replica: Replica) => Promise<T>): Promise<T[]> {
    return Promise.all([...this.running].map(act));
  }

  private options(): ReplicaOptions {
    const { redis, replicas } = this.cast;
    const { baseUrl, keyPrefix } = this;
    const store = redis && { redisUrl: redis.url, keyPrefix, encryptionKeys: ENCRYPTION_KEYS };
    const tokenSharing = store && (this.isPatient ? store : { ...store, leaseMs: LEASE_MS, drainMs: DRAIN_MS });
    const timeoutMs = this.isPatient ? PATIENT_TOKEN_TIMEOUT_MS : TOKEN_TIMEOUT_MS;
    return { ...CLIENT, baseUrl, timeoutMs, replicas, tokenSharing };
  }
}
