import { type CacheModuleOptions } from '@nestjs/cache-manager';
import { IsOptional } from 'class-validator';
import { type AlignetOptions } from './alignet/alignet.options';
import { type TokenSharingOptions } from './core/sharing/token-sharing.options';
import { IsObjectWith, IsWholeNumber } from './core/validation';
import { type NetzmeOptions } from './netzme/netzme.options';
import { type NotificationOptions } from './notifications/notification.options';
import { type PlacetopayOptions } from './placetopay/placetopay.options';

/** Where access tokens are kept besides memory. Alignet and Netzme have them, Placetopay does not. */
export class AccessTokenOptions {
  /**
   * Keyv stores, as `@nestjs/cache-manager` takes them, for tokens to outlive this process. Tokens are written to it in
   * clear. @default memory
   */
  @IsOptional()
  @IsObjectWith(
    ['get', 'set', 'delete', 'clear'],
    'a Keyv store or adapter, or an array of them, e.g. [new Keyv({ store: new KeyvRedis(url) })]',
    { each: true },
  )
  stores?: CacheModuleOptions['stores'];

  /**
   * Deadline of every call to the store, in milliseconds. A store that does not answer in time is a miss: tokens in memory
   * go on serving. @default 250
   */
  @IsOptional()
  @IsWholeNumber('milliseconds', 1, 10_000)
  storeTimeoutMs?: number;
}

/** Secrets that come from functions. */
export class SecretReloadOptions {
  /**
   * How often the functions are asked again, in seconds; 0 for never. They are asked as well when a gateway refuses a secret,
   * and by `PaymentAuthSecrets.reload()`. @default 300
   */
  @IsOptional()
  @IsWholeNumber('seconds', 0, 86_400)
  reloadEverySeconds?: number;
}

/** Options of {@link PaymentAuthModule}. A gateway that is left out fails with a typed error when it is used. */
export interface PaymentAuthModuleOptions {
  /** Alignet / Pay-me (Peru). */
  alignet?: AlignetOptions;
  /** Placetopay, Getnet, Banchile, AvalPay, ... */
  placetopay?: PlacetopayOptions;
  /** Netzme (Indonesia), legacy merchant and consumer APIs. */
  netzme?: NetzmeOptions;
  accessTokens?: AccessTokenOptions;
  secrets?: SecretReloadOptions;
  /** Inbound notifications (webhooks). */
  notifications?: NotificationOptions;
  /** One token for any number of replicas. Needed as soon as there is more than one process per Netzme client. */
  tokenSharing?: TokenSharingOptions;
  /**
   * How many processes of this application run at once. More than one without {@link tokenSharing} is refused at start when a
   * gateway with one active token per client (Netzme) is configured. @default 1
   */
  replicas?: number;
}

/** For `forRootAsync({ useClass })` and `useExisting`. */
export interface PaymentAuthOptionsFactory {
  createPaymentAuthOptions(): PaymentAuthModuleOptions | Promise<PaymentAuthModuleOptions>;
}
