import { HttpModule } from '@nestjs/axios';
import { CACHE_MANAGER, type Cache, CacheModule, type CacheModuleOptions } from '@nestjs/cache-manager';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { AlignetNonceService } from './alignet/alignet-nonce.service';
import { AccessTokenLog, AccessTokenRegistry } from './core/access-token-registry';
import { AccessTokenStore } from './core/access-token-store';
import { type Clock, SYSTEM_CLOCK } from './core/clock';
import { conceal } from './core/conceal';
import { PaymentAuthSecrets } from './core/payment-auth-secrets';
import { PooledRandomSource, type RandomSource } from './core/random';
import { openTokenSharing } from './core/sharing/open-token-sharing';
import {
  ALIGNET_MERCHANTS,
  NETZME_MERCHANTS,
  PAYMENT_AUTH_CLOCK,
  PAYMENT_AUTH_RANDOM,
  PAYMENT_AUTH_REPLAY_STORE,
  PAYMENT_AUTH_RESOLVED_OPTIONS,
  PLACETOPAY_MERCHANTS,
} from './core/tokens';
import { NetzmeAccessTokenService } from './netzme/netzme-access-token.service';
import { NetzmeHttpService } from './netzme/netzme-http.service';
import { NetzmeSigningInterceptor } from './netzme/netzme-signing.interceptor';
import { concealOptions, openOptions } from './payment-auth.concealed-options';
import { checkForRoot, checkForRootAsync } from './payment-auth.check-registration';
import { NotificationDeclarations } from './notifications/notification-declarations';
import { NotificationReplays } from './notifications/notification-replays';
import { NotificationVerifier } from './notifications/notification-verifier';
import {
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
  PAYMENT_AUTH_OPTIONS,
  PaymentAuthOptionsModuleClass,
} from './payment-auth.module-definition';
import { type PaymentAuthModuleOptions } from './payment-auth.options';
import { loadPaymentAuthOptions, type ResolvedPaymentAuthOptions } from './payment-auth.resolve-options';
import { PlacetopayAuthInterceptor } from './placetopay/placetopay-auth.interceptor';
import { PlacetopayAuthService } from './placetopay/placetopay-auth.service';
import { PlacetopayHttpService } from './placetopay/placetopay-http.service';

/** A module apart, because the cache module needs the checked options as well. */
@Module({
  providers: [
    {
      provide: PAYMENT_AUTH_RESOLVED_OPTIONS,
      inject: [PAYMENT_AUTH_OPTIONS],
      useFactory: async (options: PaymentAuthModuleOptions) => {
        const resolved = await loadPaymentAuthOptions(openOptions(options));
        const logger = new Logger('PaymentAuth');
        resolved.warnings.forEach(({ option, problem }) => logger.warn(`${option}: ${problem}`));
        return resolved;
      },
    },
  ],
  exports: [PAYMENT_AUTH_RESOLVED_OPTIONS],
})
class PaymentAuthOptionsModule extends PaymentAuthOptionsModuleClass {}

const merchantsOf = (provide: symbol, gateway: 'alignet' | 'placetopay' | 'netzme') => ({
  provide,
  inject: [PAYMENT_AUTH_RESOLVED_OPTIONS],
  // Nest takes a provider whose value is undefined for one that is there, which is what an absent block wants.
  useFactory: (options: ResolvedPaymentAuthOptions) => options[gateway],
});

/**
 * Authenticates a merchant's backend to Alignet, Placetopay and Netzme.
 *
 * @example
 * PaymentAuthModule.forRoot({
 *   isGlobal: true,
 *   alignet: { environment: 'preprod', clientId, clientSecret },
 *   placetopay: { environment: 'test', login, secretKey },
 *   netzme: { environment: 'staging', clientId, clientSecret },
 * })
 */
