import { type GatewaySimulator, type JournalEntry } from '@payment-auth/gateway-simulator';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CALLS } from '../../apps/demo/src/console/calls/call-definitions';
import {
  type CallInput,
  type ConsoleProblem,
  type ExportedFile,
  type ExportFormat,
  type Gateway,
} from '../../apps/demo/src/console/contract';
import { jsonTemplate, Place, templateParts } from '../../apps/demo/src/console/exports/template';
import {
  Demo,
  findSecrets,
  HOUR,
  MINUTE,
  NETZME,
  NOBODY_THERE,
  observed,
  PEN,
  rememberExchange,
  SITE,
  stopAll,
} from '../e2e/demo-app';
import { describeWith } from '../support/describe-with';
import { CURL, OPENSSL } from '../support/needed-program';
import { runBruno } from './bruno-stand-in';
import { ConsoleClient } from './console-client';
import { runCollection } from './postman-stand-in';
import { stopDate } from './stopped-date';

let demo: Demo;
let simulator: GatewaySimulator;
/** What the simulator saw of each call as the demo sends it itself. */
const own = new Map<string, JournalEntry>();
const SKEWS = [600, -600];
/** Whose gateways' clocks are so many seconds ahead. */
const skewed = new Map<number, Demo>();

beforeAll(async () => {
  stopDate();
  demo = await Demo.start({
    isShared: true,
    settings: { netzme: { requestTimeToleranceSeconds: 300 }, placetopay: { refuseReplayedNonce: true } },
  });
  ({ simulator } = demo);
  await makeSession(demo);
  for (const { definition } of CALLS) {
    await new ConsoleClient(demo).post(`/calls/${definition.id}`, { input: INPUTS[definition.id] });
    const [entry] = simulator.journal.entries({ limit: 1 });
    if (entry !== undefined) own.set(definition.id, entry);
  }
  for (const seconds of SKEWS) {
    const environment = { PLACETOPAY_CLOCK_SKEW_SECONDS: String(seconds) };
    const other = await Demo.start({ isShared: true, environment });
    other.simulator.clock.advance(seconds * 1_000);
    await makeSession(other);
    skewed.set(seconds, other);
  }
});
afterAll(async () => {
  for (const { app } of [demo, ...skewed.values()]) await app.close();
  jest.useRealTimers();
});
beforeEach(() => simulator.journal.clear());
afterEach(async () => {
  simulator.clock.reset();
  simulator.faults.clear();
  await stopAll();
});

/** There has to be one, for the query to find. */
const makeSession = (of: Demo) =>
  of.post('/placetopay/sessions', { reference: 'ORDER-1', currency: 'COP', total: 1000 });

const CREDENTIALS: Readonly<Record<Gateway, Readonly<Record<string, string>>>> = {
  alignet: { ALIGNET_CLIENT_ID: PEN.clientId, ALIGNET_CLIENT_SECRET: PEN.clientSecret },
  placetopay: { PLACETOPAY_LOGIN: SITE.login, PLACETOPAY_SECRET_KEY: SITE.secretKey },
  netzme: { NETZME_CLIENT_ID: NETZME.clientId, NETZME_CLIENT_SECRET: NETZME.clientSecret },
};

/** What a shell, a template or a script could stumble over. */
const NASTY = `O'Brien & "Söhne" \\ $HOME \`id\` {{nonce}} {{{x}}} %s`;
const PAYMENT = { reference: 'ORDER-1001', currency: 'COP', total: '12000', description: NASTY };
const INPUTS: Readonly<Record<string, CallInput>> = {
  'alignet-nonce': {},
  'alignet-checkout-session': { scope: 'post:charges' },
  'placetopay-session': PAYMENT,
  'placetopay-query': { requestId: '1' },
  'placetopay-payment-link': { ...PAYMENT, name: NASTY },
  'netzme-balance': { userId: NETZME.userId },
  'netzme-transactions': { userId: NETZME.userId, startdate: '2026-11-01', enddate: '2026-11-30', page: '1' },
  'netzme-withdraw-inquiry': { userId: NETZME.userId, amount: '10000.00' },
};

