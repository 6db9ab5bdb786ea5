import { type Request } from 'playwright-core';
import { type Demo, NETZME } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

/** More than the six connections that a browser has to a host. */
const TABS = 8;

describeWith(BROWSER, 'many tabs of the console, side by side', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let first: ConsolePage;
  let last: ConsolePage;
  let tabs: ConsolePage[];
  let asked: Set<Request>;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    demo = await browser.startDemo();
    asked = new Set();
    first = await browser.visit(demo, {
      prepare: ({ context }) => {
        context.on('request', (request) => request.url().endsWith('/console/api/events') && asked.add(request));
        context.on('requestfinished', (request) => asked.delete(request));
        context.on('requestfailed', (request) => asked.delete(request));
      },
    });
    tabs = [first];
    while (tabs.length < TABS) tabs.push((last = await browser.anotherTab(demo, first)));
    await allAre('open');
  });
  afterEach(() => browser.leave());

  const allAre = (state: string) =>
    eventually(async () => expect(await eachTab(connectionOf)).toEqual(tabs.map(() => state)));
  const connectionOf = (qa: ConsolePage) => qa.hook(TEST_IDS.connection).getAttribute('data-state');
  const renewalsOf = (qa: ConsolePage) => qa.fact('Renewals', qa.hook('gateway-netzme')).innerText();
  const eachTab = <T>(ask: (qa: ConsolePage) => Promise<T>): Promise<T[]> => Promise.all(tabs.map(ask));
  /** Those that have a stream open. Of a request that ends with its tab the browser tells no end. */
  const leading = () => {
    const pages = [...asked].map((request) => request.frame().page());
    return tabs.filter(({ page }) => pages.includes(page));
  };
  const askBalance = async () => expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
  const allKnowOf = (renewals: number) =>
    eventually(async () => expect(await eachTab(renewalsOf)).toEqual(tabs.map(() => String(renewals))));

  it('share one stream of events, and every one of them hears and can ask', async () => {
    expect(leading()).toHaveLength(1);
    await askBalance();
    await allKnowOf(1);
    await last.goTo('calls', 'call-netzme-balance');
    await last.click(TEST_IDS.runCall);
    await last.hook(TEST_IDS.callOutcome).waitFor();
    expect(await last.hook(TEST_IDS.callOutcome).getAttribute('data-ok')).toBe('true');
    expect(leading()).toHaveLength(1);
  });

  it('go on when the one that had the stream is closed, and miss nothing meanwhile', async () => {
    const [leader] = leading();
    await askBalance();
    await allKnowOf(1);
    await leader?.page.close();
    tabs = tabs.filter((qa) => qa !== leader);
    demo.simulator.netzme.stealToken(NETZME.clientId);
    await askBalance();
    await allKnowOf(2);
    await eventually(() => Promise.resolve(expect(leading()).toHaveLength(1)));
    expect(leading()).not.toContain(leader);
    await allAre('open');
  });

  it('all say that the connection is lost, and that it is back', async () => {
    const events = '**/console/api/events';
    const { context } = first.watched;
    await context.route(events, (route) => route.abort());
    demo.app.getHttpServer().closeAllConnections();
    await allAre('lost');
    await context.unroute(events);
    await allAre('open');
    await askBalance();
    await allKnowOf(1);
    expect(leading()).toHaveLength(1);
    first.provokes(/net::ERR_\w+.*\/console\/api\/events/);
  });
});
