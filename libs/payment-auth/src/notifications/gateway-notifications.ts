import { type Gateway, PaymentAuthConfigError } from '../core/errors';
import { type InboundRequest, requireBodyWithin } from '../core/inbound/inbound-request';
import { type NotificationScheme, type VerifiedNotification } from '../core/inbound/notification-scheme';
import { usableMerchants } from '../core/inbound/usable-merchants';
import { type MerchantSelection, type ResolvedMerchants, selectMerchant } from '../core/merchants';

/** One gateway's schemes together with the merchants they are verified for. */
export class GatewayNotifications<Merchant extends { readonly name: string }> {
  constructor(
    private readonly gateway: Gateway,
    private readonly schemes: Readonly<Record<string, NotificationScheme<Merchant>>>,
    private readonly merchants: ResolvedMerchants<Merchant> | undefined,
    /** By scheme, in bytes. */
    private readonly maxBodyBytes: Readonly<Record<string, number>> = {},
  ) {}

  /** @throws {PaymentAuthConfigError} when there is no scheme of that name */
  scheme(name: string): NotificationScheme<Merchant> {
    const scheme = Object.hasOwn(this.schemes, name) ? this.schemes[name] : undefined;
    if (scheme !== undefined) return scheme;
    throw new PaymentAuthConfigError(
      [
        {
          option: `${this.gateway} notification '${name}'`,
          problem: `is not known; known are ${Object.keys(this.schemes).join(', ')}`,
        },
      ],
      this.gateway,
    );
  }

  /**
   * @throws {SignatureVerificationError}
   * @throws {PaymentAuthConfigError} when no merchant has what the scheme needs, saying what is missing of each
   */
  verify(name: string, request: InboundRequest, selection: MerchantSelection, now: number): VerifiedNotification {
    const scheme = this.scheme(name);
    const candidates = this.candidates(scheme, selection);
    requireBodyWithin(this.gateway, request, { maxBodyBytes: this.maxBodyBytes[name] });
    return scheme.verify(request, candidates, now);
  }

  /** What {@link verify} would throw for any request. @throws {PaymentAuthConfigError} */
  requireUsable(name: string, selection: MerchantSelection): void {
    this.candidates(this.scheme(name), selection);
  }

  warnings(name: string, selection: MerchantSelection): readonly string[] {
    const scheme = this.scheme(name);
    return this.candidates(scheme, selection).flatMap((merchant) => scheme.warningFor?.(merchant) ?? []);
  }

  private candidates(scheme: NotificationScheme<Merchant>, { merchant }: MerchantSelection): readonly Merchant[] {
    const considered =
      merchant === undefined && this.merchants !== undefined
        ? Object.values(this.merchants.byName)
        : [selectMerchant(this.gateway, this.merchants, { merchant })];
    return usableMerchants(this.gateway, scheme, considered);
  }
}
