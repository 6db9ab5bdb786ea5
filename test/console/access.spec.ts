import { hostname } from 'node:os';
import request from 'supertest';
import { ConsoleSessions } from '../../apps/demo/src/console/access/console-sessions';
import { Demo, findSecrets, logLines, NETZME, rememberExchange, stopAll } from '../e2e/demo-app';
import { API, ConsoleClient, cookieOf, setCookieOf } from './console-client';

const TOKEN = 'a-token-of-the-console-secret-4711';
const MINUTE_MS = 60_000;

/** Of the sandbox: open to all, and with a token. Whatever uses up its attempts or leaves a session behind has one of its own. */
let open: Demo;
let closed: Demo;

beforeAll(async () => {
  open = await Demo.start({ isShared: true });
  closed = await Demo.start({ isShared: true, environment: { CONSOLE_ACCESS_TOKEN: TOKEN } });
});
afterAll(() => Promise.all([open, closed].map(({ app }) => app.close())));
afterEach(stopAll);

const PRODUCTION = {
  PAYMENT_ENV: 'production',
  NETZME_CLIENT_ID: NETZME.clientId,
  NETZME_CLIENT_SECRET: NETZME.clientSecret,
};

describe('who gets into the console', () => {
  it('everybody who reaches it, in the sandbox', async () => {
    const { status, body, headers } = await new ConsoleClient(open).get('/session');
    expect(status).toBe(200);
    expect(body).toEqual({ needsToken: false, isOpen: true, environment: 'sandbox', version: '0.1.0' });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('nobody in production without a token: there is none', async () => {
    const demo = await Demo.start({ environment: PRODUCTION });
    const console = new ConsoleClient(demo);
    for (const path of ['/session', '/overview', '/events', '/webhooks', '/replicas', '/simulator/state']) {
      expect([path, (await console.get(path)).status]).toEqual([path, 404]);
    }
    expect((await console.post('/session', { token: TOKEN })).status).toBe(404);
    const page = await demo.get('/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(page.text).toContain('CONSOLE_ACCESS_TOKEN');
  });

  it.each([
    ['production', () => Demo.start({ environment: { ...PRODUCTION, CONSOLE_ACCESS_TOKEN: TOKEN } })],
    ['the sandbox', () => closed],
  ])('in %s with a token: whoever shows it, for as long as the session lasts', async (_, started) => {
    const demo = await started();
    const stranger = new ConsoleClient(demo);
    expect((await stranger.get('/session')).body).toMatchObject({ needsToken: true, isOpen: false });
    for (const path of ['/overview', '/events', '/webhooks', '/replicas', '/simulator/state']) {
      const { status, body } = await stranger.get(path);
      expect([path, status, body]).toMatchObject([path, 401, { statusCode: 401, code: 'no-session' }]);
    }

    const opened = await stranger.post('/session', { token: TOKEN });
    expect(opened.body).toMatchObject({ needsToken: true, isOpen: true });
    expect(setCookieOf(opened)).toMatch(/^console_session_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const known = new ConsoleClient(demo, { Cookie: `other=1; ${cookieOf(opened)}` });
    expect((await known.get('/overview')).status).toBe(200);
    expect((await known.get('/session')).body).toMatchObject({ isOpen: true });

    expect((await known.delete('/session')).body).toMatchObject({ isOpen: false });
    expect((await known.get('/overview')).status).toBe(401);
  });

  it('lets a browser be signed in at two replicas on one machine, whose cookies it sends to both', async () => {
    const replicas = [closed, await Demo.start({ environment: { CONSOLE_ACCESS_TOKEN: TOKEN } })];
    const jar = new Map<string, string>();
    for (const demo of replicas) {
      const pair = cookieOf(await new ConsoleClient(demo).post('/session', { token: TOKEN }));
      jar.set(pair.split('=', 1)[0] ?? '', pair);
    }
    const cookie = [...jar.values()].join('; ');
    for (const demo of replicas) {
      expect((await new ConsoleClient(demo, { Cookie: cookie }).get('/overview')).status).toBe(200);
    }
  });

  it('marks the cookie for https only where a browser came by https', async () => {
    const { host } = new URL(closed.url);
    const answer = await new ConsoleClient(closed).post('/session', { token: TOKEN }, { Origin: `https://${host}` });
    expect(setCookieOf(answer)).toMatch(/; Secure/);
  });

  it('refuses a wrong token in words that name none, and takes the right one however many were wrong', async () => {
    const demo = await Demo.start({ environment: { CONSOLE_ACCESS_TOKEN: TOKEN } });
    const client = new ConsoleClient(demo);
    for (const token of ['', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), 'x'.repeat(1_000)]) {
      const { status, text, headers } = await client.post('/session', { token });
      rememberExchange('POST /session', text, [TOKEN]);
      expect(status).toBe(401);
      expect(headers['set-cookie']).toBeUndefined();
    }
    // As somebody behind the same proxy would.
    expect((await client.post('/session', { token: TOKEN })).status).toBe(200);
    expect(findSecrets().answers).toEqual([]);
    expect(JSON.stringify(logLines())).not.toContain(TOKEN);
  });

  it.each([{}, { token: 5 }, { token: [TOKEN] }, []])('names the field of a body that is none: %j', async (body) => {
    const answer = await new ConsoleClient(closed).post('/session', body);
    expect(answer.body).toMatchObject({ statusCode: 400, code: 'invalid-input', field: 'token' });
  });
});

describe('what no controller sees is refused as the rest is', () => {
  it.each(['get', 'post', 'delete'] as const)('a route that does not exist: %s', async (method) => {
    const answer = await request(open.url)[method](`${API}/nothing?of=it`).set('X-Console', '1');
    expect([answer.status, answer.body]).toEqual([
      404,
      { statusCode: 404, code: 'no-such-route', message: expect.any(String) as string },
    ]);
  });

  it.each([
    ['a body cut off', 400, '/session', 'application/json', `{"token":"${TOKEN}`],
    ['a body that is no object', 400, '/session', 'application/json', JSON.stringify(TOKEN)],
    ['a charset that is none', 415, '/session', 'application/json; charset=x', '{}'],
    ['a path that is not percent-encoded', 400, '/calls/%FF', 'application/json', '{}'],
  ])('%s: %i, and nothing of it repeated', async (_, status, path, type, body) => {
    const answer = await request(open.url)
      .post(API + path)
      .set({ 'X-Console': '1', 'Content-Type': type })
      .send(body);
    expect([answer.status, answer.body]).toMatchObject([status, { statusCode: status, code: 'unreadable-request' }]);
    expect(answer.text).not.toContain(TOKEN.slice(0, 4));
  });

  it('a body that is too large: with the limit, and what to do', async () => {
    const inspection = { inputs: { body: 'x'.repeat(100 * 1024) } };
    const { status, body } = await new ConsoleClient(open).post('/inspector/netzme-signature', inspection);
    expect([status, body]).toEqual([
      413,
      {
        statusCode: 413,
        code: 'too-large',
        message:
          'The request body has more than 102400 bytes, which is all that is read: shorten the longest text in it.',
      },
    ]);
  });

  it('and on no other route', async () => {
    expect((await open.get('/console/apiary')).json).toMatchObject({ error: 'Not Found' });
    expect((await open.postRaw('/placetopay/sessions', 'application/json', '{')).json).not.toHaveProperty('code');
  });
});

describe('what a foreign page makes a browser send is refused', () => {
  const REFUSED: readonly (readonly [what: string, method: 'get' | 'post', headers: Record<string, string>, string])[] =
    [
      ['a name that was made to resolve to us', 'get', { Host: 'evil.test' }, 'Host'],
      ['that, with a port', 'post', { Host: 'evil.test:3000' }, 'Host'],
      ['a name that looks like an address', 'get', { Host: '127.0.0.1.evil.test' }, 'Host'],
      ['a request of another site', 'post', { 'Sec-Fetch-Site': 'cross-site' }, 'Sec-Fetch-Site'],
      ['a request of another port', 'post', { 'Sec-Fetch-Site': 'same-site' }, 'Sec-Fetch-Site'],
      ['a foreign origin', 'post', { Origin: 'https://evil.test' }, 'Origin'],
      ['another port', 'post', { Origin: 'http://127.0.0.1:1' }, 'Origin'],
      ['a sandboxed frame', 'post', { Origin: 'null' }, 'Origin'],
      ['a request without the header', 'post', { 'X-Console': '' }, 'X-Console'],
      ['another value of it', 'post', { 'X-Console': '0' }, 'X-Console'],
    ];

  it.each(REFUSED)('%s', async (_, method, headers, field) => {
    const console = new ConsoleClient(open);
    const answer = await (method === 'get'
      ? console.get('/overview', headers)
      : console.post('/simulator/clock', { advanceMs: 60_000 }, headers));
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ statusCode: 403, code: 'foreign-request', field });
    expect((answer.body as { message: string }).message).toMatch(new RegExp(`^${field} `));
    // Not moved.
    const before = Date.now();
    const now = open.simulator.clock.now();
    expect([before <= now, now <= Date.now()]).toEqual([true, true]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a body of the type %s, which a form can have',
    async (type) => {
      const answer = await request(open.url)
        .post(`${API}/session`)
        .set({ 'X-Console': '1', 'Content-Type': type })
        .send('{"token":"x"}');
      expect(answer).toMatchObject({ status: 400, body: { code: 'not-json', field: 'Content-Type' } });
    },
  );

  it.each([
    ['localhost', 'http://localhost'],
    ['127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['[::1]:3000', 'http://[::1]:3000'],
    ['localhost:443', 'https://localhost'],
  ])('and nothing of our own page at %s', async (Host, Origin) => {
    const headers = { Host, Origin, 'Sec-Fetch-Site': 'same-origin' };
    expect((await new ConsoleClient(open).post('/session', {}, headers)).status).toBe(200);
  });

  it('without a token only names that nobody else can give away are ours, where HOST opens us to a network', async () => {
    const console = new ConsoleClient(await Demo.start({ environment: { HOST: '0.0.0.0' } }));
    for (const Host of ['192.0.2.7:3000', '[2001:db8::7]:3000', 'localhost:3000', `${hostname().toUpperCase()}:3000`]) {
      expect([Host, (await console.get('/overview', { Host })).status]).toEqual([Host, 200]);
    }
    const refused = await console.get('/overview', { Host: 'evil.test', Origin: 'http://evil.test' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'foreign-request', field: 'Host' } });
    expect(refused.text).toContain('CONSOLE_ACCESS_TOKEN');
  });

  it('with a token any name is', async () => {
    const demo = await Demo.start({ environment: { HOST: '0.0.0.0', CONSOLE_ACCESS_TOKEN: TOKEN } });
    const console = new ConsoleClient(demo);
    expect((await console.get('/session', { Host: 'qa.example' })).status).toBe(200);
    expect((await console.get('/session', { Host: 'qa.example', Origin: 'http://evil.test' })).status).toBe(403);
  });
});

describe("the demo's own routes", () => {
  const OWN: readonly (readonly [method: 'get' | 'post', path: string])[] = [
    ['get', `/netzme/balance?userId=${NETZME.userId}`],
    ['get', '/placetopay/sessions/1'],
    ['get', '/webhooks'],
    ['post', '/alignet/nonce'],
    ['post', '/alignet/checkout-session'],
    ['post', '/placetopay/sessions'],
    ['post', '/netzme/withdraw/inquiry'],
  ];
  const FOREIGN: readonly (readonly [headers: Record<string, string>, field: string])[] = [
    [{ Host: 'evil.test' }, 'Host'],
    [{ Host: 'evil.test', Origin: 'http://evil.test', 'Sec-Fetch-Site': 'same-origin' }, 'Host'],
    [{ Origin: 'https://evil.test' }, 'Origin'],
    [{ Origin: 'null' }, 'Origin'],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 'Sec-Fetch-Site'],
  ];
  const refusalsOf = async ({ url }: Demo, headers: Record<string, string>) => {
    const answers = await Promise.all(OWN.map(([method, path]) => request(url)[method](path).set(headers)));
    return answers.map(({ status, body }) => [
      status,
      (body as { code?: unknown; field?: unknown }).code,
      (body as { field?: unknown }).field,
    ]);
  };

  it.each(FOREIGN)('do nothing for a page elsewhere: %j', async (headers, field) => {
    const before = open.simulator.journal.entries().length;
    expect(await refusalsOf(open, headers)).toEqual(OWN.map(() => [403, 'foreign-request', field]));
    expect(open.simulator.journal.entries()).toHaveLength(before);
  });

  it('nor in production, with no console', async () => {
    const demo = await Demo.start({ environment: { ...PRODUCTION, HOST: '0.0.0.0' } });
    expect(await refusalsOf(demo, { Host: 'evil.test' })).toEqual(OWN.map(() => [403, 'foreign-request', 'Host']));
    expect((await demo.get('/webhooks')).status).toBe(200);
  });

  it('ask for a session where there is a token', async () => {
    expect(await refusalsOf(closed, {})).toEqual(OWN.map(() => [401, 'no-session', undefined]));
    const cookie = cookieOf(await new ConsoleClient(closed).post('/session', { token: TOKEN }));
    expect((await request(closed.url).post('/alignet/nonce').set('Cookie', cookie)).status).toBe(200);
    expect(
      (await request(closed.url).post('/alignet/nonce').set({ Cookie: cookie, Origin: 'https://evil.test' })).status,
    ).toBe(403);
  });

  it('serve whoever is no page, without any header of ours', async () => {
    expect((await open.post('/alignet/nonce')).status).toBe(200);
    expect((await open.get('/webhooks')).status).toBe(200);
  });

  it.each([
    ['get', '/health', 200],
    // 503 where the page is not built.
    ['get', '/', 200, 503],
    ['get', '/page.css', 200],
    ['post', '/webhooks/placetopay/checkout', 401],
  ] as const)('but for those that others are to reach: %s %s', async (method, path, ...statuses) => {
    for (const { url } of [open, closed]) {
      const headers = { Host: 'shop.example', Origin: 'https://pay.example', 'Sec-Fetch-Site': 'cross-site' };
      const call = request(url)[method](path).set(headers);
      expect(statuses).toContain((await (method === 'post' ? call.send({}) : call)).status);
    }
  });
});

describe('sessions', () => {
  const RIGHT = 'the right token 1234';

  it('end after twelve hours, and each by itself', async () => {
    let now = 0;
    const sessions = new ConsoleSessions(RIGHT, () => now);
    const opened = await Promise.all(['a', 'b'].map((caller) => sessions.open(RIGHT, caller)));
    const ids = opened.map((each) => 'id' in each && each.id);
    const [first, second] = ids as [string, string];
    expect(first).not.toBe(second);
    sessions.close(first);
    expect([first, second, 'x', undefined].map((id) => sessions.isOpen(id))).toEqual([false, true, false, false]);
    now = 12 * 60 * MINUTE_MS - 1;
    expect(sessions.isOpen(second)).toBe(true);
    now += 1;
    expect(sessions.isOpen(second)).toBe(false);
  });

  describe('and wrong tokens', () => {
    let now = 0;
    let waits: { ms: number; end: () => void }[] = [];
    const sessionsOf = (): ConsoleSessions =>
      new ConsoleSessions(
        RIGHT,
        () => now,
        (ms) => new Promise<void>((resolve) => waits.push({ ms, end: resolve })),
      );
    const failTimes = async (sessions: ConsoleSessions, caller: string, times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        const answer = sessions.open('wrong', caller);
        waits.at(-1)?.end();
        expect((await answer).outcome).toBe('wrong-token');
      }
    };
    beforeEach(() => {
      now = 0;
      waits = [];
    });

    it('are answered later and later from the sixth on, for a minute', async () => {
      const sessions = sessionsOf();
      await failTimes(sessions, 'a', 9);
      expect(waits.map(({ ms }) => ms)).toEqual([1_000, 2_000, 4_000, 8_000]);
      now = MINUTE_MS;
      await failTimes(sessions, 'a', 5);
      expect(waits).toHaveLength(4);
    });

    it('never longer than eight seconds', async () => {
      await failTimes(sessionsOf(), 'a', 40);
      expect(Math.max(...waits.map(({ ms }) => ms))).toBe(8_000);
    });

    it('keep nobody out: the right one is taken at once, from the same address too', async () => {
      const sessions = sessionsOf();
      await failTimes(sessions, 'a', 20);
      const held = waits.length;
      expect((await sessions.open(RIGHT, 'a')).outcome).toBe('opened');
      expect((await sessions.open('wrong', 'b')).outcome).toBe('wrong-token');
      expect(waits).toHaveLength(held);
    });

    it('wait a hundred at a time: more are refused at once', async () => {
      const sessions = sessionsOf();
      await failTimes(sessions, 'a', 5);
      waits = [];
      const waiting = Array.from({ length: 100 }, () => sessions.open('wrong', 'a'));
      expect((await sessions.open('wrong', 'a')).outcome).toBe('too-many-attempts');
      expect((await sessions.open(RIGHT, 'a')).outcome).toBe('opened');
      waits.forEach(({ end }) => end());
      expect(new Set((await Promise.all(waiting)).map(({ outcome }) => outcome))).toEqual(new Set(['wrong-token']));
    });
  });

  it('cannot be opened where there is no token', async () => {
    expect((await new ConsoleSessions(undefined).open('', 'a')).outcome).toBe('wrong-token');
  });
});

describe('CONSOLE_ACCESS_TOKEN', () => {
  it.each(['short', 'fifteen-letters', 'with a space in the middle of it', 'line\nbreak-in-the-token'])(
    'has to be long and visible: not %j',
    async (token) => {
      const failure: unknown = await Demo.start({ environment: { CONSOLE_ACCESS_TOKEN: token } }).catch(
        (error: unknown) => error,
      );
      const { message } = failure as Error;
      expect(message).toContain('CONSOLE_ACCESS_TOKEN must be 16 to 500 visible ASCII characters');
      expect(message).not.toContain(token);
    },
  );
});
