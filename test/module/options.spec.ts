import { Logger, type Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import Keyv from 'keyv';
import {
  type ConfigProblem,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  type SecretOption,
} from 'nestjs-payment-auth';
import { randomBytes } from 'node:crypto';
import {
  loadPaymentAuthOptions,
  resolvePaymentAuthOptions,
} from '../../libs/payment-auth/src/payment-auth.resolve-options';

const NETZME = { environment: 'sandbox', clientId: 'shop', clientSecret: 'n-s3cr3t' } as const;
const ALIGNET = { environment: 'sandbox', clientId: 'shop', clientSecret: 'a-s3cr3t' } as const;

type ForRoot = Parameters<typeof PaymentAuthModule.forRoot>[0];
type ForRootAsync = Parameters<typeof PaymentAuthModule.forRootAsync>[0];

/** What is said to be wrong; empty when nothing is. Any other error is a failure of the test. */
function problemsOf(run: () => unknown): readonly ConfigProblem[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof PaymentAuthConfigError) return error.problems;
    throw error;
  }
}

const moduleOf = (provider: unknown) => ({
  module: class {},
  providers: [provider as Provider],
  exports: [provider as Provider],
});

const resolve = (options: object) => problemsOf(() => resolvePaymentAuthOptions(options));

describe('notifications.maxBodyBytes', () => {
  const option = 'notifications.maxBodyBytes';
  const problems = (maxBodyBytes: unknown) => resolve({ notifications: { maxBodyBytes } });

  it('are bytes by gateway and scheme', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ alignet: {}, placetopay: { checkout: 1, autopay: 16_777_216 } })).toEqual([]);
  });

  it.each([
    [65_536, 'must be numbers of bytes by gateway and scheme, e.g. { placetopay: { checkout: 65536 } }'],
    [[], 'must be numbers of bytes by gateway and scheme, e.g. { placetopay: { checkout: 65536 } }'],
    [{ payme: {} }, 'must name gateways that send notifications: alignet, placetopay, netzme'],
    [{ alignet: 65_536 }, 'must have numbers of bytes by scheme for alignet'],
    [{ netzme: { legacy: 1 } }, 'must name schemes of netzme: snap-v1, snap-v2'],
    [{ placetopay: { checkout: 0 } }, 'must have a whole number of bytes from 1 to 16777216 for placetopay.checkout'],
    [{ alignet: { redirect: 1.5 } }, 'must have a whole number of bytes from 1 to 16777216 for alignet.redirect'],
    [
      { alignet: { redirect: 16_777_217 } },
      'must have a whole number of bytes from 1 to 16777216 for alignet.redirect',
    ],
  ])('are not %j', (value, problem) => {
    expect(problems(value)).toEqual([{ option, problem }]);
  });
});

describe('forRoot', () => {
  it.each([undefined, null, 7, 'netzme', []])('refuses %p for options', (options) => {
    expect(problemsOf(() => PaymentAuthModule.forRoot(options as unknown as ForRoot))).toEqual([
      {
        option: 'options',
        problem: expect.stringMatching(/^must be an object with a block for each gateway/) as string,
      },
    ]);
  });

  it.each(['yes', 'false', 1, null])('refuses %p for isGlobal', (isGlobal) => {
    expect(problemsOf(() => PaymentAuthModule.forRoot({ isGlobal } as unknown as ForRoot))).toEqual([
      { option: 'isGlobal', problem: 'must be true or false' },
    ]);
  });
});

