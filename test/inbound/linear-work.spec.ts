import {
  alignetNotificationMerchant,
  type InboundRequest,
  netzmeNotificationMerchant,
  parseUnsignedNetzmeCallback,
  placetopayNotificationMerchant,
  type PlacetopayNotificationProduct,
  SignatureVerificationError,
  verifyAlignetNotification,
  verifyAlignetRedirect,
  verifyNetzmeCallbackToken,
  verifyNetzmeSnapCallback,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import { createAlignetTestKeys, netzmeSnapCallbackRequest } from 'nestjs-payment-auth/testing';
import { JsonPayload } from '../../libs/payment-auth/src/core/inbound/json-payload';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from '../../libs/payment-auth/src/placetopay/notifications/placetopay-notifications';
import { excessOverLinearWork, WorkMeter } from '../support/work-meter';

/* Whatever a stranger sends, looking at it takes work in proportion to its size. */

// Before anything of the library runs.
const meter = new WorkMeter(/[\\/]libs[\\/]payment-auth[\\/]/);
afterAll(() => meter.close());

const NOW = Date.parse('2026-11-22T10:15:30Z');
const KEYS = createAlignetTestKeys();
const publicKeys = [KEYS.publicKey];
const ALIGNET = [
  alignetNotificationMerchant({
    merchantCode: 'b0deb6f3-e51a-48a7-9268-f1441d46f7bd',
    notifications: { publicKeys },
  }),
];
const NETZME = [
  netzmeNotificationMerchant({
    notifications: { publicKeys, merchantIds: 'any', callbackToken: 'token', acceptGoNumberForms: true },
  }),
];
const PLACETOPAY = [
  placetopayNotificationMerchant({
    login: 'login',
    secretKey: 'secret',
    notifications: {
      acceptSha1: true,
      onboardingSigningSecrets: { k1: 'secret' },
      scudoSecretKey: 'secret',
      scudoNotificationUrl: 'https://shop.example/webhooks/scudo',
      msvSecretToken: 'secret',
      autopayContract: { user: 'autopay', password: 'secret' },
    },
  }),
];

const verifiers: Readonly<Record<string, (request: InboundRequest) => unknown>> = {
  'an Alignet notification': (request) => verifyAlignetNotification(request, ALIGNET),
  'an Alignet redirect': (request) => verifyAlignetRedirect(request, ALIGNET),
  'a SNAP v2 callback': (request) => verifyNetzmeSnapCallback(request, NETZME, NOW),
  'a SNAP v1 callback': (request) => verifyNetzmeCallbackToken(request, NETZME),
  'a legacy callback': (request) => parseUnsignedNetzmeCallback(request),
  ...Object.fromEntries(
    (Object.keys(PLACETOPAY_NOTIFICATION_SCHEMES) as PlacetopayNotificationProduct[]).map((product) => [
      product,
      (request: InboundRequest) => verifyPlacetopayNotification(product, request, PLACETOPAY, NOW),
    ]),
  ),
};

/** Whole units, so that what is made of them is well-formed. */
const fill = (unit: string, bytes: number): string => unit.repeat(Math.ceil(bytes / unit.length));
const HEX = 'ab'.repeat(32);
const rightSnap = String(netzmeSnapCallbackRequest({ privateKey: KEYS.privateKey, now: NOW }).headers['x-signature']);
const post = (body: string, headers: InboundRequest['headers'] = {}): InboundRequest => ({
  method: 'POST',
  target: '/webhooks',
  headers: {
    'x-signature': HEX,
    signature: HEX,
    seed: String(NOW / 1_000),
    authorization: 'Basic YTpi',
    'x-callback-token': 'token',
    'x-timestamp': '2026-11-22T17:15:30+07:00',
    ...headers,
  },
  rawBody: Buffer.from(body, 'latin1'),
});
const rsa = (body: string): InboundRequest => post(body, { 'x-signature': rightSnap, signature: rightSnap });
const signed = (signature: string): InboundRequest =>
  post('{}', { 'x-signature': signature, signature, 'x-callback-token': signature });
const auth = (values: object): InboundRequest =>
  post(
    JSON.stringify({
      auth: { login: 'l', tranKey: `${'A'.repeat(43)}=`, nonce: 'AAAA', seed: '2026-11-22T10:15:30Z', ...values },
    }),
  );

/** Of so many bytes, about. */
const shapes: Readonly<Record<string, (bytes: number) => InboundRequest>> = {
  zeros: (bytes) => rsa(fill('\u0000', bytes)),
  'brackets that open': (bytes) => rsa(fill('[', bytes)),
  'brackets in brackets': (bytes) => rsa(fill('[', bytes / 2) + fill(']', bytes / 2)),
  'objects in objects': (bytes) => rsa(fill('{"status":', bytes) + '1' + '}'.repeat(Math.ceil(bytes / 10))),
  'many members': (bytes) => post(`{${fill('"status":{},', bytes)}"signature":"${HEX}"}`),
  'many different members': (bytes) =>
    post(`{${Array.from({ length: bytes / 12 }, (_, index) => `"m${index + 1e6}":1`).join(',')},"signature":"${HEX}"}`),
  'many other members': (bytes) => rsa(`{${fill('"transaction":{},', bytes)}"a":1}`),
  'one long text': (bytes) => post(`{"signature":"${HEX}","requestId":"${fill('1', bytes)}"}`),
  'one long string': (bytes) => rsa(`{"a":"${fill('x', bytes)}"}`),
  'one long string of escapes': (bytes) => rsa(`{"a":"${fill('\\"', bytes)}"}`),
  'a string that does not end': (bytes) => rsa(`{"a":"${fill('\\"', bytes)}`),
  'a long status': (bytes) => post(`{"signature":"${HEX}","linkId":1,"status":{"status":"${fill('A', bytes)}"}}`),
  escapes: (bytes) => post(`{"signature":"${HEX}","id":"${fill('\\"', bytes)}"}`),
  whitespace: (bytes) => post(`{${fill(' \n', bytes)}"signature":"${HEX}"}`),
  'whitespace alone': (bytes) => rsa(`{${fill(' \n', bytes)}}`),
  'one long number': (bytes) => post(`{"signature":"${HEX}","internalReference":1${fill('0', bytes)}}`),
  'one long other number': (bytes) => rsa(`{"a":1${fill('0', bytes)}}`),
  'one long number with a fraction': (bytes) => rsa(`{"a":0.${fill('0', bytes)}1}`),
  'many numbers': (bytes) => rsa(`[${fill('51000.00,', bytes)}1]`),
  'a form of many fields': (bytes) => rsa(Array.from({ length: bytes / 8 }, (_, index) => `${index + 1e6}`).join('&')),
  'a form of escapes': (bytes) => rsa(`authorization_result=${fill('%41', bytes)}&signature=x`),
  'a form of broken escapes': (bytes) => rsa(`authorization_result=${fill('%', bytes)}&signature=x`),
  'a form that is correct but long': (bytes) =>
    rsa(`authorization_result=${fill('QUFB', bytes)}&signature=${encodeURIComponent(rightSnap)}`),
  'a long signature in the body': (bytes) => post(`{"signature":"sha256:${fill('a', bytes)}"}`),
  'a long nonce': (bytes) => auth({ nonce: fill('1A', bytes) }),
  'a long seed': (bytes) => auth({ seed: `2026-11-22T10:15:30.${fill('1', bytes)}Z` }),
  'a long digest': (bytes) => auth({ tranKey: fill('A', bytes) }),
  'a signature of letters': (bytes) => signed(fill('QUFB', bytes)),
  'a signature of hex digits': (bytes) => signed(fill('a', bytes)),
  'a signature of padding': (bytes) => signed(fill('=', bytes)),
  'a header of many parts': (bytes) => post('{}', { 'x-signature': fill('t,', bytes) }),
  'a header of different parts': (bytes) =>
    post('{}', { 'x-signature': Array.from({ length: bytes / 16 }, (_, index) => `p${index}=1`).join(',') }),
  'a seed of digits': (bytes) => post('{}', { seed: fill('1', bytes) }),
  'a time of digits': (bytes) => post('{}', { 'x-timestamp': `2026-11-22T17:15:30.${fill('1', bytes)}` }),
  'credentials of spaces': (bytes) => post('{}', { authorization: `Basic ${fill(' ', bytes)}!` }),
  'credentials of letters': (bytes) => post('{}', { authorization: `Basic ${fill('QTpB', bytes)}!` }),
  'credentials of colons': (bytes) => post('{}', { authorization: `Basic ${fill('Ojo6', bytes)}` }),
  'a path': (bytes) => ({ ...rsa('{}'), target: fill('/?', bytes) }),
};

const attempt = (verify: (request: InboundRequest) => unknown, request: InboundRequest): void => {
  try {
    verify(request);
  } catch (error) {
    if (!(error instanceof SignatureVerificationError)) throw error;
  }
};
const excessOf = (
  shape: (bytes: number) => InboundRequest,
  judged: readonly ((request: InboundRequest) => unknown)[],
) => excessOverLinearWork(meter, shape, (request) => judged.forEach((verify) => attempt(verify, request)));

it('reads the members of a body once, however many of them are signed', () => {
  const body = (shapes['many members']?.(16_384) ?? post('')).rawBody;
  const look = (times: number) => () => {
    const payload = JsonPayload.parse('placetopay', body);
    for (let time = 0; time < times; time += 1) attempt(() => payload.signedText('status.status', /./), post(''));
  };
  const [once = 0, tenTimes = 0] = meter.stepsOf(look(1), look(10));
  expect(once).toBeGreaterThan(0);
  expect(tenTimes).toBeLessThan(1.1 * once);
});

it.each(Object.entries(shapes))('%s: linear work for every verifier', (_name, shape) => {
  const excess = excessOf(shape, Object.values(verifiers));
  if (excess === undefined) return;
  const culprits = Object.entries(verifiers).flatMap(([name, verify]) => {
    const own = excessOf(shape, [verify]);
    return own === undefined ? [] : [`${name}: ${own}`];
  });
  expect(culprits).toEqual([]);
  expect(excess).toBeUndefined();
});
