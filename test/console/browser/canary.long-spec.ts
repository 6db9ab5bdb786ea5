import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type Page } from 'playwright-core';
import { type Demo, NETZME, SITE } from '../../e2e/demo-app';
import { SecretSearch } from '../../security/canary/secret-search';
import { WireTap } from '../../security/canary/wire-tap';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { until } from '../../support/wait';
import { CANARIES, canarySimulator, canaryStart } from './support/canaries';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';
import { Haul } from './support/haul';
import { noncesIn, proofsIn } from './support/wire-proofs';

/** Where a secret is on purpose, and why. Anywhere else it is a leak. */
const ON_PURPOSE: readonly (readonly [from: RegExp, secret: RegExp, why: string])[] = [
  [/^(?:request|answer) POST \/console\/api\/session$/, /^CONSOLE_ACCESS_TOKEN/, 'QA types it in to sign in'],
  [
    /^answer POST \/alignet\/checkout-session$/,
    /^a nonce/,
    "the buyer's browser starts Flex with it, once, within seconds",
  ],
  [/^request POST \/simulator\/flex\/\w+$/, /^a nonce/, 'Flex redeems it'],
  [
    /^(?:answer POST \/console\/api\/calls\/alignet-|answer GET \/console\/api\/calls\/records$|event call$|page calls alignet-)/,
    /^a nonce/,
    'QA asked for one, to try it',
  ],
];

