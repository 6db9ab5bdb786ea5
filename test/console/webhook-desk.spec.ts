import request from 'supertest';
import { type SentWebhook, type WebhookDesk } from '../../apps/demo/src/console/contract';
import { Demo, findSecrets, NETZME, NOBODY_THERE, rememberExchange, startSimulator, stopAll } from '../e2e/demo-app';
import { withDelaysHeld } from '../support/late';
import { API, ConsoleClient, X_CONSOLE } from './console-client';
import { EventClient } from './event-client';

/** The URL is signed, and is to be known before the port is: with a port that is free it is never right. */
const SIGNED_FOR_ITS_URL = 'scudo';
/** They have nothing but SHA-1, which is not accepted. */
const REFUSED_AS_WEAK = 'account-validator';

let demo: Demo;
let console: ConsoleClient;

beforeAll(async () => {
  demo = await Demo.start({ hasSimulatorKeys: true, isShared: true });
  console = new ConsoleClient(demo);
});
afterAll(() => demo.app.close());
afterEach(stopAll);

async function desk(): Promise<WebhookDesk> {
  const { body, text } = await console.get<WebhookDesk>('/webhooks');
  rememberExchange('GET /console/api/webhooks', text, []);
  return body;
}

async function send(order: object): Promise<SentWebhook> {
  const { status, body, text } = await console.post<SentWebhook>('/webhooks/send', order);
  rememberExchange('POST /console/api/webhooks/send', text, []);
  expect([status, text]).toEqual([200, expect.any(String)]);
  return body;
}

