import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { environmentVariableNames, validateEnvironment } from '../../apps/demo/src/config/environment';
import {
  type Answer,
  Demo,
  findSecrets,
  logLines,
  MINUTE,
  NETZME,
  observed,
  PEN,
  sharedDemo,
  SITE,
  startSimulator,
  stopAll,
  until,
} from './demo-app';
import { DemoProcess } from './demo-process';
import { withDelaysHeld, whenSilent } from '../support/late';
import { itInLong } from '../support/tier';

const ORDER = { reference: 'ORDER-1001', currency: 'COP', total: 12_000 };
const WITHDRAWAL = { userId: NETZME.userId, amount: '10000.00' };

/** A process of its own takes seconds to start on a busy machine. */
afterEach(stopAll);

describe('what a caller may send', () => {
  const freshDemo = sharedDemo();

  type Case = readonly [field: string, method: 'GET' | 'POST', path: string, body?: object];
  const text = (length: number) => 'x'.repeat(length);
  const nonce = (body: object): Case => ['scope', 'POST', '/alignet/nonce', body];
  const checkout = (body: object): Case => ['scope', 'POST', '/alignet/checkout-session', body];
  const session = (field: string, value: unknown): Case => [
    field,
    'POST',
    '/placetopay/sessions',
    { ...ORDER, [field]: value },
  ];
  const link = (field: string, value: unknown): Case => [
    field,
    'POST',
    '/placetopay/payment-links',
    { ...ORDER, [field]: value },
  ];
  const withdraw = (field: string, value: unknown): Case => [
    field,
    'POST',
    '/netzme/withdraw/inquiry',
    { ...WITHDRAWAL, [field]: value },
  ];
  const query = (field: string, path: string): Case => [field, 'GET', path];

  const CASES: readonly Case[] = [
    nonce({ scope: 'two  spaces' }),
    nonce({ scope: ' post:charges' }),
    nonce({ scope: 5 }),
    nonce({ scope: ['post:charges'] }),
    nonce({ scope: 'post:charges"' }),
    checkout({ scope: '' }),
    checkout({ scope: {} }),
    session('reference', undefined),
    session('reference', ''),
    session('reference', text(33)),
    session('reference', 1001),
    session('currency', 'cop'),
    session('currency', 'COPS'),
    session('currency', undefined),
    session('total', 0),
    session('total', -1),
    session('total', 0.001),
    session('total', 1e-7),
    session('total', 1e-9),
    session('total', 12.345),
    session('total', '12000'),
    session('total', null),
    session('description', ''),
    session('description', text(256)),
    session('locale', 'es'),
    session('locale', 'es-CO'),
    session('returnUrl', '/return'),
    session('returnUrl', 'javascript:alert(1)'),
    session('returnUrl', `https://shop.example/${text(255)}`),
    session('expiresInMinutes', 4),
    session('expiresInMinutes', 5.5),
    session('expiresInMinutes', 43_201),
    link('reference', undefined),
    link('currency', 'C'),
    link('total', undefined),
    link('name', ''),
    link('name', text(121)),
    link('locale', 'english'),
    link('expiresInHours', 0),
    link('expiresInHours', 8_761),
    link('paymentExpirationMinutes', 4),
    link('paymentExpirationMinutes', 1_441),
    link('notificationUrl', '/links'),
    link('notificationUrl', 'javascript:alert(1)'),
    link('notificationUrl', `https://shop.example/${text(255)}`),
    query('requestId', '/placetopay/sessions/abc'),
    query('requestId', '/placetopay/sessions/-1'),
    query('requestId', '/placetopay/sessions/1%2Fcancel'),
    query('requestId', '/placetopay/sessions/1234567890123456789'),
    query('userId', '/netzme/balance'),
    query('userId', '/netzme/balance?userId='),
    query('userId', '/netzme/balance?userId=a%26b'),
    query('userId', '/netzme/balance?userId=a&userId=b'),
    query('userId', '/netzme/balance?userId[x]=a'),
    query('userId', '/netzme/transactions?startdate=2026-11-01&enddate=2026-11-30'),
    query('startdate', '/netzme/transactions?userId=M_1&startdate=01-11-2026'),
    query('enddate', '/netzme/transactions?userId=M_1&enddate=2026-11-30T00:00'),
    query('page', '/netzme/transactions?userId=M_1&page=0'),
    query('page', '/netzme/transactions?userId=M_1&page=one'),
    query('page', '/netzme/transactions?userId=M_1&page=10001'),
    withdraw('userId', undefined),
    withdraw('userId', 'a b'),
    withdraw('userId', text(65)),
    withdraw('amount', undefined),
    withdraw('amount', 10_000),
    withdraw('amount', '10000'),
    withdraw('amount', '-1.00'),
    withdraw('amount', '1e4'),
    withdraw('amount', `${'9'.repeat(14)}.00`),
  ];

  it('refuses each wrong field by its name, and asks no gateway', async () => {
    const demo = await freshDemo();
    const wrong: unknown[] = [];
    for (const [field, method, path, body] of CASES) {
      const { status, json } = await (method === 'GET' ? demo.get(path) : demo.post(path, body));
      const names = messagesOf(json).filter((message) => message.startsWith(`${field} `));
      if (status !== 400 || names.length === 0) wrong.push({ field, method, path, body, status, json });
    }
    expect(wrong).toEqual([]);
    expect(demo.simulator.journal.entries()).toEqual([]);
  });

  it.each([
    ['/alignet/nonce', {}, 'audience'],
    ['/alignet/nonce', {}, 'client_secret'],
    ['/alignet/checkout-session', {}, 'merchantCode'],
    ['/placetopay/sessions', ORDER, 'auth'],
    ['/placetopay/sessions', ORDER, 'ipAddress'],
    ['/placetopay/payment-links', ORDER, 'returnUrl'],
    ['/netzme/withdraw/inquiry', WITHDRAWAL, 'requestId'],
  ])('%s: an unknown field is refused by its name', async (path, body, field) => {
    const demo = await freshDemo();
    const { status, json } = await demo.post(path, { ...body, [field]: 'x' });
    expect(status).toBe(400);
    expect(messagesOf(json)).toEqual([`property ${field} should not exist`]);
    expect(demo.simulator.journal.entries()).toEqual([]);
  });

  it.each([
    ['/netzme/balance?userId=M_1&token=x', 'token'],
    ['/netzme/transactions?userId=M_1&sort=x', 'sort'],
  ])('%s: an unknown parameter is refused by its name', async (path, field) => {
    const demo = await freshDemo();
    const { status, json } = await demo.get(path);
    expect(status).toBe(400);
    expect(messagesOf(json)).toEqual([`property ${field} should not exist`]);
  });

  it('names every wrong field of one request', async () => {
    const demo = await freshDemo();
    const { status, json } = await demo.post('/placetopay/sessions', { currency: 'x', total: -1 });
    expect(status).toBe(400);
    for (const field of ['reference', 'currency', 'total']) {
      expect(messagesOf(json)).toContainEqual(expect.stringMatching(`^${field} `));
    }
  });

  it.each([
    ['no JSON', '{"reference": "ORDER', 'application/json', 400],
    ['a JSON array', '[]', 'application/json', 400],
    ['a form', 'reference=a', 'application/x-www-form-urlencoded', 400],
    ['plain text', 'ORDER-1001', 'text/plain', 400],
    ['a body beyond the limit', JSON.stringify({ ...ORDER, description: text(200_000) }), 'application/json', 413],
  ])('refuses %s', async (_, body, contentType, status) => {
    const demo = await freshDemo();
    expect((await demo.postRaw('/placetopay/sessions', contentType, body)).status).toBe(status);
    expect(demo.simulator.journal.entries()).toEqual([]);
  });

  it('takes every field at its limits', async () => {
    const demo = await freshDemo();
    const full = { reference: text(32), description: text(255), currency: 'COP', total: 0.01, locale: 'es_CO' };
    const answers: Answer[] = [
      await demo.post('/placetopay/sessions', {
        ...full,
        returnUrl: 'http://localhost:8080/x',
        expiresInMinutes: 43_200,
      }),
      await demo.post('/placetopay/payment-links', {
        ...full,
        name: text(120),
        expiresInHours: 8_760,
        paymentExpirationMinutes: 5,
        notificationUrl: 'http://localhost:8080/x',
      }),
      await demo.post('/netzme/withdraw/inquiry', { ...WITHDRAWAL, amount: '0.00' }),
      await demo.post('/alignet/nonce', { scope: 'post:charges' }),
    ];
    expect(answers.map(({ status, text: body }) => [status, status === 200 || body])).toEqual(
      answers.map(() => [200, true]),
    );
  });

  it('answers 404 to a path that is none', async () => {
    const demo = await freshDemo();
    expect((await demo.get('/alignet/nonce')).status).toBe(404);
    expect((await demo.post('/placetopay/sessions/1')).status).toBe(404);
  });
});

