import {
  alignetNonceRequest,
  alignetTokenRequest,
  at,
  lastReason,
  PEN,
  send,
  sendJson,
  START,
  startSimulator,
  USD,
} from '../../test/clients';
import { type GatewaySimulator } from '../index';

const STRICT = { 'ALG-API-VERSION': '1709847567' };

describe('the simulated Alignet', () => {
  let simulator: GatewaySimulator;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    url = simulator.urls.alignet;
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());

  async function freshToken(changes = {}): Promise<string> {
    return String((await alignetTokenRequest(url, changes)).json['access_token']);
  }
  async function freshNonce(): Promise<string> {
    return String((await alignetNonceRequest(url, await freshToken())).json['nonce']);
  }
  const redeem = (nonce: string, payload?: object) => sendJson(url, '/simulator/flex/redeem', { nonce, payload });

  describe('POST /token', () => {
    it('answers the official demo, which sends no version header', async () => {
      const { status, json, headers } = await alignetTokenRequest(url);

      expect(status).toBe(200);
      expect(json).toMatchObject({
        action: 'authorize',
        success: true,
        token_type: 'Bearer',
        expires_in: 8600,
        scope: 'create:token post:charges offline_access',
        refresh_token: expect.any(String) as unknown,
        authorization: {
          meta: { status: { code: '00', message_ilgn: [{ locale: 'es_PE', value: 'Autenticación exitosa' }] } },
        },
      });
      expect(String(json['access_token']).split('.')).toHaveLength(3);
      expect(headers['cache-control']).toBe('no-store');
      expect(simulator.counters().alignet).toMatchObject({ token: 1, tokensIssued: 1 });
    });

    it.each(['https://api.preprod.alignet.io/', 'https://api.preprod.alignet.io', 'https://api.dev.alignet.io/'])(
      'takes the documented audience %s',
      async (audience) => {
        expect((await alignetTokenRequest(url, { audience })).status).toBe(200);
      },
    );

    it.each([
      ['preprod', 'https://api.alignet.io/', 400],
      ['production', 'https://api.alignet.io/', 200],
      ['production', 'https://api.dev.alignet.io', 400],
      ['any', 'https://api.alignet.io', 200],
    ] as const)('as %s answers the audience %s with %d', async (environment, audience, status) => {
      simulator.updateSettings({ alignet: { environment } });

      expect((await alignetTokenRequest(url, { audience })).status).toBe(status);
      expect(lastReason(simulator)?.code).toBe(status === 200 ? undefined : 'audience-of-another-environment');
    });

    it.each([
      ['missing-version', {}, false],
      ['wrong-version', { 'ALG-API-VERSION': '1.0.1' }, false],
      ['wrong-version', { 'ALG-API-VERSION': '1618440906' }, false],
      [undefined, { 'ALG-API-VERSION': '1618440906' }, true],
      [undefined, STRICT, false],
    ])('where a version is required: %s for %j (legacy grants: %s)', async (code, headers, legacyGrants) => {
      const token = await freshToken();
      simulator.updateSettings({ alignet: { requireVersionHeader: true, legacyGrants } });
      const answers = [await alignetTokenRequest(url, {}, headers), await alignetNonceRequest(url, token, {}, headers)];

      expect(answers.map(({ status }) => status)).toEqual(code === undefined ? [200, 200] : [400, 400]);
      expect(lastReason(simulator)?.code).toBe(code);
    });

    it('takes its own URL as audience, with and without a slash, and configured ones', async () => {
      simulator.updateSettings({ alignet: { publicUrls: ['http://gateway.test:8080'] } });
      const audiences = [url, `${url}/`, url.replace('127.0.0.1', 'localhost'), 'http://gateway.test:8080/'];
      const answers = await Promise.all(audiences.map((audience) => alignetTokenRequest(url, { audience })));

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    it.each([
      [400, 'wrong-action', { action: 'create.nonce' }],
      [400, 'missing-member', { scope: undefined }],
      [400, 'missing-member', { client_id: 7 }],
      [400, 'too-long', { client_secret: 'x'.repeat(101) }],
      [400, 'wrong-grant', { grant_type: 'password' }],
      [400, 'unknown-audience', { audience: 'https://api.example.test' }],
      [401, 'unknown-client', { client_id: 'nobody' }],
      [401, 'wrong-secret', { client_secret: 'wrong' }],
      [401, 'wrong-secret', { client_secret: USD.clientSecret }],
      [401, 'scope-not-allowed', { scope: 'create:token admin:all' }],
      [401, 'scope-missing', { scope: 'post:charges' }],
    ])('answers %d (%s) for %j', async (status, code, changes) => {
      const answer = await alignetTokenRequest(url, changes);

      expect(answer.status).toBe(status);
      expect(answer.json['success']).toBe(false);
      expect(answer.json).not.toHaveProperty('access_token');
      expect(at(answer.json, 'authorization.meta.status.code')).toBe('01');
      expect(lastReason(simulator)).toMatchObject({ code });
    });

    it('refuses a form, and text that is not JSON', async () => {
      const form = await send(url, '/token', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials',
      });
      const broken = await send(url, '/token', { headers: { 'Content-Type': 'application/json' }, body: '{"action":' });

      expect([form.status, broken.status]).toEqual([400, 400]);
    });

    it('refuses members the OpenAPI file does not list, only under its version', async () => {
      const strict = await alignetTokenRequest(url, { extra: 1 }, STRICT);
      const unversioned = await alignetTokenRequest(url, { extra: 1 });
      const older = await alignetTokenRequest(url, { extra: 1 }, { 'ALG-API-VERSION': '1618440906' });
      simulator.updateSettings({ alignet: { refuseUnknownMembers: false } });
      const lenient = await alignetTokenRequest(url, { extra: 1 }, STRICT);

      expect([strict, unversioned, older, lenient].map(({ status }) => status)).toEqual([400, 200, 200, 200]);
    });

    it('knows the legacy grants when told to', async () => {
      simulator.updateSettings({ alignet: { legacyGrants: true } });
      const first = await alignetTokenRequest(url);
      const refreshed = await alignetTokenRequest(url, {
        grant_type: 'refresh_token',
        refresh_token: first.json['refresh_token'],
      });
      const forged = await alignetTokenRequest(url, { grant_type: 'refresh_token', refresh_token: 'forged' });
      const user = { grant_type: 'password', username: PEN.username, password: PEN.password };
      const byPassword = await alignetTokenRequest(url, user);
      const wrong = await alignetTokenRequest(url, { ...user, password: 'wrong' });

      expect([refreshed, forged, byPassword, wrong].map(({ status }) => status)).toEqual([200, 401, 200, 401]);
    });

    it('writes success and expires_in as strings, and failures as HTTP 200, when told to', async () => {
      simulator.updateSettings({ alignet: { successAs: 'string', expiresInAs: 'string', errorsAsHttp200: true } });
      const good = await alignetTokenRequest(url);
      const bad = await alignetTokenRequest(url, { client_secret: 'wrong' });

      expect(good.json).toMatchObject({ success: 'true', expires_in: '8600' });
      expect(bad.status).toBe(200);
      expect(bad.json).toMatchObject({ success: 'false' });
    });

    it('keeps earlier tokens alive, unless told that a new one ends them', async () => {
      const first = await freshToken();
      await freshToken();
      const kept = await alignetNonceRequest(url, first);
      simulator.updateSettings({ alignet: { newTokenEndsPrevious: true } });
      await freshToken();
      const ended = await alignetNonceRequest(url, first);

      expect([kept.status, ended.status]).toEqual([200, 401]);
    });
  });

  describe('POST /nonce', () => {
    it('answers the official demo with a JWT of 30 seconds', async () => {
      const { status, json } = await alignetNonceRequest(url, await freshToken());
      const claims: unknown = JSON.parse(
        Buffer.from(String(json['nonce']).split('.')[1] ?? '', 'base64url').toString(),
      );

      expect(status).toBe(200);
      expect(json).toMatchObject({
        action: 'create.nonce',
        success: true,
        expires_in: 30,
        scope: 'create:token post:charges',
        nonce_creation: {
          meta: { status: { code: '00', message_ilgn: [{ locale: 'es_PE', value: 'Código Nonce creado' }] } },
        },
      });
      expect(claims).toMatchObject({
        iss: 'Alignet JWT Builder',
        iat: START / 1000,
        exp: START / 1000 + 30,
        aud: 'https://api.dev.alignet.io',
        sub: expect.stringMatching(/^[0-9a-z]{32}$/) as unknown,
        nonce: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        scope: 'create:token post:charges offline_access',
        gty: 'client_credentials',
      });
    });

    it.each([
      ['missing', undefined, 'bearer-missing'],
      ['without its scheme', 'abc', 'bearer-malformed'],
      ['made up', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x', 'bearer-unknown'],
    ])('answers 401 for a bearer that is %s', async (_name, authorization, code) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
      const answer = await sendJson(url, '/nonce', { action: 'create.nonce' }, headers);

      expect(answer.status).toBe(401);
      expect(lastReason(simulator)).toMatchObject({ code, input: 'Authorization' });
    });

    it('answers 401 once the token is past its lifetime or revoked', async () => {
      const token = await freshToken();
      simulator.clock.advance(8_599_000);
      const last = await alignetNonceRequest(url, token);
      simulator.clock.advance(1000);
      const expired = await alignetNonceRequest(url, token);
      const another = await freshToken();
      const others = simulator.alignet.revokeTokens(USD.clientId);
      const revoked = simulator.alignet.revokeTokens();
      const dead = await alignetNonceRequest(url, another);

      expect([last.status, expired.status, dead.status]).toEqual([200, 401, 401]);
      expect(others).toBe(0);
      expect(revoked).toBeGreaterThan(0);
      expect(lastReason(simulator)).toMatchObject({ code: 'bearer-revoked' });
    });

    it.each([
      ['missing-member', { scope: undefined }],
      ['wrong-action', { action: 'authorize' }],
      ['audience-of-another-environment', { audience: 'https://api.alignet.io/' }],
      ['client-differs', { client_id: USD.clientId }],
    ])('answers 400 (%s) for %j', async (code, changes) => {
      const answer = await alignetNonceRequest(url, await freshToken(), changes);

      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ success: false, nonce_creation: { meta: { status: { code: '01' } } } });
      expect(lastReason(simulator)).toMatchObject({ code });
    });

    it.each([
      ['production', 'https://api.alignet.io', 200],
      ['production', 'https://api.preprod.alignet.io', 400],
      ['any', 'https://api.alignet.io', 200],
      ['any', 'https://api.dev.alignet.io/', 200],
      ['preprod', 'https://api.preprod.alignet.io/', 200],
    ] as const)('as %s takes the audience %s with %d', async (environment, audience, status) => {
      const token = await freshToken();
      simulator.updateSettings({ alignet: { environment } });

      expect((await alignetNonceRequest(url, token, { audience })).status).toBe(status);
    });

    it('answers 403 when the token lacks post:charges, or a scope the nonce asks for', async () => {
      const reader = await freshToken({ scope: 'create:token get:charges' });
      const lacking = await alignetNonceRequest(url, reader);
      const asking = await alignetNonceRequest(url, await freshToken(), { scope: 'post:charges delete:charges' });

      expect([lacking.status, asking.status]).toEqual([403, 403]);
      expect(lastReason(simulator)).toMatchObject({ code: 'token-lacks-scope' });
    });

    it('refuses a client_secret under the version that forbids it', async () => {
      const token = await freshToken();

      expect((await alignetNonceRequest(url, token, { client_secret: PEN.clientSecret }, STRICT)).status).toBe(400);
    });
  });

  describe('the stand-in for Flex, and charges', () => {
    it('redeems a nonce once', async () => {
      const nonce = await freshNonce();
      const first = await redeem(nonce);
      const second = await redeem(nonce);

      expect(first.status).toBe(200);
      expect(at(first.json, 'operation.transactions.0.state')).toBe('AUTORIZADO');
      expect(first.headers['access-control-allow-origin']).toBe('*');
      expect(second.status).toBe(409);
      expect(lastReason(simulator)).toMatchObject({ code: 'nonce-used' });
    });

    it('takes a nonce within its 30 seconds only', async () => {
      const [inTime, late] = [await freshNonce(), await freshNonce()];
      simulator.clock.advance(29_999);
      const accepted = await redeem(inTime);
      simulator.clock.advance(1);
      const refused = await redeem(late);

      expect([accepted.status, refused.status]).toEqual([200, 401]);
      expect(lastReason(simulator)).toMatchObject({ code: 'nonce-expired' });
    });

    it('refuses a nonce it did not sign', async () => {
      const [header, , signature] = (await freshNonce()).split('.');
      const forged = Buffer.from(JSON.stringify({ nonce: 'x', exp: 9e9 })).toString('base64url');

      expect((await redeem(`${header}.${forged}.${signature}`)).status).toBe(401);
    });

    it('makes a charge the query returns, and a reversal changes', async () => {
      const payload = {
        merchant_code: PEN.merchantCode,
        merchant_operation_number: '1234567',
        payment_details: { amount: '15000', currency: '604' },
      };
      const made = await redeem(await freshNonce(), payload);
      const transaction = String(at(made.json, 'operation.transactions.0.transaction_id'));
      const headers = { Authorization: `Bearer ${await freshToken()}` };
      const path = `/charges/${PEN.merchantCode}/1234567`;
      const found = await send(url, `${path}/${transaction}`, { headers });
      const reversed = await send(url, path, { method: 'DELETE', headers });
      simulator.alignet.setChargeState(transaction, 'LIQUIDADO');
      const settled = await send(url, `${path}/${transaction}`, { headers });
      const reused = await redeem(await freshNonce(), payload);

      expect(found.json).toMatchObject({
        success: true,
        merchant_code: PEN.merchantCode,
        operation: { merchant_operation_number: '1234567', amount: '15000', currency: '604', state: 'AUTORIZADO' },
      });
      expect(at(reversed.json, 'operation.state')).toBe('EXTORNADO');
      expect(at(settled.json, 'operation.state')).toBe('LIQUIDADO');
      expect(reused.status).toBe(500);
    });

    it.each(['DENEGADO', 'EXTORNADO', 'CANCELADO', 'LIQUIDADO'] as const)(
      'leaves a charge as it is that cannot be reversed (%s), and refuses that when told to',
      async (state) => {
        simulator.updateSettings({ alignet: { chargeState: state } });
        await redeem(await freshNonce(), { merchant_operation_number: '1234567' });
        const headers = { Authorization: `Bearer ${await freshToken()}` };
        const reverse = () => send(url, `/charges/${PEN.merchantCode}/1234567`, { method: 'DELETE', headers });
        const silent = await reverse();
        expect(silent.status).toBe(200);
        expect(silent.json).toMatchObject({ success: true, operation: { state } });

        simulator.updateSettings({ alignet: { refuseFutileReversals: true } });
        const refused = await reverse();
        expect(refused.status).toBe(400);
        expect(refused.json).toMatchObject({ success: false });
        expect(lastReason(simulator)).toMatchObject({ code: 'charge-not-reversible', input: 'path' });
        expect(lastReason(simulator)?.message).toContain(state);
      },
    );

    it('reverses a charge once where a second time is refused', async () => {
      simulator.updateSettings({ alignet: { refuseFutileReversals: true, chargeState: 'PENDIENTE' } });
      await redeem(await freshNonce(), { merchant_operation_number: '1234567' });
      const headers = { Authorization: `Bearer ${await freshToken()}` };
      const reverse = () => send(url, `/charges/${PEN.merchantCode}/1234567`, { method: 'DELETE', headers });

      expect([(await reverse()).status, (await reverse()).status]).toEqual([200, 400]);
    });

    it("hides another merchant's charge, and asks for scopes when told to", async () => {
      const made = await redeem(await freshNonce(), { merchant_operation_number: '7654321' });
      const transaction = String(at(made.json, 'operation.transactions.0.transaction_id'));
      const path = `/charges/${PEN.merchantCode}/7654321/${transaction}`;
      const foreign = await freshToken({ client_id: USD.clientId, client_secret: USD.clientSecret });
      const own = { Authorization: `Bearer ${await freshToken()}` };
      const hidden = await send(url, path, { headers: { Authorization: `Bearer ${foreign}` } });
      simulator.updateSettings({ alignet: { enforceChargeScopes: true } });
      const unscoped = await send(url, path, { headers: own });
      const anonymous = await send(url, path);

      expect([hidden.status, unscoped.status, anonymous.status]).toEqual([404, 403, 401]);
    });

    it('refuses a payload of another merchant or currency, and has then used the nonce up', async () => {
      const nonce = await freshNonce();
      const wrong = await redeem(nonce, { payment_details: { amount: '1', currency: '840' } });
      const again = await redeem(nonce);

      expect([wrong.status, again.status]).toEqual([400, 409]);
    });
  });

  it('answers 404 for a path Alignet does not have', async () => {
    expect((await send(url, '/oauth/token', { method: 'POST' })).status).toBe(404);
  });
});
