import { alignetTokenRequest, at, netzmeTokenRequest, sendJson, startSimulator } from '../../test/clients';
import { type Fault, type GatewaySimulator } from '../index';

describe('faults', () => {
  let simulator: GatewaySimulator;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    url = simulator.urls.alignet;
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());

  const inject = (fault: Partial<Fault>) => simulator.faults.add({ gateway: 'alignet', kind: 'status', ...fault });

  it('answer with a status in the shape of the gateway, once by default', async () => {
    inject({ status: 503, headers: { 'Retry-After': '7' } });
    const faulty = await alignetTokenRequest(url);
    const fine = await alignetTokenRequest(url);

    expect([faulty.status, fine.status]).toEqual([503, 200]);
    expect(faulty.headers['retry-after']).toBe('7');
    expect(faulty.json).toMatchObject({ success: false, authorization: { meta: { status: { code: '01' } } } });
    expect(simulator.counters().alignet).toMatchObject({ token: 2, tokensIssued: 1 });
    expect(simulator.journal.entries()[0]).toMatchObject({ verdict: 'fault', reason: { code: 'fault-status' } });
  });

  it.each([
    ['malformed-body', { status: 200, text: '{"status": {"status": "OK", "access_tok' }],
    ['empty-body', { status: 200, text: '' }],
    ['html', { status: 502, text: expect.stringContaining('<html>') as unknown }],
    ['ok-with-failure', { status: 200, json: expect.objectContaining({ success: false }) as unknown }],
    [
      'redirect',
      { status: 307, headers: expect.objectContaining({ location: 'https://redirected.invalid/' }) as unknown },
    ],
  ] as const)('can be a %s', async (kind, expected) => {
    inject({ kind });

    expect(await alignetTokenRequest(url)).toMatchObject(expected);
  });

  it("fail inside HTTP 200 with each gateway's own word", async () => {
    simulator.faults.add({ gateway: 'netzme', kind: 'ok-with-failure' });
    simulator.faults.add({ gateway: 'placetopay', kind: 'ok-with-failure', placetopayCode: 10001 });
    const netzme = await netzmeTokenRequest(simulator.urls.netzme);
    const placetopay = await sendJson(simulator.urls.placetopay, '/api/session', {});

    expect(netzme.json).toEqual({ status: 'UNAUTHORIZED' });
    expect(placetopay.status).toBe(200);
    expect(at(placetopay.json, 'status.message')).toBe('Autenticación fallida 10001');
  });

  it('cut the connection, before or after the work is done', async () => {
    inject({ kind: 'cut' });
    await expect(alignetTokenRequest(url)).rejects.toThrow(/socket hang up|ECONNRESET/);
    const before = simulator.counters().alignet.tokensIssued;
    inject({ kind: 'cut', afterProcessing: true });
    await expect(alignetTokenRequest(url)).rejects.toThrow(/socket hang up|ECONNRESET/);

    expect([before, simulator.counters().alignet.tokensIssued]).toEqual([0, 1]);
    expect(simulator.journal.entries()[0]).toMatchObject({ status: 0, verdict: 'fault' });
  });

  it('delay and then go on normally, and happen in the order they were added', async () => {
    inject({ kind: 'delay', delayMs: 5 });
    inject({ status: 500 });
    inject({ status: 502 });
    const answers = [await alignetTokenRequest(url), await alignetTokenRequest(url), await alignetTokenRequest(url)];

    expect(answers.map(({ status }) => status)).toEqual([500, 502, 200]);
  });

  it('meet one operation only, as often as told, or until cleared', async () => {
    inject({ operation: 'nonce', status: 500 });
    inject({ operation: 'token', status: 501, times: 2 });
    inject({ operation: 'token', status: 502, times: 0 });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await alignetTokenRequest(url)).status);
    const waiting = simulator.faults.list();
    simulator.faults.clear();
    statuses.push((await alignetTokenRequest(url)).status);

    expect(statuses).toEqual([501, 501, 502, 502, 200]);
    expect(waiting).toMatchObject([
      { operation: 'nonce', remaining: 1 },
      { status: 502, remaining: null },
    ]);
  });

  it('are met by one of many concurrent requests', async () => {
    inject({ status: 500 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => alignetTokenRequest(url)));

    expect(answers.filter(({ status }) => status === 500)).toHaveLength(1);
  });

  it('may bring a body of their own', async () => {
    inject({ status: 400, body: { error: 'x' } });
    inject({ status: 400, body: 'plain' });

    expect((await alignetTokenRequest(url)).text).toBe('{"error":"x"}');
    expect((await alignetTokenRequest(url)).text).toBe('plain');
  });

  it.each([
    ['gateway', { gateway: 'paypal' }],
    ['kind', { kind: 'explode' }],
    ['operation', { operation: 'business' }],
    ['status', { status: 42 }],
    ['delayMs', { delayMs: -1 }],
    ['times', { times: 0.5 }],
    ['headers', { headers: { 'X-A': 'a\r\nX-B: b' } }],
    ['location', { location: 'http://a\r\nX: y' }],
    ['placetopayCode', { placetopayCode: 102 }],
    ['afterProcesing', { afterProcesing: true }],
  ])('are refused for an unfit %s', (field, changes) => {
    expect(() => inject(changes as object)).toThrow(expect.objectContaining({ field }) as Error);
  });
});
