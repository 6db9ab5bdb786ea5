import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { AxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
} from 'nestjs-payment-auth';
import { getEventListeners, once } from 'node:events';
import { type Readable } from 'node:stream';
import { whenSilent } from '../support/late';
import { ManualClock } from '../support/manual-clock';
import { RawServer } from '../support/raw-server';
import { type CannedAnswer, type RecordedRequest, RecordingServer } from '../support/recording-server';

const TOKEN_PATH = '/oauth/merchant/accesstoken';
const HANG = { hang: true } as const;

describe("axios's timeout of a signed request", () => {
  let gateway: RecordingServer;
  let clock: ManualClock;
  let app: INestApplicationContext;
  let netzme: NetzmeHttpService['axiosRef'];
  let onToken: (request: RecordedRequest) => CannedAnswer;
  let onCall: (request: RecordedRequest) => CannedAnswer;

  beforeEach(async () => {
    clock = new ManualClock();
    gateway = await RecordingServer.start(clock);
    let tokens = 0;
    onToken = () => ({ body: { access_token: `token-${(tokens += 1)}`, expiry_token: clock.now() + 36_000_000 } });
    onCall = () => ({});
    gateway.respond = (request) => (request.url === TOKEN_PATH ? onToken(request) : onCall(request));
    const client = { environment: 'sandbox', clientId: 'c', clientSecret: 's' } as const;
    app = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          netzme: { ...client, baseUrl: gateway.url },
          alignet: { ...client, authBaseUrl: gateway.url },
        }),
      ],
    })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    app.useLogger(false);
    netzme = app.get(NetzmeHttpService).axiosRef;
  });

  afterEach(async () => {
    await app.close();
    await gateway.stop();
  });

  const failure = async (config: AxiosRequestConfig): Promise<AxiosError> => {
    const error: unknown = await netzme.request({ url: '/balance', ...config }).catch((thrown: unknown) => thrown);
    if (error instanceof AxiosError) return error;
    throw new Error(`expected an axios error and got ${String(error)}`);
  };
  const calls = (): string[] => gateway.requests.map(({ url }) => url).filter((url) => url !== TOKEN_PATH);
  /** Sends through axios's own adapter and tells with what timeout. */
  const watching = (timeouts: unknown[]) => (config: InternalAxiosRequestConfig) => {
    timeouts.push(config.timeout);
    return axios.getAdapter('http')(config);
  };

  it.each<[string, AxiosRequestConfig, Partial<AxiosError>]>([
    ['as axios does', {}, { code: 'ECONNABORTED', message: 'timeout of 30ms exceeded' }],
    ['also when it is a text', { timeout: '30' as unknown as number }, { code: 'ECONNABORTED' }],
    ['by its clearer code', { transitional: { clarifyTimeoutError: true } }, { code: 'ETIMEDOUT' }],
    ["in the caller's words", { timeoutErrorMessage: 'too slow' }, { code: 'ECONNABORTED', message: 'too slow' }],
  ])('ends the wait for a token, %s, and no other wait', async (_how, config, expected) => {
    let release = (): void => undefined;
    const after = new Promise<void>((resolve) => (release = resolve));
    const answerToken = onToken;
    onToken = (request) => ({ ...answerToken(request), after });
    const patient = netzme.get('/patient');
    const error = await failure({ timeout: 30, ...config });
    expect(error).toMatchObject(expected);
    expect(error.config).toMatchObject({ url: '/balance', baseURL: gateway.url });
    expect(error.response).toBeUndefined();
    release();
    expect((await patient).status).toBe(200);
    expect(gateway.requests.map(({ url }) => url)).toEqual([TOKEN_PATH, '/patient']);
  });

  it('leaves to the request what the token has not used up', async () => {
    const answerToken = onToken;
    onToken = (request) => {
      clock.advance(400.4);
      return answerToken(request);
    };
    const timeouts: unknown[] = [];
    const response = await netzme.get('/balance', { timeout: 60_000, adapter: watching(timeouts) });
    expect(timeouts).toEqual([59_600]);
    expect(response.config.timeout).toBe(60_000);
    await netzme.get('/balance', { timeout: 60_000, adapter: watching(timeouts) });
    await netzme.get('/balance', { adapter: watching(timeouts) });
    expect(timeouts).toEqual([59_600, 60_000, 30_000]);
  });

  it('is told as the caller stated it when the request uses up the rest', async () => {
    const answerToken = onToken;
    onToken = (request) => {
      clock.advance(59_970);
      return answerToken(request);
    };
    onCall = () => HANG;
    const error = await failure({ timeout: 60_000 });
    expect(error).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 60000ms exceeded' });
    expect(error.config).toMatchObject({ timeout: 60_000 });
    expect(error.config?.timeoutErrorMessage).toBeUndefined();
  });

  it('sends nothing any more when the token came too late', async () => {
    const answerToken = onToken;
    onToken = (request) => {
      clock.advance(60_000);
      return answerToken(request);
    };
    expect(await failure({ timeout: 60_000 })).toMatchObject({ code: 'ECONNABORTED' });
    expect(calls()).toEqual([]);
  });

  it('ends the wait for the token of a replay', async () => {
    await app.get(NetzmeAccessTokenService).getAccessToken();
    onCall = () => ({ status: 401 });
    onToken = () => HANG;
    const wasAsked = () => gateway.requests.filter(({ url }) => url === TOKEN_PATH).length === 2;
    expect(await whenSilent(50, () => failure({ timeout: 50 }), wasAsked)).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 50ms exceeded',
    });
    expect(calls()).toEqual(['/balance']);
  });

  it('leaves to a replay what the first try has not used up', async () => {
    onCall = () => {
      clock.advance(1_000);
      return { status: calls().length === 1 ? 401 : 200 };
    };
    const timeouts: unknown[] = [];
    await netzme.get('/balance', { timeout: 60_000, adapter: watching(timeouts) });
    expect(timeouts).toEqual([60_000, 59_000]);
  });

  it('is axios to judge when it is no number', async () => {
    await app.get(NetzmeAccessTokenService).getAccessToken();
    expect(await failure({ timeout: 'soon' as unknown as number })).toMatchObject({ code: 'ERR_BAD_OPTION_VALUE' });
  });

  it("ends the wait for a token also by axios's older way to cancel", async () => {
    const asked = new Promise<void>((resolve) => {
      onToken = () => {
        resolve();
        return HANG;
      };
    });
    const { token, cancel } = axios.CancelToken.source();
    const cancelled = netzme.get('/balance', { cancelToken: token }).catch((error: unknown) => error);
    await asked;
    cancel('changed my mind');
    expect(await cancelled).toMatchObject({ code: 'ERR_CANCELED', message: 'changed my mind' });
  });

  it('leaves nothing on a signal that outlives the request', async () => {
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 5 }, () => netzme.get('/balance', { signal, timeout: 60_000 })));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('and nonces share a signal as one listener, however many are asked for at once', async () => {
    const { signal } = new AbortController();
    const seen: number[] = [];
    gateway.respond = ({ url }) => {
      seen.push(getEventListeners(signal, 'abort').length);
      return { body: url === '/token' ? { access_token: 'A', expires_in: 3_600 } : { nonce: 'n' } };
    };
    const alignet = app.get(AlignetNonceService);
    await Promise.all(Array.from({ length: 30 }, () => alignet.createNonce({ signal })));
    expect(seen).toHaveLength(31);
    expect(Math.max(...seen)).toBe(1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it.each([undefined, 10_000])("leaves a streamed answer to the caller's signal, with timeout %p", async (timeout) => {
    const raw = await new RawServer((request, socket) => {
      const isToken = request.target === TOKEN_PATH;
      const body = JSON.stringify({ access_token: 'token', expiry_token: Date.now() + 36_000_000 });
      if (isToken) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegins');
    }).listen();
    const own = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          netzme: { environment: 'sandbox', clientId: 'c', clientSecret: 's', baseUrl: raw.url },
        }),
      ],
    }).compile();
    const giveUp = new AbortController();
    const config = { responseType: 'stream', signal: giveUp.signal, ...(timeout && { timeout }) } as const;
    const { data } = await own.get(NetzmeHttpService).axiosRef.get<Readable>('/balance', config);
    await once(data, 'readable');
    const failed = once(data, 'error');
    giveUp.abort();
    expect((await failed)[0]).toMatchObject({ code: 'ERR_CANCELED' });
    expect(data.destroyed).toBe(true);
    expect(getEventListeners(giveUp.signal, 'abort')).toHaveLength(0);
    await own.close();
    await raw.stop();
  });
});
