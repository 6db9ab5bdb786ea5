import { type WebhookSendOrder } from '@payment-auth/gateway-simulator';
import { until } from '../support/wait';
import { type Demo, findSecrets, HOUR, MINUTE, NETZME, observed, sharedDemo } from './demo-app';
import { whenSilent } from '../support/late';
import { MovedClock } from '../support/manual-clock';

const ORDER = { reference: 'ORDER-1001', currency: 'COP', total: 12_000 };

let demo: Demo;
const clock = new MovedClock();
const freshDemo = sharedDemo({ clock });

beforeEach(async () => {
  clock.offsetMs = 0;
  demo = await freshDemo();
});

async function send(order: Omit<WebhookSendOrder, 'url' | 'gateway'>, path: string) {
  const gateway = path.includes('netzme') ? 'netzme' : 'placetopay';
  const { answers } = await demo.simulator.webhooks.send({ ...order, gateway, url: `${demo.url}/webhooks/${path}` });
  const [answer] = answers;
  if (answer === undefined) throw new Error('nothing was sent');
  return answer;
}

async function newest(): Promise<Readonly<Record<string, unknown>> | undefined> {
  return ((await demo.get('/webhooks')).json['verdicts'] as Readonly<Record<string, unknown>>[])[0];
}

describe('Checkout: the session is asked for', () => {
  const checkout = (data: object = {}) =>
    send({ scheme: 'checkout', data: { requestId: 1, ...data } }, 'placetopay/checkout');

  beforeEach(() => demo.post('/placetopay/sessions', ORDER));

  it.each(['APPROVED', 'REJECTED'] as const)('confirmed: it is %s there, too', async (outcome) => {
    demo.simulator.placetopay.setSessionOutcome(1, outcome);
    expect((await checkout()).status).toBe(200);
    expect(await newest()).toMatchObject({ reference: '1', state: outcome, confirmed: true });
    expect(await newest()).not.toHaveProperty('unconfirmed');
  });

  it('not confirmed: it is pending there, whatever the webhook says', async () => {
    const status = { status: 'APPROVED', reason: '00', message: 'Aprobada', date: '2026-11-22T05:15:30-05:00' };
    expect((await checkout({ status })).status).toBe(200);
    expect(await newest()).toMatchObject({ state: 'APPROVED', confirmed: false, unconfirmed: 'not-confirmed' });
  });

  it.each([
    ['knows no such session', () => undefined, { requestId: 7 }, 'ERR_PLACETOPAY_REQUEST'],
    [
      'fails',
      () => demo.simulator.faults.add({ gateway: 'placetopay', kind: 'status', status: 503 }),
      {},
      'ERR_PLACETOPAY_REQUEST',
    ],
    [
      'hangs up',
      () => demo.simulator.faults.add({ gateway: 'placetopay', kind: 'cut', times: 0 }),
      {},
      'ERR_GATEWAY_UNREACHABLE',
    ],
    [
      'sends us elsewhere',
      () => demo.simulator.faults.add({ gateway: 'placetopay', kind: 'redirect' }),
      {},
      'ERR_GATEWAY_REDIRECT',
    ],
  ])('answered in time all the same when Placetopay %s', async (_, spoil, data, unconfirmed) => {
    spoil();
    const answer = await checkout(data);
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(await newest()).toMatchObject({ confirmed: false, unconfirmed });
  });

  it('answered two seconds later all the same when Placetopay does not answer', async () => {
    demo.simulator.faults.add({ gateway: 'placetopay', kind: 'delay', delayMs: 10 * MINUTE });
    const wasAsked = () => demo.simulator.counters().placetopay.querySession === 1;
    expect(await whenSilent(2_000, checkout, wasAsked)).toMatchObject({ status: 200, body: '' });
    expect(await newest()).toMatchObject({ confirmed: false, unconfirmed: 'ERR_GATEWAY_TIMEOUT' });
  });
});

describe('Payment Links: the link is asked for', () => {
  const link = (data: object = {}) =>
    send({ scheme: 'payment-link', data: { linkId: 1, ...data } }, 'placetopay/payment-link');

  // Where no simulator can reach, so that no webhook comes by itself.
  const notificationUrl = 'https://shop.example/links';

  beforeEach(() => demo.post('/placetopay/payment-links', { ...ORDER, expiresInHours: 1, notificationUrl }));

  it('confirmed: paid by its page in the sandbox, which tells by itself', async () => {
    const { json } = await demo.post('/placetopay/payment-links', ORDER);
    const paid = await fetch(String(json['url']), { method: 'POST' });
    expect(paid.status).toBe(200);
    await until('the webhook is answered', async () => (await newest()) !== undefined);
    expect(await newest()).toMatchObject({ reference: '2', state: 'PAID', verdict: 'accepted', confirmed: true });
  });

  it('confirmed: a payment of it is approved', async () => {
    demo.simulator.placetopay.payLink(1);
    expect((await link()).status).toBe(200);
    expect(await newest()).toMatchObject({ reference: '1', state: 'PAID', confirmed: true });
  });

  it('not confirmed: nobody has paid', async () => {
    expect((await link()).status).toBe(200);
    expect(await newest()).toMatchObject({ state: 'PAID', confirmed: false, unconfirmed: 'not-confirmed' });
  });

  it('confirmed: it has expired', async () => {
    // The demo writes the time of expiry in UTC, the simulator reads Bogota's: see the page's silence on zones.
    clock.offsetMs = 7 * HOUR;
    demo.simulator.clock.advance(7 * HOUR);
    expect((await link()).status).toBe(200);
    expect(await newest()).toMatchObject({ state: 'EXPIRED', confirmed: true });
  });

  it('not confirmed: it has not expired', async () => {
    const status = { status: 'EXPIRED', reason: 200, message: 'Expirado', date: '2026-11-22T05:15:30-05:00' };
    expect((await link({ status })).status).toBe(200);
    expect(await newest()).toMatchObject({ state: 'EXPIRED', confirmed: false, unconfirmed: 'not-confirmed' });
  });
});

