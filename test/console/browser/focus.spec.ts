import { type Demo, NETZME } from '../../e2e/demo-app';
import { twoFrames } from '../../support/browser';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

interface Action {
  readonly button: string;
  /** The view, and what is chosen in it. */
  readonly hash: string;
  /** What must be there before. */
  readonly before?: (qa: ConsolePage, demo: Demo) => Promise<unknown>;
  /** What tells that it is done. */
  readonly done: (qa: ConsolePage, demo: Demo) => Promise<unknown>;
}

const comes = (hook: string) => (qa: ConsolePage) => qa.hook(hook).first().waitFor();
const noticed = (qa: ConsolePage) => qa.hook(TEST_IDS.simulatorNotice).locator('.badge').waitFor();
const some = (of: string) => (qa: ConsolePage) =>
  eventually(async () => expect(await qa.hook(of).count()).toBeGreaterThan(0));
const askBalance = (_qa: ConsolePage, demo: Demo) => demo.get(`/netzme/balance?userId=${NETZME.userId}`);
const send = async (qa: ConsolePage) => {
  await qa.click(TEST_IDS.sendWebhook);
  await some(TEST_IDS.sentWebhook)(qa);
};

const ACTIONS: readonly Action[] = [
  { hash: '#/calls/netzme-balance', button: TEST_IDS.runCall, done: comes(TEST_IDS.callOutcome) },
  {
    hash: '#/inspector',
    button: TEST_IDS.inspect,
    before: (qa) => qa.click(TEST_IDS.fillExample),
    done: comes(TEST_IDS.stages),
  },
  { hash: '#/checkout', button: TEST_IDS.flexStart, done: comes(TEST_IDS.flexCountdown) },
  { hash: '#/checkout', button: TEST_IDS.webcheckoutStart, done: comes(TEST_IDS.webcheckoutGo) },
  {
    hash: '#/checkout',
    button: TEST_IDS.webcheckoutQuery,
    before: async (qa) => {
      await qa.click(TEST_IDS.webcheckoutStart);
      await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
    },
    done: comes(TEST_IDS.webcheckoutState),
  },
  { hash: '#/simulator', button: `${TEST_IDS.advanceClock}-30s`, done: noticed },
  { hash: '#/simulator', button: TEST_IDS.resetClock, done: noticed },
  { hash: '#/simulator', button: TEST_IDS.expireToken, before: askBalance, done: noticed },
  { hash: '#/simulator', button: TEST_IDS.stealToken, done: noticed },
  { hash: '#/simulator', button: TEST_IDS.revokeTokens, done: noticed },
  { hash: '#/simulator', button: TEST_IDS.setSiteState, done: noticed },
  { hash: '#/simulator', button: TEST_IDS.addFault, done: comes(TEST_IDS.activeFault) },
  { hash: '#/simulator', button: TEST_IDS.restoreAll, done: noticed },
  { hash: '#/webhooks', button: TEST_IDS.sendWebhook, done: some(TEST_IDS.sentWebhook) },
  { hash: '#/webhooks', button: TEST_IDS.resendWebhook, before: send, done: (_qa, demo) => sentTwice(demo) },
  {
    hash: '#/evidence',
    button: TEST_IDS.saveEvidence,
    before: askBalance,
    done: comes(TEST_IDS.evidenceSaved),
  },
];

const sentTwice = (demo: Demo) =>
  eventually(() => Promise.resolve(expect(demo.simulator.webhooks.sent()).toHaveLength(2)));

describeWith(BROWSER, 'where the focus is after a key was pressed', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => {
    browser = await ConsoleBrowser.launch();
    demo = await browser.startDemo({ hasSimulatorKeys: true, isShared: true });
  });
  afterAll(async () => {
    await browser.close();
    await demo.app.close();
  });
  beforeEach(() => demo.simulator.reset());
  afterEach(() => browser.leave());

  const focused = () => qa.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? 'nothing');

  it.each(ACTIONS.map((action) => [action.button, action] as const))(
    'on the button still: %s',
    async (button, { hash, before, done }) => {
      qa = await browser.visit(demo, { hash });
      await before?.(qa, demo);
      await qa.hook(button).first().focus();
      await qa.page.keyboard.press('Enter');
      await done(qa, demo);
      await twoFrames(qa.page);
      expect(await focused()).toBe(button);
    },
  );

  it('on the next fault when one is removed, and on their heading after the last', async () => {
    qa = await browser.visit(demo, { hash: '#/simulator' });
    for (const count of [1, 2]) {
      await qa.click(TEST_IDS.addFault);
      await eventually(async () => expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(count));
    }
    await qa.hook(TEST_IDS.removeFault).first().focus();
    await qa.page.keyboard.press('Enter');
    await eventually(async () => expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(1));
    await eventually(async () => expect(await focused()).toBe(TEST_IDS.removeFault));
    await qa.page.keyboard.press('Enter');
    await eventually(async () => expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(0));
    await eventually(async () => expect(await qa.page.evaluate(() => document.activeElement?.tagName)).toBe('H3'));
  });
});