describeWith(BROWSER, 'the secrets of a demo whose console is used', () => {
  let browser: ConsoleBrowser;
  let simulator: GatewaySimulator;
  let taps: Readonly<Record<'alignet' | 'placetopay' | 'netzme', WireTap>>;
  let demo: Demo;
  let qa: ConsolePage;
  let haul: Haul;
  let timersBefore: number;
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  beforeAll(async () => {
    timersBefore = timers() + 1;
    browser = await ConsoleBrowser.launch();
    simulator = await canarySimulator();
    const { alignet, placetopay, netzme } = simulator.urls;
    taps = {
      alignet: await WireTap.start(alignet),
      placetopay: await WireTap.start(placetopay),
      netzme: await WireTap.start(netzme),
    };
    simulator.updateSettings({ alignet: { publicUrls: [`${taps.alignet.url}/`] } });
    demo = await browser.startDemo({ ...canaryStart(simulator, taps), isShared: true });
    haul = new Haul();
    qa = await browser.newPage(demo);
    await haul.watch(qa.page);
  });
  afterAll(async () => {
    await browser.close();
    await demo.app.close();
    await Promise.all(Object.values(taps).map((tap) => tap.stop()));
    // A client of Redis that is between two attempts sees only after them that it was closed.
    await until('nothing waits any more', () => timers() <= timersBefore);
  });

  const look = (what: string) => haul.look(qa.page, what);
  const hooks = (prefix: string) =>
    qa.page
      .locator(`nav.choose [data-testid^="${prefix}"]`)
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-testid') ?? ''));

  async function signIn(): Promise<void> {
    await qa.page.goto(demo.url);
    await qa.fillIn({ token: CANARIES.CONSOLE_ACCESS_TOKEN });
    await qa.click(TEST_IDS.signInButton);
    await qa.hook('gateway-netzme').waitFor();
  }

  /** Each call as it goes well, and as it does not; with every export of it. */
  async function useCalls(): Promise<{ readonly runs: number; readonly wentWell: number }> {
    await qa.goTo('calls');
    await qa.hook('call-netzme-balance').waitFor();
    let [runs, wentWell] = [0, 0];
    // Sessions before they are asked about.
    for (const call of (await hooks('call-')).sort().reverse()) {
      const gateway = call.split('-')[1] as 'alignet' | 'placetopay' | 'netzme';
      await qa.goTo('calls', call);
      for (const kind of [undefined, 'ok-with-failure', 'malformed-body'] as const) {
        if (kind !== undefined) simulator.faults.add({ gateway, kind });
        await qa.click(TEST_IDS.runCall);
        runs += 1;
        await eventually(async () => expect(await qa.hook(TEST_IDS.callProgress).count()).toBe(0));
        const outcome = qa.hook(TEST_IDS.callOutcome);
        await outcome.waitFor();
        if ((await outcome.getAttribute('data-ok')) === 'true') wentWell += 1;
        await look(call.replace('call-', 'calls '));
        for (const hex of await qa.page.getByRole('button', { name: 'Hex', exact: true }).all()) await hex.click();
        await look(call.replace('call-', 'calls '));
        simulator.faults.clear();
      }
      await qa.hook(TEST_IDS.exportMenu).locator('summary').click();
      for (const format of ['curl', 'postman', 'bruno']) {
        await qa.click(`${TEST_IDS.exportAs}-${format}`);
        await qa.hook(TEST_IDS.exportedContent).waitFor();
        const { name, content } = await qa.saved(() => qa.click(TEST_IDS.exportDownload));
        haul.add(`file ${name}`, content);
      }
    }
    return { runs, wentWell };
  }

  /** Each scheme with its example, right and wrong. */
  async function useInspector(): Promise<number> {
    await qa.goTo('inspector');
    await qa.hook('scheme-placetopay-auth').waitFor();
    const schemes = await hooks('scheme-');
    for (const scheme of schemes) {
      await qa.goTo('inspector', scheme);
      await qa.click(TEST_IDS.fillExample);
      for (const input of await qa.page.locator('form input[required], form textarea[required]').all()) {
        await eventually(async () => expect(await input.inputValue()).not.toBe(''));
      }
      if ((await qa.field('expected').count()) > 0) await qa.fillIn({ expected: 'f'.repeat(64) });
      await qa.click(TEST_IDS.inspect);
      await qa.hook(TEST_IDS.stages).waitFor();
      await look(`inspector ${scheme}`);
    }
    return schemes.length;
  }

  async function useCheckout(): Promise<void> {
    await qa.goTo('checkout');
    await qa.click(TEST_IDS.flexStart);
    await qa.page.getByRole('button', { name: 'Approve' }).click();
    await qa.hook(TEST_IDS.webhookVerdict).waitFor();
    await qa.click(TEST_IDS.webcheckoutStart);
    await qa.hook(TEST_IDS.webcheckoutGo).waitFor();
    await look('checkout');
    await qa.click(TEST_IDS.webcheckoutGo);
    await qa.page.getByRole('button', { name: 'Approve' }).click();
    await qa.hook(TEST_IDS.webcheckoutState).waitFor();
    await look('checkout');
  }

  async function useSimulator(): Promise<number> {
    simulator.netzme.stealToken(NETZME.clientId);
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    simulator.placetopay.setSiteState(SITE.login, 'inactive');
    await demo.post('/placetopay/sessions', { reference: 'ORDER-1', currency: 'COP', total: 12_000 });
    simulator.placetopay.setSiteState(SITE.login, 'active');
    await qa.goTo('simulator');
    await qa.click(TEST_IDS.addFault);
    await qa.hook(TEST_IDS.activeFault).first().waitFor();
    const entries = await qa.hook(TEST_IDS.journalEntry).all();
    for (const entry of entries) await entry.locator('summary').click();
    await look('simulator');
    return entries.length;
  }

  async function useWebhooks(): Promise<number> {
    await qa.goTo('webhooks');
    await qa.hook(TEST_IDS.sendWebhook).waitFor();
    const schemes = await hooks('scheme-');
    for (const scheme of schemes) {
      await qa.goTo('webhooks', scheme);
      await qa.click(TEST_IDS.sendWebhook);
      const name = scheme.replace(/^scheme-(\w+)-/, '$1 · ');
      await eventually(async () => expect(await qa.hook(TEST_IDS.sentWebhook).first().innerText()).toContain(name));
      await qa.hook(TEST_IDS.sentWebhook).first().locator('summary').click();
      await look(`webhooks ${scheme}`);
    }
    return schemes.length;
  }

  async function saveEvidence(): Promise<void> {
    await qa.goTo('evidence');
    for (const format of ['html', 'json']) {
      await qa.field('format').locator(`[data-value="${format}"]`).click();
      const { name, content } = await qa.saved(() => qa.click(TEST_IDS.saveEvidence));
      haul.add(`file ${name}`, content);
    }
    await look('evidence');
  }

  /** Whatever proves who one is: what was configured, and what was made of it. */
  function whatIsSecret(): SecretSearch {
    const search = new SecretSearch();
    for (const [name, secret] of Object.entries(CANARIES)) search.add(name, secret);
    for (const [gateway, tap] of Object.entries(taps)) {
      for (const proof of tap.texts().flatMap(proofsIn)) search.add(`a proof on the wire of ${gateway}`, proof);
    }
    for (const { id, scheme } of simulator.webhooks.sent()) {
      const { headers, body } = simulator.webhooks.whole(id);
      const text = [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), body].join('\n');
      for (const proof of proofsIn(text)) search.add(`the signature of a webhook, ${scheme}`, proof);
    }
    for (const nonce of taps.alignet.texts().flatMap(noncesIn)) search.add('a nonce', nonce);
    return search;
  }

  const found = (search: SecretSearch, { from, text }: Haul['outputs'][number]): string[] =>
    search.find(from, text).map(({ secret, form }) => `${secret}, ${form}`);

  const leaks = (search: SecretSearch, outputs: Haul['outputs']): string[] => [
    ...new Set(
      outputs.flatMap((output) =>
        found(search, output)
          .filter((secret) => !ON_PURPOSE.some(([where, which]) => where.test(output.from) && which.test(secret)))
          .map((secret) => `${output.from}: ${secret}`),
      ),
    ),
  ];

  it('are in no page, request, answer, event or file of it', async () => {
    await signIn();
    await look('overview');
    const counts = {
      calls: await useCalls(),
      schemes: await useInspector(),
      entries: await useSimulator(),
      webhooks: await useWebhooks(),
    };
    await useCheckout();
    await qa.goTo('replicas');
    await qa.hook(TEST_IDS.replicaRow).waitFor();
    await look('replicas');
    await saveEvidence();
    await qa.goTo('overview');
    await look('overview');
    await haul.settle();

    const search = whatIsSecret();
    const size = haul.outputs.reduce((sum, { text }) => sum + text.length, 0);
    process.stdout.write(
      `the console: ${search.size.secrets} secrets looked for in ${haul.outputs.length} outputs of ${Math.round(size / 1_000)} kB\n`,
    );
    expect(leaks(search, haul.outputs)).toEqual([]);
    expect(qa.problems()).toEqual([]);

    // A search of nothing would find nothing.
    expect(counts.calls).toEqual({ runs: 24, wentWell: 8 });
    expect(counts.schemes).toBeGreaterThanOrEqual(20);
    expect(counts.webhooks).toBeGreaterThanOrEqual(18);
    expect(counts.entries).toBeGreaterThan(20);
    expect(search.size.secrets).toBeGreaterThan(50);
    const from = haul.outputs.map((output) => output.from).join('\n');
    for (const kind of [
      'page ',
      'request ',
      'answer ',
      'event overview',
      'event call',
      'event journal',
      'event webhooks',
      'file evidence',
    ]) {
      expect(from).toContain(kind);
    }
    for (const [where, which, why] of ON_PURPOSE) {
      const isThere = haul.outputs.some(
        (output) => where.test(output.from) && found(search, output).some((name) => which.test(name)),
      );
      expect([why, isThere]).toEqual([why, true]);
    }
  });

  // Each seeded into a page of its own.
  it.each([
    ['on the page', 'page', (leaky, secret) => leaky.evaluate((text) => document.body.append(text), secret)],
    [
      'in a field, in Base64',
      'page',
      (leaky, secret) =>
        leaky.evaluate((text) => {
          const field = document.createElement('input');
          document.body.append(field);
          field.value = btoa(`user:${text}`);
        }, secret),
    ],
    [
      'kept by the page, in hex',
      'page',
      (leaky, secret) => leaky.evaluate((text) => localStorage.setItem('x', text), Buffer.from(secret).toString('hex')),
    ],
    [
      'in a request',
      'request',
      (leaky, secret) =>
        leaky.evaluate((text) => fetch(`/console/api/session?x=${text}`).then((answer) => answer.text()), secret),
    ],
  ] as readonly (readonly [string, string, (leaky: Page, secret: string) => Promise<unknown>])[])(
    'would be found %s',
    async (_, kind, leak) => {
      const leaky = await browser.visit(demo);
      const watched = new Haul();
      await watched.watch(leaky.page);
      await leak(leaky.page, CANARIES.PLACETOPAY_SECRET_KEY);
      await watched.look(leaky.page, 'leaky');
      await watched.settle();
      expect(leaks(whatIsSecret(), watched.outputs)).toContainEqual(
        expect.stringMatching(new RegExp(`^${kind}\\b.*: PLACETOPAY_SECRET_KEY`)),
      );
    },
  );
});
