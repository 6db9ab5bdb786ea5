import { type Demo } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

const TOKEN = 'a-token-of-the-console-secret-4711';

describeWith(BROWSER, 'what QA typed, after a look at another view', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  afterEach(() => browser.leave());

  async function visit(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    demo = await browser.startDemo({ environment });
    qa = await browser.visit(demo);
  }
  const values = (...names: string[]) => Promise.all(names.map((name) => qa.field(name).inputValue()));

  it('is there still, by the menu and by the way back, in the call, scheme and webhook it was typed for', async () => {
    await visit();
    await qa.goTo('calls', 'call-placetopay-session');
    await qa.fillIn({ reference: 'KEEP-ME-1', total: '777' });
    await qa.goTo('calls', 'call-netzme-balance');
    await qa.goTo('inspector', 'scheme-netzme-signature');
    await qa.fillIn({ path: '/mine?x=1', expected: 'abc' });
    await qa.goTo('webhooks', 'scheme-placetopay-checkout');
    await qa.fillIn({ data: '{"reference":"MINE"}' });
    await qa.goTo('checkout');
    await qa.fillIn({ amount: '4321' });

    await qa.goTo('calls');
    await qa.hook('call-netzme-balance').and(qa.page.locator('[aria-current="true"]')).waitFor();
    await qa.goTo('calls', 'call-placetopay-session');
    expect(await values('reference', 'total')).toEqual(['KEEP-ME-1', '777']);
    await qa.goTo('inspector');
    expect(await values('path', 'expected')).toEqual(['/mine?x=1', 'abc']);
    await qa.goTo('webhooks');
    expect(await values('data')).toEqual(['{"reference":"MINE"}']);
    await qa.goTo('checkout');
    expect(await values('amount')).toEqual(['4321']);
    for (let back = 0; back < 2; back += 1) await qa.page.goBack();
    await qa.hook('view-inspector').waitFor();
    expect(await values('path', 'expected')).toEqual(['/mine?x=1', 'abc']);
  });

  it('an example that nobody changed is made anew', async () => {
    await visit();
    await qa.goTo('checkout');
    const [number] = await values('operationNumber');
    await qa.goTo('overview');
    await qa.goTo('checkout');
    expect(await values('operationNumber')).not.toEqual([number]);
  });

  it('is gone for whoever signs in next', async () => {
    await visit({ CONSOLE_ACCESS_TOKEN: TOKEN });
    const signIn = async () => {
      await qa.fillIn({ token: TOKEN });
      await qa.click(TEST_IDS.signInButton);
      await qa.hook(TEST_IDS.signOutButton).waitFor();
    };
    await signIn();
    await qa.goTo('inspector', 'scheme-netzme-signature');
    await qa.fillIn({ path: '/mine?x=1' });
    await qa.click(TEST_IDS.signOutButton);
    await qa.hook(TEST_IDS.signIn).waitFor();
    await signIn();
    await qa.goTo('inspector', 'scheme-netzme-signature');
    await eventually(async () => expect(await values('path')).toEqual(['']));
  });
});
