import { Demo, type DemoStart, stopAll } from '../../../e2e/demo-app';
import { openBrowser, type PageOptions, type TestBrowser, type WatchedPage } from '../../../support/browser';
import { builtConsole } from './built-console';
import { ConsolePage } from './console-page';

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
  private readonly open: WatchedPage[] = [];

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
  async visit(demo: Demo, visit: Visit = {}): Promise<ConsolePage> {
    const watched = await this.newPage(demo, visit);
    const { query = '', hash = '' } = visit;
    await watched.page.goto(`${demo.url}/${query}${hash}`);
    await watched.page.locator('h1').first().waitFor();
    return new ConsolePage(watched);
  }

  /** The same without going anywhere. */
  async newPage(demo: Demo, { prepare, query: _query, hash: _hash, ...options }: Visit = {}): Promise<WatchedPage> {
    const watched = await this.browser.newPage({ allowed: [demo.url, ...gatewayPages(demo)], ...options });
    this.open.push(watched);
    await prepare?.(watched);
    return watched;
  }

  /** For `afterEach`. */
  async leave(): Promise<void> {
    const left = this.open.splice(0);
    await Promise.all(left.map(({ context }) => context.close()));
    await stopAll();
    const problems = left.flatMap(({ takeProblems }) => takeProblems());
    if (problems.length > 0) throw new Error(`The page had problems:\n${problems.join('\n')}`);
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
