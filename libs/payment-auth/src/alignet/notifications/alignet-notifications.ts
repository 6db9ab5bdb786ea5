import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { ALIGNET_NOTIFICATION, type AlignetNotification } from './alignet-notification';
import { type AlignetNotificationMerchant } from './alignet-notification-merchant';
import { ALIGNET_REDIRECT, type AlignetRedirect } from './alignet-redirect';

/** What of Alignet's can be verified, by the name of its scheme. */
export interface AlignetNotifications {
  readonly notification: AlignetNotification;
  readonly redirect: AlignetRedirect;
}

export const ALIGNET_NOTIFICATION_SCHEMES: {
  readonly [Name in keyof AlignetNotifications]: NotificationScheme<
    AlignetNotificationMerchant,
    AlignetNotifications[Name]
  >;
} = Object.freeze({ notification: ALIGNET_NOTIFICATION, redirect: ALIGNET_REDIRECT });

/** `transaction.state` of a payment that was made. */
const PAID = 'AUTORIZADO';

/**
 * Whether it says that the payment was made. Neither `success` nor `meta.status.code` does: they say that the service
 * answered. A later state of the same transaction (`EXTORNADO`) takes it back.
 *
 * @see https://docs.pay-me.com, "Consulta" (read 2026-11)
 */
export function isAlignetPaid(event: AlignetNotification | AlignetRedirect): boolean {
  return event.signed.transaction.state === PAID;
}
