import { connect } from 'node:net';
import {
  alignetNonceRequest,
  alignetTokenRequest,
  at,
  NETZME,
  netzmeCall,
  netzmeTokenRequest,
  PEN,
  placetopayAuth,
  send,
  sendJson,
  SITE,
  START,
  startSimulator,
} from '../test/clients';
import { GatewaySimulator, SANDBOX_ACCOUNTS, SimulatorInputError, SimulatorStartError } from './index';

const BALANCE = `/api/aggregator/merchant/qr/balance/detail?userId=${NETZME.userId}`;

describe('GatewaySimulator', () => {
  let simulator: GatewaySimulator;

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());

  it('gives every gateway and the control server a port of its own', () => {
    const { alignet, placetopay, netzme, control } = simulator.urls;
    const urls = [alignet, placetopay, netzme, control];

    expect(new Set(urls).size).toBe(4);
    expect(urls.every((url) => /^http:\/\/127\.0\.0\.1:\d+$/.test(url))).toBe(true);
  });

  it('has frozen sandbox accounts that fit the documented limits', () => {
    expect(Object.isFrozen(SANDBOX_ACCOUNTS.alignet[0])).toBe(true);
    expect(
      SANDBOX_ACCOUNTS.placetopay.every(({ login, secretKey }) => login.length <= 32 && secretKey.length <= 32),
    ).toBe(true);
  });

  describe('start', () => {
    it.each(['0.0.0.0', '192.0.2.1', 'gateway.test', '::'])('refuses to listen on %s', async (host) => {
      await expect(GatewaySimulator.start({ host })).rejects.toThrow(/is not a loopback address/);
    });

    it('listens on all addresses when allowed to, the control server on loopback still', async () => {
      const open = await GatewaySimulator.start({ host: '0.0.0.0', allowNonLoopback: true });
      const answer = await alignetTokenRequest(open.urls.alignet);
      const { control } = open.urls;
      await open.stop();

      expect(answer.status).toBe(200);
      expect(control).toMatch(/^http:\/\/127\.0\.0\.1:/);
    });

    it('says which port is in use, and leaves nothing running', async () => {
      const taken = Number(new URL(simulator.urls.netzme).port);
      const failing = GatewaySimulator.start({ ports: { placetopay: taken } });

      await expect(failing).rejects.toBeInstanceOf(SimulatorStartError);
      await expect(failing).rejects.toThrow(`port ${taken} of 127.0.0.1 (placetopay) is already in use`);
    });

    it.each([
      ['alignet.tokenLifetime', { settings: { alignet: { tokenLifetime: 1 } } }],
      ['netzme.statusAs', { settings: { netzme: { statusAs: 'boolean' } } }],
      ['placetopay.seedToleranceSeconds', { settings: { placetopay: { seedToleranceSeconds: -1 } } }],
      ['unknown', { settings: { unknown: {} } }],
      ['accounts.netzme[0].clientSecret', { accounts: { netzme: [{ ...NETZME, clientSecret: '' }] } }],
      ['accounts.alignet[1].clientId', { accounts: { alignet: [PEN, PEN] } }],
    ])('names the option %s it cannot use', async (field, options) => {
      const failing = GatewaySimulator.start(options as object);

      await expect(failing).rejects.toBeInstanceOf(SimulatorInputError);
      await expect(failing).rejects.toMatchObject({ field });
    });

    it('replaces the accounts of one gateway and keeps the others', async () => {
      const account = { login: 'mine', secretKey: 'my-key' };
      const own = await startSimulator({ accounts: { placetopay: [account] } });
      const mine = placetopayAuth({ ...account, seed: '2026-03-01T12:00:00Z' });
      const answer = await sendJson(own.urls.placetopay, '/api/session/1', { auth: mine });
      const token = await alignetTokenRequest(own.urls.alignet);
      await own.stop();

      expect([answer.status, token.status]).toEqual([404, 200]);
    });
  });

  describe('stop', () => {
    it('ends open sockets and delayed requests, and may be called twice', async () => {
      const short = await GatewaySimulator.start();
      const idle = connect(Number(new URL(short.urls.netzme).port), '127.0.0.1');
      const idleClosed = new Promise((resolve) => idle.once('close', resolve));
      await new Promise((resolve) => idle.once('connect', resolve));
      short.faults.add({ gateway: 'alignet', kind: 'delay', delayMs: 600_000 });
      const delayed = alignetTokenRequest(short.urls.alignet).catch((error: NodeJS.ErrnoException) => error.code);
      while (short.counters().alignet.token === 0) await new Promise((resolve) => setImmediate(resolve));
      await Promise.all([short.stop(), short.stop()]);
      await short.stop();

      expect(await delayed).toBe('ECONNRESET');
      await idleClosed;
    });
  });

  describe('the clock', () => {
    it('rules the Date header, and dates in bodies', async () => {
      simulator.clock.set(Date.parse('2030-01-01T00:00:00Z'));
      const answer = await sendJson(simulator.urls.placetopay, '/api/session', { auth: {} });

      expect(answer.headers.date).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
      expect(at(answer.json, 'status.date')).toBe('2029-12-31T19:00:00-05:00');
    });

    it('advances, goes back, and returns to the base clock', () => {
      simulator.clock.advance(1000);
      simulator.clock.advance(-500);
      const moved = simulator.clock.now();
      simulator.clock.reset();

      expect([moved, simulator.clock.now()]).toEqual([START + 500, START]);
    });

    it.each([Number.NaN, Infinity, 9e15])('refuses %d', (value) => {
      expect(() => simulator.clock.set(value)).toThrow(SimulatorInputError);
    });
  });

  describe('the journal', () => {
    it('holds no secret, token, nonce, digest or signature, whatever was sent', async () => {
      simulator.updateSettings({ explainRefusals: true });
      const { alignet, placetopay, netzme } = simulator.urls;
      const token = await alignetTokenRequest(alignet);
      const nonce = await alignetNonceRequest(alignet, token.json['access_token']);
      await sendJson(alignet, '/simulator/flex/redeem', { nonce: nonce.json['nonce'] });
      await sendJson(alignet, '/token', { clientSecret: PEN.clientSecret, oops: [PEN.clientSecret] });
      const auth = placetopayAuth({ seed: '2026-03-01T12:00:00Z' });
      await sendJson(placetopay, `/api/session?secretKey=${SITE.secretKey}&x=${SITE.secretKey}`, { auth });
      await sendJson(placetopay, '/api/session', { auth: { ...auth, seed: SITE.secretKey } });
      const netzmeToken = await netzmeTokenRequest(netzme);
      const bearer = String(netzmeToken.json['access_token']);
      await netzmeCall(netzme, { token: bearer, target: `${BALANCE}&t=${bearer}` });
      await netzmeCall(netzme, { token: bearer, target: BALANCE, secret: 'wrong' });
      await send(netzme, '/x', { method: 'POST', body: `secret=${NETZME.clientSecret}` });

      const shown = JSON.stringify([simulator.journal.entries(), simulator.counters()]);
      const state = await send(simulator.urls.control, '/state');
      const secrets = [
        PEN.clientSecret,
        SITE.secretKey,
        NETZME.clientSecret,
        String(token.json['access_token']),
        String(token.json['refresh_token']),
        String(nonce.json['nonce']),
        bearer,
        auth.tranKey,
        auth.nonce,
        Buffer.from(`${NETZME.clientId}:${NETZME.clientSecret}`).toString('base64'),
      ];
      expect(simulator.journal.entries()).toHaveLength(10);
      expect(secrets.filter((secret) => shown.includes(secret) || state.text.includes(secret))).toEqual([]);
      expect(shown).not.toMatch(/[0-9a-f]{64}/);
    });

    it('tells what was asked, what came of it, and why', async () => {
      await alignetTokenRequest(simulator.urls.alignet);
      await netzmeCall(simulator.urls.netzme, { token: 'x', target: BALANCE });
      const [accepted, refused] = simulator.journal.entries();

      expect(accepted).toMatchObject({
        id: expect.any(Number) as unknown,
        at: START,
        gateway: 'alignet',
        operation: 'token',
        method: 'POST',
        target: '/token',
        status: 200,
        verdict: 'accepted',
      });
      expect(refused).toMatchObject({
        gateway: 'netzme',
        status: 401,
        verdict: 'refused',
        reason: { code: 'token-unknown' },
      });
    });

    it.each([
      ['a method in lower case', 'post /token HTTP/1.1', 'method-malformed', 'method', ['post', '/token']],
      ['a blank in the target', 'GET /a b HTTP/1.1', 'target-malformed', 'path', ['GET', '/a b']],
      ['a letter beyond ASCII', 'GET /caf\xe9 HTTP/1.1', 'target-malformed', 'path', ['GET', '/caf\xe9']],
      ['a header without a name', 'GET / HTTP/1.1\r\n: x', 'http-malformed', 'request', ['GET', '/']],
      ['something that is not HTTP', '\x16\x03\x01', 'method-malformed', 'method', ['', '']],
    ])("tells why HTTP's parser refused %s", async (_, start, code, input, [method, target]) => {
      const { port } = new URL(simulator.urls.alignet);
      const lines = [start, 'Host: x', 'X-Simulator-Explain: 1', 'Authorization: Basic c2VjcmV0', '', ''];
      const received = await new Promise<string>((resolve, reject) => {
        let text = '';
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(lines.join('\r\n'), 'latin1'));
        socket.on('data', (chunk) => (text += chunk.toString()));
        socket.on('error', reject);
        socket.on('close', () => resolve(text));
      });

      expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(received).toContain(`X-Simulator-Reason: {"code":"${code}"`);
      const [entry] = simulator.journal.entries();
      expect(entry).toMatchObject({ at: START, gateway: 'alignet', operation: 'other', method, target });
      expect(entry).toMatchObject({ status: 400, verdict: 'refused', reason: { code, input } });
      expect(JSON.stringify(entry)).not.toContain('c2VjcmV0');
      expect(simulator.counters().alignet.other).toBe(1);
    });

    it('filters, limits and forgets the oldest', async () => {
      const small = await startSimulator({ journalCapacity: 3 });
      for (let count = 0; count < 4; count += 1) await send(small.urls.netzme, `/n${count}`);
      await send(small.urls.alignet, '/a');
      const targets = (filter?: object) => small.journal.entries(filter).map(({ target }) => target);
      const seen = [targets(), targets({ gateway: 'netzme' }), targets({ limit: 1 }), targets({ operation: 'token' })];
      small.journal.clear();
      await small.stop();

      expect(seen).toEqual([['/n2', '/n3', '/a'], ['/n2', '/n3'], ['/a'], []]);
      expect(targets()).toEqual([]);
    });
  });

  it('explains a refusal in a header, only to those who ask, and never by the body', async () => {
    const call = (headers: Record<string, string>) =>
      netzmeCall(simulator.urls.netzme, { token: 'x', target: BALANCE, headers });
    const silent = await call({});
    const explained = await call({ 'X-Simulator-Explain': '1' });
    simulator.updateSettings({ explainRefusals: true });
    const always = await call({});

    expect(silent.headers).not.toHaveProperty('x-simulator-reason');
    expect(JSON.parse(String(explained.headers['x-simulator-reason']))).toMatchObject({
      code: 'token-unknown',
      input: 'Authorization',
    });
    expect(always.headers).toHaveProperty('x-simulator-reason');
    expect(explained.text).toBe(silent.text);
  });

  it('answers 413 to a body over the limit, and lets the client finish sending it', async () => {
    const huge = Buffer.alloc(1024 * 1024 + 1, 0x20);
    const answer = await send(simulator.urls.alignet, '/token', { body: huge });
    const fitting = await send(simulator.urls.alignet, '/token', { body: huge.subarray(1) });

    expect([answer.status, fitting.status]).toEqual([413, 400]);
  });

  it('restores everything by reset', async () => {
    const token = (await netzmeTokenRequest(simulator.urls.netzme)).json['access_token'];
    simulator.updateSettings({ netzme: { errorHttpStatus: 403 } });
    simulator.clock.advance(1000);
    simulator.faults.add({ gateway: 'netzme', kind: 'cut' });
    simulator.placetopay.setSiteState(SITE.login, 'inactive');
    simulator.reset();
    const answer = await netzmeCall(simulator.urls.netzme, { token: String(token), target: BALANCE });

    expect(answer.status).toBe(401);
    expect(simulator.clock.now()).toBe(START);
    expect(simulator.faults.list()).toEqual([]);
    expect(simulator.counters().netzme).toEqual({ token: 0, business: 1, tokensIssued: 0 });
    expect(simulator.settings().netzme.errorHttpStatus).toBe(401);
  });

  it('changes all of a settings patch or nothing, and hands out nothing that can be changed', () => {
    expect(() => simulator.updateSettings({ explainRefusals: true, alignet: { tokenLifetimeSeconds: 0 } })).toThrow(
      'alignet.tokenLifetimeSeconds must be a whole number from 1',
    );
    expect(simulator.settings().explainRefusals).toBe(false);
    expect(Object.isFrozen(simulator.settings().alignet)).toBe(true);
  });
});