describe('forRootAsync', () => {
  const useFactory = () => ({});
  class Factory {
    createPaymentAuthOptions = useFactory;
  }
  const problems = (options: unknown) => problemsOf(() => PaymentAuthModule.forRootAsync(options as ForRootAsync));

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no way to get options', {}],
    ['a factory that is undefined', { isGlobal: true, useFactory: undefined }],
    ['two ways at once', { useFactory, useClass: Factory }],
  ])('refuses %s', (_what, options) => {
    expect(problems(options)).toEqual([
      {
        option: 'options',
        problem: 'must hold one of useFactory, useClass, useExisting, which give the options',
      },
    ]);
  });

  it.each([
    ['useFactory', { useFactory: {} }, 'must be a function'],
    ['useClass', { useClass: 'Factory' }, /^must be a class; a function that gives the options is a useFactory$/],
    ['useClass', { useClass: () => ({}) }, /^must be a class; a function/],
    ['isGlobal', { useFactory, isGlobal: 'yes' }, 'must be true or false'],
    ['netzme', { useFactory, netzme: NETZME }, /^belongs into what useFactory, useClass or useExisting give/],
  ])('refuses a wrong %s', (option, options, problem) => {
    expect(problems(options)).toEqual([{ option, problem: expect.stringMatching(problem) as string }]);
  });

  it.each([
    ['useClass', (given: object) => ({ useClass: given })],
    ['useExisting', (given: object) => ({ imports: [moduleOf(given)], useExisting: given })],
  ])('refuses a class for %s that gives no options', async (option, registration) => {
    class Empty {
      readonly options = {};
    }
    const imports = [PaymentAuthModule.forRootAsync(registration(Empty) as unknown as ForRootAsync)];
    await expect(Test.createTestingModule({ imports }).compile()).rejects.toMatchObject({
      problems: [{ option, problem: 'must have a method createPaymentAuthOptions(), which gives the options' }],
    });
  });

  it('takes each of the three ways', () => {
    for (const way of [{ useFactory }, { useClass: Factory }, { useExisting: Factory }])
      expect(problems(way)).toEqual([]);
  });

  it.each([
    ['isGlobal', { isGlobal: true }, /^isGlobal: belongs beside useFactory/],
    ['an array', [], /^options: must be an object/],
    ['nothing', undefined, /^options: must be an object/],
  ])('refuses %s from a factory at start', async (_what, given, message) => {
    const registration = PaymentAuthModule.forRootAsync({ useFactory: () => given as object });
    await expect(Test.createTestingModule({ imports: [registration] }).compile()).rejects.toMatchObject({
      code: 'ERR_PAYMENT_AUTH_CONFIG',
      message: expect.stringMatching(new RegExp(`^payment-auth configuration: ${message.source.slice(1)}`)) as string,
    });
  });
});

describe('accessTokens.stores', () => {
  it.each(['redis://localhost', 7, true, {}, [new Keyv(), undefined], ['redis://localhost'], { get: () => undefined }])(
    'refuses %p',
    (stores) => {
      expect(resolve({ accessTokens: { stores } })).toEqual([
        { option: 'accessTokens.stores', problem: expect.stringMatching(/^must be a Keyv store or adapter/) as string },
      ]);
    },
  );

  it('takes a Keyv, an adapter, arrays of them, and none', () => {
    for (const stores of [new Keyv(), new Map(), [new Keyv(), new Map()], [], undefined]) {
      expect(resolve({ accessTokens: { stores } })).toEqual([]);
    }
  });
});

it.each([{}, { connect: () => undefined }, 'redis://localhost', 7])('tokenSharing.client: refuses %p', (client) => {
  expect(resolve({ tokenSharing: { client } })).toEqual([
    { option: 'tokenSharing.client', problem: expect.stringMatching(/^must be a node-redis client/) as string },
  ]);
});

it('tokenSharing.encryptionKeys: refuses two keys of one id, the second of which could decrypt nothing', () => {
  const key = () => randomBytes(32).toString('base64');
  const keys = (...ids: string[]) => ({
    tokenSharing: { redisUrl: 'redis://localhost', encryptionKeys: ids.map((id) => ({ id, key: key() })) },
  });
  expect(resolve(keys('2026-11', '2026-12', '2026-11'))).toEqual([
    { option: 'tokenSharing.encryptionKeys', problem: expect.stringMatching(/^must have an id each/) as string },
  ]);
  expect(resolve(keys('2026-11', '2026-12'))).toEqual([]);
});

describe('values that are sent in headers', () => {
  const UNFIT = ['tienda-perú', 'a\u{1f600}b', 'two words', 'trailing ', 'tab\t', 'line\nbreak', '\u007f', ''];

  it.each([...UNFIT, 'user:id'])('netzme.clientId: refuses %j', (clientId) => {
    expect(resolve({ netzme: { ...NETZME, clientId } })).toEqual([
      { option: 'netzme.clientId', problem: expect.stringMatching(/without spaces or colons/) as string },
    ]);
  });

  it.each(UNFIT)('alignet.apiVersion: refuses %j', (apiVersion) => {
    expect(resolve({ alignet: { ...ALIGNET, apiVersion } }).map(({ option }) => option)).toEqual([
      'alignet.apiVersion',
    ]);
  });

  it.each(['!', '~', 'abc-1_2.3@x/y+z='])('netzme.clientId: takes %j', (clientId) => {
    expect(resolve({ netzme: { ...NETZME, clientId } })).toEqual([]);
  });

  it('a secret, which goes into none, may hold both', () => {
    expect(resolve({ netzme: { ...NETZME, clientSecret: 'contraseña: 1' } })).toEqual([]);
  });
});

