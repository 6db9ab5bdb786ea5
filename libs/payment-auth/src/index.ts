// First: an options class loaded before Nest needs the metadata API to be there.
import 'reflect-metadata';

export { PaymentAuthModule } from './payment-auth.module';
export {
  AccessTokenOptions,
  type PaymentAuthModuleOptions,
  type PaymentAuthOptionsFactory,
  SecretReloadOptions,
} from './payment-auth.options';
export { PAYMENT_AUTH_CLOCK, PAYMENT_AUTH_RANDOM } from './core/tokens';
export { type Clock } from './core/clock';
export { type RandomSource } from './core/random';
export { type AccessToken } from './core/access-token';
export { type AccessTokenStatus } from './core/access-token-keeper';
export { type RedisClientLike, type RedisSubscriberLike, type TokenSharingStatus } from './core/sharing/token-sharing';
export {
  type TextSource,
  type TokenEncryptionKeyOption,
  TokenSharingOptions,
} from './core/sharing/token-sharing.options';
export { type MerchantSelection } from './core/merchants';
export {
  AccessTokenError,
  type ConfigProblem,
  type ExchangeSummary,
  type Gateway,
  GatewayTransportError,
  NonceError,
  PaymentAuthConfigError,
  PaymentAuthError,
  type PaymentAuthErrorCode,
  SignatureVerificationError,
  type SignatureVerificationReason,
  UnsignableRequestError,
  type UnsignableReason,
} from './core/errors';
export { type ConfirmationQuery, confirmByQuery } from './core/inbound/confirm-by-query';
export { type InboundRequest } from './core/inbound/inbound-request';
export { type JsonObject } from './core/inbound/json-payload';
export { type VerifiedNotification as VerifiedNotificationEvent } from './core/inbound/notification-scheme';
export { RedisReplayStore } from './core/inbound/redis-replay-store';
export { MemoryReplayStore, type ReplayClaim, type ReplayStore } from './core/inbound/replay-store';
export { PaymentAuthSecrets } from './core/payment-auth-secrets';
export { type RotatingSecret, type SecretOption, type SecretSource } from './core/secret';
export { type NotificationStatistics } from './notifications/notification-counts';
export { NotificationOptions } from './notifications/notification.options';
export {
  type NotificationGateway,
  type NotificationSchemeName,
  type NotificationTypes,
} from './notifications/notification.types';
export { verifiedNotificationOf } from './notifications/notification-metadata';
export { NotificationReplays } from './notifications/notification-replays';
export { NotificationVerifier } from './notifications/notification-verifier';
export { NotificationEvent, VerifiedNotification } from './notifications/verified-notification.decorator';

export {
  type AlignetCallOptions,
  type AlignetCheckoutSession,
  type AlignetNonce,
  AlignetNonceService,
  type CreateNonceOptions,
} from './alignet/alignet-nonce.service';
export { type AlignetEnvironment, AlignetMerchantOptions, type AlignetOptions } from './alignet/alignet.options';
export { type AlignetNotification, verifyAlignetNotification } from './alignet/notifications/alignet-notification';
export {
  AlignetNotificationOptions,
  type AlignetRedirectSignedData,
} from './alignet/notifications/alignet-notification.options';
export {
  alignetNotificationMerchant,
  type AlignetNotificationMerchant,
} from './alignet/notifications/alignet-notification-merchant';
export { type AlignetNotifications, isAlignetPaid } from './alignet/notifications/alignet-notifications';
export {
  type AlignetRedirect,
  type AlignetRedirectSignedForm,
  verifyAlignetRedirect,
} from './alignet/notifications/alignet-redirect';
export {
  type AlignetPayload,
  type AlignetResult,
  type AlignetTransactionState,
} from './alignet/notifications/alignet-result';