describe('GET /health', () => {
  const freshDemo = sharedDemo();

  it('200 with detail per gateway', async () => {
    const demo = await freshDemo();
    const { status, json } = await demo.get('/health');
    expect(status).toBe(200);
    const up = {
      alignet: { status: 'up', accessToken: { state: 'valid', requests: 1, rejections: 0 } },
      placetopay: { status: 'up', auth: 'accepted' },
      netzme: { status: 'up', accessToken: { state: 'valid', requests: 1, rejections: 0 } },
    };
    expect(json).toMatchObject({ status: 'ok', info: up, error: {}, details: up });
    expect(demo.simulator.counters()).toMatchObject({
      alignet: { token: 1, nonce: 0 },
      placetopay: { querySession: 1, createSession: 0 },
      netzme: { token: 1, business: 0 },
    });
  });

  it.each([
    [
      'alignet',
      { ALIGNET_CLIENT_ID: PEN.clientId, ALIGNET_CLIENT_SECRET: 'not-the-secret' },
      { code: 'ERR_ACCESS_TOKEN_REQUEST', hint: expect.stringContaining('clientSecret') as string },
    ],
    [
      'placetopay',
      { PLACETOPAY_LOGIN: SITE.login, PLACETOPAY_SECRET_KEY: 'not-the-secret' },
      { code: 'ERR_PLACETOPAY_AUTHENTICATION', hint: expect.stringContaining('secretKey') as string },
    ],
    [
      'netzme',
      { NETZME_CLIENT_ID: NETZME.clientId, NETZME_CLIENT_SECRET: 'not-the-secret' },
      { code: 'ERR_ACCESS_TOKEN_REQUEST', hint: expect.stringContaining('clientSecret') as string },
    ],
  ])('503 with detail when %s refuses the secret', async (gateway, environment, detail) => {
    const demo = await Demo.start({ environment });
    const { status, json } = await demo.get('/health');
    expect(status).toBe(503);
    const others = ['alignet', 'placetopay', 'netzme'].filter((name) => name !== gateway);
    expect(json).toMatchObject({
      status: 'error',
      info: Object.fromEntries(others.map((name) => [name, { status: 'up' }])),
      error: {
        [gateway]: { status: 'down', message: expect.any(String) as string, retryable: false, ...detail },
      },
    });
    expect(Object.keys(json['error'] as object)).toEqual([gateway]);
  });

  it.each([
    ['a wrong clock', (demo: Demo) => demo.simulator.clock.advance(360_000), 'ERR_PLACETOPAY_AUTHENTICATION'],
    [
      'a 503',
      (demo: Demo) => void demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 503, times: 0 }),
      'ERR_PLACETOPAY_REQUEST',
    ],
    [
      'a cut connection',
      (demo: Demo) => void demo.simulator.faults.add({ gateway: 'placetopay', kind: 'cut', times: 0 }),
      'ERR_GATEWAY_UNREACHABLE',
    ],
    [
      'a redirect',
      (demo: Demo) => void demo.simulator.faults.add({ gateway: 'placetopay', kind: 'redirect', times: 0 }),
      'ERR_GATEWAY_REDIRECT',
    ],
  ])('Placetopay is down with %s', async (_, spoil, code) => {
    const demo = await freshDemo();
    spoil(demo);
    const { status, json } = await demo.get('/health');
    expect(status).toBe(503);
    expect(json).toMatchObject({ error: { placetopay: { status: 'down', code } } });
  });

  it('Placetopay is down when something else answers in its place: a page, HTTP 200', async () => {
    const demo = await freshDemo();
    demo.simulator.faults.add({ gateway: 'placetopay', kind: 'html', status: 200 });
    const { status, json } = await demo.get('/health');
    expect(status).toBe(503);
    expect(json).toMatchObject({ error: { placetopay: { status: 'down', code: 'ERR_GATEWAY_RESPONSE' } } });
  });

  it('is kept for HEALTH_CACHE_SECONDS, for good answers and bad ones', async () => {
    const demo = await Demo.start({ environment: { HEALTH_CACHE_SECONDS: '60' } });
    demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 503 });
    const statuses = [];
    for (let poll = 0; poll < 5; poll += 1) statuses.push((await demo.get('/health')).status);
    expect(statuses).toEqual(Array(5).fill(503));
    expect(demo.simulator.counters()).toMatchObject({ alignet: { token: 1 }, placetopay: { querySession: 1 } });
  });

  it('is asked anew every time with HEALTH_CACHE_SECONDS=0', async () => {
    const demo = await Demo.start({ environment: { HEALTH_CACHE_SECONDS: '0' } });
    demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 503 });
    expect((await demo.get('/health')).status).toBe(503);
    expect((await demo.get('/health')).status).toBe(200);
    expect(demo.simulator.counters()).toMatchObject({ alignet: { token: 1 }, placetopay: { querySession: 2 } });
  });
});

