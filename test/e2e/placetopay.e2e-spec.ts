import {
  type DeepPartial,
  type Fault,
  type GatewaySimulator,
  SANDBOX_ACCOUNTS,
  type SimulatorSettings,
} from '@payment-auth/gateway-simulator';
import {
  decodePlacetopayFailure,
  PlacetopayAuthService,
  PlacetopayError,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import {
  type Answer,
  Demo,
  findSecrets,
  MINUTE,
  NOBODY_THERE,
  observed,
  SITE,
  sharedDemo,
  startSimulator,
  stopAll,
} from './demo-app';
import { whenSilent } from '../support/late';

const ORDER = { reference: 'ORDER-1001', currency: 'COP', total: 12_000 };

type RouteName = 'session' | 'query' | 'link';
const ROUTES: Readonly<
  Record<
    RouteName,
    { operation: 'createSession' | 'querySession' | 'createLink'; path: string; call: (demo: Demo) => Promise<Answer> }
  >
> = {
  session: {
    operation: 'createSession',
    path: '/api/session',
    call: (demo) => demo.post('/placetopay/sessions', ORDER),
  },
  query: {
    operation: 'querySession',
    path: '/api/session/1',
    call: (demo) => demo.get('/placetopay/sessions/1'),
  },
  link: {
    operation: 'createLink',
    path: '/api/payment-link',
    call: (demo) => demo.post('/placetopay/payment-links', ORDER),
  },
};
const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];

const counts = (demo: Demo) => demo.simulator.counters().placetopay;
const credentials = (login: string, secretKey: string) => ({
  PLACETOPAY_LOGIN: login,
  PLACETOPAY_SECRET_KEY: secretKey,
});

/** Asserts that all three routes answer with this authentication code, and that each was sent once. */
async function expectRefused(demo: Demo, code: number, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  for (const { path, call } of Object.values(ROUTES)) {
    const { status, json } = await call(demo);
    expect(status).toBe(502);
    expect(json).toMatchObject({
      statusCode: 502,
      code: 'ERR_PLACETOPAY_AUTHENTICATION',
      gateway: 'placetopay',
      retryable: false,
      exchange: {
        method: 'POST',
        host: new URL(demo.simulator.urls.placetopay).host,
        path,
        status: 401,
        gatewayCode: String(code),
        gatewayMessage: expect.stringContaining(String(code)) as string,
      },
      ...more,
    });
  }
  expect(counts(demo)).toMatchObject({ createSession: 1, querySession: 1, createLink: 1 });
}

const freshDemo = sharedDemo();

