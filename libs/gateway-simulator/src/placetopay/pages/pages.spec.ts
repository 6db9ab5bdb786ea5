import {
  at,
  lastReason,
  placetopayAuth,
  type Received,
  send,
  sendJson,
  START,
  startSimulator,
} from '../../../test/clients';
import { Receiver } from '../../../test/receiver';
import { VERIFIERS } from '../../../test/webhook-verifiers';
import { type GatewaySimulator, SANDBOX_ACCOUNTS } from '../../index';
import { formatDate } from '../seed';

const EVIL = '"><script>alert(1)</script>';

describe('the pages of the simulated Placetopay', () => {
  let simulator: GatewaySimulator;
  let receiver: Receiver;
  let url: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    receiver = await new Receiver().start();
    url = simulator.urls.placetopay;
  });
  afterAll(() => Promise.all([simulator.stop(), receiver.stop()]));
  beforeEach(() => {
    simulator.reset();
    receiver.reset();
  });

  const merchant = () => ({
    alignet: SANDBOX_ACCOUNTS.alignet[0],
    placetopay: SANDBOX_ACCOUNTS.placetopay[0],
    netzme: SANDBOX_ACCOUNTS.netzme[0],
    publicKeys: { alignet: '', netzme: '' },
    now: START,
  });
  const auth = () => placetopayAuth({ seed: formatDate(simulator.clock.now()) });
  const targetOf = (address: unknown) => String(address).slice(url.length);
  const choose = (target: string, outcome: string) =>
    send(url, target, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `outcome=${outcome}`,
    });

  function expectStaticPage({ headers, text }: Received): void {
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(text).not.toMatch(/<script|\bon\w+=|style=/i);
  }

  describe('of a session', () => {
    async function session(changes: object = {}): Promise<{ id: number; page: string }> {
      const { json } = await sendJson(url, '/api/session', {
        auth: auth(),
        locale: 'en_US',
        payment: { reference: 'ORDER-1', description: 'Two seats', amount: { currency: 'COP', total: 10000 } },
        returnUrl: 'https://shop.test/return?order=1',
        ipAddress: '127.0.0.1',
        userAgent: 'browser',
        ...changes,
      });
      return { id: Number(json['requestId']), page: targetOf(json['processUrl']) };
    }
    const query = async (id: number) => (await sendJson(url, `/api/session/${id}`, { auth: auth() })).json;

    it('shows what is paid for and the four ways it may end', async () => {
      const page = await send(url, (await session()).page);

      expect(page.status).toBe(200);
      expectStaticPage(page);
      expect(page.text).toContain('<html lang="en">');
      for (const shown of ['Pay Sandbox', 'COP', '10,000', 'ORDER-1', 'Two seats', 'https://shop.test']) {
        expect(page.text).toContain(shown);
      }
      expect(page.text.match(/value="(\w+)"/g)).toEqual([
        'value="approve"',
        'value="reject"',
        'value="pending"',
        'value="cancel"',
      ]);
    });

    it('speaks the language of the session, else that of the setting', async () => {
      const spanish = await send(url, (await session({ locale: 'es_CO' })).page);
      const unsaid = await send(url, (await session({ locale: undefined })).page);

      expect(spanish.text).toContain('Dejar pendiente');
      expect(unsaid.text).toContain('<html lang="es">');
    });

    it.each([
      ['approve', { status: 'APPROVED', reason: '00' }, 1],
      ['reject', { status: 'REJECTED', reason: 'XN' }, 1],
      ['pending', { status: 'PENDING', reason: 'PT' }, 0],
      ['cancel', { status: 'REJECTED', reason: '?C' }, 1],
    ])('%s: the session is %j, the buyer returned, the shop notified %d times', async (outcome, status, times) => {
      simulator.updateSettings({ placetopay: { notificationUrl: receiver.url } });
      const { id, page } = await session();
      const answer = await choose(page, outcome);
      await receiver.until(times);

      expect(answer).toMatchObject({
        status: 303,
        text: '',
        headers: { location: 'https://shop.test/return?order=1' },
      });
      expect(await query(id)).toMatchObject({ status });
      expect(simulator.webhooks.sent()).toHaveLength(times);
      for (const { body } of receiver.received) {
        const webhook = { method: 'POST', url: receiver.url, headers: {}, body } as const;
        expect(VERIFIERS['placetopay checkout']?.(webhook, merchant(), 'sha256')).toBe(true);
        expect(JSON.parse(body)).toMatchObject({
          requestId: id,
          reference: 'ORDER-1',
          status: { status: status.status },
        });
      }
    });

    it('returns who cancels to cancelUrl, if there is one', async () => {
      const { page } = await session({ cancelUrl: 'https://shop.test/cancelled' });
      const cancelled = await choose(page, 'cancel');
      const later = await send(url, page);

      expect(cancelled.headers.location).toBe('https://shop.test/cancelled');
      expect(later.text).toContain('Cancelled by the user');
      expect(later.text).toContain('href="https://shop.test/cancelled"');
    });

    it('may be decided later, but only once', async () => {
      const { id, page } = await session();
      await choose(page, 'pending');
      await choose(page, 'reject');
      const again = await choose(page, 'approve');
      const reason = lastReason(simulator);
      const shown = await send(url, page);

      expect(again.status).toBe(409);
      expect(reason).toMatchObject({ code: 'session-ended' });
      expect(shown).toMatchObject({ status: 200 });
      expectStaticPage(shown);
      expect(shown.text).toContain('The session has ended');
      expect(shown.text).toContain('Rejected');
      expect(await query(id)).toMatchObject({ status: { status: 'REJECTED' } });
    });

    it('says so when the session has expired', async () => {
      const { id, page } = await session();
      simulator.clock.advance(30 * 60_000);
      const shown = await send(url, page);
      const late = await choose(page, 'approve');

      expect(shown.text).toContain('The session has expired');
      expect(late.status).toBe(409);
      expect(lastReason(simulator)).toMatchObject({ code: 'session-expired', input: 'expiration' });
      expect(await query(id)).toMatchObject({ status: { status: 'PENDING' } });
    });

    it.each(['javascript:alert(1)', 'data:text/html,x', 'myshop://return'])(
      'never sends anybody to %s',
      async (returnUrl) => {
        const { id, page } = await session({ returnUrl });
        const shown = await send(url, page);
        const answer = await choose(page, 'approve');

        expect(shown.text).toContain('is not http(s)');
        expect(answer).toMatchObject({ status: 200 });
        expect(answer.headers.location).toBeUndefined();
        expect(answer.text).not.toContain('href="javascript');
        expect(answer.text).not.toContain('<a ');
        expect(await query(id)).toMatchObject({ status: { status: 'APPROVED' } });
      },
    );

    it('escapes all it shows', async () => {
      const payment = { reference: EVIL, description: EVIL, amount: { currency: 'COP', total: 1 } };
      const { page } = await session({ payment, returnUrl: `https://shop.test/?a=${EVIL}` });
      const shown = await send(url, page);
      const answer = await choose(page, 'approve');
      const ended = await send(url, page);

      expectStaticPage(shown);
      expectStaticPage(ended);
      expect(answer.headers.location).toBe('https://shop.test/?a=%22%3E%3Cscript%3Ealert(1)%3C/script%3E');
    });

    it('shows an amount as it stands when its currency is none', async () => {
      const autopay = { reference: 'ORDER-1', amount: { currency: 'Pesos', total: '10000.5' } };
      const { page } = await session({ payment: undefined, autopay });
      const shown = await send(url, page);

      expect(shown.status).toBe(200);
      expect(shown.text).toContain('<dd class="amount">Pesos 10000.5</dd>');
    });

    it('is found by its code alone', async () => {
      const { page } = await session();
      const guesses = await Promise.all([
        send(url, `${page.slice(0, -1)}${page.endsWith('0') ? '1' : '0'}`),
        choose(page.slice(0, -2), 'approve'),
        send(url, '/session/99/00'),
      ]);

      expect(guesses.map(({ status }) => status)).toEqual([404, 404, 404]);
      guesses.forEach(expectStaticPage);
    });

    it('does not take an outcome it did not offer', async () => {
      const { id, page } = await session();
      const answer = await choose(page, 'APPROVED');

      expect(answer.status).toBe(400);
      expect(lastReason(simulator)).toMatchObject({ code: 'wrong-outcome', input: 'outcome' });
      expect(await query(id)).toMatchObject({ status: { status: 'PENDING' } });
    });
  });

  describe('of a payment link', () => {
    async function link(changes: object = {}): Promise<string> {
      const { json } = await sendJson(url, '/api/payment-link', {
        auth: auth(),
        locale: 'en_US',
        name: 'Membership',
        expirationDate: '2026-03-05 08:10:50',
        paymentExpiration: 15,
        payment: { amount: { currency: 'USD', total: 59.9 } },
        reference: '#5321',
        description: 'One year',
        ...changes,
      });
      return targetOf(json['url']);
    }
    const query = async () => (await sendJson(url, '/api/payment-link/1', { auth: auth() })).json;

    it('pays by it', async () => {
      const page = await link();
      const shown = await send(url, page);
      const paid = await send(url, page, { method: 'POST' });

      expectStaticPage(shown);
      expect(shown.text).toContain('59.90');
      expectStaticPage(paid);
      expect(paid.text).toContain('Payment approved');
      expect(at(await query(), 'payments')).toMatchObject([{ id: 1, status: 'APPROVED' }]);
    });

    it.each([
      ['by its page', (page: string) => send(url, page, { method: 'POST' })],
      ['by control', () => Promise.resolve(simulator.placetopay.payLink(1))],
    ])('tells of a payment %s where the link says', async (_, pay) => {
      const page = await link({ notificationUrl: `${receiver.url}/links` });
      await pay(page);
      await receiver.until(1);

      const { target, body } = receiver.latest();
      const webhook = { method: 'POST', url: receiver.url, headers: {}, body } as const;
      expect(VERIFIERS['placetopay payment-link']?.(webhook, merchant(), 'sha256')).toBe(true);
      expect([target, JSON.parse(body)]).toMatchObject(['/links', { linkId: 1, status: { status: 'PAID' } }]);
    });

    it.each([[undefined], ['https://shop.test/links'], ['nowhere'], [{ not: 'a text' }]])(
      'tells nobody at %p, which is no target, and is paid all the same',
      async (notificationUrl) => {
        const paid = await send(url, await link({ notificationUrl }), { method: 'POST' });

        expect(paid.text).toContain('Payment approved');
        expect(simulator.webhooks.sent()).toEqual([]);
      },
    );

    it('takes no more than it allows, and says so', async () => {
      const page = await link({ paymentsAllowed: 1 });
      await send(url, page, { method: 'POST' });
      const again = await send(url, page, { method: 'POST' });
      const shown = await send(url, page);

      expect([again.status, shown.status]).toEqual([409, 200]);
      expect(shown.text).toContain('takes no more payments');
      expect(at(await query(), 'payments')).toHaveLength(1);
    });

    it('says when it has expired or is disabled', async () => {
      const page = await link();
      await sendJson(url, '/api/payment-link/disable/1', { auth: auth() });
      const disabled = await send(url, page);
      const other = await link();
      simulator.clock.set(Date.parse('2026-03-05T13:10:50Z'));
      const expired = await send(url, other);

      expect(disabled.text).toContain('The link is disabled');
      expect(expired.text).toContain('The link has expired');
    });

    it('is found by its code alone', async () => {
      const page = await link();
      const guess = await send(url, page.replace(/code=../, 'code=zz'), { method: 'POST' });

      expect(guess.status).toBe(404);
      expect(at(await query(), 'payments')).toEqual([]);
    });
  });

  it('serves their style sheet', async () => {
    const style = await send(url, '/simulator/page.css');

    expect(style).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
  });

  it('keeps them in the journal like other requests, and takes faults for them', async () => {
    await send(url, '/session/99/00');
    simulator.faults.add({ gateway: 'placetopay', operation: 'page', kind: 'status', status: 503 });
    const faulted = await send(url, '/session/99/00');

    expect(faulted.status).toBe(503);
    expect(simulator.journal.entries({ operation: 'page' })).toMatchObject([
      { method: 'GET', target: '/session/99/00', status: 404, reason: { code: 'unknown-session' } },
      { status: 503, verdict: 'fault' },
    ]);
  });
});
