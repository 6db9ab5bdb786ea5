import { type Locator } from 'playwright-core';
import { type JournalEntry } from '@payment-auth/gateway-simulator';
import { type Demo, NETZME } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { withDelaysHeld } from '../../support/late';
import { BROWSER } from '../../support/needed-program';
import { RawServer } from '../../support/raw-server';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

/** Of each call: the gateway's operation that does it, and what the demo's answer then has. */
const CALLS = [
  ['alignet-nonce', 'alignet', 'nonce', 'nonce'],
  ['alignet-checkout-session', 'alignet', 'nonce', 'scriptUrl'],
  ['placetopay-session', 'placetopay', 'createSession', 'processUrl'],
  ['placetopay-query', 'placetopay', 'querySession', 'requestId'],
  ['placetopay-payment-link', 'placetopay', 'createLink', 'url'],
  ['netzme-balance', 'netzme', 'business', 'balance'],
  ['netzme-transactions', 'netzme', 'business', 'transactions'],
  ['netzme-withdraw-inquiry', 'netzme', 'business', 'amount'],
] as const;
const ORDER = { reference: 'ORDER-1', currency: 'COP', total: 12_000 };
const [BALANCE, WITHDRAWAL, SESSION] = [
  'call-netzme-balance',
  'call-netzme-withdraw-inquiry',
  'call-placetopay-session',
];

