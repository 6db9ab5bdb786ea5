import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../core/clock';
import { type MerchantSelection, type ResolvedMerchants, selectMerchant } from '../core/merchants';
import { type RandomSource } from '../core/random';
import { PAYMENT_AUTH_CLOCK, PAYMENT_AUTH_RANDOM, PLACETOPAY_MERCHANTS } from '../core/tokens';
import { createPlacetopayAuth, formatPlacetopaySeed, type PlacetopayAuth } from './placetopay-auth';
import { RAW_NONCE_BYTES } from './placetopay.constants';
import { type ResolvedPlacetopayMerchant } from './resolve-placetopay-options';

/**
 * Placetopay (Webcheckout, Payment Links, Gateway, ...): the WS-UsernameToken digest that stands as `auth` in every JSON
 * body.
 *
 * @see https://docs.placetopay.dev, Authentication (read 2026-11)
 */
@Injectable()
export class PlacetopayAuthService {
  constructor(
    @Inject(PLACETOPAY_MERCHANTS) private readonly merchants: ResolvedMerchants<ResolvedPlacetopayMerchant> | undefined,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
    @Inject(PAYMENT_AUTH_RANDOM) private readonly random: RandomSource,
  ) {}

  /**
   * A fresh `auth` for one request: make it just before sending, and a new one for every retry. Valid for five minutes.
   * `PlacetopayHttpService` does all that by itself.
   *
   * @throws {PaymentAuthConfigError} when Placetopay or the merchant is not configured
   */
  createAuth(selection: MerchantSelection = {}): PlacetopayAuth {
    const merchant = this.merchant(selection);
    return createPlacetopayAuth({
      login: merchant.login,
      secretKey: merchant.secretKey.reveal(),
      rawNonce: this.random.bytes(RAW_NONCE_BYTES),
      seed: formatPlacetopaySeed(this.clock.now() + merchant.clockSkewSeconds * 1_000),
      algorithm: merchant.digestAlgorithm,
    });
  }

  /** @internal */
  merchant(selection: MerchantSelection): ResolvedPlacetopayMerchant {
    return selectMerchant('placetopay', this.merchants, selection);
  }
}
