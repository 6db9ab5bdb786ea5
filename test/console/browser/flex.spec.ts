import { type Request } from 'playwright-core';
import { type Demo, PEN } from '../../e2e/demo-app';
import { twoFrames } from '../../support/browser';
import { describeWith } from '../../support/describe-with';
import { withDelaysHeld } from '../../support/late';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

/** Where the simulator's form takes its nonce. */
const FORM = '/simulator/flex/start';

describeWith(BROWSER, 'a checkout with Flex', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

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
    qa = await browser.visit(demo);
    await qa.goTo('checkout');
  });
  afterEach(() => browser.leave());

  const button = (name: string) => qa.page.getByRole('button', { name, exact: true });

  describe('is started with a nonce', () => {
    const SESSION = '/alignet/checkout-session';
    const [STYLE, SCRIPT] = ['/main-flex-payment-forms.css', '/flex-payment-forms.min.js'];
    const pathOf = (request: Request) => new URL(request.url()).pathname;

    /** What the page asks for from now on and when that has come, in order; and the nonces it got and used. */
    function watch() {
      const asked: string[] = [];
      const came: string[] = [];
      const nonces: { readonly got: string[]; readonly used: string[] } = { got: [], used: [] };
      qa.page.on('request', (request) => {
        const path = pathOf(request);
        if (![SESSION, STYLE, SCRIPT, FORM].includes(path)) return;
        asked.push(path);
        if (path === FORM && request.method() === 'POST') nonces.used.push(nonceIn(request.postData()));
      });
      qa.page.on('requestfinished', (request) => {
        if (pathOf(request) === STYLE || pathOf(request) === SCRIPT) came.push(pathOf(request));
      });
      qa.page.on('response', (response) => {
        if (pathOf(response.request()) !== SESSION) return;
        void response.text().then((text) => nonces.got.push(nonceIn(text)));
      });
      return { asked, came, nonces };
    }
    const nonceIn = (text: string | null) => (JSON.parse(text ?? '{}') as { readonly nonce: string }).nonce;

    it('that is younger than the assets, which took longer than it lives', async () => {
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'asset', kind: 'delay', times: 2 });
      await qa.page.clock.install();
      const { asked, came, nonces } = watch();
      await withDelaysHeld(async () => {
        await qa.click(TEST_IDS.flexStart);
        // Both at once.
        await eventually(() => Promise.resolve(expect(asked).toEqual([SESSION, STYLE, SCRIPT])));
        expect(came).toEqual([]);
        demo.simulator.clock.advance(31_000);
        await qa.page.clock.fastForward(31_000);
      });

      await button('Approve').waitFor();
      expect(asked.slice(0, 5)).toEqual([SESSION, STYLE, SCRIPT, SESSION, FORM]);
      await eventually(() => Promise.resolve(expect(nonces.got).toHaveLength(2)));
      expect(nonces.used).toEqual(nonces.got.slice(1));
    });

    it('that came with the addresses of the assets, where they come soon or are there', async () => {
      const { asked, nonces } = watch();
      for (const assets of [[STYLE, SCRIPT], []]) {
        asked.length = 0;
        const form = qa.page.waitForResponse((response) => pathOf(response.request()) === FORM);
        await qa.click(TEST_IDS.flexStart);
        await form;
        expect([...new Set(asked)]).toEqual([SESSION, ...assets, FORM]);
        await button('Approve').waitFor();
      }
      expect(nonces.used).toEqual(nonces.got);
      expect(nonces.used).toHaveLength(2);
    });
  });

  describe('whose assets are slow', () => {
    /** Starts, acts while the assets are on their way, and returns once they are there. */
    async function startAnd(act: () => Promise<void>): Promise<void> {
      demo.simulator.faults.add({ gateway: 'alignet', operation: 'asset', kind: 'delay', times: 2 });
      const came = ['**/*.css', '**/flex-*.js'].map((url) => qa.page.waitForResponse(url));
      const asked = qa.page.waitForRequest('**/flex-*.js');
      await withDelaysHeld(async () => {
        await qa.click(TEST_IDS.flexStart);
        await asked;
        await act();
      });
      await Promise.all(came);
      await qa.page.waitForFunction(() => 'FlexPaymentForms' in globalThis);
      await twoFrames(qa.page);
    }
    function watchForms(): readonly string[] {
      const forms: string[] = [];
      qa.page.on('request', (request) => {
        if (request.url().endsWith(FORM) && request.method() === 'POST') forms.push(request.url());
      });
      return forms;
    }

    it('is over once QA ends it, and can be started again', async () => {
      const number = await qa.field('operationNumber').inputValue();
      const forms = watchForms();
      await startAnd(async () => {
        expect(await qa.text(TEST_IDS.flexStart)).toBe('Starting …');
        await qa.click(TEST_IDS.flexEnd);
        await eventually(async () => expect(await qa.text(TEST_IDS.flexStart)).toBe('Start Flex'));
        expect(await qa.hook(TEST_IDS.flexEnd).count()).toBe(0);
      });
      expect([forms, await qa.text(TEST_IDS.flexForm)]).toEqual([[], '']);
      expect(await qa.hook(TEST_IDS.flexEnd).count()).toBe(0);
      expect(await qa.hook(TEST_IDS.flexCountdown).count()).toBe(0);
      expect(await qa.hook(TEST_IDS.problem).count()).toBe(0);

      expect(await qa.field('operationNumber').inputValue()).toBe(number);
      await qa.click(TEST_IDS.flexStart);
      await button('Approve').waitFor();
      expect(await qa.text(TEST_IDS.flexForm)).toContain(number);
      await qa.hook(TEST_IDS.flexCountdown).waitFor();
      await qa.hook(TEST_IDS.flexCallback).first().waitFor();
      await qa.click(TEST_IDS.flexEnd);
      await eventually(async () => expect(await qa.text(TEST_IDS.flexForm)).toBe(''));
    });

    it('mounts one form when it is ended and started again before they are there', async () => {
      const forms = watchForms();
      await startAnd(async () => {
        await qa.click(TEST_IDS.flexEnd);
        await qa.click(TEST_IDS.flexStart);
      });
      await button('Approve').waitFor();
      expect(forms).toHaveLength(1);
      expect(await button('Approve').count()).toBe(1);
      await qa.hook(TEST_IDS.flexCountdown).waitFor();
    });

    it('is over once QA leaves the view', async () => {
      const forms = watchForms();
      await startAnd(async () => {
        await qa.goTo('overview');
        await qa.goTo('checkout');
      });
      expect([forms, await qa.text(TEST_IDS.flexForm)]).toEqual([[], '']);
      expect(await qa.hook(TEST_IDS.flexEnd).count()).toBe(0);
    });
  });

  describe('waits for the webhook of its own payment', () => {
    const card = () => qa.text(TEST_IDS.flexWebhook);
    const verdict = () => qa.hook(TEST_IDS.webhookVerdict, qa.hook(TEST_IDS.flexWebhook));

    const send = (operationNumber: string, broken?: 'changed-byte') =>
      demo.simulator.webhooks.send({
        gateway: 'alignet',
        scheme: 'notification',
        account: PEN.clientId,
        url: `${demo.url}/webhooks/alignet/notification`,
        data: { merchant_operation_number: operationNumber },
        ...(broken && { break: broken }),
      });

    it('and takes neither one on another number nor a refused one for it', async () => {
      const number = await qa.field('operationNumber').inputValue();
      await qa.click(TEST_IDS.flexStart);
      await button('Approve').waitFor();

      const other = await send('7777777');
      const broken = await send(number, 'changed-byte');
      expect([other, broken].map(({ answers }) => answers[0]?.status)).toEqual([200, 401]);
      await eventually(async () => expect(await card()).toMatch(/Also came meanwhile: 2 of Alignet/));
      expect(await card()).toMatch(/^Waiting for the signed webhook/);
      expect(await verdict().count()).toBe(0);

      await button('Approve').click();
      await eventually(async () => expect(await verdict().getAttribute('data-verdict')).toBe('accepted'));
      expect(await verdict().count()).toBe(1);
      await verdict().locator('summary').click();
      expect(await verdict().innerText()).toContain(`${number}:`);
      expect(await card()).toMatch(/Also came meanwhile: 2 of Alignet/);
      expect(await card()).not.toContain('Waiting');
    });
  });
});
