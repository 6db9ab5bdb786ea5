import { PaymentAuthConfigError } from '../../core/errors';
import { type BodyLimit, type InboundRequest, requireBodyWithin } from '../../core/inbound/inbound-request';
import { usableMerchants } from '../../core/inbound/usable-merchants';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { type PlacetopayNotificationProduct, type PlacetopayNotifications } from './placetopay-notification-types';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from './placetopay-notifications';

/**
 * Verifies a notification of one of Placetopay's products, or a request it sends to the merchant. Pure: in a Nest application
 * use `@VerifiedNotification('placetopay', product)`, which also keeps copies from being handled twice.
 *
 * Choose the product by the route, never by what came: what is right for one is wrong for another.
 *
 * @param merchants the configured ones, each from {@link placetopayNotificationMerchant}; the one it is for is found among them
 * @param now epoch ms
 * @param limit how large a body may be
 * @returns the event; act on `signed`, and ask Placetopay before money moves
 * @throws {SignatureVerificationError} with the `httpStatus` to answer
 * @throws {PaymentAuthConfigError} when no merchant has what the product needs, and for a product that is none
 */
export function verifyPlacetopayNotification<Product extends PlacetopayNotificationProduct>(
  product: Product,
  request: InboundRequest,
  merchants: readonly PlacetopayNotificationMerchant[],
  now: number,
  limit?: BodyLimit,
): PlacetopayNotifications[Product] {
  if (!Object.hasOwn(PLACETOPAY_NOTIFICATION_SCHEMES, product)) {
    const known = Object.keys(PLACETOPAY_NOTIFICATION_SCHEMES).join(', ');
    throw new PaymentAuthConfigError(
      [{ option: 'product', problem: `is not known; known are ${known}` }],
      'placetopay',
    );
  }
  const scheme = PLACETOPAY_NOTIFICATION_SCHEMES[product];
  requireBodyWithin('placetopay', request, limit);
  return scheme.verify(request, usableMerchants('placetopay', scheme, merchants), now);
}
