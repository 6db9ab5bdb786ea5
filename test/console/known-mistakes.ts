import { constants, createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { NETZME, SITE } from '../e2e/demo-app';

/** A mistake people are known to make, made here with nothing of what looks for it. */
export interface KnownMistake {
  readonly name: string;
  readonly scheme: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What somebody who makes it comes to. */
  readonly expected: string;
  readonly code: string;
  readonly named: readonly string[];
  readonly at?: { readonly input: string; readonly byte: number };
  /** It is none for the signature. */
  readonly match?: true;
}

type Named = Omit<KnownMistake, 'scheme' | 'inputs'>;

const hash = (algorithm: string, ...parts: readonly (string | Buffer)[]): Buffer => {
  const state = createHash(algorithm);
  for (const part of parts) state.update(part);
  return state.digest();
};
const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => hash('sha256', ...parts);
const hmac = (key: string | Buffer, text: string | Buffer, algorithm = 'sha256'): Buffer =>
  createHmac(algorithm, key).update(text).digest();

const of = (
  scheme: string,
  inputs: Readonly<Record<string, string>>,
  mistakes: readonly (readonly [
    name: string,
    expected: string,
    code: string,
    named: string | readonly string[],
    at?: KnownMistake['at'],
  ])[],
): KnownMistake[] =>
  mistakes.map(([name, expected, code, named, at]) => ({
    name: `${scheme}: ${name}`,
    scheme,
    inputs,
    expected,
    code,
    named: typeof named === 'string' ? [named] : named,
    ...(at && { at }),
  }));

// ---------------------------------------------------------------- placetopay-auth

const SECRET = SITE.secretKey;
const RAW = Buffer.from('00ff80fec328a0a1e228a1f0288cbc7f', 'hex');
const SEED = '2026-11-22T10:15:30-05:00';
const AUTH = { 'auth.nonce': RAW.toString('base64'), 'auth.seed': SEED };
const RIGHT = sha256(RAW, SEED, SECRET);
const base64 = (bytes: Buffer): string => bytes.toString('base64');
const seeded = (seed: string): string => base64(sha256(RAW, seed, SECRET));
const secretAs = (secret: string | Buffer): string => base64(sha256(RAW, SEED, secret));

const PLACETOPAY_AUTH = of('placetopay-auth', AUTH, [
  ['hex of the digest', RIGHT.toString('hex'), 'encoding-hex', 'encoding'],
  ['upper-case hex', RIGHT.toString('hex').toUpperCase(), 'encoding-hex-upper', 'encoding'],
  ['base64 of the hex', base64(Buffer.from(RIGHT.toString('hex'))), 'encoding-base64-of-hex', 'encoding'],
  ['base64 without padding', base64(RIGHT).replace('=', ''), 'encoding-base64-unpadded', 'encoding'],
  ['SHA-1', base64(hash('sha1', RAW, SEED, SECRET)), 'algorithm-sha1', 'algorithm'],
  ['SHA-512', base64(hash('sha512', RAW, SEED, SECRET)), 'algorithm-sha512', 'algorithm'],
  ['MD5', base64(hash('md5', RAW, SEED, SECRET)), 'algorithm-md5', 'algorithm'],
  ['HMAC of nonce and seed', base64(hmac(SECRET, Buffer.concat([RAW, Buffer.from(SEED)]))), 'hmac-for-hash', 'key'],
  ['base64 of the nonce hashed', base64(sha256(base64(RAW), SEED, SECRET)), 'nonce-base64-hashed', 'auth.nonce'],
  ['hex of the nonce hashed', base64(sha256(RAW.toString('hex'), SEED, SECRET)), 'nonce-hex-hashed', 'auth.nonce'],
  ['nonce read as UTF-8', base64(sha256(RAW.toString('utf8'), SEED, SECRET)), 'nonce-as-utf8', 'auth.nonce'],
  [
    'nonce read as latin1',
    base64(sha256(Buffer.from(RAW.toString('latin1')), SEED, SECRET)),
    'nonce-as-latin1',
    'auth.nonce',
  ],
  ['nonce left out', base64(sha256(SEED, SECRET)), 'value-left-out', 'auth.nonce'],
  ['seed before nonce', base64(sha256(SEED, RAW, SECRET)), 'order-swapped', 'order'],
  ['secret first', base64(sha256(SECRET, RAW, SEED)), 'order-swapped', 'order'],
  ['secret left out', base64(sha256(RAW, SEED)), 'secret-left-out', 'secret'],
  ['secret with a newline', secretAs(`${SECRET}\n`), 'secret-newline', 'secret'],
  ['secret with a space', secretAs(` ${SECRET}`), 'secret-whitespace', 'secret'],
  ['secret in quotes', secretAs(`"${SECRET}"`), 'secret-quoted', 'secret'],
  ['secret as UTF-16', secretAs(Buffer.from(SECRET, 'utf16le')), 'secret-utf16', 'secret'],
  ["another site's secret", secretAs('sandbox-placetopay-other-secret'), 'secret-of-another-account', 'secret'],
  [
    'seed in UTC, the same instant',
    seeded('2026-11-22T15:15:30+00:00'),
    'time-respelled',
    'auth.seed',
    { input: 'auth.seed', byte: 12 },
  ],
  ['seed with milliseconds', seeded('2026-11-22T15:15:30.000Z'), 'time-respelled', 'auth.seed'],
  [
    'seed in another zone',
    seeded('2026-11-22T10:15:30+00:00'),
    'time-zone',
    'auth.seed',
    { input: 'auth.seed', byte: 19 },
  ],
  ["seed with the clock's milliseconds", seeded('2026-11-22T10:15:30.123-05:00'), 'time-in-milliseconds', 'auth.seed'],
  [
    "seed in UTC with the clock's milliseconds",
    seeded('2026-11-22T15:15:30.987Z'),
    'time-in-milliseconds',
    'auth.seed',
  ],
  ['login as secret', secretAs(SITE.login), 'secret-is-the-name', 'secret'],
  ['seed without zone', seeded('2026-11-22T10:15:30'), 'time-without-zone', 'auth.seed'],
  [
    'seed read twice',
    seeded('2026-11-22T10:15:32-05:00'),
    'time-other-reading',
    'auth.seed',
    { input: 'auth.seed', byte: 18 },
  ],
  ['a dash between the parts', base64(sha256(RAW, '-', SEED, '-', SECRET)), 'separator-added', 'separator'],
  ['cut off', base64(RIGHT).slice(0, 32), 'truncated', 'expected'],
  ['whitespace around', ` ${base64(RIGHT)}\n`, 'expected-whitespace', 'expected'],
  [
    'SHA-1 and hex',
    hash('sha1', RAW, SEED, SECRET).toString('hex'),
    'encoding-hex+algorithm-sha1',
    ['encoding', 'algorithm'],
  ],
]);

// The docs' numeric nonce gives a digest with both characters that URL-safe base64 spells otherwise.
const URL_SAFE = { 'auth.nonce': Buffer.from('2').toString('base64'), 'auth.seed': SEED };
const PLACETOPAY_URL_SAFE = of('placetopay-auth', URL_SAFE, [
  ['plus read as a space', urlSafePlain().replaceAll('+', ' '), 'expected-whitespace', 'expected'],
  ['percent-encoded', encodeURIComponent(urlSafePlain()), 'expected-whitespace', 'expected'],
  ['slashes escaped', urlSafePlain().replaceAll('/', '\\/'), 'expected-whitespace', 'expected'],
  ['URL-safe base64', urlSafe(sha256('2', SEED, SECRET)), 'encoding-base64url', 'encoding'],
]);

function urlSafePlain(): string {
  return base64(sha256('2', SEED, SECRET));
}

function urlSafe(digest: Buffer): string {
  const text = base64(digest);
  if (!/[+/]/.test(text)) throw new Error('this digest reads the same in both alphabets: choose another nonce');
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

const PLACETOPAY_OLDER = of('placetopay-auth', AUTH, [
  [
    'the old PSE service',
    hash('sha1', SEED, SECRET).toString('hex'),
    'scheme-pse',
    ['encoding', 'algorithm', 'auth.nonce'],
  ],
  [
    'base64 of the nonce, SHA-1 and hex',
    hash('sha1', base64(RAW), SEED, SECRET).toString('hex'),
    'encoding-hex+algorithm-sha1+nonce-base64-hashed',
    ['encoding', 'algorithm', 'auth.nonce'],
  ],
  ['SHA-384', base64(hash('sha384', RAW, SEED, SECRET)), 'algorithm-sha384', 'algorithm'],
  [
    'nonce in base64 without padding',
    base64(sha256(base64(RAW).replace(/=+$/, ''), SEED, SECRET)),
    'nonce-base64-hashed',
    'auth.nonce',
  ],
  [
    'nonce in URL-safe base64',
    base64(sha256(base64(RAW).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''), SEED, SECRET)),
    'nonce-base64-hashed',
    'auth.nonce',
  ],
  ['the login as well', base64(sha256(RAW, SEED, SITE.login, SECRET)), 'value-added', 'login'],
  ['the secret itself', SECRET, 'secret-itself', 'algorithm'],
  ['base64 of the secret itself', base64(Buffer.from(SECRET)), 'secret-itself', 'algorithm'],
]);

const sentSeed = (
  seed: string,
  ...mistakes: readonly (readonly [name: string, hashed: string, code: string, byte?: number])[]
): KnownMistake[] =>
  of(
    'placetopay-auth',
    { ...AUTH, 'auth.seed': seed },
    mistakes.map(([name, hashed, code, byte]) => [
      name,
      seeded(hashed),
      code,
      'auth.seed',
      byte === undefined ? undefined : { input: 'auth.seed', byte },
    ]),
  );

const PLACETOPAY_SEEDS = [
  ...sentSeed(
    '2026-11-22T15:15:30.123Z',
    ['two readings, 2 ms apart', '2026-11-22T15:15:30.125Z', 'time-other-reading', 22],
    ['two readings, 17 ms apart', '2026-11-22T15:15:30.140Z', 'time-other-reading', 21],
    ['two readings, the next second', '2026-11-22T15:15:31.023Z', 'time-other-reading', 18],
    ['milliseconds with an offset', '2026-11-22T15:15:30.123+00:00', 'time-respelled', 23],
    ['milliseconds of Bogota', '2026-11-22T10:15:30.123-05:00', 'time-respelled'],
    ['milliseconds cut off', '2026-11-22T15:15:30Z', 'time-rounded'],
    ['milliseconds cut off, in Bogota', '2026-11-22T10:15:30-05:00', 'time-rounded'],
    ['milliseconds of another zone', '2026-11-22T15:15:30.123-05:00', 'time-zone', 23],
  ),
  ...sentSeed('2026-11-22T15:15:30.129Z', [
    'two readings, from 129 to 130 ms',
    '2026-11-22T15:15:30.130Z',
    'time-other-reading',
    21,
  ]),
  ...sentSeed('2026-11-22T15:15:30.000Z', [
    'no milliseconds, with an offset',
    '2026-11-22T15:15:30.000+00:00',
    'time-respelled',
  ]),
  ...sentSeed(
    '2026-11-22T15:15:30.123456+00:00',
    ['two readings, 33 microseconds apart', '2026-11-22T15:15:30.123489+00:00', 'time-other-reading', 24],
    ['two readings across a millisecond', '2026-11-22T15:15:30.124002+00:00', 'time-other-reading', 22],
    ['microseconds with a Z', '2026-11-22T15:15:30.123456Z', 'time-respelled', 26],
    ['microseconds as milliseconds', '2026-11-22T15:15:30.123Z', 'time-respelled'],
    ['microseconds of Bogota', '2026-11-22T10:15:30.123456-05:00', 'time-respelled'],
  ),
  ...sentSeed('2026-11-22T10:15:30.123-05:00', ['milliseconds in UTC', '2026-11-22T15:15:30.123Z', 'time-respelled']),
  ...sentSeed(
    SEED,
    ['kept for ten minutes', '2026-11-22T10:05:30-05:00', 'time-other-reading', 14],
    ['clock of UTC with the offset of Bogota', '2026-11-22T15:15:30-05:00', 'time-local-as-utc', 12],
    ['the offset taken off twice', '2026-11-22T05:15:30-05:00', 'time-local-as-utc', 11],
    ['clock of Jakarta with the offset of Bogota', '2026-11-22T22:15:30-05:00', 'time-zone'],
    ["Java's, without its seconds", '2026-11-22T10:15-0500', 'time-without-seconds', 16],
    ['no microseconds', '2026-11-22T10:15:30.000000-05:00', 'time-respelled'],
    ['microseconds of none, in UTC', '2026-11-22T15:15:30.000000+00:00', 'time-respelled'],
  ),
  ...sentSeed('2026-11-22T08:15:30-05:00', [
    'clock of UTC in the afternoon',
    '2026-11-22T13:15:30-05:00',
    'time-local-as-utc',
  ]),
  ...sentSeed('2026-11-22T10:59:59-05:00', [
    'ten minutes later, in the next hour',
    '2026-11-22T11:09:59-05:00',
    'time-other-reading',
  ]),
  ...sentSeed('2026-11-22T10:15:00-05:00', ["Java's, at the full minute", '2026-11-22T10:15-0500', 'time-respelled']),
];

// ---------------------------------------------------------------- netzme-signature

export const TOKEN = 'cafebface38fe374af5bcf7579a711658585012507d409eebb74f33fa4684711';
export const OLDER_TOKEN = '0ld0ld0ld38fe374af5bcf7579a711658585012507d409eebb74f33fa4680000';
const TIME = '1795325915594';
const PATH = '/api/v1/list?userId=M_1&name=Toko%20Maju%2fJaya';
const PRETTY = '{ "z": 1.50, "a": "Kaf\u00e9 <1/2>",\n  "m": "https://x.test" }';
const BODY = '{"z":1.50,"a":"Kaf\u00e9 <1/2>","m":"https://x.test"}';
const REQUEST = { method: 'POST', path: PATH, accessToken: '', requestTime: TIME, body: PRETTY };

interface Signed {
  readonly path?: string;
  readonly method?: string;
  readonly token?: string;
  readonly time?: string;
  readonly body?: string;
}

const text = ({ path = PATH, method = 'POST', token = `Bearer ${TOKEN}`, time = TIME, body = BODY }: Signed): string =>
  `path=${path}&method=${method}&token=${token}&timestamp=${time}&body=${body}`;
const key = ({ token = `Bearer ${TOKEN}`, time = TIME }: Signed, secret: string = NETZME.clientSecret): string =>
  `${secret}-${time}-${token}`;
const signed = (changed: Signed): string => hmac(key(changed), text(changed)).toString('hex');
const keyed = (used: string): string => hmac(used, text({})).toString('hex');
const bodyAs = (name: string, body: string, code: string, byte: number) =>
  [name, signed({ body }), code, 'body', { input: 'body', byte }] as const;
const JSON_BODY: unknown = JSON.parse(PRETTY);
const php = (json: string): string => json.replaceAll('/', '\\/').replace(/\u00e9/g, '\\u00e9');

const NETZME_SIGNATURE = of('netzme-signature', REQUEST, [
  ['query left out', signed({ path: '/api/v1/list' }), 'path-without-query', 'path', { input: 'path', byte: 12 }],
  ['path decoded', signed({ path: decodeURIComponent(PATH) }), 'path-decoded', 'path', { input: 'path', byte: 33 }],
  ['query form-encoded', signed({ path: PATH.replace('%20', '+').replace('%2f', '%2F') }), 'path-form-encoded', 'path'],
  [
    'escapes in upper case',
    signed({ path: PATH.replace('%2f', '%2F') }),
    'path-escapes-case',
    'path',
    { input: 'path', byte: 42 },
  ],
  [
    'parameters sorted',
    signed({ path: '/api/v1/list?name=Toko%20Maju%2fJaya&userId=M_1' }),
    'path-query-order',
    'path',
  ],
  [
    'slash at the end',
    signed({ path: PATH.replace('list?', 'list/?') }),
    'path-trailing-slash',
    'path',
    { input: 'path', byte: 12 },
  ],
  ['no leading slash', signed({ path: PATH.slice(1) }), 'path-leading-slash', 'path'],
  ['method in lower case', signed({ method: 'post' }), 'method-case', 'method'],
  ['another method', signed({ method: 'GET' }), 'method-other', 'method'],
  ['time in seconds', signed({ time: '1795325915' }), 'time-in-seconds', 'requestTime'],
  ['time as a date', signed({ time: new Date(Number(TIME)).toISOString() }), 'time-as-text', 'requestTime'],
  ['time of Jakarta', signed({ time: String(Number(TIME) + 7 * 3_600_000) }), 'time-zone', 'requestTime'],
  [
    'clock read twice',
    signed({ time: '1795325915601' }),
    'time-other-reading',
    'requestTime',
    { input: 'requestTime', byte: 10 },
  ],
  ['token without Bearer', signed({ token: TOKEN }), 'token-without-bearer', 'accessToken'],
  ['bearer in lower case', signed({ token: `bearer ${TOKEN}` }), 'token-bearer-case', 'accessToken'],
  [
    'token without Bearer in the text',
    hmac(key({}), text({ token: TOKEN })).toString('hex'),
    'token-without-bearer-in-text',
    'accessToken',
  ],
  ['an older token', signed({ token: `Bearer ${OLDER_TOKEN}` }), 'token-older', 'accessToken'],
  ['no token', signed({ token: '' }), 'token-left-out', 'accessToken'],
  ['bare secret as key', keyed(NETZME.clientSecret), 'key-bare-secret', 'key'],
  ['key without hyphens', keyed(`${NETZME.clientSecret}${TIME}Bearer ${TOKEN}`), 'key-without-hyphens', 'key'],
  ['key with one hyphen', keyed(`${NETZME.clientSecret}-${TIME}Bearer ${TOKEN}`), 'key-without-hyphens', 'key'],
  ['key without time', keyed(`${NETZME.clientSecret}-Bearer ${TOKEN}`), 'key-without-time', 'key'],
  ['key without token', keyed(`${NETZME.clientSecret}-${TIME}`), 'key-without-token', 'key'],
  ['key in another order', keyed(`${NETZME.clientSecret}-Bearer ${TOKEN}-${TIME}`), 'key-order', 'key'],
  ['key with a bare token', keyed(`${NETZME.clientSecret}-${TIME}-${TOKEN}`), 'key-token-without-bearer', 'key'],
  ['secret with a newline', keyed(key({}, `${NETZME.clientSecret}\n`)), 'secret-newline', 'secret'],
  ["another client's secret", keyed(key({}, 'sandbox-netzme-other-secret')), 'secret-of-another-account', 'secret'],
  bodyAs('whitespace not minified', PRETTY, 'body-not-minified', 1),
  bodyAs('keys sorted', '{"a":"Kaf\u00e9 <1/2>","m":"https://x.test","z":1.5}', 'body-keys-sorted', 2),
  bodyAs('parsed and written anew', JSON.stringify(JSON_BODY), 'body-rewritten', 8),
  bodyAs('non-ASCII escaped', BODY.replace('\u00e9', '\\u00e9'), 'body-non-ascii-escaped', 18),
  bodyAs('slashes escaped', JSON.stringify(JSON_BODY).replaceAll('/', '\\/'), 'body-slashes-escaped', 8),
  bodyAs('as PHP writes', php(JSON.stringify(JSON_BODY)), 'body-as-php', 8),
  bodyAs(
    'as Go writes',
    JSON.stringify(JSON_BODY).replace('<', '\\u003c').replace('>', '\\u003e'),
    'body-html-escaped',
    8,
  ),
  bodyAs('as Python writes', BODY.replaceAll('":', '": ').replaceAll(',"', ', "'), 'body-spaced', 5),
  bodyAs('indented', JSON.stringify(JSON_BODY, null, 4), 'body-indented', 1),
  bodyAs('a digit mistyped', BODY.replace('1.50', '1.60'), 'one-character', 7),
  bodyAs('two letters swapped', BODY.replace('https', 'htpts'), 'one-character', 35),
  bodyAs('a character missing', BODY.replace('x.test', 'x.tes'), 'one-character', 46),
  ['body left out', signed({ body: '' }), 'body-left-out', 'body'],
  ['hash in place of the body', signed({ body: sha256(BODY).toString('hex') }), 'body-hashed', 'body'],
  ['upper-case hex', signed({}).toUpperCase(), 'encoding-hex-upper', 'encoding'],
  ['base64 in place of hex', base64(Buffer.from(signed({}), 'hex')), 'encoding-base64', 'encoding'],
  ['SHA-1', hmac(key({}), text({}), 'sha1').toString('hex'), 'algorithm-sha1', 'algorithm'],
  ['SHA-512', hmac(key({}), text({}), 'sha512').toString('hex'), 'algorithm-sha512', 'algorithm'],
  ['plain hash', sha256(key({}), text({})).toString('hex'), 'hash-for-hmac', 'key'],
  ['key and text swapped', hmac(text({}), key({})).toString('hex'), 'key-and-text-swapped', 'key'],
  [
    'parameter renamed',
    hmac(key({}), text({}).replace('timestamp=', 'requestTime=')).toString('hex'),
    'text-parameter-renamed',
    'order',
  ],
  [
    'parameters in another order',
    hmac(key({}), `method=POST&path=${PATH}&token=Bearer ${TOKEN}&timestamp=${TIME}&body=${BODY}`).toString('hex'),
    'text-order',
    'order',
  ],
  [
    'the scheme of SNAP',
    hmac(NETZME.clientSecret, `POST:${PATH}:${TOKEN}:${sha256(BODY).toString('hex')}:${TIME}`, 'sha512').toString(
      'hex',
    ),
    'scheme-snap',
    ['order', 'algorithm', 'key'],
  ],
  [
    'query left out and time in seconds',
    signed({ path: '/api/v1/list', time: '1795325915' }),
    'path-without-query+time-in-seconds',
    ['path', 'requestTime'],
  ],
  [
    'text in place of the signature, unlike in the body',
    text({ body: BODY.replace('test', 'tost') }),
    'text-differs',
    'body',
    { input: 'body', byte: 44 },
  ],
  ['text in place of the signature, known mistake', text({ path: '/api/v1/list' }), 'path-without-query', 'path'],
  ['text in place of the signature, another token', text({ token: 'Bearer nope' }), 'text-differs', 'accessToken'],
]);

const LATER = String(Number(TIME) + 3);
const urlSigned = (origin: string): string => signed({ path: origin + PATH });
const joinedBy = (joint: string): string => keyed([NETZME.clientSecret, TIME, `Bearer ${TOKEN}`].join(joint));
const NETZME_REQUEST = of('netzme-signature', REQUEST, [
  [
    'key made a moment later',
    hmac(key({ time: LATER }), text({})).toString('hex'),
    'time-other-reading',
    'requestTime',
  ],
  [
    'text made a moment later',
    hmac(key({}), text({ time: LATER })).toString('hex'),
    'time-other-reading',
    'requestTime',
    { input: 'requestTime', byte: 12 },
  ],
  [
    'key made two seconds earlier',
    hmac(key({ time: String(Number(TIME) - 2_000) }), text({})).toString('hex'),
    'time-other-reading',
    'requestTime',
  ],
  ['whole URL of staging', urlSigned('https://tokoapi-stg.netzme.com'), 'path-whole-url', 'path'],
  ['whole URL of production', urlSigned('https://tokoapi.netzme.com'), 'path-whole-url', 'path'],
  ['host and path', urlSigned('tokoapi.netzme.com'), 'path-whole-url', 'path'],
  ['pasted with its header', `Signature: ${signed({})}`, 'expected-whitespace', 'expected'],
  ['pasted as a JSON member', `"signature": "${signed({})}",`, 'expected-whitespace', 'expected'],
  ['pasted from a terminal', signed({}).replace(/^.{40}/, '$&\n  '), 'expected-whitespace', 'expected'],
  ['plain hash without a key', sha256(text({})).toString('hex'), 'hash-for-hmac', 'key'],
  ['key joined by colons', joinedBy(':'), 'separator-other', 'key'],
  ['key joined by bars', joinedBy('|'), 'separator-other', 'key'],
  ['key joined by underscores', joinedBy('_'), 'separator-other', 'key'],
  ['client id as secret', keyed(key({}, NETZME.clientId)), 'secret-is-the-name', 'secret'],
]);

const bodyless = (body: string): string => hmac(key({}), text({ method: 'GET', body })).toString('hex');
const NETZME_GET = of('netzme-signature', { ...REQUEST, method: 'GET', body: '' }, [
  ...['{}', 'null', 'undefined', '""'].map(
    (body) => [`${body} for no body`, bodyless(body), 'body-not-empty', 'body'] as const,
  ),
  [
    'no member for the body',
    hmac(key({}), text({ method: 'GET', body: '' }).replace('&body=', '')).toString('hex'),
    'value-left-out',
    'body',
  ],
]);

const at = (shift: number): string => String(Number(TIME) + shift);
const bearing = (inKey: string, inText: string): string =>
  hmac(key({ token: inKey }), text({ token: inText })).toString('hex');
const BEARER = `Bearer ${TOKEN}`;
const NAMES = /(^|&)(path|method|token|timestamp|body)=/g;
const textSigned = (signedText: string | Buffer): string => hmac(key({}), signedText).toString('hex');
const NETZME_MISHAPS = of('netzme-signature', REQUEST, [
  ['Bearer and an empty token', signed({ token: 'Bearer ' }), 'token-left-out', 'accessToken'],
  ['Bearer undefined', signed({ token: 'Bearer undefined' }), 'token-left-out', 'accessToken'],
  ['Bearer null', signed({ token: 'Bearer null' }), 'token-left-out', 'accessToken'],
  ['BEARER', signed({ token: `BEARER ${TOKEN}` }), 'token-bearer-case', 'accessToken'],
  ['bearer in the key only', bearing(`bearer ${TOKEN}`, BEARER), 'token-bearer-case', 'accessToken'],
  ['bearer in the text only', bearing(BEARER, `bearer ${TOKEN}`), 'token-bearer-case', 'accessToken'],
  ['Bearer without a space', signed({ token: `Bearer${TOKEN}` }), 'token-bearer-space', 'accessToken'],
  ['path behind a proxy', signed({ path: `/gw${PATH}` }), 'path-prefix', 'path', { input: 'path', byte: 1 }],
  ['path without its beginning', signed({ path: PATH.replace('/api', '') }), 'path-prefix', 'path'],
  ['a parameter missing', signed({ path: '/api/v1/list?userId=M_1' }), 'path-parameter-missing', 'path'],
  ['path encoded as one value', signed({ path: encodeURIComponent(PATH) }), 'path-encoded', 'path'],
  ['an ampersand too many', signed({ path: `${PATH}&` }), 'path-ampersand', 'path'],
  [
    'time in seconds in the key only',
    hmac(key({ time: '1795325915' }), text({})).toString('hex'),
    'time-in-seconds',
    'requestTime',
  ],
  ['clock read 5 s later', signed({ time: at(5_000) }), 'time-other-reading', 'requestTime'],
  ['clock read 5.3 s later', signed({ time: at(5_321) }), 'time-other-reading', 'requestTime'],
  ['clock read 30 s later', signed({ time: at(30_000) }), 'time-other-reading', 'requestTime'],
  ['the end of a token of 10 h', signed({ time: at(36_000_000) }), 'time-of-expiry', 'requestTime'],
  ['the end of a token of 24 h', signed({ time: at(86_400_000 - 412) }), 'time-of-expiry', 'requestTime'],
  ['body as latin1', hmac(key({}), Buffer.from(text({}), 'latin1')).toString('hex'), 'body-latin1', 'body'],
  ['body stringified twice', signed({ body: JSON.stringify(BODY) }), 'body-stringified-twice', 'body'],
  ['an object for the body', signed({ body: '[object Object]' }), 'body-object-object', 'body'],
  [
    'body as a form',
    signed({ body: new URLSearchParams({ z: '1.5', a: 'Kaf\u00e9 <1/2>', m: 'https://x.test' }).toString() }),
    'body-form',
    'body',
  ],
  ['body percent-encoded', signed({ body: encodeURIComponent(BODY) }), 'body-encoded', 'body'],
  [
    'escapes in upper case in the body',
    signed({ body: BODY.replace('\u00e9', '\\u00E9') }),
    'body-non-ascii-escaped',
    'body',
  ],
  ['body decomposed', signed({ body: BODY.normalize('NFD') }), 'body-normalised', 'body'],
  ['number as a text', signed({ body: BODY.replace('1.50', '"1.50"') }), 'body-numbers-as-texts', 'body'],
  [
    'colons between parameters',
    textSigned(text({}).replace(NAMES, (_, start: string, name: string) => `${start && ':'}${name}=`)),
    'separator-other',
    'separator',
  ],
  ['nothing between parameters', textSigned(text({}).replace(NAMES, '$2=')), 'separator-missing', 'separator'],
  ['values alone', textSigned([PATH, 'POST', BEARER, TIME, BODY].join('&')), 'text-without-names', 'order'],
  [
    'values alone, with colons',
    textSigned([PATH, 'POST', BEARER, TIME, BODY].join(':')),
    'text-without-names',
    'order',
  ],
  [
    'the whole text as a form',
    textSigned(
      new URLSearchParams({ path: PATH, method: 'POST', token: BEARER, timestamp: TIME, body: BODY }).toString(),
    ),
    'text-form-encoded',
    'encoding',
  ],
  ['the whole text percent-encoded', textSigned(encodeURI(text({}))), 'text-form-encoded', 'encoding'],
  ['text behind a space', ` ${text({})}`, 'expected-whitespace', 'expected'],
  ['text in quotes', `"${text({})}"`, 'expected-whitespace', 'expected'],
  [
    'text with another name',
    text({}).replace('path', 'Path'),
    'text-differs',
    'separator',
    { input: 'separator', byte: 0 },
  ],
  [
    'text in quotes that differs',
    `"${text({ path: PATH.replace('list', 'last') })}"`,
    'text-differs',
    'path',
    { input: 'path', byte: 9 },
  ],
  [
    'text with the method first',
    `method=POST&path=${PATH}&token=${BEARER}&timestamp=${TIME}&body=${BODY}`,
    'text-order',
    'order',
  ],
  [
    'text of SNAP',
    `POST:${PATH}:${TOKEN}:${sha256(BODY).toString('hex')}:${TIME}`,
    'scheme-snap',
    ['order', 'algorithm', 'key'],
  ],
]);

const TEXTS = '{"amount":"10000","fee":"12.5","name":"7a"}';
const NUMBERS = '{"amount":10000,"fee":12.5,"name":"7a"}';
const amounts = (sentBody: string, name: string, body: string, code: string): KnownMistake[] =>
  of('netzme-signature', { ...REQUEST, body: sentBody }, [[name, signed({ body }), code, 'body']]);
const NETZME_AMOUNTS = [
  ...amounts(TEXTS, 'numbers signed, texts sent', NUMBERS, 'body-texts-as-numbers'),
  ...amounts(NUMBERS, 'texts signed, numbers sent', TEXTS, 'body-numbers-as-texts'),
  ...amounts(TEXTS, 'one number signed, text sent', TEXTS.replace('"12.5"', '12.5'), 'body-texts-as-numbers'),
  ...amounts('{"a":1,"b":null}', 'null left out', '{"a":1}', 'body-nulls'),
];

// ---------------------------------------------------------------- Basic

const basic = (user: string, between: string, password: string): string =>
  Buffer.from(`${user}${between}${password}`).toString('base64');
const NETZME_BASIC = of('netzme-basic', {}, [
  ['Basic left out', basic(NETZME.clientId, ':', NETZME.clientSecret), 'prefix-missing', 'prefix'],
  ['basic in lower case', `basic ${basic(NETZME.clientId, ':', NETZME.clientSecret)}`, 'prefix-respelled', 'prefix'],
  ['Bearer in place of Basic', `Bearer ${basic(NETZME.clientId, ':', NETZME.clientSecret)}`, 'prefix-other', 'prefix'],
  ['Basic twice', `Basic Basic ${basic(NETZME.clientId, ':', NETZME.clientSecret)}`, 'prefix-twice', 'prefix'],
  ['not encoded', `Basic ${NETZME.clientId}:${NETZME.clientSecret}`, 'encoding-missing', 'encoding'],
  ['secret first', `Basic ${basic(NETZME.clientSecret, ':', NETZME.clientId)}`, 'order-swapped', 'order'],
  ['no colon', `Basic ${basic(NETZME.clientId, '', NETZME.clientSecret)}`, 'separator-missing', 'separator'],
  [
    'newline behind the secret',
    `Basic ${basic(NETZME.clientId, ':', `${NETZME.clientSecret}\n`)}`,
    'secret-newline',
    'secret',
  ],
]);

// ---------------------------------------------------------------- webhooks of Placetopay

const DATE = '2026-11-22T10:15:30-05:00';
const STATUS = { status: 'APPROVED', reason: '00', message: 'Aprobada', date: DATE };
const checkout = { body: JSON.stringify({ status: STATUS, requestId: 1234, reference: 'ORDER-1' }) };
const CHECKOUT = `1234APPROVED${DATE}`;
const hex = (...parts: readonly string[]): string => sha256(...parts).toString('hex');
const prefixed = (...parts: readonly string[]): string => `sha256:${hex(...parts)}`;

const CHECKOUT_WEBHOOK = of('placetopay-checkout-webhook', checkout, [
  ['prefix missing', hex(CHECKOUT, SECRET), 'prefix-missing', 'prefix'],
  ['prefix in upper case', `SHA256:${hex(CHECKOUT, SECRET)}`, 'prefix-respelled', 'prefix'],
  ['SHA-1, the older form', hash('sha1', CHECKOUT, SECRET).toString('hex'), 'algorithm-sha1', 'algorithm'],
  ['base64', `sha256:${base64(sha256(CHECKOUT, SECRET))}`, 'encoding-base64', 'encoding'],
  [
    'all in upper case',
    `SHA256:${hex(CHECKOUT, SECRET).toUpperCase()}`,
    'encoding-hex-upper+prefix-respelled',
    ['encoding', 'prefix'],
  ],
  ['secret first', prefixed(SECRET, CHECKOUT), 'order-swapped', 'order'],
  ['HMAC', `sha256:${hmac(SECRET, CHECKOUT).toString('hex')}`, 'hmac-for-hash', 'key'],
  ['reference as well', prefixed(CHECKOUT, 'ORDER-1', SECRET), 'value-added', 'reference'],
  ['date left out', prefixed('1234APPROVED', SECRET), 'value-left-out', 'status.date'],
  ['reason for status', prefixed(`123400${DATE}`, SECRET), 'value-other', 'status.status'],
  ['message for status', prefixed(`1234Aprobada${DATE}`, SECRET), 'value-other', 'status.status'],
  ['status in lower case', prefixed(`1234approved${DATE}`, SECRET), 'letter-case', 'status.status'],
  ['date in UTC', prefixed('1234APPROVED2026-11-22T15:15:30.000Z', SECRET), 'time-respelled', 'status.date'],
  [
    'a digit of the number mistyped',
    prefixed(`1235APPROVED${DATE}`, SECRET),
    'one-character',
    'requestId',
    { input: 'requestId', byte: 3 },
  ],
  ['secret with CR LF', prefixed(CHECKOUT, `${SECRET}\r\n`), 'secret-newline', 'secret'],
  ['the whole body and the secret', prefixed(checkout.body, SECRET), 'body-signed', 'body'],
  ['the whole body', hex(checkout.body), 'body-signed', 'body'],
  ['an HMAC of the whole body', `sha256:${hmac(SECRET, checkout.body).toString('hex')}`, 'body-signed', 'body'],
  ['the login as secret', prefixed(CHECKOUT, SITE.login), 'secret-is-the-name', 'secret'],
  ['the secret of Scudo', prefixed(CHECKOUT, SITE.scudoKey), 'secret-of-another-product', 'secret'],
]);

const CHECKOUT_SHA1 = of('placetopay-checkout-webhook', { ...checkout, algorithm: 'sha1' }, [
  ['SHA-256 where SHA-1 was chosen', prefixed(CHECKOUT, SECRET), 'algorithm-sha256', 'algorithm'],
]);

/** Bodies that routes answer with 400, whoever signed them. */
const refused = (name: string, body: string, signedText: string): KnownMistake => ({
  name: `placetopay-checkout-webhook: ${name}`,
  scheme: 'placetopay-checkout-webhook',
  inputs: { body },
  expected: prefixed(signedText, SECRET),
  code: 'body-refused',
  named: [],
  match: true,
});
const checkoutBody = (requestId: string, status = 'APPROVED', date = DATE): string =>
  `{"requestId":${requestId},"status":{"status":"${status}","date":"${date}"}}`;
const REFUSED = [
  refused('number with a fraction', checkoutBody('1234.0'), CHECKOUT),
  refused('number with an exponent', checkoutBody('12e2'), `1200APPROVED${DATE}`),
  refused('number below 0', checkoutBody('-5'), `-5APPROVED${DATE}`),
  refused('number twice', checkoutBody('1,"requestId":1234'), CHECKOUT),
  refused('a date that is none', checkoutBody('1234', 'APPROVED', 'yesterday'), '1234APPROVEDyesterday'),
  refused('no status', checkoutBody('1234', ''), `1234${DATE}`),
  refused("a payment link's status", checkoutBody('1234', 'PAID'), `1234PAID${DATE}`),
];

const LINK = { body: JSON.stringify({ status: { ...STATUS, status: 'PAID' }, linkId: 2, reference: '#5321' }) };
const LINK_WEBHOOK = of('placetopay-payment-link-webhook', LINK, [
  ['a prefix it has not', prefixed(`2PAID${DATE}`, SECRET), 'prefix-added', 'prefix'],
  ['date left out', hex('2PAID', SECRET), 'value-left-out', 'status.date'],
]);

const GATEWAY = { body: JSON.stringify({ status: STATUS, internalReference: 77, reference: 'R' }) };
const GATEWAY_WEBHOOK = of('placetopay-gateway-webhook', GATEWAY, [
  ['the date as well, as elsewhere', hex(`77APPROVED${DATE}`, SECRET), 'value-added', 'status.date'],
  ['SHA-1', hash('sha1', '77APPROVED', SECRET).toString('hex'), 'algorithm-sha1', 'algorithm'],
]);

const SESSION = { body: JSON.stringify({ session: { id: 5834, status: 'APPROVED' } }) };
const SESSION_WEBHOOK = of('placetopay-gateway-session-webhook', SESSION, [
  ['HMAC', hmac(SECRET, '5834APPROVED').toString('hex'), 'hmac-for-hash', 'key'],
]);

const ACCOUNT_ID = '53eccc5c-bbb8-36ae-a4f0-dfc8a791e736';
const ACCOUNT = { body: JSON.stringify({ status: { status: 'APPROVED' }, requestId: ACCOUNT_ID }) };
const ACCOUNT_WEBHOOK = of('placetopay-account-validator-webhook', ACCOUNT, [
  ['SHA-256, as everywhere else', hex(`${ACCOUNT_ID}APPROVED`, SECRET), 'algorithm-sha256', 'algorithm'],
  ['SHA-256 with its prefix', prefixed(`${ACCOUNT_ID}APPROVED`, SECRET), 'algorithm-sha256', 'algorithm'],
]);

const AUTOPAY_ID = '2972c13d-6315-4da3-80d7-64c24eb232ad';
const AUTOPAY = { body: JSON.stringify({ id: AUTOPAY_ID, type: 'AUTOPAY_CANCELED', date: '2026-11-22 10:15:30' }) };
const AUTOPAY_WEBHOOK = of('placetopay-autopay-webhook', AUTOPAY, [
  [
    'T in the date',
    prefixed(`${AUTOPAY_ID}AUTOPAY_CANCELED2026-11-22T10:15:30`, SECRET),
    'time-respelled',
    'date',
    { input: 'date', byte: 10 },
  ],
]);

const MSV = { body: JSON.stringify({ token: 'd5d67dcb', status: STATUS }) };
const MSV_WEBHOOK = of('placetopay-msv-webhook', MSV, [
  ['base64', base64(sha256(`d5d67dcbAPPROVED${DATE}`, SITE.msvSecretToken)), 'encoding-base64', 'encoding'],
]);

const DATA = '{"id":"d8","status":"INACTIVE","expiration":"01/26"}';
const REQUESTOR = { body: `{"type":"TOKEN_UPDATED","date":"2026-11-22 10:15:30","data":${DATA}}` };
const REQUESTOR_DATE = '2026-11-22 10:15:30';
const REQUESTOR_WEBHOOK = of('placetopay-token-requestor-webhook', REQUESTOR, [
  ['secret last', base64(sha256(DATA, REQUESTOR_DATE, SECRET)), 'order-swapped', 'order'],
  ['hex', hex(SECRET, DATA, REQUESTOR_DATE), 'encoding-hex', 'encoding'],
  ['values of data with commas', base64(sha256(SECRET, 'd8,INACTIVE,01/26', REQUESTOR_DATE)), 'data-as-values', 'data'],
  ['values of data', base64(sha256(SECRET, 'd8INACTIVE01/26', REQUESTOR_DATE)), 'data-as-values', 'data'],
  [
    'data as PHP writes it',
    base64(sha256(SECRET, DATA.replace('/', '\\/'), REQUESTOR_DATE)),
    'data-slashes-escaped',
    'data',
    { input: 'data', byte: 47 },
  ],
]);

const ACH_BODY = '{"type":"chargeback.created","data":{"reference":"9123418","note":"devoluci\u00f3n / \u20ac"}}';
const ACH_WEBHOOK = of('placetopay-ach-return-webhook', { body: ACH_BODY }, [
  ['plain hash, secret last', hex(ACH_BODY, SECRET), 'hash-for-hmac', 'key'],
  ['base64', base64(hmac(SECRET, ACH_BODY)), 'encoding-base64', 'encoding'],
  ['the login as secret', hmac(SITE.login, ACH_BODY).toString('hex'), 'secret-is-the-name', 'secret'],
  ['SHA-1', hmac(SECRET, ACH_BODY, 'sha1').toString('hex'), 'algorithm-sha1', 'algorithm'],
  [
    'a line break behind the body',
    hmac(SECRET, `${ACH_BODY}\n`).toString('hex'),
    'body-whitespace',
    'body',
    { input: 'body', byte: 87 },
  ],
  [
    'non-ASCII escaped',
    hmac(SECRET, ACH_BODY.replace('\u00f3', '\\u00f3').replace('\u20ac', '\\u20ac')).toString('hex'),
    'body-non-ascii-escaped',
    'body',
    { input: 'body', byte: 75 },
  ],
]);

const ONBOARDING_KEY = SITE.onboarding.signingSecret;
const ONBOARDING_BODY = '{"processId":"01kz0609xy2hd666mnx6b0jxpc","action":"merchant.create"}';
const SECONDS = '1795325915';
const v1 = (signedText: string): string => hmac(ONBOARDING_KEY, signedText).toString('hex');
const ONBOARDING_WEBHOOK = of('placetopay-onboarding-webhook', { t: SECONDS, kid: 'k1', body: ONBOARDING_BODY }, [
  ['the time left out', v1(ONBOARDING_BODY), 'separator-missing+value-left-out', ['separator', 't']],
  ['the body first', v1(`${ONBOARDING_BODY}.${SECONDS}`), 'order-swapped', 'order'],
  ['no dot', v1(`${SECONDS}${ONBOARDING_BODY}`), 'separator-missing', 'separator'],
  ['a colon for the dot', v1(`${SECONDS}:${ONBOARDING_BODY}`), 'separator-other', 'separator'],
  ['milliseconds', v1(`${SECONDS}594.${ONBOARDING_BODY}`), 'time-in-milliseconds', 't'],
  [
    'a whole header of another time',
    `t=1795320000,kid=k1,v1=${v1(`1795320000.${ONBOARDING_BODY}`)}`,
    'time-of-header',
    't',
  ],
  [
    'the secret of the site',
    hmac(SECRET, `${SECONDS}.${ONBOARDING_BODY}`).toString('hex'),
    'secret-of-another-account',
    'secret',
  ],
]);

const URL_SENT = 'https://shop.test/scudo?tenant=1';
const scudo = (signedText: string): string => hmac(SITE.scudoKey, signedText).toString('hex');
const SCUDO_WEBHOOK = of('placetopay-scudo-webhook', { url: URL_SENT, seed: SECONDS }, [
  [
    'query left out',
    scudo(`https://shop.test/scudo${SECONDS}`),
    'url-without-query',
    'url',
    { input: 'url', byte: 23 },
  ],
  ['slash at the end', scudo(`https://shop.test/scudo/?tenant=1${SECONDS}`), 'url-trailing-slash', 'url'],
  ['http behind a proxy', scudo(`http://shop.test/scudo?tenant=1${SECONDS}`), 'url-scheme', 'url'],
  ['path only', scudo(`/scudo?tenant=1${SECONDS}`), 'url-path-only', 'url'],
  ['seed first', scudo(`${SECONDS}${URL_SENT}`), 'order-swapped', 'order'],
  ['seed in milliseconds', scudo(`${URL_SENT}${SECONDS}000`), 'time-in-milliseconds', 'seed'],
]);

const LOCAL_URL = 'http://127.0.0.1:3000/scudo?id=Ab';
const SCUDO_LOCAL = of('placetopay-scudo-webhook', { url: LOCAL_URL, seed: SECONDS }, [
  [
    'localhost',
    scudo(`${LOCAL_URL.replace('127.0.0.1', 'localhost')}${SECONDS}`),
    'url-host',
    'url',
    { input: 'url', byte: 7 },
  ],
]);

const MICROSITE_WEBHOOK = of('placetopay-microsite-auth-webhook', AUTH, [
  ['base64 of the nonce hashed', base64(sha256(base64(RAW), SEED, SECRET)), 'nonce-base64-hashed', 'auth.nonce'],
]);

const { user: CONTRACT_USER, password: CONTRACT_PASSWORD } = SITE.autopayContract;
const CONTRACT_WEBHOOK = of('placetopay-autopay-contract-webhook', {}, [
  ['a dash for the colon', `Basic ${basic(CONTRACT_USER, '-', CONTRACT_PASSWORD)}`, 'separator-other', 'separator'],
]);

// ---------------------------------------------------------------- RSA

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** What the gateways' webhooks are verified with in this test. */
export const PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const rsa = (algorithm: string, signedText: string | Buffer): Buffer =>
  sign(algorithm, Buffer.from(signedText), privateKey);
const pss = (algorithm: string, signedText: string): Buffer =>
  sign(algorithm, Buffer.from(signedText), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING });

