import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type AccessTokenKeeper } from '../access-token-keeper';
import { type Clock } from '../clock';
import { conceal } from '../conceal';
import { RedisReplayStore } from '../inbound/redis-replay-store';
import { type ReplayStore } from '../inbound/replay-store';
import { type ObtainedToken } from '../token-source';
import { RedisTokenState, type RedisCommands } from './redis-token-state';
import { SharedTokenSource } from './shared-token-source';
import { type TokenCipher } from './token-cipher';

/** As much of a node-redis client as we use. */
export interface RedisClientLike extends RedisCommands {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  duplicate(): RedisSubscriberLike;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

export interface RedisSubscriberLike {
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

export interface TokenSharingSettings {
  readonly prefix: string;
  readonly storeTimeoutMs: number;
  readonly leaseMs: number | undefined;
  readonly drainMs: number;
}

/** How the shared store is doing. */
export interface TokenSharingStatus {
  readonly isReachable: boolean;
  /** Calls to Redis by this process. Signing makes none. */
  readonly storeCalls: number;
}

interface Shared {
  readonly state: RedisTokenState;
  readonly source: SharedTokenSource;
  readonly drainMs: number;
  readonly leaseMs: number;
  keeper: AccessTokenKeeper | undefined;
}

type Message =
  | { readonly type: 'renewed'; readonly generation: number }
  | { readonly type: 'drain'; readonly generation: number; readonly id: string }
  | { readonly type: 'drained'; readonly id: string };

/** A lease must outlive the token request it is for, with room for the store calls and the drain around it. */
const LEASE_SPARE_MS = 5_000;
/** While the store is away, or holds less than we do, it is asked this often. */
const WATCH_MS = 500;
const RECONCILE_TRIES = 3;
/** A Redis that has not answered the first connection by then counts as unreachable until it does. */
const FIRST_CONNECT_LIMIT_MS = 1_000;

/** The shared store of one module registration: connections, messages between replicas, and what to do when it comes back. */
export class TokenSharing {
  private readonly logger = new Logger('PaymentAuth');
  private readonly owner = randomUUID();
  private readonly shared = new Map<string, Shared>();
  private readonly drains = new Map<string, (acknowledged: number) => void>();
  private readonly subscriber: RedisSubscriberLike;
  private readonly onReady = (): void => this.reconcileAll();
  private readonly opened: Promise<void>;
  private watching: NodeJS.Timeout | undefined;
  private reachable = true;
  private storeCalls = 0;
  private isClosed = false;

  constructor(
    private readonly client: RedisClientLike,
    private readonly isOwnClient: boolean,
    private readonly settings: TokenSharingSettings,
    private readonly clock: Clock,
  ) {
    // Leads to the connection, and with it to the password.
    conceal(this, '[TokenSharing]');
    this.opened = firstOf(client, ['ready', 'error'], FIRST_CONNECT_LIMIT_MS);
    // Without a listener an error event would end the process; what is wrong is told when a call fails.
    client.on('error', () => undefined);
    client.on('ready', this.onReady);
    this.subscriber = client.duplicate();
    this.subscriber.on('error', () => undefined);
    // Messages may have been missed while the subscription was down.
    this.subscriber.on('ready', this.onReady);
    if (!client.isOpen) this.connect(client);
    this.connect(this.subscriber);
  }

  status(): TokenSharingStatus {
    return { isReachable: this.reachable, storeCalls: this.storeCalls };
  }

  /** The source of one token. `attach` gives it the keeper that uses it. */
  source(
    key: string,
    cipher: TokenCipher,
    requestTimeoutMs: number,
    onUnavailable: () => Error,
  ): { source: SharedTokenSource; attach: (keeper: AccessTokenKeeper) => void } {
    const leaseMs = this.settings.leaseMs ?? requestTimeoutMs + LEASE_SPARE_MS;
    const state = new RedisTokenState(this.client, cipher, {
      key,
      prefix: this.settings.prefix,
      owner: this.owner,
      leaseMs,
      timeoutMs: this.settings.storeTimeoutMs,
      opened: this.opened,
      onReachable: (reachable, why) => this.report(reachable, why),
      onCall: () => (this.storeCalls += 1),
    });
    const source = new SharedTokenSource({
      state,
      clock: this.clock,
      leaseMs,
      drainReplicas: (generation) => this.drainReplicas(shared, generation),
      isConnected: () => this.client.isReady,
      onUnpublished: () => this.watch(),
      onUnavailable,
    });
    const shared: Shared = { state, source, drainMs: this.settings.drainMs, leaseMs, keeper: undefined };
    this.shared.set(key, shared);
    this.subscribe(shared);
    return { source, attach: (keeper) => (shared.keeper = keeper) };
  }

  /** Of the same Redis, for notifications. */
  replayStore(): ReplayStore {
    const evaluate: RedisCommands['eval'] = async (script, options) => {
      await this.opened;
      return this.client.eval(script, options);
    };
    return new RedisReplayStore({ eval: evaluate }, { keyPrefix: this.settings.prefix });
  }

