import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { type AxiosInstance, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import {
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  PlacetopayAuthInterceptor,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { type Socket } from 'node:net';
import { type Readable } from 'node:stream';
import { ManualClock } from '../support/manual-clock';
import { type RawRequest, RawServer } from '../support/raw-server';

const TOKEN_PATH = '/oauth/merchant/accesstoken';
const MINUTE = 60_000;
const TEN_MIB = 10 * 1024 * 1024;

type Limits = Pick<AxiosRequestConfig, 'timeout' | 'maxContentLength'>;
interface LimitOptions {
  readonly requestTimeoutMs?: number;
  readonly maxResponseBytes?: number;
}

describe.each(['netzme', 'placetopay'] as const)('the limits of a request to %s', (gateway) => {
  let server: RawServer;
  let answer: (socket: Socket) => void;
  let asked: Promise<Socket>;
  let app: INestApplicationContext | undefined;

  beforeEach(async () => {
    server = new RawServer((request, socket) => reply(request, socket));
    await server.listen();
    answer = (socket) => write(socket, '{}');
  });

  afterEach(async () => {
    jest.useRealTimers();
    await app?.close();
    app = undefined;
    await server.stop();
  });

  const write = (socket: Socket, body: string): void =>
    void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const reply = ({ target }: RawRequest, socket: Socket): void => {
    if (target === TOKEN_PATH) write(socket, JSON.stringify({ access_token: 'token' }));
    else answer(socket);
  };

  const start = async (limits: LimitOptions = {}): Promise<AxiosInstance> => {
    const registration = PaymentAuthModule.forRoot({
      netzme: { environment: 'sandbox', clientId: 'c', clientSecret: 's', baseUrl: server.url, ...limits },
      placetopay: { environment: 'sandbox', login: 'l', secretKey: 's', checkoutBaseUrl: server.url, ...limits },
    });
    // The monotonic clock stands still: nothing of a timeout is used up by the wait for a token.
    const module = Test.createTestingModule({ imports: [registration] });
    app = await module.overrideProvider(PAYMENT_AUTH_CLOCK).useValue(new ManualClock()).compile();
    app.useLogger(false);
    return app.get(gateway === 'netzme' ? NetzmeHttpService : PlacetopayHttpService).axiosRef;
  };
  const attach = (instance: AxiosInstance): AxiosInstance => {
    app?.get(gateway === 'netzme' ? NetzmeSigningInterceptor : PlacetopayAuthInterceptor).attach(instance);
    return instance;
  };
  /** Never answers; `asked` tells when it has been asked. */
  const stayQuiet = (): void => {
    asked = new Promise((resolve) => (answer = resolve));
  };
  /** Only the timers of JavaScript: sockets go on. */
  const stopTimers = (): void =>
    void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });

  const limitsAt = async (instance: AxiosInstance, config: Limits = {}): Promise<Limits> => {
    let found: Limits = {};
    const adapter = (final: InternalAxiosRequestConfig) => {
      const { timeout, maxContentLength } = final;
      found = { timeout, maxContentLength };
      return axios.getAdapter('http')(final);
    };
    await instance.post('/x', {}, { ...config, adapter });
    return found;
  };

  it.each<[string, LimitOptions, Limits, Limits]>([
    ['half a minute and 10 MiB', {}, {}, { timeout: 30_000, maxContentLength: TEN_MIB }],
    [
      'what the options say',
      { requestTimeoutMs: 7_000, maxResponseBytes: 2_048 },
      {},
      { timeout: 7_000, maxContentLength: 2_048 },
    ],
    [
      'what the request says before that',
      { requestTimeoutMs: 7_000, maxResponseBytes: 2_048 },
      { timeout: 60_000, maxContentLength: 5_000 },
      { timeout: 60_000, maxContentLength: 5_000 },
    ],
    ['none where it says so', {}, { timeout: 0, maxContentLength: -1 }, { timeout: 0, maxContentLength: -1 }],
  ])('are %s', async (_what, options, config, expected) => {
    expect(await limitsAt(await start(options), config)).toEqual(expected);
  });

  it("are not put on the caller's own axios", async () => {
    await start();
    const instance = attach(axios.create({ baseURL: server.url }));
    expect(await limitsAt(instance)).toEqual(await limitsAt(axios.create({ baseURL: server.url })));
  });

  it.each([
    [0, 'requestTimeoutMs'],
    [1.5, 'requestTimeoutMs'],
    [600_001, 'requestTimeoutMs'],
    [1_023, 'maxResponseBytes'],
    [Number.POSITIVE_INFINITY, 'maxResponseBytes'],
  ])('cannot be %p (%s)', async (value, option) => {
    await expect(start({ [option]: value })).rejects.toMatchObject({
      code: 'ERR_PAYMENT_AUTH_CONFIG',
      problems: expect.arrayContaining([
        {
          option: `${gateway}.${option}`,
          problem: expect.stringMatching(/^must be a whole number of (milliseconds|bytes) from/) as string,
        },
      ]) as unknown,
    });
  });

  it('end a request after half a minute, however often something comes', async () => {
    const instance = await start();
    stayQuiet();
    stopTimers();
    const outcome = instance.post('/x', {}).catch((error: unknown) => error);
    const socket = await asked;
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const isOver = jest.fn();
    void outcome.then(isOver);
    await jest.advanceTimersByTimeAsync(29_999);
    socket.write('1\r\n \r\n');
    expect(isOver).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 30000ms exceeded',
      config: { url: '/x', baseURL: server.url, timeout: 30_000, signal: undefined },
    });
    await closed;
  });

  it('end it as well where an adapter knows no timeout', async () => {
    const instance = await start({ requestTimeoutMs: MINUTE });
    stopTimers();
    let signal: InternalAxiosRequestConfig['signal'];
    const sent = new Promise<void>((resolve) => {
      instance.defaults.adapter = (config) => {
        ({ signal } = config);
        resolve();
        return new Promise(() => undefined);
      };
    });
    const outcome = instance.post('/x', {}).catch((error: unknown) => error);
    await sent;
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(await outcome).toMatchObject({ code: 'ECONNABORTED' });
    // A real one: the adapter may hand it on to fetch().
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(signal?.aborted).toBe(true);
  });

  it.each(['the adapter of Node', 'any adapter'])('leave cancelling to the caller, through %s', async (which) => {
    const instance = await start();
    if (which === 'any adapter') instance.defaults.adapter = (config) => axios.getAdapter('http')(config);
    const leaving = new AbortController();
    stayQuiet();
    const outcome = instance.post('/x', {}, { signal: leaving.signal }).catch((error: unknown) => error);
    const socket = await asked;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    leaving.abort();
    expect(await outcome).toMatchObject({ code: 'ERR_CANCELED', config: { signal: leaving.signal, timeout: 30_000 } });
    await closed;
    const before = instance.post('/x', {}, { signal: leaving.signal });
    await expect(before).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  });

  it('do not end a streamed answer that has begun, but its size', async () => {
    const instance = await start({ maxResponseBytes: 2_048 });
    stayQuiet();
    stopTimers();
    const streaming = instance.post<Readable>('/x', {}, { responseType: 'stream' });
    const socket = await asked;
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12');
    const { data } = await streaming;
    await jest.advanceTimersByTimeAsync(10 * MINUTE);
    socket.write('345');
    expect(Buffer.concat(await data.toArray()).toString()).toBe('12345');

    answer = (again) => write(again, 'x'.repeat(2_049));
    const { data: tooLong } = await instance.post<Readable>('/x', {}, { responseType: 'stream' });
    await expect(tooLong.toArray()).rejects.toMatchObject({ code: 'ERR_BAD_RESPONSE' });
  });

  it('end an answer of one byte too many', async () => {
    const instance = await start({ maxResponseBytes: 2_048 });
    answer = (socket) => write(socket, 'x'.repeat(2_048));
    expect((await instance.post('/x', {})).data).toHaveLength(2_048);
    answer = (socket) => write(socket, 'x'.repeat(2_049));
    await expect(instance.post('/x', {})).rejects.toMatchObject({
      code: 'ERR_BAD_RESPONSE',
      message: 'maxContentLength size of 2048 exceeded',
    });
  });
});