interface Case {
  readonly id: string;
  readonly gateway: Gateway;
}
const CASES: readonly Case[] = CALLS.map(({ definition: { id, gateway } }) => ({ id, gateway }));
const WEEK = 7 * 24 * HOUR;

async function exported(id: string, format: ExportFormat, of = demo): Promise<ExportedFile> {
  const { status, body, text } = await new ConsoleClient(of).post<ExportedFile>(`/calls/${id}/export`, {
    input: INPUTS[id],
    format,
  });
  rememberExchange(`POST /calls/${id}/export`, text, []);
  expect([id, status]).toEqual([id, 200]);
  return body;
}

function expectAccepted(gateway: Gateway): void {
  const entries = simulator.journal.entries();
  expect(entries.map(({ verdict, reason }) => [verdict, reason])).toEqual(entries.map(() => ['accepted', undefined]));
  expect(entries).toHaveLength(gateway === 'placetopay' ? 1 : 2);
  expect(entries.at(-1)).toMatchObject({ gateway });
}

/** In place of the script's `date`, which converts as it does, on a machine whose clock stands still. BSD's knows no `-d`. */
const DATE = `date() {
  case "$*" in
    *'-d @'* | *'-r '*) command date "$@" ;;
    *) command date -u -d "@$NOW" "$@" 2>/dev/null || command date -u -r "$NOW" "$@" ;;
  esac
}
`;

async function runShell(script: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, NOW: String(Math.floor(simulator.clock.now() / 1_000)), ...environment };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', DATE + script], { env });
  return stdout;
}

/** Somebody who saved an export and sends it again and again. What its script keeps for the next time is kept. */
function saved({ content }: ExportedFile, format: ExportFormat, gateway: Gateway): () => Promise<unknown> {
  const credentials = CREDENTIALS[gateway];
  const variables = { ...credentials };
  const runtime = {};
  const send = {
    curl: () => runShell(content, credentials),
    postman: (now: number) => runCollection(content, variables, now),
    bruno: (now: number) => runBruno(content, { processEnv: credentials, runtime, now }),
  }[format];
  return () => send(simulator.clock.now());
}

/** What is new in every request. */
interface Proven {
  readonly auth?: { readonly nonce: string };
  readonly requestId?: string;
}

/** How many minutes its times are ahead of a request's arrival. */
function minutesAhead({ at, headers, body }: JournalEntry): Record<string, number> {
  const { auth, expiration, expirationDate } = JSON.parse(body || '{}') as Record<string, string> & {
    auth?: { seed: string };
  };
  const times = {
    seed: Date.parse(auth?.seed ?? ''),
    expiration: Date.parse(expiration ?? ''),
    expirationDate: Date.parse(`${expirationDate ?? ''}Z`),
    requestTime: Number(headers['request-time'] ?? NaN),
  };
  // No minus zero.
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, Math.round((time - at) / MINUTE) + 0]));
}

const FILES: Readonly<Record<ExportFormat, readonly [extension: string, mediaType: string]>> = {
  curl: ['sh', 'application/x-sh'],
  postman: ['postman_collection.json', 'application/json'],
  bruno: ['bru', 'text/plain'],
};

/** An export as it should be: a file that names the credentials and has none in it, and that was made without a gateway. */
async function expectExported({ id, gateway }: Case, format: ExportFormat): Promise<ExportedFile> {
  const file = await exported(id, format);
  const [extension, mediaType] = FILES[format];
  expect([file.fileName, file.mediaType]).toEqual([`${id}.${extension}`, mediaType]);
  for (const [name, value] of Object.entries(CREDENTIALS[gateway])) {
    expect(file.content).toContain(name);
    expect(file.content).not.toContain(value);
  }
  expect(simulator.journal.entries()).toEqual([]);
  return file;
}

/** The gateway took what the call sends: same target, same body but for what is new every time, and the times of then. */
function expectSameAsCall({ id, gateway }: Case): void {
  expectAccepted(gateway);
  const [sent] = simulator.journal.entries({ limit: 1 });
  const call = own.get(id);
  expect([sent?.method, sent?.target]).toEqual([call?.method, call?.target]);
  expect(comparable(sent?.body)).toEqual(comparable(call?.body));
  expect(sent && minutesAhead(sent)).toEqual(call && minutesAhead(call));
}

