import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { RequestLimitOptions } from '../core/request-limits';
import { type OneOrManyMerchants } from '../core/resolve-merchants';
import { type SecretOption } from '../core/secret';
import { IsGatewayBaseUrl, IsHeaderValue, IsOptionalBlock, IsSecret, IsWholeNumber } from '../core/validation';
import { NetzmeNotificationOptions } from './notifications/netzme-notification.options';

export const NETZME_ENVIRONMENTS = ['production', 'staging', 'sandbox'] as const;
/** Presets of hosts; `sandbox` is the simulator on loopback (port 4030). */
export type NetzmeEnvironment = (typeof NETZME_ENVIRONMENTS)[number];

export const NETZME_APIS = ['merchant', 'consumer'] as const;
/** `merchant`: Toko Netzme, tokens live 10 hours. `consumer`: the wallet API, 24 hours, with a client secret of its own. */
export type NetzmeApi = (typeof NETZME_APIS)[number];

/** Netzme credentials and settings of one client of the legacy merchant or consumer API. */
export class NetzmeMerchantOptions extends RequestLimitOptions {
  /** Which preset of hosts to start from. */
  @IsIn(NETZME_ENVIRONMENTS, { message: `must be one of ${NETZME_ENVIRONMENTS.join(', ')}` })
  environment!: NetzmeEnvironment;

  /** Client id: the user-id of the token call's Basic auth, and `Client-Id` on every call. */
  @IsHeaderValue('the client id that Netzme gave you', { isUserId: true })
  clientId!: string;

  /** Client secret; signs every call. */
  @IsSecret('the client secret that Netzme gave you')
  clientSecret!: SecretOption;

  /** Which of the two legacy APIs this client belongs to. @default 'merchant' */
  @IsOptional()
  @IsIn(NETZME_APIS, { message: `must be one of ${NETZME_APIS.join(', ')}` })
  api?: NetzmeApi;

  /** Host of token and business calls. Only requests to this origin are ever signed. @default the environment's */
  @IsOptional()
  @IsGatewayBaseUrl()
  baseUrl?: string;

  /** Path of the token call. @default '/oauth/merchant/accesstoken' or '/oauth/token/accesstoken', by `api` */
  @IsOptional()
  @Matches(/^\/\S*$/, { message: 'must be a path that starts with a slash' })
  tokenPath?: string;

  /**
   * Path prefix that a reverse proxy of yours removes before Netzme sees the request: sent, but not signed.
   * @default none
   */
  @IsOptional()
  @Matches(/^\/\S*[^/\s]$/, { message: 'must be a path that starts with a slash and does not end with one' })
  unsignedPathPrefix?: string;

  /**
   * Write non-ASCII characters of JSON bodies as `\uXXXX`, in what is signed and in what is sent. Netzme's own tools
   * disagree on this and its server's behaviour is not documented; try it when only bodies with accents are refused.
   * @default false
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  escapeNonAscii?: boolean;

  /** Deadline of one token request, in milliseconds. That of a business call covers its wait for a token. @default 10000 */
  @IsOptional()
  @IsWholeNumber('milliseconds', 1, 120_000)
  timeoutMs?: number;

  /**
   * How long before its expiry the access token is replaced, in milliseconds, at most a tenth of its life. Late on
   * purpose: Netzme keeps one token per client, so a new one fails whatever is in flight with the old. @default 30000
   */
  @IsOptional()
  @IsWholeNumber('milliseconds', 0, 3_600_000)
  refreshMarginMs?: number;

  /**
   * Seconds a token is taken to live when the answer names no `expiry_token`. Short on purpose: a lifetime we were not
   * given is not to be trusted. @default 600
   */
  @IsOptional()
  @IsWholeNumber('seconds', 1, 86_400)
  assumedLifetimeSeconds?: number;

  /** How SNAP callbacks are verified. @default none: each scheme needs a token or a key that Netzme gives you */
  @IsOptionalBlock(NetzmeNotificationOptions)
  notifications?: NetzmeNotificationOptions;
}

/** One client, or several by name. */
export type NetzmeOptions = OneOrManyMerchants<NetzmeMerchantOptions>;