const ALIGNET_BODY = '{"success":"true","merchant_code":"6f1c","transaction":{"amount":"15000","url":"a/b"}}';
const ALIGNET_SORTED = '{"merchant_code":"6f1c","success":"true","transaction":{"amount":"15000","url":"a/b"}}';
const [PEN] = SANDBOX_ACCOUNTS.alignet;
const ALIGNET_WEBHOOK = of('alignet-notification-webhook', { body: ALIGNET_BODY }, [
  ['SHA-256 in place of SHA-512', base64(rsa('sha256', ALIGNET_BODY)), 'algorithm-sha256', 'algorithm'],
  ['hex', rsa('sha512', ALIGNET_BODY).toString('hex'), 'encoding-hex', 'encoding'],
  [
    'slashes escaped',
    base64(rsa('sha512', ALIGNET_BODY.replace('a/b', 'a\\/b'))),
    'body-slashes-escaped',
    'body',
    { input: 'body', byte: 81 },
  ],
  ['keys sorted', base64(rsa('sha512', ALIGNET_SORTED)), 'body-keys-sorted', 'body'],
  ['cut off', base64(rsa('sha512', ALIGNET_BODY)).slice(0, 200), 'truncated', 'expected'],
  ['cut off in hex', rsa('sha512', ALIGNET_BODY).toString('hex').slice(0, 200), 'truncated', 'expected'],
  ['hash in place of a signature', hash('sha512', ALIGNET_BODY).toString('hex'), 'rsa-is-hash', 'algorithm'],
  ['SHA-256 in place of a signature', sha256(ALIGNET_BODY).toString('hex'), 'rsa-is-hash', 'algorithm'],
  [
    'hash of the sorted body',
    hash('sha512', ALIGNET_SORTED).toString('hex'),
    'rsa-is-hash+body-keys-sorted',
    ['algorithm', 'body'],
  ],
  ['HMAC in place of a signature', hmac(PEN.clientSecret, ALIGNET_BODY).toString('hex'), 'rsa-is-hmac', 'algorithm'],
  ['HMAC-SHA512 in base64', base64(hmac(PEN.clientSecret, ALIGNET_BODY, 'sha512')), 'rsa-is-hmac-sha512', 'algorithm'],
  ['HMAC with an unknown key', hmac('nobody knows it', ALIGNET_BODY).toString('hex'), 'rsa-is-digest-256', 'algorithm'],
  ['hash of something else', hash('sha1', 'something').toString('hex'), 'rsa-is-digest-160', 'algorithm'],
  ['PSS padding', base64(pss('sha512', ALIGNET_BODY)), 'padding-pss', 'algorithm'],
  ['hashed twice', base64(rsa('sha512', hash('sha512', ALIGNET_BODY))), 'hashed-twice', 'body'],
  ['hashed twice, in hex', base64(rsa('sha512', hash('sha512', ALIGNET_BODY).toString('hex'))), 'hashed-twice', 'body'],
  [
    'an amount changed',
    base64(rsa('sha512', ALIGNET_BODY.replace('15000', '15001'))),
    'one-character',
    'body',
    { input: 'body', byte: 70 },
  ],
]);

