import { type ConfigProblem, PaymentAuthConfigError } from '../../core/errors';
import { readPublicKeys } from '../../core/inbound/public-keys.option';
import { type RsaPublicKey } from '../../core/inbound/rsa-public-key';
import { merchantOption, ONLY_MERCHANT } from '../../core/resolve-merchants';
import { deepFreeze, validateBlock } from '../../core/validation';
import { type AlignetEnvironment } from '../alignet.options';
import { AlignetNotificationOptions, type AlignetRedirectSignedData } from './alignet-notification.options';
import { ALIGNET_PUBLIC_KEYS } from './alignet-public-keys';

/** {@link AlignetNotificationOptions} with every default filled in. */
export interface ResolvedAlignetNotificationOptions {
  /** Empty where Alignet publishes none and none is configured. */
  readonly publicKeys: readonly RsaPublicKey[];
  readonly redirectSignedData: AlignetRedirectSignedData;
}

/** What of a merchant is needed to verify what Alignet sends it. */
export interface AlignetNotificationMerchant {
  readonly name: string;
  readonly merchantCode: string | undefined;
  readonly notifications: ResolvedAlignetNotificationOptions;
}

/** @param options checked before */
export function resolveAlignetNotificationOptions(
  environment: AlignetEnvironment,
  {
    publicKeys = [...ALIGNET_PUBLIC_KEYS[environment]],
    redirectSignedData = 'either',
  }: AlignetNotificationOptions = {},
): ResolvedAlignetNotificationOptions {
  return { publicKeys: readPublicKeys(publicKeys), redirectSignedData };
}

/**
 * A merchant for {@link verifyAlignetNotification} and {@link verifyAlignetRedirect}, for people without Nest. Make it once:
 * keys are read here.
 *
 * @param settings.name what the event's `merchant` says. @default 'default'
 * @throws {PaymentAuthConfigError} listing every mistake
 */
export function alignetNotificationMerchant(settings: {
  readonly name?: string;
  /** `merchant_code` that Alignet gave you. */
  readonly merchantCode: string;
  /** Whose published key to use. @default none: `publicKeys` is needed */
  readonly environment?: AlignetEnvironment;
  readonly notifications?: AlignetNotificationOptions;
}): AlignetNotificationMerchant {
  const { name = ONLY_MERCHANT, merchantCode, environment = 'sandbox', notifications = {} } = settings;
  const problems = validateBlock('alignet.notifications', AlignetNotificationOptions, notifications);
  if (problems.length > 0) throw new PaymentAuthConfigError(problems, 'alignet');
  const merchant = {
    name,
    merchantCode,
    notifications: resolveAlignetNotificationOptions(environment, notifications),
  };
  const missing = missingForAlignetNotifications(merchant);
  if (missing !== undefined) throw new PaymentAuthConfigError([missing], 'alignet');
  return deepFreeze(merchant);
}

/** What a merchant lacks to have anything of Alignet's verified. */
export function missingForAlignetNotifications(merchant: AlignetNotificationMerchant): ConfigProblem | undefined {
  if (merchant.merchantCode === undefined || merchant.merchantCode === '') {
    return {
      option: merchantOption('alignet', merchant, 'merchantCode'),
      problem:
        "is needed to verify notifications: Alignet signs for all its merchants with one key, so that only the merchant_code tells yours from another's",
    };
  }
  if (merchant.notifications.publicKeys.length === 0) {
    return {
      option: merchantOption('alignet', merchant, 'notifications.publicKeys'),
      problem: 'is needed to verify notifications: of this environment no key is published',
    };
  }
  return undefined;
}
