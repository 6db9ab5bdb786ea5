import { type WebhookBreak, type WebhookOrder, type WebhookSendOrder } from '@payment-auth/gateway-simulator';
import { request as httpRequest } from 'node:http';
import { Demo, findSecrets, logLines, NETZME, observed, PEN, rememberExchange, stopAll, until } from './demo-app';
import { FrontProxy } from './front-proxy';
import { withDelaysHeld } from '../support/late';
import { shortOrLong } from '../support/tier';

type Gateway = WebhookOrder['gateway'];

interface Verdict {
  readonly verdict: 'accepted' | 'refused';
  readonly gateway: string;
  readonly scheme: string;
  readonly [fact: string]: unknown;
}

interface Route {
  readonly path: string;
  readonly gateway: Gateway;
  readonly scheme: string;
  readonly variant?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** What a right one is answered with. @default nothing */
  readonly answer?: unknown;
  /** What a copy is, where it differs from the first. */
  readonly copy?: { readonly status: number; readonly answer: unknown };
  /** How often two copies are handled. @default 1 */
  readonly handled?: number;
  /** Facts of the verdict. */
  readonly verdict: object;
  /** Needs `PLACETOPAY_WEBHOOK_ACCEPT_SHA1`. */
  readonly isSha1?: boolean;
}

const RECEIVED = { responseCode: '2000000', responseMessage: 'Successful' };
const SUCCESS = { status: 'OK', reason: '00', message: 'Successful response' };
const DATED = { ...SUCCESS, date: expect.any(String) as unknown };
const AUTOPAY_ID = '2972c13d-6315-4da3-80d7-64c24eb232ad';
const NOTHING = { currency: 'USD', total: 0 };
const CHARGE = '5hk8rwa3h3cq9oyfs3a28v1ms';
const NOT_ASKED = { confirmed: 'not asked' };
/** The samples speak of sessions and links that nobody made. */
const UNKNOWN_THERE = { confirmed: false, unconfirmed: 'ERR_PLACETOPAY_REQUEST' };

const placetopay = (scheme: string, verdict: object, more: Partial<Route> = {}): Route => ({
  path: `/webhooks/placetopay/${scheme}`,
  gateway: 'placetopay',
  scheme,
  verdict: { algorithm: 'sha256', ...NOT_ASKED, ...verdict },
  ...more,
});
const alignet = (scheme: string, more: Partial<Route>): Route => ({
  path: `/webhooks/alignet/${scheme}`,
  gateway: 'alignet',
  scheme,
  verdict: { algorithm: 'rsa-sha512', reference: `2391645:${CHARGE}`, state: 'AUTORIZADO', ...NOT_ASKED },
  ...more,
});
const netzme = (scheme: string, verdict: object, variant?: string): Route => ({
  path: `/webhooks/netzme/${scheme}`,
  gateway: 'netzme',
  scheme,
  answer: RECEIVED,
  verdict: { ...NOT_ASKED, ...verdict },
  ...(variant !== undefined && { variant }),
});

