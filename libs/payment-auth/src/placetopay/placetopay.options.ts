import { IsIn, IsOptional } from 'class-validator';
import { RequestLimitOptions } from '../core/request-limits';
import { type OneOrManyMerchants } from '../core/resolve-merchants';
import { type SecretOption } from '../core/secret';
import { IsCredential, IsGatewayBaseUrl, IsOptionalBlock, IsSecret, IsWholeNumber } from '../core/validation';
import { PlacetopayNotificationOptions } from './notifications/placetopay-notification.options';
import { type PlacetopayDigestAlgorithm } from './placetopay-auth';
import { MAX_LOGIN_CHARS, MAX_SECRET_KEY_CHARS } from './placetopay.constants';

export const PLACETOPAY_ENVIRONMENTS = ['production', 'test', 'uat', 'dev', 'sandbox'] as const;
/**
 * Presets of hosts: `test`, `uat` and `dev` as Placetopay calls them, each of which some brands have; `sandbox` is the simulator on
 * loopback (port 4020).
 */
export type PlacetopayEnvironment = (typeof PLACETOPAY_ENVIRONMENTS)[number];

export const PLACETOPAY_BRANDS = [
  'placetopay',
  'placetopay-ecuador',
  'placetopay-uruguay',
  'getnet-chile',
  'getnet-uruguay',
  'banchile',
  'avalpay',
  'goupagos',
  'davivienda',
  'atlantida',
  'atlantic-bank',
] as const;
/**
 * Whose Webcheckout it is; each has hosts and credentials of its own. `placetopay` serves Colombia, Puerto Rico, Costa Rica, Panama;
 * `davivienda` is Davivienda's in Costa Rica, `atlantida` Pago Link Atlántida in Honduras, `atlantic-bank` Atlantic Bank's in Belize.
 */
export type PlacetopayBrand = (typeof PLACETOPAY_BRANDS)[number];

const DIGESTS: readonly PlacetopayDigestAlgorithm[] = ['sha256', 'sha1'];

/** Placetopay credentials and settings of one site. */
export class PlacetopayMerchantOptions extends RequestLimitOptions {
  /** Which preset of hosts to start from. Credentials belong to one environment and one brand. */
  @IsIn(PLACETOPAY_ENVIRONMENTS, { message: `must be one of ${PLACETOPAY_ENVIRONMENTS.join(', ')}` })
  environment!: PlacetopayEnvironment;

  /** Whose hosts. @default 'placetopay' */
  @IsOptional()
  @IsIn(PLACETOPAY_BRANDS, { message: `must be one of ${PLACETOPAY_BRANDS.join(', ')}` })
  brand?: PlacetopayBrand;

  /** The site's login. Public. */
  @IsCredential("the site's login", MAX_LOGIN_CHARS)
  login!: string;

  /** The site's secret. Placetopay's panels call it "tranKey"; on the wire that is the digest's name. */
  @IsSecret("the site's secret (the panel may call it tranKey)", MAX_SECRET_KEY_CHARS)
  secretKey!: SecretOption;

  /** Webcheckout (`/api/session`). May carry a path. Needed where no host of the brand is known there. @default the brand's */
  @IsOptional()
  @IsGatewayBaseUrl()
  checkoutBaseUrl?: string;

  /**
   * Payment Links and Microsites (`/api/payment-link`). Hosts are known of the brand `placetopay` alone: for any other one,
   * Payment Links fail with a {@link PaymentAuthConfigError} without it. @default the brand's, if known
   */
  @IsOptional()
  @IsGatewayBaseUrl()
  paymentLinksBaseUrl?: string;

  /** Hosts of further products that take the same `auth` (Gateway, AutoPay, ...). @default none */
  @IsOptional()
  @IsGatewayBaseUrl({ each: true })
  additionalBaseUrls?: string[];

  /** Digest of `auth`. `sha1` is legacy: only for a site that Placetopay has not moved yet. @default 'sha256' */
  @IsOptional()
  @IsIn(DIGESTS, { message: `must be one of ${DIGESTS.join(', ')}` })
  digestAlgorithm?: PlacetopayDigestAlgorithm;

  /**
   * Seconds added to our clock for the seed, positive when our clock is behind. For a host whose clock you cannot mend;
   * a `PlacetopayError` with code 103 says the difference. @default 0
   */
  @IsOptional()
  @IsWholeNumber('seconds', -1_800, 1_800)
  clockSkewSeconds?: number;

  /** What inbound notifications are verified with besides {@link secretKey}. @default those that need nothing else */
  @IsOptionalBlock(PlacetopayNotificationOptions)
  notifications?: PlacetopayNotificationOptions;
}

/** One site, or several by name. */
export type PlacetopayOptions = OneOrManyMerchants<PlacetopayMerchantOptions>;
