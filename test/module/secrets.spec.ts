import { type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  NetzmeAccessTokenService,
  NotificationVerifier,
  PAYMENT_AUTH_CLOCK,
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

  it('are asked again when a token request is refused, but not in a flood', async () => {
    const server = await RecordingServer.start();
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
    const server = await RecordingServer.start();
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
