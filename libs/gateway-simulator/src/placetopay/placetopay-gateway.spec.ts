import { createHash } from 'node:crypto';
import {
  at,
  lastReason,
  OTHER_SITE,
  placetopayAuth,
  send,
  sendJson,
  SITE,
  START,
  startSimulator,
} from '../../test/clients';
import { type GatewaySimulator, SANDBOX_ACCOUNTS } from '../index';
import { formatDate } from './seed';

const SEED = '2026-03-01T07:00:00-05:00';
const SESSION = {
  locale: 'en_US',
  payment: { reference: 'ORDER-1', description: 'Test', amount: { currency: 'COP', total: 10000 } },
  expiration: '2026-03-02T07:00:00-05:00',
  returnUrl: 'https://shop.test/return',
  ipAddress: '127.0.0.1',
  userAgent: 'PlacetoPay Sandbox',
};
const LINK = {
  name: 'Link',
  expirationDate: '2026-03-05 08:10:50',
  paymentExpiration: 15,
  payment: { amount: { currency: 'COP', total: 100000 } },
  reference: '#5321',
  description: 'Test',
};

describe('the simulated Placetopay', () => {
  let simulator: GatewaySimulator;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    url = simulator.urls.placetopay;
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());

  const auth = (parts = {}) => placetopayAuth({ seed: SEED, ...parts });
  const create = (changes: object = {}, parts = {}) =>
    sendJson(url, '/api/session', { ...SESSION, auth: auth(parts), ...changes });
  const authOf = (parts = {}) => ({ auth: auth(parts) });
  const OTHER = { login: OTHER_SITE.login, secretKey: OTHER_SITE.secretKey };

  describe('refusals', () => {
    it('has the documented shape, in the language asked for', async () => {
      const wrong = { auth: { ...auth(), tranKey: Buffer.alloc(32).toString('base64') } };
      const english = await create(wrong);
      const spanish = await create({ ...wrong, locale: 'es_CO' });
      const unsaid = await create({ ...wrong, locale: undefined });

      expect(english.status).toBe(401);
      expect(english.json).toEqual({
        status: { status: 'FAILED', reason: 401, message: 'Authentication failed 102', date: SEED },
      });
      expect(at(spanish.json, 'status.message')).toBe('Autenticación fallida 102');
      expect(at(unsaid.json, 'status.message')).toBe('Autenticación fallida 102');
    });

    it.each([
      [101, 'unknown-login', () => ({ auth: auth({ login: 'nobody' }) })],
      [102, 'secret-of-another-site', () => ({ auth: auth({ secretKey: OTHER_SITE.secretKey }) })],
      [103, 'seed-too-old', () => ({ auth: auth({ seed: formatDate(START - 360_000) }) })],
      [103, 'seed-in-future', () => ({ auth: auth({ seed: formatDate(START + 360_000) }) })],
      [103, 'seed-unreadable', () => ({ auth: auth({ seed: 'now' }) })],
      [103, 'seed-without-zone', () => ({ auth: auth({ seed: '2026-03-01T12:00:00' }) })],
      [107, 'wrong-type', () => ({ auth: { ...auth(), nonce: 12 } })],
      [107, 'wrong-type', () => ({ auth: { ...auth(), additional: 'x' } })],
      [107, 'too-long', () => ({ auth: { ...auth(), login: 'x'.repeat(33) } })],
      [107, 'too-long', () => ({ auth: auth({ rawNonce: Buffer.alloc(192) }) })],
      [107, 'nonce-not-base64', () => ({ auth: { ...auth(), nonce: 'ab-_' } })],
    ])('answers %d (%s)', async (code, reason, changes) => {
      const answer = await create(changes());

      expect(answer.status).toBe(401);
      expect(at(answer.json, 'status.message')).toBe(`Authentication failed ${code}`);
      expect(lastReason(simulator)).toMatchObject({ code: reason });
    });

    it.each(SANDBOX_ACCOUNTS.placetopay.slice(2).map((site, index) => [104 + index, site] as const))(
      'answers %d for the site %j',
      async (code, { login, secretKey }) => {
        expect(at((await create({}, { login, secretKey })).json, 'status.message')).toContain(String(code));
      },
    );

    it('does not tell the state of a site to somebody without its secret', async () => {
      simulator.placetopay.setSiteState(SITE.login, 'expired');
      const right = await create();
      const wrong = await create({}, { secretKey: 'wrong' });

      expect(at(right.json, 'status.message')).toContain('105');
      expect(at(wrong.json, 'status.message')).toContain('102');
    });

    it.each([
      ['auth-missing', { auth: undefined }, 'application/json'],
      ['auth-missing', { auth: [] }, 'application/json'],
      ['member-missing', { auth: { ...auth(), seed: undefined } }, 'application/json'],
      ['not-json', { auth: auth() }, 'text/plain'],
    ])('calls an auth malformed that it does not find (%s): %j as %s', async (code, changes, contentType) => {
      const ask = (path: string, more: object) =>
        send(url, path, { headers: { 'Content-Type': contentType }, body: JSON.stringify({ ...more, ...changes }) });
      const said = async (path: string, more: object) => at((await ask(path, more)).json, 'status.message');

      expect((await ask('/api/session', SESSION)).status).toBe(401);
      expect(await said('/api/session', SESSION)).toBe('Malformed authentication');
      expect(await said('/api/payment-link', LINK)).toBe('Autenticación mal formada');
      expect(lastReason(simulator)).toMatchObject({ code });
      simulator.updateSettings({ placetopay: { missingMembersAs: 'code' } });
      expect(await said('/api/session', SESSION)).toBe('Authentication failed 100');
    });

    it('knows codes 101 to 104 only at Payment Links, whose page has no others', async () => {
      const said = async (changes: object) => {
        const body = { ...LINK, locale: 'en_US', auth: { ...auth(), ...changes } };
        return at((await sendJson(url, '/api/payment-link', body)).json, 'status.message');
      };

      expect(await said({ tranKey: 'x'.repeat(65) })).toBe('102 (Authentication Failed)');
      expect(lastReason(simulator)).toMatchObject({ code: 'too-long', input: 'auth.tranKey' });
      expect(await said({ tranKey: 12 })).toBe('102 (Authentication Failed)');
      expect(await said({ nonce: 'ab-_' })).toBe('Malformed authentication');
      expect(lastReason(simulator)).toMatchObject({ code: 'nonce-not-base64' });
      expect(await said({ additional: 'x' })).toBe('Malformed authentication');
    });

    it.each([
      ['es_CO', 'Fallo al obtener información del sitio', 'Autenticación fallida 101'],
      ['en_US', 'Failed to obtain site information', 'Authentication failed 101'],
    ])('tells in %s of a site of another environment, whoever asks', async (locale, linkMessage, sessionMessage) => {
      simulator.placetopay.setSiteState(SITE.login, 'other-environment');
      const link = await sendJson(url, '/api/payment-link', { ...LINK, locale, auth: auth() });
      const session = await create({ locale }, { secretKey: 'wrong' });

      expect([link.status, session.status]).toEqual([401, 401]);
      expect(at(link.json, 'status.message')).toBe(linkMessage);
      expect(at(session.json, 'status.message')).toBe(sessionMessage);
      expect(lastReason(simulator)).toMatchObject({ code: 'site-other-environment', input: 'auth.login' });
    });

    it.each([
      ['hex', 'digest-hex', 102],
      ['base64 of hex', 'base64 was made of the hex text', 107],
      ['SHA-1 over the base64 nonce', 'nonce-base64-hashed', 102],
    ])('says which mistake it was: %s', async (mistake, told, code) => {
      const right = auth({ rawNonce: Buffer.from('0123456789abcdef') });
      const hex = createHash('sha256').update(`0123456789abcdef${SEED}${SITE.secretKey}`).digest('hex');
      const sha1 = createHash('sha1').update(`${right.nonce}${SEED}${SITE.secretKey}`).digest('base64');
      const tranKey = { hex, 'base64 of hex': Buffer.from(hex).toString('base64') }[mistake] ?? sha1;
      const answer = await create({ auth: { ...right, tranKey } });

      expect(at(answer.json, 'status.message')).toContain(String(code));
      expect(JSON.stringify(lastReason(simulator))).toContain(told);
    });

    it('takes the forms other products are documented with', async () => {
      const missing = { auth: { ...auth(), seed: undefined } };
      simulator.updateSettings({
        placetopay: { missingMembersAs: 'prose', reasonAs: 'string', authFailureHttpStatus: 400 },
      });
      const answer = await create(missing);

      expect(answer.status).toBe(400);
      expect(at(answer.json, 'status.reason')).toBe('400');
      expect(at(answer.json, 'status.message')).toBe(
        'Authentication does not contain all required parameters (login, tranKey, seed, nonce)',
      );
    });

    it('lets a nonce be replayed until told otherwise, and never longer than the window', async () => {
      const same = { auth: auth() };
      const before = [(await create(same)).status, (await create(same)).status];
      simulator.updateSettings({ placetopay: { refuseReplayedNonce: true } });
      const after = [(await create(same)).status, (await create(same)).status];

      expect([before, after]).toEqual([
        [200, 200],
        [200, 401],
      ]);
      expect(lastReason(simulator)).toMatchObject({ code: 'nonce-replayed' });
    });

    it.each([107, 200, 10001])('answers the code %d through a fault', async (placetopayCode) => {
      simulator.faults.add({ gateway: 'placetopay', kind: 'status', placetopayCode });
      const answer = await create();

      expect(answer.status).toBe(401);
      expect(at(answer.json, 'status.message')).toBe(`Authentication failed ${placetopayCode}`);
    });
  });

  describe('what official clients send', () => {
    it('accepts the PHP SDK: SHA-1, a nonce that is base64 of base64, additional as a list', async () => {
      const rawNonce = Buffer.from(Buffer.from('5f2ab9c05f2ab9c0').toString('base64'));
      const answer = await create({ auth: { ...auth({ rawNonce, algorithm: 'sha1' }), additional: [] } });

      expect(answer.status).toBe(200);
    });

    it('accepts a seed of the Java SDK, without seconds and without a colon', async () => {
      expect((await create({}, { seed: '2026-03-01T07:00-0500' })).status).toBe(200);
    });
  });

  describe('sessions', () => {
    it('creates, queries and cancels', async () => {
      const created = await create();
      const queried = await sendJson(url, '/api/session/1', authOf());
      const cancelled = await sendJson(url, '/api/session/1/cancel', authOf());
      const again = await sendJson(url, '/api/session/1/cancel', { ...authOf(), locale: 'en_US' });

      expect(created.status).toBe(200);
      expect(created.json).toMatchObject({
        status: { status: 'OK', reason: 'PC', message: 'The request has been processed successfully', date: SEED },
        requestId: 1,
        processUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/session\/1\/[0-9a-f]{32}$/) as unknown,
      });
      expect(queried.json).toMatchObject({
        requestId: 1,
        status: { status: 'PENDING', reason: 'PT' },
        request: { payment: { reference: 'ORDER-1' }, returnUrl: 'https://shop.test/return' },
        payment: null,
        subscription: null,
      });
      expect(queried.text).not.toContain('tranKey');
      expect(cancelled.json).toMatchObject({
        status: { status: 'OK' },
        session: { status: { status: 'REJECTED', reason: 'MC' } },
      });
      expect(again.status).toBe(400);
      expect(again.json).toMatchObject({
        status: { reason: 'action_not_allowed', message: 'Sessions that are not pending cannot be cancelled' },
      });
    });

    it('shows the outcome it is given', async () => {
      await create();
      simulator.placetopay.setSessionOutcome(1, 'APPROVED');
      const approved = await sendJson(url, '/api/session/1', authOf());
      simulator.placetopay.setSessionOutcome(1, 'REJECTED');
      const rejected = await sendJson(url, '/api/session/1', authOf());

      expect(approved.json).toMatchObject({
        status: { status: 'APPROVED', reason: '00' },
        payment: [{ status: { status: 'APPROVED' }, reference: 'ORDER-1', authorization: '999999' }],
      });
      expect(rejected.json).toMatchObject({ status: { status: 'REJECTED', reason: 'XN' } });
    });

    it.each([
      ['a subscription', { payment: undefined, subscription: { reference: 'SUB-1', description: 'Monthly' } }],
      ['a payment that subscribes', { payment: { ...SESSION.payment, subscribe: true } }],
    ])('gives the token of an approved card: %s', async (_, changes) => {
      await create(changes);
      const pending = await sendJson(url, '/api/session/1', authOf());
      simulator.placetopay.setSessionOutcome(1, 'APPROVED');
      const approved = await sendJson(url, '/api/session/1', authOf());
      const again = await sendJson(url, '/api/session/1', authOf());
      simulator.placetopay.setSessionOutcome(1, 'REJECTED');
      const rejected = await sendJson(url, '/api/session/1', authOf());

      const entry = (keyword: string, value: unknown) => ({ keyword, value, displayOn: 'none' });
      expect(approved.json['subscription']).toEqual({
        status: { status: 'OK', reason: '00', message: 'The request has been successfully approved', date: SEED },
        type: 'token',
        instrument: [
          entry('token', expect.stringMatching(/^[0-9a-f]{64}$/)),
          entry('subtoken', expect.stringMatching(/^\d{12}1111$/)),
          entry('franchise', 'visa'),
          entry('franchiseName', 'Visa'),
          entry('issuerName', 'SIMULATED BANK'),
          entry('lastDigits', '1111'),
          entry('validUntil', '2029-12-31'),
          entry('installments', null),
        ],
      });
      expect(again.json).toEqual(approved.json);
      expect([pending, rejected].map(({ json }) => json['subscription'])).toEqual([null, null]);
      expect(simulator.journal.entries({ limit: 1 })[0]?.responseBody).not.toMatch(/[0-9a-f]{64}/);
    });

    it('belongs to the site that made it', async () => {
      await create();
      const foreign = await sendJson(url, '/api/session/1', authOf(OTHER));
      const unknown = await sendJson(url, '/api/session/99', authOf());

      expect([foreign.status, unknown.status]).toEqual([404, 404]);
      expect(at(foreign.json, 'status.reason')).toBe('request_not_valid');
    });

    it.each([
      ['ipAddress', { ipAddress: undefined }],
      ['returnUrl', { returnUrl: 'not a url' }],
      ['payment', { payment: undefined }],
      ['payment.reference', { payment: { ...SESSION.payment, reference: 'x'.repeat(33) } }],
      ['payment.amount.currency', { payment: { ...SESSION.payment, amount: { currency: 'pesos', total: 1 } } }],
      ['expiration', { expiration: '2026-03-01T07:01:00-05:00' }],
      ['payer.email', { payer: { email: `${'x'.repeat(80)}@shop.test` } }],
    ])('answers 400 for an unfit %s', async (field, changes) => {
      const answer = await create(changes);

      expect(answer.status).toBe(400);
      expect(at(answer.json, 'status.status')).toBe('FAILED');
      expect(lastReason(simulator)).toMatchObject({ code: 'invalid-request', input: field });
    });

    it('shows a page where the buyer would pay, its text escaped', async () => {
      const created = await create({ returnUrl: 'https://shop.test/?a=<script>' });
      const page = await send(url, new URL(String(created.json['processUrl'])).pathname);
      const missing = await send(url, '/session/1/00');

      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.text).not.toContain('<script>');
      expect(missing.status).toBe(404);
    });
  });

  describe('payment links', () => {
    const link = (changes: object = {}) => sendJson(url, '/api/payment-link', { ...LINK, auth: auth(), ...changes });

    it('creates, queries and disables', async () => {
      const created = await link();
      const active = await sendJson(url, '/api/payment-link/1', authOf());
      const disabled = await sendJson(url, '/api/payment-link/disable/1', authOf());
      const again = await sendJson(url, '/api/payment-link/disable/1', authOf());
      const inactive = await sendJson(url, '/api/payment-link/1', authOf());

      expect(created.status).toBe(201);
      expect(created.json).toMatchObject({
        status: { status: 'OK' },
        id: 1,
        url: expect.stringContaining('genid=1') as unknown,
      });
      expect(active.json).toMatchObject({ id: 1, status: 'ACTIVE', reference: '#5321', amount: { total: 100000 } });
      expect(disabled.json).toMatchObject({ status: { status: 'OK', reason: 200 }, id: 1 });
      expect(again.status).toBe(400);
      expect(at(again.json, 'status.message')).toContain('está desactivado');
      expect(inactive.json['status']).toBe('INACTIVE');
    });

    it('expires', async () => {
      await link();
      simulator.clock.set(Date.parse('2026-03-05T13:10:50Z'));
      const late = await sendJson(url, '/api/payment-link/1', { auth: auth({ seed: '2026-03-05T13:10:50Z' }) });

      expect(late.json['status']).toBe('EXPIRED');
    });

    it('shows what was paid by it, and takes no more than it allows', async () => {
      await link({ paymentsAllowed: 2 });
      simulator.placetopay.payLink(1);
      const once = await sendJson(url, '/api/payment-link/1', authOf());
      simulator.placetopay.payLink(1);

      expect(once.json).toMatchObject({
        status: 'ACTIVE',
        totalPayments: 2,
        availablePayments: 1,
        payments: [{ id: 1, status: 'APPROVED', amount: { currency: 'COP', total: 100000 } }],
      });
      expect(() => simulator.placetopay.payLink(1)).toThrow('linkId takes no more payments');
      expect(() => simulator.placetopay.payLink(2)).toThrow('linkId is not a payment link of this simulator');
    });

    it('is closed to other sites with 401', async () => {
      await link();
      const foreign = await sendJson(url, '/api/payment-link/1', authOf(OTHER));

      expect(foreign.status).toBe(401);
      expect(at(foreign.json, 'status.message')).toBe('No tienes permisos para acceder a este sitio');
    });

    it('answers 422 with a map of errors', async () => {
      const answer = await link({ name: undefined, expirationDate: '2020-01-01 00:00:00' });

      expect(answer.status).toBe(422);
      expect(Object.keys(answer.json['errors'] as object)).toEqual(['name', 'expirationDate']);
    });
  });

  it('answers 404 NA for a path or method Placetopay does not have', async () => {
    const path = await sendJson(url, '/api/nothing', authOf());
    const method = await send(url, '/api/session/1');

    expect([path.status, method.status]).toEqual([404, 404]);
    expect(at(path.json, 'status.reason')).toBe('NA');
  });
});