  /** Never waits for Redis: with the server gone, a polite goodbye would hang. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.watching);
    this.client.off('ready', this.onReady);
    end(this.subscriber);
    if (this.isOwnClient) end(this.client);
  }

  private connect(client: { connect(): Promise<unknown> }): void {
    client.connect().catch((error: unknown) => {
      if (!this.isClosed) this.report(false, error instanceof Error ? error.message : 'cannot connect');
    });
  }

  private subscribe(shared: Shared): void {
    const listen = (): void => {
      this.subscriber
        .subscribe(shared.state.channel, (message) => this.receive(shared, message))
        .catch(() => undefined);
    };
    // Offline, node-redis keeps the subscription for when it is connected.
    listen();
  }

  private receive(shared: Shared, text: string): void {
    const message = parseMessage(text);
    if (message?.type === 'renewed') void this.takeOver(shared, message.generation);
    if (message?.type === 'drain') void this.drain(shared, message);
    if (message?.type === 'drained') this.drains.get(message.id)?.(1);
  }

  private async takeOver(shared: Shared, generation: number): Promise<void> {
    shared.source.news();
    const held = shared.keeper?.status().generation ?? 0;
    if (generation <= held) return;
    const read = await shared.state.read();
    if (read.state === 'token') shared.keeper?.offer(shared.source.fromStore(read.token));
    shared.source.news();
  }

  private async drain(shared: Shared, { generation, id }: { generation: number; id: string }): Promise<void> {
    shared.keeper?.retire(generation, shared.leaseMs);
    await shared.keeper?.drained();
    await shared.state.tell({ type: 'drained', id });
  }

  private async drainReplicas(shared: Shared, generation: number): Promise<void> {
    const id = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, shared.drainMs)));
    let acknowledged = 0;
    let expected = Number.POSITIVE_INFINITY;
    const all = new Promise<void>((resolve) => {
      this.drains.set(id, (count) => {
        acknowledged += count;
        if (acknowledged >= expected) resolve();
      });
    });
    expected = await shared.state.tell({ type: 'drain', generation, id });
    this.drains.get(id)?.(0);
    await Promise.race([all, limit]);
    clearTimeout(timer);
    this.drains.delete(id);
  }

  private reconcileAll(): void {
    for (const shared of this.shared.values()) void this.reconcile(shared);
  }

  /** A store that was frozen sends no event when it is back, and a look of ours may have missed its deadline. */
  private watch(): void {
    if (this.watching !== undefined || this.isClosed) return;
    this.watching = setInterval(() => {
      const isSettled = [...this.shared.values()].every(({ keeper }) => keeper?.current()?.isPublished !== false);
      if (this.reachable && isSettled) {
        clearInterval(this.watching);
        this.watching = undefined;
      } else {
        this.reconcileAll();
      }
    }, WATCH_MS);
    this.watching.unref();
  }

  /**
   * After a time without the store: take what is newer there, give what it has lost, and publish what was obtained meanwhile,
   * unless the others have moved on. Refused, it looks again; the watch goes on after that.
   */
  private async reconcile(shared: Shared, tries = RECONCILE_TRIES): Promise<void> {
    const { keeper, state, source } = shared;
    const read = await source.look();
    if (read.state === 'unreachable' || keeper === undefined) return;
    keeper.forgiveRejections();
    await source.releaseForgottenLease();
    if (read.state === 'token') keeper.offer(source.fromStore(read.token));
    source.news();
    const current = keeper.current();
    if (current === undefined) return;
    const isAccepted = await this.give(current, read.generation, keeper, state);
    if (!isAccepted && tries > 1) await this.reconcile(shared, tries - 1);
  }

  private async give(
    current: ObtainedToken,
    storedGeneration: number,
    keeper: AccessTokenKeeper,
    state: RedisTokenState,
  ): Promise<boolean> {
    const { token, lifetimeMs, generation, isPublished } = current;
    const { value, obtainedAt, expiresAt } = token;
    const stored = { value, obtainedAt, expiresAt, lifetimeMs };
    if (isPublished) return generation <= storedGeneration || state.restore({ ...stored, generation });
    if (storedGeneration !== generation && storedGeneration !== 0) {
      keeper.drop(value);
      return true;
    }
    const published = await state.publish(storedGeneration, stored);
    if (published.state !== 'published') return false;
    keeper.offer({ ...current, generation: published.generation, isPublished: true });
    return true;
  }

  private report(reachable: boolean, why: string): void {
    if (reachable === this.reachable || this.isClosed) return;
    this.reachable = reachable;
    this.watch();
    if (reachable) this.logger.log('The shared token store answers again.');
    else this.logger.warn(`The shared token store does not answer (${why}); going on with tokens in memory.`);
  }
}

/** Also one that is only just connecting: node-redis would finish that, and the connection keep the process from ending. */
function end(client: Pick<RedisSubscriberLike, 'destroy' | 'on'>): void {
  client.destroy();
  client.on('connect', () => client.destroy());
}

/** Resolves with the first of the events, or after `limitMs`; at once for a client that is connected already. */
function firstOf(client: RedisClientLike, events: readonly string[], limitMs: number): Promise<void> {
  if (client.isReady) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      events.forEach((event) => client.off(event, done));
      resolve();
    };
    const timer = setTimeout(done, limitMs);
    timer.unref();
    events.forEach((event) => client.on(event, done));
  });
}

function parseMessage(text: string): Message | undefined {
  try {
    const { type, generation, id } = JSON.parse(text) as Record<string, unknown>;
    if (type === 'renewed' && typeof generation === 'number') return { type, generation };
    if (type === 'drain' && typeof generation === 'number' && typeof id === 'string') return { type, generation, id };
    if (type === 'drained' && typeof id === 'string') return { type, id };
    return undefined;
  } catch {
    return undefined;
  }
}
