import { PlacetopayHttpService } from 'nestjs-payment-auth';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Agent, createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CALLS } from '../../apps/demo/src/console/calls/call-definitions';
import { CallRecords, RECORDS_KEPT } from '../../apps/demo/src/console/calls/call-records';
import { maskMessage, secretsIn } from '../../apps/demo/src/console/calls/mask-message';
import { parseMessage } from '../../apps/demo/src/console/calls/raw-message';
import { type CallDefinition, type CallRecord, type WireExchange } from '../../apps/demo/src/console/contract';
import { Demo, findSecrets, MINUTE, NETZME, NOBODY_THERE, PEN, rememberExchange, stopAll } from '../e2e/demo-app';
import { LOOPBACK_CERTIFICATE } from '../support/loopback-certificate';
import { ConsoleClient } from './console-client';
import { stopDate } from './stopped-date';

const servers: Pick<Server, 'close'>[] = [];

/** Nobody calls anything here. */
let idle: Demo;

beforeAll(async () => {
  idle = await Demo.start({ isShared: true });
});
afterAll(() => idle.app.close());
afterEach(async () => {
  jest.useRealTimers();
  await stopAll();
  for (const server of servers.splice(0)) server.close();
});

const PAYMENT = { reference: 'ORDER-1001', currency: 'COP', total: '12000' };
const INPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'alignet-nonce': {},
  'alignet-checkout-session': { scope: 'post:charges' },
  'placetopay-session': { ...PAYMENT, description: 'Café «dos»', returnUrl: 'https://shop.example/return' },
  'placetopay-query': { requestId: '1' },
  'placetopay-payment-link': { ...PAYMENT, name: 'Coffee' },
  'netzme-balance': { userId: NETZME.userId },
  'netzme-transactions': { userId: NETZME.userId, startdate: '2026-11-01', enddate: '2026-11-30', page: '1' },
  'netzme-withdraw-inquiry': { userId: NETZME.userId, amount: '10000.00' },
};

/** What each sends, in order, from the start of a process. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  'alignet-nonce': ['token', 'nonce'],
  'alignet-checkout-session': ['nonce'],
  'placetopay-session': ['placetopay-session'],
  'placetopay-query': ['placetopay-query'],
  'placetopay-payment-link': ['placetopay-payment-link'],
  'netzme-balance': ['token', 'netzme-balance'],
  'netzme-transactions': ['netzme-transactions'],
  'netzme-withdraw-inquiry': ['netzme-withdraw-inquiry'],
};

interface OpenApi {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly parameters?: { readonly name: string; readonly required: boolean }[];
        readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> };
      }
    >
  >;
  readonly components: {
    readonly schemas: Record<string, { readonly properties?: object; readonly required?: readonly string[] }>;
  };
}

/** What proves a request of Placetopay. */
interface Proofs {
  readonly tranKey: string;
  readonly nonce: string;
}

/** A credential that is the gateway's own. */
const GIVEN = '1f0e5d2c-8f3b-4a5e-9d61-7c0b9a34c2d4';

async function run(demo: Demo, id: string, input: object = INPUTS[id] ?? {}): Promise<CallRecord> {
  const { status, body, text } = await new ConsoleClient(demo).post<CallRecord>(`/calls/${id}`, { input });
  rememberExchange(`POST /calls/${id}`, text, []);
  expect([id, status]).toEqual([id, 200]);
  return body;
}

const header = ({ headers }: WireExchange['request'], wanted: string): string | undefined =>
  headers.find(([name]) => name === wanted)?.[1];

const last = <T>(items: readonly T[]): T => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('there is none');
  return item;
};

