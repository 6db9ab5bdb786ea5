import { type Locator } from 'playwright-core';
import { type Demo, ENCRYPTION_KEYS, NETZME, NOBODY_THERE } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleClient } from '../console-client';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

const MINUTE_MS = 60_000;

describeWith(BROWSER, 'the overview', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  beforeEach(async () => (demo = await browser.startDemo()));
  afterEach(() => browser.leave());

  const askBalance = async () => expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
  const card = (qa: ConsolePage, gateway: string): Locator => qa.hook(`gateway-${gateway}`);
  const tokenState = (qa: ConsolePage, gateway: string) =>
    qa.hook(TEST_IDS.tokenState, card(qa, gateway)).getAttribute('data-state');
  const live = (qa: ConsolePage) =>
    eventually(async () => expect(await qa.hook(TEST_IDS.connection).getAttribute('data-state')).toBe('open'));

  it('says where each gateway is, that there is no token yet, and where tokens are kept', async () => {
    const qa = await browser.visit(demo);
    const { alignet, placetopay, netzme } = demo.simulator.urls;
    for (const [gateway, url] of Object.entries({ alignet, placetopay, netzme })) {
      await eventually(async () => expect(await card(qa, gateway).innerText()).toContain(new URL(url).host));
    }
    expect(await qa.text(TEST_IDS.environment)).toMatch(/sandbox/);
    expect([await tokenState(qa, 'alignet'), await tokenState(qa, 'netzme')]).toEqual(['none', 'none']);
    expect(await card(qa, 'placetopay').innerText()).toContain('Needs none: each request carries its own digest.');
    expect(await qa.hook(TEST_IDS.storeState).getAttribute('data-state')).toBe('ok');
    expect(await qa.text(TEST_IDS.storeState)).toMatch(/^memory of the process\s+ok/);
    expect(await qa.fact('PID').innerText()).toBe(String(process.pid));
  });

  it('shows a token, its life, its renewals and what ended it, without being loaded again', async () => {
    const qa = await browser.visit(demo);
    await live(qa);
    await qa.page.evaluate(() => Object.assign(window, { wasNotLoadedAgain: true }));
    const netzme = card(qa, 'netzme');

    await askBalance();
    await eventually(async () => expect(await tokenState(qa, 'netzme')).toBe('valid'));
    const life = qa.hook(TEST_IDS.tokenRemaining, netzme);
    const share = Number(await life.getByRole('progressbar').getAttribute('value'));
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThanOrEqual(1);
    expect(await life.innerText()).toMatch(/Remaining life\s+\d+ (h|min) \d\d (min|s)/);
    expect(await qa.fact('Fingerprint', netzme).innerText()).toMatch(/…/);
    expect([await qa.fact('Renewals', netzme).innerText(), await qa.fact('401 answers', netzme).innerText()]).toEqual([
      '1',
      '0',
    ]);

    demo.simulator.netzme.stealToken(NETZME.clientId);
    await askBalance();
    await eventually(async () =>
      expect([await qa.fact('Renewals', netzme).innerText(), await qa.fact('401 answers', netzme).innerText()]).toEqual(
        ['2', '1'],
      ),
    );
    expect(await tokenState(qa, 'netzme')).toBe('valid');
    expect(await qa.page.evaluate(() => 'wasNotLoadedAgain' in window)).toBe(true);
  });

  it("counts a nonce's thirty seconds down, and says when they are over", async () => {
    const qa = await browser.visit(demo, { prepare: ({ page }) => page.clock.install() });
    await live(qa);
    expect(await card(qa, 'alignet').innerText()).toContain('none asked for yet');

    expect((await demo.post('/alignet/nonce', {})).status).toBe(200);
    const countdown = qa.hook(TEST_IDS.nonceCountdown);
    await countdown.waitFor();
    const secondsLeft = async () => Number(await countdown.getAttribute('data-seconds'));
    const atFirst = await secondsLeft();
    expect(atFirst).toBeGreaterThan(25);
    expect(atFirst).toBeLessThanOrEqual(30);
    expect(await countdown.innerText()).toMatch(/^\d+ s left$/);
    await qa.page.clock.runFor(10_000);
    await eventually(async () => expect(atFirst - (await secondsLeft())).toBeGreaterThanOrEqual(10));
    expect(await secondsLeft()).toBeGreaterThan(0);
    await qa.page.clock.runFor(20_000);
    await eventually(async () => expect([await secondsLeft(), await countdown.innerText()]).toEqual([0, 'over']));
  });

  it("counts a token's remaining life down", async () => {
    const qa = await browser.visit(demo, { prepare: ({ page }) => page.clock.install() });
    await live(qa);
    await askBalance();
    const remaining = qa.hook(TEST_IDS.tokenRemaining, card(qa, 'netzme'));
    await remaining.waitFor();
    const minutesLeft = async () => {
      const [, hours = 0, minutes = 0] = /(?:(\d+) h )?(\d+) min/.exec(await remaining.innerText()) ?? [];
      return Number(hours) * 60 + Number(minutes);
    };
    const atFirst = await minutesLeft();
    expect(atFirst).toBeGreaterThan(4);
    await qa.page.clock.runFor(2 * MINUTE_MS);
    await eventually(async () => expect(atFirst - (await minutesLeft())).toBeGreaterThanOrEqual(2));
  });

  it("shows how far the gateway's clock is from ours, and the simulator's", async () => {
    const qa = await browser.visit(demo);
    await live(qa);
    demo.simulator.clock.advance(3 * MINUTE_MS);
    await askBalance();
    const offset = /^\+(2 min 5\d|3 min 0\d) s$/;
    await eventually(async () =>
      expect(await qa.fact('Clock of the gateway', card(qa, 'netzme')).innerText()).toMatch(offset),
    );
    await eventually(async () => expect(await qa.fact('Clock of the simulator').innerText()).toMatch(offset));
  });

  it('is told by the stream, and asked for by the tabs that have none, once each', async () => {
    const asked: string[] = [];
    const watch = async (name: string, { page }: Pick<ConsolePage, 'page'>) =>
      page.route('**/console/api/overview', (route) => {
        asked.push(name);
        return route.continue();
      });
    const qa = await browser.visit(demo, { prepare: (watched) => watch('leader', watched) });
    await live(qa);
    await card(qa, 'netzme').waitFor();
    const other = await qa.watched.context.newPage();
    await watch('other', { page: other });
    await other.goto(demo.url);
    await other.getByTestId('gateway-netzme').waitFor();
    expect(asked).toEqual(['other']);
  });

  it('is asked for while there is no stream', async () => {
    const qa = await browser.visit(demo, {
      prepare: ({ page }) => page.route('**/console/api/events', (route) => route.abort()),
    });
    await card(qa, 'netzme').waitFor();
    expect(await qa.hook(TEST_IDS.connection).getAttribute('data-state')).toBe('lost');
    qa.provokes(/net::ERR_\w+.*\/console\/api\/events/);
  });

  it('comes back by itself when the connection is lost', async () => {
    const qa = await browser.visit(demo);
    await live(qa);
    demo.app.getHttpServer().closeAllConnections();
    await eventually(async () =>
      expect(await qa.hook(TEST_IDS.connection).getAttribute('data-state')).not.toBe('open'),
    );
    expect(await qa.text(TEST_IDS.connection)).toBe('Connection lost, trying again …');
    await live(qa);
    await askBalance();
    await eventually(async () => expect(await tokenState(qa, 'netzme')).toBe('valid'));
    qa.provokes(/net::ERR_\w+.*\/console\/api\/events/);
  });

  it('shows afterwards what happened while the connection was lost', async () => {
    const events = '**/console/api/events';
    const qa = await browser.visit(demo, { hash: '#/calls/netzme-balance' });
    const [desk, simulator] = [await browser.anotherTab(demo, qa), await browser.anotherTab(demo, qa)];
    await desk.goTo('webhooks');
    await simulator.goTo('simulator');
    const tabs = [qa, desk, simulator];
    const allAre = (state: string) =>
      eventually(async () => {
        const states = tabs.map((tab) => tab.hook(TEST_IDS.connection).getAttribute('data-state'));
        expect(await Promise.all(states)).toEqual(tabs.map(() => state));
      });
    const shown = async () => [
      await qa.hook(TEST_IDS.callRecord).count(),
      await desk.hook(TEST_IDS.webhookVerdict).count(),
      await simulator.hook(TEST_IDS.journalEntry).count(),
    ];
    await allAre('open');
    await qa.watched.context.route(events, (route) => route.abort());
    demo.app.getHttpServer().closeAllConnections();
    await allAre('lost');

    const client = new ConsoleClient(demo);
    await client.post('/calls/netzme-balance', { input: { userId: NETZME.userId } });
    await client.post('/webhooks/send', { gateway: 'placetopay', scheme: 'checkout' });
    expect(await shown()).toEqual([0, 0, 0]);
    await qa.watched.context.unroute(events);
    await allAre('open');
    const { length } = demo.simulator.journal.entries();
    expect(length).toBeGreaterThanOrEqual(2);
    await eventually(async () => expect(await shown()).toEqual([1, 1, length]));
    qa.provokes(/net::ERR_\w+.*\/console\/api\/events/);
  });

  it('says of a gateway that is not configured what to set, and of a Redis that it is away', async () => {
    const environment = {
      PAYMENT_ENV: 'test',
      NETZME_CLIENT_ID: NETZME.clientId,
      NETZME_CLIENT_SECRET: NETZME.clientSecret,
      NETZME_BASE_URL: NOBODY_THERE,
      REDIS_URL: NOBODY_THERE.replace('http://', 'redis://'),
      TOKEN_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
    };
    demo = await browser.startDemo({ environment });
    const qa = await browser.visit(demo);
    await eventually(async () => expect(await card(qa, 'alignet').innerText()).toContain('Not configured'));
    expect(await card(qa, 'netzme').innerText()).not.toContain('Not configured');
    expect(await qa.text(TEST_IDS.environment)).toMatch(/test/);
    expect(await qa.hook('nav-simulator').count()).toBe(0);
    // Known once a token was looked for there.
    expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBeGreaterThanOrEqual(500);
    const store = qa.hook(TEST_IDS.storeState);
    await eventually(async () => expect(await store.getAttribute('data-state')).toBe('away'));
    expect(await store.innerText()).toMatch(/^Redis\s+away/);
  });
});
