import { IsIn, IsOptional } from 'class-validator';
import { type OneOrManyMerchants } from '../core/resolve-merchants';
import { type SecretOption } from '../core/secret';
import {
  IsCredential,
  IsGatewayBaseUrl,
  IsHeaderValue,
  IsOptionalBlock,
  IsSecret,
  IsWholeNumber,
} from '../core/validation';
import { AlignetNotificationOptions } from './notifications/alignet-notification.options';

export const ALIGNET_ENVIRONMENTS = ['production', 'preprod', 'development', 'sandbox'] as const;
/**
 * Presets of hosts: `production`; `preprod`, the current test environment; `development`, its older name still used by
 * the official WooCommerce plugin; `sandbox`, the simulator on loopback (port 4010).
 *
 * @see https://docs.pay-me.com, "API Nonce" (read 2026-11)
 */
export type AlignetEnvironment = (typeof ALIGNET_ENVIRONMENTS)[number];

/** Alignet credentials and settings of one merchant. Alignet gives one credential set per currency. */
export class AlignetMerchantOptions {
  /**
   * Which preset of hosts to start from. Each host can be overridden below. One that Alignet has for another environment is
   * refused in production, and named in a warning elsewhere, where real integrations mix them.
   */
  @IsIn(ALIGNET_ENVIRONMENTS, { message: `must be one of ${ALIGNET_ENVIRONMENTS.join(', ')}` })
  environment!: AlignetEnvironment;

  /** `client_id` from Alignet's back office. */
  @IsCredential('the client_id that Alignet gave you')
  clientId!: string;

  /** `client_secret` that belongs to {@link clientId}. Stays on the server. */
  @IsSecret('the client_secret that Alignet gave you')
  clientSecret!: SecretOption;

  /** `merchant_code` (a UUID, not the client id). Needed by `createCheckoutSession` and to verify notifications. */
  @IsOptional()
  @IsCredential('the merchant_code that Alignet gave you', 100)
  merchantCode?: string;

  /** Host of `/token` and `/nonce`. @default the environment's */
  @IsOptional()
  @IsGatewayBaseUrl()
  authBaseUrl?: string;

  /** Host of `/charges`. @default the environment's */
  @IsOptional()
  @IsGatewayBaseUrl()
  apiBaseUrl?: string;

  /** Where the browser loads Flex from. @default the environment's */
  @IsOptional()
  @IsGatewayBaseUrl()
  assetsBaseUrl?: string;

  /**
   * `audience` of token and nonce, sent exactly as given: with and without a trailing slash are two audiences.
   * @default the environment's API host with a trailing slash, as in Alignet's current documentation
   */
  @IsOptional()
  @IsCredential('an audience, e.g. https://api.preprod.alignet.io/')
  audience?: string;

  /** Value of the `ALG-API-VERSION` header. @default '1709847567' */
  @IsOptional()
  @IsHeaderValue('a version, e.g. 1709847567', { maxLength: 32 })
  apiVersion?: string;

  /** Scopes of the access token, separated by spaces. @default 'create:token post:charges' */
  @IsOptional()
  @IsCredential('scopes separated by spaces')
  scope?: string;

  /** Scopes of a nonce where a call names none. @default 'post:charges' */
  @IsOptional()
  @IsCredential('scopes separated by spaces')
  nonceScope?: string;

  /** Deadline of one token or nonce request, in milliseconds. @default 10000 */
  @IsOptional()
  @IsWholeNumber('milliseconds', 1, 120_000)
  timeoutMs?: number;

  /**
   * How long before its expiry the access token is renewed, in milliseconds, at most a tenth of its life. Callers go on
   * with the old one meanwhile. @default 60000
   */
  @IsOptional()
  @IsWholeNumber('milliseconds', 0, 3_600_000)
  refreshMarginMs?: number;

  /**
   * Seconds a token is taken to live when Alignet's answer names no lifetime (its `expires_in` is optional). Short on
   * purpose: a lifetime we were not given is not to be trusted. @default 300
   */
  @IsOptional()
  @IsWholeNumber('seconds', 1, 86_400)
  assumedLifetimeSeconds?: number;

  /** How notifications and redirects are verified. @default Alignet's published key of the environment */
  @IsOptionalBlock(AlignetNotificationOptions)
  notifications?: AlignetNotificationOptions;
}

/** One merchant, or several by name (one per currency, usually). */
export type AlignetOptions = OneOrManyMerchants<AlignetMerchantOptions>;