describeWith(CURL, 'exported as a shell script', () => {
  describeWith(OPENSSL, 'which signs', () => {
    it.each(CASES)('$id is taken by the gateway, a week later, with the times of then', async (call) => {
      const file = await expectExported(call, 'curl');
      await expect(runShell(file.content, {})).rejects.toThrow(/is not set/);
      simulator.clock.advance(WEEK);
      const answer = JSON.parse(await runShell(file.content, CREDENTIALS[call.gateway])) as object;
      expectSameAsCall(call);
      expect(JSON.stringify(answer)).not.toContain('FAILED');
    });

    behavesAsSaved('curl');
  });
});

describe.each(['postman', 'bruno'] as const)('exported for %s', (format) => {
  it.each(CASES)('$id is taken by the gateway, with the token it has or, a week later, another one', async (call) => {
    const send = saved(await expectExported(call, format), format, call.gateway);
    expect(await send()).toMatchObject({ status: own.get(call.id)?.status });
    expectSameAsCall(call);
    const { length } = simulator.journal.entries();
    expect(await send()).toMatchObject({ status: own.get(call.id)?.status });
    expect(simulator.journal.entries()).toHaveLength(length + 1);
    simulator.clock.advance(WEEK);
    simulator.journal.clear();
    expect(await send()).toMatchObject({ status: own.get(call.id)?.status });
    expectSameAsCall(call);
  });

  it.each(CASES.filter(({ gateway }) => gateway !== 'placetopay'))(
    '$id asks for another token after a 401, and after no other failure',
    async ({ id, gateway }) => {
      const send = saved(await exported(id, format), format, gateway);
      const sent = async () => {
        simulator.journal.clear();
        await send();
        return simulator.journal.entries().map(({ status, verdict }) => [status, verdict]);
      };
      const [token, call] = await sent();
      expect([token, call]).toEqual([
        [200, 'accepted'],
        [200, 'accepted'],
      ]);
      simulator.faults.add({ gateway, kind: 'status', status: 503, times: 1 });
      expect(await sent()).toEqual([[503, 'fault']]);
      expect(await sent()).toEqual([call]);
      if (gateway === 'netzme') simulator.netzme.stealToken(NETZME.clientId);
      else simulator.alignet.revokeTokens(PEN.clientId);
      expect(await sent()).toEqual([[401, 'refused']]);
      expect(await sent()).toEqual([token, call]);
      expect(await sent()).toEqual([call]);
    },
  );

  behavesAsSaved(format);
});

