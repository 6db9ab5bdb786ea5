import { brokenPlacetopayNotifications, placetopayNotificationRequest } from '../../testing';
import { type PaymentAuthConfigError, SignatureVerificationError } from '../../core/errors';
import { type InboundRequest } from '../../core/inbound/inbound-request';
import { JsonPayload } from '../../core/inbound/json-payload';
import { parseInstant, parseInstantOrDay } from './instant';
import { merchantSecrets } from './merchant-secrets';
import { payloadWithout, signatureInBody } from './payload';
import { placetopayNotificationMerchant } from './placetopay-notification-merchant';
import { type PlacetopayNotificationOptions } from './placetopay-notification.options';
import { placetopayNotificationSignature } from './placetopay-notification-signature';
import { type PlacetopayNotificationProduct } from './placetopay-notification-types';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from './placetopay-notifications';
import { parseHexDigest, SHA1_BARE, SHA256_BARE, SHA256_WITH_PREFIX } from './signature-forms';
import { verifyPlacetopayNotification } from './verify-placetopay-notification';

const NOW = Date.parse('2026-11-22T10:15:30Z');
const SECRET = 'secret-of-everything';
const URL_OF_SCUDO = 'https://shop.example/webhooks/scudo';

const merchantWith = (notifications: PlacetopayNotificationOptions = {}) =>
  placetopayNotificationMerchant({
    login: 'login',
    secretKey: SECRET,
    notifications: {
      acceptSha1: true,
      onboardingSigningSecrets: { k1: SECRET },
      scudoSecretKey: SECRET,
      scudoNotificationUrl: URL_OF_SCUDO,
      msvSecretToken: SECRET,
      autopayContract: { user: 'autopay', password: SECRET },
      ...notifications,
    },
  });
const MERCHANT = merchantWith();
const EVENT = { secret: SECRET, now: NOW };

const verify = (product: PlacetopayNotificationProduct, request: InboundRequest, merchant = MERCHANT) =>
  verifyPlacetopayNotification(product, request, [merchant], NOW);

