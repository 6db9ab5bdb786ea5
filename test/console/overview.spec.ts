import { NetzmeAccessTokenService } from 'nestjs-payment-auth';
import { type Overview } from '../../apps/demo/src/console/contract';
import {
  Demo,
  ENCRYPTION_KEYS,
  findSecrets,
  MINUTE,
  NETZME,
  NOBODY_THERE,
  PEN,
  rememberExchange,
  SITE,
  startSimulator,
  stopAll,
} from '../e2e/demo-app';
import { ManualClock } from '../support/manual-clock';
import { ConsoleClient } from './console-client';
import { stopDate } from './stopped-date';

afterEach(async () => {
  jest.useRealTimers();
  await stopAll();
});

async function overviewOf(demo: Demo): Promise<Overview> {
  const { status, body, text } = await new ConsoleClient(demo).get<Overview>('/overview');
  rememberExchange('GET /console/api/overview', text, []);
  expect(status).toBe(200);
  return body;
}

const gatewayOf = ({ gateways }: Overview, name: string) => gateways.find(({ gateway }) => gateway === name);

describe('GET /overview', () => {
  it('tells what this is, and where each gateway is', async () => {
    stopDate();
    const demo = await Demo.start();
    const { urls } = demo.simulator;
    const overview = await overviewOf(demo);
    expect(overview).toMatchObject({
      environment: 'sandbox',
      versions: { demo: '0.1.0', node: process.versions.node, nest: expect.stringMatching(/^11\./) as string },
      process: { pid: process.pid },
      ownUrl: demo.url,
      store: { kind: 'memory', state: 'ok' },
      hasSimulator: true,
      simulatorUrls: urls,
    });
    expect(Object.values(overview.versions)).not.toContain('unknown');
    expect(overview.simulatorClockOffsetMs).toBe(0);
    expect(overview.gateways).toMatchObject([
      { gateway: 'alignet', isConfigured: true, environment: 'sandbox', hosts: [new URL(urls.alignet).host] },
      { gateway: 'placetopay', isConfigured: true, environment: 'sandbox', hosts: [new URL(urls.placetopay).host] },
      { gateway: 'netzme', isConfigured: true, environment: 'sandbox', hosts: [new URL(urls.netzme).host] },
    ]);
    expect(gatewayOf(overview, 'placetopay')).not.toHaveProperty('token');
    for (const { token } of [overview.gateways[0], overview.gateways[2]].map((gateway) => ({ ...gateway }))) {
      expect(token).toEqual({ state: 'none', renewals: 0, rejections: 0, source: 'own' });
    }
    for (const id of [PEN.clientId, SITE.login, NETZME.clientId]) expect(JSON.stringify(overview)).not.toContain(id);
    // Looking asks nobody for anything.
    expect(demo.simulator.journal.entries()).toEqual([]);
  });

  it('tells both hosts of Placetopay where payment links have one of their own', async () => {
    const demo = await Demo.start({ environment: { PLACETOPAY_PAYMENT_LINKS_BASE_URL: NOBODY_THERE } });
    const { hosts } = gatewayOf(await overviewOf(demo), 'placetopay') ?? {};
    expect(hosts).toEqual([new URL(demo.simulator.urls.placetopay).host, new URL(NOBODY_THERE).host]);
  });

  it('follows a token through its life: none, valid, refused once, expired', async () => {
    const clock = new ManualClock();
    const demo = await Demo.start({ clock });
    stopDate(clock.now());
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    const valid = gatewayOf(await overviewOf(demo), 'netzme')?.token;
    const { value } = await demo.app.get(NetzmeAccessTokenService).getAccessToken();
    expect(valid).toMatchObject({
      state: 'valid',
      renewals: 1,
      rejections: 0,
      obtainedAt: '2026-11-22T10:15:30.250Z',
    });
    expect(valid?.fingerprint).toBe(`${value.slice(0, 4)}…${value.slice(-4)} (${value.length})`);
    expect(valid?.remainingMs).toBe(Date.parse(valid?.expiresAt ?? '') - clock.now());

    demo.simulator.netzme.stealToken(NETZME.clientId);
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    const renewed = gatewayOf(await overviewOf(demo), 'netzme')?.token;
    expect(renewed).toMatchObject({ state: 'valid', renewals: 2, rejections: 1 });
    expect(renewed?.fingerprint).not.toBe(valid?.fingerprint);

    clock.advance(renewed?.remainingMs ?? 0);
    jest.setSystemTime(clock.now());
    const expired = gatewayOf(await overviewOf(demo), 'netzme')?.token;
    expect(expired).toMatchObject({
      state: 'expired',
      remainingMs: 0,
      fingerprint: renewed?.fingerprint,
      renewals: 2,
    });
    expect(findSecrets().answers).toEqual([]);
  });

  it('tells of a token that somebody else kills again and again, until that ends', async () => {
    const clock = new ManualClock();
    const demo = await Demo.start({ clock });
    const balance = () => demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    const told = async () => gatewayOf(await overviewOf(demo), 'netzme')?.token;
    stopDate(clock.now());
    await balance();
    const states = [];
    for (let nth = 1; nth <= 4; nth += 1) {
      // A token that has just replaced a refused one is kept for so long.
      clock.advance(3_000);
      jest.setSystemTime(clock.now());
      demo.simulator.netzme.stealToken(NETZME.clientId);
      await balance();
      states.push((await told())?.state);
    }
    expect(states).toEqual(['valid', 'valid', 'valid', 'contested']);
    expect(await told()).toMatchObject({ rejections: 4, renewals: 4 });
    expect(gatewayOf(await overviewOf(demo), 'alignet')?.token?.state).toBe('none');
    clock.advance(MINUTE + 1);
    jest.setSystemTime(clock.now());
    await balance();
    expect((await told())?.state).toBe('valid');
  });

  it('knows the last nonce and each gateway’s clock, by calls of whatever route', async () => {
    stopDate();
    const demo = await Demo.start();
    demo.simulator.clock.advance(60_000);
    const { json } = await demo.post('/alignet/nonce');
    const nonce = String(json['nonce']);
    await new ConsoleClient(demo).post('/calls/netzme-balance', { input: { userId: NETZME.userId } });
    const overview = await overviewOf(demo);
    const alignet = gatewayOf(overview, 'alignet');
    expect(alignet?.lastNonce?.nonce).toBe(`${nonce.slice(0, 4)}…${nonce.slice(-4)} (${nonce.length})`);
    expect(Date.parse(alignet?.lastNonce?.expiresAt ?? '') - Date.parse(alignet?.lastNonce?.at ?? '')).toBe(30_000);
    for (const name of ['alignet', 'netzme']) {
      expect(gatewayOf(overview, name)?.clockOffsetMs).toBe(60_000);
    }
    expect(gatewayOf(overview, 'placetopay')).not.toHaveProperty('clockOffsetMs');
  });

  it('names the last failure of a gateway', async () => {
    const demo = await Demo.start();
    demo.simulator.faults.add({ gateway: 'netzme', kind: 'status', status: 503, times: 0 });
    await new ConsoleClient(demo).post('/calls/netzme-balance', { input: { userId: NETZME.userId } });
    const overview = await overviewOf(demo);
    expect(gatewayOf(overview, 'netzme')?.lastFailure?.message).toMatch(/\S/);
    expect(gatewayOf(overview, 'netzme')?.token?.state).toBe('none');
    expect(gatewayOf(overview, 'alignet')).not.toHaveProperty('lastFailure');
  });

  it('outside the sandbox tells of what is configured, and that there is no simulator', async () => {
    const { urls } = await startSimulator();
    const environment = {
      PAYMENT_ENV: 'test',
      NETZME_CLIENT_ID: NETZME.clientId,
      NETZME_CLIENT_SECRET: NETZME.clientSecret,
      NETZME_BASE_URL: urls.netzme,
      REDIS_URL: NOBODY_THERE.replace('http', 'redis'),
      TOKEN_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
    };
    const demo = await Demo.start({ environment });
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    const overview = await overviewOf(demo);
    expect(overview).toMatchObject({
      environment: 'test',
      ownUrl: demo.url,
      hasSimulator: false,
      simulatorUrls: {},
      store: { kind: 'redis', state: 'away', detail: expect.stringContaining('Redis') as string },
    });
    expect(overview).not.toHaveProperty('simulatorClockOffsetMs');
    expect(overview.gateways).toMatchObject([
      { gateway: 'alignet', isConfigured: false, hosts: [] },
      { gateway: 'placetopay', isConfigured: false, hosts: [] },
      { gateway: 'netzme', isConfigured: true, token: { state: 'valid', source: 'shared' } },
    ]);
  });
});
