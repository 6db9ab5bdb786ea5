import { type Demo, PEN } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

jest.setTimeout(60_000);

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
