import { type Demo, NETZME, SITE } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { shortOrLong } from '../../support/tier';
import { ConsoleClient } from '../console-client';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';
import { seriousViolations } from './support/violations';

const WIDTHS = [1280, 390];
const SCHEMES = ['light', 'dark'] as const;

describeWith(BROWSER, 'the console for everybody', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  afterEach(() => browser.leave());

  /** Each view with something in it: good news, bad news, and what is long. */
  const SHOWN: readonly (readonly [what: string, show: () => Promise<unknown>])[] = [
    [
      'the overview, with tokens, a nonce and a failure',
      async () => {
        await demo.post('/alignet/nonce', {});
        const console = new ConsoleClient(demo);
        demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', status: 503 });
        await console.post('/calls/netzme-balance', { input: { userId: NETZME.userId } });
        await qa.hook(TEST_IDS.nonceCountdown).waitFor();
        await qa.fact('Last failure').waitFor();
      },
    ],
    [
      'a call that went well, its export open, one body in hex',
      async () => {
        await qa.goTo('calls', 'call-placetopay-session');
        await qa.click(TEST_IDS.runCall);
        await qa.hook(TEST_IDS.callOutcome).waitFor();
        await qa.hook(TEST_IDS.exportMenu).locator('summary').click();
        await qa.click(`${TEST_IDS.exportAs}-curl`);
        await qa.hook(TEST_IDS.exportedContent).waitFor();
        await qa.page.getByRole('button', { name: 'Hex', exact: true }).last().click();
      },
    ],
    [
      'a call that fails',
      async () => {
        await qa.goTo('calls', 'call-netzme-balance');
        demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'cut' });
        await qa.click(TEST_IDS.runCall);
        await qa.hook(TEST_IDS.callOutcome).waitFor();
      },
    ],
    [
      'an inspection, and a mistake found',
      async () => {
        await qa.goTo('inspector', 'scheme-placetopay-auth');
        await qa.fillIn({
          'auth.nonce': 'AP+A/sMooKHiKKHwKIy8fw==',
          'auth.seed': '2026-11-22T10:15:30-05:00',
          expected: 'not what it should be',
        });
        await qa.click(TEST_IDS.inspect);
        await qa.hook(TEST_IDS.verdict).waitFor();
      },
    ],
    [
      'checkouts that are started',
      async () => {
        await qa.goTo('checkout');
        await qa.click(TEST_IDS.flexStart);
        await qa.page.getByRole('button', { name: 'Approve' }).click();
        await qa.hook(TEST_IDS.webhookVerdict).waitFor();
        await qa.click(TEST_IDS.webcheckoutStart);
        await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
        await qa.click(TEST_IDS.webcheckoutQuery);
        await qa.hook(TEST_IDS.webcheckoutState).waitFor();
      },
    ],
    [
      'the simulator with a fault waiting, and a refusal opened in its journal',
      async () => {
        demo.simulator.placetopay.setSiteState(SITE.login, 'inactive');
        await demo.post('/placetopay/sessions', { reference: 'ORDER-1', currency: 'COP', total: 12_000 });
        demo.simulator.placetopay.setSiteState(SITE.login, 'active');
        await qa.goTo('simulator');
        await qa.click(TEST_IDS.addFault);
        await qa.hook(TEST_IDS.activeFault).first().waitFor();
        await qa.page
          .locator(`[data-testid="${TEST_IDS.journalEntry}"][data-verdict="refused"] summary`)
          .first()
          .click();
        await qa.page.locator('.journal-details').waitFor();
      },
    ],
    [
      'webhooks, one accepted and one refused',
      async () => {
        await qa.goTo('webhooks', 'scheme-placetopay-checkout');
        await qa.click(TEST_IDS.sendWebhook);
        await qa.fillIn({ break: 'changed-byte' });
        const refused = qa.page.locator(`[data-testid="${TEST_IDS.sentWebhook}"][data-verdict="refused"]`);
        await qa.click(TEST_IDS.sendWebhook);
        await refused.first().locator('summary').click();
        await qa.hook(TEST_IDS.webhookVerdict).first().locator('summary').click();
      },
    ],
    [
      'replicas',
      async () => {
        await qa.goTo('replicas');
        await qa.hook(TEST_IDS.replicaRow).waitFor();
      },
    ],
    [
      'evidence that was saved',
      async () => {
        await qa.goTo('evidence');
        await qa.saved(() => qa.click(TEST_IDS.saveEvidence));
        await qa.page.getByText('Saved as').waitFor();
      },
    ],
  ];

  // Layout goes by the width and colours by the scheme, so that two of the four tell most of what all four do.
  const COMBINATIONS = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => [width, scheme] as const));
  it.each(COMBINATIONS.filter(([width, scheme]) => shortOrLong((width === 1280) === (scheme === 'light'), true)))(
    'at %d pixels, %s: axe finds nothing serious in any view, and none is broader than the window',
    async (width, colorScheme) => {
      demo = await browser.startDemo({ hasSimulatorKeys: true });
      qa = await browser.visit(demo, { colorScheme, viewport: { width, height: 844 } });
      const wrong: Record<string, unknown> = {};
      for (const [what, show] of SHOWN) {
        await show();
        const found: string[] = await seriousViolations(qa);
        const tooBroad = await qa.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (tooBroad > 0) found.push(`${tooBroad} pixels too broad`);
        if (found.length > 0) wrong[what] = found;
      }
      expect(wrong).toEqual({});
    },
  );

  it.each(SCHEMES)('is %s by the system, unless whoever uses it has chosen otherwise', async (colorScheme) => {
    demo = await browser.startDemo();
    qa = await browser.visit(demo, { colorScheme });
    const looks = () =>
      qa.page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        const red = (text: string) => Number(/\d+/.exec(text)?.[0]);
        return red(backgroundColor) > red(color) ? 'light' : 'dark';
      });
    expect(await looks()).toBe(colorScheme);
    for (const [chosen, shown] of [
      ['light', 'light'],
      ['dark', 'dark'],
      ['auto', colorScheme],
    ] as const) {
      await qa.hook(TEST_IDS.themeSwitch).selectOption(chosen);
      expect(await looks()).toBe(shown);
    }
  });

  it.each(SCHEMES)('the sign-in, %s', async (colorScheme) => {
    demo = await browser.startDemo({ environment: { CONSOLE_ACCESS_TOKEN: 'a-token-of-the-console-secret-4711' } });
    qa = await browser.visit(demo, { colorScheme, viewport: { width: 390, height: 844 } });
    await qa.fillIn({ token: 'another-token' });
    await qa.click(TEST_IDS.signInButton);
    await qa.hook(TEST_IDS.problem).waitFor();
    await eventually(() =>
      Promise.resolve(expect(qa.watched.takeProblems()).toEqual([expect.stringContaining('401')])),
    );
    expect(await seriousViolations(qa)).toEqual([]);
    expect(await qa.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });

  it('would not pass with a button that says nothing', async () => {
    demo = await browser.startDemo();
    qa = await browser.visit(demo);
    await qa.page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
    expect(await seriousViolations(qa)).toEqual([expect.stringContaining('button-name: <button></button>')]);
  });
});
