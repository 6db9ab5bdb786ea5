import { DEFAULT_SETTINGS, type Fault, type FaultKind, type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { SECRETS, USER_ID } from './canaries';
import { ECHOES, type EchoGateway } from './echo-gateway';
import { type Haul } from './haul';
import { type WebhookCounts, webhookOrders } from './webhook-orders';
import { type WireTap } from './wire-tap';
import { shortOrLong } from '../../support/tier';

/** A demo, whoever runs it, and the simulator behind it. */
export interface Stage {
  readonly haul: Haul;
  readonly url: string;
  readonly simulator: GatewaySimulator;
  /** Makes the demo want new tokens, and forget that there was none. */
  readonly endTokens: () => void;
}

const ORDER = JSON.stringify({ reference: 'ORDER-1001', currency: 'COP', total: 12_000 });
const WITHDRAWAL = JSON.stringify({ userId: USER_ID, amount: '10000.00' });

interface Call {
  readonly gateway: Fault['gateway'];
  /** Of the gateway, in the order in which the demo's route needs them. */
  readonly operations: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** Every route of the demo that calls a gateway. */
const CALLS: readonly Call[] = [
  { gateway: 'alignet', operations: ['token', 'nonce'], method: 'POST', path: '/alignet/nonce' },
  { gateway: 'alignet', operations: ['token', 'nonce'], method: 'POST', path: '/alignet/checkout-session' },
  {
    gateway: 'placetopay',
    operations: ['createSession'],
    method: 'POST',
    path: '/placetopay/sessions',
    body: ORDER,
  },
  { gateway: 'placetopay', operations: ['querySession'], method: 'GET', path: '/placetopay/sessions/1' },
  {
    gateway: 'placetopay',
    operations: ['createLink'],
    method: 'POST',
    path: '/placetopay/payment-links',
    body: ORDER,
  },
  {
    gateway: 'netzme',
    operations: ['token', 'business'],
    method: 'GET',
    path: `/netzme/balance?userId=${USER_ID}`,
  },
  {
    gateway: 'netzme',
    operations: ['token', 'business'],
    method: 'GET',
    path: `/netzme/transactions?userId=${USER_ID}&startdate=2026-11-01&enddate=2026-11-30&page=1`,
  },
  {
    gateway: 'netzme',
    operations: ['token', 'business'],
    method: 'POST',
    path: '/netzme/withdraw/inquiry',
    body: WITHDRAWAL,
  },
];

const statuses = (...codes: readonly number[]): Partial<Fault>[] => codes.map((status) => ({ status }));
const answers = (...bodies: readonly unknown[]): Partial<Fault>[] => bodies.map((body) => ({ status: 200, body }));

/** At least one of every kind of fault the simulator knows, the first of each in `npm test`; the compiler asks for more should it learn one. */
const FAULTS: Readonly<Record<FaultKind, readonly Partial<Fault>[]>> = {
  // Until the demo's deadline passes: see `driveDelays`.
  delay: [],
  status: [
    ...statuses(401, 400, 403, 404, 409, 422, 429, 500, 503),
    ...answers(null, [], 'null', '"text"', {}, { success: 'false' }, { status: 'UNAUTHORIZED' }, { status: 302 }),
    ...answers(
      { status: { status: 'FAILED', reason: 'XX', message: 'No' } },
      { status: 'SUCCEES', access_token: 'x\r\n' },
    ),
  ],
  cut: [{}, { afterProcessing: true }],
  'malformed-body': [{}, { status: 500 }],
  'ok-with-failure': [{}],
  redirect: [{}, { status: 301, location: 'http://127.0.0.1:1/elsewhere' }, { location: 'not a url' }],
  'empty-body': [{}, { status: 502 }],
  html: [{}, { status: 200 }],
};

const PLACETOPAY_CODES = shortOrLong([100, 10001], [100, 101, 102, 103, 104, 105, 106, 107, 200, 10001]);

const sessions = new Map<string, Promise<string>>();

/** Of the demo at that address: its own routes want one, because there is an access token. */
async function sessionAt(url: string): Promise<string> {
  const known = sessions.get(url) ?? signIn(url);
  sessions.set(url, known);
  return known;
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/console/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Console': '1' },
    body: JSON.stringify({ token: SECRETS.consoleAccess }),
  });
  return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
}

