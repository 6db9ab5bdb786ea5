import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosRequestTransformer,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import {
  NetzmeAccessTokenService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  PlacetopayAuthInterceptor,
} from 'nestjs-payment-auth';
import FormDataPackage from 'form-data';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { lastValueFrom, retry } from 'rxjs';
import { ManualClock } from '../support/manual-clock';
import { RecordingServer } from '../support/recording-server';
import { RawNetzmeServer } from './raw-netzme-server';

const BALANCE = '/api/aggregator/merchant/qr/balance/detail';

describe('NetzmeSigningInterceptor', () => {
  let server: RawNetzmeServer;
  let app: INestApplicationContext;
  let clock: ManualClock;
  let netzme: NetzmeHttpService;

  beforeEach(async () => {
    server = await RawNetzmeServer.start();
    clock = new ManualClock();
    const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = RawNetzmeServer;
    app = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          netzme: {
            environment: 'sandbox',
            baseUrl: server.url,
            clientId,
            clientSecret,
            merchants: { one: {}, escaping: { escapeNonAscii: true }, proxied: { unsignedPathPrefix: '/netzme' } },
            defaultMerchant: 'one',
          },
        }),
      ],
    })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    netzme = app.get(NetzmeHttpService);
  });

  afterEach(async () => {
    await app.close();
    await server.stop();
  });

  const interceptor = (): NetzmeSigningInterceptor => app.get(NetzmeSigningInterceptor);

  it('adds the four headers and the content type, with one clock reading', async () => {
    await lastValueFrom(netzme.get(BALANCE, { params: { userId: 'M_1' } }));
    const [request] = server.received;
    expect(request?.target).toBe(`${BALANCE}?userId=M_1`);
    expect(request?.headers.get('authorization')).toBe(`Bearer ${server.activeToken}`);
    expect(request?.headers.get('request-time')).toBe(String(clock.now()));
    expect(request?.headers.get('client-id')).toBe(RawNetzmeServer.CLIENT_ID);
    expect(request?.headers.get('content-type')).toBe('application/json');
    expect(request?.isSignatureRight).toBe(true);
  });

  it.each(['http', 'fetch'])("sends the caller's own headers beside ours, and ours once, by %s", async (adapter) => {
    const headers = { 'X-Request-Id': 'r-1', Accept: 'application/json', 'client-ID': 'forged' };
    await netzme.axiosRef.post(BALANCE, {}, { headers, adapter });
    const [request] = server.received;
    expect(request?.headers.get('x-request-id')).toBe('r-1');
    expect(request?.headers.get('accept')).toBe('application/json');
    expect(request?.headers.get('client-id')).toBe(RawNetzmeServer.CLIENT_ID);
  });

  it.each(['http', 'fetch'])('leaves the Host to its own URL, by %s', async (adapter) => {
    const headers = { HOST: 'attacker.example' };
    await netzme.axiosRef.post(BALANCE, {}, { headers, adapter });
    expect(server.received.map(({ headers: sent }) => sent.get('host'))).toEqual([new URL(server.url).host]);
    expect(headers).toEqual({ HOST: 'attacker.example' });
  });

  it.each([300, 307, 399])('takes HTTP %d with a target for a redirect, and lets go of its stream', async (status) => {
    server.replies.push({ status, headers: { Location: '/elsewhere' }, body: 'moved' });
    const streams: Readable[] = [];
    const adapter = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
      const response = await axios.getAdapter('http')({ ...config, validateStatus: () => true });
      streams.push((response as AxiosResponse<Readable>).data);
      return response;
    };
    await expect(netzme.axiosRef.get(BALANCE, { responseType: 'stream', adapter })).rejects.toMatchObject({
      code: 'ERR_GATEWAY_REDIRECT',
      exchange: { method: 'GET', host: new URL(server.url).host, path: BALANCE, status },
    });
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it.each([
    [299, { Location: '/elsewhere' }],
    [304, {}],
    [400, { Location: '/elsewhere' }],
  ])('takes HTTP %d with headers %j for what axios takes it for', async (status, headers) => {
    server.replies.push({ status, headers, body: '' });
    const { status: answered } = await netzme.axiosRef.get(BALANCE, { validateStatus: () => true });
    expect(answered).toBe(status);
  });

  const pretty = (data: unknown): string => JSON.stringify(data, null, 2);
  const asIs = (data: unknown): unknown => data;

  it.each<[what: string, transformRequest: AxiosRequestTransformer | AxiosRequestTransformer[]]>([
    ['one', pretty],
    ['one in a list', [pretty]],
    ['the last of several', [asIs, asIs, pretty]],
    ['the first of several', [pretty, asIs]],
    ['one that gives bytes', [(data: unknown) => Buffer.from(pretty(data))]],
  ])('signs, minifies and sends as JSON what a transformRequest has pretty-printed: %s', async (_what, transforms) => {
    for (const method of ['post', 'put', 'patch', 'delete']) {
      await netzme.axiosRef.request({ url: BALANCE, method, data: { a: [1, 'b c'] }, transformRequest: transforms });
    }
    expect(server.received).toHaveLength(4);
    for (const { body, headers, isSignatureRight } of server.received) {
      expect(body.toString()).toBe('{"a":[1,"b c"]}');
      expect(headers.get('content-type')).toBe('application/json');
      expect(isSignatureRight).toBe(true);
    }
  });

  it('leaves a form a form behind a transformRequest', async () => {
    const form = 'a=1 &b';
    const type = 'application/x-www-form-urlencoded';
    const transformRequest = [() => form];
    await netzme.axiosRef.post(BALANCE, {}, { transformRequest, headers: { 'Content-Type': type } });
    await netzme.axiosRef.post(BALANCE, new URLSearchParams({ a: '1' }));
    expect(server.received.map(({ body }) => body.toString())).toEqual([form, 'a=1']);
    for (const { headers, isSignatureRight } of server.received) {
      expect(headers.get('content-type')).toContain(type);
      expect(isSignatureRight).toBe(true);
    }
  });

  it.each([[[]], [undefined], [(data: unknown) => data]])(
    'signs what is sent with transformRequest %j',
    async (own) => {
      const transformRequest = own as AxiosRequestTransformer[];
      await netzme.axiosRef.post(BALANCE, '{ "a": 1 }', { transformRequest });
      expect(server.received[0]?.body.toString()).toBe('{"a":1}');
      expect(server.received[0]).toMatchObject({ isSignatureRight: true });
    },
  );

  const packaged = (): FormDataPackage => {
    const form = new FormDataPackage();
    form.append('a', 'b');
    return form;
  };
  const form = (): FormData => {
    const made = new FormData();
    made.set('a', 'b');
    return made;
  };
  const asText = { headers: { 'Content-Type': 'text/plain' } };

  it.each<[string, unknown, object, RegExp, string | undefined]>([
    ['an object', { a: 1 }, {}, /^application\/json$/, '{"a":1}'],
    ['text without a type, as JSON', '{ "a": 1 }', {}, /^application\/json$/, '{"a":1}'],
    ['bytes without a type, as JSON', Buffer.from('{ "a": 1 }'), {}, /^application\/json$/, '{"a":1}'],
    [
      'an ArrayBuffer without a type, as JSON',
      new Uint8Array(Buffer.from('{ "a": 1 }')).buffer,
      {},
      /^application\/json$/,
      '{"a":1}',
    ],
    ['a view without a type, as JSON', new Uint8Array(Buffer.from('{ "a": 1 }')), {}, /^application\/json$/, '{"a":1}'],
    ['no body, as JSON', undefined, {}, /^application\/json$/, ''],
    ['nothing, as JSON', null, {}, /^application\/json$/, ''],
    ['text of another type', '{ "a": 1 }', asText, /^text\/plain$/, '{ "a": 1 }'],
    ['bytes of another type', Buffer.from('{ "a": 1 }'), asText, /^text\/plain$/, '{ "a": 1 }'],
    ['URL parameters', new URLSearchParams('a=b'), {}, /^application\/x-www-form-urlencoded/, 'a=b'],
    ['a form', form(), {}, /^multipart\/form-data; boundary=\S+$/, undefined],
    ['a form of the form-data package', packaged(), {}, /^multipart\/form-data; ?boundary=\S+$/, undefined],
    ['a blob with a type', new Blob(['x y'], { type: 'text/x-own' }), {}, /^text\/x-own$/, 'x y'],
  ])('sends and signs %s, with the type it has', async (_what, data, more, type, body) => {
    await netzme.axiosRef.post(BALANCE, data, more);
    const [request] = server.received;
    expect(request).toMatchObject({ isSignatureRight: true });
    expect(request?.headers.get('content-type')).toMatch(type);
    const sent = request?.body.toString() ?? '';
    const boundary = /boundary=(\S+)/.exec(request?.headers.get('content-type') ?? '')?.[1] ?? '';
    const expected = body ?? `--${boundary}\r\n`;
    expect(sent.slice(0, expected.length || undefined)).toBe(expected);
  });

  it('knows bodies in memory only while they are: a request that went through once is signed again whole', async () => {
    server.replies.push({ status: 503 });
    const error: unknown = await netzme.axiosRef.post(BALANCE, packaged()).catch((failure: unknown) => failure);
    const { config } = error as Required<AxiosError>;
    await axios.request({ ...config, adapter: config.adapter as AxiosAdapter });
    const [first, second] = server.received;
    expect(second).toMatchObject({ isSignatureRight: true, body: first?.body });
    expect(second?.headers.get('content-type')).toBe(first?.headers.get('content-type'));
  });

  it("overwrites a caller's forged headers", async () => {
    const forged = { Authorization: 'Bearer forged', signature: 'forged', 'REQUEST-TIME': '1', 'Client-Id': 'forged' };
    await netzme.axiosRef.get(BALANCE, { headers: forged });
    expect(server.received[0]).toMatchObject({ isSignatureRight: true });
    expect(server.received[0]?.headers.get('client-id')).toBe(RawNetzmeServer.CLIENT_ID);
  });

  describe('401', () => {
    it('drops the token, signs again with a new time, and replays once', async () => {
      await netzme.axiosRef.get(BALANCE);
      server.killToken();
      server.onCall = () => clock.advance(1_234);
      const response = await netzme.axiosRef.post(BALANCE, { a: 1 });
      expect(response.status).toBe(200);
      expect(server.tokenRequests).toBe(2);
      const [, refused, replayed] = server.received;
      expect(replayed?.body).toEqual(refused?.body);
      expect(replayed).toMatchObject({ isSignatureRight: true });
      const timeOf = (request: typeof refused): number => Number(request?.headers.get('request-time'));
      expect(timeOf(replayed) - timeOf(refused)).toBe(1_234);
      expect(replayed?.headers.get('authorization')).not.toBe(refused?.headers.get('authorization'));
    });

    it('renews once for fifty requests that fail in parallel', async () => {
      await netzme.axiosRef.get(BALANCE);
      server.killToken();
      const responses = await Promise.all(Array.from({ length: 50 }, () => netzme.axiosRef.get(BALANCE)));
      expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
      expect(server.tokenRequests).toBe(2);
    });

    it.each([
      ['throws', undefined],
      ['accepts', () => true],
    ])('lets go of an answer that was to be streamed, where validateStatus %s', async (_what, validateStatus) => {
      await netzme.axiosRef.get(BALANCE);
      server.killToken();
      const streams: Readable[] = [];
      const keep = (response: AxiosResponse<Readable> | undefined): void => {
        if (response !== undefined) streams.push(response.data);
      };
      const adapter = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse<Readable>> => {
        try {
          const response = (await axios.getAdapter('http')(config)) as AxiosResponse<Readable>;
          keep(response);
          return response;
        } catch (error) {
          keep((error as AxiosError<Readable>).response);
          throw error;
        }
      };
      const streamed = { responseType: 'stream', adapter, ...(validateStatus && { validateStatus }) } as const;
      const { data } = await netzme.axiosRef.get<Readable>(BALANCE, streamed);
      // One that nobody reads would keep its socket for ever.
      expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, false]);
      expect(Buffer.concat((await data.toArray()) as Buffer[]).toString()).toBe('{}');
    });

    it('gives up after one replay and keeps the fresh token', async () => {
      await netzme.axiosRef.get(BALANCE);
      server.replies.push({ status: 401 }, { status: 401 });
      await expect(netzme.axiosRef.get(BALANCE)).rejects.toMatchObject({ response: { status: 401 } });
      expect(server.received).toHaveLength(3);
      expect(server.tokenRequests).toBe(2);
      await netzme.axiosRef.get(BALANCE);
      expect(server.tokenRequests).toBe(2);
    });

    it('that a fresh token does not mend is no fight over the token: other calls go on', async () => {
      for (let call = 0; call < 10; call += 1) {
        server.replies.push({ status: 401 }, { status: 401 });
        await expect(netzme.axiosRef.post(BALANCE, { call })).rejects.toMatchObject({ response: { status: 401 } });
        // Not sent again while the token is too new to be what is wrong.
        server.replies.length = 0;
        expect((await netzme.axiosRef.get(BALANCE)).status).toBe(200);
      }
      expect(app.get(NetzmeAccessTokenService).accessTokenStatus()).toMatchObject({ isContested: false });
    });

    it('is replayed also when validateStatus accepts it', async () => {
      await netzme.axiosRef.get(BALANCE);
      server.killToken();
      const response = await netzme.axiosRef.get(BALANCE, { validateStatus: () => true });
      expect(response.status).toBe(200);
    });

    it('does not replay a stream, but drops the token for the next call', async () => {
      await netzme.axiosRef.get(BALANCE);
      server.killToken();
      const stream = Readable.from([Buffer.from('{"a":1}')]);
      const failure = netzme.axiosRef.post(BALANCE, stream, { headers: { 'Content-Type': 'application/json' } });
      await expect(failure).rejects.toMatchObject({ response: { status: 401 } });
      expect(server.received).toHaveLength(2);
      expect(server.received[1]).toMatchObject({ isSignatureRight: true, body: Buffer.from('{"a":1}') });
      await netzme.axiosRef.get(BALANCE);
      expect(server.tokenRequests).toBe(2);
    });
  });

  it('never renews for a 403', async () => {
    await netzme.axiosRef.get(BALANCE);
    server.replies.push({ status: 403 });
    await expect(netzme.axiosRef.get(BALANCE)).rejects.toMatchObject({ response: { status: 403 } });
    expect(server.tokenRequests).toBe(1);
    expect(server.received).toHaveLength(2);
  });

  it("signs a caller's own retries anew, by config and by rxjs", async () => {
    server.replies.push({ status: 503 });
    const error = await netzme.axiosRef.post(BALANCE, Readable.from(['{"a": 1}']), json).catch((e: AxiosError) => e);
    clock.advance(5);
    expect(error).toBeInstanceOf(AxiosError);
    await netzme.axiosRef.request((error as AxiosError).config ?? {});
    server.replies.push({ status: 503 });
    await lastValueFrom(netzme.post(BALANCE, { b: 2 }).pipe(retry(1)));
    expect(server.received.map(({ isSignatureRight }) => isSignatureRight)).toEqual([true, true, true, true]);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}', '{"b":2}', '{"b":2}']);
    const times = server.received.map(({ headers }) => Number(headers.get('request-time')));
    expect(times[1]).toBe(Number(times[0]) + 5);
  });

  const json = { headers: { 'Content-Type': 'application/json' } };

  it('removes insignificant whitespace from JSON text and bytes and nothing else', async () => {
    const text = ' { "b" : 1.50 , "a" : [ 1e3 , "\\u00e9 \\/ , x" ] , "n" : 12345678901234567890 }\n';
    await netzme.axiosRef.post(BALANCE, text, json);
    await netzme.axiosRef.post(BALANCE, Buffer.from(text), json);
    await netzme.axiosRef.post(BALANCE, new Uint8Array(Buffer.from(`xx${text}x`)).subarray(2, 2 + text.length), json);
    const compact = '{"b":1.50,"a":[1e3,"\\u00e9 \\/ , x"],"n":12345678901234567890}';
    expect(server.received.map(({ body }) => body.toString())).toEqual([compact, compact, compact]);
  });

  it('leaves bytes that are no JSON alone', async () => {
    const notJson = Buffer.from('{ "a": 1, }');
    await netzme.axiosRef.post(BALANCE, notJson, json);
    await netzme.axiosRef.post(BALANCE, Buffer.from([0x7b, 0x20, 0xff, 0x7d]), json);
    expect(server.received.map(({ body }) => body)).toEqual([notJson, Buffer.from([0x7b, 0x20, 0xff, 0x7d])]);
    expect(server.received.every(({ isSignatureRight }) => isSignatureRight)).toBe(true);
  });

  it("sends the body's own length, whatever length the caller's headers state", async () => {
    const spaced = '{ "name" : "José" }';
    const framed = (name: string, value: string) => ({ headers: { ...json.headers, [name]: value } });
    await netzme.axiosRef.post(BALANCE, spaced, framed('Content-Length', String(Buffer.byteLength(spaced))));
    await netzme.for({ merchant: 'escaping' }).axiosRef.post(BALANCE, spaced, framed('content-length', '4'));
    await netzme.axiosRef.post(BALANCE, spaced, framed('Transfer-Encoding', 'chunked'));
    const [minified, escaped] = ['{"name":"José"}', '{"name":"Jos\\u00e9"}'];
    expect(server.received.map(({ body }) => body.toString())).toEqual([minified, escaped, minified]);
    expect(server.received.every(({ isSignatureRight }) => isSignatureRight)).toBe(true);
  });

  it('takes null and an empty text for no body, as axios does', async () => {
    await netzme.axiosRef.post(BALANCE, null);
    await netzme.axiosRef.post(BALANCE, '');
    expect(server.received.map(({ body }) => body.toString())).toEqual(['', '']);
    expect(server.received[0]).toMatchObject({ isSignatureRight: true });
    expect(server.received[0]?.headers.get('content-type')).toBe('application/json');
  });

  describe('a body that stalls', () => {
    const stalled = (): Readable => new Readable({ read: () => undefined });

    it('is given up when the timeout has passed', async () => {
      const body = stalled();
      const late = netzme.axiosRef.post(BALANCE, body, { timeout: 30 });
      await expect(late).rejects.toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 30ms exceeded' });
      expect(body.destroyed).toBe(true);
      expect(server.received).toEqual([]);
    });

    it('is given up when the caller gives up', async () => {
      const giveUp = new AbortController();
      const body = stalled();
      const call = netzme.axiosRef.post(BALANCE, body, { signal: giveUp.signal });
      setImmediate(() => giveUp.abort());
      await expect(call).rejects.toMatchObject({ name: expect.stringMatching(/AbortError|CanceledError/) as string });
      expect(body.destroyed).toBe(true);
    });
  });

  it('signs an instance for one merchant, and says whose it is', () => {
    const own = axios.create({ baseURL: server.url });
    interceptor().attach(own, { merchant: 'one' });
    expect(() => interceptor().attach(own, { merchant: 'escaping' })).toThrow(
      expect.objectContaining({
        gateway: 'netzme',
        problems: [
          {
            option: 'netzme.merchants',
            problem: 'this axios instance belongs to merchant "one" already; detach it first or take another instance',
          },
        ],
      }) as Error,
    );
  });

  it("writes a cancelled request's error as JSON", async () => {
    const source = axios.CancelToken.source();
    server.replies.push('silence');
    server.onCall = () => source.cancel('enough');
    const cancelled = await netzme.axiosRef
      .get(BALANCE, { cancelToken: source.token })
      .catch((error: unknown) => error);
    expect(JSON.parse(JSON.stringify(cancelled))).toMatchObject({ code: 'ERR_CANCELED', message: 'enough' });
  });

  it('escapes non-ASCII in what is signed and sent when told to', async () => {
    await netzme.for({ merchant: 'escaping' }).axiosRef.post(BALANCE, { name: 'José 😀' });
    expect(server.received[0]).toMatchObject({
      isSignatureRight: true,
      body: Buffer.from('{"name":"Jos\\u00e9 \\ud83d\\ude00"}'),
    });
  });

  it('leaves a proxy prefix unsigned when told to', async () => {
    await netzme.for({ merchant: 'proxied' }).axiosRef.get(`/netzme${BALANCE}`);
    await netzme.for({ merchant: 'proxied' }).axiosRef.get(BALANCE);
    // No part of a path segment is a prefix: the reverse proxy would leave this one as it is.
    await netzme.for({ merchant: 'proxied' }).axiosRef.get(`/netzme-other${BALANCE}`);
    // The server checks the target as it received it, prefix and all.
    expect(server.received.map(({ isSignatureRight }) => isSignatureRight)).toEqual([false, true, true]);
  });

  it('signs the path of a base URL with the rest, and any other path of its origin as it is', async () => {
    const instance = axios.create({ baseURL: `${server.url}/pre/` });
    interceptor().attach(instance);
    await instance.get('/x');
    await instance.get(`${server.url}/prefix/x`);
    expect(server.received.map(({ target, isSignatureRight }) => [target, isSignatureRight])).toEqual([
      ['/pre/x', true],
      ['/prefix/x', true],
    ]);
  });

  it('takes no credentials from the URL: they would replace the Authorization that was signed', async () => {
    await netzme.axiosRef.get(server.url.replace('http://', 'http://user:password@') + BALANCE);
    expect(server.received[0]).toMatchObject({ isSignatureRight: true });
    expect(server.received[0]?.headers.get('authorization')).toBe(`Bearer ${server.activeToken}`);
  });

  describe('refuses to sign', () => {
    it.each([
      ['another origin', 'foreign-origin', { url: 'http://127.0.0.1:9/x' }],
      ['another scheme', 'foreign-origin', { url: 'https://gateway.example/x' }],
      ['a protocol-relative URL', 'no-url', { url: '//gateway.example/x' }],
      ['another baseURL', 'foreign-origin', { url: '/x', baseURL: 'http://127.0.0.2:1' }],
      ['config.auth', 'auth-option', { url: '/x', auth: { username: 'u', password: 'p' } }],
      ['a body of an unknown kind', 'unsupported-body', { url: '/x', method: 'post', data: 7, transformRequest: [] }],
    ])('%s', async (_what, reason, config) => {
      await expect(netzme.axiosRef.request(config)).rejects.toMatchObject({
        code: 'ERR_UNSIGNABLE_REQUEST',
        gateway: 'netzme',
        reason,
      });
      expect(server.received).toHaveLength(0);
    });

    it('an origin that begins as ours does, or that ours begins with', async () => {
      const elsewhere = await Test.createTestingModule({
        imports: [
          PaymentAuthModule.forRoot({
            netzme: {
              environment: 'staging',
              clientId: 'c',
              clientSecret: 's',
              baseUrl: 'https://gateway.example/pre',
            },
          }),
        ],
      }).compile();
      const { axiosRef } = elsewhere.get(NetzmeHttpService);
      for (const origin of ['gateway.example.evil', 'gateway.example:4430', 'gateway.exampl', 'gateway.example@evil']) {
        await expect(axiosRef.get(`https://${origin}/pre/x`)).rejects.toMatchObject({ reason: 'foreign-origin' });
      }
      await elsewhere.close();
    });

    it('a stream larger than what fits in memory', async () => {
      const chunk = Buffer.alloc(1024 * 1024);
      const endless = Readable.from(
        (function* () {
          for (;;) yield chunk;
        })(),
      );
      await expect(netzme.axiosRef.post('/x', endless)).rejects.toMatchObject({ reason: 'body-too-large' });
      expect(server.received).toHaveLength(0);
    });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i, and names its target', async (status) => {
    const elsewhere = await RecordingServer.start();
    server.replies.push({ status, headers: { Location: `${elsewhere.url}/stolen?x=1` } });
    await expect(netzme.axiosRef.post(BALANCE, { a: 1 })).rejects.toMatchObject({
      code: 'ERR_GATEWAY_REDIRECT',
      message: expect.stringContaining(new URL(elsewhere.url).host) as string,
    });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.stop();
  });

  describe('attach', () => {
    it('signs once however often it is attached, and not at all after detach', async () => {
      const instance = axios.create({ baseURL: server.url, validateStatus: () => true });
      const detach = interceptor().attach(instance, { merchant: 'one' });
      expect(interceptor().attach(instance)).toBe(detach);
      await instance.get('/a');
      expect(server.received[0]).toMatchObject({ isSignatureRight: true });
      detach();
      detach();
      await instance.get('/b');
      expect(server.received[1]?.headers.has('signature')).toBe(false);
      interceptor().attach(instance);
      await instance.get('/c');
      expect(server.received[2]).toMatchObject({ isSignatureRight: true });
    });

    it('refuses an instance that another registration or another gateway signs for, saying which', async () => {
      const other = await Test.createTestingModule({
        imports: [
          PaymentAuthModule.forRoot({
            netzme: { environment: 'sandbox', clientId: 'c', clientSecret: 's', baseUrl: server.url },
            placetopay: { environment: 'sandbox', login: 'l', secretKey: 'k', checkoutBaseUrl: server.url },
          }),
        ],
      }).compile();
      const instance = axios.create({ baseURL: server.url });
      const detach = other.get(NetzmeSigningInterceptor).attach(instance);
      expect(() => interceptor().attach(instance)).toThrow(
        /merchant "default" of another registration of PaymentAuthModule already, .*detach it first/,
      );
      expect(() => other.get(PlacetopayAuthInterceptor).attach(instance)).toThrow(/"default" of netzme already/);
      detach();
      interceptor().attach(instance);
      // Done already: it has nothing left to take off, and not what came after it.
      detach();
      expect(() => other.get(NetzmeSigningInterceptor).attach(instance)).toThrow(/merchant "one" of another/);
      await instance.get('/a');
      expect(server.received).toMatchObject([{ isSignatureRight: true }]);
      await other.close();
    });

    it('refuses another merchant on the same instance, and merchants there are not', () => {
      const instance = axios.create();
      interceptor().attach(instance);
      expect(() => interceptor().attach(instance, { merchant: 'escaping' })).toThrow(/belongs to merchant "one"/);
      expect(() => interceptor().attach(axios.create(), { merchant: 'nobody' })).toThrow(
        /netzme\.merchants\.nobody: no such merchant; configured: one, escaping, proxied/,
      );
    });

    it('says so when a meddler behind it made the request leave unsigned', async () => {
      const instance = axios.create({ baseURL: server.url, validateStatus: () => true });
      instance.interceptors.request.use((config) => ({
        ...config,
        adapter: axios.getAdapter('http'),
        transformRequest: [],
      }));
      interceptor().attach(instance);
      await expect(instance.get('/a')).rejects.toMatchObject({ reason: 'adapter-replaced' });
    });

    it('signs through whatever adapter a meddler behind it puts in place', async () => {
      const instance = axios.create({ baseURL: server.url });
      const used: string[] = [];
      instance.interceptors.request.use((config) => ({
        ...config,
        adapter: (final) => {
          used.push(String(final.url));
          return axios.getAdapter('http')(final);
        },
      }));
      interceptor().attach(instance);
      await instance.get('/a');
      expect(server.received[0]).toMatchObject({ isSignatureRight: true });
      expect(used).toEqual([`${server.url}/a`]);
    });

    it('leaves the global axios alone', async () => {
      await axios.get(`${server.url}/a`, { validateStatus: () => true });
      expect(server.received[0]?.headers.has('signature')).toBe(false);
    });
  });

  it('shows neither token, key nor signature in answers and errors, however deeply one looks', async () => {
    const good = await netzme.axiosRef.post<unknown>(BALANCE, { a: 1 });
    server.replies.push({ status: 500 });
    const bad = await netzme.axiosRef.post(BALANCE, { a: 1 }).catch((error: unknown) => error);
    await server.stop();
    const cut = await netzme.axiosRef.post(BALANCE, { a: 1 }).catch((error: unknown) => error);
    const secrets = [
      server.activeToken,
      RawNetzmeServer.CLIENT_SECRET,
      ...server.received.map(({ headers }) => headers.get('signature') ?? 'unsigned'),
    ];
    expectNothingShown([good, bad, cut], secrets);
    expect(bad).toBeInstanceOf(AxiosError);
    expect(cut).toBeInstanceOf(AxiosError);
  });

  it("shows nothing through a caller's agent, whose sockets hold the requests under way", async () => {
    const httpAgent = new Agent({ keepAlive: true });
    const good = await netzme.axiosRef.get(BALANCE, { httpAgent });
    server.replies.push({ status: 500 }, 'silence', 'silence');
    const bad = await netzme.axiosRef.get(BALANCE, { httpAgent }).catch((error: unknown) => error);
    const late = netzme.axiosRef.get(BALANCE, { httpAgent, timeout: 40 }).catch((error: unknown) => error);
    const cut = netzme.axiosRef.get(BALANCE, { httpAgent }).catch((error: unknown) => error);
    const values = [good, bad, await late];
    expect(Object.keys(httpAgent.sockets)).not.toHaveLength(0);
    expectNothingShown(values, [server.activeToken]);
    await server.stop();
    expectNothingShown([...values, await cut], [server.activeToken]);
    httpAgent.destroy();
  });

  it('shows nothing through a streamed answer, nor through an error that comes while it is read', async () => {
    server.replies.push({ status: 200, body: '{"a":"0123456789"}' });
    const answer = await netzme.axiosRef.get<Readable>(BALANCE, { responseType: 'stream' });
    expectNothingShown([answer, answer.data], [server.activeToken]);
    server.replies.push({ status: 200, body: '{"a":"0123456789"}' });
    const limited = await netzme.axiosRef.get<Readable>(BALANCE, { responseType: 'stream', maxContentLength: 5 });
    const tooLong = await limited.data.toArray().catch((error: unknown) => error);
    expect(tooLong).toMatchObject({ name: 'AxiosError', message: 'maxContentLength size of 5 exceeded' });
    expectNothingShown([tooLong], [server.activeToken]);
    expect(await answer.data.toArray()).toEqual([Buffer.from('{"a":"0123456789"}')]);
  });

  const expectNothingShown = (values: readonly unknown[], secrets: readonly string[]): void => {
    for (const shown of values.flatMap((value) => [deeply(value), JSON.stringify(value)])) {
      for (const secret of secrets) expect(shown).not.toContain(secret);
    }
  };

  const deeply = (value: unknown): string =>
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null });

  it("ends a cancelled request's wait for the token, not the token request", async () => {
    const cancelled = new AbortController();
    const impatient = netzme.axiosRef.get(BALANCE, { signal: cancelled.signal });
    const patient = netzme.axiosRef.get(BALANCE);
    // Both are past their interceptors and wait for the one token request that is under way.
    await new Promise((resolve) => setImmediate(resolve));
    cancelled.abort();
    await expect(impatient).rejects.toMatchObject({
      name: expect.stringMatching(/AbortError|CanceledError/) as string,
    });
    expect((await patient).status).toBe(200);
    expect(server.tokenRequests).toBe(1);
    expect(server.received).toHaveLength(1);
  });

  it('tells how the token is doing', async () => {
    const tokens = app.get(NetzmeAccessTokenService);
    expect(tokens.accessTokenStatus()).toMatchObject({ state: 'none', requests: 0 });
    await tokens.getAccessToken();
    expect(tokens.accessTokenStatus()).toMatchObject({ state: 'valid', requests: 1, rejections: 0 });
  });
});
