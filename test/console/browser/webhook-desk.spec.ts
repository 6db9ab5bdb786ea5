import { type Locator } from 'playwright-core';
import { type Demo, type DemoStart } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { withDelaysHeld } from '../../support/late';
import { BROWSER } from '../../support/needed-program';
import { shortOrLong } from '../../support/tier';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

/** Signed for its URL, which is to be configured before the port is known; and one that has nothing to prove itself by. */
const NEVER_ACCEPTED = ['scheme-placetopay-scudo', 'scheme-netzme-merchant-callback'];
/** Those that need something set. */
const HINTED = [...NEVER_ACCEPTED, 'scheme-placetopay-account-validator'];

describeWith(BROWSER, 'the webhook desk', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  afterEach(() => browser.leave());

  async function openDesk(start: DemoStart = {}): Promise<void> {
    demo = await browser.startDemo(start);
    qa = await browser.visit(demo, { hash: '#/webhooks' });
    await qa.hook(TEST_IDS.sendWebhook).waitFor();
  }
  const rows = () => qa.hook(TEST_IDS.sentWebhook);
  const verdicts = () => qa.hook(TEST_IDS.webhookVerdict);
  const numberOf = async (row: Locator) => Number(/#(\d+)/.exec(await row.locator('.number').first().innerText())?.[1]);
  /** Sends as the form stands; the row of what went out. */
  async function send(): Promise<Locator> {
    const before = (await rows().count()) === 0 ? 0 : await numberOf(rows().first());
    await qa.click(TEST_IDS.sendWebhook);
    await eventually(async () => expect(await numberOf(rows().first())).toBeGreaterThan(before));
    return rows().first();
  }
  const verdictOf = (row: Locator) => row.getAttribute('data-verdict');

  it('sends one of every scheme, which is accepted, and a broken one, which is refused and told why', async () => {
    await openDesk({ hasSimulatorKeys: true, environment: { PLACETOPAY_WEBHOOK_ACCEPT_SHA1: 'true' } });
    const schemes = await qa.page
      .locator('nav [data-testid^="scheme-"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-testid') ?? ''));
    expect(schemes).toHaveLength(demo.simulator.webhooks.schemes().length);
    const wrong: unknown[] = [];
    const hints: Record<string, string> = {};
    const shown = schemes.filter((scheme, index) => index % shortOrLong(5, 1) === 0 || HINTED.includes(scheme));
    for (const scheme of shown) {
      await qa.goTo('webhooks', scheme);
      for (const hint of await qa.hook(TEST_IDS.schemeHint).allInnerTexts()) hints[scheme] = hint;
      const right = await verdictOf(await send());
      if (right !== (NEVER_ACCEPTED.includes(scheme) ? 'refused' : 'accepted')) wrong.push([scheme, right]);
      const breaks = await qa
        .field('break')
        .locator('option')
        .evaluateAll((all) => all.map((one) => (one as unknown as { readonly value: string }).value));
      const broken = breaks.find((name) => !['', 'none'].includes(name));
      if (broken === undefined) continue;
      await qa.fillIn({ break: broken });
      const row = await send();
      if ((await verdictOf(row)) !== 'refused') wrong.push([scheme, broken, await row.innerText()]);
      if (!/Reason: \S+/.test(await row.innerText())) wrong.push([scheme, broken, await row.innerText()]);
      if ((await row.locator('code.tag').innerText()) !== broken) wrong.push([scheme, broken, 'is not named']);
    }
    expect(wrong).toEqual([]);
    const refusals = Object.entries(hints).map(([scheme, hint]) => [
      scheme,
      hint.match(/[a-z]+-[a-z]+|[A-Z_0-9]{20,}/g),
    ]);
    expect(Object.fromEntries(refusals)).toEqual({
      'scheme-placetopay-account-validator': ['algorithm-refused', 'PLACETOPAY_WEBHOOK_ACCEPT_SHA1'],
      'scheme-placetopay-scudo': ['PLACETOPAY_SCUDO_NOTIFICATION_URL'],
      'scheme-netzme-merchant-callback': ['not-confirmed'],
    });
  });

  it('sends what QA wrote, shows it as sent with its proof masked, and the verdict on it live', async () => {
    await openDesk();
    await qa.goTo('webhooks', 'scheme-placetopay-checkout');
    const sample = JSON.parse(await qa.field('data').inputValue()) as Record<string, unknown>;
    await qa.fillIn({ data: JSON.stringify({ ...sample, reference: 'PEDIDO-Ñ' }), break: 'changed-byte' });
    const colleague = await browser.visit(demo, { hash: '#/webhooks' });
    const row = await send();
    await row.locator('summary').click();
    const text = await row.innerText();
    expect(text).toContain('POST /webhooks/placetopay/checkout HTTP/1.1');
    expect(text).toContain('PEDIDO-Ñ');
    expect(text).toContain('Masked: signature');
    expect(await row.locator('mark.masked').count()).toBe(1);
    for (const page of [qa, colleague]) {
      const verdict = page.hook(TEST_IDS.webhookVerdict).first();
      await eventually(async () => expect(await verdict.getAttribute('data-verdict')).toBe('refused'));
      expect(await verdict.innerText()).toMatch(/^refused\s[^]*mismatch/);
    }
    await qa.fillIn({ break: '' });
    await send();
    await eventually(async () => expect(await verdicts().first().innerText()).toMatch(/^accepted\s/));
    expect(await rows().first().innerText()).toContain('accepted · HTTP 200');
    expect(await rows().nth(1).innerText()).toContain('refused · HTTP 401');
  });

  it('sends the variant that QA chose', async () => {
    await openDesk();
    await qa.goTo('webhooks', 'scheme-placetopay-checkout');
    const variants = () => demo.simulator.webhooks.sent().map(({ variant }) => variant);
    expect(await verdictOf(await send())).toBe('accepted');
    await qa.fillIn({ variant: 'sha1' });
    const row = await send();
    expect(variants()).toEqual(['sha256', 'sha1']);
    expect([await verdictOf(row), await row.innerText()]).toEqual([
      'refused',
      expect.stringContaining('Reason: algorithm-refused'),
    ]);
  });

  it('sends one again, the same bytes, which is handled once', async () => {
    await openDesk();
    await qa.goTo('webhooks', 'scheme-placetopay-checkout');
    const first = await numberOf(await send());
    await qa.click(TEST_IDS.resendWebhook, rows().first());
    await eventually(async () => expect(await numberOf(rows().first())).toBeGreaterThan(first));
    expect(await rows().count()).toBe(2);
    expect(await verdictOf(rows().first())).toBe('accepted');
    const { webhooks } = demo.simulator;
    const [one, other] = webhooks.sent().map(({ id }) => webhooks.whole(id));
    expect(other?.body).toBe(one?.body);
    await verdicts().first().locator('summary').click();
    await eventually(async () =>
      expect([
        await qa.fact('received', verdicts().first()).innerText(),
        await qa.fact('handled', verdicts().first()).innerText(),
      ]).toEqual(['2', '1']),
    );
  });

  it('leaves the verdict open that QA has opened, when others come', async () => {
    await openDesk();
    await qa.goTo('webhooks', 'scheme-placetopay-checkout');
    await send();
    await eventually(async () => expect(await verdicts().count()).toBe(1));
    await verdicts().first().locator('summary').click();
    await qa.fillIn({ break: 'changed-byte' });
    await send();
    await eventually(async () => expect(await verdicts().count()).toBe(2));
    const isOpen = (index: number) => verdicts().nth(index).getAttribute('open');
    expect([await isOpen(0), await isOpen(1)]).toEqual([null, '']);
  });

  it('sends several copies at once', async () => {
    await openDesk();
    await qa.goTo('webhooks', 'scheme-netzme-snap-v1');
    await qa.fillIn({ copies: '3' });
    expect(await verdictOf(await send())).toBe('accepted');
    await eventually(() => Promise.resolve(expect(demo.simulator.webhooks.sent().at(-1)?.answers).toHaveLength(3)));
  });

  it('sends one later: it waits, then is accepted, without a reload', async () => {
    await openDesk();
    await qa.goTo('webhooks', 'scheme-netzme-snap-v1');
    await qa.fillIn({ delayMs: '1500' });
    let number = 0;
    await withDelaysHeld(async () => {
      const row = await send();
      number = await numberOf(row);
      expect([await verdictOf(row), await row.innerText()]).toEqual([
        'pending',
        expect.stringContaining('not answered yet'),
      ]);
    });
    await eventually(async () => expect(await verdictOf(rows().first())).toBe('accepted'));
    expect([await numberOf(rows().first()), await rows().count()]).toEqual([number, 1]);
  });

  it('says what is wrong with data that is no JSON, and with copies that are too many', async () => {
    await openDesk();
    await qa.fillIn({ data: '{"a":' });
    await qa.click(TEST_IDS.sendWebhook);
    expect(await qa.text(TEST_IDS.problem)).toContain('The data is no JSON object.');
    await qa.fillIn({ data: '{}', copies: '1000' });
    await qa.click(TEST_IDS.sendWebhook);
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toContain('copies'));
    expect(await rows().count()).toBe(0);
    qa.provokes(/400 \(Bad Request\)/);
  });
});
