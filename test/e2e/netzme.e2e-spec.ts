import { type Fault } from '@payment-auth/gateway-simulator';
import {
  type Answer,
  Demo,
  findSecrets,
  HOUR,
  MINUTE,
  NETZME,
  NOBODY_THERE,
  observed,
  sharedDemo,
  startSimulator,
  stopAll,
} from './demo-app';
import { TokenRequestPacing } from '../../libs/payment-auth/src/core/token-request-pacing';
import { whenSilent } from '../support/late';

type RouteName = 'balance' | 'transactions' | 'withdraw';
const MERCHANT_API = '/api/aggregator/merchant/qr';
const ROUTES: Readonly<
  Record<RouteName, { path: string; call: (demo: Demo, userId?: string) => Promise<Answer>; body: object }>
> = {
  balance: {
    path: `${MERCHANT_API}/balance/detail`,
    call: (demo, userId = NETZME.userId) => demo.get(`/netzme/balance?userId=${userId}`),
    body: { userId: NETZME.userId, balance: NETZME.balance, currency: 'IDR' },
  },
  transactions: {
    path: `${MERCHANT_API}/transaction/list`,
    call: (demo, userId = NETZME.userId) =>
      demo.get(`/netzme/transactions?userId=${userId}&startdate=2026-11-01&enddate=2026-11-30&page=2`),
    body: { userId: NETZME.userId, startdate: '2026-11-01', enddate: '2026-11-30', page: 2 },
  },
  withdraw: {
    path: `${MERCHANT_API}/withdraw/inquiry`,
    call: (demo, userId = NETZME.userId) => demo.post('/netzme/withdraw/inquiry', { userId, amount: '10000.00' }),
    body: { userId: NETZME.userId, amount: '10000.00', fee: '0.00' },
  },
};
const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];
const TOKEN_PATH = '/oauth/merchant/accesstoken';

const counts = (demo: Demo) => demo.simulator.counters().netzme;
const steal = (demo: Demo) => demo.simulator.netzme.stealToken(NETZME.clientId);
const credentials = (clientId: string, clientSecret: string) => ({
  NETZME_CLIENT_ID: clientId,
  NETZME_CLIENT_SECRET: clientSecret,
});

const freshDemo = sharedDemo();