describe('calls of the console', () => {
  it('are those of the demo, each with what its route takes', async () => {
    const { body } = await new ConsoleClient(idle).get<{ calls: CallDefinition[] }>('/calls');
    expect(body.calls.map(({ id }) => id)).toEqual(Object.keys(INPUTS));
    const document = (await idle.get('/docs-json')).json as unknown as OpenApi;
    for (const { id, method, path, fields } of body.calls) {
      const { parameters = [], requestBody } = document.paths[path]?.[method.toLowerCase()] ?? {};
      const schema = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1) ?? '';
      const { properties = {}, required = [] } = document.components.schemas[schema] ?? {};
      const taken = [
        ...parameters.map((parameter) => [parameter.name, parameter.required]),
        ...Object.keys(properties).map((name) => [name, required.includes(name)]),
      ];
      expect([id, fields.map((field) => [field.name, field.required]).sort()]).toEqual([id, taken.sort()]);
    }
  });

  it('run as the routes do, and show every request and answer as it went over the wire', async () => {
    const demo = await Demo.start();
    for (const { definition } of CALLS) {
      const record = await run(demo, definition.id);
      expect(record).toMatchObject({
        call: definition.id,
        gateway: definition.gateway,
        outcome: { ok: true, status: 200 },
      });
      expect([record.call, record.exchanges.map(({ operation }) => operation)]).toEqual([
        record.call,
        OPERATIONS[record.call],
      ]);
      const journal = demo.simulator.journal.entries().slice(-record.exchanges.length);
      record.exchanges.forEach((exchange, index) => {
        const seen = journal[index];
        expect(exchange.request.startLine).toBe(`${seen?.method} ${seen?.target} HTTP/1.1`);
        expect(exchange.origin).toBe(demo.simulator.urls[definition.gateway]);
        expect(exchange.response?.startLine).toMatch(/^HTTP\/1\.1 20[01] /);
        expect(exchange).not.toHaveProperty('failure');
        expect(header(exchange.request, 'Host')).toBe(new URL(exchange.origin).host);
        expect(Number(header(exchange.request, 'Content-Length') ?? 0)).toBe(exchange.request.bodyBytes);
      });
    }
    await demo.get('/health');
    expect(findSecrets()).toEqual({ answers: [], logs: [] });
  });

  it('mask what would let others in, and nothing else', async () => {
    const demo = await Demo.start();
    const { exchanges, outcome } = await run(demo, 'alignet-nonce');
    const [token, nonce] = exchanges;
    expect(token?.request.masked).toEqual(['client_secret']);
    expect(JSON.parse(token?.request.body ?? '')).toMatchObject({
      client_id: PEN.clientId,
      client_secret: `… (${PEN.clientSecret.length})`,
    });
    expect(token?.response?.masked).toEqual(['access_token']);
    expect(nonce?.request.masked).toEqual(['Authorization']);
    expect(header(nonce?.request ?? last([]), 'Authorization')).toMatch(/^Bearer eyJ.…\S{4} \(\d+\)$/);
    expect(nonce?.response?.masked).toEqual(['nonce']);
    expect((outcome.body as { nonce: string }).nonce).toMatch(/^eyJ\S+\.\S+\.\S+$/);

    const session = last((await run(demo, 'placetopay-session')).exchanges).request;
    expect(session.masked).toEqual(['auth.tranKey', 'auth.nonce']);
    expect(session.body).toContain('"description":"Café «dos»"');
    expect((JSON.parse(session.body) as { auth: object }).auth).toMatchObject({ login: 'sandbox-placetopay' });

    const balance = (await run(demo, 'netzme-balance')).exchanges;
    expect(header(balance[0]?.request ?? session, 'Authorization')).toMatch(/^Basic … \(\d+\)$/);
    expect(balance[1]?.request.masked).toEqual(['Authorization', 'Signature']);
    expect(header(balance[1]?.request ?? session, 'Signature')).toMatch(/^[\da-f]{4}…[\da-f]{4} \(64\)$/);
    expect(header(balance[1]?.request ?? session, 'Request-Time')).toMatch(/^\d{13}$/);
  });

  it('show a request that is signed and sent once more after a 401, with the token it took', async () => {
    const demo = await Demo.start();
    await run(demo, 'netzme-balance');
    demo.simulator.netzme.expireToken(NETZME.clientId);
    const { exchanges, outcome } = await run(demo, 'netzme-balance');
    expect(exchanges.map(({ operation }) => operation)).toEqual(['netzme-balance', 'token', 'netzme-balance']);
    expect(exchanges.map(({ response }) => response?.startLine.split(' ')[1])).toEqual(['401', '200', '200']);
    expect(outcome.ok).toBe(true);
  });

  it('that fail answer as the route does, with what did come', async () => {
    const demo = await Demo.start();
    const unknown = await run(demo, 'placetopay-query', { requestId: '404404' });
    expect(unknown.outcome).toMatchObject({ ok: false, status: 404, body: { code: 'ERR_PLACETOPAY_REQUEST' } });
    expect((await demo.get('/placetopay/sessions/404404')).json).toEqual(unknown.outcome.body);

    demo.simulator.faults.add({ gateway: 'placetopay', kind: 'cut' });
    const cut = await run(demo, 'placetopay-query', { requestId: '1' });
    expect(cut.outcome).toMatchObject({ ok: false, body: { code: 'ERR_GATEWAY_UNREACHABLE' } });
    expect(last(cut.exchanges)).toMatchObject({ failure: expect.any(String) as string });
    expect(last(cut.exchanges).response).toBeUndefined();

    const away = await Demo.start({ environment: { NETZME_BASE_URL: NOBODY_THERE } });
    const { exchanges, outcome } = await run(away, 'netzme-balance');
    expect(outcome).toMatchObject({ ok: false, status: 502 });
    expect(last(exchanges)).toMatchObject({ operation: 'token', origin: NOBODY_THERE, failure: 'ECONNREFUSED' });
  });

  it.each([
    ['nonsense', { input: {} }, 404, 'unknown-call', 'id', 'alignet-nonce'],
    ['netzme-balance', { input: {} }, 400, 'invalid-input', 'userId', 'userId must be 1 to 64 letters'],
    ['netzme-balance', { input: { userId: 1 } }, 400, 'invalid-input', 'userId', 'must be a text'],
    ['netzme-balance', { input: { userId: '' } }, 400, 'invalid-input', 'userId', 'userId must be 1 to 64 letters'],
    ['placetopay-session', { input: { ...PAYMENT, total: 'x' } }, 400, 'invalid-input', 'total', 'total must be'],
    ['alignet-nonce', { input: { other: 'x' } }, 400, 'invalid-input', 'other', 'other should not exist'],
    ['alignet-nonce', {}, 400, 'invalid-input', 'input', 'must be an object of texts'],
  ])('refuse input their route does not take: %s %j', async (id, body, status, code, field, says) => {
    const console = new ConsoleClient(idle);
    const answer = await console.post(`/calls/${id}`, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ statusCode: status, code, field, message: expect.stringContaining(says) as string });
    expect((await console.get('/calls/records')).body).toEqual({ records: [] });
  });
});

