import { type FaultKind } from '@payment-auth/gateway-simulator';
import { type Demo, NETZME, SITE } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { MovedClock } from '../../support/manual-clock';
import { BROWSER } from '../../support/needed-program';
import { shortOrLong } from '../../support/tier';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

const KINDS: readonly (readonly [kind: FaultKind, shown: string])[] = [
  ['status', 'HTTP status 503'],
  ['delay', 'delay 1000 ms'],
  ['cut', 'connection cut'],
  ['malformed-body', 'malformed body'],
  ['ok-with-failure', 'HTTP 200 with a failure inside'],
  ['redirect', 'redirect'],
  ['empty-body', 'empty body'],
  ['html', 'HTML page'],
];

/** What each does is judged without a browser. */
const HARMFUL = KINDS.filter(([kind]) => kind !== 'delay').slice(0, shortOrLong(3, Infinity));

const clock = new MovedClock();

describeWith(BROWSER, "the simulator's desk", () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  beforeEach(async () => {
    demo = await browser.startDemo({ clock });
    qa = await browser.visit(demo, { hash: '#/simulator' });
    await qa.hook(TEST_IDS.addFault).waitFor();
  });
  afterEach(() => browser.leave());

  const askBalance = () => demo.get(`/netzme/balance?userId=${NETZME.userId}`);
  const aheadMs = () => demo.simulator.clock.now() - Date.now();
  const done = (text = 'Done.') => eventually(async () => expect(await qa.text(TEST_IDS.simulatorNotice)).toBe(text));
  const rows = () => qa.hook(TEST_IDS.journalEntry);
  const journal = () =>
    rows().evaluateAll((all) =>
      all.map((row) => [row.getAttribute('data-gateway'), row.getAttribute('data-verdict')].join(' ')),
    );

  it('moves the clock by steps, sets it, and puts it right', async () => {
    for (const [step, ms] of [
      ['1s', SECOND_MS],
      ['30s', 30 * SECOND_MS],
      ['1m', 60 * SECOND_MS],
      ['5m', 300 * SECOND_MS],
      ['10h', 10 * HOUR_MS],
    ] as const) {
      const before = aheadMs();
      await qa.click(`${TEST_IDS.advanceClock}-${step}`);
      await eventually(() => Promise.resolve(expect(Math.round((aheadMs() - before) / ms)).toBe(1)));
    }
    await eventually(async () => expect(await qa.fact('Ahead of the demo').innerText()).toMatch(/^\+10 h 07 min$/));
    const shown = async () => Number(await qa.hook(TEST_IDS.simulatorClock).getAttribute('data-now'));
    await eventually(async () => expect(Math.abs((await shown()) - demo.simulator.clock.now())).toBeLessThan(3_000));

    await qa.fillIn({ clock: '2030-01-02T03:04:05Z' });
    await qa.click(TEST_IDS.setClock);
    await eventually(async () => expect(new Date(await shown()).toISOString()).toMatch(/^2030-01-02T03:04:/));
    await qa.click(TEST_IDS.resetClock);
    await eventually(async () => expect(Math.abs((await shown()) - Date.now())).toBeLessThan(3_000));
  });

  it('says what is wrong with a time that is none', async () => {
    await qa.fillIn({ clock: 'tomorrow' });
    await qa.click(TEST_IDS.setClock);
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toMatch(/now /));
    qa.provokes(/400 \(Bad Request\)/);
  });

  it('adds a fault of every kind, and takes each away', async () => {
    const faults = qa.hook(TEST_IDS.activeFault);
    for (const [index, [kind, shown]] of KINDS.entries()) {
      await qa.fillIn({
        faultGateway: 'placetopay',
        faultOperation: 'createSession',
        faultKind: kind,
        faultTimes: '2',
      });
      await qa.click(TEST_IDS.addFault);
      await eventually(async () => expect(await faults.count()).toBe(index + 1));
      expect(await faults.allInnerTexts()).toContainEqual(expect.stringContaining(shown));
    }
    expect(demo.simulator.faults.list().map(({ kind, operation, remaining }) => [kind, operation, remaining])).toEqual(
      KINDS.map(([kind]) => [kind, 'createSession', 2]),
    );
    for (let left = KINDS.length; left > 0; left -= 1) {
      await qa.click(TEST_IDS.removeFault, faults.first());
      await eventually(async () => expect(await faults.count()).toBe(left - 1));
    }
    expect(demo.simulator.faults.list()).toEqual([]);
  });

  it('asks for what a fault needs before it adds one', async () => {
    const needed = async () =>
      qa.page
        .locator('[name^="fault"]:required')
        .evaluateAll((fields) => fields.map((field) => field.getAttribute('name')));
    expect(await needed()).toEqual(['faultGateway', 'faultKind', 'faultStatus', 'faultTimes']);
    await qa.fillIn({ faultKind: 'delay' });
    expect(await needed()).toEqual(['faultGateway', 'faultKind', 'faultDelay', 'faultTimes']);
    await qa.fillIn({ faultTimes: '' });
    await qa.click(TEST_IDS.addFault);
    expect(await qa.page.locator(':focus').getAttribute('name')).toBe('faultTimes');
    expect(demo.simulator.faults.list()).toEqual([]);
  });

  it('breaks the next request by each fault it adds, and only that one', async () => {
    expect((await askBalance()).status).toBe(200);
    const answers: unknown[] = [];
    for (const [kind] of HARMFUL) {
      await qa.fillIn({ faultGateway: 'netzme', faultOperation: 'business', faultKind: kind });
      await qa.click(TEST_IDS.addFault);
      await eventually(() => Promise.resolve(expect(demo.simulator.faults.list()).toHaveLength(1)));
      const broken = (await askBalance()).status;
      answers.push([kind, broken >= 400, (await askBalance()).status]);
    }
    expect(answers).toEqual(HARMFUL.map(([kind]) => [kind, true, 200]));
    await eventually(async () =>
      expect((await journal()).filter((row) => row === 'netzme fault')).toHaveLength(HARMFUL.length),
    );
    // Those that are used up are gone from the page too.
    await eventually(async () => expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(0));
  });

  it('adds one that lets the gateway do its work, and spoils the answer only', async () => {
    const order = { reference: 'ORDER-1', currency: 'COP', total: 12_000 };
    await qa.fillIn({ faultGateway: 'placetopay', faultOperation: 'createSession' });
    await qa.field('afterProcessing').check();
    await qa.click(TEST_IDS.addFault);
    await eventually(() => Promise.resolve(expect(demo.simulator.faults.list()).toHaveLength(1)));
    expect((await demo.post('/placetopay/sessions', order)).status).toBeGreaterThanOrEqual(400);
    expect((await demo.get('/placetopay/sessions/1')).status).toBe(200);
  });

  it('ends tokens and closes sites, as it happens to merchants', async () => {
    expect((await askBalance()).status).toBe(200);
    await demo.post('/alignet/nonce', {});
    const tokensAsked = (gateway: 'alignet' | 'netzme') =>
      demo.simulator.journal.entries({ gateway, operation: 'token' }).length;
    const endings = [
      [TEST_IDS.stealToken, 'token-replaced'],
      [TEST_IDS.expireToken, 'token-expired'],
    ] as const;
    for (const [index, [id]] of endings.entries()) {
      // A token that has just replaced a refused one is not taken for what is wrong.
      clock.elapsedMs += 10_000;
      await qa.click(id);
      await done();
      expect((await askBalance()).status).toBe(200);
      expect(tokensAsked('netzme')).toBeGreaterThanOrEqual(2 + index);
      const refused = demo.simulator.journal
        .entries({ gateway: 'netzme' })
        .filter((entry) => entry.reason !== undefined);
      expect(refused.map((entry) => entry.reason?.code)).toEqual(endings.slice(0, index + 1).map(([, code]) => code));
      await qa.page.reload();
      await qa.hook(TEST_IDS.addFault).waitFor();
    }
    await qa.click(TEST_IDS.revokeTokens);
    await done();
    expect((await demo.post('/alignet/nonce', {})).status).toBe(200);
    expect(tokensAsked('alignet')).toBe(2);

    const order = { reference: 'ORDER-1', currency: 'COP', total: 12_000 };
    await qa.fillIn({ site: SITE.login, siteState: 'inactive' });
    await qa.click(TEST_IDS.setSiteState);
    await eventually(async () =>
      expect(await qa.field('site').innerText()).toContain(`${SITE.login} · inactive (104)`),
    );
    expect((await demo.post('/placetopay/sessions', order)).status).toBeGreaterThanOrEqual(400);
    await eventually(async () => expect(await rows().first().innerText()).toContain('site-inactive'));
  });

  it('shows each request as it came, and why it was refused', async () => {
    demo.simulator.clock.advance(HOUR_MS);
    await demo.post('/placetopay/sessions', { reference: 'ORDER-1', currency: 'COP', total: 12_000 });
    await askBalance();
    await eventually(async () => expect(await rows().count()).toBeGreaterThanOrEqual(3));
    const refused = qa.page.locator(`[data-testid="${TEST_IDS.journalEntry}"][data-verdict="refused"]`).last();
    await refused.locator('summary').click();
    const [entry] = demo.simulator.journal.entries({ gateway: 'placetopay' });
    if (entry?.reason === undefined) throw new Error('nothing was refused');
    await eventually(async () => expect(await refused.innerText()).toContain(entry.reason?.message));
    const text = await refused.innerText();
    expect(text).toContain(`Reason: ${entry.reason.code} · ${entry.reason.input} · `);
    expect(text).toContain(`${entry.method} ${entry.target} HTTP/1.1`);
    for (const [name, value] of Object.entries(entry.headers)) expect(text).toContain(`${name}: ${value}`);
    expect(text).toContain(entry.body);
    expect(text).toContain(entry.responseBody);
  });

  it('filters the journal by gateway and by verdict', async () => {
    await askBalance();
    await demo.post('/alignet/nonce', {});
    demo.simulator.faults.add({ gateway: 'netzme', operation: 'business', kind: 'status', status: 503 });
    await askBalance();
    await eventually(async () => expect(await rows().count()).toBe(5));
    await qa.fillIn({ journalGateway: 'netzme' });
    expect(await journal()).toEqual(['netzme fault', 'netzme accepted', 'netzme accepted']);
    expect(await qa.hook('view-simulator').innerText()).toContain('3 requests');
    await qa.fillIn({ journalVerdict: 'fault' });
    expect(await journal()).toEqual(['netzme fault']);
    await qa.fillIn({ journalGateway: 'alignet' });
    expect(await qa.hook('view-simulator').innerText()).toContain('No request fits the filter.');
    await qa.fillIn({ journalGateway: '', journalVerdict: '' });
    expect(await rows().count()).toBe(5);
  });

  it('is told of new requests by the stream, and asks for the whole journal when it is emptied', async () => {
    let asked = 0;
    await qa.page.route('**/console/api/simulator/journal', (route) => {
      if (route.request().method() === 'GET') asked += 1;
      return route.continue();
    });
    await askBalance();
    await eventually(async () => expect(await rows().count()).toBe(2));
    await qa.click(`${TEST_IDS.advanceClock}-1s`);
    await done();
    await askBalance();
    await eventually(async () => expect(await rows().count()).toBe(3));
    expect(asked).toBe(0);
    await qa.click(TEST_IDS.addFault);
    await eventually(async () => expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(1));
    await qa.page.getByRole('button', { name: 'Empty the journal' }).click();
    await eventually(async () => expect(await rows().count()).toBe(0));
    expect(asked).toBe(1);
    // And nothing else goes with it.
    expect([demo.simulator.faults.list().length, Math.round(aheadMs() / SECOND_MS)]).toEqual([1, 1]);
    await done();
    expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(1);
  });

  it('puts everything back by one button', async () => {
    await askBalance();
    await qa.click(`${TEST_IDS.advanceClock}-10h`);
    await done();
    await qa.click(TEST_IDS.addFault);
    await eventually(async () => expect(await qa.hook(TEST_IDS.activeFault).count()).toBe(1));
    demo.simulator.placetopay.setSiteState(SITE.login, 'expired');
    await qa.click(TEST_IDS.restoreAll);
    await done('Everything is as it was after start.');
    await eventually(async () =>
      expect([await rows().count(), await qa.hook(TEST_IDS.activeFault).count()]).toEqual([0, 0]),
    );
    expect(await qa.field('site').innerText()).toContain(`${SITE.login} · active`);
    expect([demo.simulator.faults.list(), demo.simulator.journal.entries()]).toEqual([[], []]);
    expect(Math.abs(aheadMs())).toBeLessThan(1_000);
  });
});
