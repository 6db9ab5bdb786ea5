import { Test, type TestingModule } from '@nestjs/testing';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PlacetopayBrand,
  type PlacetopayEnvironment,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { inspect } from 'node:util';
import { resolvePaymentAuthOptions } from '../../libs/payment-auth/src/payment-auth.resolve-options';
import { PLACETOPAY_BRANDS, PLACETOPAY_ENVIRONMENTS } from '../../libs/payment-auth/src/placetopay/placetopay.options';
import { ManualClock } from '../support/manual-clock';
import { RecordingServer } from '../support/recording-server';

const ALIGNET = { clientId: 'c', clientSecret: 's' };
const NETZME = { clientId: 'c', clientSecret: 's' };

describe('presets of hosts', () => {
  it.each([
    ['production', 'https://auth.alignet.io', 'https://api.alignet.io/', 'https://flex.alignet.io'],
    ['preprod', 'https://auth.preprod.alignet.io', 'https://api.preprod.alignet.io/', 'https://flex.dev.pay-me.cloud'],
    ['development', 'https://auth.wip.alignet.io', 'https://api.dev.alignet.io/', 'https://flex.dev.pay-me.cloud'],
  ] as const)('Alignet %s', (environment, authBaseUrl, audience, assetsBaseUrl) => {
    const { alignet } = resolvePaymentAuthOptions({ alignet: { environment, ...ALIGNET } });
    expect(alignet?.byName['default']).toMatchObject({ authBaseUrl, audience, assetsBaseUrl });
  });

  it.each([
    ['merchant', 'production', 'https://tokoapi.netzme.com', '/oauth/merchant/accesstoken'],
    ['merchant', 'staging', 'https://tokoapi-stg.netzme.com', '/oauth/merchant/accesstoken'],
    ['consumer', 'production', 'https://api.netzme.com', '/oauth/token/accesstoken'],
    ['consumer', 'staging', 'https://api-stg.netzme.com', '/oauth/token/accesstoken'],
  ] as const)('Netzme %s %s', (api, environment, baseUrl, tokenPath) => {
    const { netzme } = resolvePaymentAuthOptions({ netzme: { environment, api, ...NETZME } });
    expect(netzme?.byName['default']).toMatchObject({ baseUrl, tokenPath });
  });

  const SITE = { login: 'l', secretKey: 'a-long-site-secret-key' };

  /** Fact by fact from Placetopay's directory of environments, its lightbox page and its shop plugins (read 2026-11). */
  const CHECKOUT_HOSTS: readonly [PlacetopayBrand, PlacetopayEnvironment, host: string][] = [
    ['placetopay', 'production', 'https://checkout.placetopay.com'],
    ['placetopay', 'test', 'https://checkout-test.placetopay.com'],
    ['placetopay', 'dev', 'https://checkout-co.placetopay.dev'],
    ['placetopay-ecuador', 'production', 'https://checkout.placetopay.ec'],
    ['placetopay-ecuador', 'test', 'https://checkout-test.placetopay.ec'],
    ['placetopay-ecuador', 'dev', 'https://checkout-ec.placetopay.dev'],
    ['placetopay-uruguay', 'production', 'https://checkout.placetopay.uy'],
    ['placetopay-uruguay', 'uat', 'https://uy-uat-checkout.placetopay.com'],
    ['getnet-chile', 'production', 'https://checkout.getnet.cl'],
    ['getnet-chile', 'test', 'https://checkout.test.getnet.cl'],
    ['getnet-chile', 'uat', 'https://checkout.uat.getnet.cl'],
    ['getnet-uruguay', 'production', 'https://checkout.getnet.uy'],
    ['banchile', 'production', 'https://checkout.banchilepagos.cl'],
    ['banchile', 'test', 'https://checkout.test.banchilepagos.cl'],
    ['banchile', 'uat', 'https://checkout.uat.banchilepagos.cl'],
    ['avalpay', 'production', 'https://checkout.avalpaycenter.com'],
    ['avalpay', 'test', 'https://checkout.test.avalpaycenter.com'],
    ['avalpay', 'uat', 'https://checkout.uat.avalpaycenter.com'],
    ['goupagos', 'production', 'https://checkout.goupagos.com.co'],
    ['davivienda', 'production', 'https://checkout.davivienda.cr'],
    ['atlantida', 'production', 'https://pagoenlinea.bancatlan.hn'],
    ['atlantida', 'test', 'https://checkout-test.placetopay.com'],
    ['atlantic-bank', 'production', 'https://abgateway.atlabank.com'],
    ['atlantic-bank', 'test', 'https://checkout-test.placetopay.com'],
  ];
  const LINKS_HOSTS = new Map<PlacetopayEnvironment, string>([
    ['production', 'https://sites.placetopay.com'],
    ['test', 'https://sites-test.placetopay.com'],
    ['dev', 'https://dev.placetopay.com/microsites'],
  ]);

  const placetopayAt = (brand: PlacetopayBrand, environment: PlacetopayEnvironment, more: object = {}) => {
    const block = { environment, brand, ...SITE, ...more };
    return resolvePaymentAuthOptions({ placetopay: block }).placetopay?.byName['default'];
  };

  it.each(CHECKOUT_HOSTS)('Placetopay %s %s', (brand, environment, checkoutBaseUrl) => {
    const paymentLinksBaseUrl = brand === 'placetopay' ? LINKS_HOSTS.get(environment) : undefined;
    const known = [checkoutBaseUrl, paymentLinksBaseUrl].filter((url) => url !== undefined);
    const allowedOrigins = known.map((url) => new URL(url).origin);
    const resolved = placetopayAt(brand, environment);
    expect(resolved).toMatchObject({ checkoutBaseUrl, allowedOrigins });
    expect(resolved?.paymentLinksBaseUrl).toBe(paymentLinksBaseUrl);
  });

  const unknown = PLACETOPAY_BRANDS.flatMap((brand) =>
    PLACETOPAY_ENVIRONMENTS.filter(
      (environment) =>
        environment !== 'sandbox' && !CHECKOUT_HOSTS.some((row) => row[0] === brand && row[1] === environment),
    ).map((environment) => [brand, environment] as const),
  );

  it.each(unknown)('Placetopay %s %s: none is known, so it has to be given', (brand, environment) => {
    expect(() => placetopayAt(brand, environment)).toThrow(
      /^payment-auth configuration: placetopay\.checkoutBaseUrl: is needed: .* hosts are known for production/,
    );
    const own = 'https://own.example';
    const given = placetopayAt(brand, environment, { checkoutBaseUrl: own, paymentLinksBaseUrl: own });
    expect(given).toMatchObject({ checkoutBaseUrl: own, paymentLinksBaseUrl: own, allowedOrigins: [own] });
  });

  it("Payment Links of a brand whose host is not known: refused by name, never sent to another brand's host", async () => {
    const chile = { environment: 'production', brand: 'getnet-chile', ...SITE } as const;
    const merchants = { chile: {}, own: { paymentLinksBaseUrl: 'https://links.example/x' } };
    const options = PaymentAuthModule.forRoot({ placetopay: { ...chile, merchants } });
    const app = await Test.createTestingModule({ imports: [options] }).compile();
    const placetopay = app.get(PlacetopayHttpService);
    const option = 'placetopay.merchants.chile.paymentLinksBaseUrl';
    const links = () => placetopay.for({ merchant: 'chile', product: 'payment-links' });
    expect(links).toThrow(PaymentAuthConfigError);
    expect(links).toThrow(option);
    const ofItsOwn = placetopay.for({ merchant: 'own', product: 'payment-links' });
    expect(ofItsOwn.axiosRef.defaults.baseURL).toBe('https://links.example/x');
    const { axiosRef } = placetopay.for({ merchant: 'chile' });
    await expect(axiosRef.post('https://sites.placetopay.com/api/payment-link', {})).rejects.toMatchObject({
      reason: 'foreign-origin',
    });
    await app.close();
  });

  it.each(['https://h.example?x=1', 'https://h.example#f', 'https://u@h.example', 'ftp://h.example', 'h.example'])(
    'no base URL: %s',
    (baseUrl) => {
      const options = { netzme: { environment: 'staging', ...NETZME, baseUrl } } as const;
      expect(() => resolvePaymentAuthOptions(options)).toThrow(/netzme\.baseUrl: must/);
    },
  );

  it('resolved options are frozen through and through', () => {
    const { netzme } = resolvePaymentAuthOptions({ netzme: { environment: 'staging', ...NETZME } });
    expect([netzme, netzme?.byName, netzme?.byName['default']].every(Object.isFrozen)).toBe(true);
  });
});

