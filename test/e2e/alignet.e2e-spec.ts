import { type Fault } from '@payment-auth/gateway-simulator';
import { request } from 'node:http';
import {
  type Answer,
  Demo,
  findSecrets,
  HOUR,
  MINUTE,
  NOBODY_THERE,
  observed,
  PEN,
  postTo,
  sharedDemo,
  startSimulator,
  stopAll,
  until,
  USD,
} from './demo-app';
import { whenSilent, withDelaysHeld } from '../support/late';
import { TokenRequestPacing } from '../../libs/payment-auth/src/core/token-request-pacing';
import { MovedClock } from '../support/manual-clock';

const FLEX = '/simulator/flex/redeem';
const ROUTES = ['/alignet/nonce', '/alignet/checkout-session'] as const;

const redeem = (demo: Demo, nonce: unknown): Promise<Answer> => postTo(demo.simulator.urls.alignet, FLEX, { nonce });
const credentials = (clientId: string, clientSecret: string) => ({
  ALIGNET_CLIENT_ID: clientId,
  ALIGNET_CLIENT_SECRET: clientSecret,
});
const counts = (demo: Demo) => demo.simulator.counters().alignet;

const clock = new MovedClock();
const freshDemo = sharedDemo({ clock });

describe('Alignet through the demo', () => {
  afterEach(stopAll);

  describe('a nonce and a checkout session', () => {
    it('gives a nonce with its expiry, never to be cached', async () => {
      const demo = await freshDemo();
      const before = Date.now();
      const { status, headers, json } = await demo.post('/alignet/nonce');
      const after = Date.now();
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(Object.keys(json).sort()).toEqual(['expiresAt', 'expiresInSeconds', 'nonce', 'scope']);
      expect(json).toMatchObject({ scope: 'post:charges' });
      // What its way here took is not left.
      expect(json['expiresInSeconds']).toBeLessThanOrEqual(30);
      expect(json['expiresInSeconds']).toBeGreaterThanOrEqual(Math.floor((before + 30_000 - after) / 1_000) - 1);
      // Counted from before the request left: never later than the gateway's own expiry.
      expect(json['expiresAt']).toBeGreaterThanOrEqual(before + 30_000);
      expect(json['expiresAt']).toBeLessThanOrEqual(after + 30_000);
      expect(Number(json['expiresAt']) / 1_000).toBeLessThan(claimsOf(json['nonce']).exp + 1);
    });

    it('gives what a browser needs to start Flex, and nothing else', async () => {
      const demo = await freshDemo();
      const { status, headers, json } = await demo.post('/alignet/checkout-session', {});
      const assets = demo.simulator.urls.alignet;
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(json).toEqual({
        nonce: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
        scope: 'post:charges',
        expiresAt: expect.any(Number) as number,
        expiresInSeconds: expect.any(Number) as number,
        merchantCode: PEN.merchantCode,
        scriptUrl: `${assets}/flex-payment-forms.min.js`,
        styleUrl: `${assets}/main-flex-payment-forms.css`,
      });
    });

    it('hands on a scope that was asked for', async () => {
      const demo = await freshDemo();
      const { status, json } = await demo.post('/alignet/nonce', { scope: 'create:token post:charges' });
      expect([status, json['scope']]).toEqual([200, 'create:token post:charges']);
    });

    it.each(ROUTES)('%s: its nonce starts Flex once', async (route) => {
      const demo = await freshDemo();
      const { nonce } = (await demo.post(route)).json;
      const first = await redeem(demo, nonce);
      expect(first.status).toBe(200);
      expect(first.json).toMatchObject({ merchant_code: PEN.merchantCode, operation: { state: 'AUTORIZADO' } });
      expect((await redeem(demo, nonce)).status).toBe(409);
      expect((await redeem(demo, (await demo.post(route)).json['nonce'])).status).toBe(200);
    });

    it.each([
      ['is good at 29 s', 29_000, 200],
      ['is dead at 31 s', 31_000, 401],
    ])('a nonce %s', async (_, age, status) => {
      const demo = await freshDemo();
      const { nonce } = (await demo.post('/alignet/nonce')).json;
      demo.simulator.clock.advance(age);
      expect((await redeem(demo, nonce)).status).toBe(status);
    });

    it.each([
      ['expires_in as numeric text', { expiresInAs: 'string' }],
      ['success as text', { successAs: 'string' }],
      ['both', { expiresInAs: 'string', successAs: 'string' }],
    ] as const)('understands %s', async (_, alignet) => {
      const demo = await freshDemo({ alignet });
      const before = Date.now();
      const { status, json } = await demo.post('/alignet/nonce');
      expect(status).toBe(200);
      expect(json['expiresAt']).toBeGreaterThanOrEqual(before + 30_000);
      expect(json['expiresAt']).toBeLessThanOrEqual(Date.now() + 30_000);
      expect(Number.isInteger(json['expiresInSeconds'])).toBe(true);
      expect((await redeem(demo, json['nonce'])).status).toBe(200);
      // A lifetime that was not understood would be taken for short, not for the stated one.
      expect((await demo.get('/health')).json).toMatchObject({ status: 'ok', details: { alignet: { status: 'up' } } });
      expect(await tokenLifetimeSeconds(demo)).toBeCloseTo(8600, -1);
    });

    it.each([
      ['https://api.preprod.alignet.io/', 'as the docs write it'],
      ['https://api.preprod.alignet.io', 'without the slash'],
      ['https://api.dev.alignet.io', 'the older name'],
    ])('sends the audience %s (%s) exactly as configured', async (audience) => {
      const demo = await Demo.start({ environment: { ALIGNET_AUDIENCE: audience } });
      expect((await demo.post('/alignet/nonce')).status).toBe(200);
      const bodies = demo.simulator.journal
        .entries({ gateway: 'alignet' })
        .map(({ body }) => JSON.parse(body) as object);
      expect(bodies).toMatchObject([{ audience }, { audience }]);
    });

    it('sends the configured version with token and nonce', async () => {
      const demo = await Demo.start({
        environment: { ALIGNET_API_VERSION: '1618440906' },
        settings: { alignet: { requireVersionHeader: true, legacyGrants: true } },
      });
      expect((await demo.post('/alignet/nonce')).status).toBe(200);
      const versions = demo.simulator.journal.entries().map(({ headers }) => headers['alg-api-version']);
      expect(versions).toEqual(['1618440906', '1618440906']);
    });
  });

  describe('the access token', () => {
    it('is asked for once for many nonces', async () => {
      const demo = await freshDemo();
      for (let sent = 0; sent < 5; sent += 1) expect((await demo.post('/alignet/nonce')).status).toBe(200);
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 5 });
    });

    it('is asked for once by fifty buyers at the same moment, and every nonce is another', async () => {
      const demo = await freshDemo();
      const answers = await Promise.all(Array.from({ length: 50 }, () => demo.post('/alignet/nonce')));
      expect(new Set(answers.map(({ json }) => json['nonce'])).size).toBe(50);
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 50 });
    });

    it.each([
      ['revoked', (demo: Demo) => void demo.simulator.alignet.revokeTokens()],
      ['expired by its clock', (demo: Demo) => demo.simulator.clock.advance(3 * HOUR)],
    ])('is renewed once, unseen, when Alignet has it %s', async (_, end) => {
      const demo = await freshDemo();
      await demo.post('/alignet/nonce');
      end(demo);
      const { status, json } = await demo.post('/alignet/nonce');
      expect(status).toBe(200);
      expect(counts(demo)).toMatchObject({ token: 2, nonce: 3 });
      expect((await redeem(demo, json['nonce'])).status).toBe(200);
    });

    it('is renewed once for fifty buyers whose nonces were refused together', async () => {
      const demo = await freshDemo();
      await demo.post('/alignet/nonce');
      demo.simulator.alignet.revokeTokens();
      const answers = await Promise.all(Array.from({ length: 50 }, () => demo.post('/alignet/nonce')));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(counts(demo).token).toBe(2);
    });

    it('is renewed once, the nonce tried once more, and then given up', async () => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'nonce', kind: 'status', status: 401, times: 0 });
      const { status, json } = await demo.post('/alignet/nonce');
      expect(status).toBe(502);
      expect(json).toMatchObject({ code: 'ERR_NONCE_REQUEST', retryable: false, exchange: { status: 401 } });
      expect(counts(demo)).toMatchObject({ token: 2, nonce: 2 });
    });

    it.each([
      ['the scope is not in it', async (demo: Demo) => demo.post('/alignet/nonce', { scope: 'get:charges' })],
      [
        'a fault says so',
        async (demo: Demo) => {
          demo.simulator.faults.add({ gateway: 'alignet', operation: 'nonce', kind: 'status', status: 403 });
          return demo.post('/alignet/nonce');
        },
      ],
    ])('is not renewed for a 403: %s', async (_, call) => {
      const demo = await freshDemo();
      await demo.post('/alignet/nonce');
      const { status, json } = await call(demo);
      expect(status).toBe(502);
      expect(json).toMatchObject({
        code: 'ERR_NONCE_REQUEST',
        gateway: 'alignet',
        retryable: false,
        hint: expect.stringContaining('scope') as string,
        exchange: { path: '/nonce', status: 403 },
      });
      expect((await demo.post('/alignet/nonce')).status).toBe(200);
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 3 });
    });

    it('after a failed request is not asked for again at once, then obtained', async () => {
      const demo = await freshDemo();
      // Random otherwise, and perhaps over before the last of them.
      jest.spyOn(TokenRequestPacing.prototype, 'backoffMs').mockReturnValueOnce(MINUTE);
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'token', kind: 'status', status: 503 });
      const failures = await Promise.all(Array.from({ length: 10 }, () => demo.post('/alignet/nonce')));
      expect(failures.map(({ status }) => status)).toEqual(Array(10).fill(502));
      expect((await demo.post('/alignet/nonce')).json).toMatchObject({ exchange: { status: 503 } });
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 0 });
      clock.elapsedMs += MINUTE;
      expect((await demo.post('/alignet/nonce')).status).toBe(200);
      expect(counts(demo)).toMatchObject({ token: 2, nonce: 1 });
    });

    it('goes on being asked for when the buyer who wanted it has gone', async () => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'token', kind: 'delay' });
      await withDelaysHeld(async (answerNow) => {
        const abandoned = request(`${demo.url}/alignet/nonce`, { method: 'POST', agent: false });
        const gone = new Promise((resolve) => abandoned.once('error', resolve));
        abandoned.end();
        await until(() => counts(demo).token === 1);
        const patient = demo.post('/alignet/nonce');
        abandoned.destroy();
        await gone;
        answerNow();
        expect((await patient).status).toBe(200);
        expect(counts(demo).token).toBe(1);
      });
    });
  });

  describe('refusals for real reasons', () => {
    it.each([
      ['a wrong secret', credentials(PEN.clientId, 'not-the-secret'), 401, 'clientSecret'],
      ["another currency's secret", credentials(PEN.clientId, USD.clientSecret), 401, 'clientSecret'],
      ['an unknown client', credentials('nobody', PEN.clientSecret), 401, 'clientId'],
      ['a scope that is not granted', { ALIGNET_SCOPE: 'create:token post:charges admin:all' }, 401, 'scope'],
      ['no create:token', { ALIGNET_SCOPE: 'post:charges' }, 401, 'scope'],
      ['an audience that is none of theirs', { ALIGNET_AUDIENCE: 'https://shop.example' }, 400, 'audience'],
    ])('%s: no access token', async (_, environment, gatewayStatus, hint) => {
      // Random otherwise, and perhaps over before the second route.
      jest.spyOn(TokenRequestPacing.prototype, 'backoffMs').mockReturnValueOnce(MINUTE);
      const demo = await Demo.start({ environment });
      for (const route of ROUTES) {
        const { status, headers, json } = await demo.post(route);
        expect(status).toBe(502);
        expect(headers['cache-control']).toBe('no-store');
        expect(json).toEqual({
          statusCode: 502,
          code: 'ERR_ACCESS_TOKEN_REQUEST',
          message: expect.stringContaining(`HTTP ${gatewayStatus}, code 01`) as string,
          gateway: 'alignet',
          hint: expect.stringContaining(hint) as string,
          retryable: false,
          exchange: {
            method: 'POST',
            host: new URL(demo.simulator.urls.alignet).host,
            path: '/token',
            status: gatewayStatus,
            gatewayCode: '01',
            gatewayMessage: expect.any(String) as string,
          },
        });
      }
      // The second route met the backoff: a wrong secret must not lock the account.
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 0 });
    });

    it('an audience of another environment: no token', async () => {
      const demo = await Demo.start({ environment: { ALIGNET_AUDIENCE: 'https://api.alignet.io/' } });
      const { status, json } = await demo.post('/alignet/nonce');
      expect(status).toBe(502);
      expect(json).toMatchObject({
        code: 'ERR_ACCESS_TOKEN_REQUEST',
        gateway: 'alignet',
        retryable: false,
        hint: expect.stringContaining('audience') as string,
        exchange: { path: '/token', status: 400, gatewayCode: '01' },
      });
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 0 });
    });

    it('an audience of another environment, once there is a token: no nonce', async () => {
      const demo = await Demo.start({
        environment: { ALIGNET_AUDIENCE: 'https://api.alignet.io/' },
        settings: { alignet: { environment: 'any' } },
      });
      expect((await demo.post('/alignet/nonce')).status).toBe(200);
      demo.simulator.updateSettings({ alignet: { environment: 'preprod' } });
      const { status, json } = await demo.post('/alignet/nonce');
      expect(status).toBe(502);
      expect(json).toMatchObject({
        code: 'ERR_NONCE_REQUEST',
        gateway: 'alignet',
        retryable: false,
        hint: expect.stringContaining('audience') as string,
        exchange: { path: '/nonce', status: 400, gatewayCode: '01' },
      });
      expect(counts(demo)).toMatchObject({ token: 1, nonce: 2 });
    });

    it('HTTP 200 with success false is a failure, of the token and of the nonce', async () => {
      const settings = { alignet: { errorsAsHttp200: true } };
      const wrong = await Demo.start({ settings, environment: credentials(PEN.clientId, 'not-the-secret') });
      expect((await wrong.post('/alignet/nonce')).json).toMatchObject({
        statusCode: 502,
        code: 'ERR_ACCESS_TOKEN_REQUEST',
        exchange: { path: '/token', status: 200, gatewayCode: '01' },
      });
      const right = await freshDemo(settings);
      expect((await right.post('/alignet/nonce', { scope: 'get:charges' })).json).toMatchObject({
        statusCode: 502,
        code: 'ERR_NONCE_REQUEST',
        exchange: { path: '/nonce', status: 200, gatewayCode: '01' },
      });
      expect(counts(right)).toMatchObject({ token: 1, nonce: 1 });
    });

    it('a checkout session without a merchant code says which option is missing', async () => {
      const { urls } = await startSimulator();
      const demo = await Demo.start({
        environment: {
          PAYMENT_ENV: 'test',
          ...credentials(PEN.clientId, PEN.clientSecret),
          ALIGNET_AUTH_BASE_URL: urls.alignet,
        },
      });
      const { status, json } = await demo.post('/alignet/checkout-session');
      expect(status).toBe(503);
      expect(json).toMatchObject({
        code: 'ERR_PAYMENT_AUTH_CONFIG',
        gateway: 'alignet',
        message: expect.stringContaining('alignet.merchantCode') as string,
      });
      expect((await demo.post('/alignet/nonce')).status).toBe(200);
    });
  });

  describe('failures of the line and of the other side', () => {
    type Case = readonly [name: string, fault: Partial<Fault>, status: number, code: string, retryable: boolean];
    const REFUSED = 'refused';
    const UNREADABLE = 'unreadable';
    const CODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      token: { [REFUSED]: 'ERR_ACCESS_TOKEN_REQUEST', [UNREADABLE]: 'ERR_ACCESS_TOKEN_RESPONSE' },
      nonce: { [REFUSED]: 'ERR_NONCE_REQUEST', [UNREADABLE]: 'ERR_NONCE_RESPONSE' },
    };
    const CASES: readonly Case[] = [
      ['400', { kind: 'status', status: 400 }, 502, REFUSED, false],
      ['403', { kind: 'status', status: 403 }, 502, REFUSED, false],
      ['404', { kind: 'status', status: 404 }, 502, REFUSED, false],
      ['429', { kind: 'status', status: 429 }, 502, REFUSED, true],
      ['500', { kind: 'status', status: 500 }, 502, REFUSED, true],
      ['503', { kind: 'status', status: 503 }, 502, REFUSED, true],
      ['200 with success false', { kind: 'ok-with-failure' }, 502, REFUSED, false],
      ['200 with success "false"', { kind: 'status', status: 200, body: { success: 'false' } }, 502, REFUSED, false],
      ['200 with code 01', { kind: 'status', status: 200, body: withCode('01') }, 502, REFUSED, false],
      [
        '200 and success, but nothing in it',
        { kind: 'status', status: 200, body: withCode('00') },
        502,
        UNREADABLE,
        true,
      ],
      [
        '200 and an empty token or nonce',
        { kind: 'status', status: 200, body: { success: true, access_token: '', nonce: '' } },
        502,
        UNREADABLE,
        true,
      ],
      ['a JSON null', { kind: 'status', status: 200, body: 'null' }, 502, UNREADABLE, true],
      ['a body cut short', { kind: 'malformed-body' }, 502, UNREADABLE, true],
      ['no body', { kind: 'empty-body' }, 502, UNREADABLE, true],
      ['an HTML page', { kind: 'html', status: 200 }, 502, UNREADABLE, true],
      ["a proxy's HTML page", { kind: 'html' }, 502, REFUSED, true],
      ['a cut connection', { kind: 'cut' }, 502, 'ERR_GATEWAY_UNREACHABLE', true],
      ['a cut connection, the work done', { kind: 'cut', afterProcessing: true }, 502, 'ERR_GATEWAY_UNREACHABLE', true],
      ['a redirect', { kind: 'redirect' }, 502, 'ERR_GATEWAY_REDIRECT', false],
      ['no answer in time', { kind: 'delay', delayMs: 10 * MINUTE }, 504, 'ERR_GATEWAY_TIMEOUT', true],
    ];

    describe.each(['token', 'nonce'] as const)('of /%s', (operation) => {
      it.each(CASES)('%s', async (_, fault, status, kind, retryable) => {
        const demo = await freshDemo();
        demo.simulator.faults.add({ gateway: 'alignet', operation, kind: 'status', ...fault });
        const call = () => demo.post('/alignet/nonce');
        const isLate = fault.kind === 'delay';
        const answer = await (isLate ? whenSilent(10_000, call, () => counts(demo)[operation] === 1) : call());
        expect(answer.status).toBe(status);
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.json).toMatchObject({
          statusCode: status,
          code: CODES[operation]?.[kind] ?? kind,
          gateway: 'alignet',
          retryable,
          exchange: { method: 'POST', host: new URL(demo.simulator.urls.alignet).host, path: `/${operation}` },
        });
        // Tried once: nothing but a 401 is repeated.
        expect(counts(demo)).toMatchObject(operation === 'token' ? { token: 1, nonce: 0 } : { token: 1, nonce: 1 });
      });

      it('a redirect is named and not followed', async () => {
        const elsewhere = await startSimulator();
        const demo = await freshDemo();
        const location = `${elsewhere.urls.alignet}/${operation}`;
        demo.simulator.faults.add({ gateway: 'alignet', operation, kind: 'redirect', location });
        const { status, json } = await demo.post('/alignet/nonce');
        expect(status).toBe(502);
        expect(json['code']).toBe('ERR_GATEWAY_REDIRECT');
        expect(json['message']).toContain(new URL(location).host);
        expect(elsewhere.counters().alignet).toMatchObject({ token: 0, nonce: 0, other: 0 });
      });
    });

    it('nobody listens there', async () => {
      const demo = await Demo.start({ environment: { ALIGNET_AUTH_BASE_URL: NOBODY_THERE } });
      const { status, json } = await demo.post('/alignet/nonce');
      expect(status).toBe(502);
      expect(json).toMatchObject({ code: 'ERR_GATEWAY_UNREACHABLE', retryable: true, gateway: 'alignet' });
      expect(json['message']).toContain('ECONNREFUSED');
    });

    it('words of Alignet that repeat the secret are handed on without it', async () => {
      const demo = await freshDemo();
      const body = withCode('01', `invalid secret ${PEN.clientSecret} of ${PEN.clientId}`);
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'token', kind: 'status', status: 401, body });
      const { json, text } = await demo.post('/alignet/nonce');
      expect(json).toMatchObject({ exchange: { gatewayMessage: `invalid secret [redacted] of ${PEN.clientId}` } });
      expect(text).not.toContain(PEN.clientSecret);
    });
  });

  it('let no secret and no token out, in no answer and no log line', () => {
    expect(observed().answers).toBeGreaterThan(100);
    expect(observed().logLines).toBeGreaterThan(100);
    expect(observed().tokens).toBeGreaterThan(20);
    expect(findSecrets()).toEqual({ answers: [], logs: [] });
  });
});

function withCode(code: string, value = 'x') {
  const meta = { status: { code, message_ilgn: [{ locale: 'es_PE', value }] } };
  return { success: code === '00' ? true : undefined, authorization: { meta }, nonce_creation: { meta } };
}

function claimsOf(nonce: unknown): { readonly exp: number } {
  const claims = String(nonce).split('.')[1] ?? '';
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { exp: number };
}

/** As health tells it. */
async function tokenLifetimeSeconds(demo: Demo): Promise<number> {
  const { details } = (await demo.get('/health')).json as {
    details: { alignet: { accessToken: { obtainedAt: number; expiresAt: number } } };
  };
  const { obtainedAt, expiresAt } = details.alignet.accessToken;
  return (expiresAt - obtainedAt) / 1_000;
}
