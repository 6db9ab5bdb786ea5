import { type DynamicModule, type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  NetzmeAccessTokenService,
  NetzmeHttpService,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
} from 'nestjs-payment-auth';
import { ManualClock } from '../support/manual-clock';
import { MemoryRedis } from '../support/memory-redis';
import { RecordingServer } from '../support/recording-server';

// Long enough for a key to be derived from it.
const SECRET = 'the-client-secret-of-32-characters';
const TOKEN_PATH = '/oauth/merchant/accesstoken';
const HOUR = 3_600_000;

describe("Netzme's tokens", () => {
  let gateway: RecordingServer;
  let clock: ManualClock;
  let app: INestApplicationContext | undefined;
  let lines: string[];

  beforeEach(async () => {
    clock = new ManualClock();
    gateway = await RecordingServer.start(clock);
    lines = [];
    gateway.respond = () => ({
      body: { access_token: `N${gateway.requests.length}`, expiry_token: clock.now() + HOUR },
    });
    for (const level of ['log', 'warn', 'error'] as const) {
      const say = (...[line]: unknown[]): void => void lines.push(`${level} ${String(line)}`);
      jest.spyOn(Logger.prototype, level).mockImplementation(say);
    }
  });
  afterEach(async () => {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    await app?.close();
    app = undefined;
    await gateway.stop();
    jest.restoreAllMocks();
  });

  async function start(
    more: object = {},
    besides: Partial<PaymentAuthModuleOptions> = {},
  ): Promise<NetzmeAccessTokenService> {
    const given = { environment: 'sandbox', clientId: 'shop', clientSecret: SECRET, baseUrl: gateway.url, ...more };
    const options = { netzme: given, ...besides } as PaymentAuthModuleOptions;
    app = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(options)] })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    return app.get(NetzmeAccessTokenService);
  }

  it('are those of one client each, and the log tells them apart', async () => {
    const merchants = { a: { clientId: 'shop-a' }, b: { clientId: 'shop-b' }, alsoA: { clientId: 'shop-a' } };
    const service = await start({ clientId: undefined, merchants });
    expect((await service.getAccessToken({ merchant: 'a' })).value).toBe('N1');
    expect((await service.getAccessToken({ merchant: 'b' })).value).toBe('N2');
    expect((await service.getAccessToken({ merchant: 'alsoA' })).value).toBe('N1');
    const place = `${gateway.url}${TOKEN_PATH}`;
    expect(lines.filter((line) => line.includes('access token'))).toEqual([
      // printf shop-a | sha256sum, and shop-b
      expect.stringContaining(`netzme client sha256:5402d129 at ${place}: `),
      expect.stringContaining(`netzme client sha256:c23a000b at ${place}: `),
    ]);
  });

  describe('of one client, in two registrations of one application', () => {
    const register = (more: Partial<PaymentAuthModuleOptions> = {}, clientId = 'shop') => {
      const netzme = { environment: 'sandbox', clientId, clientSecret: SECRET, baseUrl: gateway.url } as const;
      return PaymentAuthModule.forRoot({ netzme, ...more });
    };
    const startTwo = async (first: DynamicModule, second: DynamicModule): Promise<INestApplicationContext> =>
      (app = await Test.createTestingModule({ imports: [first, second] }).compile());

    it('would end each other, which is refused at start', async () => {
      await expect(startTwo(register(), register())).rejects.toMatchObject({
        code: 'ERR_PAYMENT_AUTH_CONFIG',
        option: 'netzme.clientId',
        message: expect.stringMatching(/isGlobal: true.*tokenSharing/) as string,
      });
    });

    it('are one where both share it, are two where the clients differ, and those of two applications are theirs', async () => {
      const redis = new MemoryRedis();
      const shared = () => register({ tokenSharing: { client: redis.client() } });
      for (const start of [
        () => startTwo(shared(), shared()),
        () => startTwo(register(), register({}, 'another')),
        () => startTwo(register(), PaymentAuthModule.forRoot({})),
      ]) {
        await expect(start()).resolves.toBeDefined();
      }
      await expect(startTwo(register(), register({}, 'another'))).resolves.toBeDefined();
    });
  });

  it('are asked for with the credentials in a Basic header', async () => {
    await (await start()).getAccessToken();
    expect(gateway.requests).toMatchObject([
      {
        method: 'POST',
        url: TOKEN_PATH,
        headers: { authorization: `Basic ${Buffer.from(`shop:${SECRET}`).toString('base64')}` },
        body: '{"grant_type":"client_credentials"}',
      },
    ]);
  });

  it('are waited for by callers when their renewal is due, for a new one ends the old', async () => {
    const service = await start({ refreshMarginMs: 30_000 });
    await service.getAccessToken();
    clock.advance(HOUR - 32_000);
    expect((await service.getAccessToken()).value).toBe('N1');
    clock.advance(2_000);
    expect((await service.getAccessToken()).value).toBe('N2');
  });

  it('are asked for as rarely as ever where requests are refused with any token, and the other calls succeed', async () => {
    await start();
    let current = '';
    let tokens = 0;
    gateway.respond = ({ url, headers }) => {
      if (url === TOKEN_PATH) {
        current = `N${(tokens += 1)}`;
        return { body: { access_token: current, expiry_token: clock.now() + HOUR } };
      }
      return { status: url === '/good' && headers.authorization === `Bearer ${current}` ? 200 : 401 };
    };
    const { axiosRef } = (app as INestApplicationContext).get(NetzmeHttpService);
    const call = (url: string) => axiosRef.get(url, { validateStatus: () => true }).then(({ status }) => status);
    const seconds = 30;
    for (let second = 0; second < seconds; second += 1) {
      const statuses = await Promise.all(Array.from({ length: 8 }, (_, nth) => call(nth % 2 === 0 ? '/bad' : '/good')));
      expect(statuses).toEqual([401, 200, 401, 200, 401, 200, 401, 200]);
      clock.advance(1_000);
    }
    expect(tokens).toBeGreaterThan(1);
    expect(tokens).toBeLessThanOrEqual(10 + seconds / 5);
    expect(app?.get(NetzmeAccessTokenService).accessTokenStatus()).toMatchObject({ isContested: false });
  });

  it('show neither secret nor credentials in an error that repeats them', async () => {
    const service = await start();
    const basic = `Basic ${Buffer.from(`shop:${SECRET}`).toString('base64')}`;
    gateway.respond = () => ({ status: 400, body: { status: `bad ${basic}: ${SECRET}` } });
    await expect(service.getAccessToken()).rejects.toMatchObject({
      gateway: 'netzme',
      exchange: { gatewayCode: 'bad [redacted]: [redacted]' },
    });
  });

  it('name gateway and place when they take too long', async () => {
    const service = await start({ timeoutMs: 50 });
    gateway.respond = () => ({ hang: true });
    const { host } = new URL(gateway.url);
    await expect(service.getAccessToken()).rejects.toMatchObject({
      code: 'ERR_GATEWAY_TIMEOUT',
      gateway: 'netzme',
      retryable: true,
      exchange: { method: 'POST', host, path: TOKEN_PATH },
    });
  });

  it('name the gateway when their place leads elsewhere', async () => {
    const service = await start();
    gateway.respond = () => ({ status: 302, headers: { Location: 'https://other.example' } });
    await expect(service.getAccessToken()).rejects.toMatchObject({ code: 'ERR_GATEWAY_REDIRECT', gateway: 'netzme' });
  });

  it.each([
    [true, HOUR, []],
    [false, 120_000, [expect.stringContaining('120 s (assumedLifetimeSeconds)')]],
  ])('with an expiry stated %p live for %d ms', async (isStated, lifetimeMs, warnings) => {
    const service = await start({ assumedLifetimeSeconds: 120 });
    // To the second, as Date tells it.
    clock.jumpWall(-(clock.now() % 1_000));
    const respond = gateway.respond;
    gateway.respond = (request) => (isStated ? respond(request) : { body: { access_token: 'N' } });
    const { obtainedAt, expiresAt } = await service.getAccessToken();
    expect(expiresAt - obtainedAt).toBe(lifetimeMs);
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual(warnings);
  });

  it('are not asked for in production once certificate checks are switched off, and are elsewhere', async () => {
    const production = await start({ environment: 'production' });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    await expect(production.getAccessToken()).rejects.toMatchObject({ reason: 'insecure-tls', gateway: 'netzme' });
    expect(gateway.requests).toEqual([]);
    await app?.close();
    await expect((await start()).getAccessToken()).resolves.toMatchObject({ value: 'N1' });
  });

  it('tell how they are doing, and how the store that replicas share is', async () => {
    const alone = await start();
    await alone.getAccessToken();
    expect(alone.accessTokenStatus()).toMatchObject({ state: 'valid', requests: 1 });
    expect(alone.accessTokenStatus()).not.toHaveProperty('sharing');
    await app?.close();
    const shared = await start({}, { tokenSharing: { client: new MemoryRedis().client() }, replicas: 2 });
    await shared.getAccessToken();
    expect(shared.accessTokenStatus()).toMatchObject({
      state: 'valid',
      generation: 1,
      sharing: { isReachable: true, storeCalls: 4 },
    });
  });
});