describe('records of calls', () => {
  it('are kept newest first, the nonce masked, and told of as they are made', async () => {
    const demo = await Demo.start();
    const records = demo.app.get(CallRecords, { strict: false });
    const told: CallRecord[] = [];
    records.ended.subscribe((record) => told.push(record));
    const { outcome } = await run(demo, 'alignet-nonce');
    const { nonce } = outcome.body as { nonce: string };
    await run(demo, 'netzme-balance');
    const { text, body } = await new ConsoleClient(demo).get('/calls/records');
    expect((body as { records: CallRecord[] }).records.map(({ id, call }) => [id, call])).toEqual([
      [2, 'netzme-balance'],
      [1, 'alignet-nonce'],
    ]);
    expect(text).not.toContain(nonce);
    expect(told).toEqual([...records.all()].reverse());
  });

  it(`are ${RECORDS_KEPT} at most`, async () => {
    const records = (await Demo.start()).app.get(CallRecords, { strict: false });
    const made = { call: 'x', gateway: 'netzme', input: {}, at: '', durationMs: 1, exchanges: [] } as const;
    for (let n = 0; n < RECORDS_KEPT + 3; n += 1)
      records.add({ ...made, outcome: { ok: true, status: 200, body: {} } });
    expect([records.all().length, records.all()[0]?.id]).toEqual([RECORDS_KEPT, RECORDS_KEPT + 3]);
  });

  it("know the last nonce and the gateways' clocks from the demo's own routes too", async () => {
    stopDate();
    const demo = await Demo.start();
    const records = demo.app.get(CallRecords, { strict: false });
    expect([records.lastNonce, records.clockOffsetMs('alignet')]).toEqual([undefined, undefined]);
    const { nonce, expiresAt } = (await demo.post('/alignet/nonce')).json as { nonce: string; expiresAt: number };
    expect(records.lastNonce?.nonce).toBe(`${nonce.slice(0, 4)}…${nonce.slice(-4)} (${nonce.length})`);
    expect(Date.parse(records.lastNonce?.expiresAt ?? '')).toBe(expiresAt);
    expect(records.clockOffsetMs('alignet')).toBe(0);

    demo.simulator.clock.advance(10 * MINUTE);
    await run(demo, 'placetopay-query');
    expect(records.lastFailure('placetopay')?.message).toMatch(/placetopay/i);
    expect(records.clockOffsetMs('placetopay')).toBe(10 * MINUTE);
    expect(records.clockOffsetMs('netzme')).toBeUndefined();
  });
});

