import { IsOptional } from 'class-validator';
import { ALIGNET_NOTIFICATION_SCHEMES } from '../alignet/notifications/alignet-notifications';
import { type ReplayStore } from '../core/inbound/replay-store';
import { check, IsObjectWith, IsWholeNumber } from '../core/validation';
import { NETZME_NOTIFICATION_SCHEMES } from '../netzme/notifications/netzme-notifications';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from '../placetopay/notifications/placetopay-notifications';
import { type NotificationGateway, type NotificationSchemeName } from './notification.types';

const SCHEMES: Readonly<Record<NotificationGateway, object>> = {
  alignet: ALIGNET_NOTIFICATION_SCHEMES,
  placetopay: PLACETOPAY_NOTIFICATION_SCHEMES,
  netzme: NETZME_NOTIFICATION_SCHEMES,
};
/** More than that would make one forged notification a noticeable load again. */
const LARGEST_MAX_BODY_BYTES = 16 * 1024 * 1024;

/** By gateway and scheme, in bytes. */
export type MaxBodyBytes = {
  readonly [Gateway in NotificationGateway]?: { readonly [Scheme in NotificationSchemeName<Gateway>]?: number };
};

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

  /**
   * How many bytes the body of a notification may have, by gateway and scheme: `{ placetopay: { checkout: 65_536 } }`. A larger
   * one is refused before anything looks at it, with 413. What the framework reads is limited by the framework.
   * @default 262144 for every scheme
   */
  @IsOptional()
  @check('isMaxBodyBytes', maxBodyBytesProblem)
  maxBodyBytes?: MaxBodyBytes;
}

export interface ResolvedNotificationOptions {
  readonly replayStore: ReplayStore | undefined;
  readonly replayStoreTimeoutMs: number;
  readonly maxBodyBytes?: MaxBodyBytes | undefined;
}

function maxBodyBytesProblem(value: unknown): string | undefined {
  if (!isObject(value))
    return 'must be numbers of bytes by gateway and scheme, e.g. { placetopay: { checkout: 65536 } }';
  for (const [gateway, bytesByScheme] of Object.entries(value)) {
    const schemes = Object.hasOwn(SCHEMES, gateway) ? SCHEMES[gateway as NotificationGateway] : undefined;
    if (schemes === undefined) return `must name gateways that send notifications: ${Object.keys(SCHEMES).join(', ')}`;
    if (!isObject(bytesByScheme)) return `must have numbers of bytes by scheme for ${gateway}`;
    for (const [scheme, bytes] of Object.entries(bytesByScheme)) {
      if (!Object.hasOwn(schemes, scheme)) return `must name schemes of ${gateway}: ${Object.keys(schemes).join(', ')}`;
      if (!Number.isInteger(bytes) || Number(bytes) < 1 || Number(bytes) > LARGEST_MAX_BODY_BYTES) {
        return `must have a whole number of bytes from 1 to ${LARGEST_MAX_BODY_BYTES} for ${gateway}.${scheme}`;
      }
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