describe('outside the sandbox, with one gateway configured', () => {
  const ALL = ['alignet', 'placetopay', 'netzme'] as const;
  type GatewayName = (typeof ALL)[number];
  const environmentOf = (gateway: GatewayName, url: string): Record<string, string> =>
    ({
      alignet: { ALIGNET_CLIENT_ID: PEN.clientId, ALIGNET_CLIENT_SECRET: PEN.clientSecret, ALIGNET_AUTH_BASE_URL: url },
      placetopay: {
        PLACETOPAY_LOGIN: SITE.login,
        PLACETOPAY_SECRET_KEY: SITE.secretKey,
        PLACETOPAY_CHECKOUT_BASE_URL: url,
        PLACETOPAY_PAYMENT_LINKS_BASE_URL: url,
      },
      netzme: { NETZME_CLIENT_ID: NETZME.clientId, NETZME_CLIENT_SECRET: NETZME.clientSecret, NETZME_BASE_URL: url },
    })[gateway];
  const CALLS: Readonly<Record<GatewayName, readonly ((demo: Demo) => Promise<Answer>)[]>> = {
    alignet: [(demo) => demo.post('/alignet/nonce')],
    placetopay: [
      (demo) => demo.post('/placetopay/sessions', ORDER),
      (demo) => demo.get('/placetopay/sessions/1'),
      (demo) => demo.post('/placetopay/payment-links', ORDER),
    ],
    netzme: [
      (demo) => demo.get(`/netzme/balance?userId=${NETZME.userId}`),
      (demo) => demo.post('/netzme/withdraw/inquiry', WITHDRAWAL),
    ],
  };

  it.each(ALL)('only %s: it works, the others say that they are not configured', async (configured) => {
    const simulator = await startSimulator();
    const demo = await Demo.start({
      environment: { PAYMENT_ENV: 'test', ...environmentOf(configured, simulator.urls[configured]) },
    });
    const health = await demo.get('/health');
    expect(health.status).toBe(200);
    expect(health.json).toMatchObject({ status: 'ok', error: {} });
    expect(Object.keys(health.json['details'] as object)).toEqual([configured]);

    for (const call of CALLS[configured]) expect((await call(demo)).status).toBe(200);
    for (const other of ALL.filter((name) => name !== configured)) {
      for (const call of CALLS[other]) {
        const { status, json } = await call(demo);
        expect(status).toBe(503);
        expect(json).toMatchObject({
          statusCode: 503,
          code: 'ERR_PAYMENT_AUTH_CONFIG',
          gateway: other,
          retryable: false,
          message: expect.stringContaining(`\`${other}\` block`) as string,
        });
      }
    }
  });

  it('library options that make no sense stop the start, all of them named and none of them shown', async () => {
    const environment = {
      PAYMENT_ENV: 'test',
      ALIGNET_CLIENT_ID: PEN.clientId,
      ALIGNET_CLIENT_SECRET: 'line\nbreak-in-secret',
      ALIGNET_AUTH_BASE_URL: 'http://auth.example',
      PLACETOPAY_LOGIN: SITE.login,
      PLACETOPAY_SECRET_KEY: 'a-secret-far-longer-than-the-32-characters-allowed',
      PLACETOPAY_BRAND: 'evertecky',
      PLACETOPAY_DIGEST_ALGORITHM: 'md5',
      NETZME_CLIENT_ID: NETZME.clientId,
      NETZME_CLIENT_SECRET: NETZME.clientSecret,
      NETZME_API: 'snapper',
      NETZME_BASE_URL: 'https://user:pass-word@netzme.example',
    };
    const failure: unknown = await Demo.start({ environment }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG' });
    const { message } = failure as Error;
    const options = [
      'alignet.clientSecret',
      'alignet.authBaseUrl',
      'placetopay.secretKey',
      'placetopay.brand',
      'placetopay.digestAlgorithm',
      'netzme.api',
      'netzme.baseUrl',
    ];
    expect(options.filter((option) => !message.includes(`${option}:`))).toEqual([]);
    expect(message).not.toMatch(/evertecky|md5|snapper|break-in|far-longer|auth\.example|pass-word/);
  });
});

describe('the environment', () => {
  const problemsOf = (raw: Record<string, string>): string[] => {
    try {
      validateEnvironment(raw);
      return [];
    } catch (error) {
      return (error instanceof Error ? error.message : '').split('\n').slice(1);
    }
  };

  it('needs nothing for the sandbox', () => {
    expect(validateEnvironment({})).toMatchObject({
      PAYMENT_ENV: 'sandbox',
      PORT: 3000,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      HEALTH_CACHE_SECONDS: 10,
      SIMULATOR_ALIGNET_PORT: 0,
    });
  });

  it('takes an empty variable for one that is not set, and what others put there as it is', () => {
    expect(problemsOf({ ALIGNET_CLIENT_ID: '', PORT: '', NODE_ENV: 'x', PATH: '/bin', npm_config_x: '1' })).toEqual([]);
  });

  it('reports all mistakes at once, each by its name, no value shown', () => {
    const raw = {
      PAYMENT_ENV: 'live-value',
      PORT: '65536',
      LOG_LEVEL: 'verbose-value',
      HEALTH_CACHE_SECONDS: '-1',
      ALIGNET_CLIENT_ID: 'alignet-id-value',
      ALIGNET_AUTH_BASE_URL: 'auth.value.example',
      PLACETOPAY_SECRET_KEY: 'placetopay-secret-value',
      PLACETOPAY_CHECKOUT_BASE_URL: 'ftp://value.example',
      PLACETOPAY_CLOCK_SKEW_SECONDS: '1.5',
      NETZME_CLIENT_SECRET: 'netzme-secret-value',
      NETZME_SECRET: 'misspelt-secret-value',
      SIMULATOR_PORT: '4711-value',
      SIMULATOR_NETZME_PORT: 'many-value',
    };
    const problems = problemsOf(raw);
    expect(Object.keys(raw).filter((name) => !problems.some((problem) => problem.includes(name)))).toEqual([]);
    expect(problems.join('\n')).not.toContain('value');
    expect(problems).toEqual(
      expect.arrayContaining([
        '  - ALIGNET_CLIENT_SECRET is missing, though ALIGNET_CLIENT_ID is set',
        '  - PLACETOPAY_LOGIN is missing, though PLACETOPAY_SECRET_KEY is set',
        '  - NETZME_CLIENT_ID is missing, though NETZME_CLIENT_SECRET is set',
        '  - NETZME_SECRET is no variable of this application',
        '  - SIMULATOR_PORT is no variable of this application',
      ]),
    );
  });

  it.each(['PORT', 'SIMULATOR_ALIGNET_PORT', 'HEALTH_CACHE_SECONDS', 'PLACETOPAY_CLOCK_SKEW_SECONDS'])(
    'says each mistake once: %s',
    (name) => {
      expect(problemsOf({ [name]: 'abc' })).toHaveLength(1);
    },
  );

  it('is not disturbed by what Kubernetes injects for a service named like a gateway', () => {
    const injected = {
      PAYMENT_SERVICE_HOST: '10.0.0.1',
      PAYMENT_PORT: 'tcp://10.0.0.1:80',
      PAYMENT_PORT_80_TCP: 'tcp://10.0.0.1:80',
      SIMULATOR_SERVICE_PORT_HTTP: '80',
    };
    expect(validateEnvironment(injected).PAYMENT_ENV).toBe('sandbox');
  });

  it.each(['0x10', ' ', '1e3', '+1'])('takes %p for no number', (PORT) => {
    expect(problemsOf({ PORT })).toHaveLength(1);
  });

  it.each([
    ['a misspelt variable', { ALIGNET_CLIENTID: 'x' }, 'ALIGNET_CLIENTID is no variable'],
    ['a name in the wrong gateway', { NETZME_LOGIN: 'x' }, 'NETZME_LOGIN is no variable'],
    ['half a pair', { NETZME_CLIENT_ID: 'x' }, 'NETZME_CLIENT_SECRET is missing'],
    ['no gateway in test', { PAYMENT_ENV: 'test' }, 'needs the credentials of one gateway at least'],
    ['no gateway in production', { PAYMENT_ENV: 'production' }, 'needs the credentials of one gateway at least'],
    ['a port that is none', { PORT: '3000.5' }, 'PORT must be a port number'],
    ['a port beyond the last', { PORT: '65536' }, 'PORT must be a port number'],
    ['a port below the first', { PORT: '-1' }, 'PORT must be a port number'],
    ['a port in words', { SIMULATOR_CONTROL_PORT: 'http' }, 'SIMULATOR_CONTROL_PORT must be a port number'],
    [
      'a secret beyond all bounds',
      { NETZME_CLIENT_ID: 'x', NETZME_CLIENT_SECRET: 'x'.repeat(1_001) },
      'NETZME_CLIENT_SECRET must be',
    ],
  ])('names %s', (_, raw, problem) => {
    expect(problemsOf(raw).join('\n')).toContain(problem);
  });

  it('is described by .env.example: every variable once, no other', () => {
    const example = readFileSync(join(__dirname, '..', '..', '.env.example'), 'utf8');
    const listed = [...example.matchAll(/^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(environmentVariableNames().sort());
  });

  it('as .env.example sets it out is valid', () => {
    const example = readFileSync(join(__dirname, '..', '..', '.env.example'), 'utf8');
    const set = [...example.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
    expect(problemsOf(Object.fromEntries(set) as Record<string, string>)).toEqual([]);
  });
});

describe('pages', () => {
  const freshDemo = sharedDemo();

  it('everything /docs loads and links to is there', async () => {
    const demo = await freshDemo();
    const page = '/docs';
    const { text } = await demo.get(page);
    const links = [...text.matchAll(/(?:href|src)="(?!data:|#)([^"]+)"/g)].map(
      ([, link = '']) => new URL(link, demo.url + page),
    );
    expect(links.length).toBeGreaterThan(2);
    for (const { origin, pathname } of links) {
      expect(origin).toBe(demo.url);
      // By fetch, because what Swagger UI's own script says is not searched for secrets.
      const response = await fetch(demo.url + pathname);
      expect([pathname, response.status]).toEqual([pathname, 200]);
      expect((await response.text()).length).toBeGreaterThan(0);
    }
  });

  it.each(['/docs', '/docs/'])('%s fits the screen of a phone', async (page) => {
    const demo = await freshDemo();
    const { text } = await demo.get(page);
    const [, link = ''] = /<script src='([^']+)'/.exec(text) ?? [];
    const response = await fetch(new URL(link, demo.url + page));
    // Without the type of a script, `nosniff` keeps a browser from running it.
    expect(response.headers.get('content-type')).toContain('javascript');
    const tags: object[] = [];
    const document = { createElement: (tag: string) => ({ tag }), head: { append: (tag: object) => tags.push(tag) } };
    runInNewContext(await response.text(), { document });
    expect(tags).toEqual([{ tag: 'meta', name: 'viewport', content: 'width=device-width, initial-scale=1' }]);
  });

  it('/docs-json lists every route, with its failures', async () => {
    const demo = await freshDemo();
    expect((await demo.get('/docs')).headers['content-type']).toContain('text/html');
    const { status, json } = await demo.get('/docs-json');
    expect(status).toBe(200);
    const paths = json['paths'] as Record<string, Record<string, { responses: object }>>;
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => ({
        route: `${method} ${path}`,
        statuses: Object.keys(responses),
      })),
    );
    const isWebhook = ({ route }: { route: string }): boolean => route.startsWith('post /webhooks/');
    const webhooks = (await demo.get('/webhooks')).json['routes'] as { path: string }[];
    expect(webhooks).toHaveLength(19);
    expect(
      routes
        .filter(isWebhook)
        .map(({ route }) => route)
        .sort(),
    ).toEqual(webhooks.map(({ path }) => `post ${path}`).sort());
    for (const { route, statuses } of routes.filter(isWebhook)) {
      const expected = ['200', '400', '401', '403', '413', '503'];
      expect([route, statuses]).toEqual([route, expect.arrayContaining(expected)]);
    }
    const others = routes.filter((each) => !isWebhook(each));
    expect(others.map(({ route }) => route).sort()).toEqual([
      'get /health',
      'get /netzme/balance',
      'get /netzme/transactions',
      'get /placetopay/sessions/{requestId}',
      'get /webhooks',
      'post /alignet/checkout-session',
      'post /alignet/nonce',
      'post /netzme/withdraw/inquiry',
      'post /placetopay/payment-links',
      'post /placetopay/sessions',
    ]);
    for (const { route, statuses } of others.filter((each) => !['get /health', 'get /webhooks'].includes(each.route))) {
      expect([route, statuses]).toEqual([route, expect.arrayContaining(['200', '400', '502', '503', '504'])]);
    }
  });
});