describe('Placetopay through the demo', () => {
  afterEach(stopAll);

  describe('what is accepted', () => {
    it('creates a session and finds it again', async () => {
      const demo = await freshDemo();
      const before = Date.now();
      const created = await demo.post('/placetopay/sessions', {
        ...ORDER,
        description: 'Two coffees, ñandú style',
        total: 12_000.55,
        locale: 'en_US',
        returnUrl: 'https://shop.example/return',
        expiresInMinutes: 60,
      });
      const after = Date.now();
      expect(created.status).toBe(200);
      expect(created.json).toMatchObject({
        status: { status: 'OK', message: 'The request has been processed successfully' },
        requestId: 1,
        processUrl: expect.stringContaining(`${demo.simulator.urls.placetopay}/session/1/`) as string,
      });

      demo.simulator.placetopay.setSessionOutcome(1, 'APPROVED');
      const found = await demo.get('/placetopay/sessions/1');
      expect(found.status).toBe(200);
      expect(found.json).toMatchObject({
        requestId: 1,
        status: { status: 'APPROVED' },
        request: {
          locale: 'en_US',
          returnUrl: 'https://shop.example/return',
          payment: {
            reference: 'ORDER-1001',
            description: 'Two coffees, ñandú style',
            amount: { currency: 'COP', total: 12_000.55 },
          },
        },
      });
      const { expiration } = found.json['request'] as { expiration: string };
      // In whole seconds.
      expect(Date.parse(expiration)).toBeGreaterThan(before + 60 * MINUTE - 1_000);
      expect(Date.parse(expiration)).toBeLessThanOrEqual(after + 60 * MINUTE);
    });

    it.each(['PENDING', 'REJECTED'] as const)('a session that is %s is no failure of the call', async (outcome) => {
      const demo = await freshDemo({ placetopay: { sessionOutcome: outcome } });
      await ROUTES.session.call(demo);
      const { status, json } = await ROUTES.query.call(demo);
      expect([status, json['status']]).toMatchObject([200, { status: outcome }]);
    });

    it('creates a payment link', async () => {
      const demo = await freshDemo();
      const { status, json } = await demo.post('/placetopay/payment-links', { ...ORDER, name: 'Coffee' });
      expect(status).toBe(200);
      expect(json).toMatchObject({ status: { status: 'OK' } });
      expect(JSON.stringify(json)).toContain(`${demo.simulator.urls.placetopay}/link`);
    });

    it('says where to tell of payments: as asked; in the sandbox else here; and nowhere that it only guesses', async () => {
      const simulator = await startSimulator();
      const elsewhere = {
        PAYMENT_ENV: 'test',
        PLACETOPAY_LOGIN: SITE.login,
        PLACETOPAY_SECRET_KEY: SITE.secretKey,
        PLACETOPAY_PAYMENT_LINKS_BASE_URL: simulator.urls.placetopay,
      };
      const [sandbox, test] = [await freshDemo(), await Demo.start({ environment: elsewhere })];
      const asked = 'https://shop.example/links';
      const told = async (demo: Demo, { journal }: GatewaySimulator, given: object = {}): Promise<unknown> => {
        expect((await demo.post('/placetopay/payment-links', { ...ORDER, ...given })).status).toBe(200);
        return (JSON.parse(journal.entries().at(-1)?.body ?? '{}') as Record<string, unknown>)['notificationUrl'];
      };
      expect(await told(sandbox, sandbox.simulator)).toBe(`${sandbox.url}/webhooks/placetopay/payment-link`);
      expect(await told(test, simulator)).toBeUndefined();
      for (const [demo, gateway] of [
        [sandbox, sandbox.simulator],
        [test, simulator],
      ] as const) {
        expect(await told(demo, gateway, { notificationUrl: asked })).toBe(asked);
      }
    });

    it('sends a new nonce every time', async () => {
      const demo = await freshDemo({ placetopay: { refuseReplayedNonce: true } });
      const answers = await Promise.all(Array.from({ length: 25 }, () => ROUTES.session.call(demo)));
      expect(answers.map(({ status }) => status)).toEqual(Array(25).fill(200));
    });

    it('speaks to two hosts where sessions and links have one each', async () => {
      const [checkout, links] = [await startSimulator(), await startSimulator()];
      const demo = await Demo.start({
        environment: {
          PLACETOPAY_CHECKOUT_BASE_URL: checkout.urls.placetopay,
          PLACETOPAY_PAYMENT_LINKS_BASE_URL: links.urls.placetopay,
        },
      });
      for (const { call } of Object.values(ROUTES)) expect((await call(demo)).status).toBe(200);
      expect(checkout.counters().placetopay).toMatchObject({ createSession: 1, querySession: 1, createLink: 0 });
      expect(links.counters().placetopay).toMatchObject({ createSession: 0, querySession: 0, createLink: 1 });
    });

    it('a SHA-1 digest, where it is asked for', async () => {
      const demo = await Demo.start({ environment: { PLACETOPAY_DIGEST_ALGORITHM: 'sha1' } });
      for (const { call } of Object.values(ROUTES)) expect((await call(demo)).status).toBe(200);
    });

    it.each([-290, 290])('a clock that is %d s off', async (seconds) => {
      const demo = await freshDemo();
      demo.simulator.clock.advance(seconds * 1_000);
      for (const { call } of Object.values(ROUTES)) expect((await call(demo)).status).toBe(200);
    });

    it('a clock that is six minutes off, once the difference is configured', async () => {
      const demo = await Demo.start({ environment: { PLACETOPAY_CLOCK_SKEW_SECONDS: '360' } });
      demo.simulator.clock.advance(6 * MINUTE);
      for (const { call } of Object.values(ROUTES)) expect((await call(demo)).status).toBe(200);
    });
  });

  describe('authentication refused for a real reason', () => {
    it.each([
      ['101: an unknown login', credentials('nobody', SITE.secretKey), 101, 'login'],
      ['101: a login in capitals', credentials(SITE.login.toUpperCase(), SITE.secretKey), 101, 'login'],
      ['102: a wrong secret', credentials(SITE.login, 'not-the-secret'), 102, 'secretKey'],
      [
        "102: another site's secret",
        credentials(SITE.login, SANDBOX_ACCOUNTS.placetopay[1].secretKey),
        102,
        'secretKey',
      ],
      ['102: a space behind the secret', credentials(SITE.login, `${SITE.secretKey} `), 102, 'spaces'],
      ['104: an inactive site', account('sandbox-placetopay-inactive'), 104, 'inactive'],
      ['105: an expired site', account('sandbox-placetopay-expired'), 105, 'expired'],
      ['106: expired credentials', account('sandbox-placetopay-cred-expired'), 106, 'credentials'],
    ])('%s', async (_, environment, code, hint) => {
      const demo = await Demo.start({ environment });
      await expectRefused(demo, code, { hint: expect.stringContaining(hint) as string });
    });

    it.each([
      ['inactive', 104],
      ['expired', 105],
      ['credentials-expired', 106],
    ] as const)('a site that becomes %s while we run', async (state, code) => {
      const demo = await freshDemo();
      expect((await ROUTES.session.call(demo)).status).toBe(200);
      demo.simulator.placetopay.setSiteState(SITE.login, state);
      const { json } = await ROUTES.session.call(demo);
      expect(json).toMatchObject({ statusCode: 502, exchange: { gatewayCode: String(code) } });
      demo.simulator.placetopay.setSiteState(SITE.login, 'active');
      expect((await ROUTES.session.call(demo)).status).toBe(200);
    });

    it('a site of another environment: 101, and no code where Payment Links say so', async () => {
      const demo = await freshDemo();
      demo.simulator.placetopay.setSiteState(SITE.login, 'other-environment');
      const session = await ROUTES.session.call(demo);
      const link = await ROUTES.link.call(demo);
      expect([session.status, link.status]).toEqual([502, 502]);
      expect(session.json).toMatchObject({ details: { reason: 'unknown-login', authenticationCode: 101 } });
      expect(link.json).toMatchObject({
        code: 'ERR_PLACETOPAY_AUTHENTICATION',
        details: { reason: 'site-information-unavailable' },
        exchange: { gatewayMessage: 'Fallo al obtener información del sitio' },
      });
    });

    it.each([
      ['/api/session', 'es_CO', 'Autenticación mal formada'],
      ['/api/payment-link', 'en_US', 'Malformed authentication'],
    ])('reads what the simulator says of a body that is not JSON: %s', async (path, locale, message) => {
      const demo = await freshDemo();
      const response = await fetch(`${demo.simulator.urls.placetopay}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: JSON.stringify({ locale, auth: demo.app.get(PlacetopayAuthService).createAuth() }),
      });
      const failure = decodePlacetopayFailure({ httpStatus: response.status, body: await response.json() });
      expect(failure).toMatchObject({
        code: 'ERR_PLACETOPAY_AUTHENTICATION',
        reason: 'malformed-auth',
        hint: expect.stringContaining('Content-Type') as string,
        exchange: { gatewayMessage: message },
      });
    });

    it('102: a SHA-1 digest where SHA-1 is refused', async () => {
      const demo = await Demo.start({
        environment: { PLACETOPAY_DIGEST_ALGORITHM: 'sha1' },
        settings: { placetopay: { acceptSha1: false } },
      });
      await expectRefused(demo, 102);
      expect(demo.simulator.journal.entries({ limit: 1 })[0]?.reason?.code).toBe('digest-algorithm');
    });

    describe.each([
      ['behind', 6 * MINUTE, 360],
      ['ahead', -6 * MINUTE, -360],
    ])('103: our clock is six minutes %s', (_, moved, difference) => {
      it('says so on every route, and what to set', async () => {
        const demo = await freshDemo();
        demo.simulator.clock.advance(moved);
        await expectRefused(demo, 103, { hint: expect.stringMatching(/NTP.*clockSkewSeconds/) as string });
      });

      it('measures the difference', async () => {
        const demo = await freshDemo();
        demo.simulator.clock.advance(moved);
        const before = Date.now();
        const failure: unknown = await demo.app
          .get(PlacetopayHttpService)
          .axiosRef.post('/api/session/1', {})
          .catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(PlacetopayError);
        const { clockDifferenceSeconds } = failure as PlacetopayError;
        expectAbout(clockDifferenceSeconds, difference, before);
      });

      it('tells the difference to whoever called the demo', async () => {
        const demo = await freshDemo();
        demo.simulator.clock.advance(moved);
        const before = Date.now();
        const { details } = (await ROUTES.session.call(demo)).json as { details: Record<string, unknown> };
        expect(details).toMatchObject({ reason: 'seed-outside-window', authenticationCode: 103 });
        expectAbout(details['clockDifferenceSeconds'], difference, before);
      });
    });
  });

  describe('every authentication code there is', () => {
    const CODES = [100, 101, 102, 103, 104, 105, 106, 107, 200, 10001];
    const FORMS: readonly (readonly [string, DeepPartial<SimulatorSettings['placetopay']>])[] = [
      ['reason as a number', {}],
      ['reason as text', { reasonAs: 'string' }],
      ['in English', { defaultLanguage: 'en' }],
    ];

    let demo: Demo;
    beforeEach(async () => {
      demo = await freshDemo();
    });

    it.each(CODES.flatMap((code) => FORMS.map(([name, placetopay]) => ({ code, name, placetopay }))))(
      '$code, $name',
      async ({ code, placetopay }) => {
        demo.simulator.updateSettings({ placetopay });
        demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', placetopayCode: code, times: 0 });
        await expectRefused(demo, code, { hint: expect.stringMatching(/.{20}/) as string });
      },
    );

    it('gives every code a hint of its own', async () => {
      const hints = new Set<unknown>();
      for (const placetopayCode of CODES) {
        demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', placetopayCode });
        hints.add((await ROUTES.session.call(demo)).json['hint']);
      }
      expect(hints.size).toBe(CODES.length);
    });
  });

  describe('the same refusal in other forms', () => {
    const demoWithWrongSecret = sharedDemo({ environment: credentials(SITE.login, 'not-the-secret') });

    it.each([
      ['session', 'en_US', 'Authentication failed 102'],
      ['session', 'es_CO', 'Autenticación fallida 102'],
      ['link', 'en_US', '102 (Authentication Failed)'],
      ['link', 'es_CO', 'Autenticación fallida 102'],
    ] as const)('%s in %s: %s', async (route, locale, gatewayMessage) => {
      const demo = await demoWithWrongSecret();
      const path = route === 'session' ? '/placetopay/sessions' : '/placetopay/payment-links';
      const { json } = await demo.post(path, { ...ORDER, locale });
      expect(json).toMatchObject({
        code: 'ERR_PLACETOPAY_AUTHENTICATION',
        exchange: { gatewayCode: '102', gatewayMessage },
      });
    });

    it.each(ROUTE_NAMES)('HTTP 400 in place of 401: %s', async (route) => {
      const demo = await demoWithWrongSecret({ placetopay: { authFailureHttpStatus: 400, reasonAs: 'string' } });
      const { status, json } = await ROUTES[route].call(demo);
      expect(status).toBe(502);
      expect(json).toMatchObject({
        code: 'ERR_PLACETOPAY_AUTHENTICATION',
        exchange: { status: 400, gatewayCode: '102' },
      });
    });

    const MEMBERS = '(login, tranKey, seed, nonce)';
    it.each([
      [`Authentication does not contain all required parameters ${MEMBERS}`, 'Content-Type'],
      [`La autenticación no contiene todos los parámetros requeridos ${MEMBERS}`, 'Content-Type'],
      ['Malformed authentication', 'Content-Type'],
      ['Autenticación mal formada', 'Content-Type'],
      ['Failed to obtain site information', 'environment'],
      ['Fallo al obtener información del sitio', 'environment'],
    ])('prose without a code: %s', async (message, hint) => {
      const demo = await freshDemo();
      for (const status of [400, 401]) {
        for (const name of ROUTE_NAMES) {
          const body = {
            status: { status: 'FAILED', reason: String(status), message, date: '2026-11-22T10:00:00-05:00' },
          };
          demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status, body });
          const answer = await ROUTES[name].call(demo);
          expect(answer.status).toBe(502);
          expect(answer.json).toMatchObject({
            code: 'ERR_PLACETOPAY_AUTHENTICATION',
            hint: expect.stringContaining(hint) as string,
            exchange: { status, gatewayCode: String(status), gatewayMessage: message },
          });
        }
      }
    });

    it("somebody else's link: 401 without a code", async () => {
      const demo = await freshDemo();
      const message = 'No tienes permisos para acceder a este sitio';
      const body = { status: { status: 'FAILED', reason: 401, message, date: '2026-11-22T10:00:00-05:00' } };
      demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 401, body });
      const { status, json } = await ROUTES.link.call(demo);
      expect(status).toBe(502);
      expect(json).toMatchObject({
        hint: expect.stringContaining('login') as string,
        exchange: { gatewayMessage: message },
      });
    });

    it('a number in the words of an ordinary refusal is no authentication code', async () => {
      const demo = await freshDemo();
      const body = { status: { status: 'FAILED', reason: 'XX', message: 'At most 200 items, 102 given', date: 'x' } };
      demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 422, body });
      const { status, json } = await ROUTES.session.call(demo);
      expect(status).toBe(422);
      expect(json).toMatchObject({ code: 'ERR_PLACETOPAY_REQUEST', exchange: { gatewayCode: 'XX' } });
    });
  });

  describe('requests refused', () => {
    it('404 for a session nobody made', async () => {
      const demo = await freshDemo();
      const { status, json } = await demo.get('/placetopay/sessions/4711');
      expect(status).toBe(404);
      expect(json).toMatchObject({
        statusCode: 404,
        code: 'ERR_PLACETOPAY_REQUEST',
        gateway: 'placetopay',
        retryable: false,
        exchange: { path: '/api/session/4711', status: 404, gatewayCode: 'request_not_valid' },
      });
    });

    it('404 for a session of another site', async () => {
      const { urls } = await startSimulator();
      const shared = { PLACETOPAY_CHECKOUT_BASE_URL: urls.placetopay };
      const owner = await Demo.start({ environment: shared });
      const { login, secretKey } = SANDBOX_ACCOUNTS.placetopay[1];
      const other = await Demo.start({ environment: { ...shared, ...credentials(login, secretKey) } });
      expect((await ROUTES.session.call(owner)).status).toBe(200);
      expect((await ROUTES.query.call(owner)).status).toBe(200);
      expect((await ROUTES.query.call(other)).status).toBe(404);
    });

    it('422 for a payment link that Placetopay finds wrong', async () => {
      // Its clock two days ahead: the link would have expired already.
      const demo = await freshDemo({ placetopay: { seedToleranceSeconds: 300_000 } });
      demo.simulator.clock.advance(48 * 60 * MINUTE);
      const { status, json } = await demo.post('/placetopay/payment-links', { ...ORDER, expiresInHours: 1 });
      expect(status).toBe(422);
      expect(json).toMatchObject({
        code: 'ERR_PLACETOPAY_REQUEST',
        retryable: false,
        exchange: { path: '/api/payment-link', status: 422 },
      });
    });

    it('422 for a session that Placetopay finds wrong, which it says with 400', async () => {
      const demo = await freshDemo({ placetopay: { seedToleranceSeconds: 300_000 } });
      demo.simulator.clock.advance(48 * 60 * MINUTE);
      const { status, json } = await ROUTES.session.call(demo);
      expect(status).toBe(422);
      expect(json).toMatchObject({
        code: 'ERR_PLACETOPAY_REQUEST',
        exchange: {
          status: 400,
          gatewayCode: 'transaction_request_error',
          gatewayMessage: expect.stringContaining('expiration') as string,
        },
      });
    });

    it.each(['Status', 'status'])('422 where the body spells it %s', async (key) => {
      const demo = await freshDemo();
      const body = { [key]: { status: 'FAILED', reason: 'payer_data_not_valid', message: 'payer', date: 'x' } };
      demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 400, body });
      const { status, json } = await ROUTES.session.call(demo);
      expect([status, json['exchange']]).toMatchObject([422, { gatewayCode: 'payer_data_not_valid' }]);
    });

    it.each(['ok-with-failure', 'no-such-session'] as const)('HTTP 200 with FAILED is no success: %s', async (kind) => {
      const status = { status: 'FAILED', reason: 0, message: 'La sesión solicitada no existe', date: 'x' };
      const fault: Fault =
        kind === 'ok-with-failure'
          ? { gateway: 'placetopay', kind, times: 0 }
          : { gateway: 'placetopay', kind: 'status', status: 200, body: { status }, times: 0 };
      const demo = await freshDemo();
      demo.simulator.faults.add(fault);
      for (const { call } of Object.values(ROUTES)) {
        const answer = await call(demo);
        expect(answer.status).toBe(422);
        expect(answer.json).toMatchObject({
          code: 'ERR_PLACETOPAY_REQUEST',
          gateway: 'placetopay',
          exchange: { status: 200 },
        });
      }
    });
  });

  describe('failures of the line and of the other side', () => {
    type Case = readonly [name: string, fault: Partial<Fault>, status: number, code: string, retryable: boolean];
    const CASES: readonly Case[] = [
      ['500', { kind: 'status', status: 500 }, 502, 'ERR_PLACETOPAY_REQUEST', true],
      ['503', { kind: 'status', status: 503 }, 502, 'ERR_PLACETOPAY_REQUEST', true],
      ["a proxy's HTML page", { kind: 'html' }, 502, 'ERR_PLACETOPAY_REQUEST', true],
      ['a cut connection', { kind: 'cut' }, 502, 'ERR_GATEWAY_UNREACHABLE', true],
      ['a cut connection, the work done', { kind: 'cut', afterProcessing: true }, 502, 'ERR_GATEWAY_UNREACHABLE', true],
      ['a redirect', { kind: 'redirect' }, 502, 'ERR_GATEWAY_REDIRECT', false],
    ];

    let demo: Demo;
    beforeEach(async () => {
      demo = await freshDemo();
    });

    describe.each(ROUTE_NAMES)('%s', (name) => {
      const { operation, path, call } = ROUTES[name];

      it.each(CASES)('%s', async (_, fault, status, code, retryable) => {
        demo.simulator.faults.add({ gateway: 'placetopay', operation, kind: 'status', ...fault });
        const answer = await call(demo);
        expect(answer.status).toBe(status);
        expect(answer.json).toMatchObject({
          statusCode: status,
          code,
          gateway: 'placetopay',
          retryable,
          exchange: { method: 'POST', host: new URL(demo.simulator.urls.placetopay).host, path },
        });
        // Never sent twice: a session may have been made by the first.
        expect(counts(demo)).toMatchObject({ [operation]: 1 });
      });

      it('no answer in time', async () => {
        demo.simulator.faults.add({ gateway: 'placetopay', operation, kind: 'delay', delayMs: 10 * MINUTE });
        const wasAsked = () => counts(demo)[operation] === 1;
        const answer = await whenSilent(15_000, () => call(demo), wasAsked);
        expect(answer.status).toBe(504);
        expect(answer.json).toMatchObject({
          code: 'ERR_GATEWAY_TIMEOUT',
          gateway: 'placetopay',
          retryable: true,
          exchange: { path },
        });
        expect(counts(demo)).toMatchObject({ [operation]: 1 });
      });

      it.each([
        ['a body cut short', { kind: 'malformed-body' }],
        ['no body', { kind: 'empty-body' }],
        ['an HTML page', { kind: 'html', status: 200 }],
        ['a JSON null', { kind: 'status', status: 200, body: 'null' }],
      ] as const)('HTTP 200 with %s is no success', async (_, fault) => {
        demo.simulator.faults.add({ gateway: 'placetopay', operation, ...fault });
        const answer = await call(demo);
        expect(answer.status).toBe(502);
        expect(answer.json).toMatchObject({
          statusCode: 502,
          code: 'ERR_GATEWAY_RESPONSE',
          gateway: 'placetopay',
          exchange: { path, status: 200 },
        });
      });

      it('a redirect is named and not followed', async () => {
        const elsewhere = await startSimulator();
        const location = elsewhere.urls.placetopay + path;
        demo.simulator.faults.add({ gateway: 'placetopay', operation, kind: 'redirect', location });
        const { status, json } = await call(demo);
        expect([status, json['code']]).toEqual([502, 'ERR_GATEWAY_REDIRECT']);
        expect(json['message']).toContain(new URL(location).host);
        expect(elsewhere.journal.entries()).toEqual([]);
      });
    });

    it('429 is worth another try later', async () => {
      demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 429 });
      const { status, json } = await ROUTES.session.call(demo);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(json).toMatchObject({ code: 'ERR_PLACETOPAY_REQUEST', retryable: true, exchange: { status: 429 } });
    });

    it('nobody listens there', async () => {
      const lost = await Demo.start({ environment: { PLACETOPAY_CHECKOUT_BASE_URL: NOBODY_THERE } });
      const { status, json } = await ROUTES.session.call(lost);
      expect(status).toBe(502);
      expect(json).toMatchObject({ code: 'ERR_GATEWAY_UNREACHABLE', retryable: true, gateway: 'placetopay' });
      expect(json['message']).toContain(new URL(NOBODY_THERE).host);
    });
  });

  it('let no secret and no digest out, in no answer and no log line', () => {
    expect(observed().answers).toBeGreaterThan(100);
    expect(observed().logLines).toBeGreaterThan(100);
    expect(findSecrets()).toEqual({ answers: [], logs: [] });
  });
});

/** Measured with whole seconds of a `Date` header, and wrong by as much as the call took. */
function expectAbout(measuredSeconds: unknown, seconds: number, calledAt: number): void {
  const tookSeconds = (Date.now() - calledAt) / 1_000;
  expect(Math.abs(Number(measuredSeconds) - seconds)).toBeLessThanOrEqual(2 + tookSeconds);
}

function account(login: (typeof SANDBOX_ACCOUNTS.placetopay)[number]['login']) {
  const found = SANDBOX_ACCOUNTS.placetopay.find((each) => each.login === login);
  return credentials(login, found?.secretKey ?? '');
}