describe('Netzme through the demo', () => {
  afterEach(stopAll);

  describe('signed calls', () => {
    it.each(ROUTE_NAMES)('%s', async (name) => {
      const demo = await freshDemo();
      const { status, json } = await ROUTES[name].call(demo);
      expect(status).toBe(200);
      expect(json).toMatchObject({ status: 100, statusMessage: 'success', body: ROUTES[name].body });
      expect(counts(demo)).toEqual({ token: 1, business: 1, tokensIssued: 1 });
    });

    it.each(ROUTE_NAMES)('%s, success told as text', async (name) => {
      const demo = await freshDemo({ netzme: { statusAs: 'string' } });
      const { status, json } = await ROUTES[name].call(demo);
      expect([status, json['status']]).toEqual([200, '100']);
    });

    it('one token for all of them', async () => {
      const demo = await freshDemo();
      for (const { call } of Object.values(ROUTES)) expect((await call(demo)).status).toBe(200);
      expect(counts(demo)).toEqual({ token: 1, business: 3, tokensIssued: 1 });
    });

    it('one token for fifty callers at the same moment', async () => {
      const demo = await freshDemo();
      const answers = await Promise.all(Array.from({ length: 50 }, () => ROUTES.balance.call(demo)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(counts(demo)).toEqual({ token: 1, business: 50, tokensIssued: 1 });
    });

    it('with a time that Netzme would call fresh, were it to look', async () => {
      const demo = await freshDemo({ netzme: { requestTimeToleranceSeconds: 5 } });
      for (const { call } of Object.values(ROUTES)) expect((await call(demo)).status).toBe(200);
    });

    it('a GET says application/json too, as the docs have it', async () => {
      const demo = await freshDemo();
      await ROUTES.balance.call(demo);
      expect(demo.simulator.journal.entries({ operation: 'business' })[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'client-id': NETZME.clientId,
      });
    });

    it.each([
      ['merchant', TOKEN_PATH],
      ['consumer', '/oauth/token/accesstoken'],
    ])('the %s API has its tokens from %s', async (api, path) => {
      const demo = await Demo.start({ environment: { NETZME_API: api } });
      expect((await ROUTES.balance.call(demo)).status).toBe(200);
      expect(demo.simulator.journal.entries({ operation: 'token' }).map(({ target }) => target)).toEqual([path]);
    });
  });

  describe('a token that ends before its time', () => {
    const ENDS: readonly (readonly [string, (demo: Demo) => void])[] = [
      ['stolen: somebody else asked for one', steal],
      ['expired by their clock', (demo) => demo.simulator.clock.advance(11 * HOUR)],
      ['ended by hand', (demo) => demo.simulator.netzme.expireToken(NETZME.clientId)],
    ];

    describe.each(ENDS)('%s', (_, end) => {
      it.each(ROUTE_NAMES)('%s: renewed unseen with one token request', async (name) => {
        const demo = await freshDemo();
        await ROUTES.balance.call(demo);
        end(demo);
        const { status, json } = await ROUTES[name].call(demo);
        expect(status).toBe(200);
        expect(json).toMatchObject({ status: 100, body: ROUTES[name].body });
        expect(counts(demo)).toMatchObject({ token: 2, business: 3 });
        expect((await ROUTES[name].call(demo)).status).toBe(200);
        expect(counts(demo)).toMatchObject({ token: 2, business: 4 });
      });
    });

    it('one renewal for fifty callers whose calls were refused together', async () => {
      const demo = await freshDemo();
      await ROUTES.balance.call(demo);
      steal(demo);
      const answers = await Promise.all(Array.from({ length: 50 }, () => ROUTES.withdraw.call(demo)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(counts(demo).token).toBe(2);
    });

    it.each(ROUTE_NAMES)('%s: sent twice at most where 401 is the only answer', async (name) => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', status: 401, times: 0 });
      const { status, json } = await ROUTES[name].call(demo);
      expect(status).toBe(502);
      expect(json).toMatchObject({
        gateway: 'netzme',
        code: 'ERR_GATEWAY_STATUS',
        retryable: false,
        message: expect.stringContaining('401') as string,
        exchange: { path: ROUTES[name].path, status: 401 },
      });
      expect(counts(demo)).toEqual({ token: 2, business: 2, tokensIssued: 2 });
    });

    it('a 403 is not answered with a new token', async () => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', status: 403 });
      expect((await ROUTES.balance.call(demo)).json).toMatchObject({ statusCode: 502, exchange: { status: 403 } });
      expect((await ROUTES.balance.call(demo)).status).toBe(200);
      expect(counts(demo)).toEqual({ token: 1, business: 2, tokensIssued: 1 });
    });

    it('a renewal that fails is told as such', async () => {
      const demo = await freshDemo();
      await ROUTES.balance.call(demo);
      steal(demo);
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'token', kind: 'status', status: 503 });
      const { status, json } = await ROUTES.balance.call(demo);
      expect(status).toBe(502);
      expect(json).toMatchObject({
        code: 'ERR_ACCESS_TOKEN_REQUEST',
        retryable: true,
        exchange: { path: TOKEN_PATH, status: 503 },
      });
    });
  });

  describe('no token to be had', () => {
    it.each([
      ['a wrong secret', credentials(NETZME.clientId, 'not-the-secret'), {}, 200],
      [
        'a wrong secret, said with HTTP 401',
        credentials(NETZME.clientId, 'not-the-secret'),
        { unauthorizedHttpStatus: 401 },
        401,
      ],
      ['an unknown client', credentials('nobody', NETZME.clientSecret), {}, 200],
    ])('%s: UNAUTHORIZED', async (_, environment, netzme, gatewayStatus) => {
      // Random otherwise, and perhaps over before the last route.
      jest.spyOn(TokenRequestPacing.prototype, 'backoffMs').mockReturnValueOnce(MINUTE);
      const demo = await Demo.start({ environment, settings: { netzme } });
      for (const { call } of Object.values(ROUTES)) {
        const { status, json } = await call(demo);
        expect(status).toBe(502);
        expect(json).toEqual({
          statusCode: 502,
          code: 'ERR_ACCESS_TOKEN_REQUEST',
          message: expect.stringContaining(`HTTP ${gatewayStatus}, UNAUTHORIZED`) as string,
          gateway: 'netzme',
          hint: expect.stringMatching(/clientId and clientSecret/) as string,
          retryable: false,
          exchange: {
            method: 'POST',
            host: new URL(demo.simulator.urls.netzme).host,
            path: TOKEN_PATH,
            status: gatewayStatus,
            gatewayCode: 'UNAUTHORIZED',
          },
        });
      }
      // The later routes met the backoff, and nothing was sent without a token.
      expect(counts(demo)).toEqual({ token: 1, business: 0, tokensIssued: 0 });
    });

    const inAnHour = () => Date.now() + HOUR;
    type Case = readonly [name: string, fault: Partial<Fault>, status: number, code: string, retryable: boolean];
    const CASES: readonly Case[] = [
      ['400', { kind: 'status', status: 400 }, 502, 'ERR_ACCESS_TOKEN_REQUEST', false],
      ['429', { kind: 'status', status: 429 }, 502, 'ERR_ACCESS_TOKEN_REQUEST', true],
      ['500', { kind: 'status', status: 500 }, 502, 'ERR_ACCESS_TOKEN_REQUEST', true],
      ['unauthorized in small letters', answers({ status: 'unauthorized' }), 502, 'ERR_ACCESS_TOKEN_REQUEST', false],
      [
        'UNAUTHORIZED beside a token',
        answers({ status: 'UNAUTHORIZED', access_token: 'x', expiry_token: inAnHour() }),
        502,
        'ERR_ACCESS_TOKEN_REQUEST',
        false,
      ],
      ['SUCCEES without a token', answers({ status: 'SUCCEES' }), 502, 'ERR_ACCESS_TOKEN_RESPONSE', true],
      [
        'an empty token',
        answers({ access_token: '', expiry_token: inAnHour() }),
        502,
        'ERR_ACCESS_TOKEN_RESPONSE',
        true,
      ],
      ['a token dead already', answers({ access_token: 'x', expiry_token: 1 }), 502, 'ERR_ACCESS_TOKEN_RESPONSE', true],
      [
        'an expiry that is no time',
        answers({ access_token: 'x', expiry_token: 'soon' }),
        502,
        'ERR_ACCESS_TOKEN_RESPONSE',
        true,
      ],
      ['a body cut short', { kind: 'malformed-body' }, 502, 'ERR_ACCESS_TOKEN_RESPONSE', true],
      ['no body', { kind: 'empty-body' }, 502, 'ERR_ACCESS_TOKEN_RESPONSE', true],
      ['an HTML page', { kind: 'html', status: 200 }, 502, 'ERR_ACCESS_TOKEN_RESPONSE', true],
      ["a proxy's HTML page", { kind: 'html' }, 502, 'ERR_ACCESS_TOKEN_REQUEST', true],
      ['a cut connection', { kind: 'cut' }, 502, 'ERR_GATEWAY_UNREACHABLE', true],
      [
        'a cut connection, a token issued',
        { kind: 'cut', afterProcessing: true },
        502,
        'ERR_GATEWAY_UNREACHABLE',
        true,
      ],
      ['a redirect', { kind: 'redirect' }, 502, 'ERR_GATEWAY_REDIRECT', false],
      ['no answer in time', { kind: 'delay', delayMs: 10 * MINUTE }, 504, 'ERR_GATEWAY_TIMEOUT', true],
    ];

    it.each(CASES)('%s', async (_, fault, status, code, retryable) => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'token', kind: 'status', ...fault });
      const call = () => ROUTES.balance.call(demo);
      const isLate = fault.kind === 'delay';
      const answer = await (isLate ? whenSilent(10_000, call, () => counts(demo).token === 1) : call());
      expect(answer.status).toBe(status);
      expect(answer.json).toMatchObject({
        statusCode: status,
        code,
        gateway: 'netzme',
        retryable,
        exchange: { method: 'POST', host: new URL(demo.simulator.urls.netzme).host, path: TOKEN_PATH },
      });
      expect(counts(demo)).toMatchObject({ token: 1, business: 0 });
    });

    it.each([
      ['as numeric text', () => String(Date.now() + HOUR)],
      ['not at all', () => undefined],
    ])('but a token whose expiry is told %s is good', async (_, expiry) => {
      const demo = await freshDemo();
      demo.simulator.faults.add({
        gateway: 'netzme',
        operation: 'token',
        ...answers({ status: 'SUCCEES', access_token: 'not-one-of-theirs', expiry_token: expiry() }),
      });
      expect((await demo.get('/health')).json).toMatchObject({ details: { netzme: { status: 'up' } } });
      // It was used, refused, and replaced.
      expect((await ROUTES.balance.call(demo)).status).toBe(200);
      expect(counts(demo)).toMatchObject({ token: 2, business: 2 });
    });
  });

  describe('business failures, told with HTTP 200', () => {
    it.each(ROUTE_NAMES)('%s of another merchant: 302', async (name) => {
      const demo = await freshDemo();
      const { status, json } = await ROUTES[name].call(demo, 'M_SOMEBODY');
      expect(status).toBe(422);
      expect(json).toEqual({
        statusCode: 422,
        code: 'ERR_GATEWAY_BUSINESS',
        message: expect.stringMatching(/302.*invalid_merchant/) as string,
        gateway: 'netzme',
        retryable: false,
        exchange: {
          method: name === 'withdraw' ? 'POST' : 'GET',
          host: new URL(demo.simulator.urls.netzme).host,
          path: ROUTES[name].path,
          status: 200,
          gatewayCode: '302',
        },
      });
      expect(counts(demo)).toMatchObject({ token: 1, business: 1 });
    });

    it.each([
      ['303', (demo: Demo) => demo.post('/netzme/withdraw/inquiry', { userId: NETZME.userId, amount: '1000000.01' })],
      ['203', (demo: Demo) => demo.get(`/netzme/transactions?userId=${NETZME.userId}`)],
    ])('%s', async (code, call) => {
      for (const statusAs of ['number', 'string'] as const) {
        const demo = await freshDemo({ netzme: { statusAs } });
        const { status, json } = await call(demo);
        expect(status).toBe(422);
        expect(json).toMatchObject({ code: 'ERR_GATEWAY_BUSINESS', message: expect.stringContaining(code) as string });
      }
    });

    it('without the signature, should the words of the refusal repeat it', async () => {
      const demo = await freshDemo();
      const statusMessage = `wrong signature ${'0a'.repeat(32)}, "${'kZ9+/'.repeat(9)}=", of merchant M_1`;
      const fault = answers({ requestId: 'r', type: 't', status: 401, statusMessage, ts: 'x', body: null });
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', ...fault });
      const words = expect.stringContaining('wrong signature [redacted], "[redacted]", of merchant M_1') as string;
      expect((await ROUTES.balance.call(demo)).json).toMatchObject({ code: 'ERR_GATEWAY_BUSINESS', message: words });
    });

    it.each([201, 202, 203, 301, 302, 303, 404])('%d, on every route', async (code) => {
      const demo = await freshDemo();
      const fault = answers({ requestId: 'r', type: 't', status: code, statusMessage: 'words', ts: 'x', body: null });
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', times: 0, ...fault });
      for (const { call } of Object.values(ROUTES)) {
        const { status, json } = await call(demo);
        expect(status).toBe(422);
        expect(json).toMatchObject({
          code: 'ERR_GATEWAY_BUSINESS',
          message: expect.stringContaining(`${code}`) as string,
        });
      }
    });

    it.each([100, 150, 199, '199'])('%s is none', async (code) => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', ...answers({ status: code }) });
      expect((await ROUTES.balance.call(demo)).status).toBe(200);
    });
  });

  describe('failures of the line and of the other side', () => {
    type Case = readonly [name: string, fault: Partial<Fault>, status: number, retryable: boolean, code: string];
    const CASES: readonly Case[] = [
      ['400', { kind: 'status', status: 400 }, 502, false, 'ERR_GATEWAY_STATUS'],
      ['500', { kind: 'status', status: 500 }, 502, true, 'ERR_GATEWAY_STATUS'],
      ['503', { kind: 'status', status: 503 }, 502, true, 'ERR_GATEWAY_STATUS'],
      ["a proxy's HTML page", { kind: 'html' }, 502, true, 'ERR_GATEWAY_STATUS'],
      ['a cut connection', { kind: 'cut' }, 502, true, 'ERR_GATEWAY_UNREACHABLE'],
      ['a cut connection, the work done', { kind: 'cut', afterProcessing: true }, 502, true, 'ERR_GATEWAY_UNREACHABLE'],
      ['a redirect', { kind: 'redirect' }, 502, false, 'ERR_GATEWAY_REDIRECT'],
      ['no answer in time', { kind: 'delay', delayMs: 10 * MINUTE }, 504, true, 'ERR_GATEWAY_TIMEOUT'],
    ];

    describe.each(ROUTE_NAMES)('%s', (name) => {
      const { path, call } = ROUTES[name];

      it.each(CASES)('%s', async (_, fault, status, retryable, code) => {
        const demo = await freshDemo();
        demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', ...fault });
        const isLate = fault.kind === 'delay';
        const answer = await (isLate
          ? whenSilent(
              15_000,
              () => call(demo),
              () => counts(demo).business === 1,
            )
          : call(demo));
        expect(answer.status).toBe(status);
        expect(answer.json).toMatchObject({
          statusCode: status,
          code,
          gateway: 'netzme',
          retryable,
          exchange: { host: new URL(demo.simulator.urls.netzme).host, path },
        });
        // Nothing but a 401 is sent again: a withdrawal could be made twice.
        expect(counts(demo)).toMatchObject({ token: 1, business: 1 });
      });

      it.each([
        ['a body cut short', { kind: 'malformed-body' }],
        ['no body', { kind: 'empty-body' }],
        ['an HTML page', { kind: 'html', status: 200 }],
        ['a JSON null', { kind: 'status', status: 200, body: 'null' }],
      ] as const)('HTTP 200 with %s is no success', async (_, fault) => {
        const demo = await freshDemo();
        demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', ...fault });
        const answer = await call(demo);
        expect(answer.status).toBe(502);
        expect(answer.json).toMatchObject({
          statusCode: 502,
          code: 'ERR_GATEWAY_RESPONSE',
          gateway: 'netzme',
          exchange: { path, status: 200 },
        });
      });

      it('a redirect is named and not followed: token, signature and body stay here', async () => {
        const elsewhere = await startSimulator();
        const demo = await freshDemo();
        const location = elsewhere.urls.netzme + path;
        demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'redirect', location });
        const { status, json } = await call(demo);
        expect([status, json['code']]).toEqual([502, 'ERR_GATEWAY_REDIRECT']);
        expect(json['message']).toContain(new URL(location).host);
        expect(elsewhere.journal.entries()).toEqual([]);
      });
    });

    it.each([
      ['no status', { body: {} }],
      ['a status that is no number', { status: 'fine', body: {} }],
    ])('HTTP 200 with an envelope of %s is no success', async (_, body) => {
      const demo = await freshDemo();
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', ...answers(body) });
      const { status, json } = await ROUTES.balance.call(demo);
      expect([status, json['code']]).toEqual([502, 'ERR_GATEWAY_RESPONSE']);
    });

    it('a token redirect is named and not followed: the Basic credentials stay here', async () => {
      const elsewhere = await startSimulator();
      const demo = await freshDemo();
      const location = elsewhere.urls.netzme + TOKEN_PATH;
      demo.simulator.faults.add({ gateway: 'netzme', operation: 'token', kind: 'redirect', location });
      const { status, json } = await ROUTES.balance.call(demo);
      expect([status, json['code']]).toEqual([502, 'ERR_GATEWAY_REDIRECT']);
      expect(json['message']).toContain(new URL(location).host);
      expect(elsewhere.journal.entries()).toEqual([]);
    });

    it('nobody listens there', async () => {
      const demo = await Demo.start({ environment: { NETZME_BASE_URL: NOBODY_THERE } });
      const { status, json } = await ROUTES.balance.call(demo);
      expect(status).toBe(502);
      expect(json).toMatchObject({ code: 'ERR_GATEWAY_UNREACHABLE', retryable: true, gateway: 'netzme' });
    });
  });

  it('let no secret, token or signature out, in no answer and no log line', () => {
    expect(observed().answers).toBeGreaterThan(100);
    expect(observed().logLines).toBeGreaterThan(100);
    expect(observed().tokens).toBeGreaterThan(20);
    expect(findSecrets()).toEqual({ answers: [], logs: [] });
  });
});

function answers(body: object): { readonly kind: 'status'; readonly status: 200; readonly body: object } {
  return { kind: 'status', status: 200, body };
}
