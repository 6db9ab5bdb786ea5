import { Inject, Injectable, Logger } from '@nestjs/common';
import { ALIGNET_NOTIFICATION_SCHEMES } from '../alignet/notifications/alignet-notifications';
import { type ResolvedAlignetMerchant } from '../alignet/resolve-alignet-options';
import { type Clock } from '../core/clock';
import { SignatureVerificationError, type SignatureVerificationReason } from '../core/errors';
import { type InboundRequest } from '../core/inbound/inbound-request';
import { type NotificationScheme, type VerifiedNotification } from '../core/inbound/notification-scheme';
import { type MerchantSelection, type ResolvedMerchants } from '../core/merchants';
import {
  ALIGNET_MERCHANTS,
  NETZME_MERCHANTS,
  PAYMENT_AUTH_CLOCK,
  PAYMENT_AUTH_RESOLVED_OPTIONS,
  PLACETOPAY_MERCHANTS,
} from '../core/tokens';
import { NETZME_NOTIFICATION_SCHEMES } from '../netzme/notifications/netzme-notifications';
import { type ResolvedNetzmeMerchant } from '../netzme/resolve-netzme-options';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from '../placetopay/notifications/placetopay-notifications';
import { type ResolvedPlacetopayMerchant } from '../placetopay/resolve-placetopay-options';
import { GatewayNotifications } from './gateway-notifications';
import { NotificationCounts, type NotificationStatistics } from './notification-counts';
import { type ResolvedNotificationOptions } from './notification.options';
import { type NotificationGateway, type NotificationSchemeName, type NotificationTypes } from './notification.types';

/**
 * Verifies inbound notifications. In a controller use `@VerifiedNotification(gateway, scheme)`, which also keeps copies from
 * being handled twice; this is for everything else (queues, other frameworks).
 */
@Injectable()
export class NotificationVerifier {
  private readonly logger = new Logger('PaymentAuth');
  private readonly gateways: {
    readonly alignet: GatewayNotifications<ResolvedAlignetMerchant>;
    readonly placetopay: GatewayNotifications<ResolvedPlacetopayMerchant>;
    readonly netzme: GatewayNotifications<ResolvedNetzmeMerchant>;
  };
  private readonly counts: NotificationCounts;

  constructor(
    @Inject(ALIGNET_MERCHANTS) alignet: ResolvedMerchants<ResolvedAlignetMerchant> | undefined,
    @Inject(PLACETOPAY_MERCHANTS) placetopay: ResolvedMerchants<ResolvedPlacetopayMerchant> | undefined,
    @Inject(NETZME_MERCHANTS) netzme: ResolvedMerchants<ResolvedNetzmeMerchant> | undefined,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
    @Inject(PAYMENT_AUTH_RESOLVED_OPTIONS) { notifications }: { notifications: ResolvedNotificationOptions },
  ) {
    const { maxBodyBytes = {} } = notifications;
    this.gateways = {
      alignet: new GatewayNotifications('alignet', ALIGNET_NOTIFICATION_SCHEMES, alignet, maxBodyBytes.alignet),
      placetopay: new GatewayNotifications(
        'placetopay',
        PLACETOPAY_NOTIFICATION_SCHEMES,
        placetopay,
        maxBodyBytes.placetopay,
      ),
      netzme: new GatewayNotifications('netzme', NETZME_NOTIFICATION_SCHEMES, netzme, maxBodyBytes.netzme),
    };
    this.counts = new NotificationCounts(this.clock, (message) => this.logger.warn(message));
  }

  /**
   * The verified event, typed by gateway and scheme. The merchant is found among those configured; pass `{ merchant }` to
   * accept one only.
   *
   * @throws {SignatureVerificationError} when it is not proven; `httpStatus` is what to answer
   * @throws {PaymentAuthConfigError} when no merchant has what the scheme needs
   */
  verify<G extends NotificationGateway, S extends NotificationSchemeName<G>>(
    gateway: G,
    scheme: S,
    request: InboundRequest,
    selection: MerchantSelection = {},
  ): NotificationTypes[G][S] {
    // The tables of schemes are typed by the same interfaces, which the compiler cannot follow through two names.
    return this.verifyByName(gateway, scheme, request, selection) as NotificationTypes[G][S];
  }

  /** @internal For a scheme whose name is known at run time only. */
  verifyByName(
    gateway: NotificationGateway,
    scheme: string,
    request: InboundRequest,
    selection: MerchantSelection,
  ): VerifiedNotification {
    try {
      const event = this.gateways[gateway].verify(scheme, request, selection, this.clock.now());
      this.counts.accepted(event);
      return event;
    } catch (error) {
      if (error instanceof SignatureVerificationError) this.refused(gateway, scheme, error.reason);
      throw error;
    }
  }

  /**
   * How many notifications of each scheme were accepted, by algorithm (to see whether SHA-1 still arrives), and refused, by
   * reason. Of this process, since its start.
   */
  statistics(): readonly NotificationStatistics[] {
    return this.counts.read();
  }

  /** @internal Counts a refusal that was found elsewhere, e.g. a replay. */
  refused(gateway: NotificationGateway, scheme: string, reason: SignatureVerificationReason): void {
    this.counts.refused(gateway, scheme, reason);
  }

  /** @internal */
  scheme(gateway: NotificationGateway, name: string): NotificationScheme<never, VerifiedNotification> {
    return this.gateways[gateway].scheme(name);
  }

  /** @internal What every request of this kind would meet. @throws {PaymentAuthConfigError} */
  requireUsable(gateway: NotificationGateway, scheme: string, selection: MerchantSelection): void {
    this.gateways[gateway].requireUsable(scheme, selection);
  }

  /** @internal What should be another way, in words. */
  warnings(gateway: NotificationGateway, scheme: string, selection: MerchantSelection): readonly string[] {
    return this.gateways[gateway].warnings(scheme, selection);
  }
}
