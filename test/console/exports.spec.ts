import { type JournalEntry } from '@payment-auth/gateway-simulator';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findCall } from '../../apps/demo/src/console/calls/call-input';
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
  type DemoStart,
  findSecrets,
  HOUR,
  MINUTE,
  NETZME,
  NOBODY_THERE,
  PEN,
  rememberExchange,
  SITE,
  stopAll,
} from '../e2e/demo-app';
import { runBruno } from './bruno-stand-in';
import { ConsoleClient } from './console-client';
import { runCollection } from './postman-stand-in';

afterEach(stopAll);

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
const FORMATS: readonly ExportFormat[] = ['curl', 'postman', 'bruno'];
const WEEK = 7 * 24 * HOUR;

async function exported(demo: Demo, id: string, format: ExportFormat, input = INPUTS[id]): Promise<ExportedFile> {
  const { status, body, text } = await new ConsoleClient(demo).post<ExportedFile>(`/calls/${id}/export`, {
    input,
    format,
  });
  rememberExchange(`POST /calls/${id}/export`, text, []);
  expect([id, status]).toEqual([id, 200]);
  return body;
}

/** There has to be one, for the query to find. */
async function startDemo(settings: DemoStart['settings'] = {}): Promise<Demo> {
  const demo = await Demo.start({ settings });
  await demo.post('/placetopay/sessions', { reference: 'ORDER-1', currency: 'COP', total: 1000 });
  demo.simulator.journal.clear();
  return demo;
}

function expectAccepted(demo: Demo, gateway: Gateway): void {
  const entries = demo.simulator.journal.entries();
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

async function runShell(
  script: string,
  environment: Readonly<Record<string, string>>,
  now = Date.now(),
): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, NOW: String(Math.floor(now / 1_000)), ...environment };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', DATE + script], { env });
  return stdout;
}