describe('the log', () => {
  it('tells each request by method, path and status, a failure by its code, and no query, header or body', async () => {
    const demo = await Demo.start({
      environment: { NETZME_CLIENT_ID: NETZME.clientId, NETZME_CLIENT_SECRET: 'not-the-secret' },
    });
    const before = logLines().length;
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    await demo.post('/placetopay/sessions', { ...ORDER, reference: 'PRIVATE-REFERENCE' });
    const lines = logLines().slice(before);
    const requests = lines.filter(({ res }) => res !== undefined);
    expect(requests).toMatchObject([
      { req: { method: 'GET', path: '/netzme/balance' }, res: { statusCode: 502 }, level: 50 },
      { req: { method: 'POST', path: '/placetopay/sessions' }, res: { statusCode: 200 }, level: 30 },
    ]);
    for (const { req, res } of requests) {
      expect(Object.keys(req as object).sort()).toEqual(['id', 'method', 'path']);
      expect(Object.keys(res as object)).toEqual(['statusCode']);
    }
    expect(lines).toContainEqual(
      expect.objectContaining({
        context: 'Gateway',
        code: 'ERR_ACCESS_TOKEN_REQUEST',
        gateway: 'netzme',
        statusCode: 502,
      }),
    );
    expect(JSON.stringify(lines)).not.toMatch(/M_SANDBOX01|PRIVATE-REFERENCE|user-agent/i);
  });
});

