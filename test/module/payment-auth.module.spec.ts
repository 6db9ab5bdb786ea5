import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import axios from 'axios';
import Keyv from 'keyv';
import {
  AlignetNonceService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  type PaymentAuthOptionsFactory,
  PlacetopayAuthService,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { inspect } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { RecordingServer } from '../support/recording-server';

const PLACETOPAY = { environment: 'test', login: 'site', secretKey: 'key' } as const;
const ALIGNET = { environment: 'preprod', clientId: 'c', clientSecret: 's3cr3t-alignet' } as const;

async function start(...imports: NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>) {
  return Test.createTestingModule({ imports }).compile();
}

async function configError(options: unknown): Promise<PaymentAuthConfigError> {
  try {
    await start(PaymentAuthModule.forRoot(options as PaymentAuthModuleOptions));
  } catch (error) {
    if (error instanceof PaymentAuthConfigError) return error;
    throw error;
  }
  throw new Error('the options were accepted');
}

@Injectable()
class OptionsFactory implements PaymentAuthOptionsFactory {
  createPaymentAuthOptions(): PaymentAuthModuleOptions {
    return { placetopay: PLACETOPAY };
  }
}

@Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
class FactoryModule {}

describe('PaymentAuthModule', () => {
  describe('is registered', () => {
    const ways = {
      'by forRoot': () => PaymentAuthModule.forRoot({ placetopay: PLACETOPAY }),
      'by useFactory': () => PaymentAuthModule.forRootAsync({ useFactory: () => ({ placetopay: PLACETOPAY }) }),
      'by an async useFactory with inject': () =>
        PaymentAuthModule.forRootAsync({
          imports: [FactoryModule],
          inject: [OptionsFactory],
          useFactory: (factory: OptionsFactory) => Promise.resolve(factory.createPaymentAuthOptions()),
        }),
      'by useClass': () => PaymentAuthModule.forRootAsync({ useClass: OptionsFactory }),
      'by useExisting': () => PaymentAuthModule.forRootAsync({ imports: [FactoryModule], useExisting: OptionsFactory }),
    };

    it.each(Object.entries(ways))('%s', async (_way, register) => {
      const app = await start(register());
      expect(app.get(PlacetopayAuthService).createAuth()).toMatchObject({ login: 'site' });
      await app.close();
    });

    it.each([
      ['forRoot', () => PaymentAuthModule.forRoot({ isGlobal: true, placetopay: PLACETOPAY })],
      ['forRootAsync', () => PaymentAuthModule.forRootAsync({ isGlobal: true, useClass: OptionsFactory })],
    ])('globally by %s when told to, and only then', async (_way, register) => {
      @Injectable()
      class Consumer {
        constructor(readonly auth: PlacetopayAuthService) {}
      }
      @Module({ providers: [Consumer] })
      class Elsewhere {}

      const app = await start(register(), Elsewhere);
      expect(app.get(Consumer, { strict: false }).auth.createAuth()).toMatchObject({ login: 'site' });
      await app.close();
      await expect(start(PaymentAuthModule.forRoot({ placetopay: PLACETOPAY }), Elsewhere)).rejects.toThrow(
        /can't resolve dependencies of the Consumer/,
      );
    });
  });

  it('never shares state between two registrations, not even with equal options', async () => {
    const gateway = await RecordingServer.start();
    gateway.respond = ({ url }) => ({
      body: url === '/token' ? { success: true, access_token: `t${gateway.requests.length}`, expires_in: 3600 } : {},
    });
    const options = { alignet: { ...ALIGNET, environment: 'sandbox', authBaseUrl: gateway.url } } as const;
    const consumers = [1, 2].map(() => {
      @Injectable()
      class Consumer {
        constructor(readonly alignet: AlignetNonceService) {}
      }
      @Module({ imports: [PaymentAuthModule.forRoot(options)], providers: [Consumer] })
      class Feature {}
      return { Consumer, Feature };
    });
    const app = await start(...consumers.map(({ Feature }) => Feature));
    const [first, second] = consumers.map(({ Consumer }) => app.get(Consumer, { strict: false }).alignet);
    expect((await first?.getAccessToken())?.value).toBe('t1');
    expect((await second?.getAccessToken())?.value).toBe('t2');
    expect((await first?.getAccessToken())?.value).toBe('t1');
    await app.close();
    await gateway.stop();
  });

  it('keeps tokens in the Keyv store it is given, across restarts, with a life of its own', async () => {
    const gateway = await RecordingServer.start();
    gateway.respond = () => ({ body: { success: true, access_token: 'kept', expires_in: '3600' } });
    const map = new Map<string, unknown>();
    const register = () =>
      PaymentAuthModule.forRoot({
        alignet: { ...ALIGNET, environment: 'sandbox', authBaseUrl: gateway.url },
        accessTokens: { stores: [new Keyv({ store: map, namespace: 'mine' })] },
      });
    for (let life = 0; life < 2; life += 1) {
      const app = await start(register());
      expect((await app.get(AlignetNonceService).getAccessToken()).value).toBe('kept');
      await app.close();
    }
    expect(gateway.requests).toHaveLength(1);
    const [key] = map.keys();
    expect(key).toBe(
      `mine:payment-auth:access-token:${JSON.stringify([
        'alignet',
        gateway.url,
        'c',
        'http://127.0.0.1:4010/',
        'create:token post:charges',
      ])}`,
    );
    expect(key).not.toContain(ALIGNET.clientSecret);
    await gateway.stop();
  });

  it('goes on without a store that hangs or fails', async () => {
    const gateway = await RecordingServer.start();
    gateway.respond = () => ({ body: { success: true, access_token: 'fresh', expires_in: 3600 } });
    const hanging = new Keyv();
    const never = () => new Promise<never>(() => undefined);
    Object.assign(hanging, { get: never, set: never, delete: never });
    const failing = new Keyv();
    const fail = () => Promise.reject(new Error('store is down'));
    Object.assign(failing, { get: fail, set: fail, delete: fail });
    for (const store of [hanging, failing]) {
      const app = await start(
        PaymentAuthModule.forRoot({
          alignet: { ...ALIGNET, environment: 'sandbox', authBaseUrl: gateway.url },
          accessTokens: { stores: [store], storeTimeoutMs: 20 },
        }),
      );
      app.useLogger(false);
      const alignet = app.get(AlignetNonceService);
      expect((await alignet.getAccessToken()).value).toBe('fresh');
      expect((await alignet.getAccessToken()).value).toBe('fresh');
      await app.close();
    }
    expect(gateway.requests).toHaveLength(2);
    await gateway.stop();
  });

  describe('options', () => {
    it('are checked at start, all mistakes together, each with the field and the cure and never the value', async () => {
      const error = await configError({
        alignet: {
          environment: 'moon',
          clientId: '',
          clientSecret: 'line\nbreak-s3cr3t',
          authBaseUrl: 'http://evil.example',
        },
        placetopay: { environment: 'test', login: 'x'.repeat(33), secretKey: 'k', clockSkewSeconds: 9999, loginn: 1 },
        netzme: { environment: 'staging', clientId: 'c', baseUrl: 'https://u:p4ss@host.example?x=1' },
        accessTokens: { storeTimeoutMs: 0 },
        alignett: {},
      });
      expect(error.problems.map(({ option }) => option).sort()).toEqual([
        'accessTokens.storeTimeoutMs',
        'alignet.authBaseUrl',
        'alignet.clientId',
        'alignet.clientSecret',
        'alignet.environment',
        'alignett',
        'netzme.baseUrl',
        'netzme.clientSecret',
        'placetopay.clockSkewSeconds',
        'placetopay.login',
        'placetopay.loginn',
      ]);
      expect(error.code).toBe('ERR_PAYMENT_AUTH_CONFIG');
      expect(error.message).toContain('alignet.authBaseUrl: must be https; plain http is accepted for loopback only');
      expect(error.message).toContain('alignet.environment: must be one of production, preprod, development, sandbox');
      expect(error.message).toMatch(/placetopay\.loginn: is not an option here; known are .*\blogin\b/);
      for (const value of ['s3cr3t', 'p4ss', 'moon']) expect(inspect(error, { depth: 9 })).not.toContain(value);
    });

    it.each([
      ['no merchants', { merchants: {} }, 'placetopay.merchants'],
      [
        'a default that is none of them',
        { merchants: { a: PLACETOPAY }, defaultMerchant: 'b' },
        'placetopay.defaultMerchant',
      ],
      [
        'a merchant without credentials',
        { environment: 'test', merchants: { a: { login: 'l' } } },
        'placetopay.merchants.a.secretKey',
      ],
      ['a merchant that is nothing', { environment: 'test', merchants: { a: null } }, 'placetopay.merchants.a'],
      ['a brand without a host there', { ...PLACETOPAY, brand: 'goupagos' }, 'placetopay.checkoutBaseUrl'],
      ['null', null, 'placetopay'],
    ])('refuse %s', async (_what, placetopay, option) => {
      expect((await configError({ placetopay })).option).toBe(option);
    });

    it('treat undefined as not given', async () => {
      const app = await start(PaymentAuthModule.forRoot({ placetopay: { ...PLACETOPAY, brand: undefined } }));
      expect(app.get(PlacetopayHttpService).axiosRef.defaults.baseURL).toBe('https://checkout-test.placetopay.com');
      await app.close();
    });

    it('are not shown by the services that hold them', async () => {
      const app = await start(PaymentAuthModule.forRoot({ alignet: ALIGNET }));
      const service = app.get(AlignetNonceService);
      expect(inspect(service, { depth: Infinity, showHidden: true })).not.toContain(ALIGNET.clientSecret);
      await app.close();
    });

    it.each([
      ['production', 'placetopay', 'https://checkout.placetopay.com'],
      ['test', 'placetopay-ecuador', 'https://checkout-test.placetopay.ec'],
      ['test', 'getnet-chile', 'https://checkout.test.getnet.cl'],
      ['production', 'goupagos', 'https://checkout.goupagos.com.co'],
      ['sandbox', 'placetopay', 'http://127.0.0.1:4020'],
    ] as const)('know the host of %s for %s', async (environment, brand, host) => {
      const app = await start(PaymentAuthModule.forRoot({ placetopay: { ...PLACETOPAY, environment, brand } }));
      expect(app.get(PlacetopayHttpService).axiosRef.defaults.baseURL).toBe(host);
      await app.close();
    });
  });

  describe('a gateway that is not configured', () => {
    let app: TestingModule;
    beforeAll(async () => (app = await start(PaymentAuthModule.forRoot({}))));
    afterAll(() => app.close());

    it.each<[string, () => unknown, string]>([
      ['AlignetNonceService', () => app.get(AlignetNonceService).createNonce(), 'alignet'],
      ['PlacetopayAuthService', () => app.get(PlacetopayAuthService).createAuth(), 'placetopay'],
      ['PlacetopayHttpService', () => lastValueFrom(app.get(PlacetopayHttpService).post('/x', {})), 'placetopay'],
      ['NetzmeHttpService', () => lastValueFrom(app.get(NetzmeHttpService).get('/x')), 'netzme'],
      ['NetzmeSigningInterceptor', () => app.get(NetzmeSigningInterceptor).attach(axios.create()), 'netzme'],
    ])('fails when %s is used, naming the block', async (_service, use, gateway) => {
      await expect(Promise.resolve().then(use)).rejects.toMatchObject({
        code: 'ERR_PAYMENT_AUTH_CONFIG',
        gateway,
        option: gateway,
        message: expect.stringContaining(`add the \`${gateway}\` block`) as string,
      });
    });
  });

  it.each([null, 'usd', 7])('refuses %p for the options of a call', async (options) => {
    const app = await start(PaymentAuthModule.forRoot({ placetopay: PLACETOPAY, alignet: ALIGNET }));
    const problem = new RegExp(
      `^Options of a call for \\w+ must be an object, e\\.g\\. \\{ merchant: 'name' \\}, or left out\\.$`,
    );
    await expect(app.get(AlignetNonceService).createNonce(options as never)).rejects.toThrow(problem);
    await expect(app.get(AlignetNonceService).getAccessToken(options as never)).rejects.toThrow(problem);
    expect(() => app.get(PlacetopayAuthService).createAuth(options as never)).toThrow(problem);
    await app.close();
  });

  describe('several merchants', () => {
    const merchants = { pen: { login: 'site-pen' }, usd: { login: 'site-usd', secretKey: 'other' } };

    it('share what stands beside them and are chosen by call', async () => {
      const app = await start(
        PaymentAuthModule.forRoot({ placetopay: { environment: 'test', secretKey: 'k', merchants } }),
      );
      const service = app.get(PlacetopayAuthService);
      expect(service.createAuth({ merchant: 'pen' }).login).toBe('site-pen');
      expect(service.createAuth({ merchant: 'usd' }).login).toBe('site-usd');
      expect(() => service.createAuth()).toThrow(/several merchants are configured \(pen, usd\): pass \{ merchant \}/);
      expect(() => service.createAuth({ merchant: 'toString' })).toThrow(/no such merchant; configured: pen, usd/);
      await expect(lastValueFrom(app.get(PlacetopayHttpService).post('/x', {}))).rejects.toThrow(/several merchants/);
      await app.close();
    });
  });
});
