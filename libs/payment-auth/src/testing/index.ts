export {
  type AlignetTestEvent,
  alignetNotificationRequest,
  alignetRedirectRequest,
  alignetTestMessage,
  type AlignetTestRedirect,
  brokenAlignetNotifications,
  brokenAlignetRedirects,
  createAlignetTestKeys,
} from './alignet-notifications';
export { type BrokenNotification } from './broken-notification';
export { brokenPlacetopayNotifications } from './broken-placetopay-notifications';
export {
  brokenNetzmeSnapCallbacks,
  brokenNetzmeTokenCallbacks,
  createNetzmeTestKeys,
  netzmeLegacyCallbackRequest,
  netzmeSnapCallbackRequest,
  netzmeTestMessage,
  type NetzmeTestSnapCallback,
  netzmeTokenCallbackRequest,
} from './netzme-notifications';
export { placetopayNotificationRequest, type PlacetopayTestEvent } from './placetopay-notifications';
export { type RsaTestKeys } from './rsa-test-keys';