describe('a secret', () => {
  const SITE = { environment: 'test', login: 'site', secretKey: 'p-s3cr3t' } as const;
  const problemsWith = async (options: object): Promise<readonly ConfigProblem[]> => {
    const failure: unknown = await loadPaymentAuthOptions(options).catch((error: unknown) => error);
    return failure instanceof PaymentAuthConfigError ? failure.problems : [];
  };

  const places: readonly [option: string, options: (secret: SecretOption) => object][] = [
    ['alignet.clientSecret', (clientSecret) => ({ alignet: { ...ALIGNET, clientSecret } })],
    ['netzme.clientSecret', (clientSecret) => ({ netzme: { ...NETZME, clientSecret } })],
    ['placetopay.secretKey', (secretKey) => ({ placetopay: { ...SITE, secretKey } })],
    [
      'netzme.merchants.one.notifications.callbackToken',
      (callbackToken) => ({ netzme: { ...NETZME, merchants: { one: { notifications: { callbackToken } } } } }),
    ],
    [
      'placetopay.notifications.onboardingSigningSecrets',
      (k1) => ({ placetopay: { ...SITE, notifications: { onboardingSigningSecrets: { k1 } } } }),
    ],
    [
      'placetopay.notifications.autopayContract.password',
      (password) => ({ placetopay: { ...SITE, notifications: { autopayContract: { user: 'u', password } } } }),
    ],
  ];
  const ways: readonly [way: string, give: (text: string) => SecretOption][] = [
    ['a text', (text) => text],
    ['the next one', (next) => ({ current: 'a-s3cr3t', next })],
    ['a function', (text) => () => Promise.resolve(text)],
    ['a function that gives the next one', (next) => () => ({ current: 'a-s3cr3t', next })],
  ];
  const each = places.flatMap(([option, options]) => ways.map(([way, give]) => [option, way, options, give] as const));

  it.each(each)('%s, %s: is no blank, and the cure is told', async (option, _way, options, give) => {
    for (const blank of [' ', '   ', '\u200b', '\ufeff', '\u00a0\u2003', '\u2060\u3164']) {
      expect(await problemsWith(options(give(blank)))).toEqual([
        { option, problem: expect.stringMatching(/copy it again|ASCII without spaces/) as string },
      ]);
    }
  });

  it.each(each)(
    '%s, %s: is not the text of a missing value, and the cure is told',
    async (option, _way, options, give) => {
      for (const text of ['undefined', 'null', 'NaN', '[object Object]', '[object Promise]', ' undefined']) {
        expect(await problemsWith(options(give(text)))).toEqual([
          {
            option,
            problem: expect.stringMatching(/environment variable, file or function|ASCII without spaces/) as string,
          },
        ]);
      }
    },
  );

  it.each(places)('%s: is taken where it only looks a little like that', async (_option, options) => {
    for (const text of ['undefined1', 'nullable', 'Null', 'object-Object']) {
      expect(await problemsWith(options(text))).toEqual([]);
    }
  });

  describe('that is short', () => {
    const SHORT = 'fifteen-chars-x';
    const LONG = 'sixteen-chars-xx';
    let warnings: string[];

    beforeEach(() => {
      warnings = [];
      jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: string) => void warnings.push(line));
    });

    afterEach(() => jest.restoreAllMocks());

    async function start(options: PaymentAuthModuleOptions): Promise<void> {
      const app = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(options)] }).compile();
      await app.init();
      await app.close();
    }

    it('is told of at start, by its option, without itself', async () => {
      await start({
        alignet: { environment: 'preprod', clientId: 'c', clientSecret: { current: LONG, next: SHORT } },
        netzme: { environment: 'production', clientId: 'c', merchants: { one: { clientSecret: () => SHORT } } },
        placetopay: {
          environment: 'test',
          login: 'site',
          secretKey: LONG,
          notifications: {
            onboardingSigningSecrets: { k1: LONG, k2: SHORT },
            autopayContract: { user: 'u', password: SHORT },
          },
        },
      });
      expect(warnings.map((line) => line.slice(0, line.indexOf(': '))).sort()).toEqual([
        'alignet.clientSecret',
        'netzme.merchants.one.clientSecret',
        'placetopay.notifications.autopayContract.password',
        'placetopay.notifications.onboardingSigningSecrets.k2',
      ]);
      for (const line of warnings) {
        expect(line).toMatch(/shorter than 16 characters.*ask/);
        expect(line).not.toContain(SHORT);
      }
    });

    it('is not told of in the sandbox, whose secrets are worth nothing, nor is a longer one', async () => {
      await start({
        alignet: { environment: 'sandbox', clientId: 'c', clientSecret: SHORT },
        netzme: { environment: 'staging', clientId: 'c', clientSecret: LONG },
      });
      expect(warnings).toEqual([]);
    });
  });
});