function behavesAsSaved(format: ExportFormat): void {
  it('uses no nonce and no request id twice, not even in the same second', async () => {
    for (const [id, gateway] of [
      ['placetopay-session', 'placetopay'],
      ['netzme-withdraw-inquiry', 'netzme'],
    ] as const) {
      const send = saved(await exported(id, format), format, gateway);
      await send();
      await send();
    }
    const entries = simulator.journal.entries();
    expect(entries.map(({ verdict }) => verdict)).toEqual(entries.map(() => 'accepted'));
    const nonces = entries.flatMap(({ body }) => (JSON.parse(body) as Proven).auth?.nonce ?? []);
    const ids = entries.flatMap(({ body }) => (JSON.parse(body) as Proven).requestId ?? []);
    expect([new Set(nonces).size, new Set(ids).size]).toEqual([2, 2]);
  });

  it('signs its body as somebody has changed it there', async () => {
    simulator.updateSettings({ netzme: { minifyBeforeCheck: false } });
    const member = `{\n    "note" : ${JSON.stringify(`${NASTY}\n€ 😀`)},\n    "userId"`;
    const change = {
      curl: (text: string) => text.replace('{"userId"', () => member.replaceAll("'", `'\\''`)),
      postman: (text: string) => text.replace('{\\"userId\\"', () => JSON.stringify(member).slice(1, -1)),
      bruno: (text: string) => text.replace('{"userId"', () => member),
    }[format];
    const file = await exported('netzme-withdraw-inquiry', format);
    await saved({ ...file, content: change(file.content) }, format, 'netzme')();
    simulator.updateSettings({ netzme: { minifyBeforeCheck: true } });
    expectAccepted('netzme');
    const { body = '' } = simulator.journal.entries().at(-1) ?? {};
    expect(body).toMatch(/"body":\{\n +"note" : "/);
    expect(JSON.parse(body)).toHaveProperty('body.note', `${NASTY}\n€ 😀`);
  });

  it.each(SKEWS)('shifts its seed by a clock that is %i s ahead, as the library does', async (seconds) => {
    const file = await exported('placetopay-query', format, skewed.get(seconds));
    const { journal } = skewed.get(seconds)?.simulator ?? simulator;
    journal.clear();
    await saved(file, format, 'placetopay')();
    const entries = journal.entries();
    expect(entries.map(({ verdict }) => verdict)).toEqual(['accepted']);
    expect(file.content).toContain('PLACETOPAY_CLOCK_SKEW_SECONDS put it right');
  });
}

describe('an export', () => {
  it('as a Bruno request goes by the environment of the moment, and to where it was exported for', async () => {
    const runtime = {};
    for (const [id, gateway] of [
      ['placetopay-query', 'placetopay'],
      ['netzme-balance', 'netzme'],
    ] as const) {
      const { content } = await exported(id, 'bruno');
      const right = { ...CREDENTIALS[gateway], baseUrl: NOBODY_THERE };
      await runBruno(content, { environment: { ...right, PLACETOPAY_LOGIN: 'mistyped' }, runtime });
      expect((await runBruno(content, { environment: right, runtime })).status).toBe(200);
    }
  });

  it('uses another digest where the merchant has one configured', async () => {
    const other = await Demo.start({ environment: { PLACETOPAY_DIGEST_ALGORITHM: 'sha1' } });
    expect((await exported('placetopay-query', 'curl', other)).content).toContain('dgst -sha1');
    expect((await exported('placetopay-query', 'postman', other)).content).toContain('CryptoJS.SHA1(');
  });

  it('of a gateway that is not configured says so', async () => {
    const environment = { PAYMENT_ENV: 'test', NETZME_CLIENT_ID: 'someone', NETZME_CLIENT_SECRET: 'a-secret' };
    const console = new ConsoleClient(await Demo.start({ environment }));
    for (const id of ['alignet-nonce', 'placetopay-query']) {
      const { status, body } = await console.post<ConsoleProblem>(`/calls/${id}/export`, {
        input: INPUTS[id],
        format: 'curl',
      });
      expect([status, body.code]).toEqual([409, 'not-configured']);
    }
  });

  it.each([
    [{ input: {}, format: 'wsdl' }, 'format'],
    [{ input: {} }, 'format'],
    [{ format: 'curl' }, 'input'],
    [{ input: {}, format: 'curl' }, 'userId'],
  ])('refuses %j', async (order, field) => {
    const { status, body } = await new ConsoleClient(demo).post<ConsoleProblem>('/calls/netzme-balance/export', order);
    expect([status, body.code, body.field]).toEqual([400, 'invalid-input', field]);
  });
});

it('no export had a secret in it', () => {
  expect(observed().answers).toBeGreaterThan(2 * CASES.length);
  expect(findSecrets().answers).toEqual([]);
});

describe('a template', () => {
  it('has places where they were put, and nowhere else', () => {
    const template = jsonTemplate({ a: '{{x}} {{{', b: new Place('name'), c: { d: '{' } });
    expect(templateParts(template).filter((_, index) => index % 2 === 1)).toEqual(['name']);
    expect(JSON.parse(template)).toEqual({ a: '{{x}} {{{', b: '{{name}}', c: { d: '{' } });
  });
});

function comparable(body = ''): unknown {
  if (body === '') return '';
  const {
    auth: _auth,
    expiration: _at,
    expirationDate: _until,
    requestId: _id,
    ...rest
  } = JSON.parse(body) as Record<string, unknown>;
  const { ipAddress: _ip, userAgent: _agent, returnUrl: _url, ...same } = rest;
  return same;
}