const ROUTES: readonly Route[] = [
  placetopay('checkout', { reference: '1234', state: 'APPROVED', ...UNKNOWN_THERE }),
  placetopay(
    'checkout',
    { reference: '1234', state: 'APPROVED', algorithm: 'sha1', ...UNKNOWN_THERE },
    { variant: 'sha1', isSha1: true },
  ),
  placetopay('payment-link', { reference: '2', state: 'PAID', ...UNKNOWN_THERE }),
  placetopay('gateway', { reference: '1598634446', state: 'APPROVED' }),
  placetopay(
    'gateway',
    { reference: '1598634446', state: 'APPROVED', algorithm: 'sha1' },
    { variant: 'sha1', isSha1: true },
  ),
  placetopay('gateway-session', { reference: '5834', state: 'APPROVED' }),
  placetopay(
    'gateway-session',
    { reference: '5834', state: 'APPROVED', algorithm: 'sha1' },
    { variant: 'sha1', isSha1: true },
  ),
  placetopay('ach-return', { reference: '2', state: 'APPROVED', algorithm: 'hmac-sha256' }),
  placetopay(
    'autopay',
    { reference: AUTOPAY_ID, state: 'AUTOPAY_TRANSACTION_FAILED' },
    { answer: { status: SUCCESS } },
  ),
  placetopay(
    'account-validator',
    { reference: '53eccc5c-bbb8-36ae-a4f0-dfc8a791e736', state: 'APPROVED', algorithm: 'sha1' },
    { isSha1: true },
  ),
  placetopay('onboarding', {
    algorithm: 'hmac-sha256',
    reference: '01kz0609xy2hd666mnx6b0jxpc',
    state: 'merchant.create.succeeded',
    signedAt: expect.any(String) as unknown,
  }),
  placetopay('token-requestor', { reference: 'd8677265-03d2-4ffd-bf1e-9831073c1b11', state: 'INACTIVE' }),
  placetopay('scudo', { algorithm: 'hmac-sha256', unsigned: ['the whole body'] }),
  placetopay('msv', { state: 'APPROVED' }),
  ...['plain-nonce', 'double-base64-nonce'].map((variant) =>
    placetopay(
      'microsite-auth',
      { signedAt: expect.any(String) as unknown, received: 1 },
      {
        path: '/webhooks/placetopay/microsite',
        variant,
        answer: { status: DATED, data: [] },
        copy: { status: 403, answer: expect.objectContaining({ reason: 'replayed' }) as unknown },
      },
    ),
  ),
  placetopay(
    'autopay-contract',
    { algorithm: 'basic' },
    {
      path: '/webhooks/placetopay/autopay-contract/balance',
      variant: 'balance',
      answer: { status: DATED, id: AUTOPAY_ID, amount: NOTHING, min_amount: NOTHING },
      handled: 2,
    },
  ),
  placetopay(
    'autopay-contract',
    { algorithm: 'basic' },
    {
      path: '/webhooks/placetopay/autopay-contract/settlement',
      variant: 'settlement',
      answer: { status: DATED, id: AUTOPAY_ID },
      handled: 2,
    },
  ),
  alignet('notification', { answer: 'OK' }),
  ...['base64-text', 'decoded-json'].map((variant, index) =>
    alignet('redirect', {
      variant,
      data: { merchant_operation_number: String(index) },
      answer: expect.stringContaining(`Operation ${index}: AUTORIZADO.`) as unknown,
      handled: 2,
      verdict: { algorithm: 'rsa-sha512', reference: `${index}:${CHARGE}`, state: 'AUTORIZADO', ...NOT_ASKED },
    }),
  ),
  netzme('snap-v1', { algorithm: 'static-token' }, 'invoice'),
  netzme('snap-v1', { algorithm: 'static-token' }, 'qris'),
  netzme('snap-v2', {
    algorithm: 'rsa-sha256',
    reference: '000123456789',
    state: '00',
    signedAt: expect.any(String) as unknown,
  }),
];

/** With a token that somebody knows, or none at all, any body goes: those are looked at by name. */
const REFUSALS: Readonly<Record<WebhookBreak, readonly number[]>> = {
  'other-secret': [401],
  'other-merchant': [401, 403],
  'changed-byte': [400, 401],
  'missing-field': [400, 401],
  'shifted-boundary': [400],
  'duplicate-member': [400],
  'missing-signature': [401],
  'truncated-signature': [400, 401],
  'wrong-encoding': [400],
  'wrong-algorithm': [400, 401],
  stale: [401],
  future: [401],
};

let proxy: FrontProxy;
let demo: Demo;

async function verdicts(): Promise<Verdict[]> {
  return (await demo.get('/webhooks')).json['verdicts'] as Verdict[];
}

async function newest(verdict: Verdict['verdict']): Promise<Verdict | undefined> {
  return (await verdicts()).find((each) => each.verdict === verdict);
}

const send = (order: Omit<WebhookSendOrder, 'url'>, path: string) =>
  demo.simulator.webhooks.send({ ...order, url: proxy.url + path });

