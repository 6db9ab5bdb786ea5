import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PaymentAuthModule,
  PlacetopayAuthInterceptor,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { RawServer } from '../support/raw-server';
import { settled } from '../support/wait';
import { drip, head, MaliciousGateway, message, type Misbehaviour, pour } from './malicious-gateway';

/** The library's deadline where the gateway is to run into it; elsewhere one that a busy machine does not run into. */
const SHORT_MS = 250;
const LONG_MS = 60_000;
/** What a business call takes here; answers with tokens and nonces have a limit of their own, 256 KiB. */
const MOST_BYTES = 300_000;
/** What the operating system may hold between two sockets, on top of what was read. */
const KERNEL_BUFFERS = 16 * 1024 * 1024;

const CREDENTIALS = { clientId: 'client', clientSecret: 'client-secret-8f2d1c' };
const SECRET_KEY = 'secret-key-5b7e90';

type Kind = 'token' | 'nonce' | 'business';

/** A way from the library to a gateway. */
interface Path {
  readonly name: string;
  readonly kind: Kind;
  readonly target: string;
  readonly call: (app: INestApplicationContext, limits: Limits, url: string) => Promise<unknown>;
  /** What the call would ask for first: asked for before, it takes nothing of the call's time. */
  readonly prepare?: (app: INestApplicationContext) => Promise<unknown>;
}

type Limits = Required<Pick<AxiosRequestConfig, 'timeout' | 'maxContentLength'>>;

const PATHS: readonly Path[] = [
  {
    name: "Alignet's token",
    kind: 'token',
    target: '/token',
    call: (app) => app.get(AlignetNonceService).getAccessToken(),
  },
  {
    name: "Alignet's nonce",
    kind: 'nonce',
    target: '/nonce',
    call: (app) => app.get(AlignetNonceService).createNonce(),
    prepare: (app) => app.get(AlignetNonceService).getAccessToken(),
  },
  {
    name: "Netzme's token",
    kind: 'token',
    target: '/oauth/merchant/accesstoken',
    call: (app) => app.get(NetzmeAccessTokenService).getAccessToken(),
  },
  {
    name: 'a signed GET of NetzmeHttpService',
    kind: 'business',
    target: '/balance',
    call: (app, limits) =>
      app.get(NetzmeHttpService).axiosRef.get('/balance', { params: { userId: 'M_1' }, ...limits }),
    prepare: (app) => app.get(NetzmeAccessTokenService).getAccessToken(),
  },
  {
    name: "a signed POST of the caller's own axios",
    kind: 'business',
    target: '/withdraw',
    call: (app, limits, baseURL) => {
      const instance = axios.create({ baseURL, ...limits });
      app.get(NetzmeSigningInterceptor).attach(instance);
      return instance.post('/withdraw', { amount: '1.00' });
    },
    prepare: (app) => app.get(NetzmeAccessTokenService).getAccessToken(),
  },
  {
    name: 'a POST of PlacetopayHttpService',
    kind: 'business',
    target: '/api/session',
    call: (app, limits) => app.get(PlacetopayHttpService).axiosRef.post('/api/session', { locale: 'es_CO' }, limits),
  },
  {
    name: "a POST with auth of the caller's own axios",
    kind: 'business',
    target: '/api/payment-link',
    call: (app, limits, baseURL) => {
      const instance = axios.create({ baseURL, ...limits });
      app.get(PlacetopayAuthInterceptor).attach(instance);
      return instance.post('/api/payment-link', { name: 'Coffee' });
    },
  },
];

/** What comes of an attack: `answered`, or the code of the error. */
interface Attack {
  readonly name: string;
  readonly misbehave: Misbehaviour;
  readonly outcome: Readonly<Record<Kind, string>>;
  /** Its answer has an end, so that the connection may be used again. */
  readonly isWhole?: boolean;
}

const both = (parsed: string, business: string): Attack['outcome'] => ({ token: parsed, nonce: parsed, business });
const TOO_LATE = both('ERR_GATEWAY_TIMEOUT', 'ECONNABORTED');
const TOO_LARGE = both('ERR_GATEWAY_RESPONSE_TOO_LARGE', 'ERR_BAD_RESPONSE');
const HEAD_TOO_LARGE = both('ERR_GATEWAY_RESPONSE_TOO_LARGE', 'HPE_HEADER_OVERFLOW');
const CUT = both('ERR_GATEWAY_UNREACHABLE', 'ECONNRESET');
const UNREADABLE = { token: 'ERR_ACCESS_TOKEN_RESPONSE', nonce: 'ERR_NONCE_RESPONSE', business: 'answered' };
const ANSWERED = both('answered', 'answered');
const unparsable = (code: string): Attack['outcome'] => both('ERR_GATEWAY_UNREACHABLE', code);

