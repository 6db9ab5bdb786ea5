import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { BROWSER, requireBinary } from './needed-program';

/**
 * No sandbox: in a container, and as root, Chromium has none. No name is looked up, so that a page that asks for another
 * machine's file finds none, even where there is internet.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

export interface PageOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'locale' | 'viewport'> {
  /** URLs whose hosts and ports the page may ask. A request to any other is a problem. */
  readonly allowed: readonly string[];
}

/** A page that keeps account of what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * Errors on the console, uncaught errors, requests to hosts that are not allowed; empty is what a test wants. A refused
   * request (4xx) is an error on the console too: a test that provokes one takes it out by {@link takeProblems}.
   */
  readonly problems: readonly string[];
  /** The problems so far, which are then forgotten. */
  readonly takeProblems: () => string[];
}

/** Chromium as the tests use it. */
export interface TestBrowser {
  readonly browser: Browser;
  /** A page with cookies and storage of its own. @default 1280 x 800, light, English, no animations */
  newPage(options: PageOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

/**
 * Starts Chromium: once per file, in `beforeAll` of a block made by `describeWith(BROWSER, ...)`, closed in `afterAll`.
 * @throws one sentence that says what to do when there is none on this machine.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: pathOf(requireBinary(BROWSER)), args: ARGUMENTS });
  return { browser, newPage: (options) => openPage(browser, options), close: () => browser.close() };
}

async function openPage(browser: Browser, { allowed, ...options }: PageOptions): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en',
    reducedMotion: 'reduce',
    ...options,
  });
  const problems: string[] = [];
  const hosts = new Set(allowed.map((url) => new URL(url).host));
  const watchHost = (url: string) => {
    const { host, protocol } = new URL(url);
    if (!['about:', 'blob:', 'data:'].includes(protocol) && !hosts.has(host)) {
      problems.push(`request to another host: ${url}`);
    }
  };
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'assert') {
      problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => problems.push(`uncaught: ${String(error.error())}`));
  context.on('request', (request) => watchHost(request.url()));
  const page = await context.newPage();
  page.on('websocket', (socket) => watchHost(socket.url()));
  return { page, context, problems, takeProblems: () => problems.splice(0) };
}

/** Whatever follows at once from what has come to a page is done and drawn by then. */
export async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
}

/** Playwright wants to know where it lies. */
function pathOf(binary: string): string {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, binary));
  return places.find(isExecutable) ?? binary;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