describe('the webhook desk', () => {
  it('lists every scheme of the simulator with its route, and every route with its scheme', async () => {
    const { schemes } = await desk();
    const { routes } = (await demo.get('/webhooks')).json as { routes: { path: string }[] };
    const paths = schemes.flatMap(({ path }) => path ?? []);
    expect(routes.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
    expect(paths).toHaveLength(demo.simulator.webhooks.schemes().length);
    expect(schemes).toContainEqual({
      gateway: 'placetopay',
      scheme: 'checkout',
      path: '/webhooks/placetopay/checkout',
      variants: expect.arrayContaining(['sha256', 'sha1']) as string[],
      sample: expect.objectContaining({ requestId: expect.any(Number) as number }) as unknown,
      breaks: expect.arrayContaining([{ name: 'changed-byte', does: expect.any(String) as string }]) as unknown,
    });
  });

  it('sends one of every scheme, which its route accepts, and one of them broken, which it refuses', async () => {
    const { schemes } = await desk();
    const wrong: unknown[] = [];
    for (const { gateway, scheme, breaks } of schemes.filter(({ scheme: name }) => name !== SIGNED_FOR_ITS_URL)) {
      const right = await send({ gateway, scheme });
      const expected = scheme === REFUSED_AS_WEAK ? 401 : scheme === 'merchant-callback' ? 403 : 200;
      if (right.status !== expected) wrong.push([gateway, scheme, right.status, right.answer]);
      const [broken] = breaks.filter(({ name }) => name !== 'none');
      if (broken === undefined) continue;
      const refused = await send({ gateway, scheme, break: broken.name });
      const isRefused = refused.status !== null && refused.status >= 400 && refused.status < 500;
      if (!isRefused || refused.break !== broken.name) wrong.push([gateway, scheme, broken.name, refused.status]);
    }
    expect(wrong).toEqual([]);
    expect(findSecrets().answers).toEqual([]);
  });

  it('shows what was sent as it was, but for its proof, and the verdict on it', async () => {
    const sent = await send({
      gateway: 'placetopay',
      scheme: 'checkout',
      data: { reference: 'PEDIDO-Ñ' },
      break: 'changed-byte',
    });
    expect(sent).toMatchObject({
      gateway: 'placetopay',
      scheme: 'checkout',
      break: 'changed-byte',
      url: `${demo.url}/webhooks/placetopay/checkout`,
      status: 401,
      answer: expect.stringContaining('mismatch') as string,
      request: {
        startLine: 'POST /webhooks/placetopay/checkout HTTP/1.1',
        headers: expect.arrayContaining([['Content-Type', 'application/json']]) as unknown,
        bodyEncoding: 'utf8',
        masked: ['signature'],
      },
    });
    expect(sent.request.body).toContain('PEDIDO-Ñ');
    expect(sent.request.body).toContain('"signature":"masked:');
    expect(sent.request.bodyBytes).toBe(Buffer.byteLength(wholeBody()));
    const { verdicts, sent: list, statistics } = await desk();
    expect(list[0]).toEqual(sent);
    expect(verdicts[0]).toMatchObject({
      verdict: 'refused',
      gateway: 'placetopay',
      scheme: 'checkout',
      reason: 'mismatch',
    });
    expect(statistics).toContainEqual(expect.objectContaining({ gateway: 'placetopay', scheme: 'checkout' }));

    const onboarding = await send({ gateway: 'placetopay', scheme: 'onboarding' });
    expect(onboarding.request.masked).toEqual([expect.stringMatching(/signature/i)]);
  });

  it('sends each variant that has a route of its own to that one', async () => {
    const contract = { gateway: 'placetopay', scheme: 'autopay-contract' } as const;
    const of = async (variant?: string) => {
      const sent = await send({ ...contract, ...(variant !== undefined && { variant }) });
      const answer = JSON.parse(sent.answer ?? '') as { readonly amount?: unknown };
      const body = JSON.parse(sent.request.body) as { readonly transaction?: unknown };
      return [new URL(sent.url).pathname, sent.status, 'transaction' in body, 'amount' in answer];
    };
    const route = '/webhooks/placetopay/autopay-contract';
    expect(await of()).toEqual([`${route}/balance`, 200, false, true]);
    expect(await of('balance')).toEqual([`${route}/balance`, 200, false, true]);
    expect(await of('settlement')).toEqual([`${route}/settlement`, 200, true, false]);
  });

  it('tells of several copies how the last one was answered', async () => {
    const sent = await send({ gateway: 'placetopay', scheme: 'microsite-auth', copies: 2 });
    const answers = demo.simulator.webhooks.sent().at(-1)?.answers ?? [];
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
    expect([sent.status, sent.answer]).toEqual([403, answers[1]?.body]);
    expect(sent.answer).toContain('"replayed"');
    expect((await desk()).sent[0]).toEqual(sent);
  });

  it('says why of one that nobody answered', async () => {
    await demo.simulator.webhooks.send({ gateway: 'placetopay', scheme: 'checkout', url: `${NOBODY_THERE}/hook` });
    const [sent] = (await desk()).sent;
    expect(sent).toMatchObject({ url: `${NOBODY_THERE}/hook`, status: 0, answer: 'ECONNREFUSED' });
  });

  it('sends one again, to the byte, and it is handled once', async () => {
    const first = await send({ gateway: 'placetopay', scheme: 'checkout', data: { requestId: 777_001 } });
    const body = wholeBody();
    const again = await send({ resend: first.id, copies: 2 });
    expect(wholeBody()).toBe(body);
    expect(again).toMatchObject({ gateway: 'placetopay', scheme: 'checkout', status: 200, request: first.request });
    expect(again.id).not.toBe(first.id);
    const verdict = (await desk()).verdicts.find(({ reference }) => reference === '777001');
    expect(verdict).toMatchObject({ verdict: 'accepted', received: 3, handled: 1 });
    expect(Date.parse(String(verdict?.['lastAt']))).toBeGreaterThanOrEqual(Date.parse(String(verdict?.['at'])));
  });

  it('answers at once where it is to be sent later, and then knows it by the same number', async () => {
    const events = await EventClient.open(demo);
    await events.next('overview');
    const order = { gateway: 'netzme', scheme: 'snap-v1', delayMs: 300 };
    let waiting: SentWebhook | undefined;
    await withDelaysHeld(async () => {
      waiting = await send(order);
      expect(waiting).toMatchObject({ status: null, gateway: 'netzme', scheme: 'snap-v1' });
      expect(waiting).not.toHaveProperty('answer');
      expect((await desk()).sent[0]).toEqual(waiting);
    });
    await events.next('webhooks', ({ verdicts }) => verdicts.some(({ scheme }) => scheme === 'snap-v1'));
    events.close();
    const { sent } = await desk();
    expect(sent[0]).toMatchObject({ id: waiting?.id, status: 200 });
    expect(sent.filter(({ id }) => id === waiting?.id)).toHaveLength(1);
  });

  it('shows those that the simulator sends by itself, and sends them again', async () => {
    const url = `${demo.url}/webhooks/placetopay/checkout`;
    demo.simulator.updateSettings({ placetopay: { notificationUrl: url } });
    const { json } = await demo.post('/placetopay/sessions', { reference: 'BY-ITSELF', currency: 'COP', total: 1 });
    demo.simulator.placetopay.setSessionOutcome(Number(json['requestId']), 'APPROVED');
    let own: SentWebhook | undefined;
    while (own === undefined)
      own = (await desk()).sent.find(({ request }) => request.body.includes(`${Number(json['requestId'])}`));
    expect(await send({ resend: own.id })).toMatchObject({ status: 200, request: own.request });
  });

  it('keeps numbers apart that the simulator gives twice, before and after a reset', async () => {
    const before = await send({ gateway: 'netzme', scheme: 'snap-v1' });
    demo.simulator.reset();
    expect((await desk()).sent).toEqual([]);
    const after = await send({ gateway: 'netzme', scheme: 'snap-v1' });
    expect(after.id).toBeGreaterThan(before.id);
    const { status, body } = await console.post('/webhooks/send', { resend: before.id });
    expect([status, body]).toMatchObject([404, { code: 'no-such-webhook', field: 'resend' }]);
  });

  it.each([
    ['gateway', {}],
    ['gateway', { gateway: 'paypal', scheme: 'checkout' }],
    ['scheme', { gateway: 'netzme' }],
    ['scheme', { gateway: 'netzme', scheme: 'checkout' }],
    ['variant', { gateway: 'placetopay', scheme: 'checkout', variant: 'md5' }],
    ['break', { gateway: 'placetopay', scheme: 'checkout', break: 'everything' }],
    ['data', { gateway: 'placetopay', scheme: 'checkout', data: 'x' }],
    ['copies', { gateway: 'placetopay', scheme: 'checkout', copies: 1_000 }],
    ['copies', { gateway: 'placetopay', scheme: 'checkout', copies: '2' }],
    ['delayMs', { gateway: 'placetopay', scheme: 'checkout', delayMs: 600_000 }],
    ['break', { gateway: 'placetopay', scheme: 'checkout', delayMs: 1, break: 'everything' }],
    ['copies', { gateway: 'placetopay', scheme: 'checkout', delayMs: 1, copies: 0 }],
    ['resend', { resend: 'last' }],
  ])('refuses by the name of %s: %j', async (field, order) => {
    const sent = (await desk()).sent.length;
    const { status, body } = await console.post('/webhooks/send', order);
    expect([status, body]).toMatchObject([400, { statusCode: 400, code: 'invalid-input', field }]);
    expect(String((body as { message?: unknown }).message)).toMatch(new RegExp(`^${field} `));
    expect((await desk()).sent).toHaveLength(sent);
  });

  describe('sends to the demo’s own routes and nowhere else', () => {
    const elsewhere = () => demo.simulator.urls.control;
    const order = { gateway: 'netzme', scheme: 'snap-v1' } as const;

    it.each(['/webhooks/send', '/webhooks/send/', '/%77ebhooks/send', '/webhooks/build', '/nowhere'])(
      'by the simulator at %s',
      async (path) => {
        const sent = demo.simulator.webhooks.sent().length;
        for (const url of [elsewhere(), `${demo.url}/health`, 'http://127.0.0.1:1/webhooks/netzme/snap-v1', 'x', 7]) {
          const { status, body } = await console.post(`/simulator${path}`, { ...order, url });
          expect([url, status, body]).toMatchObject([url, 400, { code: 'invalid-input', field: 'url' }]);
        }
        expect(demo.simulator.webhooks.sent()).toHaveLength(sent);
      },
    );

    it('by the simulator’s settings', async () => {
      const set = (gateway: string, notificationUrl: unknown) =>
        console.patch('/simulator/settings', { [gateway]: { notificationUrl } });
      for (const gateway of ['alignet', 'placetopay']) {
        expect(await set(gateway, elsewhere())).toMatchObject({
          status: 400,
          body: { code: 'invalid-input', field: `${gateway}.notificationUrl` },
        });
        expect((await set(gateway, `${demo.url}/webhooks/placetopay/checkout`)).status).toBe(200);
        expect((await set(gateway, null)).status).toBe(200);
      }
    });

    it('nor once more what the simulator was told to send there', async () => {
      await demo.simulator.webhooks.send({ ...order, url: elsewhere() });
      const id = (await desk()).sent.find(({ url }) => url.startsWith(elsewhere()))?.id;
      const { status, body } = await console.post('/webhooks/send', { resend: id });
      expect([status, body]).toMatchObject([400, { code: 'invalid-input', field: 'resend' }]);
    });

    it('and does so by either', async () => {
      const url = `${demo.url}/webhooks/netzme/snap-v1`;
      expect((await console.post('/simulator/webhooks/send', { ...order, url })).status).toBe(200);
    });
  });

  it.each([
    ['/webhooks/send', { gateway: 'placetopay', scheme: 'checkout' }],
    ['/simulator/webhooks/send', { gateway: 'placetopay', scheme: 'checkout' }],
    ['/calls/alignet.nonce', {}],
  ])('takes no nesting that nothing needs: %s', async (path, order) => {
    // As text: what writes JSON in this client has no room for it either.
    const nested = '{"a":'.repeat(6_000) + '1' + '}'.repeat(6_000);
    const answer = await request(demo.url)
      .post(API + path)
      .set({ ...X_CONSOLE, 'Content-Type': 'application/json' })
      .send(JSON.stringify({ ...order, data: 0 }).replace('"data":0', `"data":${nested}`));
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input', field: 'body' } });
    expect(answer.text).toContain('64 levels');
  });

  it('outside the sandbox lists what comes in, and sends nothing', async () => {
    const { urls } = await startSimulator();
    const outside = await Demo.start({
      environment: {
        PAYMENT_ENV: 'test',
        NETZME_CLIENT_ID: NETZME.clientId,
        NETZME_CLIENT_SECRET: NETZME.clientSecret,
        NETZME_BASE_URL: urls.netzme,
        NETZME_CALLBACK_TOKENS: 'a-callback-token-secret',
      },
    });
    const client = new ConsoleClient(outside);
    expect((await client.get('/webhooks')).body).toEqual({
      schemes: [
        {
          gateway: 'netzme',
          scheme: 'snap-v1',
          path: '/webhooks/netzme/snap-v1',
          variants: [],
          sample: {},
          breaks: [],
        },
      ],
      verdicts: [],
      statistics: expect.any(Array) as unknown,
      sent: [],
    });
    const { status, body } = await client.post('/webhooks/send', { gateway: 'netzme', scheme: 'snap-v1' });
    expect([status, body]).toMatchObject([404, { code: 'no-simulator' }]);
  });
});

/** Of the last one that went out. */
function wholeBody(): string {
  const { webhooks } = demo.simulator;
  return webhooks.whole(webhooks.sent().at(-1)?.id ?? 0).body;
}
