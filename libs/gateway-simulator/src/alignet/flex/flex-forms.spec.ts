import { Script } from 'node:vm';
import {
  alignetNonceRequest,
  alignetTokenRequest,
  at,
  lastReason,
  PEN,
  send,
  sendJson,
  startSimulator,
} from '../../../test/clients';
import { Receiver } from '../../../test/receiver';
import { type GatewaySimulator } from '../../index';
import { flexScript } from './script';

const PAYLOAD = {
  merchant_code: PEN.merchantCode,
  merchant_operation_number: '2391645',
  payment_details: { amount: '15000', currency: '604' },
};

describe('what the stand-in for Flex asks of the simulator', () => {
  let simulator: GatewaySimulator;
  let receiver: Receiver;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    receiver = await new Receiver().start();
    url = simulator.urls.alignet;
  });
  afterAll(() => Promise.all([simulator.stop(), receiver.stop()]));
  beforeEach(() => {
    simulator.reset();
    receiver.reset();
  });

  const token = async () => String((await alignetTokenRequest(url)).json['access_token']);
  const freshNonce = async () => String((await alignetNonceRequest(url, await token())).json['nonce']);
  const start = async (payload: unknown = PAYLOAD) =>
    sendJson(url, '/simulator/flex/start', { nonce: await freshNonce(), payload });
  const pay = (form: unknown, changes: object = {}) =>
    sendJson(url, '/simulator/flex/pay', { form, outcome: 'AUTORIZADO', ...changes });

  it('turns a nonce into a form, and a form into a charge', async () => {
    const started = await start();
    const paid = await pay(started.json['form'], { outcome: 'DENEGADO', method: 'QR' });
    const id = String(at(paid.json, 'transaction.transaction_id'));
    const queried = await send(url, `/charges/${PEN.merchantCode}/2391645/${id}`, {
      headers: { Authorization: `Bearer ${await token()}` },
    });

    expect(started.json).toEqual({
      success: true,
      form: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      merchant_code: PEN.merchantCode,
      merchant_operation_number: '2391645',
      payment_details: { amount: '15000', currency: '604' },
    });
    expect(paid.json).toMatchObject({
      success: 'false',
      action: 'authorize',
      merchant_operation_number: '2391645',
      transaction: { state: 'DENEGADO', payment_method: { method_name: 'QR' } },
    });
    expect(at(queried.json, 'operation.transactions.0.state')).toBe('DENEGADO');
    expect(simulator.counters().alignet).toMatchObject({ redeem: 1, pay: 1, charge: 1 });
    expect(simulator.journal.entries({ gateway: 'alignet' }).map(({ operation }) => operation)).toEqual([
      'token',
      'nonce',
      'redeem',
      'pay',
      'token',
      'charge',
    ]);
  });

  it('takes the outcome in one step too', async () => {
    const body = { nonce: await freshNonce(), payload: PAYLOAD, outcome: 'PENDIENTE', method: 'PAGOEFECTIVO' };
    const made = await sendJson(url, '/simulator/flex/redeem', body);

    expect(at(made.json, 'operation.transactions.0')).toMatchObject({
      state: 'PENDIENTE',
      payment_method: { method_name: 'PAGOEFECTIVO' },
    });
  });

  it('does not use the nonce up for an outcome nobody knows', async () => {
    const nonce = await freshNonce();
    const wrong = await sendJson(url, '/simulator/flex/redeem', { nonce, outcome: 'PAGADO' });
    const right = await sendJson(url, '/simulator/flex/redeem', { nonce, outcome: 'AUTORIZADO' });

    expect([wrong.status, right.status]).toEqual([400, 200]);
    expect(wrong.json['error']).toMatchObject({ code: 'wrong-outcome', input: 'outcome' });
  });

  it('pays by a form once, and says in the body why not again', async () => {
    const { json } = await start();
    const unknown = await pay('00');
    const unfit = await pay(json['form'], { method: 'CASH' });
    const first = await pay(json['form']);
    const again = await pay(json['form']);

    expect([unknown, unfit, first, again].map(({ status }) => status)).toEqual([409, 400, 200, 409]);
    expect(unfit.json['error']).toMatchObject({ code: 'wrong-method', input: 'method' });
    expect(again.json).toMatchObject({ success: false, error: { code: 'form-unknown', input: 'form' } });
    expect(lastReason(simulator)).toMatchObject({ code: 'form-unknown' });
  });

  it('forgets open forms when it is reset', async () => {
    const { json } = await start();
    simulator.reset();
    const paid = await pay(json['form']);

    expect([paid.status, paid.json['error']]).toEqual([409, expect.objectContaining({ code: 'form-unknown' })]);
  });

  it('lets two forms of one operation lead to one charge', async () => {
    const forms = [await start(), await start()];
    const [first, second] = [await pay(forms[0]?.json['form']), await pay(forms[1]?.json['form'])];

    expect([first.status, second.status]).toEqual([200, 500]);
    expect(second.json['error']).toMatchObject({ code: 'operation-number-used' });
  });

  it.each([
    ['AUTORIZADO', 1],
    ['DENEGADO', 1],
    ['PENDIENTE', 0],
  ])('notifies of %s %d times', async (outcome, times) => {
    simulator.updateSettings({ alignet: { notificationUrl: receiver.url } });
    await pay((await start()).json['form'], { outcome });
    await receiver.until(times);

    expect(receiver.received.map(({ body }) => at(JSON.parse(body), 'transaction.state'))).toEqual(
      times === 1 ? [outcome] : [],
    );
  });

  it('can be read by a page of any origin, refusals and injected faults too', async () => {
    const preflight = await send(url, '/simulator/flex/pay', { method: 'OPTIONS' });
    const refused = await pay('00');
    simulator.faults.add({ gateway: 'alignet', operation: 'pay', kind: 'status', status: 503 });
    const faulted = await pay('00');

    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type' },
    });
    expect([preflight, refused, faulted].map(({ headers }) => headers['access-control-allow-origin'])).toEqual([
      '*',
      '*',
      '*',
    ]);
    expect(faulted.status).toBe(503);
  });

  it('serves script and style at the paths of the real asset hosts', async () => {
    const script = await send(url, '/flex-payment-forms.min.js');
    const head = await send(url, '/main-flex-payment-forms.css', { method: 'HEAD' });
    const missing = await send(url, '/flex-payment-forms.js');

    expect(script).toMatchObject({ status: 200, text: flexScript() });
    expect(() => new Script(script.text)).not.toThrow();
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-type': 'text/css; charset=utf-8' } });
    expect(missing.status).toBe(404);
    expect(simulator.counters().alignet.asset).toBe(2);
  });
});