const FORM = Buffer.from(ALIGNET_BODY).toString('base64');
const REDIRECT_WEBHOOK = of('alignet-redirect-webhook', { authorization_result: FORM, signedAs: 'text' }, [
  ['signed as the JSON', base64(rsa('sha512', ALIGNET_BODY)), 'signed-decoded', 'authorization_result'],
]);

const SNAP_TIME = '2026-11-22T10:15:30+07:00';
const SNAP_PATH = '/snap/notify?x=1';
const SNAP_BODY = '{ "amount": 51000, "n": "a" }';
const SNAP_MINIFIED = '{"amount":51000,"n":"a"}';
const snapText = (bodyHash: string, path = SNAP_PATH, time = SNAP_TIME): string => `POST:${path}:${bodyHash}:${time}`;
const snap = (signedText: string): string => base64(rsa('sha256', signedText));
const SNAP_INPUTS = { method: 'POST', path: SNAP_PATH, 'X-TIMESTAMP': SNAP_TIME, body: SNAP_BODY };
const SNAP_WEBHOOK = of('netzme-snap-v2-webhook', SNAP_INPUTS, [
  ['body not minified', snap(snapText(hex(SNAP_BODY))), 'body-not-minified', 'body'],
  ['numbers shortened', snap(snapText(hex('{"amount":51e3,"n":"a"}'))), 'body-go-numbers', 'body'],
  [
    'bars for colons',
    snap(snapText(hex(SNAP_MINIFIED)).replaceAll(/:(?=\/|[0-9a-f]{64}|2026)/g, '|')),
    'separator-other',
    'separator',
  ],
  ['hash in upper case', snap(snapText(hex(SNAP_MINIFIED).toUpperCase())), 'body-hash-upper-case', 'body'],
  ['body not hashed', snap(snapText(SNAP_MINIFIED)), 'body-not-hashed', 'body'],
  ['query left out', snap(snapText(hex(SNAP_MINIFIED), '/snap/notify')), 'path-without-query', 'path'],
  ['path without its beginning', snap(snapText(hex(SNAP_MINIFIED), '/notify?x=1')), 'path-prefix', 'path'],
  ['path behind a proxy', snap(snapText(hex(SNAP_MINIFIED), `/api${SNAP_PATH}`)), 'path-prefix', 'path'],
  [
    'time in UTC',
    snap(snapText(hex(SNAP_MINIFIED), SNAP_PATH, '2026-11-22T03:15:30Z')),
    'time-respelled',
    'X-TIMESTAMP',
  ],
  [
    "HMAC-SHA512, as of SNAP's services",
    hmac(NETZME.clientSecret, snapText(hex(SNAP_MINIFIED)), 'sha512').toString('hex'),
    'rsa-is-hmac-sha512',
    'algorithm',
  ],
  [
    'HMAC-SHA512 of the body as sent',
    hmac(NETZME.clientSecret, snapText(hex(SNAP_BODY)), 'sha512').toString('hex'),
    'rsa-is-hmac-sha512+body-not-minified',
    ['algorithm', 'body'],
  ],
  ['HMAC-SHA512 of another key', hmac('another', 'text', 'sha512').toString('hex'), 'rsa-is-digest-512', 'algorithm'],
  ["a signature of Netzme's older API", signed({}), 'rsa-is-digest-256', 'algorithm'],
  [
    'text in place of the signature',
    snapText(hex(SNAP_MINIFIED), '/snap/notofy?x=1'),
    'text-differs',
    'path',
    { input: 'path', byte: 9 },
  ],
]);

