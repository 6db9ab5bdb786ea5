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
  /** `undefined` where no host of the brand is known: Payment Links are refused. */
  readonly paymentLinksBaseUrl: string | undefined;
  /** Origins to which an `auth` may be sent. */
  readonly allowedOrigins: readonly string[];
  readonly digestAlgorithm: PlacetopayDigestAlgorithm;
  readonly clockSkewSeconds: number;
  readonly requestLimits: RequestLimits;
  readonly notifications: ResolvedPlacetopayNotifications;
}

const SIMULATOR = 'http://127.0.0.1:4020';

type Hosts = Readonly<Partial<Record<PlacetopayEnvironment, string>>>;

const GLOBAL_TEST = 'https://checkout-test.placetopay.com';

/**
 * Hosts of each brand, by product and environment. Those that only third parties name are left out.
 *
 * @see https://docs.placetopay.dev, directory of environments, "Lightbox" and "Test your integration" (Payment Links), the OpenAPI
 * description of Payment Links, and Placetopay's official shop plugins (read 2026-11)
 */
const HOSTS: Readonly<Record<PlacetopayBrand, { readonly checkout: Hosts; readonly paymentLinks?: Hosts }>> = {
  placetopay: {
    checkout: {
      production: 'https://checkout.placetopay.com',
      test: GLOBAL_TEST,
      dev: 'https://checkout-co.placetopay.dev',
    },
    paymentLinks: {
      production: 'https://sites.placetopay.com',
      test: 'https://sites-test.placetopay.com',
      dev: 'https://dev.placetopay.com/microsites',
    },
  },
  'placetopay-ecuador': {
    checkout: {
      production: 'https://checkout.placetopay.ec',
      test: 'https://checkout-test.placetopay.ec',
      dev: 'https://checkout-ec.placetopay.dev',
    },
  },
  'placetopay-uruguay': {
    checkout: { production: 'https://checkout.placetopay.uy', uat: 'https://uy-uat-checkout.placetopay.com' },
  },
  'getnet-chile': {
    checkout: {
      production: 'https://checkout.getnet.cl',
      test: 'https://checkout.test.getnet.cl',
      uat: 'https://checkout.uat.getnet.cl',
    },
  },
  'getnet-uruguay': { checkout: { production: 'https://checkout.getnet.uy' } },
  banchile: {
    checkout: {
      production: 'https://checkout.banchilepagos.cl',
      test: 'https://checkout.test.banchilepagos.cl',
      uat: 'https://checkout.uat.banchilepagos.cl',
    },
  },
  avalpay: {
    checkout: {
      production: 'https://checkout.avalpaycenter.com',
      test: 'https://checkout.test.avalpaycenter.com',
      uat: 'https://checkout.uat.avalpaycenter.com',
    },
  },
  goupagos: { checkout: { production: 'https://checkout.goupagos.com.co' } },
  davivienda: { checkout: { production: 'https://checkout.davivienda.cr' } },
  atlantida: { checkout: { production: 'https://pagoenlinea.bancatlan.hn', test: GLOBAL_TEST } },
  'atlantic-bank': { checkout: { production: 'https://abgateway.atlabank.com', test: GLOBAL_TEST } },
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
  const { checkout, paymentLinks } = HOSTS[brand];
  const hostIn = (hosts: Hosts | undefined): string | undefined =>
    environment === 'sandbox' ? SIMULATOR : hosts?.[environment];
  const checkoutBaseUrl = options.checkoutBaseUrl ?? hostIn(checkout);
  if (checkoutBaseUrl === undefined) {
    problems.push({
      option: `${path}.checkoutBaseUrl`,
      problem: `is needed: Placetopay's documentation names no ${environment} host for brand ${brand}; hosts are known for ${Object.keys(checkout).join(', ')}`,
    });
    return undefined;
  }
  const paymentLinksBaseUrl = options.paymentLinksBaseUrl ?? hostIn(paymentLinks);
  const baseUrls = [checkoutBaseUrl, ...(options.additionalBaseUrls ?? [])];
  if (paymentLinksBaseUrl !== undefined) baseUrls.splice(1, 0, paymentLinksBaseUrl);
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