describe('Netzme’s legacy callback: nothing but the answer is believed', () => {
  const INVOICE = 'e337a47dc0ca4fe28e9ae1c2969dcbf5';
  const QRIS = '9933033931';
  const callback = (variant: 'invoice' | 'qris', data: object = {}) =>
    send({ scheme: 'merchant-callback', variant, data: { ...data } }, 'netzme/merchant-callback');
  const business = (): number => demo.simulator.counters().netzme.business;

  it('an invoice that was paid is acknowledged with what the page wants repeated', async () => {
    demo.simulator.netzme.addTransaction({ transactionId: INVOICE, amount: '51000.00' });
    const { status, body } = await callback('invoice');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      id: `NETZ-INV-${NETZME.userId}-20220520-172`,
      transaction_id: INVOICE,
      status: 'paid',
      merchant: NETZME.userId,
      payment_time: expect.any(String) as unknown,
    });
    expect(await newest()).toMatchObject({
      verdict: 'accepted',
      scheme: 'merchant-callback',
      algorithm: 'query',
      reference: INVOICE,
      state: 'paid',
      confirmed: true,
      received: 1,
      handled: 1,
    });
  });

  it('a payment by QR code likewise, and a copy of it is handled no second time', async () => {
    demo.simulator.netzme.addTransaction({ transactionId: QRIS, amount: '2100.00', status: '100' });
    expect([await callback('qris'), await callback('qris')].map(({ status }) => status)).toEqual([200, 200]);
    expect(await newest()).toMatchObject({ reference: QRIS, state: '100', received: 2, handled: 1 });
    const { statistics } = (await demo.get('/webhooks')).json;
    expect(statistics).toEqual([
      { gateway: 'netzme', scheme: 'merchant-callback', accepted: { query: 2 }, refused: {} },
    ]);
  });

  it.each([
    ['no transaction at all', {}, undefined],
    ['another amount', {}, { amount: '51000.01' }],
    ['another transaction', {}, { transactionId: `${INVOICE}0` }],
    ['another state', {}, { status: 'expired' }],
    ['less than is claimed', { amount: 510_000 }, {}],
  ])('403 when Netzme has %s', async (_, claim, transaction) => {
    if (transaction !== undefined) {
      demo.simulator.netzme.addTransaction({ transactionId: INVOICE, amount: '51000.00', ...transaction });
    }
    expect((await callback('invoice', claim)).status).toBe(403);
    expect(await newest()).toMatchObject({ verdict: 'refused', status: 403, reason: 'not-confirmed' });
  });

  it('another merchant’s is refused, and nobody asked', async () => {
    expect((await callback('invoice', { merchant: 'M_SOMEBODY_ELSE' })).status).toBe(403);
    expect(await newest()).toMatchObject({ status: 403, reason: 'unknown-merchant' });
    expect(business()).toBe(0);
  });

  it.each([{ status: null }, { transaction_id: null }, { merchant: 'a b' }, { amount: 'much' }])(
    'what is no callback is refused, and nobody asked: %j',
    async (data) => {
      expect((await callback('invoice', data)).status).toBe(400);
      expect(await newest()).toMatchObject({ status: 400, reason: 'malformed-body' });
      expect(business()).toBe(0);
    },
  );

  it('503 while Netzme cannot be asked, and not why; it sends again, and then it is believed', async () => {
    demo.simulator.netzme.addTransaction({ transactionId: INVOICE, amount: '51000.00' });
    demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', status: 500 });
    const { status, body } = await callback('invoice');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      statusCode: 503,
      code: 'ERR_WEBHOOK_UNCONFIRMED',
      reason: 'query-failed',
      message: 'It could not be confirmed now.',
    });
    expect((await callback('invoice')).status).toBe(200);
  });

  it('makes no more than 60 queries in a minute, whoever sends how many', async () => {
    const statuses = [];
    for (let count = 0; count < 70; count += 1) statuses.push((await callback('invoice')).status);
    expect(statuses).toEqual([...Array<number>(60).fill(403), ...Array<number>(10).fill(429)]);
    expect(business()).toBe(60);
  });
});

it('no secret and no token left the demo, in no answer and no log line', () => {
  expect(observed().answers).toBeGreaterThan(30);
  expect(observed().logLines).toBeGreaterThan(30);
  expect(findSecrets()).toEqual({ answers: [], logs: [] });
});
