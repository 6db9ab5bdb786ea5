// First: an options class loaded before Nest needs the metadata API to be there.
import 'reflect-metadata';

export { PaymentAuthModule } from './payment-auth.module';
export {
  AccessTokenOptions,
  type PaymentAuthModuleOptions,
  type PaymentAuthOptionsFactory,
} from './payment-auth.options';
export { PAYMENT_AUTH_CLOCK, PAYMENT_AUTH_RANDOM } from './core/tokens';
export { type Clock } from './core/clock';
export { type RandomSource } from './core/random';
export { type AccessToken } from './core/access-token';
export { type AccessTokenStatus } from './core/access-token-keeper';
export { type RedisClientLike, type RedisSubscriberLike, type TokenSharingStatus } from './core/sharing/token-sharing';
export { type TokenEncryptionKeyOption, TokenSharingOptions } from './core/sharing/token-sharing.options';
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
  UnsignableRequestError,
  type UnsignableReason,
} from './core/errors';

export {
  type AlignetCallOptions,
  type AlignetCheckoutSession,
  type AlignetNonce,
  AlignetNonceService,
  type CreateNonceOptions,
} from './alignet/alignet-nonce.service';
export { type AlignetEnvironment, AlignetMerchantOptions, type AlignetOptions } from './alignet/alignet.options';

export {
  createPlacetopayAuth,
  formatPlacetopaySeed,
  type PlacetopayAuth,
  type PlacetopayAuthInputs,
  type PlacetopayDigestAlgorithm,
  placetopayTranKey,
} from './placetopay/placetopay-auth';
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
export { type NetzmeSignatureInputs, netzmeStringToSign, netzmeStringToSignPrefix } from './netzme/string-to-sign';
export {
  type NetzmeApi,
  type NetzmeEnvironment,
  NetzmeMerchantOptions,
  type NetzmeOptions,
} from './netzme/netzme.options';
