import { en } from '../../../apps/console/src/i18n/en';
import { es } from '../../../apps/console/src/i18n/es';
import { id } from '../../../apps/console/src/i18n/id';
import { type Demo, NETZME } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { withDelaysHeld } from '../../support/late';
import { BROWSER } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';
import { leftInEnglish } from './support/left-in-english';

const LANGUAGES = { es, id } as const;
/** As they are said, whatever the page's own texts say. */
const SPOKEN = {
  es: { refused: 'rechazado', accepted: 'aceptado' },
  id: { refused: 'ditolak', accepted: 'diterima' },
} as const;

describeWith(BROWSER, 'the console in other languages', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  afterEach(() => browser.leave());

  it.each(['es', 'id'] as const)('every view in %s, at work: nothing of the page is left in English', async (tag) => {
    const t = LANGUAGES[tag];
    demo = await browser.startDemo({ hasSimulatorKeys: true });
    qa = await browser.visit(demo, { locale: tag });
    expect(await qa.page.locator('html').getAttribute('lang')).toBe(tag);
    const left: Record<string, readonly string[]> = {};
    const look = async (view: keyof typeof t.views) => {
      expect(await qa.page.locator('h1').innerText()).toBe(t.views[view]);
      expect(await qa.page.title()).toBe(`${t.views[view]} · ${t.title}`);
      const found = await leftInEnglish(qa.page, t);
      if (found.length > 0) left[view] = found;
    };

    expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
    expect((await demo.post('/alignet/nonce', {})).status).toBe(200);
    const netzme = qa.hook('gateway-netzme');
    await eventually(async () => expect(await qa.text(TEST_IDS.tokenState, netzme)).toBe(t.overview.tokenStates.valid));
    await qa.hook(TEST_IDS.nonceCountdown).waitFor();
    await look('overview');

    await qa.goTo('calls', 'call-netzme-balance');
    await qa.hook(TEST_IDS.exportMenu).locator('summary').click();
    await qa.click(`${TEST_IDS.exportAs}-curl`);
    await qa.hook(TEST_IDS.exportedContent).waitFor();
    demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'delay' });
    await withDelaysHeld(async () => {
      await qa.page.getByRole('button', { name: t.calls.run, exact: true }).click();
      await qa.hook(TEST_IDS.callProgress).waitFor();
      expect(await qa.text(TEST_IDS.callProgress)).toMatch(new RegExp(`^${t.calls.running('\\d+ ms')}$`));
      await look('calls');
    });
    await qa.hook(TEST_IDS.callOutcome).waitFor();
    expect(await qa.text(TEST_IDS.callOutcome)).toContain(t.calls.succeeded);
    await look('calls');

    await qa.goTo('inspector', 'scheme-placetopay-auth');
    await qa.page.getByRole('button', { name: t.inspector.fillExample }).click();
    await eventually(async () => expect(await qa.field('auth.seed').inputValue()).not.toBe(''));
    await qa.click(TEST_IDS.inspect);
    const digest = (await qa.hook('stage-digest').locator('pre').innerText()).trim();
    await qa.fillIn({ expected: digest });
    await qa.click(TEST_IDS.inspect);
    await eventually(async () => expect(await qa.text(TEST_IDS.verdict)).toContain(t.inspector.noMatch));
    const code = await qa.hook(TEST_IDS.verdict).getAttribute('data-code');
    expect(t.mistakes).toHaveProperty([String(code)]);
    expect(await qa.text(TEST_IDS.verdict)).toContain(t.mistakes[String(code)]);
    await look('inspector');

    await qa.goTo('checkout');
    await qa.page.getByRole('button', { name: t.checkout.start, exact: true }).click();
    await qa.hook(TEST_IDS.flexCallback).first().waitFor();
    await qa.page.getByRole('button', { name: t.checkout.startWebcheckout }).click();
    await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
    await qa.click(TEST_IDS.webcheckoutQuery);
    await qa.hook(TEST_IDS.webcheckoutState).waitFor();
    await look('checkout');

    await qa.goTo('simulator');
    await qa.click(TEST_IDS.addFault);
    await qa.hook(TEST_IDS.activeFault).waitFor();
    await qa.click(`${TEST_IDS.advanceClock}-5m`);
    await eventually(async () => expect(await qa.text(TEST_IDS.simulatorNotice)).toBe(t.simulator.done));
    await qa.hook(TEST_IDS.journalEntry).first().locator('summary').click();
    await look('simulator');
    await qa.page.getByRole('button', { name: t.simulator.restoreAll }).click();
    await eventually(async () => expect(await qa.text(TEST_IDS.simulatorNotice)).toBe(t.simulator.restored));
    await look('simulator');

    await qa.fillIn({ clock: 'tomorrow' });
    await qa.click(TEST_IDS.setClock);
    const problem = qa.hook(TEST_IDS.problem);
    expect(await problem.locator('[lang="en"]').innerText()).toMatch(/^now /);
    expect(await problem.innerText()).toContain(`${t.problem}: now `);
    qa.provokes(/400 \(Bad Request\)/);

    await qa.goTo('webhooks', 'scheme-placetopay-checkout');
    await qa.fillIn({ break: 'changed-byte' });
    await qa.page.getByRole('button', { name: t.webhooks.send, exact: true }).click();
    const sent = qa.hook(TEST_IDS.sentWebhook);
    await sent.waitFor();
    await eventually(async () => expect(await sent.innerText()).toContain(`${SPOKEN[tag].refused} · HTTP 401`));
    await sent.locator('summary').click();
    await qa.fillIn({ break: '' });
    await qa.page.getByRole('button', { name: t.webhooks.send, exact: true }).click();
    await eventually(async () =>
      expect(await sent.first().innerText()).toContain(`${SPOKEN[tag].accepted} · HTTP 200`),
    );
    await look('webhooks');

    await qa.goTo('replicas');
    await eventually(async () => expect(await qa.text(TEST_IDS.sharingOff)).toContain(t.replicas.off));
    await look('replicas');

    await qa.goTo('evidence');
    const saved = await qa.saved(() => qa.page.getByRole('button', { name: t.evidence.save, exact: true }).click());
    expect(saved.content).toContain(`<html lang="${tag}">`);
    await eventually(async () => expect(await qa.text(TEST_IDS.evidenceSaved)).toBe(t.evidence.saved(saved.name)));
    await look('evidence');

    expect(left).toEqual({});
  });

  it.each(['es', 'id'] as const)('the sign-in in %s', async (tag) => {
    const t = LANGUAGES[tag];
    demo = await browser.startDemo({ environment: { CONSOLE_ACCESS_TOKEN: 'a-token-of-the-console-secret-4711' } });
    qa = await browser.visit(demo, { locale: tag });
    qa.provokes(/401 \(Unauthorized\)/);
    await qa.fillIn({ token: 'another-token' });
    await qa.page.getByRole('button', { name: t.signIn.open }).click();
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toContain(t.signIn.wrong));
    expect(await qa.hook(TEST_IDS.problem).locator('[lang]').count()).toBe(0);
    expect(await leftInEnglish(qa.page, t)).toEqual([]);
  });

  it('are chosen on the page, by its address, or by the browser, and remembered', async () => {
    demo = await browser.startDemo();
    qa = await browser.visit(demo, { locale: 'fr' });
    expect(await qa.page.locator('h1').innerText()).toBe(en.views.overview);
    await qa.hook(TEST_IDS.languageSwitch).selectOption('id');
    await eventually(async () => expect(await qa.page.locator('h1').innerText()).toBe(id.views.overview));
    await qa.page.reload();
    await qa.page.locator('h1').waitFor();
    expect(await qa.page.locator('h1').innerText()).toBe(id.views.overview);
    const linked = await browser.visit(demo, { query: '?lang=es' });
    expect(await linked.page.locator('h1').innerText()).toBe(es.views.overview);
    // A payment page leads back without.
    await linked.page.goto(`${demo.url}/#/checkout?placetopay=ORDER-1`);
    await eventually(async () => expect(await linked.page.locator('h1').innerText()).toBe(es.views.checkout));
    await linked.page.goto(`${demo.url}/?lang=id`);
    await eventually(async () => expect(await linked.page.locator('h1').innerText()).toBe(id.views.overview));
    await linked.page.goto(`${demo.url}/?lang=es`);
    await eventually(async () => expect(await linked.page.locator('h1').innerText()).toBe(es.views.overview));
    // The search for English finds it where it is.
    await linked.hook(TEST_IDS.languageSwitch).selectOption('en');
    await eventually(async () => expect(await leftInEnglish(linked.page, es)).toContain(en.overview.lead));

    const html = qa.page.locator('html');
    expect(await html.getAttribute('data-theme')).toBe('auto');
    await qa.hook(TEST_IDS.themeSwitch).selectOption('dark');
    await eventually(async () => expect(await html.getAttribute('data-theme')).toBe('dark'));
    await qa.page.reload();
    await qa.page.locator('h1').waitFor();
    expect(await html.getAttribute('data-theme')).toBe('dark');
    expect(await qa.hook(TEST_IDS.themeSwitch).inputValue()).toBe('dark');
  });
});
