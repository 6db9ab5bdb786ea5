import { type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AlignetNonceService,
  NonceError,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
} from 'nestjs-payment-auth';
import { inspect } from 'node:util';
import { whenSilent } from '../support/late';
import { ManualClock } from '../support/manual-clock';
import { MemoryRedis } from '../support/memory-redis';
import { type CannedAnswer, type RecordedRequest, RecordingServer } from '../support/recording-server';

// Long enough for a key to be derived from it.
const SECRET = 'the-client-secret-of-32-characters';
type AlignetOptions = NonNullable<PaymentAuthModuleOptions['alignet']>;

describe("Alignet's tokens and nonces", () => {
  let gateway: RecordingServer;
  let clock: ManualClock;
  let app: INestApplicationContext | undefined;
  let warn: jest.SpyInstance;
  /** The token that a nonce is given for; any, where there is none. */
  let accepted: string | undefined;
  let refusal: CannedAnswer;
  let tokens: number;

  const respond = ({ url, headers }: RecordedRequest): CannedAnswer => {
    if (url === '/token') return { body: { success: true, access_token: `A${(tokens += 1)}`, expires_in: 3_600 } };
    const isAccepted = accepted === undefined || headers.authorization === `Bearer ${accepted}`;
    return isAccepted ? { body: { success: true, nonce: 'n' } } : refusal;
  };

  beforeEach(async () => {
    clock = new ManualClock();
    gateway = await RecordingServer.start(clock);
    accepted = undefined;
    refusal = { status: 401, body: {} };
    tokens = 0;
    gateway.respond = respond;
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(Logger.prototype, 'log').mockImplementation();
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
  });
  afterEach(async () => {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    await app?.close();
    app = undefined;
    await gateway.stop();
    jest.restoreAllMocks();
  });

  async function start(
    more: Partial<AlignetOptions> = {},
    besides: Partial<PaymentAuthModuleOptions> = {},
  ): Promise<AlignetNonceService> {
    const given = { environment: 'sandbox', clientId: 'shop', clientSecret: SECRET, authBaseUrl: gateway.url, ...more };
    const options = { alignet: given, ...besides } as PaymentAuthModuleOptions;
    app = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(options)] })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    return app.get(AlignetNonceService);
  }

  const asked = (): string[] => gateway.requests.map(({ url }) => url);

  it('are asked for with the version of the API, the credentials in the body of the token request alone', async () => {
    await (await start({ apiVersion: '1618440906', audience: 'https://a.example/' })).createNonce();
    expect(gateway.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /token', 'POST /nonce']);
    for (const { headers } of gateway.requests) expect(headers['alg-api-version']).toBe('1618440906');
    const [token, nonce] = gateway.requests;
    expect(token?.headers.authorization).toBeUndefined();
    expect(JSON.parse(token?.body ?? '')).toMatchObject({ client_id: 'shop', client_secret: SECRET });
    expect(nonce?.headers.authorization).toBe('Bearer A1');
    expect(JSON.parse(nonce?.body ?? '')).toMatchObject({ audience: 'https://a.example/', client_id: 'shop' });
    expect(nonce?.body).not.toContain(SECRET);
  });

  it.each([
    [undefined, undefined, 'post:charges'],
    ['get:charges', undefined, 'get:charges'],
    ['get:charges', 'post:charges', 'post:charges'],
  ])('have the scope %p asked for, %p granted: %s', async (scope, granted, expected) => {
    const service = await start();
    gateway.respond = (request) => {
      const answer = respond(request);
      return request.url === '/nonce' ? { body: { success: true, nonce: 'n', scope: granted } } : answer;
    };
    const nonce = await service.createNonce({ scope });
    expect(nonce.scope).toBe(expected);
    expect(JSON.parse(gateway.requests[1]?.body ?? '')).toMatchObject({ scope: scope ?? 'post:charges' });
  });

  describe('a checkout session', () => {
    it('is a nonce with what a page needs beside it', async () => {
      const service = await start({ merchantCode: 'm-1', assetsBaseUrl: 'https://flex.example/v2/' });
      expect(await service.createCheckoutSession()).toEqual({
        nonce: 'n',
        scope: 'post:charges',
        expiresAt: clock.now() + 30_000,
        expiresInSeconds: 30,
        merchantCode: 'm-1',
        scriptUrl: 'https://flex.example/v2/flex-payment-forms.min.js',
        styleUrl: 'https://flex.example/v2/main-flex-payment-forms.css',
      });
    });

    it('without merchantCode is a mistake that is named, and asks for nothing', async () => {
      const service = await start();
      const error: unknown = await service.createCheckoutSession().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PaymentAuthConfigError);
      expect(error).toMatchObject({ option: 'alignet.merchantCode', gateway: 'alignet' });
      expect(gateway.requests).toEqual([]);
    });
  });

  describe('a token that is accepted no longer', () => {
    it('is replaced once; when that goes on, somebody else ends ours', async () => {
      const service = await start();
      for (let nth = 1; nth <= 4; nth += 1) {
        await service.createNonce();
        accepted = `A${nth + 1}`;
        // A token that has just replaced a refused one is kept for so long.
        clock.advance(3_000);
      }
      expect(service.accessTokenStatus()).toMatchObject({ isContested: false, rejections: 3 });
      await expect(service.createNonce()).rejects.toMatchObject({ code: 'ERR_ACCESS_TOKEN_CONTESTED' });
      expect(service.accessTokenStatus()).toMatchObject({ isContested: true, rejections: 4 });
    });

    it.each([
      ['HTTP 401', { status: 401, body: {} }],
      ['a refusal with HTTP 200', { body: { success: false } }],
    ])('is not what is wrong where its successor is refused too: %s', async (_what, answer) => {
      const service = await start();
      await service.getAccessToken();
      accepted = 'none';
      refusal = answer;
      for (let calls = 0; calls < 6; calls += 1) {
        // Old enough for a refusal with HTTP 200 to count, and all six within a minute: that would be a fight.
        clock.jumpWall(57_000);
        clock.advance(3_000);
        await expect(service.createNonce()).rejects.toMatchObject({ code: 'ERR_NONCE_REQUEST' });
      }
      expect(service.accessTokenStatus()).toMatchObject({ isContested: false, rejections: 6 });
    });

    it('is kept where a scope is missing: another one would have no more', async () => {
      const service = await start();
      await service.getAccessToken();
      accepted = 'none';
      refusal = { status: 403, body: {} };
      await expect(service.createNonce()).rejects.toMatchObject({ code: 'ERR_NONCE_REQUEST', retryable: false });
      expect(asked()).toEqual(['/token', '/nonce']);
    });
  });

  it('are renewed behind the callers within a minute of the end of their life', async () => {
    const service = await start();
    await service.getAccessToken();
    clock.advance(3_600_000 - 60_000);
    expect((await service.getAccessToken()).value).toBe('A1');
    while (service.accessTokenStatus().requests < 2) await new Promise((resolve) => setImmediate(resolve));
    while ((await service.getAccessToken()).value !== 'A2') await new Promise((resolve) => setImmediate(resolve));
  });

  it("repeat neither secret nor token in an error, whatever the gateway's words", async () => {
    const service = await start();
    const saying = (part: string, what: string) => ({
      status: 400,
      body: { [part]: { meta: { status: { code: '01', message_ilgn: [{ value: `unknown ${what}` }] } } } },
    });
    accepted = 'none';
    for (const what of [SECRET, 'A1']) {
      refusal = saying('nonce_creation', what);
      const error: unknown = await service.createNonce().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NonceError);
      expect(error).toMatchObject({ exchange: { gatewayMessage: 'unknown [redacted]' } });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(SECRET);
    }
    clock.advance(3_600_000);
    gateway.respond = () => saying('authorization', SECRET);
    await expect(service.getAccessToken()).rejects.toMatchObject({
      exchange: { gatewayMessage: 'unknown [redacted]' },
    });
  });

  it.each(['/token', '/nonce'])('name gateway and place when %s takes too long', async (path) => {
    const service = await start();
    gateway.respond = (request) => (request.url === path ? { hang: true } : respond(request));
    const { host } = new URL(gateway.url);
    const wasAsked = () => gateway.requests.some(({ url }) => url === path);
    await expect(whenSilent(3_600_000, () => service.createNonce(), wasAsked)).rejects.toMatchObject({
      code: 'ERR_GATEWAY_TIMEOUT',
      gateway: 'alignet',
      retryable: true,
      exchange: { method: 'POST', host, path },
    });
  });

  it.each(['/token', '/nonce'])('name the gateway when %s leads elsewhere', async (path) => {
    const service = await start();
    gateway.respond = (request) =>
      request.url === path ? { status: 302, headers: { Location: 'https://other.example' } } : respond(request);
    await expect(service.createNonce()).rejects.toMatchObject({ code: 'ERR_GATEWAY_REDIRECT', gateway: 'alignet' });
  });

  it.each([
    [3_600, []],
    [undefined, [[expect.stringContaining('120 s (assumedLifetimeSeconds)')]]],
  ])('warn where no life is stated that can be believed: %p', async (expires_in, warnings) => {
    const service = await start({ assumedLifetimeSeconds: 120 });
    gateway.respond = () => ({ body: { access_token: 'A', expires_in } });
    const { obtainedAt, expiresAt } = await service.getAccessToken();
    expect(expiresAt - obtainedAt).toBe((expires_in ?? 120) * 1_000);
    expect(warn.mock.calls).toEqual(warnings);
  });

  it('are not sent in production once certificate checks are switched off, and are elsewhere', async () => {
    const production = await start({ environment: 'production' });
    await production.getAccessToken();
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const insecure = { reason: 'insecure-tls', gateway: 'alignet' };
    await expect(production.createNonce()).rejects.toMatchObject(insecure);
    clock.advance(3_600_000);
    await expect(production.getAccessToken()).rejects.toMatchObject(insecure);
    expect(asked()).toEqual(['/token']);
    await app?.close();
    await expect((await start()).createNonce()).resolves.toMatchObject({ nonce: 'n' });
  });

  it('tell how they are doing, and how the store that replicas share is', async () => {
    const alone = await start();
    await alone.getAccessToken();
    const status = alone.accessTokenStatus();
    expect(status).toMatchObject({ state: 'valid', requests: 1, expiresAt: clock.now() + 3_600_000 });
    expect(status).not.toHaveProperty('sharing');
    await app?.close();
    const shared = await start({}, { tokenSharing: { client: new MemoryRedis().client() } });
    await shared.getAccessToken();
    expect(shared.accessTokenStatus()).toMatchObject({
      state: 'valid',
      generation: 1,
      sharing: { isReachable: true, storeCalls: 4 },
    });
  });
});