describe('a message taken apart', () => {
  const message = (head: string, body: Buffer | string): Buffer =>
    Buffer.concat([
      Buffer.from(`${head.trim().replaceAll('\n', '\r\n')}\r\n\r\n`, 'latin1'),
      Buffer.from(body as string),
    ]);
  const shown = (bytes: Buffer) => {
    const raw = parseMessage(bytes);
    if (raw === undefined) throw new Error('no message');
    return { ...maskMessage(raw, secretsIn(raw)), isWhole: raw.isWhole };
  };

  it('comes out of chunks and compression, or a token in there could not be masked', () => {
    const json = JSON.stringify({ access_token: 'a'.repeat(64), token_type: 'bearer' });
    const zipped = gzipSync(json);
    const chunks = Buffer.concat([
      Buffer.from(`${(5).toString(16)}\r\n`),
      zipped.subarray(0, 5),
      Buffer.from(`\r\n${(zipped.length - 5).toString(16)};x=y\r\n`),
      zipped.subarray(5),
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    expect(shown(message('HTTP/1.1 200 OK\nContent-Encoding: gzip\nTransfer-Encoding: chunked', chunks))).toMatchObject(
      {
        body: '{"access_token":"aaaa…aaaa (64)","token_type":"bearer"}',
        bodyBytes: zipped.length,
        isWhole: true,
      },
    );
    expect(shown(message('HTTP/1.1 200 OK\nContent-Encoding: gzip', zipped.subarray(0, 20)))).toMatchObject({
      body: '',
    });
  });

  it('is masked wherever a credential turns up, and to the byte elsewhere', () => {
    const token = 'cafebabe'.repeat(8);
    const answer = ` { "nonce_creation" : {"meta": {"code": "00"}}, "note": "was ${token}", "pin": 1234, "x": 1.50e1 } `;
    expect(
      shown(message(`POST /a?t=${token} HTTP/1.1\nAuthorization: Bearer ${token}\nX-Odd:  a b `, answer)),
    ).toMatchObject({
      startLine: 'POST /a?t=… (64) HTTP/1.1',
      headers: [
        ['Authorization', 'Bearer cafe…babe (64)'],
        ['X-Odd', 'a b'],
      ],
      body: answer.replace(token, '… (64)').replace('1234', '"… (4)"'),
      masked: ['Authorization', 'pin'],
    });
  });

  it('shows bytes that are no text in hex, and masks in what was cut off', () => {
    expect(
      shown(message('HTTP/1.1 100 Continue', message('HTTP/1.1 200 OK\nContent-Length: 9', Buffer.from([0xff, 0x00])))),
    ).toMatchObject({
      startLine: 'HTTP/1.1 200 OK',
      body: 'ff00',
      bodyEncoding: 'hex',
      isWhole: false,
    });
    expect(shown(message('HTTP/1.1 200 OK', '{"access_token":"abcdefgh')).body).toBe('{"access_token":"… (8)"');
  });

  it('shows no bytes at all of what is no text and has a credential in it', () => {
    const token = 'cafebabe'.repeat(8);
    const body = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`was ${token}`)]);
    const { bodyBytes, ...told } = shown(message(`HTTP/1.1 200 OK\nX-Token: ${token}`, body));
    expect(told).toMatchObject({ body: '', bodyEncoding: 'hex' });
    expect(bodyBytes).toBe(body.length);
  });

  it.each([
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'Set-Cookie',
    'Signature',
    'X-Api-Key',
    'X-ApiKey',
    'X-Access-Token',
    'client_secret',
    'password',
    'tranKey',
    'trankey',
    'seed_nonce',
    'credential',
    'privateKey',
    'pin',
    'salt',
  ])('masks a header or a member of the name %s', (name) => {
    const value = `v${'1a2b3c4d'.repeat(8)}`;
    const {
      headers,
      body,
      masked: names,
    } = shown(message(`HTTP/1.1 200 OK\n${name}: ${value}`, JSON.stringify({ [name]: value })));
    expect(JSON.stringify([headers, body])).not.toContain(value.slice(4, -4));
    expect(names).toEqual([name]);
  });

  it.each(['token_type', 'expiry_token', 'Access-Control-Allow-Credentials', 'authorization_code', 'seed', 'login'])(
    'and none of the name %s, which holds nothing of the kind',
    (name) => {
      const message200 = message(`HTTP/1.1 200 OK\n${name}: some-value-1234`, `{"${name}":"some-value-1234"}`);
      const { headers, body, masked: names } = shown(message200);
      expect([headers, body, names]).toEqual([[[name, 'some-value-1234']], `{"${name}":"some-value-1234"}`, []]);
    },
  );

  it.each([
    [8, '… (8)'],
    [12, '… (12)'],
    [31, '… (31)'],
    [32, 'aaaa…zzzz (32)'],
  ])('of a credential of %i characters shows no more than a quarter', (length, told) => {
    const value = `aaaa${'m'.repeat(length - 8)}zzzz`;
    expect(shown(message(`HTTP/1.1 200 OK\nX-Token: ${value}`, '')).headers).toEqual([['X-Token', told]]);
  });

  it('is none before its head has ended', () => {
    expect(parseMessage(Buffer.from('HTTP/1.1 200 OK\r\nDate: x\r\n'))).toBeUndefined();
  });
});

