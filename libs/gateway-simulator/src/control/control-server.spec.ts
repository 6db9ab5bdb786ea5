import {
  alignetTokenRequest,
  at,
  NETZME,
  netzmeTokenRequest,
  placetopayAuth,
  send,
  sendJson,
  SITE,
  START,
  startSimulator,
} from '../../test/clients';
import { type GatewaySimulator } from '../index';

describe('the control API', () => {
  let simulator: GatewaySimulator;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    url = simulator.urls.control;
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());

  const patch = (body: object) => send(url, '/settings', { method: 'PATCH', body: JSON.stringify(body) });

  it('lists its routes', async () => {
    const { status, json } = await send(url, '/');

    expect(status).toBe(200);
    expect(json['routes']).toEqual(expect.arrayContaining([expect.stringContaining('POST /clock')]));
  });

  it('shows the state without any token', async () => {
    await alignetTokenRequest(simulator.urls.alignet);
    const token = (await netzmeTokenRequest(simulator.urls.netzme)).json['access_token'];
    const { json, text } = await send(url, '/state');

    expect(json).toMatchObject({
      urls: simulator.urls,
      clock: { now: START },
      counters: { alignet: { token: 1 }, netzme: { token: 1 } },
      alignet: { activeTokens: { 'sandbox-alignet-pen': 1 } },
      netzme: { tokens: { [NETZME.clientId]: { expiresAt: START + 36_000_000 } } },
      placetopay: { sites: { [SITE.login]: 'active' } },
    });
    expect(text).not.toContain(String(token));
  });

  it('moves the clock', async () => {
    const advanced = await sendJson(url, '/clock', { advanceMs: 1500 });
    const set = await sendJson(url, '/clock', { now: '2030-01-01T00:00:00Z' });
    const reset = await sendJson(url, '/clock', { reset: true });

    expect([advanced, set, reset].map(({ json }) => json['now'])).toEqual([START + 1500, 1_893_456_000_000, START]);
  });

  it('reads and empties the journal', async () => {
    await alignetTokenRequest(simulator.urls.alignet);
    await netzmeTokenRequest(simulator.urls.netzme);
    const all = await send(url, '/journal');
    const some = await send(url, '/journal?gateway=netzme&limit=5');
    await send(url, '/journal', { method: 'DELETE' });
    const none = await send(url, '/journal');

    expect([all, some, none].map(({ json }) => (json['entries'] as unknown[]).length)).toEqual([2, 1, 0]);
    expect(at(some.json, 'entries.0.operation')).toBe('token');
  });

  it('adds, lists and removes faults', async () => {
    const added = await sendJson(url, '/faults', { gateway: 'alignet', kind: 'status', status: 500 });
    await sendJson(url, '/faults', { gateway: 'alignet', kind: 'cut' });
    await send(url, `/faults/${String(added.json['id'])}`, { method: 'DELETE' });
    const left = await send(url, '/faults');
    await send(url, '/faults', { method: 'DELETE' });

    expect(at(left.json, 'faults.0.kind')).toBe('cut');
    expect(simulator.faults.list()).toEqual([]);
  });

  it('reads and changes settings', async () => {
    const changed = await patch({ netzme: { minifyBeforeCheck: false } });
    const read = await send(url, '/settings');

    expect(at(changed.json, 'netzme.minifyBeforeCheck')).toBe(false);
    expect(read.json).toEqual(changed.json);
  });

  it('does to the gateways what a test may want', async () => {
    const auth = () => placetopayAuth({ seed: '2026-03-01T12:00:00Z' });
    await alignetTokenRequest(simulator.urls.alignet);
    await netzmeTokenRequest(simulator.urls.netzme);
    await sendJson(simulator.urls.placetopay, '/api/session', {
      auth: auth(),
      payment: { reference: '1', amount: { currency: 'COP', total: 1 } },
      returnUrl: 'https://a.test',
      ipAddress: '127.0.0.1',
      userAgent: 'test',
    });
    const answers = [
      await sendJson(url, '/alignet/revoke-tokens', {}),
      await sendJson(url, '/netzme/steal-token', { clientId: NETZME.clientId }),
      await sendJson(url, '/netzme/expire-token', { clientId: NETZME.clientId }),
      await sendJson(url, '/placetopay/sessions/1/outcome', { status: 'APPROVED' }),
      await sendJson(url, '/netzme/transactions', { transactionId: 't1', amount: '51000.00', userId: NETZME.userId }),
      await sendJson(url, '/netzme/transactions', { transactionId: 't2', amount: '51000.00', status: '100' }),
    ];
    const query = await sendJson(simulator.urls.placetopay, '/api/session/1', { auth: auth() });
    const site = await sendJson(url, `/placetopay/sites/${SITE.login}`, { state: 'expired' });
    const refused = await sendJson(simulator.urls.placetopay, '/api/session/1', { auth: auth() });

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(answers[0]?.json).toEqual({ revoked: 1 });
    expect(at(query.json, 'status.status')).toBe('APPROVED');
    expect(site.status).toBe(200);
    expect(at(refused.json, 'status.message')).toContain('105');
  });

  it.each([
    ['clientId', 'POST', '/netzme/steal-token', {}],
    ['clientId', 'POST', '/netzme/expire-token', { clientId: 'nobody' }],
    ['userId', 'POST', '/netzme/transactions', { transactionId: 't', amount: '1.00', userId: 'M_NOBODY' }],
    ['transactionId', 'POST', '/netzme/transactions', { transactionId: 'a b', amount: '1.00' }],
    ['amount', 'POST', '/netzme/transactions', { transactionId: 't', amount: '1' }],
    ['amount', 'POST', '/netzme/transactions', { transactionId: 't', amount: 51000 }],
    ['status', 'POST', '/netzme/transactions', { transactionId: 't', amount: '1.00', status: 'a b' }],
    ['linkId', 'POST', '/placetopay/links/9/payments', {}],
    ['id', 'POST', '/placetopay/links/x/payments', {}],
    ['clientid', 'POST', '/alignet/revoke-tokens', { clientid: 'x' }],
    ['login', 'POST', '/placetopay/sites/nobody', { state: 'active' }],
    ['state', 'POST', `/placetopay/sites/${SITE.login}`, { state: 'asleep' }],
    ['requestId', 'POST', '/placetopay/sessions/9/outcome', { status: 'APPROVED' }],
    ['id', 'POST', '/placetopay/sessions/x/outcome', { status: 'APPROVED' }],
    ['transactionId', 'POST', '/alignet/charges/x/state', { state: 'AUTORIZADO' }],
    ['advanceMs', 'POST', '/clock', { advanceMs: '1' }],
    ['now', 'POST', '/clock', { now: 'tomorrow' }],
    ['body', 'POST', '/clock', {}],
    ['kind', 'POST', '/faults', { gateway: 'netzme' }],
    ['alignet.environment', 'PATCH', '/settings', { alignet: { environment: 'moon' } }],
    ['alignet.secret', 'PATCH', '/settings', { alignet: { secret: 1 } }],
    ['gateway', 'GET', '/journal?gateway=paypal', undefined],
    ['limit', 'GET', '/journal?limit=-1', undefined],
    ['id', 'DELETE', '/faults/none', undefined],
  ])('answers 400 naming %s: %s %s %j', async (field, method, path, body) => {
    const answer = await send(url, path, { method, ...(body && { body: JSON.stringify(body) }) });

    expect(answer.status).toBe(400);
    expect(at(answer.json, 'error.field')).toBe(field);
    expect(String(at(answer.json, 'error.message'))).toContain(field);
  });

  it('answers 400 to a body that is not JSON, and 404 to what is no route', async () => {
    const broken = await send(url, '/clock', { method: 'POST', body: '{' });
    const missing = await send(url, '/nothing');

    expect([broken.status, missing.status]).toEqual([400, 404]);
  });

  it.each(['evil.test', 'evil.test:4000', '127.0.0.1.evil.test', '192.0.2.1:80', '127.0.0.1@evil.test'])(
    'refuses the foreign Host %j, as DNS rebinding would bring it',
    async (host) => {
      expect((await send(url, '/state', { headers: { Host: host } })).status).toBe(403);
    },
  );

  it.each(['localhost:4000', '127.0.0.1', '[::1]:4000', 'LOCALHOST'])('serves the loopback Host %s', async (host) => {
    expect((await send(url, '/state', { headers: { Host: host } })).status).toBe(200);
  });

  it('refuses a foreign Origin, and lets a page on loopback read the answer', async () => {
    const foreign = await Promise.all(
      ['https://evil.test', 'null', 'http://127.0.0.1.evil.test'].map((origin) =>
        send(url, '/reset', { method: 'POST', headers: { Origin: origin } }),
      ),
    );
    const local = await send(url, '/state', { headers: { Origin: 'http://localhost:3000' } });
    const preflight = await send(url, '/clock', { method: 'OPTIONS', headers: { Origin: 'http://localhost:3000' } });

    expect(foreign.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(foreign[0]?.headers).not.toHaveProperty('access-control-allow-origin');
    expect(local.headers['access-control-allow-origin']).toBe('http://localhost:3000');
    expect(preflight.status).toBe(204);
  });
});
