import { createHash, createHmac } from 'node:crypto';
import { GatewaySimulator, SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { NetzmeAccessTokenService } from 'nestjs-payment-auth';
import { mistakes } from '../../apps/console/src/i18n/mistakes.es';
import { translatedMistake } from '../../apps/console/src/lib/mistake';
import { validateEnvironment } from '../../apps/demo/src/config/environment';
import { PaymentAuthOptionsService } from '../../apps/demo/src/config/payment-auth-options';
import { ConsoleSettings } from '../../apps/demo/src/console/access/console-settings';
import { type InspectionResult, type InspectorScheme } from '../../apps/demo/src/console/contract';
import { AccessTokens } from '../../apps/demo/src/console/inspector/access-tokens';
import { ConfiguredSecretsReader } from '../../apps/demo/src/console/inspector/configured-secrets';
import { InspectorService } from '../../apps/demo/src/console/inspector/inspector.service';
import { DOTS } from '../../apps/demo/src/console/inspector/stages';
import { Demo, NETZME, SITE, stopAll } from '../e2e/demo-app';
import { ConsoleClient } from './console-client';
import { KNOWN_MISTAKES, OLDER_TOKEN, PUBLIC_KEY, RIGHT_VALUES, TOKEN } from './known-mistakes';

let simulator: GatewaySimulator;

beforeAll(async () => {
  simulator = await GatewaySimulator.start();
});
afterAll(() => simulator.stop());

const KEYS = { ALIGNET_PUBLIC_KEYS: PUBLIC_KEY, NETZME_CALLBACK_PUBLIC_KEYS: PUBLIC_KEY };

/** Without the texts that are signed. */
const SIGNATURES = RIGHT_VALUES.filter(({ expected }) => !expected.startsWith('path='));

const ALL_SCHEMES = [
  'placetopay-auth',
  'netzme-signature',
  'netzme-basic',
  'alignet-nonce-jwt',
  'placetopay-checkout-webhook',
  'placetopay-payment-link-webhook',
  'placetopay-gateway-webhook',
  'placetopay-gateway-session-webhook',
  'placetopay-autopay-webhook',
  'placetopay-account-validator-webhook',
  'placetopay-msv-webhook',
  'placetopay-ach-return-webhook',
  'placetopay-onboarding-webhook',
  'placetopay-scudo-webhook',
  'placetopay-token-requestor-webhook',
  'placetopay-microsite-auth-webhook',
  'placetopay-autopay-contract-webhook',
  'alignet-notification-webhook',
  'alignet-redirect-webhook',
  'netzme-snap-v2-webhook',
];

interface Tokens {
  readonly state: 'none' | 'valid';
  /** One after another, as they are asked for. */
  readonly values: string[];
}

function inspectorOf(
  variables: Readonly<Record<string, string>> = {},
  tokens: Tokens = { state: 'valid', values: [TOKEN] },
): InspectorService {
  const environment = validateEnvironment({ ...(variables['PAYMENT_ENV'] === undefined && KEYS), ...variables });
  const embedded = environment.PAYMENT_ENV === 'sandbox' ? simulator : undefined;
  const options = new PaymentAuthOptionsService(environment, embedded, undefined);
  const service = {
    accessTokenStatus: () => ({ state: tokens.state }),
    getAccessToken: () => {
      const value = tokens.values.length > 1 ? tokens.values.shift() : tokens.values[0];
      return value === undefined ? Promise.reject(new Error('no token')) : Promise.resolve({ value });
    },
  } as unknown as NetzmeAccessTokenService;
  const accessTokens = new AccessTokens(service, new ConsoleSettings(environment));
  return new InspectorService(new ConfiguredSecretsReader(options, environment, embedded), accessTokens, embedded);
}

/** Everything a simulator's account keeps to itself. */
const SECRETS = [...SANDBOX_ACCOUNTS.placetopay, ...SANDBOX_ACCOUNTS.netzme].flatMap((account) =>
  'login' in account
    ? [
        account.secretKey,
        ...('scudoKey' in account
          ? [
              account.scudoKey,
              account.msvSecretToken,
              account.onboarding.signingSecret,
              account.autopayContract.password,
            ]
          : []),
      ]
    : [account.clientSecret],
);

function secretsIn(answer: unknown, secrets: readonly string[]): string[] {
  const text = JSON.stringify(answer);
  return secrets.filter((secret) => {
    const bytes = Buffer.from(secret);
    const inside = [0, 1, 2].map((lead) =>
      Buffer.concat([Buffer.alloc(lead), bytes])
        .toString('base64')
        .slice(lead === 0 ? 0 : lead + 1, -4),
    );
    return [secret, bytes.toString('hex'), ...inside].some((spelling) => text.includes(spelling));
  });
}

function mistake(name: string) {
  const found = KNOWN_MISTAKES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no mistake is called ${name}`);
  return found;
}

/** Without the bytes that are shown there. */
const placeOf = (verdict: InspectionResult['verdict']) =>
  verdict?.at && { input: verdict.at.input, byte: verdict.at.byte };

const stage = ({ stages }: InspectionResult, id: string) => stages.find((each) => each.id === id);

describe('what the inspector says of a value that somebody else computed', () => {
  const tokens = (): Tokens => ({ state: 'valid', values: [OLDER_TOKEN, TOKEN] });
  let inspector: InspectorService;

  beforeAll(async () => {
    inspector = inspectorOf({}, tokens());
    await inspector.inspect('netzme-signature', { inputs: { method: 'GET', path: '/', requestTime: '1' } });
  });

  it('has a table of mistakes over all schemes that take such a value', async () => {
    const judged = (await inspector.schemes()).filter(({ takesExpected }) => takesExpected).map(({ id }) => id);
    expect(new Set(KNOWN_MISTAKES.map(({ scheme }) => scheme))).toEqual(new Set(judged));
    expect(new Set(RIGHT_VALUES.map(({ scheme }) => scheme))).toEqual(new Set(judged));
    expect(KNOWN_MISTAKES.length).toBeGreaterThan(140);
    expect(new Set(KNOWN_MISTAKES.map(({ code }) => code)).size).toBeGreaterThan(80);
  });

  it('has no two mistakes in it that come to the same value', () => {
    const values = KNOWN_MISTAKES.map(({ scheme, inputs, expected }) => JSON.stringify([scheme, inputs, expected]));
    expect(new Set(values).size).toBe(values.length);
    const right = new Set(
      RIGHT_VALUES.map(({ scheme, inputs, expected }) => JSON.stringify([scheme, inputs, expected])),
    );
    expect(values.filter((value) => right.has(value))).toEqual([]);
  });

  it.each(KNOWN_MISTAKES)('$name', async ({ scheme, inputs, expected, code, named, at, match = false }) => {
    const answer = await inspector.inspect(scheme, { inputs, expected });
    const { verdict } = answer;
    expect({ match: verdict?.match, code: verdict?.code, inputs: verdict?.inputs ?? [] }).toEqual({
      match,
      code,
      inputs: named,
    });
    expect({ ...verdict, at: at && placeOf(verdict) }).toMatchObject({ at });
    expect(verdict?.message).toMatch(/^The .*\.$/s);
    expect(secretsIn(answer, [...SECRETS, TOKEN, OLDER_TOKEN])).toEqual([]);
  });

  it.each(RIGHT_VALUES)('calls the right value right: $scheme, $#', async ({ scheme, inputs, expected }) => {
    const answer = await inspector.inspect(scheme, { inputs, expected });
    expect(answer.verdict).toMatchObject({ match: true });
    expect(answer.verdict).not.toHaveProperty('code');
    expect(secretsIn(answer, [...SECRETS, TOKEN])).toEqual([]);
  });

  it.each(SIGNATURES)('takes another value of the same form for what it is: $scheme, $#', async (right) => {
    const { scheme, inputs, expected } = right;
    const other = await inspector.inspect(scheme, { inputs, expected: scrambled(expected) });
    expect(other.verdict).toMatchObject({ match: false, code: 'unknown' });
    expect(other.verdict).not.toHaveProperty('inputs');
    expect(other.verdict).not.toHaveProperty('at');
  });

  it('shows what of ours and theirs differs, and nothing of a credential', async () => {
    const verdictOf = async (name: string) => {
      const { scheme, inputs, expected } = mistake(name);
      return (await inspector.inspect(scheme, { inputs, expected })).verdict;
    };
    expect((await verdictOf('netzme-signature: query left out'))?.at).toEqual({
      input: 'path',
      byte: 12,
      ours: '?userId=M_1&',
      theirs: '',
    });
    expect(await verdictOf('netzme-signature: text in place of the signature, another token')).not.toHaveProperty('at');
    expect(await verdictOf('placetopay-auth: secret with a newline')).not.toHaveProperty('at');
  });

  it('has a translation for each of them', () => {
    const codes = new Set(KNOWN_MISTAKES.flatMap(({ code }) => code.split('+')));
    expect([...codes].filter((code) => translatedMistake(code, mistakes) === undefined)).toEqual([]);
  });

  it('says two mistakes in one sentence that reads as one', async () => {
    const messageOf = async (scheme: string, inputs: Readonly<Record<string, string>>, expected: string) =>
      (await inspector.inspect(scheme, { inputs, expected })).verdict?.message;
    const { inputs, expected } = mistake('netzme-signature: query left out');
    const encoded = Buffer.from(expected, 'hex').toString('base64');
    expect(await messageOf('netzme-signature', inputs, encoded)).toBe(
      'The expected value was made from the path without its query, and as base64 of the raw bytes; it should be lower-case hex.',
    );
    const both = mistake('placetopay-auth: SHA-1 and hex');
    expect(await messageOf('placetopay-auth', both.inputs, both.expected)).toBe(
      'The expected value was made as hex; it should be standard base64 with padding; and with SHA-1 in place of SHA-256.',
    );
  });

  it('takes the signature in a body for the expected one where none is given', async () => {
    const right = RIGHT_VALUES.find(({ scheme }) => scheme === 'placetopay-checkout-webhook');
    const body = JSON.stringify({
      ...(JSON.parse(right?.inputs['body'] ?? '{}') as object),
      signature: right?.expected,
    });
    expect((await inspector.inspect('placetopay-checkout-webhook', { inputs: { body } })).verdict).toEqual({
      match: true,
    });
  });
});

describe('a signature in a webhook', () => {
  const route = (body: string) => `sha256:${createHash('sha256').update(`${body}${SITE.secretKey}`).digest('hex')}`;

  it.each<[string, string, string, number, Partial<InspectionResult['verdict']>]>([
    ['a number above 2^53', '"requestId":9007199254740993', '9007199254740993APPROVED', 200, { match: true }],
    ['a number as text', '"requestId":"1234"', '1234APPROVED', 200, { match: true }],
    ['a fraction', '"requestId":1234.0', '1234APPROVED', 400, { match: true, code: 'body-refused' }],
    ['an exponent', '"requestId":12e2', '1200APPROVED', 400, { match: true, code: 'body-refused' }],
    ['a number below 0', '"requestId":-5', '-5APPROVED', 400, { match: true, code: 'body-refused' }],
    ['a number twice', '"requestId":1,"requestId":2', '2APPROVED', 400, { match: true, code: 'body-refused' }],
  ])('is read as the route reads it: %s', async (_, member, signedText, status, verdict) => {
    const demo = await Demo.start();
    try {
      for (const lead of ['', '\ufeff']) {
        for (const write of [
          (text: string) => text,
          (text: string) => text.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()),
        ]) {
          const date = '2026-11-22T10:15:30-05:00';
          const signature = write(route(signedText + date));
          const body = `${lead}{${member},"status":{"status":"APPROVED","date":"${date}"},"reference":"R","signature":"${signature}"}`;
          const answer = await fetch(`${demo.url}/webhooks/placetopay/checkout`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body,
          });
          const inspected = await inspectorOf().inspect('placetopay-checkout-webhook', { inputs: { body } });
          expect([answer.status, inspected.verdict]).toMatchObject([status, verdict]);
        }
      }
    } finally {
      await stopAll();
    }
  });
});

/** Other letters and digits at every place, in the alphabet of the text and behind its prefix. */
function scrambled(value: string): string {
  const start = Math.max(value.lastIndexOf(':') + 1, value.lastIndexOf('v1=') + 3, value.startsWith('Basic ') ? 6 : 0);
  const next = (char: string): string => {
    const alphabet = /^[0-9a-f:]+$/.test(value.slice(start))
      ? '0123456789abcdef'
      : 'ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789';
    const index = alphabet.indexOf(char);
    return index === -1 ? char : (alphabet[(index + 5) % alphabet.length] ?? char);
  };
  return value.slice(0, start) + [...value.slice(start)].map(next).join('');
}

describe('the stages', () => {
  it("of Placetopay's auth: from the nonce to the tranKey, without the secret", async () => {
    const { stages } = await inspectorOf().inspect('placetopay-auth', {
      inputs: { 'auth.nonce': 'aWZZRVBuQWNKYnBEVlIxdA==', 'auth.seed': '2016-10-26T21:37:00+00:00' },
    });
    expect(stages).toEqual([
      { id: 'raw-nonce', value: '69665945506e41634a62704456523174', encoding: 'hex', bytes: 16 },
      { id: 'nonce', value: 'aWZZRVBuQWNKYnBEVlIxdA==', encoding: 'base64', bytes: 16 },
      { id: 'seed', value: '2016-10-26T21:37:00+00:00', encoding: 'text', bytes: 25 },
      { id: 'recipe', value: 'rawNonce + seed + secretKey', encoding: 'text', bytes: 27 },
      {
        id: 'string-to-sign',
        value: `ifYEPnAcJbpDVR1t2016-10-26T21:37:00+00:00${DOTS}`,
        encoding: 'text',
        masked: [[41, 49]],
      },
      { id: 'digest', value: expect.stringMatching(/^[0-9a-f]{64}$/) as string, encoding: 'hex', bytes: 32 },
      { id: 'tranKey', value: expect.stringMatching(/^[\w+/]{43}=$/) as string, encoding: 'base64', bytes: 44 },
    ]);
  });

  it('of a nonce that is no text: in hex', async () => {
    const { inputs } = mistake('placetopay-auth: SHA-1');
    const answer = await inspectorOf().inspect('placetopay-auth', { inputs });
    expect(stage(answer, 'string-to-sign')).toEqual({
      id: 'string-to-sign',
      value: `00ff80fec328a0a1e228a1f0288cbc7f${Buffer.from('2026-11-22T10:15:30-05:00').toString('hex')}${DOTS}`,
      encoding: 'hex',
      masked: [[82, 90]],
    });
  });

  it("of Netzme's signature: token and secret are dots, the body is minified", async () => {
    const { inputs } = mistake('netzme-signature: query left out');
    const answer = await inspectorOf().inspect('netzme-signature', { inputs });
    expect(stage(answer, 'key-recipe')?.value).toBe('clientSecret-requestTime-Bearer accessToken');
    expect(stage(answer, 'key')?.value).toBe(`${DOTS}-1795325915594-${DOTS}`);
    expect(stage(answer, 'string-to-sign')?.value).toBe(
      `path=/api/v1/list?userId=M_1&name=Toko%20Maju%2fJaya&method=POST&token=${DOTS}&timestamp=1795325915594` +
        '&body={"z":1.50,"a":"Kaf\u00e9 <1/2>","m":"https://x.test"}',
    );
    expect(stage(answer, 'signature')?.value).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of an RSA webhook: digest and verdict, and which key: all of it public', async () => {
    const right = RIGHT_VALUES.find(({ scheme }) => scheme === 'alignet-notification-webhook');
    const answer = await inspectorOf().inspect(
      'alignet-notification-webhook',
      right && { inputs: right.inputs, expected: right.expected },
    );
    expect(answer.stages.map(({ id }) => id)).toEqual(['string-to-sign', 'digest', 'public-key', 'verification']);
    expect(stage(answer, 'public-key')?.value).toMatch(/^RSA 2048 SHA-256 [0-9a-f]{64}$/);
    expect(stage(answer, 'verification')?.value).toBe('a configured public key verifies it');
  });
});

describe('what is never shown', () => {
  const OWN = {
    secretKey: 'a-site-of-our-own-7316',
    clientSecret: 'a-client-of-our-own-0925',
    scudo: 'scudo-of-our-own-4417',
  };
  const REAL = {
    PLACETOPAY_LOGIN: 'our-site',
    PLACETOPAY_SECRET_KEY: OWN.secretKey,
    NETZME_CLIENT_ID: 'our-client',
    NETZME_CLIENT_SECRET: OWN.clientSecret,
    PLACETOPAY_SCUDO_SECRET_KEY: OWN.scudo,
    PLACETOPAY_SCUDO_NOTIFICATION_URL: 'https://shop.test/scudo',
  };
  const REAL_TEST = { PAYMENT_ENV: 'test', ...REAL };
  const all = Object.values(OWN);
  const OF_OUR_OWN_SECRETS = [
    'placetopay-auth',
    'netzme-signature',
    'netzme-basic',
    'placetopay-checkout-webhook',
    'placetopay-payment-link-webhook',
    'placetopay-gateway-webhook',
    'placetopay-gateway-session-webhook',
    'placetopay-autopay-webhook',
    'placetopay-account-validator-webhook',
    'placetopay-ach-return-webhook',
    'placetopay-scudo-webhook',
    'placetopay-token-requestor-webhook',
    'placetopay-microsite-auth-webhook',
  ];
  /** SHA-1, SHA-256 and longer, in hex and base64. */
  const DIGESTS = /(?<!\w)(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})(?!\w)|[\w+/]{43}=|[\w+/]{27}=/g;

  it.each([
    ['test', REAL_TEST],
    ['production', { ...REAL_TEST, PAYMENT_ENV: 'production' }],
    ['sandbox, with credentials of another gateway', REAL],
  ])('in %s: a digest or signature that a gateway would accept', async (_, variables) => {
    const inspector = inspectorOf(variables);
    const schemes = await inspector.schemes();
    for (const id of OF_OUR_OWN_SECRETS) {
      const { fields } = schemes.find((scheme) => scheme.id === id) ?? { fields: [] };
      const inputs = Object.fromEntries(fields.map(({ name, example }) => [name, example]));
      const { stages } = await inspector.inspect(id, { inputs });
      const withheld = stages.filter(({ note }) => note !== undefined);
      expect([id, withheld.length]).toEqual([id, /netzme-basic/.test(id) ? 1 : 2]);
      for (const { value, masked, note } of withheld) {
        expect([id, value, masked]).toEqual([id, DOTS, [[0, DOTS.length]]]);
        expect(note).toMatch(/compared here and (not|never) shown/);
      }
      expect([id, JSON.stringify(stages).match(DIGESTS)]).toEqual([id, null]);
    }
  });

  it('and still says what is wrong there', async () => {
    const inspector = inspectorOf(REAL_TEST);
    const inputs = { url: 'https://shop.test/scudo', seed: '1795325915' };
    const signature = (url: string) => createHmac('sha256', OWN.scudo).update(`${url}1795325915`).digest('hex');
    const verdict = async (expected: string) =>
      (await inspector.inspect('placetopay-scudo-webhook', { inputs, expected })).verdict;
    expect(await verdict(signature('https://shop.test/scudo'))).toEqual({ match: true });
    expect(await verdict(signature('https://shop.test/scudo/'))).toMatchObject({
      match: false,
      code: 'url-trailing-slash',
    });
  });

  it.each([
    ['as it is', (secret: string) => secret],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['in base64', (secret: string) => Buffer.from(secret).toString('base64')],
    ['in base64 of something longer', (secret: string) => Buffer.from(`user:${secret}!`).toString('base64')],
  ])('a secret that was pasted into an input, %s', async (_, spelling) => {
    const inspector = inspectorOf(REAL_TEST);
    const body = JSON.stringify({ note: spelling(OWN.secretKey) });
    const answer = await inspector.inspect('placetopay-ach-return-webhook', {
      inputs: { body },
      expected: spelling(OWN.secretKey),
    });
    expect(secretsIn(answer, all)).toEqual([]);
    expect(stage(answer, 'string-to-sign')?.value).toMatch(/^\{"note":".*•{20,}.*"\}$/);
  });

  it('how long a secret is: its dots are always eight, and no length is given with them', async () => {
    const lengths = new Set<string>();
    for (const secret of ['short-7', 'a-good-deal-longer-than-that-one']) {
      const inspector = inspectorOf({ ...REAL_TEST, PLACETOPAY_SECRET_KEY: secret });
      lengths.add(
        JSON.stringify(
          await inspector.inspect('placetopay-auth', { inputs: mistake('placetopay-auth: SHA-1').inputs }),
        ),
      );
    }
    expect(lengths.size).toBe(1);
  });

  it('the start of a credential: a Basic value is right or wrong as a whole', async () => {
    const inspector = inspectorOf(REAL_TEST);
    const whole = `Basic ${Buffer.from(`our-client:${OWN.clientSecret}`).toString('base64')}`;
    expect((await inspector.inspect('netzme-basic', { inputs: {}, expected: whole })).verdict).toEqual({ match: true });
    // Without its padding it is still all of it.
    const rest = whole.replace(/=+$/, '').length;
    for (let length = 1; length < rest; length += 1) {
      const { verdict } = await inspector.inspect('netzme-basic', { inputs: {}, expected: whole.slice(0, length) });
      expect([length, verdict?.code]).toEqual([length, 'unknown']);
    }
  });

  it('the start of an access token: a text to sign differs in it, wherever that is', async () => {
    const inspector = inspectorOf();
    const { scheme, inputs, expected } = mistake('netzme-signature: text in place of the signature, known mistake');
    const guesses = ['', TOKEN.slice(0, 1), TOKEN.slice(0, 63), `${TOKEN.slice(0, 63)}x`, 'x'.repeat(64)];
    const verdicts = new Set<string>();
    for (const guess of guesses) {
      const text = expected.replace('/api/v1/list', inputs['path'] ?? '').replace(TOKEN, guess);
      const { verdict } = await inspector.inspect(scheme, { inputs: { ...inputs, body: 'x' }, expected: text });
      verdicts.add(JSON.stringify(verdict));
    }
    expect([...verdicts]).toEqual([expect.stringContaining('"inputs":["accessToken"]')]);
  });

  it('the start of a digest: less than half of one is nothing', async () => {
    const inspector = inspectorOf(REAL_TEST);
    const inputs = { url: 'https://shop.test/scudo', seed: '1795325915' };
    const right = createHmac('sha256', OWN.scudo).update('https://shop.test/scudo1795325915').digest('hex');
    const code = async (length: number) =>
      (await inspector.inspect('placetopay-scudo-webhook', { inputs, expected: right.slice(0, length) })).verdict?.code;
    expect([await code(31), await code(32)]).toEqual(['unknown', 'truncated']);
  });
});

describe('access tokens', () => {
  const inputs = { method: 'GET', path: '/a', requestTime: '1795325915594' };
  const TEST = { PAYMENT_ENV: 'test', NETZME_CLIENT_ID: 'our-client', NETZME_CLIENT_SECRET: 'our-secret-7719' };

  it('are not asked for outside the sandbox: that would end the one somebody uses', async () => {
    const inspector = inspectorOf(TEST, { state: 'none', values: [TOKEN] });
    await expect(inspector.inspect('netzme-signature', { inputs })).rejects.toMatchObject({
      response: { statusCode: 409, code: 'no-access-token', field: 'accessToken' },
    });
    await expect(
      inspector.inspect('netzme-signature', { inputs: { ...inputs, accessToken: 'mine' } }),
    ).resolves.toBeDefined();
  });

  it('are had in the sandbox, or it is said that none can be', async () => {
    await expect(
      inspectorOf({}, { state: 'none', values: [TOKEN] }).inspect('netzme-signature', { inputs }),
    ).resolves.toBeDefined();
    await expect(
      inspectorOf({}, { state: 'none', values: [] }).inspect('netzme-signature', { inputs }),
    ).rejects.toMatchObject({
      response: {
        statusCode: 409,
        field: 'accessToken',
        message: expect.stringContaining('none can be had') as string,
      },
    });
  });
});

describe('what can be inspected', () => {
  it('is everything in the sandbox, with examples that can be inspected at once', async () => {
    const inspector = inspectorOf();
    const schemes = await inspector.schemes();
    expect(schemes.map(({ id }) => id)).toEqual(ALL_SCHEMES);
    for (const { id, fields } of schemes) {
      const inputs = Object.fromEntries(fields.map(({ name, example }) => [name, example]));
      expect((await inspector.inspect(id, { inputs })).stages.length).toBeGreaterThan(1);
    }
  });

  it('is elsewhere what is configured; the others say what they need', async () => {
    const inspector = inspectorOf({
      PAYMENT_ENV: 'test',
      PLACETOPAY_LOGIN: 'l',
      PLACETOPAY_SECRET_KEY: 's3cret-of-site',
    });
    const ids = (await inspector.schemes()).map(({ id }) => id);
    expect(ids).toContain('placetopay-checkout-webhook');
    expect(ids).not.toContain('netzme-signature');
    expect(ids).not.toContain('placetopay-scudo-webhook');
    await expect(inspector.inspect('netzme-basic', { inputs: {} })).rejects.toMatchObject({
      response: {
        statusCode: 409,
        code: 'not-configured',
        message: 'NETZME_CLIENT_SECRET is not set here, and this scheme needs it.',
      },
    });
  });

  it('names the schemes there are where there is no such one', async () => {
    await expect(inspectorOf().inspect('placetopay', { inputs: {} })).rejects.toMatchObject({
      response: {
        statusCode: 404,
        code: 'unknown-scheme',
        message: expect.stringContaining('placetopay-auth') as string,
      },
    });
  });

  it('reads a secret from its file each time, and says which one cannot be read', async () => {
    const inspector = inspectorOf({ PLACETOPAY_SECRET_KEY_FILE: '/nowhere/at/all', PLACETOPAY_LOGIN: 'l' });
    const { inputs } = mistake('placetopay-auth: SHA-1');
    await expect(inspector.inspect('placetopay-auth', { inputs })).rejects.toMatchObject({
      response: {
        statusCode: 503,
        code: 'secret-unreadable',
        message: expect.stringMatching(/^PLACETOPAY_SECRET_KEY /) as string,
      },
    });
  });
});

describe('inputs that cannot be inspected', () => {
  const auth = mistake('placetopay-auth: SHA-1').inputs;
  const nonceOf = (nonce: string, nonceEncoding: string) => ({
    inputs: { ...auth, 'auth.nonce': nonce, nonceEncoding },
  });
  const bodyOf = (body: string) => ({ inputs: { body } });

  it.each<[string, unknown, string | undefined, string]>([
    ['placetopay-auth', undefined, 'body', 'must be a JSON object'],
    ['placetopay-auth', [], 'body', 'must be a JSON object'],
    ['placetopay-auth', {}, 'inputs', 'must be an object of texts'],
    ['placetopay-auth', { inputs: auth, secret: 'x' }, 'secret', 'is no member of an inspection'],
    [
      'placetopay-auth',
      { inputs: { ...auth, secretKey: 'x' } },
      'inputs.secretKey',
      'is no field of this scheme: it has auth.nonce',
    ],
    ['placetopay-auth', { inputs: { 'auth.nonce': 'YQ==' } }, 'auth.seed', 'must not be empty'],
    ['placetopay-auth', { inputs: { ...auth, 'auth.seed': 7 } }, 'auth.seed', 'must be a text'],
    ['placetopay-auth', { inputs: { ...auth, algorithm: 'md5' } }, 'algorithm', 'must be one of sha256, sha1'],
    [
      'placetopay-auth',
      { inputs: { ...auth, 'auth.seed': 'x'.repeat(8_193) } },
      'auth.seed',
      'has 8193 bytes; 8192 are allowed',
    ],
    ['placetopay-auth', { inputs: { ...auth, 'auth.seed': '\ud800' } }, 'auth.seed', 'has half a surrogate pair'],
    ['placetopay-auth', nonceOf('a_-=', 'base64'), 'auth.nonce', 'is not base64 of the standard alphabet'],
    ['placetopay-auth', nonceOf('abc', 'hex'), 'auth.nonce', 'is not hex'],
    ['placetopay-auth', { inputs: auth, expected: 5 }, 'expected', 'must be a text'],
    ['placetopay-ach-return-webhook', bodyOf('\u00e9'.repeat(32_769)), 'body', 'has 65538 bytes; 65536 are allowed'],
    ['placetopay-checkout-webhook', bodyOf('no'), 'body', 'is not JSON'],
    ['placetopay-checkout-webhook', bodyOf('[]'), 'body', 'must be a JSON object'],
    [
      'placetopay-checkout-webhook',
      bodyOf('{"requestId":1}'),
      'body',
      'must give status.status as a text or a whole number',
    ],
    [
      'placetopay-gateway-webhook',
      bodyOf('{"internalReference":[1],"status":{"status":"A"}}'),
      'body',
      'internalReference',
    ],
    ['placetopay-token-requestor-webhook', bodyOf('{"date":"x"}'), 'body', 'must have a member data'],
    [
      'placetopay-onboarding-webhook',
      { inputs: { t: '1', kid: 'k9', body: '{}' } },
      'kid',
      'is none of those in PLACETOPAY_ONBOARDING_SECRETS: k1',
    ],
    [
      'netzme-signature',
      { inputs: { method: 'GET', path: 'https://x/', requestTime: '1' } },
      'path',
      'must begin with a slash',
    ],
    ['alignet-redirect-webhook', { inputs: { authorization_result: 'a b' } }, 'authorization_result', 'is not base64'],
    ['alignet-nonce-jwt', { inputs: { jwt: 'a.b.c' }, expected: 'x' }, 'expected', 'cannot be judged'],
  ])('%s %#', async (scheme, inspection, field, problem) => {
    await expect(inspectorOf().inspect(scheme, inspection)).rejects.toMatchObject({
      response: { statusCode: 400, code: 'invalid-input', field, message: expect.stringContaining(problem) as string },
    });
  });

  it.each(['0', '253402300799999', '8640000000000', '999999999999999', '99999999999999999999', 'soon'])(
    'may be any time: %s',
    async (time) => {
      const expected = 'a'.repeat(64);
      const onboarding = { inputs: { t: time, body: '{}' }, expected };
      const netzme = { inputs: { method: 'GET', path: '/', requestTime: time }, expected };
      const seed = { inputs: { ...auth, 'auth.seed': time }, expected };
      for (const [scheme, inspection] of Object.entries({
        'placetopay-onboarding-webhook': onboarding,
        'netzme-signature': netzme,
        'placetopay-auth': seed,
      })) {
        expect((await inspectorOf().inspect(scheme, inspection)).verdict).toMatchObject({ code: 'unknown' });
      }
    },
  );

  it.each([
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59.999999999-12:00',
    '2026-02-30T25:61:61Z',
    '2024-06-25 00:43',
  ])('may be any date: %s', async (seed) => {
    const inputs = { ...auth, 'auth.seed': seed };
    expect((await inspectorOf().inspect('placetopay-auth', { inputs, expected: 'nothing' })).verdict).toMatchObject({
      code: 'unknown',
    });
  });

  it('may be 64 kB of body, and are judged in no time', async () => {
    const body = JSON.stringify({ text: 'a'.repeat(65_000) });
    const expected = createHmac('sha256', SITE.secretKey).update(`${body}\n`).digest('hex');
    const { verdict } = await inspectorOf().inspect('placetopay-ach-return-webhook', { inputs: { body }, expected });
    expect(verdict).toMatchObject({ code: 'body-whitespace', at: { byte: 65_011 } });
  });
});

describe("Alignet's nonce", () => {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const HEADER = { typ: 'JWT', alg: 'HS256' };
  const SIGNATURE = Buffer.alloc(32, 7).toString('base64url');
  const now = () => Math.floor(simulator.clock.now() / 1_000);
  const claims = (ageSeconds = 0) => ({
    iat: now() - ageSeconds,
    exp: now() - ageSeconds + 30,
    nonce: 'n',
    scope: 'post:charges',
  });
  const jwt = (payload: unknown, header: unknown = HEADER, signature = SIGNATURE) =>
    `${part(header)}.${part(payload)}.${signature}`;
  const inspect = (text: string) => inspectorOf().inspect('alignet-nonce-jwt', { inputs: { jwt: text } });
  const findings = ({ stages }: InspectionResult) =>
    stages.filter(({ id }) => id === 'finding').map(({ value }) => value);

  it('is taken apart, its times as dates, and its signature neither verified nor shown', async () => {
    const answer = await inspect(` ${jwt(claims())}\n`);
    expect(JSON.parse(stage(answer, 'header')?.value ?? '')).toEqual(HEADER);
    expect(JSON.parse(stage(answer, 'payload')?.value ?? '')).toMatchObject({ scope: 'post:charges' });
    expect(stage(answer, 'exp')?.value).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.000Z$/);
    expect(stage(answer, 'state')?.value).toMatch(/^not expired: (30|29(\.\d)?) s left$/);
    expect(stage(answer, 'signature')).toMatchObject({
      value: DOTS,
      note: expect.stringContaining('not verified') as string,
    });
    expect(findings(answer)).toEqual([]);
    expect(JSON.stringify(answer)).not.toContain(SIGNATURE);
    expect(answer).not.toHaveProperty('verdict');
  });

  it('expires by the clock of the simulator', async () => {
    const text = jwt(claims());
    simulator.clock.advance(31_000);
    try {
      // A second, and what the machine took to get here.
      expect(stage(await inspect(text), 'state')?.value).toMatch(/^expired [1-9](\.\d)? s ago$/);
    } finally {
      simulator.clock.reset();
    }
  });

  it.each<[string, () => string, string]>([
    ['alg none', () => jwt(claims(), { alg: 'none' }), 'alg is none'],
    ['another algorithm', () => jwt(claims(), { alg: 'RS256' }), 'alg is "RS256"'],
    ['no algorithm', () => jwt(claims(), {}), 'alg is missing'],
    ['no signature', () => jwt(claims(), HEADER, ''), 'the signature is empty'],
    ['a short signature', () => jwt(claims(), HEADER, 'AAAA'), 'the signature has not the 32 bytes'],
    ['a signature that is none', () => jwt(claims(), HEADER, '+/'), 'the signature is not base64url'],
    ['exp in milliseconds', () => jwt({ ...claims(), exp: Date.now() }), 'exp looks like milliseconds'],
    ['exp as text', () => jwt({ ...claims(), exp: '2026' }), 'exp is "2026", which is no time in seconds'],
    ['exp beyond all dates', () => jwt(`{"exp":1e300,"nonce":"n"}`), 'exp is 1e+300, which is no time'],
    ['another life', () => jwt({ ...claims(), exp: now() + 900 }), 'it lives 900 s'],
    ['made in the future', () => jwt(claims(-3_600)), 'ahead of this clock'],
    ['no nonce', () => jwt({ iat: now(), exp: now() + 30 }), 'this may be an access token'],
  ])('is told apart from one with %s', async (_, text, finding) => {
    expect(findings(await inspect(text()))).toContainEqual(expect.stringContaining(finding));
  });

  it.each<[string, () => string, string]>([
    ['two parts', () => `${part(HEADER)}.${part(claims())}`, 'has 2 parts'],
    ['five parts', () => `${jwt(claims())}.a.b`, 'has 5 parts'],
    ['base64 with padding', () => `${part(HEADER)}=.${part(claims())}.x`, 'has a header that is not base64url'],
    [
      'base64 written in a second way',
      () => `${part(HEADER)}.${part('{"a":1}').replace(/.$/, (char) => (char === 'Q' ? 'R' : 'Q'))}.x`,
      'payload',
    ],
    [
      'bytes that are no text',
      () => `${part(HEADER)}.${Buffer.of(0xff, 0xfe).toString('base64url')}.x`,
      'has a payload that is not UTF-8',
    ],
    ['no JSON', () => jwt('nonsense'), 'has a payload that is no JSON object'],
    ['a list', () => jwt([1]), 'has a payload that is no JSON object'],
    ['a claim twice', () => jwt('{"exp":1,"nonce":"n","exp":9999999999}'), 'two members of one name'],
    ['a claim twice, escaped', () => jwt('{"exp":1,"\\u0065xp":9999999999}'), 'two members of one name'],
  ])('is refused with %s', async (_, text, problem) => {
    await expect(inspect(text())).rejects.toMatchObject({
      response: { statusCode: 400, field: 'jwt', message: expect.stringContaining(problem) as string },
    });
  });
});

describe('over HTTP', () => {
  afterEach(stopAll);

  it("the page gets the schemes, stages with what is the simulator's, and a verdict; nothing of it is stored", async () => {
    const console = new ConsoleClient(await Demo.start());
    const list = await console.get<{ schemes: InspectorScheme[] }>('/inspector');
    expect([list.status, list.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(list.body.schemes.map(({ id }) => id)).toEqual(ALL_SCHEMES);

    const { inputs, expected } = mistake('placetopay-auth: SHA-1');
    const judged = await console.post<InspectionResult>('/inspector/placetopay-auth', { inputs, expected });
    expect([judged.status, judged.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(judged.body.verdict).toMatchObject({ match: false, code: 'algorithm-sha1', inputs: ['algorithm'] });
    expect(secretsIn(judged.body, SECRETS)).toEqual([]);
  });

  it('signs as the library does: the simulator takes what is shown, with the token in use', async () => {
    const demo = await Demo.start();
    const path = `/api/aggregator/merchant/qr/balance/detail?userId=${NETZME.userId}`;
    const requestTime = String(Date.now());
    const { body } = await new ConsoleClient(demo).post<InspectionResult>('/inspector/netzme-signature', {
      inputs: { method: 'GET', path, requestTime },
    });
    const { value: token } = await demo.app.get(NetzmeAccessTokenService).getAccessToken();
    expect(secretsIn(body, [...SECRETS, token])).toEqual([]);
    const answer = await fetch(`${demo.simulator.urls.netzme}${path}`, {
      headers: {
        Authorization: `Bearer ${token}`,
        'Request-Time': requestTime,
        'Client-Id': NETZME.clientId,
        Signature: stage(body, 'signature')?.value ?? '',
      },
    });
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: 100 }]);
  });

  it('judges a webhook that the simulator signed, RSA too', async () => {
    const demo = await Demo.start({ hasSimulatorKeys: true });
    const url = `${demo.url}/webhooks/netzme/snap-v2`;
    const { headers, body } = await demo.simulator.webhooks.build({ gateway: 'netzme', scheme: 'snap-v2', url });
    const inputs = { method: 'POST', path: '/webhooks/netzme/snap-v2', 'X-TIMESTAMP': headers['X-TIMESTAMP'], body };
    const inspect = async (expected: unknown) =>
      (await new ConsoleClient(demo).post<InspectionResult>('/inspector/netzme-snap-v2-webhook', { inputs, expected }))
        .body;
    expect((await inspect(headers['X-SIGNATURE'])).verdict).toEqual({ match: true });
    const hex = Buffer.from(headers['X-SIGNATURE'] ?? '', 'base64').toString('hex');
    expect((await inspect(hex)).verdict).toMatchObject({ match: false, code: 'encoding-hex' });
  });

  it('refusals name the field, and strangers are not answered', async () => {
    const demo = await Demo.start();
    const wrong = await new ConsoleClient(demo).post('/inspector/placetopay-auth', { inputs: { 'auth.nonce': '?' } });
    expect([wrong.status, wrong.body]).toMatchObject([
      400,
      { statusCode: 400, code: 'invalid-input', field: 'auth.seed' },
    ]);
    const inputs = mistake('placetopay-auth: SHA-1').inputs;
    const foreign = await new ConsoleClient(demo).post('/inspector/placetopay-auth', { inputs }, { 'X-Console': '' });
    expect(foreign.status).toBe(403);
  });
});
