import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { openBrowser, type TestBrowser } from './browser';
import { describeWith } from './describe-with';
import { BROWSER } from './needed-program';

const PAGES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><link rel="icon" href="data:,"><title>Fine</title><script src="/fine.js"></script>',
  '/fine.js': 'console.log("nothing to see")',
  '/bad': '<!doctype html><link rel="icon" href="data:,"><title>Bad</title><script src="/bad.js"></script>',
  '/bad.js':
    'console.error("told"); fetch("http://elsewhere.test/x").catch(() => undefined); throw new Error("thrown");',
};

describeWith(BROWSER, 'a page under test', () => {
  let browser: TestBrowser;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const isScript = request.url?.endsWith('.js') === true;
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(PAGES[request.url ?? '']);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('has no problems when all is well', async () => {
    const { page, context, problems } = await browser.newPage({ allowed: [url] });
    await page.goto(url);

    expect(await page.title()).toBe('Fine');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('tells of console errors, uncaught errors and requests to other hosts', async () => {
    const { page, context, problems, takeProblems } = await browser.newPage({ allowed: [url] });
    const failed = page.waitForEvent('requestfailed');
    const thrown = context.waitForEvent('weberror');
    await page.goto(`${url}/bad`);
    await Promise.all([failed, thrown]);

    const told = takeProblems();

    expect(told).toContainEqual(expect.stringMatching(/^console error: told /));
    expect(told).toContainEqual('uncaught: Error: thrown');
    expect(told).toContainEqual('request to another host: http://elsewhere.test/x');
    expect(problems.filter((problem) => !problem.includes('ERR_'))).toEqual([]);
    await context.close();
  });

  it('calls another port another host', async () => {
    const { page, context, problems } = await browser.newPage({ allowed: ['http://127.0.0.1:1'] });
    await page.goto(url);

    expect(problems).toContainEqual(`request to another host: ${url}/`);
    await context.close();
  });
});
