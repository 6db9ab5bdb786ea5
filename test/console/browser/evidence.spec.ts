import { type Evidence } from '../../../apps/demo/src/console/evidence/evidence';
import { type Demo, NETZME, SITE } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { RecordingServer } from '../../support/recording-server';
import { ConsoleClient } from '../console-client';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

describeWith(BROWSER, 'evidence of a run', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    demo = await browser.startDemo();
    const client = new ConsoleClient(demo);
    for (const [call, input] of [
      ['alignet-nonce', {}],
      ['placetopay-session', { reference: 'ORDER-1001', currency: 'COP', total: '12000' }],
      ['netzme-balance', { userId: NETZME.userId }],
    ] as const) {
      await client.post(`/calls/${call}`, { input });
    }
    await client.post('/webhooks/send', { gateway: 'placetopay', scheme: 'checkout' });
    await client.post('/webhooks/send', { gateway: 'placetopay', scheme: 'checkout', break: 'changed-byte' });
    qa = await browser.visit(demo);
    await qa.goTo('evidence');
    await qa.hook(TEST_IDS.evidenceRecord).nth(2).waitFor();
  });
  afterEach(() => browser.leave());

  const save = () => qa.saved(() => qa.click(TEST_IDS.saveEvidence));
  const choose = (format: string) => qa.field('format').locator(`[data-value="${format}"]`).click();

  it('is saved as JSON: calls, verdicts, versions and the time', async () => {
    await qa.fillIn({ title: 'Round 1' });
    await choose('json');
    const { name, content } = await save();
    expect(name).toMatch(/^evidence-.*\.json$/);
    await eventually(async () => expect(await qa.text(TEST_IDS.evidenceSaved)).toBe(`Saved as ${name}.`));
    const evidence = JSON.parse(content) as Evidence;
    expect(evidence).toMatchObject({ title: 'Round 1', environment: 'sandbox', versions: { library: '0.1.0' } });
    expect(evidence.records.map(({ call }) => call)).toEqual(['alignet-nonce', 'placetopay-session', 'netzme-balance']);
    expect(evidence.webhooks.map(({ verdict }) => verdict)).toEqual(['refused', 'accepted']);
    for (const secret of [NETZME.clientSecret, SITE.secretKey]) expect(content).not.toContain(secret);
  });

  it('holds the calls that QA chose', async () => {
    await qa.hook(TEST_IDS.evidenceRecord).filter({ hasText: 'alignet-nonce' }).getByRole('checkbox').uncheck();
    expect(await qa.hook('view-evidence').innerText()).toContain('2 of 3 chosen');
    await choose('json');
    const { records } = JSON.parse((await save()).content) as Evidence;
    expect(records.map(({ call }) => call)).toEqual(['placetopay-session', 'netzme-balance']);

    const boxes = qa.hook(TEST_IDS.evidenceRecord).getByRole('checkbox');
    const checked = () =>
      boxes.evaluateAll((all) => all.map((box) => (box as unknown as { checked: boolean }).checked));
    await qa.page.getByRole('button', { name: 'None', exact: true }).click();
    await eventually(async () => expect(await checked()).toEqual([false, false, false]));
    expect(await qa.hook('view-evidence').innerText()).toContain('0 of 3 chosen');
    expect((JSON.parse((await save()).content) as Evidence).records).toEqual([]);
    await qa.page.getByRole('button', { name: 'All', exact: true }).click();
    await eventually(async () => expect(await checked()).toEqual([true, true, true]));
    expect((JSON.parse((await save()).content) as Evidence).records).toHaveLength(3);
  });

  it('is saved as one HTML file, which needs nothing else and passes under its own policy', async () => {
    const { name, content } = await save();
    expect(name).toMatch(/^evidence-.*\.html$/);
    const host = await RecordingServer.start();
    try {
      host.respond = () => ({ headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: content });
      const reader = await browser.newPage(demo, { allowed: [host.url], colorScheme: 'dark' });
      await reader.page.goto(`${host.url}/${name}`);
      const text = await reader.page.locator('body').innerText();
      for (const part of ['POST /nonce HTTP/1.1', 'POST /api/session HTTP/1.1', NETZME.userId, 'mismatch', '0.1.0']) {
        expect(text).toContain(part);
      }
      const policy = reader.page.locator('meta[http-equiv="Content-Security-Policy"]');
      expect(await policy.getAttribute('content')).toMatch(/^default-src 'none';/);
      // Its style is in it, and is allowed.
      const colour = await reader.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(colour).not.toBe('rgba(0, 0, 0, 0)');
      expect(host.requests.map(({ url }) => url)).toEqual([`/${name}`]);
    } finally {
      await host.stop();
    }
  });
});
