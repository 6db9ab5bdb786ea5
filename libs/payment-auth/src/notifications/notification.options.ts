import { IsOptional } from 'class-validator';
import { type ReplayStore } from '../core/inbound/replay-store';
import { IsObjectWith, IsWholeNumber } from '../core/validation';

/** Inbound notifications of all gateways. What is verified with stands in each gateway's block. */
export class NotificationOptions {
  /**
   * Where handled notifications are remembered, so that copies are handled once. Several replicas need one they share, e.g.
   * `new RedisReplayStore(client)`; without one, `replicas` above 1 is refused at start where a scheme must refuse every copy.
   * @default the Redis of `tokenSharing`; without it, this process's memory
   */
  @IsOptional()
  @IsObjectWith(['claim', 'complete', 'release'], 'a ReplayStore, e.g. new RedisReplayStore(client)')
  replayStore?: ReplayStore;

  /** Deadline of every call to that store, in milliseconds. @default 250 */
  @IsOptional()
  @IsWholeNumber('milliseconds', 1, 10_000)
  replayStoreTimeoutMs?: number;
}

export interface ResolvedNotificationOptions {
  readonly replayStore: ReplayStore | undefined;
  readonly replayStoreTimeoutMs: number;
}
