import { PaymentAuthConfigError } from '../../core/errors';
import { ONLY_MERCHANT } from '../../core/resolve-merchants';
import { Secret } from '../../core/secret';
import { deepFreeze, validateBlock } from '../../core/validation';
import { PlacetopayMerchantOptions } from '../placetopay.options';
import {
  type ResolvedPlacetopayNotifications,
  resolvePlacetopayNotifications,
} from './resolve-placetopay-notifications';

/** What of a merchant is needed to verify what Placetopay sends it. */
export interface PlacetopayNotificationMerchant {
  readonly name: string;
  readonly login: string;
  readonly secretKey: Secret;
  /** Seconds our clock is behind. */
  readonly clockSkewSeconds: number;
  readonly notifications: ResolvedPlacetopayNotifications;
}

/**
 * A merchant for {@link verifyPlacetopayNotification}, for people without Nest.
 *
 * @param settings the options of `placetopay` in `PaymentAuthModule.forRoot` that concern notifications, secrets as text or
 * `{ current, next }`
 * @param settings.name what the event's `merchant` says. @default 'default'
 * @throws {PaymentAuthConfigError} listing every mistake
 */
export function placetopayNotificationMerchant({
  name = ONLY_MERCHANT,
  ...settings
}: { readonly name?: string } & Pick<
  PlacetopayMerchantOptions,
  'login' | 'secretKey' | 'clockSkewSeconds' | 'notifications'
>): PlacetopayNotificationMerchant {
  // Whose hosts is no matter here: nothing is sent.
  const problems = validateBlock('placetopay', PlacetopayMerchantOptions, { environment: 'sandbox', ...settings });
  if (problems.length > 0) throw new PaymentAuthConfigError(problems, 'placetopay');
  const site = { login: settings.login, secretKey: Secret.from(settings.secretKey) };
  return deepFreeze({
    name,
    ...site,
    clockSkewSeconds: settings.clockSkewSeconds ?? 0,
    notifications: resolvePlacetopayNotifications(settings.notifications ?? {}, site),
  });
}
