import {
  type AlignetAccount,
  type NetzmeAccount,
  type PlacetopayAccount,
  type SimulatorAccounts,
} from '@payment-auth/gateway-simulator';
import { createHash, randomBytes } from 'node:crypto';

/** Of this run's canaries: the same seed makes the same ones. */
export const SEED = process.env['CANARY_SEED'] ?? randomBytes(8).toString('hex');

/** Everything that is a secret in this run, by name. */
export const CANARIES = new Map<string, string | Buffer>();

const digest = (name: string): Buffer => createHash('sha512').update(`${SEED} ${name}`).digest();
const word = (name: string, length: number): string =>
  digest(name).toString('base64').replace(/\W/g, '').slice(0, length);

function keep<T extends string | Buffer>(name: string, secret: T): T {
  CANARIES.set(name, secret);
  return secret;
}

/** Thirty characters or so: what JSON, PHP, URLs and `util.inspect` escape, each in its way, around what nothing escapes. */
const canary = (name: string): string => keep(name, `"/${word(name, 24)}\\+%é`);

/** Letters and digits, for what stands in a header or in a list. */
const plainCanary = (name: string): string => keep(name, word(name, 40));

/** 32 bytes, in Base64 and as they are. */
function keyCanary(name: string): string {
  const bytes = keep(`${name}, its bytes`, digest(name).subarray(0, 32));
  return keep(name, bytes.toString('base64'));
}

/** Whom the canaries belong to. */
export const CLIENT_ID = 'canary-client';
export const LOGIN = 'canary-site';
export const CONTRACT_USER = 'canary-contract';
export const MERCHANT_CODE = '4d0f6f0e-6f3a-4d1e-9c57-0a1b2c3d4e5f';
export const USER_ID = 'M_CANARY';

/** One canary for each secret there is, by what it is for. */
export const SECRETS = {
  alignet: canary('AlignetMerchantOptions.clientSecret'),
  alignetNext: canary('AlignetMerchantOptions.clientSecret, next'),
  alignetPassword: canary('AlignetAccount.password'),
  placetopay: canary('PlacetopayMerchantOptions.secretKey'),
  placetopayNext: canary('PlacetopayMerchantOptions.secretKey, next'),
  onboarding: plainCanary('PlacetopayNotificationOptions.onboardingSigningSecrets'),
  scudo: canary('PlacetopayNotificationOptions.scudoSecretKey'),
  msv: canary('PlacetopayNotificationOptions.msvSecretToken'),
  contract: canary('PlacetopayAutopayContractOptions.password'),
  microsite: canary('PlacetopayMicrositeAuthOptions.secretKey'),
  netzme: canary('NetzmeMerchantOptions.clientSecret'),
  netzmeNext: canary('NetzmeMerchantOptions.clientSecret, next'),
  callback: plainCanary('NetzmeNotificationOptions.callbackToken'),
  callbackNext: plainCanary('NetzmeNotificationOptions.callbackToken, next'),
  redis: canary('TokenSharingOptions.redisUrl'),
  encryptionKey: keyCanary('TokenSharingOptions.encryptionKeys'),
  nextEncryptionKey: keyCanary('TokenSharingOptions.encryptionKeys, next'),
  consoleAccess: plainCanary('CONSOLE_ACCESS_TOKEN'),
} as const;

/** Those of somebody else at the same gateways. */
const OTHERS = {
  alignet: plainCanary("another account's alignet"),
  placetopay: plainCanary("another account's placetopay"),
  onboarding: plainCanary("another account's onboarding"),
  scudo: plainCanary("another account's scudo"),
  msv: plainCanary("another account's msv"),
  contract: plainCanary("another account's contract"),
  netzme: plainCanary("another account's netzme"),
  callback: plainCanary("another account's callback"),
} as const;

type SecretsOf<Names extends keyof typeof OTHERS> = Readonly<Record<Names, string>>;

/** Accounts that have the canaries for credentials, and somebody else's. */
export const CANARY_ACCOUNTS: SimulatorAccounts = {
  alignet: [
    alignetAccount(CLIENT_ID, SECRETS.alignet, MERCHANT_CODE),
    alignetAccount('another-client', OTHERS.alignet, '0b7f3c52-91d4-4f0a-8d3b-2f6a9e1c0840'),
  ],
  placetopay: [placetopayAccount(LOGIN, SECRETS), placetopayAccount('another-site', OTHERS)],
  netzme: [netzmeAccount(CLIENT_ID, USER_ID, SECRETS), netzmeAccount('another-client', 'M_ANOTHER', OTHERS)],
};

function alignetAccount(clientId: string, clientSecret: string, merchantCode: string): AlignetAccount {
  const { alignetPassword: password } = SECRETS;
  return { clientId, clientSecret, merchantCode, currency: '604', username: 'canary-user', password };
}

function placetopayAccount(
  login: string,
  secrets: SecretsOf<'placetopay' | 'onboarding' | 'scudo' | 'msv' | 'contract'>,
): PlacetopayAccount {
  return {
    login,
    secretKey: secrets.placetopay,
    onboarding: { kid: 'k1', signingSecret: secrets.onboarding },
    scudoKey: secrets.scudo,
    msvSecretToken: secrets.msv,
    autopayContract: { user: CONTRACT_USER, password: secrets.contract },
  };
}

function netzmeAccount(
  clientId: string,
  userId: string,
  { netzme: clientSecret, callback: callbackToken }: SecretsOf<'netzme' | 'callback'>,
): NetzmeAccount {
  return { clientId, clientSecret, userId, balance: '1000000.00', callbackToken };
}
