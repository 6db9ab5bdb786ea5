import { GatewaySimulator } from '@payment-auth/gateway-simulator';
import { verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Page, type Request } from 'playwright-core';
import { alignetNonceRequest, alignetTokenRequest, PEN } from '../../libs/gateway-simulator/test/clients';
import { Receiver } from '../../libs/gateway-simulator/test/receiver';
import { openBrowser, type TestBrowser, twoFrames, type WatchedPage } from '../support/browser';
import { describeWith } from '../support/describe-with';
import { BROWSER } from '../support/needed-program';
import { Shop } from './shop';

/** What the shop's page heard of Flex, in order. */
type Told = readonly (readonly ['response' | 'tracking' | 'error', { readonly [name: string]: unknown }])[];

interface Options {
  readonly nonce?: string;
  readonly payload?: unknown;
  readonly settings?: object;
  readonly display_settings?: object;
  readonly i18n?: object;
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let operations = 2_391_000;
const payload = (changes: object = {}) => ({
  action: 'authorize',
  channel: 'ecommerce',
  merchant_code: PEN.merchantCode,
  merchant_operation_number: String((operations += 1)),
  payment_details: { amount: '15000', currency: PEN.currency },
  ...changes,
});
const ENGLISH = { mode: 'multi', default_language: 'en', languages: ['es', 'en'] };

describeWith(BROWSER, 'the stand-in for Flex', () => {
  let simulator: GatewaySimulator;
  let receiver: Receiver;
  let shop: Shop;
  let browser: TestBrowser;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    simulator = await GatewaySimulator.start();
    receiver = await new Receiver().start();
    shop = await Shop.open(simulator.urls.alignet);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([shop.close(), receiver.stop(), simulator.stop()]);
  });
  beforeEach(async () => {
    simulator.reset();
    receiver.reset();
    watched = await browser.newPage({ allowed: [shop.url, simulator.urls.alignet] });
    page = watched.page;
    await page.goto(shop.url);
  });
  afterEach(async () => {
    await watched.context.close();
    if (watched.problems.length > 0) throw new Error(watched.problems.join('\n'));
  });

  async function freshNonce(): Promise<string> {
    const token = await alignetTokenRequest(simulator.urls.alignet);
    const { json } = await alignetNonceRequest(simulator.urls.alignet, token.json['access_token']);
    return String(json['nonce']);
  }

  /** As a shop starts Flex; what it is told waits in `told()`. */
  async function start(options: Options): Promise<void> {
    await page.evaluate((given) => {
      const shopWindow = window as unknown as {
        told: unknown[];
        form: { terminate(): void };
        FlexPaymentForms: new (options: object) => { init(...parts: unknown[]): void; terminate(): void };
      };
      shopWindow.told = [];
      const hear = (what: string) => (value: unknown) => shopWindow.told.push([what, value]);
      const form = new shopWindow.FlexPaymentForms(given);
      shopWindow.form = form;
      form.init(document.querySelector('#flex'), hear('response'), hear('tracking'), hear('error'));
    }, options);
  }
  const told = () => page.evaluate(() => (window as unknown as { told: Told }).told);
  const open = async (options: Options = {}) => {
    await start({ nonce: await freshNonce(), payload: payload(), i18n: ENGLISH, ...options });
    await page.getByRole('button', { name: 'Approve' }).waitFor();
  };

  it('is loaded by a page that allows no inline script or style and embeds only what lets itself be embedded', async () => {
    const answers = await Promise.all(
      ['/flex-payment-forms.min.js', '/main-flex-payment-forms.css'].map((path) =>
        fetch(`${simulator.urls.alignet}${path}`),
      ),
    );

    expect(await page.evaluate(() => typeof (window as unknown as Record<string, unknown>)['FlexPaymentForms'])).toBe(
      'function',
    );
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual([
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
    ]);
    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
  });

