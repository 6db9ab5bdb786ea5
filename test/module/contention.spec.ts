import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { GatewaySimulator, SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
} from 'nestjs-payment-auth';
import { ManualClock } from '../support/manual-clock';

const CALLERS = 10_000;
const [alignetAccount] = SANDBOX_ACCOUNTS.alignet;
const [netzmeAccount] = SANDBOX_ACCOUNTS.netzme;
const BALANCE = `/api/aggregator/merchant/qr/balance/detail?userId=${netzmeAccount.userId}`;

describe('one token request for any number of callers, against the simulator', () => {
  let simulator: GatewaySimulator;
  let app: INestApplicationContext;
  let clock: ManualClock;

  beforeEach(async () => {
    simulator = await GatewaySimulator.start();
    clock = new ManualClock();
    app = await Test.createTestingModule({
      imports: [
        PaymentAuthModule.forRoot({
          alignet: {
            environment: 'sandbox',
            clientId: alignetAccount.clientId,
            clientSecret: alignetAccount.clientSecret,
            authBaseUrl: simulator.urls.alignet,
            apiBaseUrl: simulator.urls.alignet,
          },
          netzme: {
            environment: 'sandbox',
            clientId: netzmeAccount.clientId,
            clientSecret: netzmeAccount.clientSecret,
            baseUrl: simulator.urls.netzme,
          },
        }),
      ],
    })
      .overrideProvider(PAYMENT_AUTH_CLOCK)
      .useValue(clock)
      .compile();
  });

  afterEach(async () => {
    await app.close();
    await simulator.stop();
  });

  const times = <T>(count: number, call: () => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, call));

  it(`Alignet: ${CALLERS} cold callers`, async () => {
    const service = app.get(AlignetNonceService);
    const tokens = await times(CALLERS, () => service.getAccessToken());
    expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
    expect(simulator.counters().alignet.token).toBe(1);
  });

  it(`Netzme: ${CALLERS} cold callers`, async () => {
    const service = app.get(NetzmeAccessTokenService);
    const tokens = await times(CALLERS, () => service.getAccessToken());
    expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
    expect(simulator.counters().netzme.token).toBe(1);
  });

  it('Alignet: fifty nonces in parallel with a revoked token cause one renewal', async () => {
    const service = app.get(AlignetNonceService);
    await service.createNonce();
    simulator.alignet.revokeTokens(alignetAccount.clientId);
    const nonces = await times(50, () => service.createNonce());
    expect(new Set(nonces.map(({ nonce }) => nonce)).size).toBe(50);
    expect(simulator.counters().alignet.token).toBe(2);
  });

  it('Netzme: fifty calls in parallel with a stolen token cause one renewal', async () => {
    const { axiosRef } = app.get(NetzmeHttpService);
    await axiosRef.get(BALANCE);
    simulator.netzme.stealToken(netzmeAccount.clientId);
    const answers = await times(50, () => axiosRef.get<{ status: number }>(BALANCE));
    expect(answers.map(({ data }) => data.status)).toEqual(Array.from({ length: 50 }, () => 100));
    expect(simulator.counters().netzme.token).toBe(2);
  });

  it('Netzme: a token that the gateway lets expire is replaced behind the callers', async () => {
    const { axiosRef } = app.get(NetzmeHttpService);
    await axiosRef.get(BALANCE);
    simulator.clock.advance(11 * 3_600_000);
    expect((await axiosRef.get<{ status: number }>(BALANCE)).data.status).toBe(100);
    expect(simulator.counters().netzme.token).toBe(2);
  });

  it('Alignet: a refusal told with HTTP 200 counts as a stale token, once a minute at most', async () => {
    simulator.updateSettings({ alignet: { errorsAsHttp200: true } });
    const service = app.get(AlignetNonceService);
    await service.createNonce();
    simulator.alignet.revokeTokens(alignetAccount.clientId);
    await expect(service.createNonce()).rejects.toMatchObject({ code: 'ERR_NONCE_REQUEST' });
    expect(simulator.counters().alignet.token).toBe(1);
    clock.advance(60_000);
    await expect(service.createNonce()).resolves.toMatchObject({ expiresInSeconds: 30 });
    expect(simulator.counters().alignet.token).toBe(2);
  });
});
