import { Test, type TestingModule } from '@nestjs/testing';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { inspect } from 'node:util';
import { resolvePaymentAuthOptions } from '../../libs/payment-auth/src/payment-auth.resolve-options';
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