/** Like `haul.ask`, signed in. */
async function askOwn(
  { haul, url }: Pick<Stage, 'haul' | 'url'>,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  const session = await sessionAt(url);
  const cookie = [session, headers['Cookie']].filter((one) => one !== undefined && one !== '').join('; ');
  const message = {
    ...(body !== undefined && { body }),
    headers: { ...headers, ...(cookie !== '' && { Cookie: cookie }) },
  };
  return haul.ask(url, method, path, message);
}

/** Whether it was answered with a success. */
async function ask(stage: Pick<Stage, 'haul' | 'url'>, { method, path, body }: Call): Promise<boolean> {
  const message = body === undefined ? {} : { body, headers: { 'Content-Type': 'application/json' } };
  return (await askOwn(stage, method, path, message)) < 300;
}

/** Every route, when all is well. Returns those that failed. */
export async function driveSuccesses(stage: Pick<Stage, 'haul' | 'url'>): Promise<string[]> {
  const failed: string[] = [];
  for (const call of CALLS) if (!(await ask(stage, call))) failed.push(call.path);
  return failed;
}

/**
 * Every fault in every operation of every route, and each time a success afterwards. Returns faults that did no harm, and
 * routes that did not recover.
 */
export async function driveFaults(stage: Stage): Promise<string[]> {
  const { haul, url, simulator, endTokens } = stage;
  const unexpected: string[] = [];
  for (const call of CALLS) {
    for (const operation of call.operations) {
      for (const [kind, faults] of Object.entries(FAULTS) as [FaultKind, readonly Partial<Fault>[]][]) {
        simulator.faults.add({ gateway: call.gateway, operation, kind, delayMs: 0, times: 0 });
        endTokens();
        await haul.ask(url, 'GET', '/health');
        simulator.faults.clear();
        for (const fault of faults.slice(0, shortOrLong(1, Infinity))) {
          endTokens();
          simulator.faults.add({ gateway: call.gateway, operation, kind, times: 0, ...fault });
          const did = `${call.path}, ${operation}: ${kind} ${JSON.stringify(fault)}`;
          // What is said with HTTP 200 may be believed, where a gateway has no form of its own for success.
          if ((await ask(stage, call)) && fault.status !== 200) unexpected.push(`${did} did no harm`);
          simulator.faults.clear();
          endTokens();
          if (!(await ask(stage, call))) unexpected.push(`${did} was not got over`);
        }
      }
    }
  }
  return unexpected;
}

/** Answers that come later than a demo of that deadline waits. Returns those that it did wait for. */
export async function driveDelays(stage: Stage, deadlineMs: number): Promise<string[]> {
  const awaited: string[] = [];
  for (const call of CALLS) {
    for (const operation of call.operations) {
      stage.endTokens();
      const delayMs = 4 * deadlineMs;
      stage.simulator.faults.add({ gateway: call.gateway, operation, kind: 'delay', delayMs, times: 0 });
      if (await ask(stage, call)) awaited.push(`${call.path}, ${operation}`);
      stage.simulator.faults.clear();
    }
  }
  return awaited;
}

/** A gateway that repeats what it is sent, in each of its ways. Returns the routes that took that for a success. */
export async function driveEchoes(demo: Pick<Stage, 'haul' | 'url' | 'endTokens'>, gateway: EchoGateway) {
  const believed: string[] = [];
  for (const echo of ECHOES) {
    gateway.echo = echo;
    demo.endTokens();
    for (const call of CALLS) if (await ask(demo, call)) believed.push(`${call.path}: ${JSON.stringify(echo)}`);
    await demo.haul.ask(demo.url, 'GET', '/health');
  }
  return believed;
}