  it.each([
    ['Approve', 'AUTORIZADO', 'Payment authorized', 'true'],
    ['Deny', 'DENEGADO', 'Payment denied', 'false'],
  ])('%s: the charge, the answer and the signed webhook say %s', async (button, state, shown, success) => {
    simulator.updateSettings({ alignet: { notificationUrl: `${receiver.url}/hook` } });
    const bought = payload();
    await open({ payload: bought });
    await page.getByRole('radio', { name: 'Yape' }).check();
    await page.getByRole('button', { name: button }).click();
    await page.getByText(shown).waitFor();
    await receiver.until(1);

    const [, response] = (await told()).find(([what]) => what === 'response') ?? [];
    expect(response).toMatchObject({
      success,
      action: 'authorize',
      merchant_code: PEN.merchantCode,
      merchant_operation_number: bought.merchant_operation_number,
      transaction: {
        channel: 'ecommerce',
        state,
        amount: '15000',
        currency: PEN.currency,
        payment_method: { method_name: 'YAPE' },
        lifecycle: [{ state: 'REGISTRADO' }, { state }],
      },
      meta: { status: { code: '00' } },
    });
    const { body, headers } = receiver.latest();
    const { alignet: key } = await simulator.publicKeys();
    expect(verify('sha512', Buffer.from(body), key, Buffer.from(String(headers['signature']), 'base64'))).toBe(true);
    expect(JSON.parse(body)).toMatchObject({
      merchant_operation_number: bought.merchant_operation_number,
      transaction: { state },
    });
  });

  it('leaves a charge pending, of which nobody is notified', async () => {
    simulator.updateSettings({ alignet: { notificationUrl: `${receiver.url}/hook` } });
    await open();
    await page.getByRole('button', { name: 'Leave pending' }).click();
    await page.getByText('Payment pending').waitFor();

    expect((await told()).at(-1)).toMatchObject(['response', { success: 'true', transaction: { state: 'PENDIENTE' } }]);
    expect(simulator.webhooks.sent()).toEqual([]);
  });