describe('at the edges', () => {
  let gateway: RecordingServer;
  let clock: ManualClock;
  let app: TestingModule;

  beforeEach(async () => {
    clock = new ManualClock();
    gateway = await RecordingServer.start(clock);
    app = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          alignet: { environment: 'sandbox', ...ALIGNET, authBaseUrl: gateway.url },
          placetopay: { environment: 'sandbox', login: 'l', secretKey: 'k', checkoutBaseUrl: gateway.url },
          netzme: { environment: 'sandbox', ...NETZME, baseUrl: gateway.url, unsignedPathPrefix: '/netzme' },
        }),
      ],
    })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    gateway.respond = ({ url }) => {
      if (url === '/oauth/merchant/accesstoken') return { body: { access_token: 'N' } };
      return url === '/token' ? { body: { access_token: 'A', expires_in: 3_600 } } : { body: { nonce: 'n' } };
    };
  });

  afterEach(async () => {
    await app.close();
    await gateway.stop();
  });

  it.each([
    [0, 30],
    [4_000, 26],
    [4_001, 25],
    [29_999, 0],
    [31_000, 0],
  ])('of a nonce whose answer took %d ms, %d seconds remain', async (tookMs, remains) => {
    const askedAt = clock.now();
    const respond = gateway.respond;
    gateway.respond = (request) => {
      if (request.url === '/nonce') clock.advance(tookMs);
      return respond(request);
    };
    const { expiresAt, expiresInSeconds } = await app.get(AlignetNonceService).createNonce();
    expect([expiresAt, expiresInSeconds]).toEqual([askedAt + 30_000, remains]);
  });

  it('a jump of the wall clock takes nothing off the seconds that remain of a nonce', async () => {
    const respond = gateway.respond;
    gateway.respond = (request) => {
      if (request.url === '/nonce') clock.jumpWall(3_600_000);
      return respond(request);
    };
    expect((await app.get(AlignetNonceService).createNonce()).expiresInSeconds).toBe(30);
  });

  it('takes no token that a header cannot carry: one request, one typed error for all, and nothing of it shown', async () => {
    gateway.respond = () => ({ body: { access_token: 'stolen\r\nX-Injected: 1' } });
    app.useLogger(false);
    const failures = [
      app.get(NetzmeHttpService).axiosRef.get('/a'),
      app.get(NetzmeAccessTokenService).getAccessToken(),
      app.get(NetzmeHttpService).axiosRef.get('/b'),
    ].map((call) => call.catch((error: unknown) => error));
    for (const error of await Promise.all(failures)) {
      expect(error).toMatchObject({ code: 'ERR_ACCESS_TOKEN_RESPONSE', gateway: 'netzme' });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/stolen|X-Injected/);
    }
    expect(gateway.requests.map(({ url }) => url)).toEqual(['/oauth/merchant/accesstoken']);
  });

  it("ends a nonce request with the caller's own reason", async () => {
    const service = app.get(AlignetNonceService);
    await service.getAccessToken();
    const leaving = new AbortController();
    gateway.respond = () => {
      leaving.abort(new Error('the buyer left'));
      return { hang: true };
    };
    await expect(service.createNonce({ signal: leaving.signal })).rejects.toThrow('the buyer left');
  });

  it('asks for tokens through an axios of its own, which the application does not share', async () => {
    const seen = jest.fn((config: InternalAxiosRequestConfig) => config);
    const id = axios.interceptors.request.use(seen);
    await app.get(AlignetNonceService).createNonce();
    await app.get(NetzmeHttpService).axiosRef.get('/a');
    axios.interceptors.request.eject(id);
    expect(seen).not.toHaveBeenCalled();
  });

  it('follows no redirect on an axios of the user that would', async () => {
    const instance = axios.create({ baseURL: gateway.url, maxRedirects: 5 });
    app.get(NetzmeSigningInterceptor).attach(instance);
    const respond = gateway.respond;
    gateway.respond = (request) =>
      request.url === '/a' ? { status: 302, headers: { Location: '/stolen' } } : respond(request);
    await expect(instance.get('/a')).rejects.toMatchObject({ code: 'ERR_GATEWAY_REDIRECT' });
    expect(gateway.requests.map(({ url }) => url)).not.toContain('/stolen');
  });

  it('keeps the digits of a body that has an auth of its own further down', async () => {
    const body = '{"payment":{"auth":1},"id":12345678901234567890}';
    await app
      .get(PlacetopayHttpService)
      .axiosRef.post('/api/session', body, { headers: { 'Content-Type': 'application/json' } });
    expect(gateway.requests[0]?.body).toMatch(/^\{"payment":\{"auth":1\},"id":12345678901234567890,"auth":\{/);
  });
});