describeWith(BROWSER, 'the calls', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    demo = await browser.startDemo();
    qa = await browser.visit(demo);
  });
  afterEach(() => browser.leave());

  /** Runs what is chosen, and gives back what is shown of that run. */
  async function run(): Promise<Locator> {
    const records = await qa.hook(TEST_IDS.callRecord).count();
    await qa.click(TEST_IDS.runCall);
    await eventually(async () => expect(await qa.hook(TEST_IDS.callRecord).count()).toBe(records + 1));
    const result = qa.hook(TEST_IDS.callResult);
    await result.waitFor();
    return result;
  }
  const outcome = (result: Locator) => qa.hook(TEST_IDS.callOutcome, result);
  const exchange = (result: Locator, operation?: string) =>
    result.locator(
      `[data-testid="${TEST_IDS.exchange}"]${operation === undefined ? '' : `[data-operation="${operation}"]`}`,
    );
  const head = (message: Locator) => message.locator('pre').first();
  const startLine = async (message: Locator) => (await head(message).innerText()).split('\n')[0];
  const body = (message: Locator) => message.locator('.body-view');
  const latest = (gateway: JournalEntry['gateway']): JournalEntry => {
    const entry = demo.simulator.journal.entries({ gateway }).at(-1);
    if (entry === undefined) throw new Error(`${gateway} was not asked for anything`);
    return entry;
  };

  it('runs each with what it is filled with at first', async () => {
    await demo.post('/placetopay/sessions', ORDER);
    for (const [call, gateway, operation, member] of CALLS) {
      await qa.goTo('calls', `call-${call}`);
      const result = await run();
      expect([call, await outcome(result).getAttribute('data-ok')]).toEqual([call, 'true']);
      expect(await result.innerText()).toContain(`"${member}"`);
      const last = exchange(result).last();
      const { method, target, operation: asked } = latest(gateway);
      expect([call, asked]).toEqual([call, operation]);
      expect(await startLine(qa.hook(TEST_IDS.request, last))).toBe(`${method} ${target} HTTP/1.1`);
      expect(await startLine(qa.hook(TEST_IDS.response, last))).toMatch(/^HTTP\/1\.1 2\d\d /);
    }
  });

  it('sends what QA typed, and shows the request as it went out, its credentials masked and marked', async () => {
    await qa.goTo('calls', WITHDRAWAL);
    await qa.fillIn({ amount: '12345.00' });
    const result = await run();
    expect(await exchange(result).evaluateAll((all) => all.map((one) => one.getAttribute('data-operation')))).toEqual([
      'token',
      'netzme-withdraw-inquiry',
    ]);
    const { headers, method, target, body: sent } = latest('netzme');
    expect(sent).toContain('"12345.00"');

    const request = qa.hook(TEST_IDS.request, exchange(result).last());
    const [first, ...lines] = (await head(request).innerText()).split('\n');
    expect(first).toBe(`${method} ${target} HTTP/1.1`);
    const shown = lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const);
    expect(shown.map(([name]) => name.toLowerCase()).sort()).toEqual(Object.keys(headers).sort());
    const marked = await head(request).locator('mark.masked').allInnerTexts();
    expect(marked).toHaveLength(2);
    for (const [name, value] of shown) {
      const isProof = ['authorization', 'x-signature', 'signature'].includes(name.toLowerCase());
      const isMarked = marked.some((mask) => value.includes(mask));
      expect([name, isMarked]).toEqual([name, isProof]);
      expect([name, isProof ? '' : value]).toEqual([name, isProof ? '' : headers[name.toLowerCase()]]);
    }
    expect(await request.innerText()).toMatch(/Masked: Authorization, /);
    expect(await body(request).locator('pre').innerText()).toBe(sent);
    expect(await body(request).innerText()).toContain(`Body · ${Buffer.byteLength(sent)} bytes`);
  });

  it('shows a body formatted, raw and in hex', async () => {
    await qa.goTo('calls', SESSION);
    await qa.fillIn({ description: 'Dos cafés ☕' });
    const request = qa.hook(TEST_IDS.request, exchange(await run()));
    const show = (form: string) => body(request).getByRole('button', { name: form, exact: true }).click();
    const pressed = () => body(request).locator('[aria-pressed="true"]').innerText();
    const raw = await body(request).locator('pre').innerText();
    expect(await pressed()).toBe('Raw');
    expect(raw).toContain('"description":"Dos cafés ☕"');
    expect(await body(request).locator('mark.masked').count()).toBeGreaterThan(0);
    await show('Formatted');
    const formatted = await body(request).locator('pre').innerText();
    expect(formatted).toMatch(/\n {2}"payment": \{\n/);
    expect(JSON.parse(formatted)).toEqual(JSON.parse(raw));
    await show('Hex');
    const lines = await body(request).locator('.hex-bytes').allInnerTexts();
    expect(Buffer.from(lines.join('').replace(/\s/g, ''), 'hex').toString('utf8')).toBe(raw);
    expect(await request.innerText()).toContain('masked values are not the bytes that were sent');
    await show('Raw');
    expect(await body(request).locator('pre').innerText()).toBe(raw);
  });

  it('shows that a call is running while it runs, and lets QA stop waiting', async () => {
    await qa.goTo('calls', BALANCE);
    await run();
    demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'delay', times: 2 });
    const progress = qa.hook(TEST_IDS.callProgress);
    const elapsedMs = async () => Number(/^Running for (\d+) ms$/.exec(await progress.innerText())?.[1]);
    await withDelaysHeld(async () => {
      await qa.click(TEST_IDS.runCall);
      await progress.waitFor();
      expect(await qa.hook(TEST_IDS.runCall).isDisabled()).toBe(true);
      const atFirst = await elapsedMs();
      await eventually(async () => expect(await elapsedMs()).toBeGreaterThan(atFirst));
    });
    await progress.waitFor({ state: 'detached' });
    await eventually(async () => expect(await qa.hook(TEST_IDS.callRecord).count()).toBe(2));
    expect(await outcome(qa.hook(TEST_IDS.callResult)).getAttribute('data-ok')).toBe('true');

    await withDelaysHeld(async () => {
      await qa.click(TEST_IDS.runCall);
      await qa.click(TEST_IDS.stopCall);
      await progress.waitFor({ state: 'detached' });
    });
    expect(await qa.hook('view-calls').innerText()).toContain('Stopped waiting.');
    expect(await qa.hook(TEST_IDS.runCall).isEnabled()).toBe(true);
  });

  it('shows a call that fails: what the gateway said, and what the demo makes of it', async () => {
    await qa.goTo('calls', BALANCE);
    demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', status: 503 });
    const refused = await run();
    expect(await outcome(refused).getAttribute('data-ok')).toBe('false');
    expect(await outcome(refused).innerText()).toMatch(/Failed · HTTP 502/);
    expect(await head(qa.hook(TEST_IDS.response, exchange(refused).last())).innerText()).toMatch(/^HTTP\/1\.1 503 /);

    demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'cut' });
    const cut = await run();
    await eventually(async () =>
      expect(await qa.hook(TEST_IDS.response, exchange(cut).last()).innerText()).toMatch(/No response: /),
    );
  });

  it('shows what came of an answer that was cut off, and that it was', async () => {
    const gateway = await new RawServer((_, socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"requestId": 1,'),
    ).listen();
    try {
      const environment = { PLACETOPAY_CHECKOUT_BASE_URL: gateway.url };
      qa = await browser.visit(await browser.startDemo({ environment }), { hash: '#/calls/placetopay-query' });
      const response = qa.hook(TEST_IDS.response, exchange(await run()).last());
      expect(await startLine(response)).toBe('HTTP/1.1 200 OK');
      expect(await body(response).locator('pre').innerText()).toBe('{"requestId": 1,');
      expect(await response.innerText()).toMatch(/Not the whole response: .*before the answer was whole/);
    } finally {
      await gateway.stop();
    }
  });

  it('says which field is wrong before anything is sent, and shows no other run as if it were this one', async () => {
    await qa.goTo('calls', WITHDRAWAL);
    await run();
    const { length } = demo.simulator.journal.entries();
    await qa.fillIn({ amount: 'ten' });
    await qa.click(TEST_IDS.runCall);
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toMatch(/amount/));
    expect(demo.simulator.journal.entries()).toHaveLength(length);
    expect(await qa.hook(TEST_IDS.callResult).count()).toBe(0);
    await qa.click(TEST_IDS.callRecord);
    await qa.hook(TEST_IDS.callResult).waitFor();
    qa.provokes(/400 \(Bad Request\)/);
  });

  it('shows a replay after a stolen token, exchange by exchange', async () => {
    await qa.goTo('calls', BALANCE);
    await run();
    demo.simulator.netzme.stealToken(NETZME.clientId);
    const result = await run();
    await eventually(async () => expect(await exchange(result).count()).toBe(3));
    const answers = await qa
      .hook(TEST_IDS.response, result)
      .evaluateAll((all) => all.map((one) => one.querySelector('pre')?.innerText.split('\n')[0]));
    expect(answers.map((line) => line?.split(' ')[1])).toEqual(['401', '200', '200']);
    expect(await outcome(result).getAttribute('data-ok')).toBe('true');
  });

  it('keeps earlier runs, and shows those that somebody else makes', async () => {
    await qa.goTo('calls', BALANCE);
    await run();
    await qa.fillIn({ userId: 'M_NOBODY' });
    const second = await run();
    await eventually(async () => expect(await outcome(second).getAttribute('data-ok')).toBe('false'));
    await qa.hook(TEST_IDS.callRecord).last().click();
    await eventually(async () =>
      expect(await outcome(qa.hook(TEST_IDS.callResult)).getAttribute('data-ok')).toBe('true'),
    );
    const colleague = await browser.visit(demo, { hash: '#/calls/netzme-balance' });
    await colleague.click(TEST_IDS.runCall);
    await eventually(async () => expect(await qa.hook(TEST_IDS.callRecord).count()).toBe(3));

    await qa.goTo('calls', WITHDRAWAL);
    expect(await qa.hook(TEST_IDS.callRecord).count()).toBe(0);
    await run();
    expect(await qa.hook(TEST_IDS.callRecord).count()).toBe(1);
    await qa.goTo('calls', BALANCE);
    expect(await qa.hook(TEST_IDS.callRecord).count()).toBe(3);
  });

  it('exports one for curl, Postman and Bruno: shown, and saved as it is shown', async () => {
    await qa.goTo('calls', BALANCE);
    await qa.hook(TEST_IDS.exportMenu).locator('summary').click();
    for (const [format, fileName, contains] of [
      ['curl', /^netzme-balance.*\.sh$/, 'curl '],
      ['postman', /^netzme-balance.*\.json$/, 'schema.getpostman.com'],
      ['bruno', /^netzme-balance.*\.bru$/, 'script:pre-request'],
    ] as const) {
      await qa.click(`${TEST_IDS.exportAs}-${format}`);
      const content = qa.hook(TEST_IDS.exportedContent);
      await eventually(async () => expect(await content.textContent()).toContain(contains));
      const shown = (await content.textContent()) ?? '';
      const { name, content: saved } = await qa.saved(() => qa.click(TEST_IDS.exportDownload));
      expect(name).toMatch(fileName);
      expect(saved).toBe(shown);
      expect(shown).not.toContain(NETZME.clientSecret);
    }
  });

  it('exports what QA typed, copies it, and shows it no longer once QA types something else', async () => {
    await qa.watched.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.url });
    await qa.goTo('calls', BALANCE);
    await qa.fillIn({ userId: 'M_TYPED' });
    const menu = qa.hook(TEST_IDS.exportMenu);
    await menu.locator('summary').click();
    const content = qa.hook(TEST_IDS.exportedContent);
    const pressed = menu.locator('[aria-pressed="true"]');
    await qa.click(`${TEST_IDS.exportAs}-curl`);
    await content.waitFor();
    const first = (await content.textContent()) ?? '';
    expect(first).toContain('M_TYPED');
    expect(await pressed.innerText()).toBe('curl');
    const copy = qa.hook(TEST_IDS.copyButton, menu);
    await copy.click();
    await eventually(async () => expect(await copy.innerText()).toBe('Copied'));
    expect(await qa.page.evaluate(() => navigator.clipboard.readText())).toBe(first);

    await qa.fillIn({ userId: 'M_OTHER' });
    await eventually(async () => expect([await content.count(), await pressed.count()]).toEqual([0, 0]));
    await qa.click(`${TEST_IDS.exportAs}-curl`);
    await content.waitFor();
    expect(await content.textContent()).toContain('M_OTHER');
    expect(await content.textContent()).not.toContain('M_TYPED');
  });
});
