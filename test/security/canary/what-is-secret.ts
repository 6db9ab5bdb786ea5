import { type PaymentAuthModuleOptions } from 'nestjs-payment-auth';

/** What an option is: a secret, open to everybody, or a block of further options. */
type Kind = 'secret' | 'open' | 'block';

const open = (names: string): Record<string, Kind> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, 'open'] as const),
  );

/** The blocks of the module's options; the compiler asks for one that is missing. */
export const MODULE_OPTIONS: Readonly<Record<keyof PaymentAuthModuleOptions, Kind>> = {
  alignet: 'block',
  placetopay: 'block',
  netzme: 'block',
  accessTokens: 'block',
  notifications: 'block',
  secrets: 'block',
  tokenSharing: 'block',
  replicas: 'open',
};

/** Every class of options the library has, and what each of its options is. A secret's canary is called `Class.option`. */
export const LIBRARY_OPTIONS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  AccessTokenOptions: open('stores storeTimeoutMs'),
  AlignetMerchantOptions: {
    ...open(`environment clientId merchantCode authBaseUrl apiBaseUrl assetsBaseUrl audience apiVersion scope nonceScope
      timeoutMs refreshMarginMs assumedLifetimeSeconds`),
    clientSecret: 'secret',
    notifications: 'block',
  },
  AlignetNotificationOptions: open('publicKeys redirectSignedData'),
  NetzmeMerchantOptions: {
    ...open(`environment clientId api baseUrl tokenPath unsignedPathPrefix escapeNonAscii timeoutMs refreshMarginMs
      assumedLifetimeSeconds`),
    clientSecret: 'secret',
    notifications: 'block',
  },
  NetzmeNotificationOptions: {
    ...open(`publicKeys allowWeakKeys toleranceSeconds callbackPath removedPathPrefix merchantIds acceptGoNumberForms`),
    callbackToken: 'secret',
  },
  NotificationOptions: open('replayStore replayStoreTimeoutMs maxBodyBytes'),
  PlacetopayAutopayContractOptions: { ...open('user'), password: 'secret' },
  PlacetopayMerchantOptions: {
    ...open(`environment brand login checkoutBaseUrl paymentLinksBaseUrl additionalBaseUrls digestAlgorithm
      clockSkewSeconds`),
    secretKey: 'secret',
    notifications: 'block',
  },
  PlacetopayMicrositeAuthOptions: { ...open('login'), secretKey: 'secret' },
  PlacetopayNotificationOptions: {
    ...open('acceptSha1 toleranceSeconds scudoNotificationUrl tokenRequestorData'),
    onboardingSigningSecrets: 'secret',
    scudoSecretKey: 'secret',
    msvSecretToken: 'secret',
    autopayContract: 'block',
    micrositeAuth: 'block',
  },
  RequestLimitOptions: open('requestTimeoutMs maxResponseBytes'),
  SecretReloadOptions: open('reloadEverySeconds'),
  TokenSharingOptions: {
    ...open('client keyPrefix storeTimeoutMs leaseMs drainMs'),
    redisUrl: 'secret',
    encryptionKeys: 'secret',
  },
};

/** Every variable of the demo that is a secret, and the option it ends up in. */
export const SECRET_VARIABLES: Readonly<Record<string, string>> = {
  ALIGNET_CLIENT_SECRET: 'AlignetMerchantOptions.clientSecret',
  NETZME_CALLBACK_TOKENS: 'NetzmeNotificationOptions.callbackToken',
  NETZME_CLIENT_SECRET: 'NetzmeMerchantOptions.clientSecret',
  PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD: 'PlacetopayAutopayContractOptions.password',
  PLACETOPAY_MICROSITE_SECRET_KEY: 'PlacetopayMicrositeAuthOptions.secretKey',
  PLACETOPAY_MSV_SECRET_TOKEN: 'PlacetopayNotificationOptions.msvSecretToken',
  PLACETOPAY_ONBOARDING_SECRETS: 'PlacetopayNotificationOptions.onboardingSigningSecrets',
  PLACETOPAY_SCUDO_SECRET_KEY: 'PlacetopayNotificationOptions.scudoSecretKey',
  PLACETOPAY_SECRET_KEY: 'PlacetopayMerchantOptions.secretKey',
  REDIS_URL: 'TokenSharingOptions.redisUrl',
  TOKEN_ENCRYPTION_KEYS: 'TokenSharingOptions.encryptionKeys',
};

/** And those that are the demo's own; their canaries have their names. */
export const OWN_SECRET_VARIABLES: readonly string[] = ['CONSOLE_ACCESS_TOKEN'];

/** And every one that is none. */
export const OPEN_VARIABLES: readonly string[] = Object.keys(
  open(`PAYMENT_ENV PORT HOST LOG_LEVEL HEALTH_CACHE_SECONDS REPLICAS
    ALIGNET_CLIENT_ID ALIGNET_CLIENT_SECRET_FILE ALIGNET_MERCHANT_CODE ALIGNET_AUTH_BASE_URL ALIGNET_API_BASE_URL
    ALIGNET_ASSETS_BASE_URL ALIGNET_AUDIENCE ALIGNET_API_VERSION ALIGNET_SCOPE ALIGNET_PUBLIC_KEYS
    ALIGNET_REDIRECT_SIGNED_DATA
    PLACETOPAY_LOGIN PLACETOPAY_SECRET_KEY_FILE PLACETOPAY_BRAND PLACETOPAY_CHECKOUT_BASE_URL
    PLACETOPAY_PAYMENT_LINKS_BASE_URL PLACETOPAY_DIGEST_ALGORITHM PLACETOPAY_CLOCK_SKEW_SECONDS
    PLACETOPAY_WEBHOOK_ACCEPT_SHA1 PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS PLACETOPAY_SCUDO_NOTIFICATION_URL
    PLACETOPAY_AUTOPAY_CONTRACT_USER PLACETOPAY_MICROSITE_LOGIN PLACETOPAY_TOKEN_REQUESTOR_DATA
    NETZME_CLIENT_ID NETZME_CLIENT_SECRET_FILE NETZME_API NETZME_BASE_URL NETZME_MERCHANT_IDS
    NETZME_CALLBACK_PUBLIC_KEYS NETZME_CALLBACK_ALLOW_WEAK_KEYS NETZME_CALLBACK_TOLERANCE_SECONDS NETZME_CALLBACK_PATH
    NETZME_CALLBACK_REMOVED_PATH_PREFIX NETZME_CALLBACK_ACCEPT_GO_NUMBERS
    SIMULATOR_ALIGNET_PORT SIMULATOR_PLACETOPAY_PORT SIMULATOR_NETZME_PORT SIMULATOR_CONTROL_PORT`),
);
