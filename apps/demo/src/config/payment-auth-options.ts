import { Inject, Injectable, Optional } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { type GatewaySimulator, SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { type PaymentAuthModuleOptions, type PaymentAuthOptionsFactory } from 'nestjs-payment-auth';
import { SIMULATOR } from '../sandbox/sandbox.module';
import { type EnvironmentVariables, type PaymentEnv } from './environment';

const ENVIRONMENTS = {
  sandbox: { alignet: 'sandbox', placetopay: 'sandbox', netzme: 'sandbox' },
  test: { alignet: 'preprod', placetopay: 'test', netzme: 'staging' },
  production: { alignet: 'production', placetopay: 'production', netzme: 'production' },
} as const satisfies Record<PaymentEnv, unknown>;

type Block<K extends keyof PaymentAuthModuleOptions> = NonNullable<PaymentAuthModuleOptions[K]>;

/**
 * From environment variables to the library's options. In the sandbox the credentials and hosts of the simulator stand in
 * for whatever is not set.
 */
@Injectable()
export class PaymentAuthOptionsService implements PaymentAuthOptionsFactory {
  constructor(
    private readonly config: ConfigService<EnvironmentVariables, true>,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {}

  createPaymentAuthOptions(): PaymentAuthModuleOptions {
    const [alignet, placetopay, netzme] = [this.alignet(), this.placetopay(), this.netzme()];
    const tokenSharing = this.tokenSharing();
    return {
      replicas: this.config.get('REPLICAS', { infer: true }),
      ...(tokenSharing !== undefined && { tokenSharing }),
      ...(alignet !== undefined && { alignet }),
      ...(placetopay !== undefined && { placetopay }),
      ...(netzme !== undefined && { netzme }),
    };
  }

  private alignet(): Block<'alignet'> | undefined {
    const sandbox = this.simulator && SANDBOX_ACCOUNTS.alignet[0];
    const clientId = this.get('ALIGNET_CLIENT_ID') ?? sandbox?.clientId;
    const clientSecret = this.get('ALIGNET_CLIENT_SECRET') ?? sandbox?.clientSecret;
    if (clientId === undefined || clientSecret === undefined) return undefined;
    const url = this.simulator?.urls.alignet;
    return defined({
      environment: this.environments.alignet,
      clientId,
      clientSecret,
      merchantCode: this.get('ALIGNET_MERCHANT_CODE') ?? sandbox?.merchantCode,
      authBaseUrl: this.get('ALIGNET_AUTH_BASE_URL') ?? url,
      apiBaseUrl: this.get('ALIGNET_API_BASE_URL') ?? url,
      assetsBaseUrl: this.get('ALIGNET_ASSETS_BASE_URL') ?? url,
      audience: this.get('ALIGNET_AUDIENCE'),
      apiVersion: this.get('ALIGNET_API_VERSION'),
      scope: this.get('ALIGNET_SCOPE'),
    }) as Block<'alignet'>;
  }

  private placetopay(): Block<'placetopay'> | undefined {
    const sandbox = this.simulator && SANDBOX_ACCOUNTS.placetopay[0];
    const login = this.get('PLACETOPAY_LOGIN') ?? sandbox?.login;
    const secretKey = this.get('PLACETOPAY_SECRET_KEY') ?? sandbox?.secretKey;
    if (login === undefined || secretKey === undefined) return undefined;
    const url = this.simulator?.urls.placetopay;
    return defined({
      environment: this.environments.placetopay,
      login,
      secretKey,
      brand: this.get('PLACETOPAY_BRAND'),
      checkoutBaseUrl: this.get('PLACETOPAY_CHECKOUT_BASE_URL') ?? url,
      paymentLinksBaseUrl: this.get('PLACETOPAY_PAYMENT_LINKS_BASE_URL') ?? url,
      digestAlgorithm: this.get('PLACETOPAY_DIGEST_ALGORITHM'),
      clockSkewSeconds: this.get('PLACETOPAY_CLOCK_SKEW_SECONDS'),
    }) as Block<'placetopay'>;
  }

  private netzme(): Block<'netzme'> | undefined {
    const sandbox = this.simulator && SANDBOX_ACCOUNTS.netzme[0];
    const clientId = this.get('NETZME_CLIENT_ID') ?? sandbox?.clientId;
    const clientSecret = this.get('NETZME_CLIENT_SECRET') ?? sandbox?.clientSecret;
    if (clientId === undefined || clientSecret === undefined) return undefined;
    return defined({
      environment: this.environments.netzme,
      clientId,
      clientSecret,
      api: this.get('NETZME_API'),
      baseUrl: this.get('NETZME_BASE_URL') ?? this.simulator?.urls.netzme,
    }) as Block<'netzme'>;
  }

  private tokenSharing(): PaymentAuthModuleOptions['tokenSharing'] {
    const redisUrl = this.get('REDIS_URL');
    if (redisUrl === undefined) return undefined;
    const encryptionKeys = this.get('TOKEN_ENCRYPTION_KEYS')
      ?.split(',')
      .map((entry) => ({ id: entry.split(':', 1)[0] ?? '', key: entry.slice(entry.indexOf(':') + 1) }));
    return { redisUrl, ...(encryptionKeys !== undefined && { encryptionKeys }) };
  }

  private get environments(): (typeof ENVIRONMENTS)[PaymentEnv] {
    return ENVIRONMENTS[this.config.get('PAYMENT_ENV', { infer: true })];
  }

  private get<K extends keyof EnvironmentVariables>(name: K): EnvironmentVariables[K] {
    return this.config.get(name, { infer: true });
  }
}

/** Names like the brand are checked by the library, which knows them; what is not set is left out. */
function defined(block: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));
}
