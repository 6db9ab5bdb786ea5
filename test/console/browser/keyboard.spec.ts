import { VIEWS } from '../../../apps/console/src/state/route';
import { type Demo, NETZME } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

const MOST_STEPS = 80;

describeWith(BROWSER, 'the console by keyboard alone', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    demo = await browser.startDemo();
    qa = await browser.visit(demo);
  });
  afterEach(() => browser.leave());

  const press = (key: string) => qa.page.keyboard.press(key);
  const focused = () =>
    qa.page.evaluate(() => {
      const element = document.activeElement;
      return { tag: element?.tagName, hook: element?.getAttribute('data-testid'), text: element?.textContent };
    });
  /** By Tab, as often as it takes. */
  async function tabTo(hook: string): Promise<void> {
    const passed: unknown[] = [];
    for (let step = 0; step < MOST_STEPS; step += 1) {
      await press('Tab');
      const now = await focused();
      if (now.hook === hook) return;
      passed.push(now.hook ?? now.tag);
    }
    throw new Error(`${hook} is not reached by Tab, but these are: ${passed.join(', ')}`);
  }

  it('first offers to skip to the content, and shows where one is', async () => {
    await press('Tab');
    expect((await focused()).text).toBe('Skip to content');
    const skip = qa.page.locator('a.skip');
    const box = await skip.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.height).toBeGreaterThan(10);
    await press('Enter');
    expect((await focused()).tag).toBe('MAIN');

    await tabTo('nav-calls');
    const outline = await qa.hook('nav-calls').evaluate((link) => getComputedStyle(link).outlineStyle);
    expect(outline).not.toBe('none');
  });

  it('leads to every view, and says there where it has led', async () => {
    for (const view of VIEWS) {
      await tabTo(`nav-${view}`);
      await press('Enter');
      await qa.hook(`view-${view}`).waitFor();
      expect(await qa.page.locator('h1').innerText()).toBe(await qa.hook(`nav-${view}`).innerText());
      expect(await qa.hook(`nav-${view}`).getAttribute('aria-current')).toBe('page');
      await eventually(async () => expect((await focused()).tag).toBe(view === 'overview' ? 'A' : 'H1'));
    }
  });

  it('runs a call with input of its own, and reaches what came of it', async () => {
    await tabTo('nav-calls');
    await press('Enter');
    await qa.hook('call-netzme-withdraw-inquiry').waitFor();
    await tabTo('call-netzme-withdraw-inquiry');
    await press('Enter');
    await eventually(async () => expect(await qa.field('amount').count()).toBe(1));
    await tabTo('field-amount');
    await press('ControlOrMeta+a');
    await qa.page.keyboard.type('777.00');
    await tabTo(TEST_IDS.runCall);
    await press('Enter');
    const outcome = qa.hook(TEST_IDS.callOutcome);
    await outcome.waitFor();
    expect(await outcome.getAttribute('data-ok')).toBe('true');
    expect(demo.simulator.journal.entries({ gateway: 'netzme' }).at(-1)?.body).toContain('"777.00"');
    await tabTo(TEST_IDS.copyButton);
    await tabTo(TEST_IDS.callRecord);
    expect((await focused()).text).toContain('HTTP 200');
  });

  it('chooses language and theme, and works the menu of a narrow page', async () => {
    await tabTo(TEST_IDS.languageSwitch);
    await press('e');
    await eventually(async () => expect(await qa.page.locator('html').getAttribute('lang')).toBe('es'));
    await tabTo(TEST_IDS.themeSwitch);
    await press('End');
    await eventually(async () => expect(await qa.page.locator('html').getAttribute('data-theme')).toBe('dark'));
    const phone = await browser.visit(demo, { viewport: { width: 390, height: 800 } });
    qa = phone;
    await tabTo(TEST_IDS.menuButton);
    expect(await qa.hook(TEST_IDS.menuButton).getAttribute('aria-expanded')).toBe('false');
    await press('Enter');
    expect(await qa.hook(TEST_IDS.menuButton).getAttribute('aria-expanded')).toBe('true');
    await tabTo('nav-calls');
    await press('Escape');
    await eventually(async () => expect(await qa.hook('nav-calls').isVisible()).toBe(false));
    expect((await focused()).hook).toBe(TEST_IDS.menuButton);
    await press('Enter');
    await tabTo('nav-evidence');
    await press('Enter');
    await qa.hook('view-evidence').waitFor();
    await eventually(async () => expect(await qa.hook('nav-calls').isVisible()).toBe(false));
  });

  it('opens an entry of the journal', async () => {
    expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
    await qa.goTo('simulator');
    const entry = qa.hook(TEST_IDS.journalEntry).first();
    await entry.waitFor();
    await qa.field('journalVerdict').focus();
    await press('Tab');
    expect((await focused()).tag).toBe('SUMMARY');
    await press('Enter');
    await eventually(async () => expect(await entry.innerText()).toContain('HTTP/1.1'));
  });
});
