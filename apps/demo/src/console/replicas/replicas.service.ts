import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { EnvironmentVariables } from '../../config/environment';
import { type Replicas } from '../contract';
import { type Replica, ReplicaStore } from './replica-store';
import { ReplicaTokens } from './replica-tokens';

const BEAT_MS = 1_000;
/** The first may come before the connection does. */
const MISSED_WHEN_AWAY = 2;

/** The processes that share tokens through Redis, each by what it says of itself. */
@Injectable()
export class ReplicasService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly id = randomUUID();
  private readonly startedAt = new Date().toISOString();
  private readonly store: ReplicaStore | undefined;
  private beating: NodeJS.Timeout | undefined;
  private missedBeats = 0;
  private isReachable: boolean | undefined;

  constructor(
    private readonly tokens: ReplicaTokens,
    { REDIS_URL }: EnvironmentVariables,
  ) {
    this.store = REDIS_URL === undefined ? undefined : new ReplicaStore(REDIS_URL);
  }

  onApplicationBootstrap(): void {
    if (this.store === undefined) return;
    this.beating = setInterval(() => void this.beat(), BEAT_MS);
    void this.beat();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.beating);
    await this.store?.forget(this.id).catch(() => undefined);
    this.store?.close();
  }

  /** Whether Redis takes what this process says of itself, once a second; `undefined` before that is known, and without Redis. */
  get isStoreReachable(): boolean | undefined {
    return this.isReachable;
  }

  /** With Redis away, this one alone. */
  async replicas(): Promise<Replicas> {
    const self = this.own();
    const others = ((await this.store?.all().catch(() => [])) ?? []).filter(({ id }) => id !== self.id);
    const replicas = [...others, self].sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
    return { isShared: this.store !== undefined, self: self.id, replicas };
  }

  private async beat(): Promise<void> {
    try {
      await this.store?.tell(this.own());
      this.missedBeats = 0;
      this.isReachable = true;
    } catch {
      // While Redis is away there is nobody to tell; the next beat does.
      this.missedBeats += 1;
      if (this.missedBeats >= MISSED_WHEN_AWAY) this.isReachable = false;
    }
  }

  private own(): Replica {
    return {
      id: this.id,
      pid: process.pid,
      host: hostname(),
      startedAt: this.startedAt,
      seenAt: new Date().toISOString(),
      tokens: this.tokens.look(),
    };
  }
}
