import { type Demo } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { until } from '../../support/wait';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

describeWith(BROWSER, 'a checkout', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;
  let webhooksBefore: number;

  beforeAll(async () => {
    browser = await ConsoleBrowser.launch();
    // The webhooks are signed for real.
    demo = await browser.startDemo({ isShared: true, hasSimulatorKeys: true });
  });
  afterAll(async () => {
    await browser.close();
    await demo.app.close();
  });
  beforeEach(async () => {
    demo.simulator.clock.reset();
    demo.simulator.faults.clear();
    demo.simulator.updateSettings({ alignet: { notificationUrl: null }, placetopay: { notificationUrl: null } });
    webhooksBefore = demo.simulator.webhooks.sent().length;
    qa = await browser.visit(demo);
    await qa.goTo('checkout');
  });
  afterEach(() => browser.leave());

  const button = (name: string) => qa.page.getByRole('button', { name, exact: true });
  const webhooksSent = () => demo.simulator.webhooks.sent().length - webhooksBefore;
  const callbacks = (name: string) =>
    qa.page.locator(`[data-testid="${TEST_IDS.flexCallback}"][data-callback="${name}"]`);
  const lastCallback = async (name: string) =>
    JSON.parse(await callbacks(name).last().locator('pre').innerText()) as Record<string, unknown>;

  describe('with Flex', () => {
    const webhook = () => qa.hook(TEST_IDS.webhookVerdict, qa.hook(TEST_IDS.flexWebhook));

    async function startFlex(): Promise<void> {
      await qa.click(TEST_IDS.flexStart);
      await button('Approve').waitFor();
    }

    it.each([
      ['Approve', 'AUTORIZADO', 'Payment authorized'],
      ['Deny', 'DENEGADO', 'Payment denied'],
    ])('%s: the form, what it called back, and the signed webhook', async (choice, state, shown) => {
      const number = await qa.field('operationNumber').inputValue();
      await qa.fillIn({ amount: '25050' });
      await qa.field('method-YAPE').check();
      await startFlex();
      expect((await qa.text(TEST_IDS.flexForm)).replaceAll('\u00a0', ' ')).toContain('PEN 250.50');
      expect(await qa.text(TEST_IDS.flexCountdown)).toMatch(/^The nonce lives for another (2\d|30) s$/);
      expect(await qa.text(TEST_IDS.flexWebhook)).toMatch(/Waiting for the signed webhook/);
      await button(choice).click();
      await qa.hook(TEST_IDS.flexForm).getByText(shown).waitFor();

      await eventually(async () => expect(await callbacks('response').count()).toBe(1));
      expect(await lastCallback('response')).toMatchObject({
        merchant_operation_number: number,
        transaction: { state, amount: '25050', payment_method: { method_name: 'YAPE' } },
      });
      await eventually(async () => expect(await webhook().getAttribute('data-verdict')).toBe('accepted'));
      await webhook().locator('summary').click();
      expect(await webhook().innerText()).toContain(number);
      expect(await qa.field('operationNumber').inputValue()).not.toBe(number);
    });

    it('in the currency that QA chose, which is not the merchant’s', async () => {
      await qa.fillIn({ currency: '840' });
      await qa.click(TEST_IDS.flexStart);
      await eventually(async () =>
        expect(await lastCallback('error')).toMatchObject({
          code: 'wrong-payload',
          input: 'payment_details.currency',
        }),
      );
      qa.provokes(/Failed to load resource.* 400 /);
    });

    it('left pending: says so, and no webhook comes', async () => {
      await startFlex();
      await button('Leave pending').click();
      await eventually(async () => expect(await callbacks('response').count()).toBe(1));
      expect(await lastCallback('response')).toMatchObject({ transaction: { state: 'PENDIENTE' } });
      expect(await webhook().count()).toBe(0);
      expect(webhooksSent()).toBe(0);
    });

    it('started, and ended by QA', async () => {
      await startFlex();
      await qa.click(TEST_IDS.flexEnd);
      await eventually(async () => expect(await qa.text(TEST_IDS.flexForm)).toBe(''));
      expect(await qa.hook(TEST_IDS.flexCountdown).count()).toBe(0);
    });

    it('leaves the operation number alone that QA types while it starts', async () => {
      const number = await qa.field('operationNumber').inputValue();
      await qa.page.route('**/alignet/checkout-session', async (route) => {
        const response = await route.fetch();
        await qa.fillIn({ operationNumber: '7654321' });
        await route.fulfill({ response });
      });
      await startFlex();
      expect(await qa.text(TEST_IDS.flexForm)).toContain(number);
      expect(await qa.field('operationNumber').inputValue()).toBe('7654321');
    });

    it('with a nonce that was used before: told by the form and by its callback', async () => {
      let first: Buffer | undefined;
      await qa.page.route('**/alignet/checkout-session', async (route) => {
        const response = await route.fetch();
        first ??= await response.body();
        await route.fulfill({ response, body: first });
      });
      await startFlex();
      await qa.click(TEST_IDS.flexStart);
      await qa.hook(TEST_IDS.flexForm).getByText('was used before').waitFor();
      await eventually(async () => expect(await lastCallback('error')).toMatchObject({ code: 'nonce-used' }));
      qa.provokes(/Failed to load resource.* 4\d\d /);
    });

    it('with a nonce that has expired before the form is loaded', async () => {
      await qa.page.route('**/alignet/checkout-session', async (route) => {
        const response = await route.fetch();
        demo.simulator.clock.advance(31_000);
        await route.fulfill({ response });
      });
      await qa.click(TEST_IDS.flexStart);
      await qa.hook(TEST_IDS.flexForm).getByText('has expired').waitFor();
      await eventually(async () => expect(await lastCallback('error')).toMatchObject({ code: 'nonce-expired' }));
      qa.provokes(/Failed to load resource.* 4\d\d /);
    });

    it('whose script does not come: names it', async () => {
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'asset', kind: 'status', status: 503, times: 0 });
      await qa.click(TEST_IDS.flexStart);
      await eventually(async () =>
        expect(await qa.text(TEST_IDS.problem)).toContain(`${demo.simulator.urls.alignet}/`),
      );
    });
  });

  describe('with Placetopay', () => {
    const state = () => qa.hook(TEST_IDS.webcheckoutState);

    it.each([
      ['Approve', 'APPROVED', 'Approved'],
      ['Reject', 'REJECTED', 'Rejected'],
      ['Leave pending', 'PENDING', 'Pending'],
    ])('%s: on the payment page, and the state when back in the console', async (choice, status, shown) => {
      const reference = await qa.field('reference').inputValue();
      await qa.fillIn({ total: '12345' });
      await qa.click(TEST_IDS.webcheckoutStart);
      await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
      const created = await qa.field('requestId').inputValue();
      await qa.click(TEST_IDS.webcheckoutGo);
      await qa.page.waitForURL(`${demo.simulator.urls.placetopay}/**`);
      expect((await qa.page.locator('body').innerText()).replace(/\D/g, '')).toContain('12345');
      await button(choice).click();
      await qa.page.waitForURL(`${demo.url}/**`);

      await state().waitFor();
      expect([await state().getAttribute('data-status'), await state().locator('.badge').innerText()]).toEqual([
        status,
        shown,
      ]);
      expect(await qa.hook('view-checkout').innerText()).toContain(`Back from the payment page of ${reference}.`);
      expect(await qa.field('requestId').inputValue()).toBe(created);
      await until('its webhook is sent', () => webhooksSent() === (status === 'PENDING' ? 0 : 1));
    });

    it('whose page has an address that is no page: leads nowhere', async () => {
      await qa.page.route('**/placetopay/sessions', async (route) => {
        const response = await route.fetch();
        const session = (await response.json()) as object;
        await route.fulfill({ response, json: { ...session, processUrl: 'javascript:alert(1)' } });
      });
      await qa.click(TEST_IDS.webcheckoutStart);
      const go = qa.hook(TEST_IDS.webcheckoutGo);
      await go.waitFor();
      expect(await go.getAttribute('href')).toBeNull();
    });

    it('asked about again, and refused for one that is not there', async () => {
      await qa.click(TEST_IDS.webcheckoutStart);
      await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
      await qa.click(TEST_IDS.webcheckoutQuery);
      await eventually(async () => expect(await state().getAttribute('data-status')).toBe('PENDING'));
      await state().locator('summary').click();
      expect(await state().innerText()).toContain('"requestId": ');
      await qa.fillIn({ requestId: '999' });
      await qa.click(TEST_IDS.webcheckoutQuery);
      await qa.hook(TEST_IDS.problem).waitFor();
      expect(await state().count()).toBe(0);
      qa.provokes(/Failed to load resource.* (4|5)\d\d /);
    });
  });

  it('has webhooks sent to the demo, unless somebody has them sent elsewhere', async () => {
    const targets = () => {
      const { alignet, placetopay } = demo.simulator.settings();
      return [alignet.notificationUrl, placetopay.notificationUrl];
    };
    const start = async () => {
      await qa.click(TEST_IDS.flexStart);
      await button('Approve').waitFor();
      await qa.click(TEST_IDS.webcheckoutStart);
      await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
    };
    const elsewhere = ['http://127.0.0.1:9/alignet', 'http://127.0.0.1:9/placetopay'] as const;
    demo.simulator.updateSettings({
      alignet: { notificationUrl: elsewhere[0] },
      placetopay: { notificationUrl: elsewhere[1] },
    });
    await start();
    expect(targets()).toEqual(elsewhere);

    demo.simulator.updateSettings({ alignet: { notificationUrl: null }, placetopay: { notificationUrl: null } });
    await qa.page.reload();
    await start();
    expect(targets()).toEqual([
      expect.stringMatching(/\/webhooks\/alignet\/notification$/),
      expect.stringMatching(/\/webhooks\/placetopay\/checkout$/),
    ]);
  });
});