export {
  createPlacetopayAuth,
  formatPlacetopaySeed,
  type PlacetopayAuth,
  type PlacetopayAuthInputs,
  type PlacetopayDigestAlgorithm,
  placetopayTranKey,
} from './placetopay/placetopay-auth';
export {
  PlacetopayAutopayContractOptions,
  PlacetopayMicrositeAuthOptions,
  PlacetopayNotificationOptions,
  type PlacetopaySha1Until,
  type PlacetopayTokenRequestorData,
} from './placetopay/notifications/placetopay-notification.options';
export {
  type PlacetopayNotificationMerchant,
  placetopayNotificationMerchant,
} from './placetopay/notifications/placetopay-notification-merchant';
export {
  placetopayNotificationSignature,
  type PlacetopaySignedFields,
  type PlacetopaySignedProduct,
} from './placetopay/notifications/placetopay-notification-signature';
export {
  type PlacetopayAccountValidatorNotification,
  type PlacetopayAchReturnNotification,
  type PlacetopayAutopayContractRequest,
  type PlacetopayAutopayNotification,
  type PlacetopayCheckoutNotification,
  type PlacetopayGatewayNotification,
  type PlacetopayGatewaySessionNotification,
  type PlacetopayMicrositeRequest,
  type PlacetopayMsvNotification,
  type PlacetopayNotificationProduct,
  type PlacetopayNotifications,
  type PlacetopayNotificationStatus,
  type PlacetopayOnboardingNotification,
  type PlacetopayPaymentLinkNotification,
  type PlacetopayScudoNotification,
  type PlacetopayTokenRequestorNotification,
} from './placetopay/notifications/placetopay-notification-types';
export { verifyPlacetopayNotification } from './placetopay/notifications/verify-placetopay-notification';
export { PlacetopayAuthInterceptor } from './placetopay/placetopay-auth.interceptor';
export { PlacetopayAuthService } from './placetopay/placetopay-auth.service';
export { type PlacetopayAuthenticationCode } from './placetopay/placetopay.constants';
export {
  decodePlacetopayFailure,
  type PlacetopayAnswer,
  PlacetopayError,
  type PlacetopayFailureReason,
} from './placetopay/placetopay-failure';
export {
  PlacetopayHttpService,
  type PlacetopayProduct,
  type PlacetopaySelection,
} from './placetopay/placetopay-http.service';
export { type PlacetopaySecrets } from './placetopay/placetopay-secrets';
export {
  type PlacetopayBrand,
  type PlacetopayEnvironment,
  PlacetopayMerchantOptions,
  type PlacetopayOptions,
} from './placetopay/placetopay.options';

export { minifyJson } from './netzme/minify-json';
export { NetzmeAccessTokenService, type NetzmeCallOptions } from './netzme/netzme-access-token.service';
export { NetzmeHttpService } from './netzme/netzme-http.service';
export {
  netzmeBasicAuthorization,
  netzmeSignature,
  type NetzmeSignedHeaders,
  netzmeSigningKey,
  type NetzmeSigningRequest,
  signNetzmeRequest,
} from './netzme/netzme-signature';
export { NetzmeSigningInterceptor } from './netzme/netzme-signing.interceptor';
export { confirmNetzmeCallback, type NetzmeConfirmation } from './netzme/notifications/confirm-netzme-callback';
export { type NetzmeSnapResult } from './netzme/notifications/netzme-callback';
export { NetzmeNotificationOptions } from './netzme/notifications/netzme-notification.options';
export {
  netzmeNotificationMerchant,
  type NetzmeNotificationMerchant,
} from './netzme/notifications/netzme-notification-merchant';
export { type NetzmeNotifications } from './netzme/notifications/netzme-notifications';
export {
  isNetzmeSuccess,
  type NetzmeSnapCallback,
  type NetzmeSnapSigned,
  verifyNetzmeSnapCallback,
} from './netzme/notifications/netzme-snap-callback';
export { type NetzmeTokenCallback, verifyNetzmeCallbackToken } from './netzme/notifications/netzme-token-callback';
export {
  netzmeSnapBodyHash,
  type NetzmeSnapBodyForm,
  type NetzmeSnapSignatureInputs,
  netzmeSnapStringToSign,
} from './netzme/notifications/snap-string-to-sign';
export {
  type NetzmeCallbackClaims,
  parseUnsignedNetzmeCallback,
  type UnsignedNetzmeCallback,
} from './netzme/notifications/unsigned-netzme-callback';
export { type NetzmeSignatureInputs, netzmeStringToSign, netzmeStringToSignPrefix } from './netzme/string-to-sign';
export {
  type NetzmeApi,
  type NetzmeEnvironment,
  NetzmeMerchantOptions,
  type NetzmeOptions,
} from './netzme/netzme.options';
