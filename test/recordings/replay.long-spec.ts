import { GatewaySimulator } from '@payment-auth/gateway-simulator';
import crypto from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { settled } from '../support/wait';

/*
 * What the gateways' own clients sent, byte for byte, with the simulator's clock at the recorded time: no change of the
 * simulator may refuse a client that works with the real gateway. README.md in this folder explains the recordings.
 */

type Gateway = 'alignet' | 'placetopay' | 'netzme';

interface Step {
  readonly before?: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly headers: readonly string[];
    readonly body?: string;
  };
  readonly at: number;
  readonly response: { readonly status: number; readonly body: string };
  readonly operation: string;
  /** `accepted`, or `refused:<code of the journal's reason>`. */
  readonly expect: string;
  readonly uses?: readonly { readonly fromStep: number; readonly pointer: string; readonly value: string }[];
}

interface Recording {
  readonly client: { readonly name: string };
  readonly scenarios: readonly {
    readonly name: string;
    readonly gateway: Gateway;
    readonly settings?: object;
    readonly steps: readonly Step[];
  }[];
}

/** What is no longer as it was recorded. */
interface Change {
  readonly why: string;
  readonly concerns: (step: Step) => boolean;
  readonly now: {
    readonly status?: number;
    readonly expect?: string;
    readonly body: (recorded: Readonly<Record<string, unknown>>) => unknown;
    /** The client cannot go on to the rest of its scenario. */
    readonly ends?: true;
  };
}

const CHANGES: readonly Change[] = [
  {
    why: 'The documentation gives the token of a card whose owner subscribed; the recorded simulator gave none.',
    concerns: ({ operation, response: { body } }) =>
      operation === 'querySession' &&
      /"status":"APPROVED".*"(?:subscription":\{|subscribe":true).*"subscription":null/s.test(body),
    now: {
      body: (recorded) => ({
        ...recorded,
        subscription: {
          status: { status: 'OK', reason: '00', message: expect.any(String) as unknown, date: 'a string' },
          type: 'token',
          instrument: expect.arrayContaining([{ keyword: 'lastDigits', value: '1111', displayOn: 'none' }]) as unknown,
        },
      }),
    },
  },
  {
    why: "Alignet's audience of another environment is refused at /token already, no longer at /nonce alone.",
    concerns: ({ operation, request }) =>
      operation === 'token' && request.body?.includes('"audience":"https://api.alignet.io"') === true,
    now: {
      status: 400,
      expect: 'refused:audience-of-another-environment',
      body: () => expect.objectContaining({ action: 'authorize', success: false }) as unknown,
      ends: true,
    },
  },
  {
    why: "The message of a new nonce is the one that both of Alignet's pages print.",
    concerns: ({ operation, expect: verdict }) => operation === 'nonce' && verdict === 'accepted',
    now: {
      body: (recorded) =>
        JSON.parse(JSON.stringify(recorded).replace('Nonce creado con éxito', 'Código Nonce creado')) as unknown,
    },
  },
];

/** Values that differ from run to run, by the name of their member. */
const VOLATILE: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'nonce',
  'transaction_id',
  'processUrl',
  'url',
  'expiry_token',
  'date',
  'ts',
  'paymentDate',
  'expiration',
]);

const recordings = readdirSync(__dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as Recording);
const scenarios = recordings.flatMap(({ client, scenarios: all }) =>
  all.map((scenario) => ({ title: `${client.name}: ${scenario.name}`, ...scenario })),
);

describe('requests recorded from the clients that the gateways know', () => {
  let simulator: GatewaySimulator;
  const unmet = new Set(CHANGES);

  beforeAll(async () => {
    simulator = await GatewaySimulator.start({ clock: () => 0 });
  });
  afterAll(() => simulator.stop());
  beforeEach(() => simulator.reset());
  afterEach(() => jest.restoreAllMocks());

  it('are all there', () => {
    expect(recordings).toHaveLength(12);
    expect(scenarios.flatMap(({ steps }) => steps)).toHaveLength(386);
  });

  it.each(scenarios)('are answered as recorded: $title', async ({ gateway, settings, steps }) => {
    if (settings) simulator.updateSettings(settings);
    const bodies: unknown[] = [];
    for (const step of steps) {
      for (const { method, path, body } of step.before ?? []) {
        const response = await fetch(`${simulator.urls.control}${path}`, { method, body: JSON.stringify(body) });
        expect(response.status).toBe(200);
      }
      simulator.clock.set(step.at);
      issueAgain(step);
      const { status, text } = await replay(simulator.urls[gateway], step, bodies);
      bodies.push(JSON.parse(text));

      const [{ verdict, reason, operation } = {}] = simulator.journal.entries({ gateway, limit: 1 });
      const { ends, ...expected } = expectedOf(step);
      expect({ status, operation, expect: reason ? `${verdict}:${reason.code}` : verdict, body: steady(text) }).toEqual(
        expected,
      );
      if (ends) return;
    }
  });

  it('differ from their recording for every reason in the list', () => {
    expect([...unmet]).toEqual([]);
  });

  function expectedOf(step: Step) {
    const changes = CHANGES.filter(({ concerns }) => concerns(step));
    changes.forEach((change) => unmet.delete(change));
    const { operation, expect: verdict, response } = step;
    const body = steady(response.body);
    const recorded = { status: response.status, operation, expect: verdict, body: body as unknown, ends: false };
    return changes.reduce((expected, { now }) => ({ ...expected, ...now, body: now.body(body) }), recorded);
  }
});

/** Netzme's token is part of what its clients sign: the simulator has to issue the recorded one. */
function issueAgain({ operation, response }: Step): void {
  const token = /"access_token":"([0-9a-f]{64})"/.exec(response.body)?.[1];
  if (operation !== 'token' || token === undefined) return;
  jest.spyOn(crypto, 'randomBytes').mockImplementationOnce(() => Buffer.from(token, 'hex'));
}

/** The recorded bytes, with values of this run's responses in place of those that the client had from recorded ones. */
function replay(baseUrl: string, { request, uses = [] }: Step, bodies: readonly unknown[]) {
  const current = (text: string) =>
    uses.reduce(
      (replaced, { fromStep, pointer, value }) => replaced.replaceAll(value, at(bodies[fromStep], pointer)),
      text,
    );
  const body = Buffer.from(current(request.body ?? ''));
  const headers = request.headers.map((line) =>
    /^content-length:/i.test(line) ? `Content-Length: ${body.length}` : current(line),
  );
  const head = [`${request.method} ${request.target} HTTP/1.1`, ...headers, '', ''].join('\r\n');
  return settled(`the response to ${request.method} ${request.target}`, exchange(baseUrl, head, body));
}

function exchange(baseUrl: string, head: string, body: Buffer): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(Number(port), hostname);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const answered = received.subarray(0, end).toString('latin1');
      const length = Number(/^content-length: (\d+)/im.exec(answered)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      socket.destroy();
      resolve({ status: Number(answered.split(' ')[1]), text: received.subarray(end + 4).toString('utf8') });
    });
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  });
}

function at(body: unknown, pointer: string): string {
  return String((body as Record<string, unknown>)[pointer.slice(1)]);
}

/** The body with a word for each value that differs from run to run. */
function steady(text: string): Record<string, unknown> {
  return JSON.parse(text, function (this: Record<string, unknown>, name, value: unknown) {
    const isVolatile = VOLATILE.has(name) || (name === 'value' && this['keyword'] === '_processUrl_');
    return isVolatile && typeof value !== 'object' ? `a ${typeof value}` : value;
  }) as Record<string, unknown>;
}
