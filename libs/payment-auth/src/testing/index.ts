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
export { type RsaTestKeys } from './rsa-test-keys';
