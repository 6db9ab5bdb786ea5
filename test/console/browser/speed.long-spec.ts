import { type Page } from 'playwright-core';
import { type Demo, NETZME } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

/* Prints how fast the page is: `npm run bench:console`. Judges nothing that depends on how fast the machine is. */

/** Odd, for the medians. */
const LOADS = 5;
const SCROLLS = 3;
const ENTRIES = 1_000;
const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
const tell = (line: string) => process.stdout.write(`${line}\n`);

describeWith(BROWSER, 'the speed of the console', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;

  beforeAll(async () => {
    browser = await ConsoleBrowser.launch();
    demo = await browser.startDemo({ isShared: true });
  });
  afterAll(async () => {
    await browser.close();
    await demo.app.close();
  });
  afterEach(() => browser.leave());

  /** Milliseconds after the page was asked for: its heading, what it is about, and what comes of a click. */
  async function load(page: Page): Promise<{ readonly shown: number; readonly usable: number }> {
    await page.goto(demo.url, { waitUntil: 'commit' });
    return page.evaluate(
      ({ card, link, view }) =>
        new Promise<{ shown: number; usable: number }>((resolve) => {
          let shown = 0;
          const look = () => {
            if (shown === 0 && document.querySelector(card) !== null && document.querySelector('h1') !== null) {
              // eslint-disable-next-line no-restricted-syntax -- the page's own clock
              shown = performance.now();
              document.querySelector<HTMLElement>(link)?.click();
            }
            if (document.querySelector(view) === null) requestAnimationFrame(look);
            // eslint-disable-next-line no-restricted-syntax -- likewise
            else resolve({ shown, usable: performance.now() });
          };
          look();
        }),
      {
        card: '[data-testid="gateway-netzme"] dd',
        link: '[data-testid="nav-calls"]',
        view: '[data-testid="call-netzme-balance"]',
      },
    );
  }

  it('is usable after it was asked for', async () => {
    const times: { readonly shown: number; readonly usable: number }[] = [];
    for (let count = 0; count < LOADS; count += 1) {
      const { page } = await browser.newPage(demo);
      times.push(await load(page));
      await browser.leave();
    }
    const [shown, usable] = [times.map((time) => time.shown), times.map((time) => time.usable)];
    tell(
      `the console shows its data after ${Math.round(median(shown))} ms, and reacts after ${Math.round(median(usable))} ms ` +
        `(medians; at best ${Math.round(Math.min(...shown))} and ${Math.round(Math.min(...usable))} ms)`,
    );
    expect(usable.every(Number.isFinite)).toBe(true);
  });

  it('scrolls a thousand entries of the journal, and takes new ones', async () => {
    for (let count = demo.simulator.journal.entries().length; count < ENTRIES; count += 1) {
      await fetch(`${demo.simulator.urls.netzme}/api/aggregator/merchant/qr/balance/detail?userId=${count}`);
    }
    const scrolling: number[] = [];
    const arriving: number[] = [];
    for (let count = 0; count < SCROLLS; count += 1) {
      const qa = await browser.visit(demo, { hash: '#/simulator' });
      await eventually(async () => expect(await qa.hook(TEST_IDS.journalEntry).count()).toBe(ENTRIES));
      scrolling.push(await longestFrameMs(qa, () => scrollThrough(qa)));
      arriving.push(
        await longestFrameMs(qa, async () => {
          const before = await accepted(qa).count();
          await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
          await eventually(async () => expect(await accepted(qa).count()).toBeGreaterThan(before));
        }),
      );
      await browser.leave();
    }
    const [scroll, arrival] = [Math.min(...scrolling), Math.min(...arriving)];
    tell(
      `the longest frame is ${Math.round(scroll)} ms scrolling, ${Math.round(arrival)} ms when entries come ` +
        `(medians ${Math.round(median(scrolling))} and ${Math.round(median(arriving))} ms)`,
    );
    expect([...scrolling, ...arriving].every(Number.isFinite)).toBe(true);
  });

  const accepted = (qa: ConsolePage) =>
    qa.page.locator(`[data-testid="${TEST_IDS.journalEntry}"][data-verdict="accepted"]`);

  /** From its beginning to its end, frame by frame. */
  function scrollThrough({ page }: ConsolePage): Promise<void> {
    return page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const end = () => document.documentElement.scrollHeight - window.innerHeight;
      const step = Math.ceil(end() / 90);
      for (let y = 0; y < end(); y += step) {
        window.scrollTo(0, y);
        await frame();
      }
    });
  }

  /** Between two frames, while something is done. */
  async function longestFrameMs({ page }: ConsolePage, act: () => Promise<unknown>): Promise<number> {
    await page.evaluate(() => {
      const measured = window as unknown as { longest: number; isMeasuring: boolean };
      Object.assign(measured, { longest: 0, isMeasuring: true });
      const measure = (before: number) => (now: number) => {
        measured.longest = Math.max(measured.longest, now - before);
        if (measured.isMeasuring) requestAnimationFrame(measure(now));
      };
      requestAnimationFrame((now) => requestAnimationFrame(measure(now)));
    });
    await act();
    return page.evaluate(() => {
      const measured = window as unknown as { longest: number; isMeasuring: boolean };
      measured.isMeasuring = false;
      return measured.longest;
    });
  }
});
