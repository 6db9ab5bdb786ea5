import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { AxiosError } from 'axios';
import {
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  type PlacetopayAuth,
  PlacetopayAuthInterceptor,
  PlacetopayAuthService,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { lastValueFrom, retry } from 'rxjs';
import { ManualClock } from '../support/manual-clock';
import { type RawRequest, RawServer } from '../support/raw-server';
import { RecordingServer } from '../support/recording-server';

const SECRET_KEY = 'a-secret-key-ñ';

/** By the formula of the documentation, written apart from the library. */
function isRight(auth: PlacetopayAuth, algorithm = 'sha256'): boolean {
  const hash = createHash(algorithm);
  hash.update(Buffer.from(auth.nonce, 'base64'));
  hash.update(auth.seed);
  hash.update(SECRET_KEY);
  return hash.digest('base64') === auth.tranKey;
}

describe('Placetopay auth', () => {
  let server: RecordingServer;
  let raw: RawServer;
  const rawRequests: RawRequest[] = [];
  let app: INestApplicationContext;
  let clock: ManualClock;
  let placetopay: PlacetopayHttpService;
  let service: PlacetopayAuthService;

  beforeAll(async () => {
    server = await RecordingServer.start();
    raw = await new RawServer((request, socket) => {
      rawRequests.push(request);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    }).listen();
    clock = new ManualClock();
    app = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          placetopay: {
            environment: 'test',
            checkoutBaseUrl: `${server.url}/redirection`,
            paymentLinksBaseUrl: server.url,
            additionalBaseUrls: [raw.url],
            login: 'site',
            secretKey: SECRET_KEY,
            merchants: {
              now: {},
              legacy: { digestAlgorithm: 'sha1' },
              behind: { clockSkewSeconds: 1_800 },
              ahead: { clockSkewSeconds: -1_800 },
            },
            defaultMerchant: 'now',
          },
        }),
      ],
    })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    placetopay = app.get(PlacetopayHttpService);
    service = app.get(PlacetopayAuthService);
  });

  beforeEach(() => {
    server.requests.length = 0;
    rawRequests.length = 0;
    server.respond = () => ({});
  });

  afterAll(async () => {
    await app.close();
    await server.stop();
    await raw.stop();
  });

  const received = (index = 0): { auth: PlacetopayAuth } & Record<string, unknown> =>
    JSON.parse(server.requests[index]?.body ?? 'null') as { auth: PlacetopayAuth };

  describe('createAuth', () => {
    it('makes a digest over raw nonce, seed and secret, with 16 random bytes and a seed with offset', () => {
      const auth = service.createAuth();
      expect(auth.login).toBe('site');
      expect(auth.seed).toBe('2026-11-22T10:15:30+00:00');
      expect(Buffer.from(auth.nonce, 'base64')).toHaveLength(16);
      expect(auth.tranKey).toHaveLength(44);
      expect(isRight(auth)).toBe(true);
    });

    it('never makes the same nonce twice, pool refills included', () => {
      const nonces = Array.from({ length: 2_000 }, () => service.createAuth().nonce);
      expect(new Set(nonces).size).toBe(2_000);
    });

    it('uses SHA-1 by explicit option only', () => {
      const auth = service.createAuth({ merchant: 'legacy' });
      expect(auth.tranKey).toHaveLength(28);
      expect(isRight(auth, 'sha1')).toBe(true);
    });

    it('shifts the seed by the configured clock skew', () => {
      expect(service.createAuth({ merchant: 'behind' }).seed).toBe('2026-11-22T10:45:30+00:00');
      expect(service.createAuth({ merchant: 'ahead' }).seed).toBe('2026-11-22T09:45:30+00:00');
    });
  });

  it('stands in every body, beside what the caller sent, digits and all', async () => {
    await placetopay.axiosRef.post('/api/session', { payment: { reference: 'R' } });
    await placetopay.axiosRef.post('/api/session', '{ "id" : 12345678901234567890, "f": 1.50 }', {
      headers: { 'Content-Type': 'application/json' },
    });
    await placetopay.axiosRef.post('/api/session/1');
    await placetopay.for({ product: 'payment-links' }).axiosRef.post('/api/payment-link/1', {});
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/redirection/api/session',
      '/redirection/api/session',
      '/redirection/api/session/1',
      '/api/payment-link/1',
    ]);
    expect(received(0)['payment']).toEqual({ reference: 'R' });
    expect(server.requests[1]?.body).toMatch(/^\{ "id" : 12345678901234567890, "f": 1\.50 ,"auth":\{/);
    for (const index of [0, 1, 2, 3]) expect(isRight(received(index).auth)).toBe(true);
    expect(server.requests.every(({ headers }) => headers['content-type'] === 'application/json')).toBe(true);
  });

  describe.each(['http', 'fetch'])("with a caller's length of the body without it, sent by %s", (adapter) => {
    const body = '{ "reference" : "ñandú", "total": 1.10 }';
    const ownLength = String(Buffer.byteLength(body));

    it.each([
      [{ 'Content-Length': ownLength }],
      [{ 'content-length': ownLength }],
      [{ 'CONTENT-LENGTH': '100000' }],
      [{ 'Transfer-Encoding': 'chunked' }],
      [{ 'Content-Length': ownLength, 'Transfer-Encoding': 'chunked' }],
      [{ 'content-length': ownLength, 'transfer-encoding': 'chunked' }],
    ])('arrives in full: %j', async (stated) => {
      const headers = { 'Content-Type': 'application/json', ...stated };
      await placetopay.axiosRef.post(`${raw.url}/api/session`, body, { adapter, headers });
      // A second one, because what is left of a body that was cut short begins the next request.
      await placetopay.axiosRef.post(`${raw.url}/api/session/1`, body, { adapter, headers });
      expect(rawRequests.map(({ target }) => target)).toEqual(['/api/session', '/api/session/1']);
      for (const request of rawRequests) {
        const text = request.body.toString('utf8');
        const { auth } = JSON.parse(text) as { auth: PlacetopayAuth };
        expect(text).toBe(`${body.slice(0, -1)},"auth":${JSON.stringify(auth)}}`);
        expect(isRight(auth)).toBe(true);
        expect(request.headers.get('content-length')).toBe(String(request.body.length));
        expect(request.headers.has('transfer-encoding')).toBe(false);
      }
    });
  });

  it.each(['http', 'fetch'])('leaves the Host to its own URL, by %s', async (adapter) => {
    await placetopay.axiosRef.post('/api/session', {}, { headers: { HOST: 'attacker.example' }, adapter });
    expect(server.requests.map(({ headers }) => headers.host)).toEqual([new URL(server.url).host]);
  });

  it("replaces a caller's own auth", async () => {
    await placetopay.axiosRef.post('/api/session', { auth: { login: 'old' }, locale: 'es_CO' });
    expect(isRight(received().auth)).toBe(true);
    expect(received()['locale']).toBe('es_CO');
  });

  it('is a fresh one for every try, by config and by rxjs', async () => {
    server.respond = () => ({ status: server.requests.length % 2 === 1 ? 503 : 200 });
    const error = await placetopay.axiosRef.post('/api/session', { a: 1 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AxiosError);
    await placetopay.axiosRef.request((error as AxiosError).config ?? {});
    await lastValueFrom(placetopay.post('/api/session', { a: 1 }).pipe(retry(1)));
    const auths = server.requests.map((_request, index) => received(index).auth);
    expect(auths).toHaveLength(4);
    expect(new Set(auths.map(({ nonce }) => nonce)).size).toBe(4);
    expect(auths.every((auth) => isRight(auth))).toBe(true);
    expect(server.requests.every((_request, index) => received(index)['a'] === 1)).toBe(true);
  });

  it.each([
    ['a list', 'unsupported-body', { method: 'post', data: [1] }],
    ['text', 'unsupported-body', { method: 'post', data: 'hello', headers: { 'Content-Type': 'text/plain' } }],
    ['GET', 'method-without-body', { method: 'get' }],
    ['HEAD', 'method-without-body', { method: 'HEAD' }],
    ['another host', 'foreign-origin', { method: 'post', data: {}, baseURL: 'http://127.0.0.1:9' }],
  ])('is not given to %s', async (_what, reason, config) => {
    const failure = placetopay.axiosRef.request({ url: '/api/session', ...config });
    await expect(failure).rejects.toMatchObject({ code: 'ERR_UNSIGNABLE_REQUEST', reason, gateway: 'placetopay' });
    expect(server.requests).toHaveLength(0);
  });

  it('is not carried along by a redirect', async () => {
    server.respond = ({ url }) => (url === '/stolen' ? {} : { status: 307, headers: { Location: '/stolen' } });
    await expect(placetopay.axiosRef.post('/api/session', {})).rejects.toMatchObject({
      code: 'ERR_GATEWAY_REDIRECT',
      gateway: 'placetopay',
      exchange: { method: 'POST', host: new URL(server.url).host, path: '/redirection/api/session', status: 307 },
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, () => unknown, object]>([
    ['a merchant nobody knows', () => service.createAuth({ merchant: 'nobody' }), {}],
    ['a URL that is none', () => placetopay.axiosRef.request({ method: 'post', baseURL: '', url: '//' }), {}],
    [
      'a body that is too large',
      () => placetopay.axiosRef.post('/api/session', Readable.from([Buffer.alloc(64)]), { maxBodyLength: 8 }),
      {},
    ],
    [
      'a config put in place behind ours',
      () => {
        const own = axios.create({ baseURL: server.url });
        own.interceptors.request.use((config) => ({ ...config, transformRequest: [] }));
        app.get(PlacetopayAuthInterceptor).attach(own);
        return own.post('/api/session');
      },
      { reason: 'adapter-replaced' },
    ],
  ])('names the gateway in the error for %s', async (_what, run, more) => {
    await expect(Promise.resolve().then(run)).rejects.toMatchObject({ gateway: 'placetopay', ...more });
  });

  it('becomes a typed error with the cure when refused, whatever validateStatus says', async () => {
    const date = new Date(clock.now() + 400_000).toISOString();
    const status = { status: 'FAILED', reason: 401, message: 'Autenticación fallida 103', date };
    server.respond = () => ({ status: 401, body: { status } });
    for (const config of [{}, { validateStatus: () => true }]) {
      await expect(placetopay.axiosRef.post('/api/session', {}, config)).rejects.toMatchObject({
        code: 'ERR_PLACETOPAY_AUTHENTICATION',
        reason: 'seed-outside-window',
        authenticationCode: 103,
        clockDifferenceSeconds: 400,
      });
    }
  });

  it.each(['message', 'reason'])(
    'is not shown when Placetopay repeats it in its %s, nor is the secret',
    async (part) => {
      const sentIn = ({ body }: { body: string }): string[] => {
        const { auth } = JSON.parse(body) as { auth: PlacetopayAuth };
        const { tranKey, nonce } = auth;
        return [tranKey, nonce, Buffer.from(nonce, 'base64').toString('hex'), SECRET_KEY];
      };
      server.respond = (request) => {
        const status = { status: 'FAILED', reason: 401, message: 'Authentication failed' };
        return { status: 401, body: { status: { ...status, [part]: `Got: ${sentIn(request).join(', ')}` } } };
      };
      const error: unknown = await placetopay.axiosRef.post('/api/session', {}).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'ERR_PLACETOPAY_AUTHENTICATION' });
      const shown = `${JSON.stringify(error)} ${inspect(error, { depth: Infinity, showHidden: true })}`;
      expect(shown).toContain('Got: [redacted], [redacted], [redacted], [redacted]');
      for (const secret of sentIn(server.requests[0] ?? { body: '' })) expect(shown).not.toContain(secret);
    },
  );

  it('becomes a typed error also where the answer was asked for as bytes', async () => {
    const status = { status: 'FAILED', reason: 401, message: 'Autenticación fallida 102', date: '2026-11-22' };
    server.respond = () => ({ status: 401, body: { status } });
    const refused = placetopay.axiosRef.post('/api/session', {}, { responseType: 'arraybuffer' });
    await expect(refused).rejects.toMatchObject({ name: 'PlacetopayError', reason: 'digest-mismatch' });
  });

  it('lets go of a streamed answer that becomes a typed error', async () => {
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    server.respond = () => ({ status: 401, body: 'x'.repeat(100_000) });
    const streamed = placetopay.axiosRef.post('/api/session', {}, { httpAgent, responseType: 'stream' });
    await expect(streamed).rejects.toMatchObject({ name: 'PlacetopayError', reason: 'unauthorized' });
    server.respond = () => ({});
    expect((await placetopay.axiosRef.post('/api/session', {}, { httpAgent })).status).toBe(200);
    httpAgent.destroy();
  });

  it('gives up a body that stalls when the timeout has passed', async () => {
    const body = new Readable({ read: () => undefined });
    const late = placetopay.axiosRef.post('/api/session', body, { timeout: 30 });
    await expect(late).rejects.toMatchObject({ code: 'ECONNABORTED' });
    expect(body.destroyed).toBe(true);
  });

  it('leaves other refusals as the axios errors they are', async () => {
    server.respond = () => ({ status: 404, body: { status: { status: 'FAILED', reason: 'request_not_valid' } } });
    await expect(placetopay.axiosRef.post('/api/session/9', {})).rejects.toMatchObject({ response: { status: 404 } });
  });

  it('is not shown in answers and errors, however deeply one looks', async () => {
    const good = await placetopay.axiosRef.post<unknown>('/api/session', { a: 1 });
    server.respond = () => ({ status: 500 });
    const bad = await placetopay.axiosRef.post('/api/session', { a: 1 }).catch((error: unknown) => error);
    const { tranKey, nonce } = received(0).auth;
    for (const value of [good, bad]) {
      const shown = inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null });
      for (const secret of [SECRET_KEY, tranKey, nonce, received(1).auth.tranKey]) expect(shown).not.toContain(secret);
    }
  });

  it('can be attached to an axios of your own', async () => {
    const instance = axios.create({ baseURL: server.url });
    const interceptor = app.get(PlacetopayAuthInterceptor);
    const detach = interceptor.attach(instance, { merchant: 'legacy' });
    expect(interceptor.attach(instance, { merchant: 'legacy' })).toBe(detach);
    await instance.post('/a', { a: 1 });
    expect(isRight(received().auth, 'sha1')).toBe(true);
    detach();
    await instance.post('/b', { a: 1 });
    expect(received(1)).toEqual({ a: 1 });
  });
});
