import { type AlignetNotifications } from '../alignet/notifications/alignet-notifications';
import { type NetzmeNotifications } from '../netzme/notifications/netzme-notifications';
import { type PlacetopayNotifications } from '../placetopay/notifications/placetopay-notifications';

/** Every notification that can be verified: gateway, then scheme, then the event a controller gets. */
export interface NotificationTypes {
  readonly alignet: AlignetNotifications;
  readonly placetopay: PlacetopayNotifications;
  readonly netzme: NetzmeNotifications;
}

export type NotificationGateway = keyof NotificationTypes;
export type NotificationSchemeName<G extends NotificationGateway> = keyof NotificationTypes[G] & string;
