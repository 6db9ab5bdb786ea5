import { GatewaySimulator, SANDBOX_ACCOUNTS, type SimulatorAccounts } from '@payment-auth/gateway-simulator';
import { randomBytes } from 'node:crypto';
import { type DemoStart, NOBODY_THERE } from '../../../e2e/demo-app';
import { type WireTap } from '../../../security/canary/wire-tap';

const word = (length = 32): string => randomBytes(length).toString('hex').slice(0, length);
/** With what JSON, markup and URLs write otherwise. */
const awkward = (): string => `${word(14)}"/\\+%é${word(10)}`;

/** One of its own for every secret that the demo takes, new in every run. */
export const CANARIES = {
  ALIGNET_CLIENT_SECRET: awkward(),
  PLACETOPAY_SECRET_KEY: word(),
  PLACETOPAY_ONBOARDING_SECRETS: word(),
  PLACETOPAY_SCUDO_SECRET_KEY: word(),
  PLACETOPAY_MSV_SECRET_TOKEN: word(),
  PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD: word(),
  PLACETOPAY_MICROSITE_SECRET_KEY: word(),
  NETZME_CLIENT_SECRET: awkward(),
  NETZME_CALLBACK_TOKENS: word(40),
  CONSOLE_ACCESS_TOKEN: word(40),
  REDIS_URL: word(),
  TOKEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
} as const;

const [ALIGNET] = SANDBOX_ACCOUNTS.alignet;
const [PLACETOPAY] = SANDBOX_ACCOUNTS.placetopay;
const [NETZME] = SANDBOX_ACCOUNTS.netzme;

const ACCOUNTS: SimulatorAccounts = {
  alignet: [{ ...ALIGNET, clientSecret: CANARIES.ALIGNET_CLIENT_SECRET }],
  placetopay: [
    {
      ...PLACETOPAY,
      secretKey: CANARIES.PLACETOPAY_SECRET_KEY,
      onboarding: { kid: 'k1', signingSecret: CANARIES.PLACETOPAY_ONBOARDING_SECRETS },
      scudoKey: CANARIES.PLACETOPAY_SCUDO_SECRET_KEY,
      msvSecretToken: CANARIES.PLACETOPAY_MSV_SECRET_TOKEN,
      autopayContract: {
        user: PLACETOPAY.autopayContract.user,
        password: CANARIES.PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD,
      },
    },
  ],
  netzme: [
    {
      ...NETZME,
      clientSecret: CANARIES.NETZME_CLIENT_SECRET,
      callbackToken: CANARIES.NETZME_CALLBACK_TOKENS,
    },
  ],
};

export const canarySimulator = (): Promise<GatewaySimulator> => GatewaySimulator.start({ accounts: ACCOUNTS });

/** A sandbox whose every secret is a canary, its requests to the gateways led through taps. */
export function canaryStart(
  simulator: GatewaySimulator,
  taps: Readonly<Record<'alignet' | 'placetopay' | 'netzme', WireTap>>,
): DemoStart {
  const environment = {
    ...CANARIES,
    ALIGNET_CLIENT_ID: ALIGNET.clientId,
    ALIGNET_AUTH_BASE_URL: taps.alignet.url,
    ALIGNET_API_BASE_URL: taps.alignet.url,
    PLACETOPAY_LOGIN: PLACETOPAY.login,
    PLACETOPAY_ONBOARDING_SECRETS: `k1:${CANARIES.PLACETOPAY_ONBOARDING_SECRETS}`,
    PLACETOPAY_SCUDO_NOTIFICATION_URL: 'http://127.0.0.1/webhooks/placetopay/scudo',
    PLACETOPAY_AUTOPAY_CONTRACT_USER: PLACETOPAY.autopayContract.user,
    PLACETOPAY_MICROSITE_LOGIN: PLACETOPAY.login,
    PLACETOPAY_CHECKOUT_BASE_URL: taps.placetopay.url,
    PLACETOPAY_PAYMENT_LINKS_BASE_URL: taps.placetopay.url,
    NETZME_CLIENT_ID: NETZME.clientId,
    NETZME_BASE_URL: taps.netzme.url,
    // Away, so that whoever tells of it may tell too much.
    REDIS_URL: NOBODY_THERE.replace('http://', `redis://:${CANARIES.REDIS_URL}@`),
    TOKEN_ENCRYPTION_KEYS: `k1:${CANARIES.TOKEN_ENCRYPTION_KEYS}`,
  };
  return { environment, simulator, hasSimulatorKeys: true };
}