type Pieces = readonly (Buffer | string)[];
// In one write: what arrives together is read together.
const joined = (pieces: Pieces): Buffer => Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
const once =
  (...pieces: Pieces): Misbehaviour =>
  (socket) =>
    void socket.write(joined(pieces));
const andEnd =
  (...pieces: Pieces): Misbehaviour =>
  (socket) =>
    void socket.end(joined(pieces));

const grants = (value: string): object => ({
  status: 'SUCCEES',
  success: true,
  access_token: value,
  nonce: value,
  expires_in: 30,
});
const CHUNK = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
const INCOMPRESSIBLE = gzipSync(randomBytes(10_000));
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));

const ATTACKS: readonly Attack[] = [
  { name: 'never answers', misbehave: () => undefined, outcome: TOO_LATE },
  {
    name: 'drips a header without end',
    misbehave: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Drip: ');
      drip(socket, () => 'x');
    },
    outcome: TOO_LATE,
  },
  {
    name: 'drips headers without end',
    misbehave: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, () => 'X: y\r\n');
    },
    outcome: TOO_LATE,
  },
  {
    // Faster than any idle timeout: only a deadline of the whole ends it.
    name: 'drips a body, byte by byte, of a stated length',
    misbehave: (socket) => {
      socket.write(head(200, ['Content-Length: 100000']));
      drip(socket, () => ' ');
    },
    outcome: TOO_LATE,
  },
  {
    name: 'drips a chunked body without end',
    misbehave: (socket) => {
      socket.write(head(200, ['Transfer-Encoding: chunked']));
      drip(socket, () => '1\r\n \r\n');
    },
    outcome: TOO_LATE,
  },
  {
    name: 'drips a body that is gzip',
    misbehave: (socket) => {
      socket.write(head(200, ['Content-Encoding: gzip', 'Transfer-Encoding: chunked']));
      let at = 0;
      drip(socket, () => joined(['1\r\n', INCOMPRESSIBLE.subarray(at, (at += 1)), '\r\n']));
    },
    outcome: TOO_LATE,
  },
  {
    name: 'says 100 Continue for ever',
    misbehave: (socket) => drip(socket, () => 'HTTP/1.1 100 Continue\r\n\r\n'),
    outcome: TOO_LATE,
  },
  {
    name: 'pours 103 Early Hints for ever',
    misbehave: (socket) =>
      pour(socket, () => 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'.repeat(50)),
    outcome: TOO_LATE,
  },
  {
    name: 'says 103 Early Hints a thousand times, and answers',
    misbehave: once('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1_000), message({ body: grants('good') })),
    outcome: ANSWERED,
    isWhole: true,
  },
  {
    name: 'pours a chunked body without end',
    misbehave: (socket) => {
      socket.write(head(200, ['Transfer-Encoding: chunked']));
      pour(socket, () => CHUNK);
    },
    outcome: TOO_LARGE,
  },
  {
    name: 'states a length of eight petabytes and pours',
    misbehave: (socket) => {
      socket.write(head(200, ['Content-Length: 9007199254740991']));
      pour(socket, () => CHUNK);
    },
    outcome: TOO_LARGE,
  },
  {
    name: 'pours a body that ends with the connection',
    misbehave: (socket) => {
      socket.write(head(200, ['Connection: close']));
      pour(socket, () => CHUNK);
    },
    outcome: TOO_LARGE,
  },
  {
    name: 'sends a gzip bomb',
    misbehave: once(message({ headers: ['Content-Encoding: gzip'], body: BOMB })),
    outcome: TOO_LARGE,
    isWhole: true,
  },
  {
    name: 'sends a token of ten megabytes',
    misbehave: once(message({ body: grants('t'.repeat(10_000_000)) })),
    outcome: TOO_LARGE,
    isWhole: true,
  },
  {
    name: 'sends a token longer than any server takes in a header',
    misbehave: once(message({ body: grants('t'.repeat(100_000)) })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'sends a header of a megabyte',
    misbehave: once(`HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(1_000_000)}\r\n\r\n{}`),
    outcome: HEAD_TOO_LARGE,
  },
  {
    name: 'pours headers without end',
    misbehave: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      let count = 0;
      pour(socket, () => `X-Header-${count++}: ${'y'.repeat(4_000)}\r\n`);
    },
    outcome: HEAD_TOO_LARGE,
  },
  { name: 'hangs up at once', misbehave: (socket) => socket.destroy(), outcome: CUT },
  { name: 'resets the connection', misbehave: (socket) => socket.resetAndDestroy(), outcome: CUT },
  { name: 'hangs up in the status line', misbehave: andEnd('HTTP/1.1 2'), outcome: CUT },
  {
    name: 'hangs up in the headers',
    misbehave: andEnd('HTTP/1.1 200 OK\r\nContent-'),
    outcome: CUT,
  },
  {
    name: 'hangs up in the body',
    misbehave: andEnd(head(200, ['Content-Length: 100']), '{"access_token":'),
    outcome: unparsable('ERR_BAD_RESPONSE'),
  },
  {
    name: 'hangs up in a chunk',
    misbehave: andEnd(head(200, ['Transfer-Encoding: chunked']), '10\r\n{}'),
    outcome: unparsable('ERR_BAD_RESPONSE'),
  },
  {
    name: 'says it is gzip, and it is not',
    misbehave: once(message({ headers: ['Content-Encoding: gzip'], body: grants('good') })),
    outcome: unparsable('Z_DATA_ERROR'),
    isWhole: true,
  },
  {
    name: 'speaks no HTTP',
    misbehave: once('SSH-2.0-OpenSSH_9.6\r\n'),
    outcome: unparsable('HPE_INVALID_CONSTANT'),
  },
  {
    name: 'states two lengths',
    misbehave: once('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'),
    outcome: unparsable('HPE_UNEXPECTED_CONTENT_LENGTH'),
  },
  {
    name: 'states a length and chunks as well',
    misbehave: once('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    outcome: unparsable('HPE_INVALID_TRANSFER_ENCODING'),
  },
  {
    name: 'states a length below zero',
    misbehave: once('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}'),
    outcome: unparsable('HPE_INVALID_CONTENT_LENGTH'),
  },
  {
    name: 'states a chunk of no number',
    misbehave: once(head(200, ['Transfer-Encoding: chunked']), 'xyz\r\n{}\r\n'),
    outcome: unparsable('HPE_INVALID_CHUNK_SIZE'),
  },
  {
    name: 'puts a control character into a header',
    misbehave: once('HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 2\r\n\r\n{}'),
    outcome: unparsable('HPE_INVALID_HEADER_TOKEN'),
  },
  {
    name: 'switches protocols unasked',
    misbehave: once('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    // axios never settles here, whatever its timeout.
    outcome: TOO_LATE,
  },
  {
    name: 'answers in HTTP/1.0',
    misbehave: andEnd('HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n', JSON.stringify(grants('good'))),
    outcome: ANSWERED,
  },
  {
    name: 'answers with an HTML page, HTTP 200',
    misbehave: once(message({ headers: ['Content-Type: text/html'], body: '<html>Please log in</html>' })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with bytes that are no text',
    misbehave: once(message({ headers: ['Content-Type: image/png'], body: Buffer.from([0x89, 0xff, 0, 0xfe, 0x0d]) })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with JSON that ends early',
    misbehave: once(message({ body: '{"success":true,"access_token":"a","nonce":"a"' })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with garbage behind the JSON',
    misbehave: once(message({ body: `${JSON.stringify(grants('good'))}<!-- -->` })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with garbage behind the answer',
    misbehave: once(message({ body: grants('good') }), 'garbage that no request asked for\r\n\r\n'),
    outcome: unparsable('HPE_INVALID_CONSTANT'),
  },
  {
    name: 'answers with 100,000 brackets',
    misbehave: once(message({ body: '['.repeat(100_000) })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with 100,000 brackets, closed again',
    misbehave: once(message({ body: '['.repeat(100_000) + ']'.repeat(100_000) })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with a token in the prototype',
    misbehave: once(
      message({
        body: `{"__proto__":${JSON.stringify(grants('polluted'))},"constructor":{"prototype":${JSON.stringify(grants('polluted'))}}}`,
      }),
    ),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with members of other kinds',
    misbehave: once(message({ body: { success: true, status: [1], access_token: { toString: 'x' }, nonce: ['n'] } })),
    outcome: UNREADABLE,
    isWhole: true,
  },
  {
    name: 'answers with every member twice: the last one counts, as in any JSON',
    misbehave: once(message({ body: '{"access_token":"bad","access_token":"good","nonce":"bad","nonce":"good"}' })),
    outcome: ANSWERED,
    isWhole: true,
  },
  ...['good\r\nX-Injected: yes', 'good\nX-Injected: yes', 'good\u0000', 'gööd', 'go od', ' good'].map((value) => ({
    name: `answers with the token ${JSON.stringify(value)}`,
    misbehave: once(message({ body: grants(value) })),
    outcome: UNREADABLE,
    isWhole: true,
  })),
];

describe('a malicious gateway', () => {
  const running: { close(): Promise<unknown> }[] = [];
  const kept = <T>(value: T, close: () => Promise<unknown>): T => {
    running.push({ close });
    return value;
  };

  afterEach(async () => {
    for (let last = running.pop(); last !== undefined; last = running.pop()) await last.close();
  });

  const startGateway = async (target: string, misbehave: Misbehaviour): Promise<MaliciousGateway> => {
    const gateway = await MaliciousGateway.start(target, misbehave);
    return kept(gateway, () => gateway.stop());
  };

  const startApp = async ({ url }: MaliciousGateway, timeoutMs = LONG_MS): Promise<INestApplicationContext> => {
    const registration = PaymentAuthModule.forRoot({
      alignet: { environment: 'sandbox', ...CREDENTIALS, authBaseUrl: url, timeoutMs },
      netzme: { environment: 'sandbox', ...CREDENTIALS, baseUrl: url, timeoutMs },
      placetopay: {
        environment: 'sandbox',
        login: 'site',
        secretKey: SECRET_KEY,
        checkoutBaseUrl: url,
        paymentLinksBaseUrl: url,
      },
    });
    const app = await Test.createTestingModule({ imports: [registration] }).compile();
    app.useLogger(false);
    return kept(app, () => app.close());
  };

  const outcomeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'answered',
      ({ code }: { code?: string }) => code ?? 'an error without a code',
    );

  describe.each(PATHS)('met on the way to $name', (path) => {
    async function outcomeOfAttack({ misbehave, outcome, isWhole = false }: Attack): Promise<string> {
      const gateway = await startGateway(path.target, misbehave);
      const timeout = outcome === TOO_LATE ? SHORT_MS : LONG_MS;
      const app = await startApp(gateway, path.kind === 'business' ? LONG_MS : timeout);
      await path.prepare?.(app);
      const call = path.call(app, { timeout, maxContentLength: MOST_BYTES }, gateway.url);
      const came = await settled('the call ends', outcomeOf(call));
      // Asked once: nothing but a 401 is worth another try.
      expect(gateway.attacks).toBe(1);
      const poured = isWhole ? 0 : await settled('the connection is given up', gateway.letGo());
      // What is read until the deadline and kept nowhere is as much as the machine is fast.
      if (outcome !== TOO_LATE) expect(poured).toBeLessThan(KERNEL_BUFFERS + MOST_BYTES);
      expect(Object.keys(Object.prototype)).toEqual([]);
      return came;
    }
    const isLate = ({ outcome }: Attack): boolean => outcome === TOO_LATE;

    it.each(ATTACKS.filter((attack) => !isLate(attack)))('$name', async (attack) => {
      expect(await outcomeOfAttack(attack)).toBe(attack.outcome[path.kind]);
    });

    // At once, since each of them takes a whole deadline.
    it('is given up when it takes too long, in whatever way', async () => {
      const late = ATTACKS.filter(isLate);
      const came = await Promise.all(late.map(async (attack) => [attack.name, await outcomeOfAttack(attack)]));
      expect(came).toEqual(late.map(({ name }) => [name, TOO_LATE[path.kind]]));
    });
  });

  describe.each(PATHS)('that redirects $name', (path) => {
    const STATUSES = [301, 302, 303, 307, 308];

    it.each<[string, (thief: string) => string, (thief: URL, gateway: URL) => string]>([
      ['to another host', (thief) => `${thief}/stolen`, ({ host }) => host],
      ['to another host, in its own scheme', (thief) => thief.replace('http:', ''), ({ host }) => host],
      ['to another host with a user', (thief) => thief.replace('//', '//user:password@'), ({ host }) => host],
      ['to itself', () => '/stolen', (_thief, { host }) => host],
      ['to the same place', () => path.target, (_thief, { host }) => host],
      ['to a script', () => 'javascript:fetch(1)', () => 'an unreadable URL'],
      ['to a file', () => 'file:///etc/passwd', () => 'an unreadable URL'],
      ['to a host longer than any', () => `https://${'a.'.repeat(2_000)}example/`, () => 'an unreadable URL'],
      ['to nothing that is a URL', () => 'http://[', () => 'an unreadable URL'],
    ])('%s: nothing follows', async (_where, locate, named) => {
      const arrivals: Socket[] = [];
      const thief = new RawServer((_request, socket) => void arrivals.push(socket));
      await thief.listen();
      kept(thief, () => thief.stop());
      for (const status of STATUSES) {
        const location = locate(thief.url);
        const gateway = await startGateway(path.target, once(message({ status, headers: [`Location: ${location}`] })));
        const app = await startApp(gateway);
        const limits = { timeout: LONG_MS, maxContentLength: MOST_BYTES };
        await expect(path.call(app, limits, gateway.url)).rejects.toMatchObject({
          code: 'ERR_GATEWAY_REDIRECT',
          message: expect.stringContaining(
            `HTTP ${status}, a redirect to ${named(new URL(thief.url), new URL(gateway.url))},`,
          ) as string,
          exchange: { host: new URL(gateway.url).host, path: path.target, status },
        });
        expect(gateway.attacks).toBe(1);
        expect(gateway.requests.map(({ target }) => target)).not.toContain('/stolen');
      }
      expect([arrivals.length, thief.sockets.size]).toEqual([0, 0]);
    });
  });

  describe.each(PATHS)('that asks for more of $name', (path) => {
    const limits = { timeout: LONG_MS, maxContentLength: MOST_BYTES };

    it('with 401 for ever: is asked twice at most, with one new token', async () => {
      const gateway = await startGateway(path.target, once(message({ status: 401, body: {} })));
      const app = await startApp(gateway);
      await expect(path.call(app, limits, gateway.url)).rejects.toThrow(/401/);
      const tokens = gateway.requests.filter(({ target }) => target.includes('token') && target !== path.target);
      expect(gateway.attacks).toBe(tokens.length === 0 ? 1 : 2);
      expect(tokens.length).toBeLessThanOrEqual(2);
    });

    it('with a cookie: gets none back', async () => {
      const headers = ['Set-Cookie: id=1; Path=/', 'Set-Cookie: Authorization=Basic%20x'];
      const gateway = await startGateway(path.target, once(message({ headers, body: grants('good') })));
      const app = await startApp(gateway);
      await path.call(app, limits, gateway.url);
      await path.call(app, limits, gateway.url);
      expect(gateway.requests.filter(({ headers: sent }) => sent.has('cookie'))).toEqual([]);
    });
  });

  describe('that answers twice', () => {
    const POISON = 'answer-to-somebody-else';
    const business = PATHS.filter(({ kind }) => kind === 'business');
    const limits = { timeout: LONG_MS, maxContentLength: MOST_BYTES };

    const answersOf = async (path: Path, gateway: MaliciousGateway, between: () => unknown): Promise<unknown[]> => {
      const app = await startApp(gateway);
      const answers: unknown[] = [];
      for (let count = 0; count < 3; count += 1) {
        const { data } = (await path.call(app, limits, gateway.url)) as AxiosResponse<unknown>;
        answers.push(data);
        await between();
      }
      return answers;
    };

    it.each(business)('at once, to $name: the second one answers nothing', async (path) => {
      let count = 0;
      const gateway = await startGateway(path.target, (socket) => {
        const [own, other] = [message({ body: { answer: (count += 1) } }), message({ body: { answer: POISON } })];
        socket.write(Buffer.concat([own, other]));
      });
      expect(await answersOf(path, gateway, () => undefined)).toEqual([{ answer: 1 }, { answer: 2 }, { answer: 3 }]);
    });

    it.each(business)('later, when nobody asks, to $name: the second one answers nothing', async (path) => {
      let count = 0;
      const gateway = await startGateway(path.target, (socket) => {
        socket.write(message({ body: { answer: (count += 1) } }));
      });
      const elsewhere = await startGateway('/', once(message({ body: {} })));
      const interject = async (): Promise<void> => {
        gateway.say(message({ body: { answer: POISON } }));
        // By the time of another server's answer to another connection, ours has been read as well.
        for (let turn = 0; turn < 2; turn += 1) await axios.get(elsewhere.url, { httpAgent: new Agent() });
      };
      expect(await answersOf(path, gateway, interject)).toEqual([{ answer: 1 }, { answer: 2 }, { answer: 3 }]);
    });
  });
});
