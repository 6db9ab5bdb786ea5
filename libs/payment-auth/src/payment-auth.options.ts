import { type CacheModuleOptions } from '@nestjs/cache-manager';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { type AlignetOptions } from './alignet/alignet.options';
import { type NetzmeOptions } from './netzme/netzme.options';
import { type PlacetopayOptions } from './placetopay/placetopay.options';

/** Where access tokens are kept besides memory. Alignet and Netzme have them, Placetopay does not. */
export class AccessTokenOptions {
  /**
   * Keyv stores, as `@nestjs/cache-manager` takes them, for tokens to outlive this process. Tokens are written to it in
   * clear. @default memory
   */
  @IsOptional()
  stores?: CacheModuleOptions['stores'];

  /**
   * Deadline of every call to the store, in milliseconds. A store that does not answer in time is a miss: tokens in memory
   * go on serving. @default 250
   */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1, { message: 'must be at least 1 millisecond' })
  @Max(10_000, { message: 'must be at most 10000 milliseconds' })
  storeTimeoutMs?: number;
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
}

/** For `forRootAsync({ useClass })` and `useExisting`. */
export interface PaymentAuthOptionsFactory {
  createPaymentAuthOptions(): PaymentAuthModuleOptions | Promise<PaymentAuthModuleOptions>;
}