it('shows the plain text of what goes over TLS, trusting whom the demo trusts', async () => {
  const gateway = createTlsServer({ ...LOOPBACK_CERTIFICATE }, (incoming, answer) => {
    incoming.resume().on('end', () => answer.end('{"status":{"status":"OK"}}'));
  }).listen(0, '127.0.0.1');
  servers.push(gateway);
  await once(gateway, 'listening');
  const url = `https://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const demo = await Demo.start({ environment: { PLACETOPAY_CHECKOUT_BASE_URL: url } });
  expect((await run(demo, 'placetopay-query')).outcome.ok).toBe(false);
  const { axiosRef } = demo.app.get(PlacetopayHttpService).for({ product: 'checkout' });
  axiosRef.defaults.httpsAgent = new Agent({ ca: LOOPBACK_CERTIFICATE.cert });
  const { outcome, exchanges } = await run(demo, 'placetopay-query');
  expect(outcome.ok).toBe(true);
  expect(exchanges).toMatchObject([
    {
      origin: url,
      request: { startLine: 'POST /api/session/1 HTTP/1.1', masked: ['auth.tranKey', 'auth.nonce'] },
      response: { startLine: 'HTTP/1.1 200 OK', body: '{"status":{"status":"OK"}}' },
    },
  ]);
});

it.each([
  ['its digest', 'tranKey', (digest: string) => ({ note: `was ${digest}` })],
  ['its nonce, in a list', 'nonce', (nonce: string) => [`nonce=${nonce}`]],
] as const)('masks what a gateway repeats of a request in its answer: %s', async (_, name, echo) => {
  let sent: Proofs | undefined;
  let answered: object | undefined;
  const gateway = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { auth } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { auth: Proofs };
      sent = auth;
      answer.setHeader('X-Heard', auth[name]);
      answered = { status: { status: 'OK' }, heard: echo(auth[name]), again: GIVEN, token: GIVEN };
      answer.end(JSON.stringify(answered));
    });
  }).listen(0, '127.0.0.1');
  servers.push(gateway);
  await once(gateway, 'listening');
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const demo = await Demo.start({ environment: { PLACETOPAY_CHECKOUT_BASE_URL: url } });
  const record = await run(demo, 'placetopay-query');
  const proof = sent?.[name] ?? '';
  const told = `… (${proof.length})`;
  expect(proof.length).toBeGreaterThan(8);
  const { response } = last(record.exchanges);
  const masked = JSON.stringify(answered)
    .replace(proof, told)
    .replace(GIVEN, '… (36)')
    .replace(GIVEN, '1f0e…c2d4 (36)');
  expect(response?.body).toBe(masked);
  expect(response?.headers).toContainEqual(['X-Heard', told]);
  expect(record.outcome.body).toEqual({ ...(JSON.parse(masked) as object), token: '… (36)' });
  const { text } = await new ConsoleClient(demo).get('/calls/records');
  for (const answer of [JSON.stringify(record), text]) {
    for (const secret of [proof, GIVEN]) expect(answer).not.toContain(secret);
  }
});

it('shows as much of an answer as came before it was cut off, and that it was', async () => {
  const gateway = createServer((incoming, answer) => {
    answer.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
    incoming.resume().on('end', () => answer.write('{"status":{"stat', () => incoming.socket.destroy()));
  }).listen(0, '127.0.0.1');
  servers.push(gateway);
  await once(gateway, 'listening');
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const demo = await Demo.start({ environment: { PLACETOPAY_CHECKOUT_BASE_URL: url } });
  const { outcome, exchanges } = await run(demo, 'placetopay-query');
  expect(outcome).toMatchObject({ ok: false, body: { code: 'ERR_GATEWAY_UNREACHABLE' } });
  expect(exchanges).toMatchObject([
    {
      response: { startLine: 'HTTP/1.1 200 OK', body: '{"status":{"stat', bodyBytes: 16 },
      failure: expect.stringContaining('before the answer was whole') as string,
    },
  ]);
});

it('tells calls apart that run at the same time', async () => {
  const demo = await Demo.start();
  const ids = ['netzme-balance', 'placetopay-payment-link', 'netzme-withdraw-inquiry', 'alignet-nonce'];
  const records = await Promise.all(ids.map((id) => run(demo, id)));
  expect(records.map(({ exchanges }) => exchanges.at(-1)?.operation)).toEqual([...ids.slice(0, 3), 'nonce']);
  const all = records.flatMap(({ exchanges }) => exchanges.map(({ operation }) => operation));
  expect(all.filter((operation) => operation === 'token')).toHaveLength(2);
  expect(all).toHaveLength(demo.simulator.journal.entries().length);
});

it('leaves requests of others on the connections they had', async () => {
  const sockets = new Set<unknown>();
  const gateway = createServer((incoming, answer) => {
    sockets.add(incoming.socket);
    incoming.resume().on('end', () => answer.end('{"status":{"status":"OK"}}'));
  }).listen(0, '127.0.0.1');
  servers.push(gateway);
  await once(gateway, 'listening');
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const demo = await Demo.start({ environment: { PLACETOPAY_CHECKOUT_BASE_URL: url } });
  await demo.get('/placetopay/sessions/1');
  await demo.get('/placetopay/sessions/1');
  const before = sockets.size;
  expect((await run(demo, 'placetopay-query')).exchanges).toHaveLength(1);
  expect(sockets.size).toBe(before + 1);
  await demo.get('/placetopay/sessions/1');
  expect(sockets.size).toBe(before + 1);
});