/** Somebody who saved an export and sends it again and again. What its script keeps for the next time is kept. */
async function saved(
  demo: Demo,
  id: string,
  format: ExportFormat,
  change = (text: string): string => text,
): Promise<(now?: number) => Promise<unknown>> {
  const content = change((await exported(demo, id, format)).content);
  const credentials = CREDENTIALS[findCall(id).definition.gateway];
  const variables = { ...credentials };
  const runtime = {};
  switch (format) {
    case 'curl':
      return (now) => runShell(content, credentials, now);
    case 'postman':
      return (now) => runCollection(content, variables, now);
    case 'bruno':
      return (now = Date.now()) => runBruno(content, { processEnv: credentials, runtime, now });
  }
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

describe.each(CASES)('$id exported', ({ id, gateway }) => {
  it('as a shell script is taken by the gateway', async () => {
    const demo = await startDemo();
    const { fileName, mediaType, content } = await exported(demo, id, 'curl');
    expect([fileName, mediaType]).toEqual([`${id}.sh`, 'application/x-sh']);
    const answer = JSON.parse(await runShell(content, CREDENTIALS[gateway])) as object;
    expectAccepted(demo, gateway);
    expect(JSON.stringify(answer)).not.toContain('FAILED');
    await expect(runShell(content, {})).rejects.toThrow(/is not set/);
  });

  it('as a Postman collection is taken by the gateway, a second time with the token it has', async () => {
    const demo = await startDemo();
    const { fileName, mediaType, content } = await exported(demo, id, 'postman');
    expect([fileName, mediaType]).toEqual([`${id}.postman_collection.json`, 'application/json']);
    const variables = { ...CREDENTIALS[gateway] };
    expect((await runCollection(content, variables)).status).toBeLessThan(300);
    expectAccepted(demo, gateway);
    const before = demo.simulator.journal.entries().length;
    expect((await runCollection(content, variables)).status).toBeLessThan(300);
    expect(demo.simulator.journal.entries()).toHaveLength(before + 1);
  });

  it('as a Bruno request is taken by the gateway, a second time with the token it has', async () => {
    const demo = await startDemo();
    const { fileName, mediaType, content } = await exported(demo, id, 'bruno');
    expect([fileName, mediaType]).toEqual([`${id}.bru`, 'text/plain']);
    const surroundings = { processEnv: CREDENTIALS[gateway], runtime: {} };
    expect((await runBruno(content, surroundings)).status).toBeLessThan(300);
    expectAccepted(demo, gateway);
    const before = demo.simulator.journal.entries().length;
    expect((await runBruno(content, surroundings)).status).toBeLessThan(300);
    expect(demo.simulator.journal.entries()).toHaveLength(before + 1);
  });

  it.each(FORMATS)('as %s is taken a week later, with the times of then and another token', async (format) => {
    const demo = await startDemo({ netzme: { requestTimeToleranceSeconds: 300 } });
    const { simulator } = demo;
    await new ConsoleClient(demo).post(`/calls/${id}`, { input: INPUTS[id] });
    const [own] = simulator.journal.entries({ limit: 1 });
    const send = await saved(demo, id, format);
    await send();
    simulator.clock.advance(WEEK);
    simulator.journal.clear();
    await send(simulator.clock.now());
    expectAccepted(demo, gateway);
    const [other] = simulator.journal.entries({ limit: 1 });
    expect(other && minutesAhead(other)).toEqual(own && minutesAhead(own));
  });

  it('has no credential in it, and asks the gateway for nothing', async () => {
    const demo = await startDemo();
    for (const format of ['curl', 'postman', 'bruno'] as const) {
      const { content } = await exported(demo, id, format);
      for (const [name, value] of Object.entries(CREDENTIALS[gateway])) {
        expect(content).toContain(name);
        expect(content).not.toContain(value);
      }
    }
    expect(demo.simulator.journal.entries()).toEqual([]);
    expect(findSecrets().answers).toEqual([]);
  });
});

describe.each(CASES.filter(({ gateway }) => gateway !== 'placetopay'))('$id exported', ({ id, gateway }) => {
  it.each(['postman', 'bruno'] as const)(
    'as %s asks for another token after a 401, and after no other failure',
    async (format) => {
      const demo = await startDemo();
      const { simulator } = demo;
      const send = await saved(demo, id, format);
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
});

describe('an export', () => {
  it.each(FORMATS)(
    'as %s sends what the call sends: same target, same body but for what is new every time',
    async (format) => {
      const demo = await startDemo();
      for (const { id } of CASES) {
        await new ConsoleClient(demo).post(`/calls/${id}`, { input: INPUTS[id] });
        const own = demo.simulator.journal.entries().at(-1);
        await (
          await saved(demo, id, format)
        )();
        const other = demo.simulator.journal.entries().at(-1);
        expect([id, other?.method, other?.target]).toEqual([id, own?.method, own?.target]);
        expect(comparable(other?.body ?? '')).toEqual(comparable(own?.body ?? ''));
      }
    },
  );

  it.each(FORMATS)('as %s uses no nonce and no request id twice, not even in the same second', async (format) => {
    const demo = await startDemo({ placetopay: { refuseReplayedNonce: true } });
    const now = demo.simulator.clock.now();
    for (const id of ['placetopay-session', 'netzme-withdraw-inquiry']) {
      const send = await saved(demo, id, format);
      await send(now);
      await send(now);
    }
    const entries = demo.simulator.journal.entries();
    expect(entries.map(({ verdict }) => verdict)).toEqual(entries.map(() => 'accepted'));
    const ids = entries.flatMap(({ body }) => (JSON.parse(body) as { requestId?: string }).requestId ?? []);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(FORMATS)('as %s signs its body as somebody has changed it there', async (format) => {
    const demo = await startDemo({ netzme: { minifyBeforeCheck: false } });
    const member = `{\n    "note" : ${JSON.stringify(`${NASTY}\n€ 😀`)},\n    "userId"`;
    const changes: Readonly<Record<ExportFormat, (text: string) => string>> = {
      curl: (text) => text.replace('{"userId"', () => member.replaceAll("'", `'\\''`)),
      postman: (text) => text.replace('{\\"userId\\"', () => JSON.stringify(member).slice(1, -1)),
      bruno: (text) => text.replace('{"userId"', () => member),
    };
    await (
      await saved(demo, 'netzme-withdraw-inquiry', format, changes[format])
    )();
    expectAccepted(demo, 'netzme');
    const { body = '' } = demo.simulator.journal.entries().at(-1) ?? {};
    expect(body).toMatch(/"body":\{\n +"note" : "/);
    expect(JSON.parse(body)).toHaveProperty('body.note', `${NASTY}\n€ 😀`);
  });

  it('as a Bruno request goes by the environment of the moment, and to where it was exported for', async () => {
    const demo = await startDemo();
    const runtime = {};
    for (const [id, gateway] of [
      ['placetopay-query', 'placetopay'],
      ['netzme-balance', 'netzme'],
    ] as const) {
      const { content } = await exported(demo, id, 'bruno');
      const right = { ...CREDENTIALS[gateway], baseUrl: NOBODY_THERE };
      await runBruno(content, { environment: { ...right, PLACETOPAY_LOGIN: 'mistyped' }, runtime });
      expect((await runBruno(content, { environment: right, runtime })).status).toBe(200);
    }
  });

  it('uses another digest where the merchant has one configured', async () => {
    const demo = await Demo.start({ environment: { PLACETOPAY_DIGEST_ALGORITHM: 'sha1' } });
    expect((await exported(demo, 'placetopay-query', 'curl')).content).toContain('dgst -sha1');
    expect((await exported(demo, 'placetopay-query', 'postman')).content).toContain('CryptoJS.SHA1(');
  });

  it.each([600, -600])('shifts its seed by a clock that is %i s ahead, as the library does', async (seconds) => {
    const demo = await Demo.start({ environment: { PLACETOPAY_CLOCK_SKEW_SECONDS: String(seconds) } });
    demo.simulator.clock.advance(seconds * 1_000);
    await demo.post('/placetopay/sessions', { reference: 'ORDER-1', currency: 'COP', total: 1000 });
    const content = async (format: ExportFormat) => (await exported(demo, 'placetopay-query', format)).content;
    await runShell(await content('curl'), CREDENTIALS.placetopay);
    await runCollection(await content('postman'), { ...CREDENTIALS.placetopay });
    await runBruno(await content('bruno'), { processEnv: CREDENTIALS.placetopay });
    const entries = demo.simulator.journal.entries();
    expect(entries.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect(await content('curl')).toContain('# By the clock as PLACETOPAY_CLOCK_SKEW_SECONDS put it right');
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
    const { status, body } = await new ConsoleClient(await Demo.start()).post<ConsoleProblem>(
      '/calls/netzme-balance/export',
      order,
    );
    expect([status, body.code, body.field]).toEqual([400, 'invalid-input', field]);
  });
});

describe('a template', () => {
  it('has places where they were put, and nowhere else', () => {
    const template = jsonTemplate({ a: '{{x}} {{{', b: new Place('name'), c: { d: '{' } });
    expect(templateParts(template).filter((_, index) => index % 2 === 1)).toEqual(['name']);
    expect(JSON.parse(template)).toEqual({ a: '{{x}} {{{', b: '{{name}}', c: { d: '{' } });
  });
});

function comparable(body: string): unknown {
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
