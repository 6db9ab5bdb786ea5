import { type ConfigProblem } from '../core/errors';
import { type ResolvedMerchants } from '../core/merchants';
import { type RequestLimits, resolveRequestLimits } from '../core/request-limits';
import { resolveMerchants } from '../core/resolve-merchants';
import { Secret } from '../core/secret';
import {
  type ResolvedPlacetopayNotifications,
  resolvePlacetopayNotifications,
} from './notifications/resolve-placetopay-notifications';
import { type PlacetopayDigestAlgorithm } from './placetopay-auth';
import { type PlacetopayBrand, type PlacetopayEnvironment, PlacetopayMerchantOptions } from './placetopay.options';

/** One Placetopay site with every default filled in. */
export interface ResolvedPlacetopayMerchant {
  readonly name: string;
  readonly environment: PlacetopayEnvironment;
  readonly login: string;
  readonly secretKey: Secret;
  readonly checkoutBaseUrl: string;
  readonly paymentLinksBaseUrl: string;
  /** Origins to which an `auth` may be sent. */
  readonly allowedOrigins: readonly string[];
  readonly digestAlgorithm: PlacetopayDigestAlgorithm;
  readonly clockSkewSeconds: number;
  readonly requestLimits: RequestLimits;
  readonly notifications: ResolvedPlacetopayNotifications;
}

const SIMULATOR = 'http://127.0.0.1:4020';

/** @see https://docs.placetopay.dev, directory of environments, and Placetopay's official shop plugins (read 2026-11) */
const CHECKOUT_HOSTS: Readonly<Record<PlacetopayBrand, { test?: string; production: string }>> = {
  placetopay: { test: 'https://checkout-test.placetopay.com', production: 'https://checkout.placetopay.com' },
  'placetopay-ecuador': { test: 'https://checkout-test.placetopay.ec', production: 'https://checkout.placetopay.ec' },
  'placetopay-uruguay': {
    test: 'https://uy-uat-checkout.placetopay.com',
    production: 'https://checkout.placetopay.uy',
  },
  'getnet-chile': { test: 'https://checkout.test.getnet.cl', production: 'https://checkout.getnet.cl' },
  'getnet-uruguay': { production: 'https://checkout.getnet.uy' },
  banchile: { test: 'https://checkout.test.banchilepagos.cl', production: 'https://checkout.banchilepagos.cl' },
  avalpay: { test: 'https://checkout.test.avalpaycenter.com', production: 'https://checkout.avalpaycenter.com' },
  goupagos: { production: 'https://checkout.goupagos.com.co' },
};

const PAYMENT_LINKS_HOSTS: Readonly<Record<PlacetopayEnvironment, string>> = {
  production: 'https://sites.placetopay.com',
  test: 'https://sites-test.placetopay.com',
  sandbox: SIMULATOR,
};

export function resolvePlacetopayOptions(
  block: unknown,
  problems: ConfigProblem[],
): ResolvedMerchants<ResolvedPlacetopayMerchant> | undefined {
  return resolveMerchants('placetopay', block, PlacetopayMerchantOptions, resolveOne, problems);
}

function resolveOne(
  name: string,
  options: PlacetopayMerchantOptions,
  problems: ConfigProblem[],
  path: string,
): ResolvedPlacetopayMerchant | undefined {
  const { environment, brand = 'placetopay' } = options;
  const checkoutBaseUrl =
    options.checkoutBaseUrl ?? (environment === 'sandbox' ? SIMULATOR : CHECKOUT_HOSTS[brand][environment]);
  if (checkoutBaseUrl === undefined) {
    problems.push({
      option: `${path}.checkoutBaseUrl`,
      problem: `is needed: Placetopay's documentation names no ${environment} host for brand ${brand}`,
    });
    return undefined;
  }
  const paymentLinksBaseUrl = options.paymentLinksBaseUrl ?? PAYMENT_LINKS_HOSTS[environment];
  const baseUrls = [checkoutBaseUrl, paymentLinksBaseUrl, ...(options.additionalBaseUrls ?? [])];
  const site = { login: options.login, secretKey: Secret.from(options.secretKey) };
  return {
    name,
    environment,
    ...site,
    checkoutBaseUrl,
    paymentLinksBaseUrl,
    allowedOrigins: [...new Set(baseUrls.map((baseUrl) => new URL(baseUrl).origin))],
    digestAlgorithm: options.digestAlgorithm ?? 'sha256',
    clockSkewSeconds: options.clockSkewSeconds ?? 0,
    requestLimits: resolveRequestLimits(options),
    notifications: resolvePlacetopayNotifications(options.notifications ?? {}, site),
  };
}