function refusalOf(run: () => unknown): SignatureVerificationError {
  try {
    run();
  } catch (error) {
    if (error instanceof SignatureVerificationError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

function configErrorOf(run: () => unknown): PaymentAuthConfigError {
  try {
    run();
  } catch (error) {
    return error as PaymentAuthConfigError;
  }
  throw new Error('It was accepted.');
}

const DAY_MS = 24 * 3_600_000;
const FRESH_MS = 30 * 60_000;
const OK = { status: { status: 'OK', reason: '00', message: 'Successful response' } };

/** What each scheme says of itself, and by what it has proven an event. */
const SCHEMES: readonly (readonly [
  PlacetopayNotificationProduct,
  onReplay: string,
  windowMs: number,
  acknowledgement: unknown,
  algorithm: string,
])[] = [
  ['checkout', 'acknowledge', DAY_MS, undefined, 'sha256'],
  ['payment-link', 'acknowledge', DAY_MS, undefined, 'sha256'],
  ['gateway', 'acknowledge', DAY_MS, undefined, 'sha256'],
  ['gateway-session', 'acknowledge', DAY_MS, undefined, 'sha256'],
  ['ach-return', 'acknowledge', DAY_MS, undefined, 'hmac-sha256'],
  ['autopay', 'acknowledge', DAY_MS, OK, 'sha256'],
  ['autopay-contract', 'accept', 0, undefined, 'basic'],
  ['account-validator', 'acknowledge', DAY_MS, undefined, 'sha1'],
  ['onboarding', 'acknowledge', DAY_MS, undefined, 'hmac-sha256'],
  ['token-requestor', 'acknowledge', DAY_MS, undefined, 'sha256'],
  ['scudo', 'acknowledge', FRESH_MS, undefined, 'hmac-sha256'],
  ['msv', 'acknowledge', DAY_MS, undefined, 'sha256'],
  ['microsite-auth', 'refuse', FRESH_MS, undefined, 'sha256'],
];

it.each(['__proto__', 'constructor', 'chekout'])('a product %s is a mistake that names those there are', (product) => {
  const request = placetopayNotificationRequest('checkout', EVENT);
  // As a caller without types would.
  const error = configErrorOf(() => verify(product as PlacetopayNotificationProduct, request));
  expect(error).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG', gateway: 'placetopay', option: 'product' });
  expect(error.message).toContain('known are checkout, payment-link, ');
});

describe.each(SCHEMES)('%s', (product, onReplay, replayWindowMs, acknowledgement, algorithm) => {
  const request = placetopayNotificationRequest(product, EVENT);

  it('says what it is', () => {
    const scheme = PLACETOPAY_NOTIFICATION_SCHEMES[product];
    expect(scheme).toMatchObject({ name: product, onReplay, replayWindowMs });
    expect(scheme.acknowledgement).toEqual(acknowledgement);
    expect(scheme.missingFor(MERCHANT)).toBeUndefined();
  });

  it('says by what it has proven an event, and that something is not', () => {
    const event = verify(product, request);
    expect(event).toMatchObject({ gateway: 'placetopay', scheme: product, algorithm, secretIndex: 0 });
    expect(event.unsigned).not.toEqual([]);
  });

  it('tells every refusal as one of Placetopay', () => {
    const broken = [
      ...brokenPlacetopayNotifications(product, EVENT).map((one) => one.request),
      { ...request, rawBody: Buffer.from('no JSON') },
    ];
    const merchant = merchantWith({ acceptSha1: product === 'account-validator' });
    for (const one of broken) expect(refusalOf(() => verify(product, one, merchant)).gateway).toBe('placetopay');
  });

  it('needs a merchant', () => {
    const error = configErrorOf(() => verifyPlacetopayNotification(product, request, [], NOW));
    expect(error).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG', gateway: 'placetopay', option: 'placetopay' });
  });
});

it('are all there are', () => {
  expect(SCHEMES.map(([product]) => product).sort()).toEqual(Object.keys(PLACETOPAY_NOTIFICATION_SCHEMES).sort());
});

describe('hints', () => {
  const forged = (product: PlacetopayNotificationProduct) =>
    refusalOf(() => verify(product, placetopayNotificationRequest(product, { ...EVENT, secret: 'another' })));

  it.each<[PlacetopayNotificationProduct, RegExp]>([
    ['checkout', /secret/],
    ['onboarding', /onboardingSigningSecrets/],
    ['scudo', /scudoNotificationUrl/],
  ])('of a mismatch of %s say what to compare', (product, hint) => {
    expect(forged(product)).toMatchObject({ reason: 'mismatch', hint: expect.stringMatching(hint) as unknown });
  });
});

describe('signed bodies are handed over as they came', () => {
  it.each(['ach-return', 'onboarding'] as const)('%s', (product) => {
    const request = placetopayNotificationRequest(product, EVENT);
    expect(verify(product, request)).toMatchObject({ signed: { rawBody: request.rawBody } });
  });
});

describe('checkout', () => {
  it('may have an internalReference beside its requestId', () => {
    const request = placetopayNotificationRequest('checkout', { ...EVENT, members: { internalReference: 12 } });
    expect(verify('checkout', request)).toMatchObject({ signed: { requestId: '1234' } });
  });
});

describe('onboarding', () => {
  it('is told from others by its signature where its event has an empty id', () => {
    const keys = [1, 2].map((attempt) => {
      const members = { event: { id: '', attempt } };
      return verify('onboarding', placetopayNotificationRequest('onboarding', { ...EVENT, members })).replayKey;
    });
    expect(new Set(keys).size).toBe(2);
  });

  it('has no secret to try where nobody has its kid', () => {
    expect(merchantSecrets([MERCHANT], () => undefined)).toEqual([]);
  });
});

describe('autopay-contract', () => {
  const withCredentials = (text: string | Buffer): InboundRequest => ({
    ...placetopayNotificationRequest('autopay-contract', EVENT),
    headers: { authorization: `Basic ${Buffer.from(text as string).toString('base64')}` },
  });

  it('has credentials to the byte', () => {
    expect(verify('autopay-contract', withCredentials(`autopay:${SECRET}`))).toMatchObject({
      signed: { user: 'autopay' },
    });
    for (const text of [`\ufeffautopay:${SECRET}`, `autopay:${SECRET}:`, `autopay::${SECRET}`, ' autopay:', ':']) {
      expect(refusalOf(() => verify('autopay-contract', withCredentials(text))).reason).toBe('mismatch');
    }
  });

  it.each(['', 'autopay', `autopay\n:${SECRET}`, `autopay:${SECRET}\u0000`, Buffer.from([0x61, 0x3a, 0xff])])(
    'has none in %j',
    (text) => {
      expect(refusalOf(() => verify('autopay-contract', withCredentials(text)))).toMatchObject({
        reason: 'malformed-signature',
        gateway: 'placetopay',
      });
    },
  );
});

describe('microsite-auth', () => {
  const withAuth = (signed: Readonly<Record<string, string>>) =>
    placetopayNotificationRequest('microsite-auth', { ...EVENT, signed });
  const inBase64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

  it.each(['1234APPROVED', '1_', '99PENDING_X', '2972c13d-6315-4da3-80d7-64c24eb232adAUTOPAY_PAID'])(
    'takes no nonce that reads like a notification: %s',
    (text) => {
      expect(refusalOf(() => verify('microsite-auth', withAuth({ nonce: inBase64(text) })))).toMatchObject({
        reason: 'malformed-signature',
        gateway: 'placetopay',
      });
    },
  );

  it.each([
    'x1234APPROVED',
    '1234APPROVED0',
    '1234approved',
    '1234ABCDEF',
    'APPROVED',
    'x2972c13dAUTOPAY_PAID',
    '2972c13dAUTOPAY_PAID0',
    '2972c13dAUTOPAY_',
    'AUTOPAY_PAID',
  ])('takes any other: %s', (text) => {
    expect(verify('microsite-auth', withAuth({ nonce: inBase64(text) }))).toMatchObject({ secretIndex: 0 });
  });

  it.each([
    ['login', 'l'.repeat(255), 'mismatch'],
    ['login', 'l'.repeat(256), 'malformed-body'],
    ['login', 'é\n'.repeat(127), 'mismatch'],
    ['login', '', 'malformed-body'],
    ['nonce', 'A'.repeat(256), 'malformed-body'],
    ['nonce', '', 'malformed-body'],
    ['seed', '2026-11-22T05:15:30.123456789-05:0x', 'malformed-signature'],
    ['seed', '2026-11-22T05:15:30.123456789-05:0xx', 'malformed-body'],
    ['seed', '', 'malformed-body'],
  ])('%s of %j: %s', (name, text, reason) => {
    expect(refusalOf(() => verify('microsite-auth', withAuth({ [name]: text }))).reason).toBe(reason);
  });

  it.each(['null', '"text"', '7', '[]', '{}', '{"tranKey":null}', '{"tranKey":7}'])('is none with auth %s', (auth) => {
    const request = { ...withAuth({}), rawBody: Buffer.from(`{"auth":${auth}}`) };
    expect(refusalOf(() => verify('microsite-auth', request))).toMatchObject({
      reason: auth.includes('tranKey') ? 'malformed-signature' : 'missing-signature',
      gateway: 'placetopay',
    });
  });
});

describe('the signature in a body', () => {
  const inBody = (body: string, path = 'signature') =>
    signatureInBody(JsonPayload.parse('placetopay', Buffer.from(body)), path);

  it('is a text, wherever it stands', () => {
    expect(inBody('{"signature":"a"}')).toBe('a');
    expect(inBody('{"auth":{"tranKey":"a"}}', 'auth.tranKey')).toBe('a');
  });

  it.each([
    ['{}', 'signature', 'missing-signature'],
    ['{"signature":null}', 'signature', 'malformed-signature'],
    ['{"signature":["a"]}', 'signature', 'malformed-signature'],
    ['{"signature":"a","signature":"a"}', 'signature', 'malformed-body'],
    ['{}', 'auth.tranKey', 'missing-signature'],
    ['{"auth":null}', 'auth.tranKey', 'missing-signature'],
    ['{"auth":"tranKey"}', 'auth.tranKey', 'missing-signature'],
    ['{"auth":"tranKey"}', 'auth.length', 'missing-signature'],
    ['{"auth":7}', 'auth.toFixed', 'missing-signature'],
    ['{"auth":{}}', 'auth.toString', 'missing-signature'],
    ['{"auth":{"tranKey":"a"},"auth":{"tranKey":"a"}}', 'auth.tranKey', 'malformed-body'],
  ])('of %s at %s: %s', (body, path, reason) => {
    expect(refusalOf(() => inBody(body, path))).toMatchObject({ reason, gateway: 'placetopay' });
  });

  it('is not handed on with the rest', () => {
    expect(payloadWithout({ signature: 'a', other: 'b' }, 'signature')).toEqual({ other: 'b' });
    expect(payloadWithout({ signature: 'a', other: 'b' })).toEqual({ signature: 'a', other: 'b' });
  });
});

describe('parseHexDigest', () => {
  const sha256 = 'ab'.repeat(32);
  const sha1 = 'ab'.repeat(20);

  it('reads the forms there are, and no other', () => {
    expect(parseHexDigest(`sha256:${sha256}`, [SHA256_WITH_PREFIX, SHA1_BARE])).toEqual({
      algorithm: 'sha256',
      bytes: Buffer.from(sha256, 'hex'),
    });
    expect(parseHexDigest(sha1, [SHA256_WITH_PREFIX, SHA1_BARE])).toMatchObject({ algorithm: 'sha1' });
    expect(parseHexDigest(sha256, [SHA256_BARE, SHA1_BARE])).toMatchObject({ algorithm: 'sha256' });
  });

  it.each([
    sha256,
    `sha256:${sha1}`,
    `SHA256:${sha256}`,
    `sha1:${sha1}`,
    `sha256:${sha256}0`,
    `sha256:${'g'.repeat(64)}`,
  ])('refuses %s', (text) => {
    expect(refusalOf(() => parseHexDigest(text, [SHA256_WITH_PREFIX, SHA1_BARE]))).toMatchObject({
      reason: 'malformed-signature',
      gateway: 'placetopay',
    });
  });

  it('says which forms there are', () => {
    expect(refusalOf(() => parseHexDigest('', [SHA256_WITH_PREFIX, SHA1_BARE])).message).toBe(
      'The signature is not "sha256:" and 64 hexadecimal digits or 40 hexadecimal digits.',
    );
  });
});

describe('placetopayNotificationSignature', () => {
  it('says which algorithm a product has none of', () => {
    const fields = { linkId: '1', status: 'PAID', date: '2026-11-22 05:15:30' };
    expect(() => placetopayNotificationSignature('payment-link', fields, SECRET, 'sha1')).toThrow(
      new TypeError("This product's notifications are not signed with sha1."),
    );
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-11-22T05:15-05:00', '2026-11-22T10:15:00.000Z'],
    ['2026-11-22T05:15:30.1Z', '2026-11-22T05:15:30.100Z'],
    ['2026-11-22T05:15:30.123456789+0530', '2026-11-21T23:45:30.123Z'],
    ['2026-11-22T05:15:30+14:59', '2026-11-21T14:16:30.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseInstant(text)).toBe(Date.parse(instant));
  });

  it('takes a day for its beginning', () => {
    expect(parseInstantOrDay('2027-01-01')).toBe(Date.parse('2027-01-01T00:00:00Z'));
    expect(parseInstantOrDay('2027-01-01T01:00:00+01:00')).toBe(Date.parse('2027-01-01T00:00:00Z'));
    expect(parseInstantOrDay('2027-02-30')).toBeUndefined();
    expect(parseInstantOrDay('2027')).toBeUndefined();
  });
});

describe('options', () => {
  const problemsIn = (notifications: unknown): PaymentAuthConfigError['problems'] => {
    try {
      merchantWith(notifications as PlacetopayNotificationOptions);
      return [];
    } catch (error) {
      const { gateway, problems } = error as PaymentAuthConfigError;
      expect(gateway).toBe('placetopay');
      return problems;
    }
  };
  const problemsOf = (notifications: unknown): readonly string[] =>
    problemsIn(notifications).map(({ option }) => option);

  it.each([
    'true',
    1,
    'until',
    [],
    ['until'],
    {},
    { until: 'tomorrow' },
    { until: ['2027-01-01'] },
    { until: 2027 },
    { until: '2027-01-01', from: '2026-01-01' },
    { from: '2027-01-01' },
  ])('acceptSha1: refuses %j', (acceptSha1) => {
    expect(problemsOf({ acceptSha1 })).toEqual(['placetopay.notifications.acceptSha1']);
  });

  it.each([true, false, { until: '2027-01-01' }, { until: '2027-01-01T00:00:00-05:00' }])(
    'acceptSha1: takes %j',
    (acceptSha1) => expect(problemsOf({ acceptSha1 })).toEqual([]),
  );

  it.each([['secret'], 'secret', 7, {}, { k1: '' }, { 'a b': 'secret' }, { k1: 'secret', 'a b': 'secret' }, { k1: 7 }])(
    'onboardingSigningSecrets: refuses %j',
    (onboardingSigningSecrets) => {
      expect(problemsOf({ onboardingSigningSecrets })).toEqual(['placetopay.notifications.onboardingSigningSecrets']);
    },
  );

  it.each([[{ current: 'a' }], [{ current: 'a', next: 'b' }]])(
    'onboardingSigningSecrets: asks whose %j are, and takes them when told',
    (rotation) => {
      expect(problemsIn({ onboardingSigningSecrets: rotation })).toEqual([
        {
          option: 'placetopay.notifications.onboardingSigningSecrets',
          problem:
            'must tell the kid of its secrets: { k1: { current, next } } for a kid called k1 whose secret changes, ' +
            '{ current: { current: ... }, next: { current: ... } } for kids that are called current and next',
        },
      ]);
      const kids = Object.entries(rotation).map(([kid, current]) => [kid, { current }]);
      const onboardingSigningSecrets: unknown = Object.fromEntries(kids);
      for (const right of [onboardingSigningSecrets, { k1: rotation }]) {
        expect(problemsIn({ onboardingSigningSecrets: right })).toEqual([]);
      }
    },
  );

  it('onboardingSigningSecrets: takes several', () => {
    expect(problemsOf({ onboardingSigningSecrets: { k1: 'secret', 'k-2.b': { current: 'a', next: 'b' } } })).toEqual(
      [],
    );
  });
});