describe('hosts of two environments in one Alignet merchant', () => {
  const at = (environment: string, hosts: object) => ({ alignet: { ...ALIGNET, environment, ...hosts } });
  const warningsOf = (options: object) =>
    resolvePaymentAuthOptions(options).warnings.filter(({ option }) => !/ecret$/.test(option));

  it.each([
    ['authBaseUrl', 'https://auth.preprod.alignet.io', 'preprod'],
    ['authBaseUrl', 'https://AUTH.wip.alignet.io/v1', 'development'],
    ['apiBaseUrl', 'https://api.dev.alignet.io', 'development'],
    ['apiBaseUrl', 'https://paymentapi.preprod.alignet.io', 'preprod'],
    ['assetsBaseUrl', 'https://flex.dev.pay-me.cloud', 'preprod or development'],
    ['audience', 'https://api.preprod.alignet.io', 'preprod'],
  ])('production: refuses %s %s, with the cure', (option, host, environment) => {
    expect(resolve(at('production', { [option]: host }))).toEqual([
      {
        option: `alignet.${option}`,
        problem: expect.stringMatching(new RegExp(`^is of ${environment}, .*production.*leave it out`)) as string,
      },
    ]);
  });

  it('production: names every one of them, by merchant', () => {
    const alignet = {
      ...ALIGNET,
      environment: 'production',
      merchants: {
        pen: {},
        usd: { authBaseUrl: 'https://auth.pp.alignet.io', audience: 'https://api.dev.alignet.io/' },
      },
    };
    expect(resolve({ alignet }).map(({ option }) => option)).toEqual([
      'alignet.merchants.usd.authBaseUrl',
      'alignet.merchants.usd.audience',
    ]);
  });

  it.each([
    [
      "what the official shop plugin's sandbox mixes",
      'development',
      { apiBaseUrl: 'https://api.preprod.alignet.io' },
      ['alignet.apiBaseUrl'],
    ],
    ['an audience of elsewhere', 'preprod', { audience: 'https://api.dev.alignet.io' }, ['alignet.audience']],
    ['production among others', 'preprod', { authBaseUrl: 'https://auth.alignet.io' }, ['alignet.authBaseUrl']],
  ])('elsewhere: takes %s, with a warning', (_what, environment, hosts, expected) => {
    const warnings = warningsOf(at(environment, hosts));
    expect(warnings.map(({ option }) => option)).toEqual(expected);
    for (const { problem } of warnings) expect(problem).toMatch(/one environment/);
  });

  it.each<[what: string, environment: string, hosts: object]>([
    ['none', 'production', {}],
    ['its own', 'production', { authBaseUrl: 'https://auth.alignet.io/', audience: 'https://api.alignet.io' }],
    ['a proxy of yours', 'production', { authBaseUrl: 'https://proxy.example', apiBaseUrl: 'https://proxy.example' }],
    ['an audience that is no URL', 'production', { audience: 'shop' }],
    [
      'the older names of one environment',
      'preprod',
      { authBaseUrl: 'https://auth.pp.alignet.io', apiBaseUrl: 'https://api.dev.alignet.io' },
    ],
    ['loopback', 'sandbox', { authBaseUrl: 'http://127.0.0.1:4010' }],
  ])('says nothing of %s in %s', (_what, environment, hosts) => {
    expect(warningsOf(at(environment, hosts))).toEqual([]);
  });
});

describe('two merchants with one client', () => {
  it.each([
    ['netzme', NETZME],
    ['alignet', ALIGNET],
  ])('%s: are refused with two secrets, both named, neither secret shown', (gateway, shared) => {
    const merchants = { pen: {}, usd: { clientSecret: 'other-s3cr3t' } };
    const problems = resolve({ [gateway]: { ...shared, merchants } });
    expect(problems).toEqual([
      {
        option: `${gateway}.merchants.usd.clientSecret`,
        problem: expect.stringContaining('merchants "pen" and "usd"') as string,
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain('s3cr3t');
  });

  it.each<[string, object]>([
    ['with one secret', { netzme: { ...NETZME, merchants: { a: {}, b: {} } } }],
    [
      'at two hosts',
      { netzme: { ...NETZME, merchants: { a: {}, b: { baseUrl: 'https://h.example', clientSecret: 'x' } } } },
    ],
    [
      'of the merchant and of the consumer API, which give it a secret each',
      { netzme: { ...NETZME, merchants: { a: {}, b: { api: 'consumer', clientSecret: 'x' } } } },
    ],
    ['of two gateways', { netzme: NETZME, alignet: ALIGNET }],
  ])('are two things %s', (_what, options) => {
    expect(resolve(options)).toEqual([]);
  });

  it('are one host also where one base URL ends with a slash', () => {
    const merchants = { a: { baseUrl: 'https://h.example' }, b: { baseUrl: 'https://h.example/', clientSecret: 'x' } };
    expect(resolve({ netzme: { ...NETZME, merchants } })).toHaveLength(1);
  });
});