/** Over all schemes. */
export const KNOWN_MISTAKES: readonly KnownMistake[] = [
  ...PLACETOPAY_AUTH,
  ...PLACETOPAY_URL_SAFE,
  ...PLACETOPAY_SEEDS,
  ...PLACETOPAY_OLDER,
  ...NETZME_SIGNATURE,
  ...NETZME_REQUEST,
  ...NETZME_GET,
  ...NETZME_MISHAPS,
  ...NETZME_AMOUNTS,
  ...NETZME_BASIC,
  ...CHECKOUT_WEBHOOK,
  ...REFUSED,
  ...CHECKOUT_SHA1,
  ...LINK_WEBHOOK,
  ...GATEWAY_WEBHOOK,
  ...SESSION_WEBHOOK,
  ...ACCOUNT_WEBHOOK,
  ...AUTOPAY_WEBHOOK,
  ...MSV_WEBHOOK,
  ...REQUESTOR_WEBHOOK,
  ...ACH_WEBHOOK,
  ...ONBOARDING_WEBHOOK,
  ...SCUDO_WEBHOOK,
  ...SCUDO_LOCAL,
  ...MICROSITE_WEBHOOK,
  ...CONTRACT_WEBHOOK,
  ...ALIGNET_WEBHOOK,
  ...REDIRECT_WEBHOOK,
  ...SNAP_WEBHOOK,
];