/** What Placetopay may say of an `auth`, in each of its forms, and states that make it say so. */
export async function drivePlacetopayRefusals({ haul, url, simulator }: Stage, login: string): Promise<string[]> {
  const accepted: string[] = [];
  const expectRefusals = async (why: string): Promise<void> => {
    for (const call of CALLS.filter(({ gateway }) => gateway === 'placetopay')) {
      if (await ask({ haul, url }, call)) accepted.push(`${why}: ${call.path}`);
    }
  };
  for (const placetopayCode of PLACETOPAY_CODES) {
    for (const settings of [
      {},
      { reasonAs: 'string' },
      { defaultLanguage: 'en' },
      { authFailureHttpStatus: 400 },
    ] as const) {
      simulator.updateSettings({ placetopay: settings });
      simulator.faults.add({ gateway: 'placetopay', kind: 'status', placetopayCode, times: 0 });
      await expectRefusals(`${placetopayCode} ${JSON.stringify(settings)}`);
      simulator.faults.clear();
    }
  }
  for (const state of ['inactive', 'expired', 'credentials-expired', 'other-environment'] as const) {
    simulator.placetopay.setSiteState(login, state);
    await expectRefusals(state);
  }
  simulator.placetopay.setSiteState(login, 'active');
  for (const minutes of [6, -12]) {
    simulator.clock.advance(minutes * 60_000);
    await expectRefusals(`a clock ${minutes} minutes off`);
  }
  simulator.clock.reset();
  simulator.updateSettings({ placetopay: DEFAULT_SETTINGS.placetopay });
  return accepted;
}

/** The demo's own routes and refusals, with secrets in what the caller sends. */
export async function driveOwnRoutes(stage: Pick<Stage, 'haul' | 'url'>): Promise<void> {
  for (const path of ['/', '/docs', '/docs-json', '/health', '/webhooks', '/nowhere']) await askOwn(stage, 'GET', path);
  const json = { 'Content-Type': 'application/json' };
  const secret = SECRETS.alignet;
  const bodies = [
    JSON.stringify({ client_secret: secret }),
    JSON.stringify({ scope: secret }),
    `{"client_secret": ${JSON.stringify(secret)}`,
    JSON.stringify([secret]),
    JSON.stringify(secret.repeat(10_000)),
  ];
  for (const { path } of CALLS.filter(({ method }) => method === 'POST')) {
    for (const body of bodies) await askOwn(stage, 'POST', path, { body, headers: json });
    await askOwn(stage, 'POST', path, { body: secret, headers: { 'Content-Type': 'text/plain' } });
    await askOwn(stage, 'POST', path, { body: bodies[0] ?? '', headers: { ...json, 'Content-Encoding': 'gzip' } });
  }
  for (const path of ['/netzme/balance', '/netzme/transactions', '/placetopay/sessions/x', '/health', '/webhooks']) {
    await askOwn(stage, 'GET', `${path}?token=${encodeURIComponent(secret)}&userId=${encodeURIComponent(secret)}`);
    await askOwn(stage, 'GET', path, { headers: { Authorization: `Bearer ${encodeURIComponent(secret)}` } });
    await askOwn(stage, 'GET', path, { headers: { Cookie: `session=${encodeURIComponent(secret)}` } });
  }
}

/** Every webhook, right and broken in every way, sent through the tap. Returns how many were accepted and refused. */
export async function driveWebhooks({ haul, url, simulator }: Stage, front: WireTap): Promise<WebhookCounts> {
  const { routes } = (await (await fetch(`${url}/webhooks`, { headers: { Cookie: await sessionAt(url) } })).json()) as {
    routes: readonly { path: string; gateway: Fault['gateway']; scheme: string }[];
  };
  const counts = { accepted: 0, refused: 0 };
  for (const order of webhookOrders(simulator)) {
    const route = routes.find(({ gateway, scheme }) => gateway === order.gateway && scheme === order.scheme);
    if (route === undefined) throw new Error(`the demo has no route for ${order.gateway} ${order.scheme}`);
    const sent = await simulator.webhooks.send({ ...order, url: front.url + route.path });
    haul.addValue(`what the simulator keeps of the webhook ${order.scheme}`, sent);
    counts[sent.answers[0]?.status === 200 ? 'accepted' : 'refused'] += 1;
  }
  front.answers().forEach((answer) => haul.add('an answer to a webhook', answer));
  await haul.ask(url, 'GET', '/webhooks');
  return counts;
}

/** Every route of the control server, first to read and then to change, with a secret where none belongs. Returns how many. */
export async function driveControl(haul: Haul, url: string): Promise<number> {
  const { routes } = (await (await fetch(url)).json()) as { routes: readonly string[] };
  const all = routes.map((route) => /^(\S+) (\S+):/.exec(route)?.slice(1) ?? []);
  const body = JSON.stringify({ unknown: SECRETS.netzme });
  for (const [method = '', path = ''] of all) if (method === 'GET') await haul.ask(url, method, path);
  for (const [method = '', path = ''] of all) if (method !== 'GET') await haul.ask(url, method, path, { body });
  return all.length;
}
