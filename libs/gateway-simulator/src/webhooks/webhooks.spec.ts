import { createHash, createHmac } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import {
  alignetNonceRequest,
  alignetTokenRequest,
  at,
  NETZME,
  OTHER_SITE,
  PEN,
  placetopayAuth,
  send,
  sendJson,
  SITE,
  START,
  startSimulator,
} from '../../test/clients';
import { Receiver } from '../../test/receiver';
import { type GatewaySimulator, SimulatorInputError, type WebhookSendOrder } from '../index';

describe('webhooks', () => {
  let simulator: GatewaySimulator;
  let receiver: Receiver;

  beforeAll(async () => {
    simulator = await startSimulator();
    receiver = await new Receiver().start();
  });
  afterAll(() => Promise.all([simulator.stop(), receiver.stop()]));
  beforeEach(() => {
    simulator.reset();
    receiver.reset();
  });

  const checkout = (changes: Partial<WebhookSendOrder> = {}): WebhookSendOrder => ({
    gateway: 'placetopay',
    scheme: 'checkout',
    url: `${receiver.url}/hooks/checkout?shop=1`,
    ...changes,
  });
  const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>);
  const auth = () => placetopayAuth({ seed: '2026-03-01T12:00:00Z' });

  async function makeSession(): Promise<number> {
    const { json } = await sendJson(simulator.urls.placetopay, '/api/session', {
      auth: auth(),
      payment: { reference: 'PEDIDO-Ñ-77', amount: { currency: 'COP', total: 12000 } },
      returnUrl: 'https://shop.test/return',
      ipAddress: '127.0.0.1',
      userAgent: 'test',
    });
    return Number(json['requestId']);
  }

  async function makeLink(expirationDate: string): Promise<number> {
    const { json } = await sendJson(simulator.urls.placetopay, '/api/payment-link', {
      auth: auth(),
      name: 'Link',
      description: 'Matrícula',
      reference: '#5321',
      expirationDate,
      paymentExpiration: 10,
      payment: { amount: { currency: 'COP', total: 1 } },
    });
    return Number(json['id']);
  }

  async function makeCharge(): Promise<string> {
    const token = await alignetTokenRequest(simulator.urls.alignet);
    const nonce = await alignetNonceRequest(simulator.urls.alignet, token.json['access_token']);
    const { json } = await sendJson(simulator.urls.alignet, '/simulator/flex/redeem', { nonce: nonce.json['nonce'] });
    return String(at(json, 'operation.transactions.0.transaction_id'));
  }

  describe('sending', () => {
    it('delivers what build gives, and tells what was answered', async () => {
      receiver.answerWith((response) => response.writeHead(202).end('{"taken": true}'));
      const built = await simulator.webhooks.build(checkout());
      const sent = await simulator.webhooks.send(checkout());

      expect(receiver.received).toEqual([
        {
          method: 'POST',
          target: '/hooks/checkout?shop=1',
          headers: expect.objectContaining({
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(built.body)),
          }) as unknown,
          body: built.body,
        },
      ]);
      expect(sent).toEqual({
        id: expect.any(Number) as unknown,
        at: START,
        gateway: 'placetopay',
        scheme: 'checkout',
        variant: 'sha256',
        account: SITE.login,
        request: expect.objectContaining({ method: 'POST', url: checkout().url }) as unknown,
        answers: [{ status: 202, body: '{"taken": true}', durationMs: expect.any(Number) as unknown }],
      });
      expect(simulator.webhooks.sent()).toEqual([sent]);
    });

    it('sends one again, to the byte, its old time and signature included', async () => {
      const first = await simulator.webhooks.send(checkout({ break: 'changed-byte', data: { reference: 'ÑANDÚ' } }));
      simulator.clock.advance(60_000);
      const again = await simulator.webhooks.resend(first.id, { copies: 2 });

      const [sent, ...copies] = receiver.received;
      expect(copies).toEqual([sent, sent]);
      expect(again).toEqual({
        ...first,
        id: first.id + 1,
        at: START + 60_000,
        answers: [expect.objectContaining({ status: 200 }), expect.objectContaining({ status: 200 })],
      });
      expect(simulator.webhooks.whole(again.id).body).toBe(sent?.body);
      expect(simulator.webhooks.sent()).toEqual([first, again]);
    });

    it.each([
      ['id', 99, {}],
      ['copies', 1, { copies: 0 }],
      ['delayMs', 1, { delayMs: -1 }],
    ])('refuses by the name of %s to send one again', async (field, id, times) => {
      const sent = await simulator.webhooks.send(checkout());
      await expect(simulator.webhooks.resend(id === 1 ? sent.id : id, times)).rejects.toMatchObject({ field });
      expect(receiver.received).toHaveLength(1);
    });

    it('keeps the case of header names, as the gateways write them', async () => {
      const raw: string[] = [];
      const listener = new Receiver();
      await listener.start();
      listener.answerWith((response) => {
        raw.push(...response.req.rawHeaders);
        response.end();
      });
      await simulator.webhooks.send({ gateway: 'netzme', scheme: 'snap-v2', url: listener.url });
      await listener.stop();

      expect(raw).toEqual(expect.arrayContaining(['X-TIMESTAMP', 'X-SIGNATURE']));
    });

    it('sends copies, byte for byte the same, after a pause each', async () => {
      const sent = await simulator.webhooks.send(checkout({ scheme: 'microsite-auth', copies: 3, delayMs: 5 }));

      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
      expect(receiver.received).toHaveLength(3);
      expect(sent.answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    });

    it('follows no redirect', async () => {
      receiver.answerWith((response) => response.writeHead(307, { Location: `${receiver.url}/elsewhere` }).end());
      const { answers } = await simulator.webhooks.send(checkout());

      expect(answers).toMatchObject([{ status: 307 }]);
      expect(receiver.received).toHaveLength(1);
    });

    const SLOW: readonly (readonly [string, (response: ServerResponse) => void])[] = [
      ['says nothing', () => undefined],
      ['drips', (response) => void setInterval(() => response.write('.'), 5).unref()],
    ];

    it.each(SLOW)('gives up on a receiver that %s', async (_, answer) => {
      simulator.updateSettings({ webhookTimeoutMs: 60 });
      receiver.answerWith(answer);
      const { answers } = await simulator.webhooks.send(checkout());

      expect(answers).toMatchObject([{ problem: 'timeout' }]);
    });

    it('reads no endless answer', async () => {
      receiver.answerWith((response) => {
        const chunk = Buffer.alloc(64 * 1024, 'a');
        const pour = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', pour);
        pour();
      });
      const { answers } = await simulator.webhooks.send(checkout());

      expect(answers).toMatchObject([{ status: 200, problem: 'too-long' }]);
      expect(answers[0]?.body.length).toBeLessThan(4200);
    });

    it('tells of an answer that was cut, and of nobody listening', async () => {
      receiver.answerWith((response) => response.socket?.destroy());
      const cut = await simulator.webhooks.send(checkout());
      const gone = await new Receiver().start();
      const { url } = gone;
      await gone.stop();
      const refused = await simulator.webhooks.send(checkout({ url }));

      expect(cut.answers).toMatchObject([{ status: 0, problem: 'ECONNRESET' }]);
      expect(refused.answers).toMatchObject([{ status: 0, body: '', problem: 'ECONNREFUSED' }]);
    });

    it('ends with the simulator', async () => {
      const short = await startSimulator();
      receiver.answerWith(() => undefined);
      const sending = short.webhooks.send(checkout({ copies: 5 }));
      await receiver.until(1);
      await short.stop();

      expect((await sending).answers).toMatchObject([{ problem: 'stopped' }]);
    });
  });

  describe('targets', () => {
    const FOREIGN = [
      'http://192.0.2.1/hook',
      'http://shop.test/hook',
      'http://0.0.0.0/hook',
      'http://[::]/hook',
      'http://169.254.169.254/latest/meta-data/',
      'http://127.0.0.1.nip.io/hook',
      'http://[::ffff:192.0.2.1]/hook',
    ];

    it.each(FOREIGN)('are on this machine, so %s is refused', async (url) => {
      await expect(simulator.webhooks.send(checkout({ url }))).rejects.toMatchObject({ field: 'url' });
      expect(() => simulator.updateSettings({ placetopay: { notificationUrl: url } })).toThrow(
        'placetopay.notificationUrl must be on loopback',
      );
    });

    it.each(['file:///etc/passwd', 'http://a:b@127.0.0.1/', 'gopher://127.0.0.1/'])(
      'are http, so %s is not one',
      (url) => {
        expect(() => simulator.updateSettings({ alignet: { notificationUrl: url } })).toThrow(SimulatorInputError);
      },
    );

    it.each([
      'http://localhost:1/',
      'http://127.9.9.9:1/',
      'http://[::1]:1/',
      'https://127.0.0.1:1/',
      'http://2130706433:1/',
    ])('may be spelt %s', async (url) => {
      expect((await simulator.webhooks.send(checkout({ url }))).answers).toMatchObject([{ status: 0 }]);
    });

    it('may be elsewhere when the simulator was started so', async () => {
      const open = await startSimulator({ allowNonLoopback: true });
      open.updateSettings({ webhookTimeoutMs: 1, alignet: { notificationUrl: 'https://shop.test/hook' } });
      const { answers } = await open.webhooks.send(checkout({ url: 'http://192.0.2.1/hook' }));
      await open.stop();

      expect(answers).toMatchObject([{ status: 0 }]);
    });

    it('are not built for but refused when they are no URL', async () => {
      const elsewhere = await simulator.webhooks.build(checkout({ scheme: 'scudo', url: 'https://shop.test/hook' }));

      expect(elsewhere.url).toBe('https://shop.test/hook');
      await expect(simulator.webhooks.build(checkout({ url: 'hook' }))).rejects.toMatchObject({ field: 'url' });
    });
  });

  describe('that speak of something the simulator holds', () => {
    it('tell the state of a session', async () => {
      const requestId = await makeSession();
      simulator.placetopay.setSessionOutcome(requestId, 'REJECTED');
      await simulator.webhooks.send(checkout({ data: { requestId } }));

      expect(bodies()).toMatchObject([
        { requestId, reference: 'PEDIDO-Ñ-77', status: { status: 'REJECTED', reason: 'XN' } },
      ]);
    });

    it('tell that a link was paid, or has expired', async () => {
      const linkId = await makeLink('2026-03-01 07:30:00');
      const order = { gateway: 'placetopay', scheme: 'payment-link', url: receiver.url, data: { linkId } } as const;
      await simulator.webhooks.send(order);
      simulator.clock.advance(3_600_000);
      await simulator.webhooks.send(order);

      expect(bodies()).toMatchObject([
        { linkId, reference: '#5321', status: { status: 'PAID' } },
        { linkId, status: { status: 'EXPIRED', date: '2026-03-01T08:00:00-05:00' } },
      ]);
    });

    it('tell the state of a charge', async () => {
      const transaction_id = await makeCharge();
      simulator.alignet.setChargeState(transaction_id, 'DENEGADO');
      const data = { transaction: { transaction_id } };
      await simulator.webhooks.send({ gateway: 'alignet', scheme: 'notification', url: receiver.url, data });

      expect(bodies()).toMatchObject([
        {
          success: 'false',
          merchant_code: PEN.merchantCode,
          transaction: { transaction_id, state: 'DENEGADO', amount: '100', processor_response: null },
        },
      ]);
    });

    it('leave the rest to data, and to its owner', async () => {
      const requestId = await makeSession();
      const data = { requestId, status: { status: 'APPROVED' } };
      await simulator.webhooks.send(checkout({ data }));
      const foreign = simulator.webhooks.send(checkout({ data, account: OTHER_SITE.login }));

      expect(bodies()).toMatchObject([{ status: { status: 'APPROVED', reason: 'PT' } }]);
      await expect(foreign).rejects.toMatchObject({ field: 'account' });
    });
  });

  describe('that go out by themselves', () => {
    it('tell every charge that came to a result', async () => {
      simulator.updateSettings({ alignet: { notificationUrl: `${receiver.url}/alignet`, chargeState: 'PENDIENTE' } });
      const id = await makeCharge();
      simulator.alignet.approveCharge(id);
      await receiver.until(1);
      simulator.updateSettings({ alignet: { chargeState: 'AUTORIZADO' } });
      await makeCharge();
      await receiver.until(2);

      expect(receiver.received.map(({ target }) => target)).toEqual(['/alignet', '/alignet']);
      expect(bodies()[0]).toMatchObject({ transaction: { transaction_id: id, state: 'AUTORIZADO' } });
    });

    it('tell every session that came to its end', async () => {
      const requestId = await makeSession();
      simulator.updateSettings({ placetopay: { notificationUrl: receiver.url, notificationAlgorithm: 'sha1' } });
      simulator.placetopay.setSessionOutcome(requestId, 'PENDING');
      simulator.placetopay.setSessionOutcome(requestId, 'APPROVED');
      await receiver.until(1);
      const [body] = bodies();
      const text = `${requestId}APPROVED${String(at(body, 'status.date'))}${SITE.secretKey}`;

      expect(receiver.received).toHaveLength(1);
      expect(body?.['signature']).toBe(createHash('sha1').update(text).digest('hex'));
    });

    it('do not by default', async () => {
      simulator.placetopay.setSessionOutcome(await makeSession(), 'APPROVED');
      await makeCharge();

      expect(receiver.received).toEqual([]);
      expect(simulator.webhooks.sent()).toEqual([]);
    });
  });

  describe('what is shown of them', () => {
    it('holds no secret and no signature, whatever is sent and answered', async () => {
      const proofs: string[] = [];
      receiver.answerWith((response) => {
        const { headers, body } = receiver.latest();
        const proof = ['x-signature', 'signature', 'x-callback-token', 'authorization'].flatMap(
          (name) => headers[name] ?? [],
        );
        const form = new URLSearchParams(body);
        const json = body.startsWith('{') ? (JSON.parse(body) as Readonly<Record<string, unknown>>) : {};
        const nonce = at(json, 'auth.nonce');
        const signed = [json['signature'], at(json, 'auth.tranKey'), form.get('signature'), ...proof];
        const own = signed.filter((each) => typeof each === 'string');
        proofs.push(...own, ...(typeof nonce === 'string' ? [nonce] : []));
        // As a merchant's debug page may do.
        response.end(`Expected ${own.join(' or ')} of ${SITE.secretKey}`);
      });
      for (const { gateway, scheme, variants } of simulator.webhooks.schemes()) {
        for (const variant of [undefined, ...Object.keys(variants)]) {
          await simulator.webhooks.send({ gateway, scheme, variant, url: receiver.url });
        }
      }
      const shown = JSON.stringify([
        simulator.webhooks.sent(),
        simulator.webhooks.schemes(),
        simulator.journal.entries(),
      ]);
      const { autopayContract, msvSecretToken, onboarding, scudoKey, secretKey } = SITE;
      const secrets = [autopayContract.password, msvSecretToken, onboarding.signingSecret, scudoKey, secretKey];
      const hidden = [...proofs, ...secrets, NETZME.callbackToken, 'PRIVATE KEY'];

      expect(proofs.length).toBeGreaterThan(25);
      expect(
        hidden.filter((each) => shown.includes(each) || shown.includes(JSON.stringify(each).slice(1, -1))),
      ).toEqual([]);
    });

    it('shows the form of a redirect, but for its signature', async () => {
      const order = { gateway: 'alignet', scheme: 'redirect', url: receiver.url } as const;
      const { request } = await simulator.webhooks.send(order);

      expect(request.body).toMatch(/^authorization_result=ey[\w%]+&signature=masked:[0-9a-f]{4}$/);
    });

    it('filters, limits and forgets the oldest', async () => {
      const small = await startSimulator({ journalCapacity: 3 });
      for (const scheme of ['checkout', 'msv', 'scudo']) await small.webhooks.send(checkout({ scheme }));
      await small.webhooks.send({ gateway: 'alignet', scheme: 'notification', url: receiver.url });
      const schemes = (filter?: object) => small.webhooks.sent(filter).map(({ scheme }) => scheme);
      const seen = [schemes(), schemes({ gateway: 'placetopay' }), schemes({ scheme: 'scudo' }), schemes({ limit: 1 })];
      small.reset();
      await small.stop();

      expect(seen).toEqual([['msv', 'scudo', 'notification'], ['msv', 'scudo'], ['scudo'], ['notification']]);
      expect(schemes()).toEqual([]);
    });
  });

  describe('the control API', () => {
    const post = (body: object) => sendJson(simulator.urls.control, '/webhooks/send', body);

    it('lists them', async () => {
      const { json } = await send(simulator.urls.control, '/webhooks');

      expect(json['webhooks']).toEqual(JSON.parse(JSON.stringify(simulator.webhooks.schemes())));
      expect(at(json, 'webhooks.0')).toMatchObject({
        gateway: 'alignet',
        scheme: 'notification',
        breaks: { 'other-secret': expect.any(String) as unknown },
        sample: { merchant_code: PEN.merchantCode },
      });
      expect(at(json, 'json.escaped')).toEqual(expect.any(String));
    });

    it('sends one and shows it again', async () => {
      const url = `${receiver.url}/ach`;
      const { status, json } = await post({ gateway: 'placetopay', scheme: 'ach-return', url, json: 'escaped' });
      const listed = await send(simulator.urls.control, '/webhooks/sent?gateway=placetopay&scheme=ach-return&limit=1');
      const { headers, body } = receiver.latest();

      expect(status).toBe(200);
      expect(at(json, 'answers.0')).toMatchObject({ status: 200, body: 'ok' });
      expect(listed.json).toEqual({ sent: [json] });
      expect(headers['x-signature']).toBe(createHmac('sha256', SITE.secretKey).update(body).digest('hex'));
    });

    it('gives the public keys', async () => {
      expect((await send(simulator.urls.control, '/public-keys')).json).toEqual(await simulator.publicKeys());
    });

    it.each([
      ['gateway', {}],
      ['scheme', { scheme: undefined }],
      ['url', { url: 'http://192.0.2.1/' }],
      ['break', { break: 'stale' }],
      ['colour', { colour: 'red' }],
    ])('answers 400 naming %s: %j', async (field, changes) => {
      const whole = field === 'gateway' ? {} : checkout();
      const answer = await post({ ...whole, ...changes });

      expect(answer.status).toBe(400);
      expect(at(answer.json, 'error.field')).toBe(field);
      expect(receiver.received).toEqual([]);
    });

    it('answers 400 to an unknown filter', async () => {
      expect((await send(simulator.urls.control, '/webhooks/sent?operation=x')).status).toBe(400);
    });

    it('survives a caller who goes away while a webhook is under way', async () => {
      receiver.answerWith(() => undefined);
      const body = JSON.stringify(checkout());
      const { port } = new URL(simulator.urls.control);
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(`POST /webhooks/send HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      await receiver.until(1);
      socket.destroy();

      expect((await send(simulator.urls.control, '/state')).status).toBe(200);
    });
  });
});
