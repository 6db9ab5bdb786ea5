import { Demo, type DemoStart, stopAll } from '../../../e2e/demo-app';
import { openBrowser, type PageOptions, type TestBrowser, type WatchedPage } from '../../../support/browser';
import { builtConsole } from './built-console';
import { ConsolePage } from './console-page';
import { eventually } from './eventually';

type Visit = Partial<PageOptions> & {
  /** Of the address: `?lang=es`. */
  readonly query?: string;
  readonly hash?: string;
  /** Before the page is loaded. */
  readonly prepare?: (watched: WatchedPage) => Promise<unknown> | void;
};

/**
 * A browser for the tests of one file, and the demos whose console it visits. `leave` ends what a test opened, and fails it
 * when the page logged an error or asked another host for something.
 */
export class ConsoleBrowser {
  private readonly open: ConsolePage[] = [];

  private constructor(
    private readonly browser: TestBrowser,
    private readonly pageFolder: string,
  ) {}

  static async launch(): Promise<ConsoleBrowser> {
    const pageFolder = await builtConsole();
    return new ConsoleBrowser(await openBrowser(), pageFolder);
  }

  startDemo(start: DemoStart = {}): Promise<Demo> {
    return Demo.start({ pageFolder: this.pageFolder, ...start });
  }

  /** A browser that was never there before loads the console; its session or its sign-in is shown. */
  async visit(demo: Demo, { prepare, query = '', hash = '', ...options }: Visit = {}): Promise<ConsolePage> {
    const qa = await this.newPage(demo, options);
    await prepare?.(qa.watched);
    await qa.page.goto(`${demo.url}/${query}${hash}`);
    await qa.page.locator('h1').first().waitFor();
    return qa;
  }

  /** The same before it has gone anywhere. */
  async newPage(demo: Demo, options: Partial<PageOptions> = {}): Promise<ConsolePage> {
    const watched = await this.browser.newPage({ allowed: [demo.url, ...gatewayPages(demo)], ...options });
    const qa = new ConsolePage(watched);
    this.open.push(qa);
    return qa;
  }

  /** Another tab of the browser that another page is in: the same cookies and storage, and its problems are that page's. */
  async anotherTab(demo: Demo, { watched }: ConsolePage): Promise<ConsolePage> {
    const qa = new ConsolePage({ ...watched, page: await watched.context.newPage() });
    await qa.page.goto(demo.url);
    await qa.page.locator('h1').first().waitFor();
    return qa;
  }

  /** For `afterEach`. */
  async leave(): Promise<void> {
    const left = this.open.splice(0);
    const expectNone = (of: (qa: ConsolePage) => string[]) => expect(left.flatMap(of)).toEqual([]);
    try {
      // Chromium tells of a provoked one when it comes to it.
      await eventually(() => Promise.resolve(expectNone((qa) => qa.missing())));
    } finally {
      await Promise.all(left.map(({ watched }) => watched.context.close()));
      await stopAll();
    }
    expectNone((qa) => qa.problems());
  }

  /** For `afterAll`. */
  close(): Promise<void> {
    return this.browser.close();
  }
}

/** Flex and Placetopay's pages are the simulator's; nothing else of it is for browsers. */
function gatewayPages(demo: Demo): string[] {
  try {
    const { alignet, placetopay } = demo.simulator.urls;
    return [alignet, placetopay];
  } catch {
    return [];
  }
}
