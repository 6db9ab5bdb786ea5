import { type Locator } from 'playwright-core';
import { SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { type Demo } from '../../e2e/demo-app';
import { describeWith } from '../../support/describe-with';
import { BROWSER } from '../../support/needed-program';
import { shortOrLong } from '../../support/tier';
import { KNOWN_MISTAKES, type KnownMistake, PUBLIC_KEY, RIGHT_VALUES, TOKEN } from '../known-mistakes';
import { ConsoleBrowser } from './support/console-browser';
import { type ConsolePage, TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

const KEYS = { ALIGNET_PUBLIC_KEYS: PUBLIC_KEY, NETZME_CALLBACK_PUBLIC_KEYS: PUBLIC_KEY };
const SECRETS = [...SANDBOX_ACCOUNTS.placetopay, ...SANDBOX_ACCOUNTS.netzme, ...SANDBOX_ACCOUNTS.alignet].map(
  (account) => ('login' in account ? account.secretKey : account.clientSecret),
);

/** The examples of mistakes that are known by an access token sign with {@link TOKEN}, whatever the demo's own is. */
const withToken = <T extends { readonly scheme: string; readonly inputs: KnownMistake['inputs'] }>(given: T): T =>
  given.scheme === 'netzme-signature' && given.inputs['accessToken'] === ''
    ? { ...given, inputs: { ...given.inputs, accessToken: TOKEN } }
    : given;
/** One of each scheme. */
const RIGHT = RIGHT_VALUES.filter(
  ({ scheme }, index) => RIGHT_VALUES.findIndex((other) => other.scheme === scheme) === index,
).map(withToken);
/** What is said of each scheme is judged without a browser: here it is shown, for some or for all. */
const some = <T>(schemes: readonly T[]): T[] => schemes.filter((_, index) => index % shortOrLong(4, 1) === 0);

const mistake = (name: string): readonly [string, KnownMistake] => {
  const found = KNOWN_MISTAKES.find((known) => known.name === name);
  if (found === undefined) throw new Error(`there is no known mistake "${name}"`);
  return [name, withToken(found)];
};

describeWith(BROWSER, 'the inspector', () => {
  let browser: ConsoleBrowser;
  let demo: Demo;
  let qa: ConsolePage;

  beforeAll(async () => {
    browser = await ConsoleBrowser.launch();
    demo = await browser.startDemo({ environment: KEYS, isShared: true });
  });
  afterAll(async () => {
    await browser.close();
    await demo.app.close();
  });
  beforeEach(async () => {
    qa = await browser.visit(demo, { hash: '#/inspector' });
  });
  afterEach(async () => {
    // Whatever a test did, no secret has come to the page.
    const [shown, fields] = [await qa.page.content(), await qa.page.locator('input, textarea').all()];
    const texts = [shown, ...(await Promise.all(fields.map((field) => field.inputValue())))].join('\n');
    await browser.leave();
    const found = SECRETS.filter((secret) => texts.includes(secret));
    if (found.length > 0) throw new Error(`The page knows secrets: ${found.join(', ')}`);
  });

  async function inspect(): Promise<Locator> {
    const asked = qa.page.waitForResponse(
      (response) => response.url().includes('/inspector/') && response.request().method() === 'POST',
    );
    await qa.click(TEST_IDS.inspect);
    await asked;
    const stages = qa.hook(TEST_IDS.stages);
    await stages.waitFor();
    return stages;
  }
  async function mismatch(): Promise<Locator> {
    const verdict = qa.hook(TEST_IDS.verdict);
    await eventually(async () => expect(await verdict.getAttribute('data-match')).toBe('false'));
    return verdict;
  }
  const namesOf = (stages: Locator) =>
    stages.locator('> li').evaluateAll((all) => all.map((stage) => stage.getAttribute('data-testid')));

  it('has a fresh example of every scheme, and shows every stage of it', async () => {
    const schemes = await qa.page
      .locator('nav [data-testid^="scheme-"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-testid') ?? ''));
    expect(schemes.length).toBeGreaterThanOrEqual(RIGHT.length);
    const shown: Record<string, number> = {};
    for (const scheme of some(schemes)) {
      await qa.goTo('inspector', scheme);
      await qa.click(TEST_IDS.fillExample);
      for (const input of await qa.page.locator('form input[required], form textarea[required]').all()) {
        await eventually(async () => expect(await input.inputValue()).not.toBe(''));
      }
      shown[scheme] = (await namesOf(await inspect())).length;
    }
    expect(Object.entries(shown).filter(([, stages]) => stages < 3)).toEqual([]);
  });

  it('shows nonce, seed, string to sign and digest of Placetopay’s auth, the secret as dots', async () => {
    await qa.goTo('inspector', 'scheme-placetopay-auth');
    await qa.click(TEST_IDS.fillExample);
    await eventually(async () => expect(await qa.field('auth.seed').inputValue()).not.toBe(''));
    const stages = await inspect();
    expect(await namesOf(stages)).toEqual(
      ['raw-nonce', 'nonce', 'seed', 'recipe', 'string-to-sign', 'digest', 'tranKey'].map((id) => `stage-${id}`),
    );
    expect(await qa.text('stage-seed', stages)).toContain(await qa.field('auth.seed').inputValue());
    const signed = qa.hook('stage-string-to-sign', stages);
    expect(await signed.locator('.dots').innerText()).toMatch(/^•+$/);
    expect(await signed.locator('.dots').getAttribute('aria-label')).toBe('masked, not shown');
    expect(await signed.getByTestId(TEST_IDS.copyButton).count()).toBe(0);
  });

  it('says of a right value that it matches, in every scheme', async () => {
    const verdicts: unknown[] = [];
    for (const { scheme, inputs, expected } of some(RIGHT)) {
      await qa.goTo('inspector', `scheme-${scheme}`);
      await qa.fillIn({ ...inputs, expected });
      await inspect();
      const verdict = qa.hook(TEST_IDS.verdict);
      await verdict.waitFor();
      verdicts.push([scheme, await verdict.getAttribute('data-match'), await verdict.innerText()]);
    }
    const text = 'Match: the expected value is what these inputs give.';
    expect(verdicts).toEqual(some(RIGHT).map(({ scheme }) => [scheme, 'true', text]));
    expect(RIGHT.length).toBeGreaterThanOrEqual(19);
  });

  it('names the mistake, and what differs', async () => {
    const mistakes = [
      mistake('placetopay-auth: hex of the digest'),
      mistake('placetopay-auth: base64 of the nonce hashed'),
      mistake('placetopay-auth: seed in another zone'),
      mistake('placetopay-auth: SHA-1'),
      mistake('placetopay-auth: whitespace around'),
    ].map(([, known]) => known);
    const said: unknown[] = [];
    for (const { scheme, inputs, expected } of mistakes) {
      await qa.goTo('inspector', `scheme-${scheme}`);
      await qa.fillIn({ ...inputs, expected });
      await inspect();
      const verdict = await mismatch();
      expect(await verdict.innerText()).toContain('No match');
      said.push([await verdict.getAttribute('data-code'), await verdict.locator('code.tag').allInnerTexts()]);
    }
    expect(said).toEqual(mistakes.map(({ code, named }) => [code, named]));
  });

  it('points at the first byte that differs, in words too', async () => {
    const [, { scheme, inputs, expected, at }] = mistake('placetopay-auth: seed in another zone');
    await qa.goTo('inspector', `scheme-${scheme}`);
    await qa.fillIn({ ...inputs, expected });
    await inspect();
    const difference = qa.hook(TEST_IDS.byteDifference, await mismatch());
    expect(await difference.innerText()).toContain(`First difference in ${at?.input}, at byte ${at?.byte}`);
    expect(await difference.locator('mark').first().innerText()).toContain('differs here');
  });

  it('finds the body that was signed otherwise, and says so when it knows of no such mistake', async () => {
    const [right] = RIGHT.filter(({ scheme }) => scheme === 'placetopay-payment-link-webhook');
    if (right === undefined) throw new Error('there is no right value for it');
    await qa.goTo('inspector', `scheme-${right.scheme}`);
    await qa.fillIn({ ...right.inputs, expected: Buffer.from(right.expected, 'hex').toString('base64') });
    await inspect();
    expect(await (await mismatch()).getAttribute('data-code')).toBe('encoding-base64');
    await qa.fillIn({ expected: 'f'.repeat(64) });
    await inspect();
    await eventually(async () => expect(await qa.hook(TEST_IDS.verdict).getAttribute('data-code')).toBe('unknown'));
    expect(await qa.hook(TEST_IDS.verdict).innerText()).toMatch(/No known mistake|none of the known/i);
  });

  it('drops a result as soon as it is of other inputs', async () => {
    const [right] = RIGHT.filter(({ scheme }) => scheme === 'placetopay-payment-link-webhook');
    if (right === undefined) throw new Error('there is no right value for it');
    const [input = ''] = Object.keys(right.inputs);
    const given = { ...right.inputs, expected: right.expected };
    const verdict = qa.hook(TEST_IDS.verdict);
    const matches = async () => {
      await qa.fillIn(given);
      await inspect();
      await eventually(async () => expect(await verdict.getAttribute('data-match')).toBe('true'));
    };
    const isNothingShown = () =>
      eventually(async () => expect([await verdict.count(), await qa.hook(TEST_IDS.stages).count()]).toEqual([0, 0]));

    await qa.goTo('inspector', `scheme-${right.scheme}`);
    await matches();
    await qa.field(input).press('End');
    await qa.field(input).pressSequentially('1');
    await isNothingShown();
    expect(await qa.page.locator(':focus').getAttribute('name')).toBe(input);

    await matches();
    await qa.fillIn({ expected: 'f'.repeat(64) });
    await isNothingShown();

    // What comes late is of what was asked, not of what stands there now.
    await qa.page.route('**/inspector/*', async (route) => {
      const response = await route.fetch();
      await qa.fillIn({ [input]: 'other' });
      await route.fulfill({ response });
    });
    await qa.fillIn(given);
    await qa.click(TEST_IDS.inspect);
    await eventually(async () => expect(await qa.field(input).inputValue()).toBe('other'));
    await eventually(async () => expect(await qa.hook(TEST_IDS.inspect).getAttribute('aria-disabled')).toBe('false'));
    await isNothingShown();

    await qa.page.unroute('**/inspector/*');
    await matches();
    await qa.page.route('**/inspector/*', (route) =>
      route.fulfill({ status: 503, json: { statusCode: 503, message: 'busy' } }),
    );
    await qa.click(TEST_IDS.inspect);
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toContain('busy'));
    await isNothingShown();
    qa.provokes(/503/);
  });

  it('says of a right signature that the body is refused all the same', async () => {
    const [, { scheme, inputs, expected }] = mistake('placetopay-checkout-webhook: number with a fraction');
    await qa.goTo('inspector', `scheme-${scheme}`);
    await qa.fillIn({ ...inputs, expected });
    await inspect();
    const verdict = qa.hook(TEST_IDS.verdict);
    await eventually(async () => expect(await verdict.getAttribute('data-code')).toBe('body-refused'));
    expect(await verdict.innerText()).toContain('the library refuses the body');
  });

  it('reads the JWT of a nonce, and says when its time is over', async () => {
    const { nonce } = (await demo.post('/alignet/nonce', {})).json as { nonce: string };
    await qa.goTo('inspector', 'scheme-alignet-nonce-jwt');
    await qa.fillIn({ jwt: nonce });
    const stages = await inspect();
    expect(await namesOf(stages)).toEqual(
      ['header', 'payload', 'iat', 'exp', 'state', 'signature'].map((id) => `stage-${id}`),
    );
    const [, payload = ''] = nonce.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    const shown = await qa.hook('stage-payload', stages).locator('pre').innerText();
    expect(Object.keys(claims).filter((claim) => !shown.includes(`"${claim}"`))).toEqual([]);
    expect(await qa.page.locator('main').innerText()).not.toContain(nonce.split('.')[2]);
    const state = async () => qa.hook('stage-state', stages).locator('pre').innerText();
    const valid = await state();
    demo.simulator.clock.advance(60_000);
    await inspect();
    await eventually(async () => expect(await state()).not.toBe(valid));
    demo.simulator.clock.reset();
  });

  it('names the field that is wrong', async () => {
    await qa.goTo('inspector', 'scheme-placetopay-auth');
    await qa.fillIn({ 'auth.nonce': 'not base64!', 'auth.seed': '2026-11-22T10:15:30-05:00' });
    await qa.click(TEST_IDS.inspect);
    await eventually(async () => expect(await qa.text(TEST_IDS.problem)).toContain('auth.nonce'));
    qa.provokes(/400 \(Bad Request\)/);
  });
});
