import { NETZME } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

const TOKEN = 'a-token-of-the-console-secret-4711';
const PRODUCTION = {
  PAYMENT_ENV: 'production',
  NETZME_CLIENT_ID: NETZME.clientId,
  NETZME_CLIENT_SECRET: NETZME.clientSecret,
};

describeWith(BROWSER, 'who gets into the console', () => {
  let browser: ConsoleBrowser;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  afterEach(() => browser.leave());

  async function signIn(qa: ConsolePage, token: string): Promise<void> {
    await qa.fillIn({ token });
    await qa.click(TEST_IDS.signInButton);
  }
  const isOpen = (qa: ConsolePage) => qa.hook('view-overview').waitFor();

  it.each([
    ['the sandbox', {}],
    ['production', PRODUCTION],
  ])('in %s with a token: nobody without it, whoever has it, until he signs out', async (_, environment) => {
    const demo = await browser.startDemo({ environment: { ...environment, CONSOLE_ACCESS_TOKEN: TOKEN } });
    const qa = await browser.visit(demo);
    await qa.hook(TEST_IDS.signIn).waitFor();
    expect(await qa.page.locator('nav').count()).toBe(0);
    const shown = await qa.text(TEST_IDS.signIn);
    expect(shown).toContain('What the console may show');
    expect(shown.includes('This is production')).toBe('PAYMENT_ENV' in environment);

    qa.provokes(/401 \(Unauthorized\).*\/console\/api\/session/);
    await signIn(qa, 'another-token');
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toContain('That is not the access token.'));
    expect(await qa.field('token').inputValue()).toBe('');

    await signIn(qa, TOKEN);
    await isOpen(qa);
    await qa.hook('gateway-netzme').waitFor();
    expect(
      await qa.page.evaluate(() => [document.cookie, JSON.stringify({ ...localStorage, ...sessionStorage })]),
    ).toEqual(['', expect.not.stringContaining(TOKEN)]);
    await qa.page.reload();
    await isOpen(qa);
    await qa.click(TEST_IDS.signOutButton);
    await qa.hook(TEST_IDS.signIn).waitFor();
    expect(await qa.page.locator('nav').count()).toBe(0);
    await qa.page.reload();
    await qa.hook(TEST_IDS.signIn).waitFor();
  });

  it('shows the sign-in when the session has ended elsewhere', async () => {
    const demo = await browser.startDemo({ environment: { CONSOLE_ACCESS_TOKEN: TOKEN } });
    const qa = await browser.visit(demo);
    await signIn(qa, TOKEN);
    await isOpen(qa);
    qa.provokes(/401 \(Unauthorized\)/);
    await qa.watched.context.clearCookies();
    // No click: whatever the page asks by itself may show the sign-in before.
    await qa.page.evaluate(() => (location.hash = '#/calls'));
    await qa.hook(TEST_IDS.signIn).waitFor();
    await signIn(qa, TOKEN);
    await qa.hook('view-calls').waitFor();
    expect(await qa.page.locator('h1').innerText()).toBe('Calls');
  });

  it('has no page in production without a token', async () => {
    const demo = await browser.startDemo({ environment: PRODUCTION });
    const { page } = await browser.newPage(demo);
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    const response = await page.goto(demo.url);
    expect(response?.headers()['content-type']).toMatch(/^text\/plain/);
    expect(await page.locator('body').innerText()).toContain('set CONSOLE_ACCESS_TOKEN to have it');
    expect((await page.request.get(`${demo.url}/console/api/session`)).status()).toBe(404);
  });
});