describe('shutdown', () => {
  it('does not wait for an idle keep-alive connection', async () => {
    const demo = await Demo.start();
    // The server never closes it by itself.
    demo.app.getHttpServer().keepAliveTimeout = 0;
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      get(`${demo.url}/page.css`, { agent }, (response) => response.resume().once('end', resolve)).once(
        'error',
        reject,
      );
    });
    await until(() => Object.keys(agent.freeSockets).length === 1);
    await demo.app.close();
    await until(() => Object.keys(agent.freeSockets).length === 0);
    expect(agent.sockets).toEqual({});
    agent.destroy();
  });

  it('does not wait for a gateway that does not answer', async () => {
    const demo = await Demo.start();
    demo.simulator.faults.add({ gateway: 'alignet', kind: 'delay', delayMs: 10 * MINUTE });
    const inFlight = demo.post('/alignet/nonce').catch(() => 'cut off');
    await until(() => demo.simulator.counters().alignet.token === 1);
    const isClosing = () => !demo.app.getHttpServer().listening;
    await whenSilent(1_000, () => demo.app.close(), isClosing);
    expect(await inFlight).toBe('cut off');
  });

  it('lets a request in flight have its answer', async () => {
    const demo = await Demo.start();
    demo.simulator.faults.add({ gateway: 'alignet', kind: 'delay' });
    await withDelaysHeld(async (answerNow) => {
      // Once answered, its connection is idle and would stay open.
      demo.app.getHttpServer().keepAliveTimeout = 0;
      const inFlight = fetch(`${demo.url}/alignet/nonce`, { method: 'POST' });
      await until(() => demo.simulator.counters().alignet.token === 1);
      const isClosing = () => {
        const { listening } = demo.app.getHttpServer();
        if (!listening) answerNow();
        return !listening;
      };
      // No time passes, so that the answer is in time on any machine.
      await whenSilent(0, () => demo.app.close(), isClosing);
      expect((await inFlight).status).toBe(200);
    });
  });

  it('leaves no port open, the simulator included', async () => {
    // A closed server counts until its close event has run.
    const listening = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    await until(() => listening() === 0);
    const demo = await Demo.start();
    expect(listening()).toBe(5);
    await demo.app.close();
    await until(() => listening() === 0);
    expect(listening()).toBe(0);
  });
});

