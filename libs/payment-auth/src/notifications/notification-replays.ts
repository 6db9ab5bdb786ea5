import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Clock } from '../core/clock';
import { type ConfigProblem, SignatureVerificationError } from '../core/errors';
import { type NotificationScheme, type VerifiedNotification } from '../core/inbound/notification-scheme';
import { MemoryReplayStore, type ReplayClaim, type ReplayStore } from '../core/inbound/replay-store';
import { PAYMENT_AUTH_CLOCK, PAYMENT_AUTH_REPLAY_STORE, PAYMENT_AUTH_RESOLVED_OPTIONS } from '../core/tokens';
import { type ResolvedNotificationOptions } from './notification.options';

/** A handler that has not ended by then may have died with its process; a copy may be handled from then on. */
const HANDLING_LIMIT_MS = 60_000;

/** Sees to it that one notification is handled once, however often it is delivered. */
@Injectable()
export class NotificationReplays {
  private readonly logger = new Logger('PaymentAuth');
  /** What this process handled, which it knows whatever becomes of the store. */
  private readonly memory: MemoryReplayStore;
  private readonly store: ReplayStore | undefined;
  private readonly replicas: number;
  private readonly timeoutMs: number;

  constructor(
    @Inject(PAYMENT_AUTH_RESOLVED_OPTIONS)
    { notifications, replicas }: { notifications: ResolvedNotificationOptions; replicas: number },
    @Inject(PAYMENT_AUTH_CLOCK) clock: Clock,
    @Inject(PAYMENT_AUTH_REPLAY_STORE) store: ReplayStore | undefined,
  ) {
    this.memory = new MemoryReplayStore(clock);
    this.store = store;
    this.replicas = replicas;
    this.timeoutMs = notifications.replayStoreTimeoutMs;
  }

  /**
   * @internal Whether copies can be refused as the scheme needs it: where several processes each had their own memory, each
   * would accept one.
   */
  problemsOf(
    gateway: string,
    { name, onReplay }: Pick<NotificationScheme<never>, 'name' | 'onReplay'>,
  ): readonly ConfigProblem[] {
    const isShared = this.store !== undefined && !(this.store instanceof MemoryReplayStore);
    if (onReplay !== 'refuse' || this.replicas <= 1 || isShared) return [];
    return [
      {
        option: 'notifications.replayStore',
        problem: `must be one that all ${this.replicas} replicas share: each would accept one copy of a request that ${gateway} ${name} allows once; set tokenSharing, whose Redis is used for it, or new RedisReplayStore(client)`,
      },
    ];
  }

  /**
   * Runs `handle` for the first of a notification's copies, and for the next one when it failed.
   *
   * @param event must be verified: a claim for a forged one would shut out the true one
   * @param hasHandled whether it was handled, asked once `handle` has returned; where it was not, the next copy is handled.
   * @default yes: a `handle` that fails throws
   * @returns what `handle` gives; what the scheme answers where it gives nothing, and for a copy of a handled one
   * @throws {SignatureVerificationError} `replayed` where every request must be new, `in-progress` while the first copy is
   * being handled, `replay-store-unavailable` where the store must answer and does not
   */
  async handleOnce(
    scheme: Pick<NotificationScheme<never>, 'onReplay' | 'replayWindowMs' | 'acknowledgement'>,
    event: VerifiedNotification,
    handle: () => Promise<unknown>,
    hasHandled: () => boolean = () => true,
  ): Promise<unknown> {
    if (scheme.onReplay === 'accept') return await handle();
    if (scheme.onReplay === 'refuse') {
      await this.requireFirst(event, scheme.replayWindowMs);
      return await handle();
    }
    // Of this delivery and no other: not to be fixed with PAYMENT_AUTH_RANDOM.
    const owner = randomUUID();
    const claim = await this.claim(event, owner, HANDLING_LIMIT_MS);
    if (claim === 'done') return scheme.acknowledgement;
    if (claim === 'in-progress') {
      throw new SignatureVerificationError('in-progress', event.gateway, 'A copy of it is being handled.');
    }
    let isHandled = false;
    try {
      const result = await handle();
      isHandled = hasHandled();
      return isHandled && result === undefined ? scheme.acknowledgement : result;
    } finally {
      if (isHandled) await this.complete(event, scheme.replayWindowMs);
      else await this.release(event, owner);
    }
  }

  private async requireFirst(event: VerifiedNotification, windowMs: number): Promise<void> {
    const owner = randomUUID();
    const claim = await this.claim(event, owner, windowMs);
    if (claim === 'unavailable') {
      // Other processes cannot be asked; the sender may try again.
      await this.memory.release(event.replayKey, owner);
      throw new SignatureVerificationError(
        'replay-store-unavailable',
        event.gateway,
        'The store of used proofs does not answer.',
      );
    }
    if (claim !== 'claimed') {
      throw new SignatureVerificationError('replayed', event.gateway, 'This request came before.');
    }
  }

  private async claim(
    { replayKey }: VerifiedNotification,
    owner: string,
    holdMs: number,
  ): Promise<ReplayClaim | 'unavailable'> {
    const here = await this.memory.claim(replayKey, owner, holdMs);
    const { store } = this;
    if (here !== 'claimed' || store === undefined) return here;
    const claim = await this.attempt('claim', () => store.claim(replayKey, owner, holdMs));
    // Another process has it: that one's failure would be told to the store and not to us.
    if (claim !== 'claimed' && claim !== undefined) await this.memory.release(replayKey, owner);
    return claim ?? 'unavailable';
  }

  private async complete({ replayKey }: VerifiedNotification, keepMs: number): Promise<void> {
    await this.memory.complete(replayKey, keepMs);
    const { store } = this;
    if (store !== undefined) await this.attempt('remember', () => store.complete(replayKey, keepMs));
  }

  private async release({ replayKey }: VerifiedNotification, owner: string): Promise<void> {
    await this.memory.release(replayKey, owner);
    const { store } = this;
    if (store !== undefined) await this.attempt('release', () => store.release(replayKey, owner));
  }

  /**
   * A store that is away costs no notification: some gateways deliver once and never again. So a copy that another process
   * has handled comes through, unless the scheme must refuse every copy.
   */
  private async attempt<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    try {
      return await Promise.race([call(), deadline]);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown error';
      this.logger.warn(
        `The replay store failed to ${what} a notification (${why}); each process knows only the copies it handled itself.`,
      );
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
