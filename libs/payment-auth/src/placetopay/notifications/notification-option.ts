import { type ConfigProblem } from '../../core/errors';
import { merchantOption } from '../../core/resolve-merchants';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { type PlacetopayNotificationOptions } from './placetopay-notification.options';

/** Path of an option in a merchant's `notifications`. */
export function notificationOption(
  merchant: PlacetopayNotificationMerchant,
  option: keyof PlacetopayNotificationOptions,
): string {
  return merchantOption('placetopay', merchant, `notifications.${option}`);
}

/** For `missingFor`: what is wrong with an option unless it `isThere`. */
export function problemUnless(
  isThere: boolean,
  merchant: PlacetopayNotificationMerchant,
  option: keyof PlacetopayNotificationOptions,
  problem: string,
): ConfigProblem | undefined {
  return isThere ? undefined : { option: notificationOption(merchant, option), problem };
}