  it('shows amount, operation number and the methods asked for, and tells what the buyer does', async () => {
    const bought = payload();
    await open({ payload: bought, display_settings: { methods: ['QR', 'CARD', 'NONE'] } });

    const text = (await page.locator('#flex').innerText()).replaceAll('\u00a0', ' ');
    expect(text).toContain('PEN 150.00');
    expect(text).toContain(bought.merchant_operation_number);
    expect(
      await page.getByRole('radio').evaluateAll((radios) => radios.map((radio) => radio.parentElement?.textContent)),
    ).toEqual(['Card', 'QR']);

    await page.getByRole('radio', { name: 'QR' }).check();
    await page.getByRole('button', { name: 'ES', exact: true }).click();
    expect(await page.getByRole('radio', { name: 'QR' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Aprobar' }).click();
    await page.getByText('Pago autorizado').waitFor();

    expect((await told()).map(([what, value]) => value['event'] ?? what)).toEqual([
      'form_loaded',
      'method_selected',
      'language_changed',
      'payment_started',
      'response',
    ]);
  });

  it('speaks Spanish unless told otherwise, and hides what settings hide', async () => {
    await start({
      nonce: await freshNonce(),
      payload: payload({ merchant_operation_number: '7654321' }),
      settings: { show_operation_number: false, show_border: false, display_result_screen: false },
    });
    await page.getByRole('button', { name: 'Aprobar' }).waitFor();

    expect(await page.locator('#flex').innerText()).toContain('S/');
    expect(await page.locator('#flex').innerText()).not.toContain('7654321');
    expect(await page.locator('.fpf-bordered, .fpf-languages, .fpf-close').count()).toBe(0);

    await page.getByRole('button', { name: 'Aprobar' }).click();
    await page.waitForFunction(() => (window as unknown as { told: Told }).told.some(([what]) => what === 'response'));
    expect(await page.locator('#flex').innerHTML()).toBe('');
  });

  it('is worked by keyboard alone, and axe finds nothing wrong with it', async () => {
    await open({ settings: { show_close_button: true } });
    await page.evaluate(AXE);
    const violations = () =>
      page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      });
    const before = await violations();
    // Of axe's own, which tries inline styles.
    watched.takeProblems();
    await page.getByRole('radio', { name: 'Card' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Payment authorized').waitFor();

    expect(watched.takeProblems()).toEqual([]);
    expect(before).toEqual([]);
    expect(await violations()).toEqual([]);
    watched.takeProblems();
    expect((await told()).at(-1)).toMatchObject([
      'response',
      { transaction: { payment_method: { method_name: 'YAPE' } } },
    ]);
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('fpf');
  });

  it('never takes data for markup', async () => {
    await open({ i18n: { default_language: 'en' } });
    const evil = '<img src=x onerror=alert(1)>';
    await start({
      nonce: evil,
      payload: payload({ merchant_code: evil }),
      i18n: { default_language: 'en', languages: [evil] },
    });
    await page.getByRole('alert').waitFor();
    watched.takeProblems();

    expect(await page.locator('#flex img').count()).toBe(0);
  });

  it.each([
    ['nonce-used', 'was used before', (nonce: string) => fetchJson('/simulator/flex/redeem', { nonce })],
    ['nonce-expired', 'has expired', () => simulator.clock.advance(30_000)],
    ['nonce-unknown', 'has not issued', () => simulator.reset()],
  ])('shows and tells %s', async (code, shown, spoil) => {
    const nonce = await freshNonce();
    await spoil(nonce);
    await start({ nonce, payload: payload(), i18n: ENGLISH });
    await page.getByRole('alert').getByText(shown).waitFor();

    expect(await told()).toMatchObject([
      ['error', { code, input: 'nonce', message: expect.stringContaining(shown) as string }],
    ]);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(watched.takeProblems().filter((problem) => !problem.includes('Failed to load resource'))).toEqual([]);
  });

  it.each([
    ['merchant_code', { merchant_code: '00000000-0000-0000-0000-000000000000' }],
    ['payment_details.amount', { payment_details: { amount: '150.00', currency: '604' } }],
    ['payment_details.currency', { payment_details: { amount: '15000', currency: '840' } }],
    ['merchant_operation_number', { merchant_operation_number: '12' }],
  ])('shows which member of the payload is unfit: %s', async (input, changes) => {
    await start({ nonce: await freshNonce(), payload: payload(changes), i18n: ENGLISH });
    await page.getByRole('alert').getByText(input).waitFor();

    expect(await told()).toMatchObject([['error', { code: 'wrong-payload', input }]]);
    watched.takeProblems();
  });

  it('tells what is missing without asking anybody', async () => {
    await start({ payload: payload(), i18n: ENGLISH });
    await page.getByRole('alert').getByText('nonce is missing').waitFor();
    await start({ nonce: 'x', i18n: ENGLISH });
    await page.getByRole('alert').getByText('payload').waitFor();

    expect(await told()).toMatchObject([['error', { code: 'wrong-payload', input: 'payload' }]]);
    expect(simulator.counters().alignet.redeem).toBe(0);
  });

  it('uses the nonce up when it starts, so that a buyer may take longer than its thirty seconds', async () => {
    const nonce = await freshNonce();
    await start({ nonce, payload: payload(), i18n: ENGLISH });
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    simulator.clock.advance(300_000);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Payment authorized').waitFor();
    await start({ nonce, payload: payload(), i18n: ENGLISH });
    await page.getByRole('alert').waitFor();

    expect(await told()).toMatchObject([['error', { code: 'nonce-used' }]]);
    watched.takeProblems();
  });

  it('meets an injected fault as an error', async () => {
    await open();
    simulator.faults.add({ gateway: 'alignet', operation: 'pay', kind: 'status', status: 503 });
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('alert').waitFor();

    expect((await told()).at(-1)).toMatchObject(['error', { code: 'http-503' }]);
    watched.takeProblems();
  });

  it('is gone after close and terminate, and silent from then on', async () => {
    await open({ settings: { show_close_button: true } });
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#flex').innerHTML()).toBe('');
    expect((await told()).at(-1)).toEqual(['tracking', { event: 'form_closed' }]);

    await open();
    await page.evaluate(() => (window as unknown as { form: { terminate(): void } }).form.terminate());
    expect(await page.locator('#flex').innerHTML()).toBe('');
  });

  it.each(['start', 'pay'])('tells nothing of a %s that was still under way when it was terminated', async (step) => {
    await page.route(`**/simulator/flex/${step}`, async (route) => {
      const response = await route.fetch();
      await page.evaluate(() => (window as unknown as { form: { terminate(): void } }).form.terminate());
      // Called off by then.
      await route.fulfill({ response }).catch(() => undefined);
    });
    const isOfStep = (request: Request): boolean => request.url().endsWith(step);
    const ended = Promise.any([
      page.waitForEvent('requestfinished', isOfStep),
      page.waitForEvent('requestfailed', isOfStep),
    ]);
    await start({ nonce: await freshNonce(), payload: payload(), i18n: ENGLISH });
    if (step === 'pay') await page.getByRole('button', { name: 'Approve' }).click();
    await ended;
    await twoFrames(page);

    const events = (await told()).map(([what, value]) => value['event'] ?? what);
    expect(events).toEqual(step === 'pay' ? ['form_loaded', 'payment_started'] : []);
    expect(await page.locator('#flex').innerHTML()).toBe('');
  });

  async function fetchJson(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${simulator.urls.alignet}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return answer.json();
  }
});