describe('as a process of its own', () => {
  const processes: DemoProcess[] = [];
  const run = (environment: Readonly<Record<string, string>>): DemoProcess => {
    const started = new DemoProcess(environment);
    processes.push(started);
    return started;
  };

  afterEach(() => {
    for (const each of processes.splice(0)) each.kill();
  });

  it('serves, logs no secret, and ends by SIGTERM, a request in flight and a connection idle', async () => {
    const demo = run({
      PORT: '0',
      LOG_LEVEL: 'trace',
      PLACETOPAY_LOGIN: SITE.login,
      PLACETOPAY_SECRET_KEY: 'not-the-secret',
    });
    const { url, simulator } = await demo.listening();
    expect((await fetch(`${url}/alignet/nonce`, { method: 'POST' })).status).toBe(200);
    expect((await fetch(`${url}/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
    expect((await fetch(`${url}/placetopay/sessions/1`)).status).toBe(502);
    expect((await fetch(`${url}/health`)).status).toBe(503);

    const fault = { gateway: 'netzme', kind: 'delay', delayMs: 60_000 };
    expect((await fetch(`${simulator.control}/faults`, { method: 'POST', body: JSON.stringify(fault) })).ok).toBe(true);
    const inFlight = fetch(`${url}/netzme/balance?userId=${NETZME.userId}`).catch(() => undefined);
    await demo.untilJson(`${simulator.control}/faults`, (json) => JSON.stringify(json) === '{"faults":[]}');
    const { signal, code } = await demo.end('SIGTERM');
    expect(signal ?? code).toBe(code === null ? 'SIGTERM' : 0);
    await inFlight;

    const { stdout, stderr } = demo;
    expect(stderr).toBe('');
    expect(stdout).toContain('ERR_PLACETOPAY_AUTHENTICATION');
    expect(stdout).not.toMatch(/sandbox-\w+(-\w+)?-secret|not-the-secret|eyJ|\b[0-9a-f]{64}\b|Bearer |Basic /);
  });

  // `app.close()` is tested above; here its second to wait is a real one.
  itInLong('lets a request in flight have its answer before it ends', async () => {
    const demo = run({ PORT: '0' });
    const { url, simulator } = await demo.listening();
    const fault = { gateway: 'alignet', kind: 'delay', delayMs: 200 };
    await fetch(`${simulator.control}/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const inFlight = fetch(`${url}/alignet/nonce`, { method: 'POST' }).then(
      ({ status }) => status,
      (error: unknown) => String(error),
    );
    await demo.untilJson(`${simulator.control}/faults`, (json) => JSON.stringify(json) === '{"faults":[]}');
    await demo.end('SIGTERM');
    expect(await inFlight).toBe(200);
  });

  describe('without a usable environment', () => {
    it('exit code 1, every mistake on stderr and no value, once and to a person: no stack trace', async () => {
      const demo = run({ PAYMENT_ENV: 'test', NETZME_CLIENT_SECRET: 'topsecret', ALIGNET_CLIENTID: 'idvalue' });
      const { code } = await demo.ended;
      expect(code).toBe(1);
      expect(demo.stderr).toContain('NETZME_CLIENT_ID is missing');
      expect(demo.stderr).toContain('ALIGNET_CLIENTID is no variable');
      const output = demo.stdout + demo.stderr;
      expect(output).not.toMatch(/topsecret|idvalue/);
      expect(output.match(/NETZME_CLIENT_ID is missing/g)).toHaveLength(1);
      expect(output).not.toMatch(/^\s+at /m);
    });
  });

  it('on a port that is taken: exit code 1, and it says which', async () => {
    const demo = await Demo.start();
    const { port } = new URL(demo.url);
    const second = run({ PORT: port, LOG_LEVEL: 'silent' });
    const { code } = await second.ended;
    expect(code).toBe(1);
    expect(second.stderr).toContain(port);
  });
});

it('no secret and no token left the demo, in no answer and no log line', () => {
  expect(observed().answers).toBeGreaterThan(100);
  expect(observed().logLines).toBeGreaterThan(100);
  expect(findSecrets()).toEqual({ answers: [], logs: [] });
});

function messagesOf(json: Answer['json']): string[] {
  const { message } = json;
  return Array.isArray(message) ? message.map(String) : [String(message)];
}