@Module({
  providers: [
    { provide: PAYMENT_AUTH_CLOCK, useValue: SYSTEM_CLOCK },
    { provide: PAYMENT_AUTH_RANDOM, useClass: PooledRandomSource },
    merchantsOf(ALIGNET_MERCHANTS, 'alignet'),
    merchantsOf(PLACETOPAY_MERCHANTS, 'placetopay'),
    merchantsOf(NETZME_MERCHANTS, 'netzme'),
    {
      provide: AccessTokenRegistry,
      inject: [
        CACHE_MANAGER,
        PAYMENT_AUTH_RESOLVED_OPTIONS,
        PAYMENT_AUTH_CLOCK,
        PaymentAuthSecrets,
        PAYMENT_AUTH_RANDOM,
      ],
      useFactory: (
        cache: Cache,
        { accessTokens, tokenSharing }: ResolvedPaymentAuthOptions,
        clock: Clock,
        secrets: PaymentAuthSecrets,
        random: RandomSource,
      ) =>
        new AccessTokenRegistry(
          new AccessTokenStore(cache, accessTokens.storeTimeoutMs),
          clock,
          tokenSharing && {
            sharing: openTokenSharing(tokenSharing, clock),
            encryptionKeys: tokenSharing.encryptionKeys,
          },
          new AccessTokenLog(() => secrets.refused()),
          random,
        ),
    },
    {
      provide: PAYMENT_AUTH_REPLAY_STORE,
      inject: [PAYMENT_AUTH_RESOLVED_OPTIONS, AccessTokenRegistry],
      useFactory: ({ notifications }: ResolvedPaymentAuthOptions, tokens: AccessTokenRegistry) =>
        notifications.replayStore ?? tokens.sharedReplayStore(),
    },
    PaymentAuthSecrets,
    AlignetNonceService,
    PlacetopayAuthService,
    PlacetopayAuthInterceptor,
    PlacetopayHttpService,
    NetzmeAccessTokenService,
    NetzmeSigningInterceptor,
    NetzmeHttpService,
    NotificationVerifier,
    NotificationReplays,
    NotificationDeclarations,
  ],
  exports: [
    AlignetNonceService,
    PlacetopayAuthService,
    PlacetopayAuthInterceptor,
    PlacetopayHttpService,
    NetzmeAccessTokenService,
    NetzmeSigningInterceptor,
    NetzmeHttpService,
    NotificationVerifier,
    NotificationReplays,
    PaymentAuthSecrets,
  ],
})
export class PaymentAuthModule {
  /**
   * Options at hand. They are checked when the application starts.
   *
   * @throws {PaymentAuthConfigError} at start, listing every mistake; at once for options that are no object
   */
  static forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    checkForRoot(options);
    return compose(concealOptions(PaymentAuthOptionsModule.forRoot(options)), options.isGlobal);
  }

  /**
   * Options from a factory, a class or an existing provider, e.g. with `ConfigService` injected.
   *
   * @throws {PaymentAuthConfigError} at start, listing every mistake; at once where nothing gives the options
   */
  static forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    checkForRootAsync(options);
    const factoryOption = (['useClass', 'useExisting'] as const).find((way) => options[way] !== undefined);
    return compose(concealOptions(PaymentAuthOptionsModule.forRootAsync(options), factoryOption), options.isGlobal);
  }
}

function compose(optionsModule: DynamicModule, isGlobal = false): DynamicModule {
  return {
    module: PaymentAuthModule,
    global: isGlobal,
    imports: [
      optionsModule,
      // An instance of its own: bare HttpModule would hand out the global axios.
      HttpModule.register({ maxRedirects: 0 }),
      CacheModule.registerAsync({
        imports: [optionsModule],
        inject: [PAYMENT_AUTH_RESOLVED_OPTIONS],
        useFactory: ({ accessTokens }: ResolvedPaymentAuthOptions) => concealedStores(accessTokens.stores),
      }),
    ],
  };
}

function concealedStores(stores: CacheModuleOptions['stores']): CacheModuleOptions {
  const options = { stores };
  conceal(options, '[stores of access tokens]');
  return options;
}