const orderOf = ({ gateway, scheme, variant, data = {} }: Route): Omit<WebhookOrder, 'url'> => ({
  gateway,
  scheme,
  data,
  ...(variant !== undefined && { variant }),
});

/** Of the text that came over the wire, what it says. */
function answerOf(text: string): unknown {
  if (text === '') return undefined;
  return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
}

/** Bytes as they are, by a sender of our own. */
function post(path: string, body: string | Buffer, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(proxy.url + path, { method: 'POST', agent: false, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function startDemo(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  proxy = await FrontProxy.start();
  const url = `${proxy.url}/webhooks/placetopay/scudo`;
  demo = await Demo.start({
    hasSimulatorKeys: true,
    isShared: true,
    environment: { PLACETOPAY_SCUDO_NOTIFICATION_URL: url, ...environment },
  });
  proxy.target = demo.url;
}

async function stopDemo(): Promise<void> {
  for (const { route, headers, body, proofs } of proxy.passed) {
    rememberExchange(route, `${JSON.stringify(headers)}\n${body}`, proofs);
  }
  await demo.app.close();
  await proxy.stop();
}

afterEach(stopAll);

describe.each([
  ['as it comes', {}, (route: Route) => route.isSha1 !== true],
  ['with SHA-1 accepted', { PLACETOPAY_WEBHOOK_ACCEPT_SHA1: 'true' }, () => true],
])('a rightly signed webhook, %s', (_, environment, isAccepted) => {
  beforeAll(() => startDemo(environment));
  afterAll(stopDemo);

  it.each(ROUTES.filter(isAccepted).map((route) => [`${route.path} ${route.variant ?? ''}`, route] as const))(
    '%s: is answered as its gateway expects, once handled, and kept',
    async (_name, route) => {
      const { answer, copy = { status: 200, answer }, handled = 1, path, verdict } = route;
      const { answers } = await send({ ...orderOf(route), copies: 2 }, path);
      const [first, second] = proxy.passed.slice(-2);

      expect(answers.map(({ status }) => status)).toEqual([200, copy.status]);
      expect(answerOf(first?.body ?? '')).toEqual(answer);
      expect(answerOf(second?.body ?? '')).toEqual(copy.answer);
      expect(await newest('accepted')).toMatchObject({
        gateway: route.gateway,
        scheme: route.scheme,
        merchant: 'default',
        secret: 'current',
        received: 2,
        handled,
        ...verdict,
      });
    },
  );

  it('is told of in the log: once, in one line, all of it allowed', () => {
    const lines = logLines().filter(({ msg }) => msg === 'webhook accepted');
    const known = new Set([
      ...['level', 'time', 'pid', 'hostname', 'context', 'msg', 'verdict', 'at', 'gateway', 'scheme', 'merchant'],
      ...['reference', 'state', 'algorithm', 'secret', 'signedAt', 'unsigned', 'confirmed', 'unconfirmed'],
      ...['received', 'handled', 'req'],
    ]);
    expect(lines.length).toBeGreaterThanOrEqual(ROUTES.filter(isAccepted).length);
    expect(lines.flatMap((line) => Object.keys(line)).filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set([30]));
  });

  it('is counted by its algorithm', async () => {
    const statistics = (await demo.get('/webhooks')).json['statistics'] as object[];
    const checkout = statistics.find((one) => (one as Verdict).scheme === 'checkout');
    const counts = 'PLACETOPAY_WEBHOOK_ACCEPT_SHA1' in environment ? { sha256: 2, sha1: 2 } : { sha256: 2 };
    expect(checkout).toEqual({ gateway: 'placetopay', scheme: 'checkout', accepted: counts, refused: {} });
  });
});

describe('a webhook that is not right', () => {
  beforeAll(() => startDemo());
  afterAll(stopDemo);

  const PATHS = new Map(ROUTES.map((route) => [`${route.path} ${route.isSha1 === true ? 'sha1' : ''}`, route]));

  it.each([...PATHS].map(([name, route]) => [name, route] as const))(
    '%s: no break of the simulator’s gets through, and each is kept with its reason',
    async (_name, route) => {
      const scheme = demo.simulator.webhooks
        .schemes()
        .find((one) => one.gateway === route.gateway && one.scheme === route.scheme);
      const breaks = Object.keys(scheme?.breaks ?? {}) as WebhookBreak[];
      expect(breaks.length).toBeGreaterThanOrEqual(4);
      const accepted = (await verdicts()).filter(({ verdict }) => verdict === 'accepted').length;
      const wrong: unknown[] = [];
      for (const broken of breaks) {
        const { answers } = await send({ ...orderOf(route), break: broken }, route.path);
        const status = answers[0]?.status ?? 0;
        const { reason } = JSON.parse(proxy.passed.at(-1)?.body ?? '{}') as { reason?: string };
        const kept = await newest('refused');
        const isKept = kept?.scheme === route.scheme && kept['status'] === status && kept['reason'] === reason;
        // AutoPay's page asks for 400, whatever is wrong with the signature.
        const allowed = route.scheme === 'autopay' ? [400] : REFUSALS[broken];
        if (!allowed.includes(status) || !isKept) wrong.push({ broken, status, reason, kept });
      }
      expect(wrong).toEqual([]);
      expect((await verdicts()).filter(({ verdict }) => verdict === 'accepted')).toHaveLength(accepted);
    },
  );

  it.each(ROUTES.filter(({ isSha1 }) => isSha1).map((route) => [route.path, route] as const))(
    '%s: SHA-1 is refused unless it is allowed',
    async (_name, route) => {
      const { answers } = await send(orderOf(route), route.path);
      expect(answers[0]?.status).toBe(401);
      expect(await newest('refused')).toMatchObject({ scheme: route.scheme, reason: 'algorithm-refused' });
    },
  );

  it.each<[what: string, headers: Readonly<Record<string, string>>]>([
    ['plain text', { 'Content-Type': 'text/plain' }],
    ['XML', { 'Content-Type': 'application/xml' }],
    ['a file', { 'Content-Type': 'application/octet-stream' }],
    ['of many parts', { 'Content-Type': 'multipart/form-data; boundary=x' }],
    ['of no type', {}],
    ['JSON by another name', { 'Content-Type': 'application/x-json' }],
  ])('%s: refused, whatever its signature', async (_, headers) => {
    const wrong: unknown[] = [];
    for (const route of ROUTES.filter(({ isSha1 }) => isSha1 !== true)) {
      const built = await demo.simulator.webhooks.build({ ...orderOf(route), url: proxy.url + route.path });
      const { 'Content-Type': _type, ...others } = built.headers;
      const status = await post(route.path, built.body, { ...others, ...headers });
      const kept = await newest('refused');
      if (status !== 400 || kept?.['reason'] !== 'malformed-body') wrong.push({ path: route.path, status, kept });
    }
    expect(wrong).toEqual([]);
  });

  it.each(['', '{', '[]', 'null', '"text"', '\u0000', '{"a":1}{"a":1}', '\xff\xfe'])(
    'a body that is none is 400 everywhere: %j',
    async (body) => {
      const statuses = new Set<number>();
      for (const { path, scheme } of ROUTES) {
        // Proofs that stand in headers are looked at first.
        if (['snap-v1', 'snap-v2', 'autopay-contract', 'notification', 'redirect'].includes(scheme)) continue;
        if (['scudo', 'onboarding', 'ach-return', 'gateway-session'].includes(scheme)) continue;
        statuses.add(await post(path, Buffer.from(body, 'latin1'), { 'Content-Type': 'application/json' }));
      }
      expect([...statuses]).toEqual([400]);
    },
  );

  it('is no JSON parser’s matter: what the sender wrote is not repeated to him', async () => {
    await post('/webhooks/placetopay/checkout', '{"MARKER', { 'Content-Type': 'application/json' });
    expect(proxy.passed.at(-1)?.body).toBe(
      '{"statusCode":400,"code":"ERR_SIGNATURE_VERIFICATION","reason":"malformed-body","message":"The notification was not accepted."}',
    );
  });

  it('is refused on another scheme’s route, rightly signed as it is', async () => {
    const through: unknown[] = [];
    for (const route of ROUTES.filter(({ isSha1 }) => isSha1 !== true)) {
      for (const other of new Set(ROUTES.map(({ path }) => path))) {
        if (other === route.path) continue;
        const { answers } = await send(orderOf(route), other);
        // One password for both of AutoPay's calls, as documented.
        const isSamePassword = other.includes('autopay-contract') && route.path.includes('autopay-contract');
        if (answers[0]?.status === 200 && !isSamePassword) through.push([route.path, other]);
      }
    }
    expect(through).toEqual([]);
  });
});

describe('many and large ones', () => {
  beforeAll(() => startDemo());
  beforeEach(() => demo.reset());
  afterAll(stopDemo);

  const LIMIT = 256 * 1024;
  const padded = (scheme: string, characters: number, data: object = {}) => ({
    gateway: 'placetopay' as const,
    scheme,
    data: { ...data, padding: 'x'.repeat(characters) },
  });

  it('takes bodies up to 256 kB, and no larger ones', async () => {
    const { body } = await demo.simulator.webhooks.build({
      ...padded('ach-return', 0),
      url: `${proxy.url}/webhooks/placetopay/ach-return`,
    });
    const room = LIMIT - Buffer.byteLength(body);
    const fits = await send(padded('ach-return', room), '/webhooks/placetopay/ach-return');
    const isOver = await send(padded('ach-return', room + 1), '/webhooks/placetopay/ach-return');
    const member = await send(padded('checkout', 250_000), '/webhooks/placetopay/checkout');
    const unsigned = await demo.simulator.webhooks.send({
      gateway: 'netzme',
      scheme: 'merchant-callback',
      url: `${proxy.url}/webhooks/netzme/merchant-callback`,
      data: { padding: 'x'.repeat(250_000) },
    });
    expect([fits, isOver, member, unsigned].map(({ answers }) => answers[0]?.status)).toEqual([200, 413, 200, 400]);
  });

  it('leaves other routes the limit they had', async () => {
    const answer = await demo.postRaw('/alignet/nonce', 'application/json', `{"scope":"${'x'.repeat(150_000)}"}`);
    expect(answer.status).toBe(413);
  });

  it('keeps 100 of each kind: forgeries push out no webhook', async () => {
    const path = '/webhooks/placetopay/gateway';
    const right = (internalReference: number) =>
      send({ gateway: 'placetopay', scheme: 'gateway', data: { internalReference } }, path);
    for (let reference = 1; reference <= 105; reference += 1) await right(reference);
    for (let count = 1; count <= 105; count += 1) {
      await send({ gateway: 'placetopay', scheme: 'gateway', break: 'other-secret' }, path);
    }
    const kept = await verdicts();
    const references = kept.filter(({ verdict }) => verdict === 'accepted').map(({ reference }) => reference);
    expect(references).toEqual(Array.from({ length: 100 }, (_, index) => String(105 - index)));
    expect(kept.filter(({ verdict }) => verdict === 'refused')).toHaveLength(100);
    const { statistics } = (await demo.get('/webhooks')).json as { statistics: object[] };
    expect(statistics).toEqual([
      { gateway: 'placetopay', scheme: 'gateway', accepted: { sha256: 105 }, refused: { mismatch: 105 } },
    ]);
  });

  it('fills no log: a line for each reason, however many come', async () => {
    const before = logLines().length;
    for (let count = 0; count < shortOrLong(3, 70); count += 1) {
      for (const broken of ['other-secret', 'truncated-signature', 'missing-field'] as const) {
        await send({ gateway: 'placetopay', scheme: 'checkout', break: broken }, '/webhooks/placetopay/checkout');
      }
      await post('/webhooks/placetopay/checkout', 'x', { 'Content-Type': 'text/plain' });
      await post('/webhooks/no-such-thing', '{}', { 'Content-Type': 'application/json' });
    }
    // More than are looked into in a minute.
    for (let count = 0; count < 70; count += 1) {
      await send({ gateway: 'netzme', scheme: 'merchant-callback' }, '/webhooks/netzme/merchant-callback');
    }
    const told = logLines()
      .slice(before)
      .map(({ msg }) => String(msg).replace(/ \(.*/, ''));
    expect(told.filter((line) => !line.includes('new access token')).sort()).toEqual([
      'a netzme merchant-callback was refused: not-confirmed',
      'a netzme merchant-callback was refused: too-many',
      'a placetopay checkout notification was refused: malformed-body',
      'a placetopay checkout notification was refused: malformed-signature',
      'a placetopay checkout notification was refused: mismatch',
    ]);
  });

  it('fills none with bodies that are too large, or end too soon', async () => {
    const before = logLines().length;
    for (let count = 0; count < shortOrLong(2, 20); count += 1) {
      const headers = { 'Content-Type': 'application/json' };
      expect(await post('/webhooks/placetopay/checkout', Buffer.alloc(LIMIT + 1, 'x'), headers)).toBe(413);
      expect(await post('/webhooks/placetopay/checkout', 'x', { ...headers, 'Content-Encoding': 'gzip' })).toBe(400);
      expect(await post('/webhooks/placetopay/checkout', 'x', { ...headers, 'Content-Encoding': 'none' })).toBe(415);
    }
    expect(logLines().slice(before)).toEqual([]);
  });

  it('copies of one make one line, however many come', async () => {
    const before = logLines().length;
    const copies = shortOrLong(10, 100);
    const { answers } = await send(
      { gateway: 'alignet', scheme: 'notification', copies },
      '/webhooks/alignet/notification',
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(
      logLines()
        .slice(before)
        .filter(({ msg }) => msg === 'webhook accepted'),
    ).toHaveLength(1);
    expect(await newest('accepted')).toMatchObject({ received: copies, handled: 1 });
  });
});

describe('copies at the same time', () => {
  beforeAll(() => startDemo());
  afterAll(stopDemo);

  it('are told to come again while the first is being handled', async () => {
    demo.simulator.faults.add({ gateway: 'placetopay', operation: 'querySession', kind: 'delay' });
    await withDelaysHeld(async (answerNow) => {
      const url = `${proxy.url}/webhooks/placetopay/checkout`;
      const { body, headers } = await demo.simulator.webhooks.build({ gateway: 'placetopay', scheme: 'checkout', url });
      const first = post('/webhooks/placetopay/checkout', body, headers);
      await until(() => demo.simulator.counters().placetopay.querySession === 1);
      expect(await post('/webhooks/placetopay/checkout', body, headers)).toBe(503);
      expect(await newest('refused')).toMatchObject({ status: 503, reason: 'in-progress' });
      answerNow();
      expect(await first).toBe(200);
      expect(await post('/webhooks/placetopay/checkout', body, headers)).toBe(200);
      expect(await newest('accepted')).toMatchObject({ received: 2, handled: 1 });
      expect(demo.simulator.counters().placetopay.querySession).toBe(1);
    });
  });
});

it('the buyer’s redirect shows nothing that is not text', async () => {
  await startDemo();
  const data = { transaction: { state: 'PENDIENTE <b>' } };
  const { answers } = await send({ gateway: 'alignet', scheme: 'redirect', data }, '/webhooks/alignet/redirect');
  const { headers, body } = proxy.passed.at(-1) ?? { headers: {}, body: '' };
  await stopDemo();
  expect(answers[0]?.status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(body).toContain('Your payment was not authorized');
  expect(body).toContain('PENDIENTE &#60;b&#62;');
  expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
});

it('no secret, no token and no signature left the demo, in no answer and no log line', () => {
  expect(observed().answers).toBeGreaterThan(1_000);
  expect(observed().logLines).toBeGreaterThan(100);
  expect(findSecrets()).toEqual({ answers: [], logs: [] });
  expect(JSON.stringify(logLines())).not.toMatch(new RegExp(`${PEN.merchantCode}|${NETZME.userId}`));
});