/** Inputs of each scheme, with the value that is right for them. */
export const RIGHT_VALUES: readonly Pick<Named & KnownMistake, 'scheme' | 'inputs' | 'expected'>[] = [
  { scheme: 'placetopay-auth', inputs: AUTH, expected: base64(RIGHT) },
  {
    scheme: 'placetopay-auth',
    inputs: { ...AUTH, algorithm: 'sha1' },
    expected: base64(hash('sha1', RAW, SEED, SECRET)),
  },
  {
    scheme: 'placetopay-auth',
    inputs: { ...AUTH, 'auth.nonce': RAW.toString('hex'), nonceEncoding: 'hex' },
    expected: base64(RIGHT),
  },
  {
    scheme: 'placetopay-auth',
    inputs: { ...AUTH, 'auth.nonce': '927342197', nonceEncoding: 'text' },
    expected: base64(sha256('927342197', SEED, SECRET)),
  },
  { scheme: 'netzme-signature', inputs: REQUEST, expected: signed({}) },
  { scheme: 'netzme-signature', inputs: { ...REQUEST, accessToken: `Bearer ${TOKEN}` }, expected: signed({}) },
  { scheme: 'netzme-signature', inputs: REQUEST, expected: text({}) },
  { scheme: 'netzme-basic', inputs: {}, expected: `Basic ${basic(NETZME.clientId, ':', NETZME.clientSecret)}` },
  { scheme: 'placetopay-checkout-webhook', inputs: checkout, expected: prefixed(CHECKOUT, SECRET) },
  {
    scheme: 'placetopay-checkout-webhook',
    inputs: { ...checkout, algorithm: 'sha1' },
    expected: hash('sha1', CHECKOUT, SECRET).toString('hex'),
  },
  {
    scheme: 'placetopay-checkout-webhook',
    inputs: checkout,
    expected: `sha256:${hex(CHECKOUT, SECRET).toUpperCase()}`,
  },
  {
    scheme: 'placetopay-checkout-webhook',
    inputs: { body: checkoutBody('9007199254740993') },
    expected: prefixed(`9007199254740993APPROVED${DATE}`, SECRET),
  },
  {
    scheme: 'placetopay-checkout-webhook',
    inputs: { body: `\ufeff${checkoutBody('1234')}` },
    expected: prefixed(CHECKOUT, SECRET),
  },
  {
    scheme: 'placetopay-ach-return-webhook',
    inputs: { body: ACH_BODY },
    expected: hmac(SECRET, ACH_BODY).toString('hex').toUpperCase(),
  },
  { scheme: 'placetopay-payment-link-webhook', inputs: LINK, expected: hex(`2PAID${DATE}`, SECRET) },
  { scheme: 'placetopay-gateway-webhook', inputs: GATEWAY, expected: hex('77APPROVED', SECRET) },
  { scheme: 'placetopay-gateway-session-webhook', inputs: SESSION, expected: hex('5834APPROVED', SECRET) },
  {
    scheme: 'placetopay-account-validator-webhook',
    inputs: ACCOUNT,
    expected: hash('sha1', `${ACCOUNT_ID}APPROVED`, SECRET).toString('hex'),
  },
  {
    scheme: 'placetopay-autopay-webhook',
    inputs: AUTOPAY,
    expected: prefixed(`${AUTOPAY_ID}AUTOPAY_CANCELED2026-11-22 10:15:30`, SECRET),
  },
  { scheme: 'placetopay-msv-webhook', inputs: MSV, expected: hex(`d5d67dcbAPPROVED${DATE}`, SITE.msvSecretToken) },
  {
    scheme: 'placetopay-token-requestor-webhook',
    inputs: REQUESTOR,
    expected: base64(sha256(SECRET, DATA, REQUESTOR_DATE)),
  },
  {
    scheme: 'placetopay-ach-return-webhook',
    inputs: { body: ACH_BODY },
    expected: hmac(SECRET, ACH_BODY).toString('hex'),
  },
  {
    scheme: 'placetopay-onboarding-webhook',
    inputs: { t: SECONDS, body: ONBOARDING_BODY },
    expected: `t=${SECONDS},kid=k1,v1=${v1(`${SECONDS}.${ONBOARDING_BODY}`)}`,
  },
  { scheme: 'placetopay-scudo-webhook', inputs: { url: URL_SENT, seed: SECONDS }, expected: scudo(URL_SENT + SECONDS) },
  { scheme: 'placetopay-microsite-auth-webhook', inputs: AUTH, expected: base64(RIGHT) },
  {
    scheme: 'placetopay-autopay-contract-webhook',
    inputs: {},
    expected: `Basic ${basic(CONTRACT_USER, ':', CONTRACT_PASSWORD)}`,
  },
  {
    scheme: 'alignet-notification-webhook',
    inputs: { body: ALIGNET_BODY },
    expected: base64(rsa('sha512', ALIGNET_BODY)),
  },
  { scheme: 'alignet-redirect-webhook', inputs: { authorization_result: FORM }, expected: base64(rsa('sha512', FORM)) },
  { scheme: 'netzme-snap-v2-webhook', inputs: SNAP_INPUTS, expected: snap(snapText(hex(SNAP_MINIFIED))) },
];
