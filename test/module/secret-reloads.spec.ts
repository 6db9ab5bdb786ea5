import { type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  PAYMENT_AUTH_CLOCK,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  PaymentAuthSecrets,
} from 'nestjs-payment-auth';
import { ManualClock } from '../support/manual-clock';

const HOUR = 3_600_000;

describe('secrets that are asked for again', () => {
  let app: INestApplicationContext | undefined;
  let clock: ManualClock;
  let lines: string[];

  beforeEach(() => {
    clock = new ManualClock();
    lines = [];
    for (const level of ['log', 'warn'] as const) {
      const say = (...[line]: unknown[]): void => void lines.push(`${level} ${String(line)}`);
      jest.spyOn(Logger.prototype, level).mockImplementation(say);
    }
  });
  afterEach(async () => {
    jest.useRealTimers();
    await app?.close();
    app = undefined;
    jest.restoreAllMocks();
  });

  async function start(options: PaymentAuthModuleOptions): Promise<PaymentAuthSecrets> {
    const testing = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(options)] })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
    app = await testing.init();
    lines.length = 0;
    return app.get(PaymentAuthSecrets);
  }

  const site = (secretKey: () => string): PaymentAuthModuleOptions => ({
    placetopay: { environment: 'test', login: 'site', secretKey },
  });

  it('are named in the log when they changed, and shown nowhere', async () => {
    let text = 'first-secret';
    const secrets = await start(site(() => text));
    expect(await secrets.reload()).toEqual([]);
    expect(lines).toEqual([]);
    text = 'second-secret';
    expect(await secrets.reload()).toEqual(['placetopay.secretKey']);
    expect(lines).toEqual([expect.stringMatching(/^log .*placetopay\.secretKey/)]);
    expect(lines.join()).not.toContain('second-secret');
  });

  it('fail the reload, by the name of their option, when their function does', async () => {
    const source = jest.fn(() => 'first-secret');
    const secrets = await start(site(source));
    source.mockImplementation(() => {
      throw new Error('sealed');
    });
    const error: unknown = await secrets.reload().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PaymentAuthConfigError);
    expect(error).toMatchObject({ option: 'placetopay.secretKey' });
  });

  it('stay what they are, with a warning, when nobody waits for them', async () => {
    jest.useFakeTimers();
    const source = jest.fn(() => 'first-secret');
    await start({ ...site(source), secrets: { reloadEverySeconds: 60 } });
    source.mockImplementation(() => {
      throw new Error('sealed');
    });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(lines).toEqual([expect.stringMatching(/^warn .*placetopay\.secretKey/)]);
  });

  it.each([
    ['an empty current one', { current: '', next: 'b' }],
    ['an empty next one', { current: 'a', next: '' }],
    ['a line break in the current one', { current: 'a\n', next: 'b' }],
    ['a line break in the next one', { current: 'a', next: 'b\n' }],
    ['a line break and no next one', { current: 'a\n' }],
  ])('are refused at start, by the name of their option, with %s', async (_what, answer) => {
    const failing = start({ placetopay: { environment: 'test', login: 'site', secretKey: () => answer } });
    await expect(failing).rejects.toMatchObject({ problems: [{ option: 'placetopay.secretKey' }] });
  });

  it('hold up no process once they have come', async () => {
    jest.useFakeTimers();
    await start({ ...site(() => 'first-secret'), secrets: { reloadEverySeconds: 0 } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('are never asked for by themselves where that is switched off', async () => {
    jest.useFakeTimers();
    const source = jest.fn(() => 'first-secret');
    await start({ ...site(source), secrets: { reloadEverySeconds: 0 } });
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(source).toHaveBeenCalledTimes(1);
  });

  it('are none where every secret is a text: nothing runs for them', async () => {
    jest.useFakeTimers();
    const secrets = await start({ placetopay: { environment: 'test', login: 'site', secretKey: 'text' } });
    expect(jest.getTimerCount()).toBe(0);
    expect(await secrets.reload()).toEqual([]);
  });
});
