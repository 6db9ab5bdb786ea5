import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { autopayContractScheme } from './autopay-contract-scheme';
import { achReturnScheme, onboardingScheme, scudoScheme } from './hmac-schemes';
import {
  accountValidatorScheme,
  autopayScheme,
  checkoutScheme,
  gatewayScheme,
  gatewaySessionScheme,
  msvScheme,
  paymentLinkScheme,
} from './joined-text-schemes';
import { micrositeAuthScheme } from './microsite-auth-scheme';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { type PlacetopayNotifications } from './placetopay-notification-types';
import { tokenRequestorScheme } from './token-requestor-scheme';

export { type PlacetopayNotifications } from './placetopay-notification-types';

/**
 * How each product's notifications are verified.
 *
 * Two are missing because Placetopay documents no formula for them: the notification of a recurring Checkout charge (it has no
 * `requestId`), and the signature in the answers of Self-declarations (how its digest is written is not stated).
 */
export const PLACETOPAY_NOTIFICATION_SCHEMES: {
  readonly [Product in keyof PlacetopayNotifications]: NotificationScheme<
    PlacetopayNotificationMerchant,
    PlacetopayNotifications[Product]
  >;
} = Object.freeze({
  checkout: checkoutScheme,
  'payment-link': paymentLinkScheme,
  gateway: gatewayScheme,
  'gateway-session': gatewaySessionScheme,
  'ach-return': achReturnScheme,
  autopay: autopayScheme,
  'autopay-contract': autopayContractScheme,
  'account-validator': accountValidatorScheme,
  onboarding: onboardingScheme,
  'token-requestor': tokenRequestorScheme,
  scudo: scudoScheme,
  msv: msvScheme,
  'microsite-auth': micrositeAuthScheme,
});
