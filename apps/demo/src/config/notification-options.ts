import { type NetzmeAccount, type PlacetopayAccount } from '@payment-auth/gateway-simulator';
import {
  type AlignetNotificationOptions,
  type NetzmeNotificationOptions,
  type PlacetopayNotificationOptions,
} from 'nestjs-payment-auth';
import { type EnvironmentVariables } from './environment';

/*
 * What webhooks are verified with: the variables, and in the sandbox what the simulator signs with for whatever is not set.
 * What is in none of them stays undefined, and its routes do not exist.
 */

export function alignetNotifications(
  environment: EnvironmentVariables,
  sandboxKey: string | undefined,
): AlignetNotificationOptions {
  return defined({
    publicKeys: list(environment.ALIGNET_PUBLIC_KEYS) ?? only(sandboxKey),
    redirectSignedData: environment.ALIGNET_REDIRECT_SIGNED_DATA,
  });
}

export function placetopayNotifications(
  environment: EnvironmentVariables,
  sandbox: PlacetopayAccount | undefined,
): PlacetopayNotificationOptions {
  const onboarding = environment.PLACETOPAY_ONBOARDING_SECRETS;
  const contract = environment.PLACETOPAY_AUTOPAY_CONTRACT_USER;
  const microsite = environment.PLACETOPAY_MICROSITE_LOGIN;
  return defined({
    acceptSha1: sha1Acceptance(environment),
    toleranceSeconds: environment.PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS,
    onboardingSigningSecrets:
      onboarding === undefined
        ? sandbox?.onboarding && { [sandbox.onboarding.kid]: sandbox.onboarding.signingSecret }
        : secretsByKid(onboarding),
    scudoSecretKey: environment.PLACETOPAY_SCUDO_SECRET_KEY ?? sandbox?.scudoKey,
    scudoNotificationUrl: scudoNotificationUrl(environment),
    msvSecretToken: environment.PLACETOPAY_MSV_SECRET_TOKEN ?? sandbox?.msvSecretToken,
    autopayContract:
      contract === undefined
        ? sandbox?.autopayContract
        : { user: contract, password: environment.PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD ?? '' },
    micrositeAuth:
      microsite === undefined
        ? undefined
        : { login: microsite, secretKey: environment.PLACETOPAY_MICROSITE_SECRET_KEY ?? '' },
    tokenRequestorData: environment.PLACETOPAY_TOKEN_REQUESTOR_DATA,
  });
}

export function netzmeNotifications(
  environment: EnvironmentVariables,
  sandbox: NetzmeAccount | undefined,
  sandboxKey: string | undefined,
): NetzmeNotificationOptions {
  const [current, next] = list(environment.NETZME_CALLBACK_TOKENS) ?? only(sandbox?.callbackToken) ?? [];
  return defined({
    callbackToken: current === undefined ? undefined : { current, next },
    publicKeys: list(environment.NETZME_CALLBACK_PUBLIC_KEYS) ?? only(sandboxKey),
    allowWeakKeys: yes(environment.NETZME_CALLBACK_ALLOW_WEAK_KEYS),
    toleranceSeconds: environment.NETZME_CALLBACK_TOLERANCE_SECONDS,
    callbackPath: environment.NETZME_CALLBACK_PATH,
    removedPathPrefix: environment.NETZME_CALLBACK_REMOVED_PATH_PREFIX,
    merchantIds: environment.NETZME_MERCHANT_IDS === ANY ? ANY : netzmeMerchantIds(environment, sandbox),
    acceptGoNumberForms: yes(environment.NETZME_CALLBACK_ACCEPT_GO_NUMBERS),
  });
}

const ANY = 'any';

/** Our merchants at Netzme; `undefined`: any. */
export function netzmeMerchantIds(
  environment: EnvironmentVariables,
  sandbox: NetzmeAccount | undefined,
): string[] | undefined {
  if (environment.NETZME_MERCHANT_IDS === ANY) return undefined;
  return list(environment.NETZME_MERCHANT_IDS) ?? only(sandbox?.userId);
}

export const SCUDO_PATH = '/webhooks/placetopay/scudo';

/** It is signed, so it has to be known before anything arrives. In the sandbox it is this process's own. */
export function scudoNotificationUrl(environment: EnvironmentVariables): string | undefined {
  const own = environment.PAYMENT_ENV === 'sandbox' ? `http://127.0.0.1:${environment.PORT}${SCUDO_PATH}` : undefined;
  return environment.PLACETOPAY_SCUDO_NOTIFICATION_URL ?? own;
}

/** Long enough ago that it refuses everything, and yet lets Account Validator's route say so. */
const NEVER = '1970-01-01';

/** In the sandbox Account Validator, which has nothing but SHA-1, answers too: with a refusal that names its reason. */
function sha1Acceptance({
  PAYMENT_ENV,
  PLACETOPAY_WEBHOOK_ACCEPT_SHA1: accept = 'false',
}: EnvironmentVariables): PlacetopayNotificationOptions['acceptSha1'] {
  if (accept === 'true') return true;
  if (accept !== 'false') return { until: accept };
  return PAYMENT_ENV === 'sandbox' ? { until: NEVER } : false;
}

function secretsByKid(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((entry) => [entry.slice(0, entry.indexOf(':')), entry.slice(entry.indexOf(':') + 1)]),
  );
}

const list = (text: string | undefined): string[] | undefined => text?.split(',');
const only = <T>(value: T | undefined): T[] | undefined => (value === undefined ? undefined : [value]);
const yes = (text: 'true' | 'false' | undefined): boolean | undefined => (text === undefined ? text : text === 'true');

/** Without the members that are not set: for the library they are not there. */
export function defined<T extends object>(block: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined)) as T;
}
