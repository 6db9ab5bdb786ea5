import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  type GatewaySimulator,
  type PlacetopayAccount,
  SANDBOX_ACCOUNTS,
  type SimulatorPublicKeys,
} from '@payment-auth/gateway-simulator';
import {
  type AlignetMerchantOptions,
  type NetzmeApi,
  type NetzmeMerchantOptions,
  type PaymentAuthModuleOptions,
  type PaymentAuthOptionsFactory,
  type PlacetopayBrand,
  type PlacetopayDigestAlgorithm,
  type PlacetopayMerchantOptions,
  type ReplayStore,
  type SecretOption,
  type TokenSharingOptions,
} from 'nestjs-payment-auth';
import { SIMULATOR } from '../sandbox/sandbox.module';
import { REPLAY_STORE } from '../webhooks/replay-store.module';
import { EnvironmentVariables, type PaymentEnv } from './environment';
import { alignetNotifications, defined, netzmeNotifications, placetopayNotifications } from './notification-options';
import { secretFile } from './secret-file';

const ENVIRONMENTS = {
  sandbox: { alignet: 'sandbox', placetopay: 'sandbox', netzme: 'sandbox' },
  test: { alignet: 'preprod', placetopay: 'test', netzme: 'staging' },
  production: { alignet: 'production', placetopay: 'production', netzme: 'production' },
} as const satisfies Record<PaymentEnv, unknown>;

/** The sandbox's secrets are public, and too short for keys to be derived from. */
const SANDBOX_ENCRYPTION_KEYS = [{ id: 'sandbox', key: Buffer.alloc(32, 'sandbox').toString('base64') }];
const SITES: readonly PlacetopayAccount[] = SANDBOX_ACCOUNTS.placetopay;

/**
 * From environment variables to the library's options. In the sandbox the credentials, keys and hosts of the simulator stand
 * in for whatever is not set.
 */
@Injectable()
export class PaymentAuthOptionsService implements PaymentAuthOptionsFactory {
  constructor(
    private readonly environment: EnvironmentVariables,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
    @Optional() @Inject(REPLAY_STORE) private readonly replayStore: ReplayStore | undefined,
  ) {}

  async createPaymentAuthOptions(): Promise<PaymentAuthModuleOptions> {
    const { simulator, environment } = this;
    const hasOwnKeys =
      environment.ALIGNET_PUBLIC_KEYS !== undefined && environment.NETZME_CALLBACK_PUBLIC_KEYS !== undefined;
    // They are made when first asked for, which takes the simulator a moment.
    const keys = hasOwnKeys ? undefined : await simulator?.publicKeys();
    const { replayStore } = this;
    return defined<PaymentAuthModuleOptions>({
      replicas: environment.REPLICAS,
      tokenSharing: this.tokenSharing(),
      notifications: replayStore && { replayStore },
      alignet: this.alignet(keys),
      placetopay: this.placetopay(),
      netzme: this.netzme(keys),
    });
  }

  private alignet(keys: SimulatorPublicKeys | undefined): AlignetMerchantOptions | undefined {
    const { environment } = this;
    const sandbox = this.simulator && SANDBOX_ACCOUNTS.alignet[0];
    const clientId = environment.ALIGNET_CLIENT_ID ?? sandbox?.clientId;
    const clientSecret = this.secret('ALIGNET_CLIENT_SECRET', sandbox?.clientSecret);
    if (clientId === undefined || clientSecret === undefined) return undefined;
    const url = this.simulator?.urls.alignet;
    return defined<AlignetMerchantOptions>({
      environment: this.environments.alignet,
      clientId,
      clientSecret,
      merchantCode: environment.ALIGNET_MERCHANT_CODE ?? sandbox?.merchantCode,
      authBaseUrl: environment.ALIGNET_AUTH_BASE_URL ?? url,
      apiBaseUrl: environment.ALIGNET_API_BASE_URL ?? url,
      assetsBaseUrl: environment.ALIGNET_ASSETS_BASE_URL ?? url,
      audience: environment.ALIGNET_AUDIENCE,
      apiVersion: environment.ALIGNET_API_VERSION,
      scope: environment.ALIGNET_SCOPE,
      notifications: alignetNotifications(environment, keys?.alignet),
    });
  }

