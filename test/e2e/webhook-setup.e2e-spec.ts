import { createClient } from '@redis/client';
import { GatewaySimulator, SANDBOX_ACCOUNTS, type WebhookSendOrder } from '@payment-auth/gateway-simulator';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateEnvironment } from '../../apps/demo/src/config/environment';
import { RedisServer } from '../replicas/redis-server';
import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import {
  Demo,
  ENCRYPTION_KEYS,
  findSecrets,
  NETZME,
  NOBODY_THERE,
  observed,
  PEN,
  SITE,
  startSimulator,
  stopAll,
} from './demo-app';
import { DemoProcess } from './demo-process';
import { until } from '../support/wait';

type Environment = Readonly<Record<string, string>>;

const [, OTHER_SITE] = SANDBOX_ACCOUNTS.placetopay;
const PLACETOPAY = { PLACETOPAY_LOGIN: SITE.login, PLACETOPAY_SECRET_KEY: SITE.secretKey };
const ALIGNET = { ALIGNET_CLIENT_ID: PEN.clientId, ALIGNET_CLIENT_SECRET: PEN.clientSecret };
const NETZME_CLIENT = { NETZME_CLIENT_ID: NETZME.clientId, NETZME_CLIENT_SECRET: NETZME.clientSecret };
const SCUDO_URL = 'https://shop.example/webhooks/placetopay/scudo';

/** A process of its own takes seconds to start on a busy machine. */
afterEach(stopAll);

/** The demo outside the sandbox, with nothing but what is given, for webhooks of a simulator that it does not know. */
const startOutside = (environment: Environment): Promise<Demo> =>
  Demo.start({ environment: { PAYMENT_ENV: 'test', ...environment } });

async function pathsOf(demo: Demo): Promise<string[]> {
  const routes = (await demo.get('/webhooks')).json['routes'] as { path: string }[];
  return routes.map(({ path }) => path.replace('/webhooks/', '')).sort();
}

async function newest(demo: Demo): Promise<Readonly<Record<string, unknown>> | undefined> {
  return ((await demo.get('/webhooks')).json['verdicts'] as Readonly<Record<string, unknown>>[])[0];
}

describe('outside the sandbox only those webhooks have a route that can be verified', () => {
  const OF_THE_SITE = [
    ...['ach-return', 'autopay', 'checkout', 'gateway', 'gateway-session', 'microsite', 'payment-link'],
    'token-requestor',
  ].map((scheme) => `placetopay/${scheme}`);
  const scudo = { PLACETOPAY_SCUDO_SECRET_KEY: 'scudo-key-of-mine', PLACETOPAY_SCUDO_NOTIFICATION_URL: SCUDO_URL };
  const autopay = {
    PLACETOPAY_AUTOPAY_CONTRACT_USER: 'autopay',
    PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD: 'autopay-password-secret',
  };
  const CASES: readonly (readonly [environment: Environment, routes: readonly string[]])[] = [
    [PLACETOPAY, OF_THE_SITE],
    [{ ...PLACETOPAY, PLACETOPAY_WEBHOOK_ACCEPT_SHA1: 'false' }, OF_THE_SITE],
    [{ ...PLACETOPAY, PLACETOPAY_WEBHOOK_ACCEPT_SHA1: '2100-01-01' }, [...OF_THE_SITE, 'placetopay/account-validator']],
    [
      { ...PLACETOPAY, PLACETOPAY_ONBOARDING_SECRETS: 'k1:onboarding-secret' },
      [...OF_THE_SITE, 'placetopay/onboarding'],
    ],
    [{ ...PLACETOPAY, ...scudo }, [...OF_THE_SITE, 'placetopay/scudo']],
    [{ ...PLACETOPAY, PLACETOPAY_MSV_SECRET_TOKEN: 'msv-secret-token' }, [...OF_THE_SITE, 'placetopay/msv']],
    [
      { ...PLACETOPAY, ...autopay },
      [...OF_THE_SITE, 'placetopay/autopay-contract/balance', 'placetopay/autopay-contract/settlement'],
    ],
    [ALIGNET, []],
    [{ ...ALIGNET, ALIGNET_MERCHANT_CODE: PEN.merchantCode }, ['alignet/notification', 'alignet/redirect']],
    [NETZME_CLIENT, []],
    [{ ...NETZME_CLIENT, NETZME_MERCHANT_IDS: NETZME.userId }, ['netzme/merchant-callback']],
    [{ ...NETZME_CLIENT, NETZME_MERCHANT_IDS: 'any' }, []],
    [{ ...NETZME_CLIENT, NETZME_CALLBACK_TOKENS: 'a-callback-token-secret' }, ['netzme/snap-v1']],
  ];

  it.each(CASES.map(([environment, routes]) => [Object.keys(environment).join(' '), environment, routes] as const))(
    '%s',
    async (_, environment, routes) => {
      const demo = await startOutside(environment);
      expect(await pathsOf(demo)).toEqual([...routes].sort());
      // The documents tell of no others, and the others are not there.
      const { paths } = (await demo.get('/docs-json')).json as { paths: object };
      const documented = Object.keys(paths).filter((path) => path.startsWith('/webhooks/'));
      expect(documented.sort()).toEqual([...routes].map((route) => `/webhooks/${route}`).sort());
      for (const path of ['placetopay/msv', 'netzme/snap-v2', 'alignet/notification']) {
        const expected = routes.includes(path) ? 401 : 404;
        // An empty object has no signature; of MSV's it is looked for in there.
        expect([path, (await demo.post(`/webhooks/${path}`, {})).status]).toEqual([path, expected]);
      }
    },
  );
});

