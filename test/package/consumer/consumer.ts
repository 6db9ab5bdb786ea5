/**
 * What must compile against the published types, and what must not. Type-checked with the repository against the sources
 * and by matrix.mjs against the packed declarations; never run.
 */
import { Inject, Injectable, Module } from '@nestjs/common';
import {
  AccessTokenError,
  type AlignetCheckoutSession,
  AlignetNonceService,
  createPlacetopayAuth,
  NetzmeHttpService,
  type NetzmeSignedHeaders,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthError,
  type PaymentAuthErrorCode,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  type PaymentAuthOptionsFactory,
  type PlacetopayAuth,
  PlacetopayAuthService,
  PlacetopayHttpService,
  signNetzmeRequest,
} from 'nestjs-payment-auth';
import { alignetNotificationRequest, createAlignetTestKeys, type RsaTestKeys } from 'nestjs-payment-auth/testing';

export const one = PaymentAuthModule.forRoot({
  isGlobal: true,
  alignet: { environment: 'preprod', clientId: 'id', clientSecret: 'secret' },
  placetopay: { environment: 'test', login: 'login', secretKey: 'secret' },
  netzme: { environment: 'staging', clientId: 'id', clientSecret: 'secret' },
});

export const many = PaymentAuthModule.forRoot({
  alignet: {
    environment: 'preprod',
    merchants: { pen: { clientId: 'a', clientSecret: 'b' }, usd: { clientId: 'c', clientSecret: 'd' } },
    defaultMerchant: 'pen',
  },
});

@Injectable()
class OptionsFactory implements PaymentAuthOptionsFactory {
  createPaymentAuthOptions(): PaymentAuthModuleOptions {
    return { placetopay: { environment: 'production', brand: 'getnet-chile', login: 'login', secretKey: 'secret' } };
  }
}

export const asynchronous = [
  PaymentAuthModule.forRootAsync({ useClass: OptionsFactory }),
  PaymentAuthModule.forRootAsync({ isGlobal: true, useFactory: () => Promise.resolve({}) }),
];

@Injectable()
export class Shop {
  constructor(
    private readonly alignet: AlignetNonceService,
    private readonly placetopay: PlacetopayAuthService,
    private readonly checkout: PlacetopayHttpService,
    private readonly netzme: NetzmeHttpService,
    @Inject(PAYMENT_AUTH_CLOCK) readonly clock: unknown,
  ) {}

  async pay(): Promise<AlignetCheckoutSession> {
    const auth: PlacetopayAuth = this.placetopay.createAuth();
    await this.netzme.axiosRef.get<{ balance: number }>('/balance', { params: { userId: auth.login } });
    await this.netzme.for({ merchant: 'usd' }).axiosRef.post('/inquiry', {});
    await this.checkout.for({ product: 'payment-links' }).axiosRef.post('/api/payment-link', {});
    return this.alignet.createCheckoutSession({ merchant: 'usd', signal: AbortSignal.timeout(1_000) });
  }

  codeOf(error: unknown): PaymentAuthErrorCode | number | undefined {
    if (error instanceof AccessTokenError) return error.exchange?.status;
    return error instanceof PaymentAuthError ? error.code : undefined;
  }
}

@Module({ imports: [one, many, ...asynchronous], providers: [Shop] })
export class AppModule {}

export const headers: NetzmeSignedHeaders = signNetzmeRequest({
  clientId: 'id',
  clientSecret: 'secret',
  accessToken: 'token',
  method: 'POST',
  path: '/inquiry',
  requestTime: '1615190625765',
  body: new Uint8Array([0x7b, 0x7d]),
});

export const auth = createPlacetopayAuth({ login: 'l', secretKey: 's', rawNonce: new Uint8Array(16), seed: '' });

const keys: RsaTestKeys = createAlignetTestKeys();
export const rawBody: Uint8Array = alignetNotificationRequest({
  privateKey: keys.privateKey,
  merchantCode: 'code',
}).rawBody;

PaymentAuthModule.forRoot({
  // @ts-expect-error no such environment
  netzme: { environment: 'moon', clientId: 'id', clientSecret: 'secret' },
});
PaymentAuthModule.forRoot({
  // @ts-expect-error a secret is missing
  alignet: { environment: 'preprod', clientId: 'id' },
});
PaymentAuthModule.forRoot({
  placetopay: { environment: 'test', login: 'login', secretKey: 'secret' },
  // @ts-expect-error no such gateway
  paypal: {},
});
// @ts-expect-error tokens are read-only
headers.Authorization = 'Bearer mine';