  private placetopay(): PlacetopayMerchantOptions | undefined {
    const { environment } = this;
    // Some sites have no secrets for webhooks of their own.
    const ofThatLogin = SITES.find(({ login }) => login === environment.PLACETOPAY_LOGIN);
    const sandbox = this.simulator && SITES[0] && { ...SITES[0], ...ofThatLogin };
    const login = environment.PLACETOPAY_LOGIN ?? sandbox?.login;
    const secretKey = this.secret('PLACETOPAY_SECRET_KEY', sandbox?.secretKey);
    if (login === undefined || secretKey === undefined) return undefined;
    const url = this.simulator?.urls.placetopay;
    return defined<PlacetopayMerchantOptions>({
      environment: this.environments.placetopay,
      login,
      secretKey,
      // Names like these are checked by the library, which knows them.
      brand: environment.PLACETOPAY_BRAND as PlacetopayBrand | undefined,
      checkoutBaseUrl: environment.PLACETOPAY_CHECKOUT_BASE_URL ?? url,
      paymentLinksBaseUrl: environment.PLACETOPAY_PAYMENT_LINKS_BASE_URL ?? url,
      digestAlgorithm: environment.PLACETOPAY_DIGEST_ALGORITHM as PlacetopayDigestAlgorithm | undefined,
      clockSkewSeconds: environment.PLACETOPAY_CLOCK_SKEW_SECONDS,
      notifications: placetopayNotifications(environment, sandbox),
    });
  }

  private netzme(keys: SimulatorPublicKeys | undefined): NetzmeMerchantOptions | undefined {
    const { environment } = this;
    const sandbox = this.simulator && SANDBOX_ACCOUNTS.netzme[0];
    const clientId = environment.NETZME_CLIENT_ID ?? sandbox?.clientId;
    const clientSecret = this.secret('NETZME_CLIENT_SECRET', sandbox?.clientSecret);
    if (clientId === undefined || clientSecret === undefined) return undefined;
    return defined<NetzmeMerchantOptions>({
      environment: this.environments.netzme,
      clientId,
      clientSecret,
      api: environment.NETZME_API as NetzmeApi | undefined,
      baseUrl: environment.NETZME_BASE_URL ?? this.simulator?.urls.netzme,
      notifications: netzmeNotifications(environment, sandbox, keys?.netzme),
    });
  }

  /** As it is, or from its file; else the simulator's. */
  private secret(
    name: 'ALIGNET_CLIENT_SECRET' | 'PLACETOPAY_SECRET_KEY' | 'NETZME_CLIENT_SECRET',
    sandbox: string | undefined,
  ): SecretOption | undefined {
    const file = this.environment[`${name}_FILE`];
    return file === undefined ? (this.environment[name] ?? sandbox) : secretFile(file);
  }

  private tokenSharing(): PaymentAuthModuleOptions['tokenSharing'] {
    const { REDIS_URL: redisUrl, TOKEN_ENCRYPTION_KEYS: keys } = this.environment;
    if (redisUrl === undefined) return undefined;
    const encryptionKeys = keys
      ?.split(',')
      .map((entry) => ({ id: entry.split(':', 1)[0] ?? '', key: entry.slice(entry.indexOf(':') + 1) }));
    return defined<TokenSharingOptions>({
      redisUrl,
      encryptionKeys: encryptionKeys ?? (this.simulator && SANDBOX_ENCRYPTION_KEYS),
    });
  }

  private get environments(): (typeof ENVIRONMENTS)[PaymentEnv] {
    return ENVIRONMENTS[this.environment.PAYMENT_ENV];
  }
}