describe('what is verified with what the variables say', () => {
  let simulator: GatewaySimulator;
  let keys: { readonly alignet: string; readonly netzme: string };
  const onOneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n');

  beforeAll(async () => {
    simulator = await GatewaySimulator.start();
    const pems = await simulator.publicKeys();
    keys = { alignet: onOneLine(pems.alignet), netzme: onOneLine(pems.netzme) };
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.stop());

  async function sendTo(demo: Demo, path: string, order: Omit<WebhookSendOrder, 'url'>): Promise<number> {
    const { answers } = await simulator.webhooks.send({ ...order, url: `${demo.url}/webhooks/${path}` });
    return answers[0]?.status ?? 0;
  }

  it('every scheme, from variables alone', async () => {
    const { onboarding, msvSecretToken, autopayContract } = SITE;
    const demo = await startOutside({
      ...PLACETOPAY,
      ...ALIGNET,
      ...NETZME_CLIENT,
      ALIGNET_MERCHANT_CODE: PEN.merchantCode,
      ALIGNET_PUBLIC_KEYS: keys.alignet,
      PLACETOPAY_WEBHOOK_ACCEPT_SHA1: 'true',
      PLACETOPAY_ONBOARDING_SECRETS: `${onboarding.kid}:${onboarding.signingSecret}`,
      PLACETOPAY_SCUDO_SECRET_KEY: SITE.scudoKey,
      PLACETOPAY_SCUDO_NOTIFICATION_URL: SCUDO_URL,
      PLACETOPAY_MSV_SECRET_TOKEN: msvSecretToken,
      PLACETOPAY_AUTOPAY_CONTRACT_USER: autopayContract.user,
      PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD: autopayContract.password,
      NETZME_CALLBACK_TOKENS: NETZME.callbackToken,
      NETZME_CALLBACK_PUBLIC_KEYS: keys.netzme,
      NETZME_MERCHANT_IDS: `M_ANOTHER,${NETZME.userId}`,
      NETZME_BASE_URL: simulator.urls.netzme,
      // Asked about sessions and links, nobody answers.
      PLACETOPAY_CHECKOUT_BASE_URL: NOBODY_THERE,
      PLACETOPAY_PAYMENT_LINKS_BASE_URL: NOBODY_THERE,
    });
    const routes = (await demo.get('/webhooks')).json['routes'] as (Pick<WebhookSendOrder, 'gateway' | 'scheme'> & {
      path: string;
      signedUrl?: string;
    })[];
    expect(routes).toHaveLength(19);
    simulator.netzme.addTransaction({ transactionId: 'e337a47dc0ca4fe28e9ae1c2969dcbf5', amount: '51000.00' });
    const statuses: Record<string, number> = {};
    for (const { path, gateway, scheme, signedUrl } of routes) {
      const { body, headers } = await simulator.webhooks.build({ gateway, scheme, url: signedUrl ?? demo.url + path });
      const answer = await fetch(demo.url + path, { method: 'POST', body, headers });
      statuses[path] = answer.status;
    }
    expect(Object.entries(statuses).filter(([, status]) => status !== 200)).toEqual([]);
  });

  it.each<
    [what: string, environment: () => Environment, path: string, order: Omit<WebhookSendOrder, 'url'>, was: object]
  >([
    [
      'the next callback token',
      () => ({ ...NETZME_CLIENT, NETZME_CALLBACK_TOKENS: `an-old-callback-token,${NETZME.callbackToken}` }),
      'netzme/snap-v1',
      { gateway: 'netzme', scheme: 'snap-v1' },
      { verdict: 'accepted', secret: 'next' },
    ],
    [
      'the next public key',
      () => ({
        ...ALIGNET,
        ALIGNET_MERCHANT_CODE: PEN.merchantCode,
        ALIGNET_PUBLIC_KEYS: `${keys.netzme},${keys.alignet}`,
      }),
      'alignet/notification',
      { gateway: 'alignet', scheme: 'notification' },
      { verdict: 'accepted', secret: 'next' },
    ],
    [
      'the published key, which is not the simulator’s',
      () => ({ ...ALIGNET, ALIGNET_MERCHANT_CODE: PEN.merchantCode }),
      'alignet/notification',
      { gateway: 'alignet', scheme: 'notification' },
      { verdict: 'refused', reason: 'mismatch' },
    ],
    [
      'one reading of the redirect only',
      () => ({
        ...ALIGNET,
        ALIGNET_MERCHANT_CODE: PEN.merchantCode,
        ALIGNET_PUBLIC_KEYS: keys.alignet,
        ALIGNET_REDIRECT_SIGNED_DATA: 'decoded',
      }),
      'alignet/redirect',
      { gateway: 'alignet', scheme: 'redirect', variant: 'base64-text' },
      { verdict: 'refused', reason: 'mismatch' },
    ],
    [
      'the other reading of Token Requestor',
      () => ({ ...PLACETOPAY, PLACETOPAY_TOKEN_REQUESTOR_DATA: 'values' }),
      'placetopay/token-requestor',
      { gateway: 'placetopay', scheme: 'token-requestor', variant: 'data-values' },
      { verdict: 'accepted' },
    ],
    [
      'a microsite with credentials of its own',
      () => ({
        ...PLACETOPAY,
        PLACETOPAY_MICROSITE_LOGIN: OTHER_SITE.login,
        PLACETOPAY_MICROSITE_SECRET_KEY: OTHER_SITE.secretKey,
      }),
      'placetopay/microsite',
      { gateway: 'placetopay', scheme: 'microsite-auth', account: OTHER_SITE.login },
      { verdict: 'accepted' },
    ],
    [
      'the secret of an onboarding kid among several',
      () => ({
        ...PLACETOPAY,
        PLACETOPAY_ONBOARDING_SECRETS: `k0:another-signing-secret,k1:${SITE.onboarding.signingSecret}`,
      }),
      'placetopay/onboarding',
      { gateway: 'placetopay', scheme: 'onboarding' },
      { verdict: 'accepted' },
    ],
    [
      'SHA-1 until a day that has not come',
      () => ({ ...PLACETOPAY, PLACETOPAY_WEBHOOK_ACCEPT_SHA1: '2100-01-01' }),
      'placetopay/gateway',
      { gateway: 'placetopay', scheme: 'gateway', variant: 'sha1' },
      { verdict: 'accepted', algorithm: 'sha1' },
    ],
    [
      'SHA-1 until an instant that has passed',
      () => ({ ...PLACETOPAY, PLACETOPAY_WEBHOOK_ACCEPT_SHA1: '2020-01-01T00:00:00-05:00' }),
      'placetopay/gateway',
      { gateway: 'placetopay', scheme: 'gateway', variant: 'sha1' },
      { verdict: 'refused', reason: 'algorithm-refused' },
    ],
    [
      'the path that is registered, where a proxy makes another of it',
      () => ({
        ...NETZME_CLIENT,
        NETZME_CALLBACK_PUBLIC_KEYS: keys.netzme,
        NETZME_MERCHANT_IDS: NETZME.userId,
        NETZME_CALLBACK_PATH: '/shop/callback',
      }),
      'netzme/snap-v2',
      { gateway: 'netzme', scheme: 'snap-v2' },
      { verdict: 'refused', reason: 'mismatch' },
    ],
    [
      'our merchants at Netzme, signed',
      () => ({
        ...NETZME_CLIENT,
        NETZME_CALLBACK_PUBLIC_KEYS: keys.netzme,
        NETZME_MERCHANT_IDS: 'M_ANOTHER',
      }),
      'netzme/snap-v2',
      { gateway: 'netzme', scheme: 'snap-v2' },
      { verdict: 'refused', status: 403, reason: 'unknown-merchant' },
    ],
    [
      'no merchants at Netzme in particular, signed',
      () => ({ ...NETZME_CLIENT, NETZME_CALLBACK_PUBLIC_KEYS: keys.netzme, NETZME_MERCHANT_IDS: 'any' }),
      'netzme/snap-v2',
      { gateway: 'netzme', scheme: 'snap-v2' },
      { verdict: 'accepted' },
    ],
    [
      'our merchants at Netzme, with a token',
      () => ({
        ...NETZME_CLIENT,
        NETZME_CALLBACK_TOKENS: NETZME.callbackToken,
        NETZME_MERCHANT_IDS: 'M_ANOTHER',
      }),
      'netzme/snap-v1',
      { gateway: 'netzme', scheme: 'snap-v1' },
      { verdict: 'refused', status: 403, reason: 'unknown-merchant' },
    ],
    [
      'a token, of a body that says nothing',
      () => ({ ...NETZME_CLIENT, NETZME_CALLBACK_TOKENS: NETZME.callbackToken }),
      'netzme/snap-v1',
      { gateway: 'netzme', scheme: 'snap-v1', data: { latestTransactionStatus: null } },
      { verdict: 'refused', status: 400, reason: 'malformed-body' },
    ],
  ])('%s', async (_, environment, path, order, was) => {
    const demo = await startOutside(environment());
    await sendTo(demo, path, order);
    expect(await newest(demo)).toMatchObject({ scheme: order.scheme, ...was });
  });

  it.each([
    ['onboarding', 'placetopay', { ...PLACETOPAY, PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS: '60' }],
    ['snap-v2', 'netzme', { ...NETZME_CLIENT, NETZME_CALLBACK_TOLERANCE_SECONDS: '60' }],
  ] as const)('the time of %s: a minute either way, not more', async (scheme, gateway, environment) => {
    const secrets: Environment =
      gateway === 'netzme'
        ? { NETZME_CALLBACK_PUBLIC_KEYS: keys.netzme, NETZME_MERCHANT_IDS: NETZME.userId }
        : { PLACETOPAY_ONBOARDING_SECRETS: `k1:${SITE.onboarding.signingSecret}` };
    const demo = await startOutside({ ...environment, ...secrets });
    const statuses: number[] = [];
    for (const seconds of [-65, -55, 55, 65]) {
      simulator.clock.reset();
      simulator.clock.advance(seconds * 1_000);
      statuses.push(await sendTo(demo, `${gateway}/${scheme}`, { gateway, scheme }));
    }
    expect(statuses).toEqual([401, 200, 200, 401]);
  });
});

describe('variables that make no sense', () => {
  const problemsOf = (raw: Environment): string => {
    try {
      validateEnvironment(raw);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it.each<[environment: Environment, problem: string]>([
    [{ PLACETOPAY_WEBHOOK_ACCEPT_SHA1: 'yes-VALUE' }, 'PLACETOPAY_WEBHOOK_ACCEPT_SHA1 must be true, false, or the day'],
    [{ PLACETOPAY_WEBHOOK_ACCEPT_SHA1: '2027-13-01' }, 'PLACETOPAY_WEBHOOK_ACCEPT_SHA1 must be'],
    [{ PLACETOPAY_WEBHOOK_ACCEPT_SHA1: '2027-01-01T00:00:00' }, 'PLACETOPAY_WEBHOOK_ACCEPT_SHA1 must be'],
    [{ PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS: '901' }, 'PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS must be'],
    [{ PLACETOPAY_ONBOARDING_SECRETS: 'VALUE' }, 'PLACETOPAY_ONBOARDING_SECRETS must be kid:secret'],
    [{ PLACETOPAY_ONBOARDING_SECRETS: 'k1:VALUE,' }, 'PLACETOPAY_ONBOARDING_SECRETS must be kid:secret'],
    [{ PLACETOPAY_SCUDO_NOTIFICATION_URL: '/VALUE' }, 'PLACETOPAY_SCUDO_NOTIFICATION_URL must be an absolute URL'],
    [{ PLACETOPAY_TOKEN_REQUESTOR_DATA: 'VALUE' }, 'PLACETOPAY_TOKEN_REQUESTOR_DATA must be one of'],
    [{ ALIGNET_REDIRECT_SIGNED_DATA: 'VALUE' }, 'ALIGNET_REDIRECT_SIGNED_DATA must be one of'],
    [{ ALIGNET_PUBLIC_KEYS: 'VALUE,' }, 'ALIGNET_PUBLIC_KEYS must be'],
    [{ NETZME_CALLBACK_TOKENS: 'a,b,VALUE' }, 'NETZME_CALLBACK_TOKENS must be'],
    [{ NETZME_CALLBACK_TOKENS: 'a VALUE' }, 'NETZME_CALLBACK_TOKENS must be'],
    [{ NETZME_CALLBACK_ALLOW_WEAK_KEYS: 'VALUE' }, 'NETZME_CALLBACK_ALLOW_WEAK_KEYS must be one of'],
    [{ NETZME_CALLBACK_PATH: 'VALUE' }, 'NETZME_CALLBACK_PATH must be a path'],
    [{ NETZME_MERCHANT_IDS: 'a, VALUE' }, 'NETZME_MERCHANT_IDS must be'],
    [{ NETZME_CALLBACK_TOLERANCE_SECONDS: '0' }, 'NETZME_CALLBACK_TOLERANCE_SECONDS must be'],
    [{ PLACETOPAY_AUTOPAY_CONTRACT_USER: 'VALUE' }, 'PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD is missing'],
    [{ PLACETOPAY_MICROSITE_SECRET_KEY: 'VALUE' }, 'PLACETOPAY_MICROSITE_LOGIN is missing'],
    [
      { PLACETOPAY_LOGIN: 'a', PLACETOPAY_SECRET_KEY: 'VALUE', PLACETOPAY_SECRET_KEY_FILE: '/VALUE' },
      'PLACETOPAY_SECRET_KEY and PLACETOPAY_SECRET_KEY_FILE say the same',
    ],
    [{ NETZME_CLIENT_SECRET_FILE: '/VALUE' }, 'NETZME_CLIENT_ID is missing, though NETZME_CLIENT_SECRET_FILE is set'],
  ])('%j', (environment, problem) => {
    expect(problemsOf(environment)).toContain(problem);
    expect(problemsOf(environment)).not.toContain('VALUE');
  });

  it.each<[environment: Environment, problem: string]>([
    [{ ...PLACETOPAY, PLACETOPAY_SCUDO_SECRET_KEY: 'x' }, 'PLACETOPAY_SCUDO_NOTIFICATION_URL is missing'],
    [{ ...PLACETOPAY, PLACETOPAY_SCUDO_NOTIFICATION_URL: SCUDO_URL }, 'PLACETOPAY_SCUDO_SECRET_KEY is missing'],
    [{ ...NETZME_CLIENT, PLACETOPAY_MSV_SECRET_TOKEN: 'x' }, 'PLACETOPAY_LOGIN is missing'],
    [{ ...PLACETOPAY, NETZME_CALLBACK_TOKENS: 'x' }, 'NETZME_CLIENT_ID is missing'],
    [{ ...NETZME_CLIENT, NETZME_CALLBACK_PUBLIC_KEYS: 'x' }, 'NETZME_MERCHANT_IDS is missing'],
    [{ ...ALIGNET, ALIGNET_PUBLIC_KEYS: 'x' }, 'ALIGNET_MERCHANT_CODE is missing'],
  ])('outside the sandbox, where no simulator has the rest: %j', (environment, problem) => {
    expect(problemsOf({ PAYMENT_ENV: 'production', ...environment })).toContain(problem);
    expect(problemsOf(environment)).toBe('');
  });

  it('a key that is none stops the start, and is not shown', async () => {
    const environment = { ...ALIGNET, ALIGNET_MERCHANT_CODE: PEN.merchantCode, ALIGNET_PUBLIC_KEYS: 'bm8ga2V5' };
    const failure: unknown = await startOutside(environment).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG' });
    expect((failure as Error).message).toContain('alignet.notifications.publicKeys');
    expect((failure as Error).message).not.toContain('bm8ga2V5');
  });
});

describe('secrets in files', () => {
  let folder: string;
  let started: DemoProcess | undefined;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'payment-auth-secrets-'));
  });
  afterEach(() => started?.kill());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are read again on SIGHUP: current and next, and kept while a file is not there', async () => {
    const file = join(folder, 'placetopay');
    const write = (...lines: string[]) => writeFileSync(file, `${lines.join('\n')}\n`);
    write('not-the-secret-yet');
    const demo = new DemoProcess({ PORT: '0', PLACETOPAY_LOGIN: SITE.login, PLACETOPAY_SECRET_KEY_FILE: file });
    started = demo;
    const { url, simulator } = await demo.listening();
    const send = async (requestId: number): Promise<unknown> => {
      const order = { gateway: 'placetopay', scheme: 'checkout', url: `${url}/webhooks/placetopay/checkout` };
      const body = JSON.stringify({ ...order, data: { requestId } });
      await fetch(`${simulator.control}/webhooks/send`, { method: 'POST', body });
      const { verdicts } = (await (await fetch(`${url}/webhooks`)).json()) as { verdicts: object[] };
      return verdicts[0];
    };
    let reloads = 0;
    const hangUp = async (): Promise<void> => {
      void demo.end('SIGHUP');
      reloads += 1;
      await demo.printed(new RegExp(`(?:(?:secrets were read again|its function failed)[^]*){${reloads}}`));
    };

    expect(await send(1)).toMatchObject({ reason: 'mismatch' });
    write(SITE.secretKey);
    expect(await send(2)).toMatchObject({ reason: 'mismatch' });
    await hangUp();
    expect(await send(3)).toMatchObject({ verdict: 'accepted', secret: 'current' });
    write('the-one-that-comes', SITE.secretKey);
    await hangUp();
    expect(await send(4)).toMatchObject({ verdict: 'accepted', secret: 'next' });
    rmSync(file);
    await hangUp();
    expect(await send(5)).toMatchObject({ verdict: 'accepted', secret: 'next' });

    expect(await demo.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    expect(demo.stderr).toBe('');
    expect(demo.stdout).toContain('placetopay.secretKey');
    expect(demo.stdout).not.toMatch(/sandbox-\w+(-\w+)?-secret|not-the-secret|the-one-that-comes|\b[0-9a-f]{64}\b/);
  });

  it('that are not there stop the start, by the option’s name', async () => {
    started = new DemoProcess({
      PORT: '0',
      NETZME_CLIENT_ID: NETZME.clientId,
      NETZME_CLIENT_SECRET_FILE: join(folder, 'nothing-there'),
    });
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.stderr).toContain('netzme.clientSecret: its function failed');
    expect(started.stderr).not.toContain('nothing-there');
  });

  it('without any, SIGHUP ends the demo, as closing its terminal should', async () => {
    started = new DemoProcess({ PORT: '0' });
    await started.listening();
    expect(await started.end('SIGHUP')).toEqual({ code: null, signal: 'SIGHUP' });
  });
});

