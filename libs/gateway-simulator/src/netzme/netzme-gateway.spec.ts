import vectors from '../../../../test/vectors/netzme-vectors.json';
import {
  at,
  lastReason,
  NETZME,
  netzmeCall,
  netzmeTokenRequest,
  send,
  sendJson,
  START,
  startSimulator,
} from '../../test/clients';
import { GatewaySimulator, SANDBOX_ACCOUNTS } from '../index';

const NETZME_TOKEN_BODY = { grant_type: 'client_credentials' };
const BALANCE = `/api/aggregator/merchant/qr/balance/detail?userId=${NETZME.userId}`;
const INQUIRY = '/api/aggregator/merchant/qr/withdraw/inquiry';

describe('the simulated Netzme', () => {
  let simulator: GatewaySimulator;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    url = simulator.urls.netzme;
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());

  async function freshToken(path?: string): Promise<string> {
    return String((await netzmeTokenRequest(url, path)).json['access_token']);
  }

  describe('tokens', () => {
    it.each([
      ['/oauth/merchant/accesstoken', 10],
      ['/oauth/token/accesstoken', 24],
    ])('come from %s and live %d hours', async (path, hours) => {
      const { status, json } = await netzmeTokenRequest(url, path);

      expect(status).toBe(200);
      expect(json).toEqual({
        status: 'SUCCEES',
        username: NETZME.clientId,
        access_token: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        token_type: 'bearer',
        expiry_token: START + hours * 3_600_000,
      });
    });

    it('are one per client: a new one ends the one before', async () => {
      const first = await freshToken();
      const second = await freshToken('/oauth/token/accesstoken');
      const alive = await netzmeCall(url, { token: second, target: BALANCE });
      const ended = await netzmeCall(url, { token: first, target: BALANCE });

      expect([alive.status, ended.status]).toEqual([200, 401]);
      expect(lastReason(simulator)).toMatchObject({ code: 'token-replaced' });
      expect(simulator.counters().netzme).toEqual({ token: 2, business: 2, tokensIssued: 2 });
    });

    it('die when stolen, when expired by hand, and when their time is over', async () => {
      const stolen = await freshToken();
      simulator.netzme.stealToken(NETZME.clientId);
      await netzmeCall(url, { token: stolen, target: BALANCE });
      const stolenReason = lastReason(simulator);
      const expired = await freshToken();
      simulator.netzme.expireToken(NETZME.clientId);
      await netzmeCall(url, { token: expired, target: BALANCE });
      const expiredReason = lastReason(simulator);
      const aged = await freshToken();
      simulator.clock.advance(36_000_000);
      const answer = await netzmeCall(url, { token: aged, target: BALANCE });

      expect(stolenReason).toMatchObject({ code: 'token-replaced' });
      expect(expiredReason).toMatchObject({ code: 'token-expired' });
      expect(answer.status).toBe(401);
      expect(simulator.counters().netzme.tokensIssued).toBe(3);
    });

    it('are good for the client they were issued to, and for no other', async () => {
      const { clientId, clientSecret } = SANDBOX_ACCOUNTS.netzme[1];
      const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
      const headers = { Authorization: `Basic ${basic}` };
      const { json } = await sendJson(url, '/oauth/merchant/accesstoken', NETZME_TOKEN_BODY, headers);
      const answer = await netzmeCall(url, { token: String(json['access_token']), target: BALANCE });

      expect(answer.status).toBe(401);
      expect(lastReason(simulator)).toMatchObject({ code: 'client-id-differs' });
    });

    it('are refused with HTTP 200 and a word in the body', async () => {
      const wrong = await netzmeTokenRequest(url, undefined, 'wrong');
      const form = await send(url, '/oauth/merchant/accesstoken', {
        headers: {
          Authorization: `Basic ${Buffer.from(`${NETZME.clientId}:${NETZME.clientSecret}`).toString('base64')}`,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
      });
      simulator.updateSettings({ netzme: { unauthorizedHttpStatus: 401 } });
      const other = await netzmeTokenRequest(url, undefined, 'wrong');

      expect([wrong.status, form.status, other.status]).toEqual([200, 200, 401]);
      expect(wrong.json).toEqual({ status: 'UNAUTHORIZED' });
      expect(form.json).toEqual({ status: 'UNAUTHORIZED' });
    });

    it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])(
      'need the documented Content-Type, and %s is refused until told otherwise',
      async (contentType) => {
        const basic = Buffer.from(`${NETZME.clientId}:${NETZME.clientSecret}`).toString('base64');
        const ask = () =>
          send(url, '/oauth/merchant/accesstoken', {
            headers: { Authorization: `Basic ${basic}`, ...(contentType && { 'Content-Type': contentType }) },
            body: JSON.stringify(NETZME_TOKEN_BODY),
          });

        expect((await ask()).json).toEqual({ status: 'UNAUTHORIZED' });
        expect(lastReason(simulator)).toMatchObject({ code: 'content-type', input: 'Content-Type' });
        simulator.updateSettings({ netzme: { requireTokenContentType: false } });
        expect((await ask()).json).toMatchObject({ access_token: expect.any(String) as unknown });
      },
    );

    it.each(vectors.basicAuth)('reads the reference Basic header of $clientId', async (vector) => {
      const { clientId, clientSecret, authorization } = vector;
      const account = { clientId, clientSecret, userId: 'M1', balance: '0.00' };
      const other = await GatewaySimulator.start({ accounts: { netzme: [account] } });
      const answer = await send(other.urls.netzme, '/oauth/merchant/accesstoken', {
        headers: { Authorization: authorization, 'Content-Type': 'application/json' },
        body: '{"grant_type":"client_credentials"}',
      });
      await other.stop();

      expect(answer.json['username']).toBe(clientId);
    });
  });

  describe('signatures', () => {
    it.each([
      BALANCE,
      `${BALANCE}&x=%2B62&y=+62&z=a%20b`,
      `${BALANCE}&lower=%2f%c3%a9&upper=%2F%C3%A9`,
      `${BALANCE}&empty=`,
      `${BALANCE}&&a=1;b=2&quote='`,
    ])('cover the request target byte by byte: %s', async (target) => {
      expect((await netzmeCall(url, { token: await freshToken(), target })).status).toBe(200);
    });

    it.each([
      '{"requestId":"r1","type":"withdraw_inquiry","body":{"userId":"M_SANDBOX01","amount":"10000.00"}}',
      '{"type":"x","requestId":"r1","body":{"userId":"M_SANDBOX01","amount":1e4,"note":"a\\/b \\u00C9 caf\u00e9"}}',
      '{"requestId":"r1","requestId":"r2","body":{"userId":"M_SANDBOX01","amount":10000.00}}',
    ])('cover the body as it was sent: %s', async (body) => {
      const answer = await netzmeCall(url, { token: await freshToken(), target: INQUIRY, body });

      expect(answer.json['status']).toBe(100);
    });

    it("accept Netzme's own tool, which signs minified text and sends it with spaces", async () => {
      const minified = '{"requestId":"r1","type":"t","body":{"userId":"M_SANDBOX01"}}';
      const body = '{"requestId": "r1", "type": "t", "body": {"userId": "M_SANDBOX01"}}';
      const token = await freshToken();
      const tool = await netzmeCall(url, { token, target: INQUIRY, body, signed: { body: minified } });
      const unminified = await netzmeCall(url, { token, target: INQUIRY, body });
      const reason = lastReason(simulator);
      simulator.updateSettings({ netzme: { minifyBeforeCheck: false } });
      const strict = await netzmeCall(url, { token, target: INQUIRY, body, signed: { body: minified } });
      const asSent = await netzmeCall(url, { token, target: INQUIRY, body });

      expect([tool, unminified, strict, asSent].map(({ status }) => status)).toEqual([200, 401, 401, 200]);
      expect(reason).toMatchObject({ input: 'body' });
    });

    it.each([
      ['path', BALANCE, '', { path: '/api/aggregator/merchant/qr/balance/detail' }],
      ['method', BALANCE, '', { method: 'get' }],
      ['token', BALANCE, '', { token: 'bare' }],
      ['body', INQUIRY, '{"requestId":"r1","n":1.0}', { body: '{"requestId":"r1","n":1}' }],
      ['body', INQUIRY, '{"requestId":"r1","n":"\\u00e9"}', { body: '{"requestId":"r1","n":"\u00e9"}' }],
      ['body', INQUIRY, '{"requestId":"r1","b":1,"a":2}', { body: '{"a":2,"b":1,"requestId":"r1"}' }],
    ])('are refused when the %s signed differs: %s %s %j', async (input, target, body, signed) => {
      const token = await freshToken();
      const bare = 'token' in signed ? { token } : signed;
      const answer = await netzmeCall(url, { token, target, body, signed: bare });

      expect(answer.status).toBe(401);
      expect(answer.json).toMatchObject({
        status: 401,
        statusMessage: 'unauthorized',
        ts: new Date(START).toISOString(),
      });
      expect(lastReason(simulator)?.input).toContain(input);
    });

    it('are refused as base64, or with another secret', async () => {
      const token = await freshToken();
      const base64 = await netzmeCall(url, { token, target: BALANCE, encoding: 'base64' });
      const wrong = await netzmeCall(url, { token, target: BALANCE, secret: 'wrong' });

      expect([base64.status, wrong.status]).toEqual([401, 401]);
    });

    it('are refused with a sentence about two mistakes at once', async () => {
      const path = '/api/aggregator/merchant/qr/balance/detail';
      await netzmeCall(url, { token: await freshToken(), target: BALANCE, signed: { path }, encoding: 'base64' });

      const { code, message } = lastReason(simulator) ?? {};
      expect(code).toBe('signature-path+signature-encoding');
      expect(message).toBe('The client signed the path without its query, and in base64; send lower-case hex.');
    });

    it.each([
      ['Client-Id', 'client-id-unknown', { 'Client-Id': 'nobody' }],
      ['Request-Time', 'request-time-malformed', { 'Request-Time': '2026-03-01T12:00:00Z' }],
      ['Authorization', 'authorization-malformed', { Authorization: 'bearer abc' }],
      ['Authorization', 'token-unknown', { Authorization: 'Bearer abc' }],
    ])('are not even looked at when %s is unfit (%s)', async (input, code, headers) => {
      const answer = await netzmeCall(url, { token: await freshToken(), target: BALANCE, headers });

      expect(answer.status).toBe(401);
      expect(lastReason(simulator)).toMatchObject({ code, input });
    });

    it('may be of any time, until a tolerance is set', async () => {
      const token = await freshToken();
      const time = String(START + 36_000_000);
      const before = await netzmeCall(url, { token, target: BALANCE, time });
      simulator.updateSettings({ netzme: { requestTimeToleranceSeconds: 300 } });
      const after = await netzmeCall(url, { token, target: BALANCE, time });

      expect([before.status, after.status]).toEqual([200, 401]);
    });

    it.each([
      ['0', 'request-time-malformed', 'not Unix time in milliseconds'],
      [String(START / 1000), 'request-time-in-seconds', 'is in seconds'],
      [`${START}000`, 'request-time-malformed', 'not Unix time in milliseconds'],
    ])('need a time in milliseconds, which %s is not', async (time, code, message) => {
      const token = await freshToken();
      const refused = await netzmeCall(url, { token, target: BALANCE, time });
      expect(refused.status).toBe(401);
      expect(lastReason(simulator)).toMatchObject({ code, input: 'Request-Time' });
      expect(lastReason(simulator)?.message).toContain(message);

      simulator.updateSettings({ netzme: { requireMillisecondTime: false } });
      expect((await netzmeCall(url, { token, target: BALANCE, time })).status).toBe(200);
    });

    it('may have to be made over escaped text', async () => {
      simulator.updateSettings({ netzme: { nonAscii: 'escaped' } });
      const token = await freshToken();
      const body = '{"requestId":"r1","body":{"userId":"M_SANDBOX01","note":"caf\u00e9"}}';
      const raw = await netzmeCall(url, { token, target: INQUIRY, body });
      const escaped = body.replace('\u00e9', '\\u00e9');
      const signedEscaped = await netzmeCall(url, { token, target: INQUIRY, body, signed: { body: escaped } });

      expect([raw.status, signedEscaped.status]).toEqual([401, 200]);
    });
  });

  describe('operations', () => {
    const call = async (target: string, body?: string) =>
      netzmeCall(url, { token: await freshToken(), target, ...(body && { body }) });
    const inquiry = (body: object) =>
      call(INQUIRY, JSON.stringify({ requestId: 'r1', type: 'withdraw_inquiry', body }));

    it('answer in the envelope, with status 100', async () => {
      const balance = await call(BALANCE);
      const list = await call(
        `/api/aggregator/merchant/qr/transaction/list?userId=${NETZME.userId}&startdate=2026-01-01&enddate=2026-01-31&page=1`,
      );
      const withdraw = await inquiry({ userId: NETZME.userId, amount: '10000.00' });

      expect(balance.json).toMatchObject({ status: 100, body: { userId: NETZME.userId, balance: NETZME.balance } });
      expect(list.json).toMatchObject({ status: 100, body: { page: 1, transactions: [] } });
      expect(withdraw.json).toMatchObject({
        requestId: 'r1',
        type: 'withdraw_inquiry',
        status: 100,
        body: { amount: '10000.00' },
      });
    });

    it("know the user of the documentation's sample", async () => {
      const documented = 'M_pXAFWzCg';
      const balance = await call(`/api/aggregator/merchant/qr/balance/detail?userId=${documented}`);
      simulator.netzme.addTransaction({ transactionId: 't1', amount: '1.00' }, documented);
      const list = (userId: string) =>
        call(
          `/api/aggregator/merchant/qr/transaction/list?userId=${userId}&startdate=2026-03-01&enddate=2026-03-02&page=1`,
        );

      expect(balance.json).toMatchObject({ status: 100, body: { userId: documented, balance: NETZME.balance } });
      expect((await inquiry({ userId: documented, amount: '1.00' })).json).toMatchObject({
        status: 100,
        body: { userId: documented },
      });
      expect((await list(documented)).json).toMatchObject({ body: { userId: documented, total: 1 } });
      expect((await list(NETZME.userId)).json).toMatchObject({ body: { userId: NETZME.userId, total: 0 } });
    });

    it('list the payments that somebody told of, by days in Jakarta', async () => {
      const days = (from: string, to: string, page = 1) =>
        call(
          `/api/aggregator/merchant/qr/transaction/list?userId=${NETZME.userId}&startdate=${from}&enddate=${to}&page=${page}`,
        );
      // 17:00 in London is midnight of the next day in Jakarta.
      simulator.clock.set(Date.parse('2026-03-05T16:59:59Z'));
      simulator.netzme.addTransaction({ transactionId: 'before', amount: '1.00', status: '100' });
      simulator.clock.set(Date.parse('2026-03-05T17:00:00Z'));
      for (let count = 1; count <= 21; count += 1) {
        simulator.netzme.addTransaction({ transactionId: `t${count}`, amount: '51000.00' }, NETZME.userId);
      }
      const idsOf = async (answer: ReturnType<typeof days>) =>
        ((await answer).json['body'] as { transactions: { transactionId: string }[] }).transactions.map(
          ({ transactionId }) => transactionId,
        );

      expect(at((await days('2026-03-05', '2026-03-05')).json, 'body')).toMatchObject({
        total: 1,
        transactions: [
          { transactionId: 'before', amount: 'IDR 1.00', status: '100', ts: '2026-03-05 23:59:59.000000+0700' },
        ],
      });
      expect(await idsOf(days('2026-03-06', '2026-03-06'))).toHaveLength(20);
      expect(await idsOf(days('2026-03-06', '2026-03-06', 2))).toEqual(['t21']);
      expect(await idsOf(days('2026-03-07', '2026-03-31'))).toEqual([]);
      simulator.reset();
      expect(await idsOf(days('2026-01-01', '2026-12-31'))).toEqual([]);
    });

    it('fail with HTTP 200 and a status in the envelope', async () => {
      const stranger = await call('/api/aggregator/merchant/qr/balance/detail?userId=M_OTHER');
      const poor = await inquiry({ userId: NETZME.userId, amount: '99999999.00' });
      const broken = await call(INQUIRY, '{"type":"x"}');
      const unknown = await call('/api/nothing');

      expect([stranger, poor, broken, unknown].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect([stranger, poor, broken, unknown].map(({ json }) => json['status'])).toEqual([302, 303, 203, 404]);
      expect(at(unknown.json, 'statusMessage')).toBe('unknown operation');
    });

    it('may carry the status as a string', async () => {
      simulator.updateSettings({ netzme: { statusAs: 'string' } });

      expect((await call(BALANCE)).json['status']).toBe('100');
    });
  });
});
