import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import * as fc from 'fast-check';
import FormDataPackage from 'form-data';
import { NetzmeHttpService, NetzmeSigningInterceptor, PaymentAuthModule } from 'nestjs-payment-auth';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { shortOrLong } from '../support/tier';
import { RawNetzmeServer } from './raw-netzme-server';

/*
 * What is signed is what is sent: random requests go through the library to a server that reads the raw socket and
 * recomputes the signature from the bytes received. Set WIRE_SEED and WIRE_RUNS to repeat a run.
 */
const RUNS = Number(process.env['WIRE_RUNS'] ?? shortOrLong(400, 1_500));
const SEED = Number(process.env['WIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const JSON_TYPE = 'application/json';
const PATH_CHARACTERS = [
  ...'abzAZ09-._~!$&\'()*+,;=:@ "<>[]{}|^`%',
  '%2f',
  '%2F',
  '%20',
  '%C3%A9',
  'é',
  '漢',
  '😀',
  '+',
];
const textArbitrary = fc.string({ unit: fc.oneof(fc.constantFrom(...PATH_CHARACTERS), fc.string()), maxLength: 12 });

const pathArbitrary = fc
  .array(fc.string({ unit: fc.constantFrom(...PATH_CHARACTERS, '..', '\\'), minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((segments) =>
    fc.tuple(
      fc.constant(`/${segments.join('/')}`),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant('') },
        fc.constantFrom('?', '?a=1', '?q=é "x"&r=%2B+', '#part', '?#'),
      ),
    ),
  )
  .map(([path, tail]) => path + tail);

const valueArbitrary = fc.oneof(
  textArbitrary,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.array(fc.oneof(textArbitrary, fc.integer()), { maxLength: 3 }),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
  fc.record({ nested: textArbitrary }),
);
const paramsArbitrary = fc.oneof(
  fc.constant(undefined),
  fc.dictionary(textArbitrary, valueArbitrary, { maxKeys: 4 }),
  fc.array(fc.tuple(textArbitrary, textArbitrary), { maxLength: 3 }).map((pairs) => new URLSearchParams(pairs)),
);
const serializerArbitrary = fc.constantFrom<AxiosRequestConfig['paramsSerializer'][]>(
  undefined,
  { indexes: null },
  { indexes: true },
  { encode: (value: unknown) => String(value).replace(/ /g, '%20') },
  { serialize: (params) => new URLSearchParams(Object.entries(params).map(([k, v]) => [k, String(v)])).toString() },
);

/** A body made anew for each try, because some can be read only once, with the bytes it must become where that is certain. */
interface Body {
  readonly kind: string;
  readonly contentType?: string;
  readonly make: () => unknown;
  readonly expected?: Buffer;
}

/** axios itself leaves members of these names out of an object it is given, against prototype pollution. */
const LEFT_OUT_BY_AXIOS = /"(?:__proto__|constructor|prototype)"/;
const jsonArbitrary = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => typeof value === 'object' && value !== null && !LEFT_OUT_BY_AXIOS.test(JSON.stringify(value)));
const spacedJsonArbitrary = fc
  .tuple(jsonArbitrary, fc.constantFrom(1, 2, '\t', ' \n'))
  .map(([value, space]) => ({ pretty: `\n${JSON.stringify(value, null, space)} `, compact: JSON.stringify(value) }));
const bytesArbitrary = fc.uint8Array({ maxLength: 64 });

const bodyArbitrary: fc.Arbitrary<Body> = fc.oneof(
  fc.constant<Body>({ kind: 'none', make: () => undefined, expected: Buffer.alloc(0) }),
  fc.constant<Body>({ kind: 'null', make: () => null }),
  fc.constant<Body>({ kind: 'empty text', make: () => '' }),
  jsonArbitrary.map<Body>((value) => ({
    kind: 'object',
    make: () => value,
    expected: Buffer.from(JSON.stringify(value)),
  })),
  spacedJsonArbitrary.map<Body>(({ pretty, compact }) => ({
    kind: 'JSON text',
    contentType: JSON_TYPE,
    make: () => pretty,
    expected: Buffer.from(compact),
  })),
  spacedJsonArbitrary.map<Body>(({ pretty, compact }) => ({
    kind: 'JSON bytes',
    contentType: JSON_TYPE,
    make: () => Buffer.from(pretty),
    expected: Buffer.from(compact),
  })),
  fc.constantFrom('{"a":1.50, "b":1e3, "c":12345678901234567890, "a":"\\u00e9 \\/"}').map<Body>((text) => ({
    kind: 'JSON with number forms and escapes',
    contentType: JSON_TYPE,
    make: () => text,
    expected: Buffer.from(text.replaceAll(', ', ',')),
  })),
  textArbitrary.map<Body>((text) => ({ kind: 'text', contentType: 'text/plain', make: () => text })),
  textArbitrary.map<Body>((text) => ({ kind: 'text under JSON', contentType: JSON_TYPE, make: () => text })),
  bytesArbitrary.map<Body>((bytes) => ({
    kind: 'Buffer',
    contentType: 'application/octet-stream',
    make: () => Buffer.from(bytes),
    expected: Buffer.from(bytes),
  })),
  fc.tuple(bytesArbitrary, fc.nat(8)).map<Body>(([bytes, offset]) => ({
    kind: 'typed array view',
    contentType: 'application/octet-stream',
    make: () => new Uint8Array([...new Uint8Array(offset), ...bytes, 1, 2, 3]).subarray(offset, offset + bytes.length),
    expected: Buffer.from(bytes),
  })),
  bytesArbitrary.map<Body>((bytes) => ({ kind: 'ArrayBuffer', make: () => new Uint8Array(bytes).buffer })),
  fc.dictionary(textArbitrary, textArbitrary, { maxKeys: 3 }).map<Body>((fields) => ({
    kind: 'URLSearchParams',
    make: () => new URLSearchParams(fields),
    expected: Buffer.from(new URLSearchParams(fields).toString()),
  })),
  fc.dictionary(textArbitrary, textArbitrary, { maxKeys: 3 }).map<Body>((fields) => ({
    kind: 'urlencoded object',
    contentType: 'application/x-www-form-urlencoded',
    make: () => fields,
  })),
  fc.tuple(textArbitrary, bytesArbitrary).map<Body>(([text, bytes]) => ({
    kind: 'FormData',
    make: () => {
      const form = new FormData();
      form.append('text', text);
      form.append('file', new Blob([new Uint8Array(bytes)]), 'a b.bin');
      return form;
    },
  })),
  textArbitrary.map<Body>((text) => ({
    kind: 'form-data package',
    make: () => {
      const form = new FormDataPackage();
      form.append('text', text);
      return form;
    },
  })),
  bytesArbitrary.map<Body>((bytes) => ({
    kind: 'Blob',
    make: () => new Blob([new Uint8Array(bytes)], { type: 'image/png' }),
    expected: Buffer.from(bytes),
  })),
  bytesArbitrary.map<Body>((bytes) => ({
    kind: 'stream',
    // Without one it would go out as JSON, and bytes that happen to be JSON would lose their whitespace.
    contentType: 'application/octet-stream',
    make: () => Readable.from([Buffer.from(bytes.subarray(0, 3)), Buffer.from(bytes.subarray(3))]),
    expected: Buffer.from(bytes),
  })),
);

const caseArbitrary = fc.record({
  method: fc.constantFrom('get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'POST'),
  path: pathArbitrary,
  params: paramsArbitrary,
  paramsSerializer: serializerArbitrary,
  body: bodyArbitrary,
  adapter: fc.constantFrom('default', 'http', 'fetch', 'own'),
  transform: fc.constantFrom('default', 'default', 'pretty'),
  /** What a caller says of a body's length, wrong once the body is minified, or from the start. */
  framing: fc.constantFrom<Record<string, string>[]>(
    {},
    {},
    { 'Content-Length': '3' },
    { 'content-length': '70000' },
    { 'Transfer-Encoding': 'chunked' },
    { 'transfer-encoding': 'gzip', 'CONTENT-LENGTH': '0' },
  ),
  through: fc.constantFrom('service', 'service', 'attached behind meddlers'),
});
type Case = typeof caseArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** `fetch` refuses a body there. */
const mayFetch = ({ method, body }: Case): boolean => !/^(get|head)$/i.test(method) || body.kind === 'none';

function configOf(testCase: Case, agent: Agent): AxiosRequestConfig {
  const { method, path, params, paramsSerializer, body, adapter, transform, framing } = testCase;
  const isPretty = transform === 'pretty' && body.kind === 'object';
  const contentType = isPretty ? JSON_TYPE : body.contentType;
  return {
    method,
    url: path,
    params,
    data: body.make(),
    httpAgent: agent,
    proxy: false,
    ...(paramsSerializer !== undefined && { paramsSerializer }),
    headers: { ...framing, ...(contentType !== undefined && { 'Content-Type': contentType }) },
    ...(adapter === 'http' && { adapter: 'http' }),
    ...(adapter === 'fetch' && mayFetch(testCase) && { adapter: 'fetch' }),
    ...(adapter === 'own' && { adapter: (config) => axios.getAdapter('http')(config) }),
    ...(isPretty && { transformRequest: (data: unknown) => JSON.stringify(data, null, 3) }),
  };
}

describe('Netzme: what is signed is what is sent', () => {
  const agent = new Agent({ keepAlive: true });
  let server: RawNetzmeServer;
  let app: INestApplicationContext;
  let service: AxiosInstance;
  let meddled: AxiosInstance;

  beforeAll(async () => {
    server = await RawNetzmeServer.start();
    app = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          netzme: {
            environment: 'sandbox',
            baseUrl: server.url,
            clientId: RawNetzmeServer.CLIENT_ID,
            clientSecret: RawNetzmeServer.CLIENT_SECRET,
          },
        }),
      ],
    }).compile();
    service = app.get(NetzmeHttpService).axiosRef;
    meddled = axios.create({ baseURL: server.url });
    // Registered before ours, so axios runs them after it.
    meddled.interceptors.request.use((config) => {
      config.params = { ...(config.params as object), meddled: 'é+ ' };
      return config;
    });
    meddled.interceptors.request.use((config) => {
      config.adapter = (final) => axios.getAdapter('http')(final);
      return config;
    });
    app.get(NetzmeSigningInterceptor).attach(meddled);
  });

  afterAll(async () => {
    agent.destroy();
    await app.close();
    await server.stop();
  });

  it(`holds for ${RUNS} random requests`, async () => {
    process.stdout.write(`wire property: seed ${SEED}, ${RUNS} cases\n`);
    const kinds = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(caseArbitrary, async (testCase) => {
        const instance = testCase.through === 'service' ? service : meddled;
        server.received.length = 0;
        const response = await instance.request(configOf(testCase, agent));
        expect(response.status).toBe(200);
        expect(server.received).toHaveLength(1);
        expect(server.received[0]).toMatchObject({ isSignatureRight: true });
        const sent = server.received[0]?.body;
        expect(sent).toEqual(testCase.body.expected ?? sent);
        kinds.set(testCase.body.kind, (kinds.get(testCase.body.kind) ?? 0) + 1);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(server.tokenRequests).toBe(1);
    expect(Math.min(...kinds.values())).toBeGreaterThan(RUNS / 100);
    expect(kinds.size).toBe(18);
  });
});
