import { type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  NetzmeAccessTokenService,
  NotificationVerifier,
  PAYMENT_AUTH_CLOCK,
  type PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  PaymentAuthSecrets,
  PlacetopayAuthService,
  PlacetopayHttpService,
  placetopayTranKey,
  type SecretOption,
  SignatureVerificationError,
} from 'nestjs-payment-auth';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { ManualClock } from '../support/manual-clock';
import { RecordingServer } from '../support/recording-server';

describe('secrets from functions', () => {
  let app: INestApplicationContext | undefined;
  let clock: ManualClock;

  beforeEach(() => {
    clock = new ManualClock();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(Logger.prototype, 'log').mockImplementation();
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    jest.restoreAllMocks();
  });

  async function start(options: PaymentAuthModuleOptions): Promise<INestApplicationContext> {
    const testing = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(options)] })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    app = await testing.init();
    return app;
  }

  const site = (secretKey: SecretOption) => ({ environment: 'test', login: 'site', secretKey }) as const;

  const signsWith = (started: INestApplicationContext, secretKey: string): boolean => {
    const { nonce, seed, tranKey } = started.get(PlacetopayAuthService).createAuth();
    return placetopayTranKey({ rawNonce: Buffer.from(nonce, 'base64'), seed, secretKey }) === tranKey;
  };

  it('are asked at start, and again on reload', async () => {
    let secret = 'first';
    const started = await start({ placetopay: site(() => Promise.resolve(secret)) });
    expect(signsWith(started, 'first')).toBe(true);
    secret = 'second';
    expect(signsWith(started, 'first')).toBe(true);
    await expect(started.get(PaymentAuthSecrets).reload()).resolves.toEqual(['placetopay.secretKey']);
    expect(signsWith(started, 'second')).toBe(true);
  });

  it('sign with the current one and accept the next', async () => {
    const started = await start({ placetopay: site({ current: 'first', next: 'second' }) });
    expect(signsWith(started, 'first')).toBe(true);
    const verify = (secret: string): number => {
      const date = '2026-11-22T05:15:30-05:00';
      const digest = createHash('sha256').update(`7APPROVED${date}${secret}`).digest('hex');
      const body = { requestId: 7, status: { status: 'APPROVED', date }, signature: `sha256:${digest}` };
      const request = { method: 'POST', target: '/', headers: {}, rawBody: Buffer.from(JSON.stringify(body)) };
      return started.get(NotificationVerifier).verify('placetopay', 'checkout', request).secretIndex;
    };
    expect([verify('first'), verify('second')]).toEqual([0, 1]);
    expect(() => verify('third')).toThrow(SignatureVerificationError);
  });

  it('are checked like any other, and everything wrong is told at once', async () => {
    const failure = start({
      placetopay: site(() => 'a secret that is longer than the thirty-two characters that Placetopay gives'),
      netzme: { environment: 'staging', clientId: 'a', clientSecret: () => Promise.reject(new Error('sealed')) },
      alignet: { environment: 'preprod', clientId: 'a', clientSecret: { current: 'line\nbreak' } },
      replicas: 0,
    });
    await expect(failure).rejects.toMatchObject({
      problems: [
        { option: 'netzme.clientSecret', problem: 'its function failed (Error)' },
        { option: 'alignet.clientSecret' },
        { option: 'placetopay.secretKey' },
        { option: 'replicas' },
      ],
    });
  });

  describe('on reload', () => {
    const site = { environment: 'test', login: 'site' } as const;
    const client = { environment: 'staging', clientId: 'client' } as const;

    it.each<[what: string, options: (source: () => string) => PaymentAuthModuleOptions, option: string, unfit: string]>(
      [
        [
          'a digest for a secretKey',
          (secretKey) => ({ placetopay: { ...site, secretKey } }),
          'placetopay.secretKey',
          'f'.repeat(40),
        ],
        [
          'the text of a missing value for a clientSecret',
          (clientSecret) => ({ netzme: { ...client, clientSecret } }),
          'netzme.clientSecret',
          '[object Object]',
        ],
        [
          'what no header carries for a callbackToken',
          (callbackToken) => ({ netzme: { ...client, clientSecret: 's', notifications: { callbackToken } } }),
          'netzme.notifications.callbackToken',
          'clé secrète',
        ],
        [
          'too long a text for a kid',
          (k1) => ({ placetopay: { ...site, secretKey: 's', notifications: { onboardingSigningSecrets: { k1 } } } }),
          'placetopay.notifications.onboardingSigningSecrets.k1',
          'x'.repeat(1_001),
        ],
        [
          'a secret that another merchant with the same client does not have',
          (clientSecret) => ({
            netzme: { ...client, merchants: { one: { clientSecret: 'first' }, two: { clientSecret } } },
          }),
          'netzme.merchants.two.clientSecret',
          'f7c2-of-nobody-else',
        ],
      ],
    )('refuses %s, as at start', async (_what, options, option, unfit) => {
      const source = jest.fn(() => 'first');
      const started = await start(options(source));
      source.mockReturnValue(unfit);
      const failure: unknown = await started
        .get(PaymentAuthSecrets)
        .reload()
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ problems: [{ option }] });
      expect(inspect(failure)).not.toContain(unfit);
      source.mockReturnValue('first');
      await expect(started.get(PaymentAuthSecrets).reload()).resolves.toEqual([]);
    });

    it('takes the same new secret for merchants with the same client, and refuses two', async () => {
      const [one, two] = [jest.fn(() => 'first'), jest.fn(() => 'first')];
      const callbackToken = jest.fn(() => 'token');
      const merchants = { one: { clientSecret: one }, two: { clientSecret: two } };
      const started = await start({ netzme: { ...client, notifications: { callbackToken }, merchants } });
      const secrets = started.get(PaymentAuthSecrets);
      one.mockReturnValue('second');
      callbackToken.mockReturnValue('new-token');
      await expect(secrets.reload()).rejects.toMatchObject({
        problems: [{ option: 'netzme.merchants.one.clientSecret' }],
      });
      two.mockReturnValue('second');
      // What is wrong beside them does not keep them back; what fits was taken the first time.
      callbackToken.mockReturnValue('no token');
      await expect(secrets.reload()).rejects.toMatchObject({
        problems: [{ option: 'netzme.notifications.callbackToken' }],
      });
      callbackToken.mockReturnValue('new-token');
      await expect(secrets.reload()).resolves.toEqual([]);
    });

    it('keeps the answer to the later question', async () => {
      const answers: ((secret: string) => void)[] = [];
      const source = jest.fn<string | Promise<string>, []>(() => 'first');
      const started = await start({ placetopay: { ...site, secretKey: source } });
      source.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
      const reloads = [started.get(PaymentAuthSecrets).reload(), started.get(PaymentAuthSecrets).reload()];
      await new Promise(setImmediate);
      answers[1]?.('second');
      await expect(reloads[1]).resolves.toEqual(['placetopay.secretKey']);
      answers[0]?.('first');
      await expect(reloads[0]).resolves.toEqual([]);
      expect(signsWith(started, 'second')).toBe(true);
    });
  });

  it('come from instances of classes', async () => {
    class Notifications {
      readonly onboardingSigningSecrets = { k1: () => 'kid' };
    }
    class Site {
      readonly environment = 'test';
      readonly login = 'site';
      readonly notifications = new Notifications();
      readonly #path = 'vault';
      secretKey() {
        return Promise.resolve(`from the ${this.#path}`);
      }
    }
    const started = await start({ placetopay: new Site() });
    expect(signsWith(started, 'from the vault')).toBe(true);
  });

  it('of tokenSharing are asked once, at start', async () => {
    const redisUrl = jest.fn(() => Promise.resolve('redis://127.0.0.1:1'));
    const key = jest.fn(() => Buffer.alloc(32, 7).toString('base64'));
    const tokenSharing = { redisUrl, encryptionKeys: [{ id: 'a', key }] };
    const clientSecret = jest.fn(() => 'secret');
    const netzme = { environment: 'staging', clientId: 'client', clientSecret } as const;
    const started = await start({ tokenSharing, netzme });
    await started.get(PaymentAuthSecrets).reload();
    expect([redisUrl, key, clientSecret].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 2]);
  });

  it('of tokenSharing are told of by name when they fail or do not fit', async () => {
    const fail = () => Promise.reject(new Error('sealed'));
    const keys = [
      { id: 'a', key: fail },
      { id: 'b', key: () => ({ current: 'x' }) as never },
    ];
    const failure = await start({ tokenSharing: { redisUrl: fail, encryptionKeys: keys } }).catch(
      (error: PaymentAuthConfigError) => error,
    );
    const { problems } = failure as PaymentAuthConfigError;
    expect(Object.fromEntries(problems.map(({ option, problem }) => [option, problem]))).toEqual({
      'tokenSharing.redisUrl': 'its function failed (Error)',
      'tokenSharing.encryptionKeys[0].key': 'its function failed (Error)',
      'tokenSharing.encryptionKeys[1].key': 'its function must give a text',
    });
    const unfit = { redisUrl: () => 'http://127.0.0.1', encryptionKeys: [{ id: 'a', key: () => 'short' }] };
    await expect(start({ tokenSharing: unfit })).rejects.toMatchObject({
      problems: [{ option: 'tokenSharing.redisUrl' }, { option: 'tokenSharing.encryptionKeys' }],
    });
  });

  it('are not looked for in options that lead back to themselves', async () => {
    const options: Record<string, unknown> = { ...site(() => 'secret') };
    options['self'] = options;
    await expect(start({ placetopay: options as never })).rejects.toMatchObject({
      problems: [{ option: 'placetopay.self' }],
    });
  });

  it('are asked again when a token request is refused, but not in a flood', async () => {
    const server = await RecordingServer.start(clock);
    const good = `Basic ${Buffer.from('client:second').toString('base64')}`;
    server.respond = ({ headers }) =>
      headers.authorization === good
        ? { body: { access_token: 'a'.repeat(64), expiry_token: clock.now() + 36_000_000 } }
        : { status: 401, body: { status: 'UNAUTHORIZED' } };
    const source = jest.fn(() => 'first');
    const { url: baseUrl } = server;
    const started = await start({
      netzme: { environment: 'sandbox', baseUrl, clientId: 'client', clientSecret: source },
    });
    const tokens = started.get(NetzmeAccessTokenService);
    source.mockReturnValue('second');
    await expect(tokens.getAccessToken()).rejects.toThrow('refused');
    clock.advance(1_000);
    await expect(tokens.getAccessToken()).resolves.toMatchObject({ value: 'a'.repeat(64) });
    expect(source).toHaveBeenCalledTimes(2);
    await server.stop();
  });

  it('are asked again when Placetopay finds a digest wrong, once in ten seconds', async () => {
    const server = await RecordingServer.start(clock);
    const refusal = { status: 'FAILED', reason: 401, message: 'Authentication failed 102', date: '2026-11-22' };
    server.respond = () => ({ status: 401, body: { status: refusal } });
    const source = jest.fn(() => 'secret');
    const started = await start({ placetopay: { ...site(source), checkoutBaseUrl: server.url } });
    const call = () => started.get(PlacetopayHttpService).axiosRef.post('/api/session', {});
    for (let calls = 0; calls < 5; calls += 1)
      await expect(call()).rejects.toMatchObject({ reason: 'digest-mismatch' });
    expect(source).toHaveBeenCalledTimes(2);
    clock.advance(10_000);
    await expect(call()).rejects.toMatchObject({ reason: 'digest-mismatch' });
    expect(source).toHaveBeenCalledTimes(3);
    await server.stop();
  });

  it.each([
    [undefined, 300],
    [60, 60],
  ])('are asked every %p seconds', async (reloadEverySeconds, seconds) => {
    jest.useFakeTimers();
    const source = jest.fn(() => 'secret');
    const secrets = reloadEverySeconds === undefined ? {} : { reloadEverySeconds };
    const started = await start({ placetopay: site(source), secrets });
    source.mockReturnValueOnce('other').mockImplementationOnce(() => {
      throw new Error('sealed');
    });
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    expect(signsWith(started, 'other')).toBe(true);
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    expect(signsWith(started, 'other')).toBe(true);
    await started.close();
    app = undefined;
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    expect(source).toHaveBeenCalledTimes(3);
    jest.useRealTimers();
  });
});