describe('the memory of handled webhooks', () => {
  const order = { gateway: 'alignet', scheme: 'notification' } as const;
  const path = '/webhooks/alignet/notification';

  it('does without Redis when it is away: nothing waits for it at the start, for an answer, or at the end', async () => {
    const demo = await Demo.start({
      hasSimulatorKeys: true,
      environment: { REDIS_URL: NOBODY_THERE.replace('http', 'redis') },
    });
    const { answers } = await demo.simulator.webhooks.send({ ...order, url: demo.url + path });
    expect(answers[0]?.status).toBe(200);
    // A proof that is good once cannot be told from a copy now.
    const microsite = await demo.simulator.webhooks.send({
      gateway: 'placetopay',
      scheme: 'microsite-auth',
      url: `${demo.url}/webhooks/placetopay/microsite`,
    });
    expect(microsite.answers[0]?.status).toBe(503);
    expect(await newest(demo)).toMatchObject({ status: 503, reason: 'replay-store-unavailable' });
    await demo.app.close();
  });

  describeWith(REDIS, 'with Redis', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await RedisServer.start();
    });
    afterAll(() => redis.stop());

    /** It connects in the background, and does without until then. */
    let attempts = 0;
    const untilItRemembers = (demo: Demo, from: GatewaySimulator): Promise<void> =>
      until('it remembers', async () => {
        attempts += 1;
        const data = { merchant_operation_number: `warm-${attempts}` };
        const before = await inRedis();
        await from.webhooks.send({ ...order, data, copies: 2, url: demo.url + path });
        return (await inRedis()) > before;
      });

    /** How many are remembered there. */
    const inRedis = async (): Promise<number> => {
      const client = createClient({ url: redis.url });
      await client.connect();
      const names = await client.keys('payment-auth:notification:*');
      client.destroy();
      return names.length;
    };

    it('is one for all replicas: a copy that reaches another one is acknowledged, and not handled', async () => {
      const simulator = await startSimulator();
      const { alignet } = await simulator.publicKeys();
      const environment = {
        ...ALIGNET,
        ALIGNET_MERCHANT_CODE: PEN.merchantCode,
        ALIGNET_PUBLIC_KEYS: alignet.trim().replaceAll('\n', '\\n'),
        REDIS_URL: redis.url,
        TOKEN_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
        REPLICAS: '2',
      };
      const [one, other] = [await startOutside(environment), await startOutside(environment)];
      await untilItRemembers(one, simulator);
      await untilItRemembers(other, simulator);
      const send = async (demo: Demo): Promise<unknown> =>
        (await simulator.webhooks.send({ ...order, url: demo.url + path })).answers[0];
      expect(await send(one)).toMatchObject({ status: 200, body: 'OK' });
      expect(await send(other)).toMatchObject({ status: 200, body: 'OK' });
      expect(await newest(one)).toMatchObject({ received: 1, handled: 1 });
      expect(await newest(other)).toMatchObject({ received: 1, handled: 0 });
    });

    it('goes on when Redis dies, and remembers again when it is back', async () => {
      const demo = await Demo.start({ hasSimulatorKeys: true, environment: { REDIS_URL: redis.url } });
      await untilItRemembers(demo, demo.simulator);
      const send = async (data: object, copies = 2): Promise<unknown> => {
        await demo.simulator.webhooks.send({ ...order, data: { ...data }, copies, url: demo.url + path });
        const { received, handled } = (await newest(demo)) ?? {};
        return { received, handled };
      };
      expect(await send({ merchant_operation_number: '1' })).toEqual({ received: 2, handled: 1 });
      await redis.kill();
      // What this process handled it knows itself.
      expect(await send({ merchant_operation_number: '2' })).toEqual({ received: 2, handled: 1 });
      await redis.restart();
      await untilItRemembers(demo, demo.simulator);
      expect(await send({ merchant_operation_number: '3' })).toEqual({ received: 2, handled: 1 });
    });
  });
});

it('no secret and no token left the demo, in no answer and no log line', () => {
  expect(observed().answers).toBeGreaterThan(50);
  expect(observed().logLines).toBeGreaterThan(50);
  expect(findSecrets()).toEqual({ answers: [], logs: [] });
});
