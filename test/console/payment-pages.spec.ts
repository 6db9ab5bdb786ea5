import { GatewaySimulator } from '@payment-auth/gateway-simulator';
import { readFileSync } from 'node:fs';
import { type Page } from 'playwright-core';
import { placetopayAuth, sendJson } from '../../libs/gateway-simulator/test/clients';
import { openBrowser, type TestBrowser, type WatchedPage } from '../support/browser';
import { describeWith } from '../support/describe-with';
import { BROWSER } from '../support/needed-program';
import { RecordingServer } from '../support/recording-server';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [390, 1280];
const SCHEMES = ['light', 'dark'] as const;

describeWith(BROWSER, "Placetopay's payment pages", () => {
  let simulator: GatewaySimulator;
  let shop: RecordingServer;
  let elsewhere: RecordingServer;
  let browser: TestBrowser;
  let watched: WatchedPage | undefined;

  beforeAll(async () => {
    simulator = await GatewaySimulator.start();
    [shop, elsewhere] = await Promise.all([RecordingServer.start(), RecordingServer.start()]);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([shop.stop(), elsewhere.stop(), simulator.stop()]);
  });
  beforeEach(() => {
    simulator.reset();
    shop.requests.length = 0;
    shop.respond = thanks;
    elsewhere.respond = thanks;
  });
  afterEach(async () => {
    const { context, problems = [] } = watched ?? {};
    watched = undefined;
    await context?.close();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  const thanks = () => ({
    headers: { 'Content-Type': 'text/html' },
    body: '<!doctype html><link rel="icon" href="data:,"><title>Thanks</title>',
  });
  const auth = () => placetopayAuth({ seed: new Date().toISOString() });

  async function session(changes: object = {}): Promise<string> {
    const { json } = await sendJson(simulator.urls.placetopay, '/api/session', {
      auth: auth(),
      locale: 'en_US',
      payment: { reference: 'ORDER-1', description: 'x'.repeat(200), amount: { currency: 'COP', total: 10000 } },
      returnUrl: `${shop.url}/return?order=1`,
      ipAddress: '127.0.0.1',
      userAgent: 'browser',
      ...changes,
    });
    return String(json['processUrl']);
  }

  async function link(): Promise<string> {
    const { json } = await sendJson(simulator.urls.placetopay, '/api/payment-link', {
      auth: auth(),
      name: 'Membership',
      expirationDate: '2099-03-05 08:10:50',
      paymentExpiration: 15,
      payment: { amount: { currency: 'USD', total: 59.9 } },
      reference: '#5321',
      description: 'Un año',
    });
    return String(json['url']);
  }

  async function visit(address: string, width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const allowed = [simulator.urls.placetopay, shop.url, elsewhere.url];
    watched = await browser.newPage({ allowed, colorScheme, viewport: { width, height: 800 } });
    await watched.page.goto(address);
    return watched.page;
  }

  /** Of axe, which itself tries inline styles; those problems are not the page's. */
  async function violations(page: Page): Promise<unknown> {
    const before = [...(watched?.problems ?? [])];
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    });
    watched?.takeProblems();
    return [...before, ...found];
  }

  it.each(WIDTHS.flatMap((width) => SCHEMES.map((scheme) => [width, scheme] as const)))(
    'are wholly visible and pass axe at %d pixels, %s',
    async (width, scheme) => {
      const page = await visit(await session(), width, scheme);
      const choices = await violations(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await page.goto(await link());
      const ofLink = await violations(page);

      expect(choices).toEqual([]);
      expect(ofLink).toEqual([]);
      expect(overflow).toBeLessThanOrEqual(0);
    },
  );

  it.each([
    ['Approve', 'APPROVED'],
    ['Reject', 'REJECTED'],
    ['Leave pending', 'PENDING'],
    ['Cancel and return', 'REJECTED'],
  ])('%s: takes the buyer back to the shop, the session %s', async (button, status) => {
    const address = await session();
    const page = await visit(address);
    await page.getByRole('button', { name: button }).click();
    await page.waitForURL(`${shop.url}/return?order=1`);
    const { json } = await sendJson(simulator.urls.placetopay, '/api/session/1', { auth: auth() });

    expect(await page.title()).toBe('Thanks');
    expect(json).toMatchObject({ status: { status } });
    expect(shop.requests).toMatchObject([{ method: 'GET', url: '/return?order=1' }]);
    expect(shop.requests[0]?.headers.referer).toBeUndefined();
  });

  it('let a shop send its buyer on to another host', async () => {
    shop.respond = () => ({ status: 302, headers: { Location: `${elsewhere.url}/thanks` } });
    const page = await visit(await session());
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(`${elsewhere.url}/thanks`);

    expect(await page.title()).toBe('Thanks');
  });

  it('are worked by keyboard alone', async () => {
    const page = await visit(await session());
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Reject');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${shop.url}/**`);

    expect(shop.requests).toHaveLength(1);
  });

  it('pay by a link, in Spanish where nothing else is said', async () => {
    const page = await visit(await link());
    await page.getByRole('button', { name: 'Pagar' }).click();
    await page.getByRole('heading', { name: 'Pago aprobado' }).waitFor();

    expect(await violations(page)).toEqual([]);
  });
});
