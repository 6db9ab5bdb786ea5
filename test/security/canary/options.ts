import { type SimulatorPublicKeys, type SimulatorUrls } from '@payment-auth/gateway-simulator';
import { type PaymentAuthModuleOptions } from 'nestjs-payment-auth';
import { CLIENT_ID, CONTRACT_USER, LOGIN, MERCHANT_CODE, SECRETS, USER_ID } from './canaries';

/** Where the library's notifications are said to have come in. */
export const SCUDO_URL = 'http://127.0.0.1:9/scudo';

export const REDIS_USER = 'canary';
export const redisUrl = (port: number): string =>
  `redis://${REDIS_USER}:${encodeURIComponent(SECRETS.redis)}@127.0.0.1:${port}`;

type Urls = Pick<SimulatorUrls, 'alignet' | 'placetopay' | 'netzme'>;

/** A canary in every option that is a secret, one of them from each kind of source. */
export function canaryOptions(urls: Urls, keys: SimulatorPublicKeys, redisPort: number): PaymentAuthModuleOptions {
  return {
    alignet: {
      environment: 'sandbox',
      clientId: CLIENT_ID,
      clientSecret: { current: SECRETS.alignet, next: SECRETS.alignetNext },
      merchantCode: MERCHANT_CODE,
      authBaseUrl: urls.alignet,
      apiBaseUrl: urls.alignet,
      notifications: { publicKeys: [keys.alignet] },
    },
    placetopay: {
      environment: 'sandbox',
      login: LOGIN,
      secretKey: () => Promise.resolve({ current: SECRETS.placetopay, next: SECRETS.placetopayNext }),
      checkoutBaseUrl: urls.placetopay,
      paymentLinksBaseUrl: urls.placetopay,
      notifications: {
        acceptSha1: true,
        onboardingSigningSecrets: { k1: SECRETS.onboarding },
        scudoSecretKey: SECRETS.scudo,
        scudoNotificationUrl: SCUDO_URL,
        msvSecretToken: SECRETS.msv,
        autopayContract: { user: CONTRACT_USER, password: SECRETS.contract },
        micrositeAuth: { login: LOGIN, secretKey: SECRETS.microsite },
      },
    },
    netzme: {
      environment: 'sandbox',
      clientId: CLIENT_ID,
      clientSecret: () => ({ current: SECRETS.netzme, next: SECRETS.netzmeNext }),
      baseUrl: urls.netzme,
      notifications: {
        callbackToken: { current: SECRETS.callback, next: SECRETS.callbackNext },
        publicKeys: [keys.netzme],
        merchantIds: [USER_ID],
      },
    },
    tokenSharing: {
      redisUrl: redisUrl(redisPort),
      encryptionKeys: [
        { id: 'k1', key: SECRETS.encryptionKey },
        { id: 'k2', key: () => SECRETS.nextEncryptionKey },
      ],
      storeTimeoutMs: 50,
    },
  };
}

/** The same for the demo: in every variable that is a secret. */
export function canaryEnvironment(urls: Urls, keys: SimulatorPublicKeys, redisPort: number): Record<string, string> {
  return {
    LOG_LEVEL: 'trace',
    HEALTH_CACHE_SECONDS: '0',
    CONSOLE_ACCESS_TOKEN: SECRETS.consoleAccess,
    ALIGNET_CLIENT_ID: CLIENT_ID,
    ALIGNET_CLIENT_SECRET: SECRETS.alignet,
    ALIGNET_MERCHANT_CODE: MERCHANT_CODE,
    ALIGNET_AUTH_BASE_URL: urls.alignet,
    ALIGNET_API_BASE_URL: urls.alignet,
    ALIGNET_PUBLIC_KEYS: keys.alignet.replaceAll('\n', '\\n'),
    PLACETOPAY_LOGIN: LOGIN,
    PLACETOPAY_SECRET_KEY: SECRETS.placetopay,
    PLACETOPAY_CHECKOUT_BASE_URL: urls.placetopay,
    PLACETOPAY_PAYMENT_LINKS_BASE_URL: urls.placetopay,
    PLACETOPAY_WEBHOOK_ACCEPT_SHA1: 'true',
    PLACETOPAY_ONBOARDING_SECRETS: `k1:${SECRETS.onboarding}`,
    PLACETOPAY_SCUDO_SECRET_KEY: SECRETS.scudo,
    PLACETOPAY_SCUDO_NOTIFICATION_URL: 'http://127.0.0.1/webhooks/placetopay/scudo',
    PLACETOPAY_MSV_SECRET_TOKEN: SECRETS.msv,
    PLACETOPAY_AUTOPAY_CONTRACT_USER: CONTRACT_USER,
    PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD: SECRETS.contract,
    PLACETOPAY_MICROSITE_LOGIN: LOGIN,
    PLACETOPAY_MICROSITE_SECRET_KEY: SECRETS.microsite,
    NETZME_CLIENT_ID: CLIENT_ID,
    NETZME_CLIENT_SECRET: SECRETS.netzme,
    NETZME_BASE_URL: urls.netzme,
    NETZME_CALLBACK_TOKENS: `${SECRETS.callback},${SECRETS.callbackNext}`,
    NETZME_CALLBACK_PUBLIC_KEYS: keys.netzme.replaceAll('\n', '\\n'),
    NETZME_MERCHANT_IDS: USER_ID,
    REDIS_URL: redisUrl(redisPort),
    TOKEN_ENCRYPTION_KEYS: `k1:${SECRETS.encryptionKey},k2:${SECRETS.nextEncryptionKey}`,
  };
}
