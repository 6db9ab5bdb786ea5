import { GatewaySimulator, SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';

/*
 * The simulator is worth what it refuses. Clients here are written from the gateways' documentation with no line of the
 * library or of the simulator, make the mistakes that are made in practice, and must get the documented answer.
 */

const [PEN, USD] = SANDBOX_ACCOUNTS.alignet;
const [SITE, OTHER_SITE] = SANDBOX_ACCOUNTS.placetopay;
const [CLIENT] = SANDBOX_ACCOUNTS.netzme;
const MINUTE = 60_000;
const NOW = Date.parse('2026-11-22T15:04:05.678Z');

interface Reply {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  /** What `X-Simulator-Explain` brought. */
  readonly reason: string | undefined;
}

/** Exactly these bytes to exactly this target. */
function send(
  baseUrl: string,
  target: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<Reply> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path: target, method, agent: false, headers: { 'X-Simulator-Explain': '1', ...headers } },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () => {
          const explained = incoming.headers['x-simulator-reason'];
          resolve({
            status: incoming.statusCode ?? 0,
            json: JSON.parse(text) as Record<string, unknown>,
            reason: explained === undefined ? undefined : (JSON.parse(String(explained)) as { code: string }).code,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const postJson = (baseUrl: string, target: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  send(baseUrl, target, 'POST', { ...JSON_TYPE, ...headers }, JSON.stringify(body));

let simulator: GatewaySimulator;

beforeAll(async () => {
  simulator = await GatewaySimulator.start({ clock: () => NOW });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.stop());

describe('Placetopay', () => {
  const SESSION = {
    locale: 'en_US',
    payment: { reference: 'ORDER-1', amount: { currency: 'COP', total: 1_000 } },
    returnUrl: 'https://shop.example/',
    ipAddress: '127.0.0.1',
    userAgent: 'curl',
  };
  const seedAt = (ms: number) => new Date(ms).toISOString();
  const hash = (algorithm: string, ...parts: readonly (Buffer | string)[]) =>
    createHash(algorithm)
      .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
      .digest();

  /** The documented formula; every part may be changed. */
  function auth(change: {
    login?: string;
    secret?: string;
    seed?: string;
    sentSeed?: string;
    raw?: Buffer;
    tranKey?: (raw: Buffer, seed: string, secret: string) => string;
    additional?: unknown;
  }) {
    const { login = SITE.login, secret = SITE.secretKey, seed = seedAt(NOW), raw = randomBytes(16) } = change;
    const tranKey = change.tranKey ?? ((...parts) => hash('sha256', ...parts).toString('base64'));
    return {
      login,
      tranKey: tranKey(raw, seed, secret),
      nonce: raw.toString('base64'),
      seed: change.sentSeed ?? seed,
      ...('additional' in change && { additional: change.additional }),
    };
  }
  const create = (value: unknown, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
    send(simulator.urls.placetopay, '/api/session', 'POST', headers, JSON.stringify({ auth: value, ...SESSION }));
  const withCode = (code: number) => ({
    status: {
      status: 'FAILED',
      reason: 401,
      message: `Authentication failed ${code}`,
      date: expect.any(String) as string,
    },
  });

  it.each([
    [
      'SHA-1 over the base64 text of the nonce',
      102,
      'nonce-base64-hashed',
      () =>
        auth({ tranKey: (raw, seed, secret) => hash('sha1', raw.toString('base64'), seed, secret).toString('base64') }),
    ],
    [
      'SHA-256 over the base64 text of the nonce',
      102,
      'nonce-base64-hashed',
      () =>
        auth({
          tranKey: (raw, seed, secret) => hash('sha256', raw.toString('base64'), seed, secret).toString('base64'),
        }),
    ],
    [
      'the digest in hexadecimal',
      102,
      'digest-hex',
      () => auth({ tranKey: (raw, seed, secret) => hash('sha256', raw, seed, secret).toString('hex') }),
    ],
    [
      'base64 of the hexadecimal digest',
      // 88 characters: more than the 64 the schema allows.
      107,
      'too-long',
      () =>
        auth({
          tranKey: (raw, seed, secret) =>
            Buffer.from(hash('sha256', raw, seed, secret).toString('hex')).toString('base64'),
        }),
    ],
    [
      'the digest in URL-safe base64',
      102,
      'digest-base64url',
      // A nonce whose digest holds a character that differs.
      () => {
        for (;;) {
          const raw = randomBytes(16);
          const digest = hash('sha256', raw, seedAt(NOW), SITE.secretKey);
          if (/[+/]/.test(digest.toString('base64'))) return auth({ raw, tranKey: () => digest.toString('base64url') });
        }
      },
    ],
    [
      'seed before nonce',
      102,
      'order-swapped',
      () => auth({ tranKey: (raw, seed, secret) => hash('sha256', seed, raw, secret).toString('base64') }),
    ],
    [
      'a binary nonce read as UTF-8 text',
      102,
      'nonce-utf8-lossy',
      () =>
        auth({
          raw: Buffer.from('fffefdfc00112233445566778899aabb', 'hex'),
          tranKey: (raw, seed, secret) => hash('sha256', raw.toString('utf8'), seed, secret).toString('base64'),
        }),
    ],
    ['a newline behind the secret', 102, 'secret-whitespace', () => auth({ secret: `${SITE.secretKey}\n` })],
    ["another site's secret", 102, 'secret-of-another-site', () => auth({ secret: OTHER_SITE.secretKey })],
    ['some other secret', 102, 'digest-mismatch', () => auth({ secret: 'quite-another' })],
    [
      'the seed sent in another spelling than hashed',
      102,
      'seed-respelled',
      () => auth({ seed: seedAt(NOW), sentSeed: seedAt(NOW).replace('Z', '+00:00') }),
    ],
    ['an unknown login', 101, 'unknown-login', () => auth({ login: 'nobody' })],
    ['a seed six minutes old', 103, 'seed-too-old', () => auth({ seed: seedAt(NOW - 6 * MINUTE) })],
    ['a seed six minutes ahead', 103, 'seed-in-future', () => auth({ seed: seedAt(NOW + 6 * MINUTE) })],
    ['the local time without its zone', 103, 'seed-without-zone', () => auth({ seed: seedAt(NOW).replace('Z', '') })],
    ['a nonce that is a number', 107, 'wrong-type', () => ({ ...auth({}), nonce: 927342197 })],
    ['a nonce that is no base64', 107, 'nonce-not-base64', () => ({ ...auth({}), nonce: '9273421*' })],
  ])('%s: %d', async (_, code, reason, make) => {
    const reply = await create(make());
    expect(reply).toEqual({ status: 401, json: withCode(code), reason });
  });

  it.each([
    ['no nonce', 'member-missing', () => ({ ...auth({}), nonce: undefined }), JSON_TYPE],
    ['no auth at all', 'auth-missing', () => undefined, JSON_TYPE],
    ['a right auth that is not sent as JSON', 'not-json', () => auth({}), { 'Content-Type': 'text/plain' }],
  ])('%s: malformed, without a code', async (_, reason, make, headers) => {
    const json = { status: { ...withCode(100).status, message: 'Malformed authentication' } };
    expect(await create(make(), headers)).toEqual({ status: 401, json, reason });
  });

  it('a seed of 4:59 is fresh, of 5:01 is not, on either side', async () => {
    for (const sign of [-1, 1]) {
      expect((await create(auth({ seed: seedAt(NOW + sign * 299_000) }))).status).toBe(200);
      expect((await create(auth({ seed: seedAt(NOW + sign * 301_000) }))).json).toEqual(withCode(103));
    }
  });

  it('the same auth twice: refused once the setting says so', async () => {
    const twice = auth({});
    expect([(await create(twice)).status, (await create(twice)).status]).toEqual([200, 200]);
    simulator.updateSettings({ placetopay: { refuseReplayedNonce: true } });
    const again = auth({});
    expect((await create(again)).status).toBe(200);
    expect(await create(again)).toEqual({ status: 401, json: withCode(102), reason: 'nonce-replayed' });
  });

  describe("Placetopay's own clients pass", () => {
    /** dnetix/redirection: SHA-1, base64 of hex as its "raw" nonce, base64 of that again on the wire, `additional` []. */
    const phpSdk = (over: Partial<Parameters<typeof auth>[0]> = {}) =>
      auth({
        raw: Buffer.from(Buffer.from(randomBytes(16).toString('hex')).toString('base64')),
        seed: seedAt(NOW).replace(/\.\d+Z$/, '+00:00'),
        tranKey: (raw, seed, secret) => hash('sha1', raw, seed, secret).toString('base64'),
        additional: [],
        ...over,
      });

    it('the PHP SDK', async () => {
      const value = phpSdk();
      expect([value.nonce.length, value.tranKey.length]).toEqual([60, 28]);
      expect((await create(value)).json).toMatchObject({ status: { status: 'OK' }, requestId: 1 });
      expect((await postJson(simulator.urls.placetopay, '/api/session/1', { auth: phpSdk() })).status).toBe(200);
    });

    it('not the PHP SDK with its nonce decoded to the end', async () => {
      const value = phpSdk({
        tranKey: (raw, seed, secret) =>
          hash('sha1', Buffer.from(raw.toString('latin1'), 'base64'), seed, secret).toString('base64'),
      });
      expect(await create(value)).toMatchObject({ json: withCode(102), reason: 'nonce-decoded-twice' });
    });

    it('not the PHP SDK where SHA-1 is switched off', async () => {
      simulator.updateSettings({ placetopay: { acceptSha1: false } });
      expect(await create(phpSdk())).toMatchObject({ json: withCode(102), reason: 'digest-algorithm' });
    });

    it.each([
      ['the JavaScript sample: a short number as text', { raw: Buffer.from('482913') }],
      ['the Python sample: sixteen bytes, microseconds', { seed: '2026-11-22T15:04:05.678901+00:00' }],
      ['the Java SDK: minutes and an offset without a colon', { seed: '2026-11-22T10:04-0500' }],
      ['local time with its zone', { seed: '2026-11-22T10:04:05-05:00' }],
    ])('%s', async (_, change) => {
      expect((await create(auth(change))).status).toBe(200);
    });
  });
});

describe('Netzme', () => {
  const BALANCE = `/api/aggregator/merchant/qr/balance/detail?userId=${CLIENT.userId}`;
  const INQUIRY = '/api/aggregator/merchant/qr/withdraw/inquiry';
  const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;

  async function newToken(): Promise<string> {
    const target = '/oauth/merchant/accesstoken';
    const grant = { grant_type: 'client_credentials' };
    const { status, json } = await postJson(simulator.urls.netzme, target, grant, { Authorization: basic });
    expect(status).toBe(200);
    return String(json['access_token']);
  }

  interface Call {
    readonly token: string;
    readonly target?: string;
    /** Sent; `signed` is what the signature is made over where that is another text. */
    readonly body?: string;
    readonly signed?: string;
    readonly signedTarget?: string;
    readonly time?: string;
    readonly sentTime?: string;
    readonly secret?: string;
    readonly bearer?: string;
    readonly encode?: (mac: Buffer) => string;
  }

  /** The documented formula; every part may be changed. */
  function call(change: Call): Promise<Reply> {
    const { token, body = '', time = String(NOW), secret = CLIENT.clientSecret, encode = toHex } = change;
    const target = change.target ?? (body === '' ? BALANCE : INQUIRY);
    const method = body === '' ? 'GET' : 'POST';
    const bearer = change.bearer ?? `Bearer ${token}`;
    const text =
      `path=${change.signedTarget ?? target}&method=${method}&token=${bearer}` +
      `&timestamp=${time}&body=${change.signed ?? body}`;
    const mac = createHmac('sha256', `${secret}-${time}-${bearer}`).update(text).digest();
    const headers = {
      ...JSON_TYPE,
      Authorization: `Bearer ${token}`,
      'Request-Time': change.sentTime ?? time,
      Signature: encode(mac),
      'Client-Id': CLIENT.clientId,
    };
    return send(simulator.urls.netzme, target, method, headers, body);
  }
  const toHex = (mac: Buffer) => mac.toString('hex');
  const UNAUTHORIZED = { status: 401, json: { status: 401, statusMessage: 'unauthorized' } };

  const order = (inner: string) => `{"requestId":"r-1","type":"withdraw_inquiry","body":${inner}}`;
  const ASCII = order('{"userId":"M_SANDBOX01","amount":"10000.00","note":"a/b"}');
  const ACCENTS = order('{"userId":"M_SANDBOX01","amount":"10000.00","note":"Café \u{1f600}"}');

  it.each([
    [
      'non-ASCII signed as escapes, sent raw',
      { body: ACCENTS, signed: ACCENTS.replace('é', '\\u00e9').replace('\u{1f600}', '\\ud83d\\ude00') },
    ],
    [
      'non-ASCII signed raw, sent as escapes',
      { body: ACCENTS.replace('é', '\\u00e9').replace('\u{1f600}', '\\ud83d\\ude00'), signed: ACCENTS },
    ],
    [
      'escapes signed in lower case, sent in upper case',
      { body: ACCENTS.replace('é', '\\u00E9'), signed: ACCENTS.replace('é', '\\u00e9') },
    ],
    ['a slash signed bare, sent escaped as PHP does', { body: ASCII.replace('a/b', 'a\\/b'), signed: ASCII }],
    [
      "angle brackets signed bare, sent as Go's escapes",
      { body: ASCII.replace('a/b', '\\u003cb\\u003e'), signed: ASCII.replace('a/b', '<b>') },
    ],
    [
      'a number signed 10000.00, sent 10000',
      { body: ASCII.replace('"10000.00"', '10000'), signed: ASCII.replace('"10000.00"', '10000.00') },
    ],
    [
      'a number signed 1e4, sent 10000',
      { body: ASCII.replace('"10000.00"', '10000'), signed: ASCII.replace('"10000.00"', '1e4') },
    ],
    ['a number signed as a number, sent as text', { body: ASCII, signed: ASCII.replace('"10000.00"', '10000.00') }],
    [
      'the keys of the inner object sorted before signing',
      { body: ASCII, signed: order('{"amount":"10000.00","note":"a/b","userId":"M_SANDBOX01"}') },
    ],
    [
      'the keys of the envelope in another order',
      {
        body: ASCII,
        signed: `{"type":"withdraw_inquiry","requestId":"r-1","body":${JSON.stringify({ userId: 'M_SANDBOX01', amount: '10000.00', note: 'a/b' })}}`,
      },
    ],
    ['no body signed', { body: ASCII, signed: '' }],
    [
      'the spaces inside a string removed before signing',
      { body: ASCII.replace('a/b', 'a b'), signed: ASCII.replace('a/b', 'ab') },
    ],
    ['the path signed without its query', { signedTarget: BALANCE.split('?')[0] ?? '' }],
    ['the query signed decoded, sent encoded', { target: BALANCE.replace('_', '%5F'), signedTarget: BALANCE }],
    ['two readings of the clock', { time: String(NOW), sentTime: String(NOW + 1) }],
    ['the bare token signed', { bearer: 'bare' }],
    ['the bearer in small letters, as the token answer spells it', { bearer: 'bearer' }],
    ['some other secret', { secret: 'quite-another' }],
    ['the signature in capitals', { encode: (mac: Buffer) => mac.toString('hex').toUpperCase() }],
    ['the signature in base64', { encode: (mac: Buffer) => mac.toString('base64') }],
  ])('%s: 401', async (_, change: Omit<Call, 'token'>) => {
    const token = await newToken();
    const bearer = { bare: token, bearer: `bearer ${token}` }[change.bearer ?? ''];
    const reply = await call({ token, ...change, ...(bearer !== undefined && { bearer }) });
    expect(reply).toMatchObject(UNAUTHORIZED);
    expect(reply.reason).toMatch(/^signature/);
    // What was sent is signed: now it passes the check, so it was the signature and nothing else.
    const { body, target } = change;
    expect(
      (await call({ token, ...(body !== undefined && { body }), ...(target !== undefined && { target }) })).status,
    ).toBe(200);
  });

  it('the token before the last: 401', async () => {
    const old = await newToken();
    expect((await call({ token: old })).status).toBe(200);
    const current = await newToken();
    const reply = await call({ token: old });
    expect(reply).toMatchObject({ ...UNAUTHORIZED, reason: 'token-replaced' });
    expect((await call({ token: current })).json).toMatchObject({ status: 100 });
  });

  it('the header of the new token with a signature over the old: 401', async () => {
    const old = await newToken();
    const current = await newToken();
    expect(await call({ token: current, bearer: `Bearer ${old}` })).toMatchObject(UNAUTHORIZED);
  });

  it('a token past its ten hours: 401', async () => {
    const token = await newToken();
    simulator.clock.advance(10 * 60 * MINUTE - 1_000);
    expect((await call({ token })).status).toBe(200);
    simulator.clock.advance(2_000);
    expect(await call({ token })).toMatchObject({ ...UNAUTHORIZED, reason: 'token-expired' });
  });

  it.each([
    ['a wrong secret', { Authorization: `Basic ${Buffer.from(`${CLIENT.clientId}:wrong`).toString('base64')}` }, {}],
    [
      'a newline in the base64',
      { Authorization: `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}\n`).toString('base64')}` },
      {},
    ],
    ['no credentials', {}, {}],
    ['grantType in camel case, as in SNAP', { Authorization: basic }, { grantType: 'client_credentials' }],
  ])('a token request with %s: UNAUTHORIZED, HTTP 200', async (_, headers: Record<string, string>, body) => {
    const grant = Object.keys(body).length > 0 ? body : { grant_type: 'client_credentials' };
    const { status, json } = await postJson(simulator.urls.netzme, '/oauth/merchant/accesstoken', grant, headers);
    expect({ status, json }).toEqual({ status: 200, json: { status: 'UNAUTHORIZED' } });
  });

  describe("Netzme's own clients pass", () => {
    /** json.dumps of Python: `, ` and `: ` between members, everything above ASCII escaped. */
    const pythonDumps = (minified: string) =>
      minified
        .replace(/("(?:[^"\\]|\\.)*")|([,:])/g, (_all, text: string | undefined, mark: string) => text ?? `${mark} `)
        .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

    it('the Python tool: signs the minified body, sends it with spaces', async () => {
      const token = await newToken();
      const sent = pythonDumps(ASCII);
      expect(sent).toContain('": "');
      expect((await call({ token, body: sent, signed: ASCII })).json).toMatchObject({ status: 100, requestId: 'r-1' });
    });

    it('the Python tool with accents: signs and sends escapes', async () => {
      const token = await newToken();
      const sent = pythonDumps(ACCENTS);
      const signed = sent.replaceAll('": ', '":').replaceAll(', "', ',"');
      expect(signed).toContain('\\ud83d\\ude00');
      expect((await call({ token, body: sent, signed })).json).toMatchObject({ status: 100 });
    });

    it('the Python tool, where the server is set not to minify: 401', async () => {
      simulator.updateSettings({ netzme: { minifyBeforeCheck: false } });
      const token = await newToken();
      expect(await call({ token, body: pythonDumps(ASCII), signed: ASCII })).toMatchObject(UNAUTHORIZED);
      expect((await call({ token, body: ASCII })).status).toBe(200);
    });

    it('the Go gateway: signs and sends raw UTF-8, its time in whole seconds', async () => {
      const token = await newToken();
      const time = `${Math.floor(NOW / 1_000)}000`;
      expect((await call({ token, body: ACCENTS, time })).json).toMatchObject({ status: 100 });
    });

    it('the PHP client: the expiry of the token for a time, hours ahead', async () => {
      const token = await newToken();
      const time = String(NOW + 10 * 60 * MINUTE);
      expect((await call({ token, time })).json).toMatchObject({ status: 100 });
      simulator.updateSettings({ netzme: { requestTimeToleranceSeconds: 300 } });
      expect(await call({ token, time })).toMatchObject({ ...UNAUTHORIZED, reason: 'request-time-off' });
    });
  });
});

describe('Alignet', () => {
  const DEMO_AUDIENCE = 'https://api.dev.alignet.io';
  const VERSION = { 'ALG-API-VERSION': '1709847567' };

  /** As Alignet's own demo asks: no version header, audience without a slash, three scopes. */
  const token = (change: object = {}, headers: Readonly<Record<string, string>> = {}) =>
    postJson(
      simulator.urls.alignet,
      '/token',
      {
        action: 'authorize',
        grant_type: 'client_credentials',
        audience: DEMO_AUDIENCE,
        client_id: PEN.clientId,
        client_secret: PEN.clientSecret,
        scope: 'create:token post:charges offline_access',
        ...change,
      },
      headers,
    );
  const accessToken = async (change: object = {}) => String((await token(change)).json['access_token']);
  const nonce = (bearer: string, change: object = {}, headers: Readonly<Record<string, string>> = {}) =>
    postJson(
      simulator.urls.alignet,
      '/nonce',
      {
        action: 'create.nonce',
        audience: DEMO_AUDIENCE,
        client_id: PEN.clientId,
        scope: 'create:token post:charges',
        ...change,
      },
      { ...(bearer !== '' && { Authorization: bearer }), ...headers },
    );
  const freshNonce = async () => String((await nonce(`Bearer ${await accessToken()}`)).json['nonce']);
  const redeem = (value: string, payload?: object) =>
    postJson(simulator.urls.alignet, '/simulator/flex/redeem', { nonce: value, ...(payload && { payload }) });

  const refused = (part: string) => ({
    success: false,
    [part]: {
      meta: { status: { code: '01', message_ilgn: [{ locale: 'es_PE', value: expect.any(String) as string }] } },
    },
  });

  it.each([
    ['a wrong secret', 401, 'wrong-secret', () => token({ client_secret: 'wrong' })],
    ["the other currency's secret", 401, 'wrong-secret', () => token({ client_secret: USD.clientSecret })],
    ['an unknown client', 401, 'unknown-client', () => token({ client_id: 'nobody' })],
    ['a scope that is not granted', 401, 'scope-not-allowed', () => token({ scope: 'create:token admin:all' })],
    ['no scope create:token', 401, 'scope-missing', () => token({ scope: 'post:charges' })],
    ['the action of the nonce', 400, 'wrong-action', () => token({ action: 'create.nonce' })],
    ['no audience', 400, 'missing-member', () => token({ audience: undefined })],
    ['an unknown audience', 400, 'unknown-audience', () => token({ audience: 'https://shop.example/' })],
    [
      'an audience of another environment',
      400,
      'audience-of-another-environment',
      () => token({ audience: 'https://api.alignet.io/' }),
    ],
    [
      'the old password grant',
      400,
      'wrong-grant',
      () => token({ grant_type: 'password', username: 'x', password: 'x' }),
    ],
    ['a member the current version does not know', 400, 'unknown-member', () => token({ username: 'x' }, VERSION)],
    [
      'a form, as RFC 6749 has it',
      400,
      'not-json',
      () =>
        send(
          simulator.urls.alignet,
          '/token',
          'POST',
          { 'Content-Type': 'application/x-www-form-urlencoded' },
          new URLSearchParams({ grant_type: 'client_credentials', client_id: PEN.clientId }).toString(),
        ),
    ],
  ])('/token with %s: %d', async (_, status, reason, ask) => {
    const reply = await ask();
    expect(reply).toMatchObject({ status, reason, json: refused('authorization') });
    expect(reply.json).not.toHaveProperty('access_token');
  });

  it.each([
    ['no bearer', 401, 'bearer-missing', () => nonce('')],
    ['Basic credentials', 401, 'bearer-malformed', () => nonce('Basic eDp5')],
    ['a token of its own making', 401, 'bearer-unknown', () => nonce('Bearer eyJhbGciOiJub25lIn0.e30.')],
    [
      'an audience of another environment',
      400,
      'audience-of-another-environment',
      async () => nonce(`Bearer ${await accessToken()}`, { audience: 'https://api.alignet.io/' }),
    ],
    [
      'a token of production all the same',
      400,
      'audience-of-another-environment',
      async () => {
        const audience = 'https://api.alignet.io';
        simulator.updateSettings({ alignet: { environment: 'any' } });
        const bearer = `Bearer ${await accessToken({ audience })}`;
        simulator.updateSettings({ alignet: { environment: 'preprod' } });
        return nonce(bearer, { audience });
      },
    ],
    [
      "the other currency's client id",
      400,
      'client-differs',
      async () => nonce(`Bearer ${await accessToken()}`, { client_id: USD.clientId }),
    ],
    [
      'the action of the token, as one table has it',
      400,
      'wrong-action',
      async () => nonce(`Bearer ${await accessToken()}`, { action: 'authorize' }),
    ],
    [
      'a token without post:charges',
      403,
      'token-lacks-scope',
      async () => nonce(`Bearer ${await accessToken({ scope: 'create:token' })}`, { scope: 'post:charges' }),
    ],
    [
      'the secret in it, by the current version',
      400,
      'unknown-member',
      async () => nonce(`Bearer ${await accessToken()}`, { client_secret: PEN.clientSecret }, VERSION),
    ],
  ])('/nonce with %s: %d', async (_, status, reason, ask) => {
    const reply = await ask();
    expect(reply).toMatchObject({ status, reason, json: refused('nonce_creation') });
    expect(reply.json).not.toHaveProperty('nonce');
  });

  it('an access token past its life: 401', async () => {
    const bearer = `Bearer ${await accessToken()}`;
    simulator.clock.advance(8_599_000);
    expect((await nonce(bearer)).status).toBe(200);
    simulator.clock.advance(2_000);
    expect(await nonce(bearer)).toMatchObject({ status: 401, reason: 'bearer-expired' });
  });

  it('a nonce used twice: 409', async () => {
    const value = await freshNonce();
    expect((await redeem(value)).status).toBe(200);
    expect(await redeem(value)).toMatchObject({ status: 409, reason: 'nonce-used' });
  });

  it('a nonce used up by a wrong payload is used up', async () => {
    const value = await freshNonce();
    expect(await redeem(value, { merchant_code: USD.merchantCode })).toMatchObject({ status: 400 });
    expect(await redeem(value)).toMatchObject({ status: 409, reason: 'nonce-used' });
  });

  it('a nonce 31 s old: 401; 29 s old: 200', async () => {
    const [young, old] = [await freshNonce(), await freshNonce()];
    simulator.clock.advance(29_000);
    expect((await redeem(young)).status).toBe(200);
    simulator.clock.advance(2_000);
    expect(await redeem(old)).toMatchObject({ status: 401, reason: 'nonce-expired' });
  });

  it('a nonce with its claims changed: 401', async () => {
    const [header = '', claims = '', signature = ''] = (await freshNonce()).split('.');
    const longer = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), exp: 4_102_444_800 };
    const forged = [header, Buffer.from(JSON.stringify(longer)).toString('base64url'), signature].join('.');
    expect(await redeem(forged)).toMatchObject({ status: 401, reason: 'nonce-unknown' });
  });

  describe("Alignet's own clients pass", () => {
    it('the demo: no version header, offline_access, two scopes for the nonce, no slash', async () => {
      const granted = await token();
      expect(granted).toMatchObject({
        status: 200,
        json: { success: true, token_type: 'Bearer', expires_in: 8600, refresh_token: expect.any(String) as string },
      });
      const { status, json } = await nonce(`Bearer ${String(granted.json['access_token'])}`);
      expect(status).toBe(200);
      expect(json).toMatchObject({ success: true, scope: 'create:token post:charges', expires_in: 30 });
      expect((await redeem(String(json['nonce']))).json).toMatchObject({ operation: { state: 'AUTORIZADO' } });
    });

    it('the docs: version header, slash, four scopes, post:charges for the nonce', async () => {
      const audience = 'https://api.preprod.alignet.io/';
      const scope = 'create:token post:charges get:charges delete:charges';
      const granted = await token({ audience, scope }, VERSION);
      expect(granted).toMatchObject({ status: 200, json: { scope } });
      const bearer = `Bearer ${String(granted.json['access_token'])}`;
      const { status, json } = await nonce(bearer, { audience, scope: 'post:charges' }, VERSION);
      expect([status, json['scope']]).toEqual([200, 'post:charges']);
    });

    it('the WooCommerce plugin: a token per checkout, and the first goes on working', async () => {
      const [first, second] = [await accessToken(), await accessToken()];
      expect(first).not.toBe(second);
      for (const each of [first, second]) {
        expect((await nonce(`Bearer ${each}`, { scope: 'post:charges' })).status).toBe(200);
      }
    });
  });
});
