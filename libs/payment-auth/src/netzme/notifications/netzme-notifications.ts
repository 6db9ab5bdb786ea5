import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { type NetzmeNotificationMerchant } from './netzme-notification-merchant';
import { NETZME_SNAP_CALLBACK, type NetzmeSnapCallback } from './netzme-snap-callback';
import { NETZME_TOKEN_CALLBACK, type NetzmeTokenCallback } from './netzme-token-callback';

/**
 * What of Netzme's can be verified, by the name of its scheme. The callbacks of the legacy merchant API are not here, because
 * nothing in them can be: see {@link parseUnsignedNetzmeCallback}.
 */
export interface NetzmeNotifications {
  readonly 'snap-v1': NetzmeTokenCallback;
  readonly 'snap-v2': NetzmeSnapCallback;
}

export const NETZME_NOTIFICATION_SCHEMES: {
  readonly [Name in keyof NetzmeNotifications]: NotificationScheme<
    NetzmeNotificationMerchant,
    NetzmeNotifications[Name]
  >;
} = Object.freeze({ 'snap-v1': NETZME_TOKEN_CALLBACK, 'snap-v2': NETZME_SNAP_CALLBACK });
