import {
  type InboundRequest,
  PaymentAuthConfigError,
  type PlacetopayNotificationMerchant,
  placetopayNotificationMerchant,
  type PlacetopayNotificationOptions,
  type PlacetopayNotificationProduct,
  placetopayNotificationSignature,
  SignatureVerificationError,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import { brokenPlacetopayNotifications, placetopayNotificationRequest } from 'nestjs-payment-auth/testing';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from '../../libs/payment-auth/src/placetopay/notifications/placetopay-notifications';
import { resolvePaymentAuthOptions } from '../../libs/payment-auth/src/payment-auth.resolve-options';
import { extendSha256 } from './extend-sha256';

const NOW = Date.parse('2026-11-22T10:15:30.250Z');
const DAY_MS = 24 * 3_600_000;
const PRODUCTS = Object.keys(PLACETOPAY_NOTIFICATION_SCHEMES) as PlacetopayNotificationProduct[];

const SITE_SECRET = 'site-secret-ñ-\u{1f511}';
const SECRETS: Partial<Record<PlacetopayNotificationProduct, string>> = {
  onboarding: 'whsec-onboarding',
  scudo: 'scudo-secret',
  msv: 'msv-secret-token',
  'autopay-contract': 'pass:wörd',
};
const secretOf = (product: PlacetopayNotificationProduct): string => SECRETS[product] ?? SITE_SECRET;

const everything = {
  onboardingSigningSecrets: { k1: secretOf('onboarding') },
  scudoSecretKey: secretOf('scudo'),
  scudoNotificationUrl: 'https://shop.example/webhooks/scudo',
  msvSecretToken: secretOf('msv'),
  autopayContract: { user: 'autopay', password: secretOf('autopay-contract') },
};

const merchantWith = (notifications: PlacetopayNotificationOptions = {}, name = 'shop') =>
  placetopayNotificationMerchant({
    name,
    login: 'login',
    secretKey: SITE_SECRET,
    notifications: { ...everything, ...notifications },
  });

/** As the testing kit takes it to be configured. */
const merchantFor = (product: PlacetopayNotificationProduct) =>
  merchantWith({ acceptSha1: product === 'account-validator' });

const eventOf = (product: PlacetopayNotificationProduct) => ({ secret: secretOf(product), now: NOW });

const withBody = (request: InboundRequest, change: (text: string) => string): InboundRequest => ({
  ...request,
  rawBody: Buffer.from(change(request.rawBody.toString())),
});

/** The refusal. Any other outcome is a failure of the test. */
function refusalOf(
  product: PlacetopayNotificationProduct,
  request: InboundRequest,
  merchant: PlacetopayNotificationMerchant = merchantFor(product),
  now = NOW,
): SignatureVerificationError {
  try {
    verifyPlacetopayNotification(product, request, [merchant], now);
  } catch (error) {
    if (error instanceof SignatureVerificationError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** Options that are told to be wrong; none when nothing is. */
function mistakesOf(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof PaymentAuthConfigError) return error.problems.map(({ option }) => option);
    throw error;
  }
}

describe.each(PRODUCTS)('%s', (product) => {
  const event = eventOf(product);
  const right = placetopayNotificationRequest(product, event);
  const verify = (request: InboundRequest, merchants = [merchantFor(product)]) =>
    verifyPlacetopayNotification(product, request, merchants, NOW);

  it('accepts a right one, says what is not proven, and keeps the proof out of the payload', () => {
    const verified = verify(right);
    expect(verified).toMatchObject({ gateway: 'placetopay', scheme: product, merchant: 'shop', secretIndex: 0 });
    expect(verified.unsigned.length).toBeGreaterThan(0);
    expect(verified.payload).not.toHaveProperty('signature');
    expect(verified.payload).not.toHaveProperty('auth');
  });

  it.each(brokenPlacetopayNotifications(product, event))('refuses: $name', ({ request, reason }) => {
    expect(refusalOf(product, request).reason).toBe(reason);
  });

  it('finds the merchant, and which of its secrets it was', () => {
    const rotating = { current: 'current', next: secretOf(product) };
    const others = {
      onboardingSigningSecrets: { k1: rotating },
      scudoSecretKey: rotating,
      msvSecretToken: rotating,
      autopayContract: { user: 'autopay', password: rotating },
    };
    const rotatingMerchant = placetopayNotificationMerchant({
      name: 'rotating',
      login: 'login',
      secretKey: { current: 'current', next: SITE_SECRET },
      notifications: { ...everything, ...others, acceptSha1: true },
    });
    const stranger = placetopayNotificationMerchant({
      name: 'stranger',
      login: 'stranger',
      secretKey: 'stranger',
      notifications: {
        acceptSha1: true,
        onboardingSigningSecrets: { k1: 'stranger', k2: 'stranger' },
        scudoSecretKey: 'stranger',
        scudoNotificationUrl: 'https://stranger.example',
        msvSecretToken: 'stranger',
        autopayContract: { user: 'stranger', password: 'stranger' },
      },
    });
    expect(verify(right, [stranger, rotatingMerchant])).toMatchObject({ merchant: 'rotating', secretIndex: 1 });
  });

  it('has one replay key for all copies, another for each merchant, and no secret in it', () => {
    const { replayKey } = verify(right);
    expect(replayKey).toMatch(/^[\w-]{43}$/);
    expect(verify({ ...right, rawBody: Buffer.from(right.rawBody) }).replayKey).toBe(replayKey);
    const twin = merchantWith({ acceptSha1: true }, 'twin');
    expect(verify(right, [twin]).replayKey).not.toBe(replayKey);
  });

  it('tells a refusal without the signature that would be right, and without secrets', () => {
    const proof = proofOf(right);
    for (const { request } of brokenPlacetopayNotifications(product, event)) {
      const refusal = refusalOf(product, request);
      const shown = `${inspect(refusal, { depth: null, showHidden: true })}${JSON.stringify(refusal)}`;
      expect(shown).not.toContain(secretOf(product));
      expect(shown).not.toContain(proof);
    }
  });
});

/** What was signed, whatever carries it. */
function proofOf({ headers, rawBody }: InboundRequest): string {
  const body = JSON.parse(rawBody.toString()) as { signature?: string; auth?: { tranKey: string } };
  const proof = body.signature ?? body.auth?.tranKey ?? headers['x-signature'] ?? headers['signature'];
  return String(proof ?? headers['authorization']);
}

describe('SHA-1', () => {
  const request = placetopayNotificationRequest('checkout', { ...eventOf('checkout'), algorithm: 'sha1' });
  const until = '2026-11-23';

  it('is refused by default, with the cure as hint', () => {
    const { reason, httpStatus, hint } = refusalOf('checkout', request, merchantWith());
    expect({ reason, httpStatus }).toEqual({ reason: 'algorithm-refused', httpStatus: 401 });
    expect(hint).toContain('placetopay.merchants.shop.notifications.acceptSha1');
  });

  it('is accepted by option, and told of in the event', () => {
    const event = verifyPlacetopayNotification('checkout', request, [merchantWith({ acceptSha1: true })], NOW);
    expect(event.algorithm).toBe('sha1');
  });

  it.each([until, '2026-11-23T00:00:00Z', '2026-11-22T19:00:00-05:00'])('is refused from %s on', (date) => {
    const merchant = merchantWith({ acceptSha1: { until: date } });
    const midnight = Date.parse('2026-11-23T00:00:00Z');
    expect(verifyPlacetopayNotification('checkout', request, [merchant], midnight - 1).algorithm).toBe('sha1');
    expect(refusalOf('checkout', request, merchant, midnight).reason).toBe('algorithm-refused');
  });

  it('that is forged is a mismatch all the same', () => {
    const forged = withBody(request, (text) => text.replace('APPROVED', 'REJECTED'));
    expect(refusalOf('checkout', forged, merchantWith()).reason).toBe('mismatch');
  });

  it('is what account-validator needs: not accepting it is a mistake in the options', () => {
    const accountValidator = placetopayNotificationRequest('account-validator', eventOf('account-validator'));
    expect(() => verifyPlacetopayNotification('account-validator', accountValidator, [merchantWith()], NOW)).toThrow(
      'placetopay.merchants.shop.notifications.acceptSha1: is needed for account-validator',
    );
  });
});

describe('a signature of one product', () => {
  const date = '2026-11-22T05:15:30-05:00';
  const digest = createHash('sha256').update(`1234APPROVED${date}${SITE_SECRET}`).digest();

  it('of a checkout is none of a payment link, although both sign the same text', () => {
    const asLink = { status: { status: 'APPROVED', date }, linkId: 1234, signature: digest.toString('hex') };
    const request = { ...right('payment-link'), rawBody: Buffer.from(JSON.stringify(asLink)) };
    expect(refusalOf('payment-link', request).message).toContain('status.status does not look like one');
  });

  it('of a payment link is none of a checkout', () => {
    const paid = createHash('sha256').update(`1234PAID${date}${SITE_SECRET}`).digest('hex');
    const asCheckout = { status: { status: 'PAID', date }, requestId: 1234, signature: `sha256:${paid}` };
    const request = { ...right('checkout'), rawBody: Buffer.from(JSON.stringify(asCheckout)) };
    expect(refusalOf('checkout', request).message).toContain('status.status does not look like one');
  });

  it('of a checkout, which Lightbox hands to the buyer, is no auth of a microsite', () => {
    const nonce = Buffer.from('1234APPROVED').toString('base64');
    const auth = { login: 'login', tranKey: digest.toString('base64'), nonce, seed: date };
    const request = { ...right('microsite-auth'), rawBody: Buffer.from(JSON.stringify({ auth })) };
    expect(refusalOf('microsite-auth', request).message).toContain('auth.nonce is the text of a notification');
  });

  it('of AutoPay is no auth of a microsite', () => {
    const start = '2972c13d-6315-4da3-80d7-64c24eb232adAUTOPAY_CREATED';
    const tranKey = createHash('sha256')
      .update(start + date + SITE_SECRET)
      .digest('base64');
    const auth = { login: 'login', tranKey, nonce: Buffer.from(start).toString('base64'), seed: date };
    const request = { ...right('microsite-auth'), rawBody: Buffer.from(JSON.stringify({ auth })) };
    expect(refusalOf('microsite-auth', request).reason).toBe('malformed-signature');
  });

  it.each(['119814', '1234ABCDEF', '0123456789abcdef', 'NWExZjdjODNkZTQx', 'AUTOPAY'])(
    'leaves %s, which a generator may make, for a nonce',
    (rawNonce) => {
      const nonce = Buffer.from(rawNonce).toString('base64');
      const request = placetopayNotificationRequest('microsite-auth', {
        ...eventOf('microsite-auth'),
        signed: { nonce },
      });
      expect(() => refusalOf('microsite-auth', request)).toThrow('was accepted');
    },
  );
});

const right = (product: PlacetopayNotificationProduct): InboundRequest =>
  placetopayNotificationRequest(product, eventOf(product));

describe('checkout', () => {
  it('of a recurring charge: says that its signature is not documented', () => {
    const [broken] = brokenPlacetopayNotifications('checkout', eventOf('checkout')).filter(({ name }) =>
      name.startsWith('a recurring charge'),
    );
    const { reason, message } = refusalOf('checkout', broken.request);
    expect(reason).toBe('malformed-body');
    expect(message).toContain('internalReference and no requestId');
    expect(message).toContain('does not document');
  });

  it('takes a signature in capitals for the same notification', () => {
    const lower = right('checkout');
    const upper = withBody(lower, (text) =>
      text.replace(/sha256:([\da-f]+)/, (_all, hex: string) => `sha256:${hex.toUpperCase()}`),
    );
    const keys = [lower, upper].map(
      (request) => verifyPlacetopayNotification('checkout', request, [merchantWith()], NOW).replayKey,
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it('is the same notification whatever its unsigned parts say', () => {
    const changed = withBody(right('checkout'), (text) => text.replace('ORDER-1', 'ORDER-2'));
    const keys = [right('checkout'), changed].map(
      (request) => verifyPlacetopayNotification('checkout', request, [merchantWith()], NOW).replayKey,
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it.each(['2026-11-22T05:15:30-05:00', '2026-11-22T10:15:30Z', '2026-11-22T10:15:30.123456+00:00'])(
    'signs the date as it came: %s',
    (date) => {
      const request = placetopayNotificationRequest('checkout', { ...eventOf('checkout'), signed: { date } });
      expect(verifyPlacetopayNotification('checkout', request, [merchantWith()], NOW).signed.date).toBe(date);
    },
  );

  it.each([
    '26-11-22T05:15:30-05:00',
    '12026-11-22T05:15:30-05:00',
    '2026-11-22T05:15:30',
    '2026-11-22T05:15-05:00',
    '2026-11-22 05:15:30-05:00',
    '2026-11-22T05:15:30-05:00\n',
    '2026-11-22T05:15:30-05:00s',
    '2026-11-22T05:15:30Zs',
    '2026-11-22 05:15:30s',
    ' 2026-11-22T05:15:30Z',
    '',
  ])('refuses a date of another form, even rightly signed: %j', (date) => {
    const request = placetopayNotificationRequest('checkout', { ...eventOf('checkout'), signed: { date } });
    expect(refusalOf('checkout', request).message).toContain('status.date does not look like one');
  });

  it.each(['payment-link', 'autopay', 'msv', 'token-requestor'] as const)('%s refuses it, too', (product) => {
    for (const date of ['023-01-19 15:57:23', '2023-01-19 15:57:23s']) {
      const request = placetopayNotificationRequest(product, { ...eventOf(product), signed: { date } });
      expect(refusalOf(product, request).message).toContain('date does not look like one');
    }
  });

  it('reads escapes in a signed text, and names behind them', () => {
    const escaped = withBody(right('checkout'), (text) =>
      text.replace('"status":"APPROVED"', '"\\u0073tatus":"\\u0041PPROVED"').replace('05:15', '05\\u003a15'),
    );
    expect(verifyPlacetopayNotification('checkout', escaped, [merchantWith()], NOW).signed.status).toBe('APPROVED');
    const twice = withBody(right('checkout'), (text) => text.replace('{', '{"request\\u0049d":1234,'));
    expect(refusalOf('checkout', twice).message).toContain('requestId is there twice');
  });
});

describe('autopay', () => {
  it.each([
    ['mismatch', placetopayNotificationRequest('autopay', { ...eventOf('autopay'), secret: 'another secret' })],
    ['missing-signature', withBody(right('autopay'), (text) => text.replace('"signature"', '"other"'))],
    ['malformed-signature', withBody(right('autopay'), (text) => text.replace('sha256:', 'md5:'))],
  ])('answers a bad signature with 400, as its page says: %s', (reason, request) => {
    expect(refusalOf('autopay', request)).toMatchObject({
      reason,
      httpStatus: 400,
      code: 'ERR_SIGNATURE_VERIFICATION',
      gateway: 'placetopay',
      retryable: false,
    });
  });

  it('acknowledges a copy as the page wants it', () => {
    expect(PLACETOPAY_NOTIFICATION_SCHEMES.autopay.acknowledgement).toEqual({
      status: { status: 'OK', reason: '00', message: 'Successful response' },
    });
  });

  it.each(['2023-01-01 12:00:00', '2025-09-29T17:09:29-05:00'])('takes both documented dates: %s', (date) => {
    const request = placetopayNotificationRequest('autopay', { ...eventOf('autopay'), signed: { date } });
    expect(verifyPlacetopayNotification('autopay', request, [merchantWith()], NOW).signed.date).toBe(date);
  });
});

describe('autopay-contract', () => {
  it('hands every copy on: a balance is asked for again in equal words', () => {
    expect(PLACETOPAY_NOTIFICATION_SCHEMES['autopay-contract'].onReplay).toBe('accept');
  });

  it.each(['basic', 'BASIC', 'Basic  '])('takes %j for the name of the scheme', (name) => {
    const request = right('autopay-contract');
    const authorization = String(request.headers['authorization']).replace('Basic', name);
    const renamed = { ...request, headers: { ...request.headers, authorization } };
    expect(() => refusalOf('autopay-contract', renamed)).toThrow('was accepted');
  });
});

describe('onboarding', () => {
  const requestOf = (attempt: number, now: number, id = 'event-1') =>
    placetopayNotificationRequest('onboarding', {
      secret: secretOf('onboarding'),
      now,
      members: { event: { id, type: 'merchant.create.succeeded', attempt } },
    });
  const keyOf = (request: InboundRequest, now: number) =>
    verifyPlacetopayNotification('onboarding', request, [merchantWith()], now).replayKey;

  it('knows one event in all its attempts, each signed anew, by the id that is signed', () => {
    const first = keyOf(requestOf(1, NOW), NOW);
    expect(keyOf(requestOf(2, NOW + 60_000), NOW + 60_000)).toBe(first);
    expect(keyOf(requestOf(1, NOW, 'event-2'), NOW)).not.toBe(first);
  });

  it('does not believe the header with the id, which is not signed', () => {
    const request = requestOf(1, NOW);
    const renamed = { ...request, headers: { ...request.headers, 'x-event-id': 'another' } };
    expect(keyOf(renamed, NOW)).toBe(keyOf(request, NOW));
  });

  it('falls back on the signature', () => {
    const request = (members: object) =>
      placetopayNotificationRequest('onboarding', { ...eventOf('onboarding'), members: { event: null, ...members } });
    expect(keyOf(request({}), NOW)).not.toBe(keyOf(request({ processId: 'another' }), NOW));
  });

  it('passes over parts of a later version', () => {
    const request = requestOf(1, NOW);
    const later = `${String(request.headers['x-signature'])},v2=abc`;
    expect(keyOf({ ...request, headers: { 'x-signature': later } }, NOW)).toBe(keyOf(request, NOW));
  });

  it('takes the secret of the kid, of any merchant', () => {
    const merchants = [
      merchantWith({ onboardingSigningSecrets: { k1: 'another' } }, 'a'),
      merchantWith({ onboardingSigningSecrets: { k0: secretOf('onboarding') } }, 'b'),
      merchantWith({}, 'c'),
    ];
    expect(verifyPlacetopayNotification('onboarding', requestOf(1, NOW), merchants, NOW).merchant).toBe('c');
  });
});

describe('scudo', () => {
  it('tells two notifications of one second apart, whose signature is the same', () => {
    const other = placetopayNotificationRequest('scudo', { ...eventOf('scudo'), members: { data: { id: 'other' } } });
    expect(other.headers).toEqual(right('scudo').headers);
    const keys = [right('scudo'), other].map(
      (request) => verifyPlacetopayNotification('scudo', request, [merchantWith()], NOW).replayKey,
    );
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('never takes the URL from the request', () => {
    const request = { ...right('scudo'), target: '/elsewhere' };
    const headers = { ...request.headers, host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    expect(() => refusalOf('scudo', { ...request, headers })).toThrow('was accepted');
    const forEvil = placetopayNotificationRequest('scudo', {
      ...eventOf('scudo'),
      signed: { url: 'https://evil.example/elsewhere' },
    });
    expect(
      refusalOf('scudo', { ...forEvil, target: '/elsewhere', headers: { ...headers, ...forEvil.headers } }).reason,
    ).toBe('mismatch');
  });
});

describe('times that are signed', () => {
  const timed = ['onboarding', 'scudo', 'microsite-auth'] as const;

  it.each(timed)('%s: within the tolerance, both ways, to the second', (product) => {
    const signedAt = Math.floor(NOW / 1_000) * 1_000;
    const request = placetopayNotificationRequest(product, { ...eventOf(product), now: signedAt });
    const merchant = merchantWith({ toleranceSeconds: 60 });
    for (const now of [signedAt + 60_000, signedAt - 60_000]) {
      expect(verifyPlacetopayNotification(product, request, [merchant], now)).toMatchObject({ signedAt });
    }
    expect(refusalOf(product, request, merchant, signedAt + 60_001).reason).toBe('stale');
    expect(refusalOf(product, request, merchant, signedAt - 60_001).reason).toBe('future');
  });

  it.each(timed)('%s: by a clock put right by clockSkewSeconds', (product) => {
    const behind = placetopayNotificationMerchant({
      login: 'login',
      secretKey: SITE_SECRET,
      clockSkewSeconds: 600,
      notifications: everything,
    });
    expect(verifyPlacetopayNotification(product, right(product), [behind], NOW - 600_000)).toMatchObject({
      scheme: product,
    });
    expect(refusalOf(product, right(product), behind, NOW).reason).toBe('stale');
  });

  it.each(timed)('%s: copies are remembered for as long as they can be fresh', (product) => {
    const { replayWindowMs } = PLACETOPAY_NOTIFICATION_SCHEMES[product];
    expect(replayWindowMs).toBeGreaterThanOrEqual(2 * 900_000);
    expect(replayWindowMs).toBeLessThanOrEqual(DAY_MS);
  });

  it.each([
    '2026-11-22T05:15:30-05:00',
    '2026-11-22T10:15:30+00:00',
    '2026-11-22T11:15:30+01:00',
    '2026-11-22T10:15:30.250Z',
    '2026-11-22T10:15:30.250123+00:00',
    '2026-11-22T05:15-0500',
  ])('a seed is read in every documented form and hashed as it came: %s', (seed) => {
    const request = placetopayNotificationRequest('microsite-auth', { ...eventOf('microsite-auth'), signed: { seed } });
    const { signed, signedAt } = verifyPlacetopayNotification('microsite-auth', request, [merchantWith()], NOW);
    expect(signed.seed).toBe(seed);
    expect(Math.abs(Number(signedAt) - NOW)).toBeLessThanOrEqual(30_250);
  });

  it.each([
    '2026-02-30T10:15:30Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:15:60Z',
    '2026-11-22T10:15:30',
    '2026-11-22 10:15:30Z',
    '2026-11-22T10:15:30+15:00',
    '2026-11-22T10:15:30-0560',
    ' 2026-11-22T10:15:30Z',
    '2026-11-22T10:15:30Z\n',
    '1795342530',
  ])('a seed that names no instant is refused: %j', (seed) => {
    const request = placetopayNotificationRequest('microsite-auth', { ...eventOf('microsite-auth'), signed: { seed } });
    expect(refusalOf('microsite-auth', request).reason).toBe('malformed-signature');
  });
});

describe('microsite-auth', () => {
  it('is good for one request', () => {
    expect(PLACETOPAY_NOTIFICATION_SCHEMES['microsite-auth'].onReplay).toBe('refuse');
  });

  it('answers an unknown login and a wrong digest alike', () => {
    const unknown = placetopayNotificationRequest('microsite-auth', {
      ...eventOf('microsite-auth'),
      signed: { login: 'nobody' },
    });
    const wrong = placetopayNotificationRequest('microsite-auth', { ...eventOf('microsite-auth'), secret: 'wrong' });
    const [a, b] = [unknown, wrong].map((request) => JSON.stringify(refusalOf('microsite-auth', request)));
    expect(a).toBe(b);
  });

  it('takes credentials of its own, and then no others', () => {
    const merchant = merchantWith({ micrositeAuth: { login: 'own', secretKey: 'own-secret' } });
    const own = placetopayNotificationRequest('microsite-auth', {
      secret: 'own-secret',
      now: NOW,
      signed: { login: 'own' },
    });
    expect(verifyPlacetopayNotification('microsite-auth', own, [merchant], NOW).signed.login).toBe('own');
    expect(refusalOf('microsite-auth', right('microsite-auth'), merchant).reason).toBe('mismatch');
  });

  it('does not take the login of one merchant with the secret of another', () => {
    const other = placetopayNotificationMerchant({ name: 'other', login: 'other', secretKey: 'other-secret' });
    const request = placetopayNotificationRequest('microsite-auth', {
      secret: 'other-secret',
      now: NOW,
      signed: { login: 'login' },
    });
    const verifyIt = () => verifyPlacetopayNotification('microsite-auth', request, [merchantWith(), other], NOW);
    expect(verifyIt).toThrow('does not fit any secret');
  });
});

describe('token-requestor', () => {
  it('reads the values of data by option', () => {
    const event = { ...eventOf('token-requestor'), tokenRequestorData: 'values' } as const;
    const request = placetopayNotificationRequest('token-requestor', event);
    const merchant = merchantWith({ tokenRequestorData: 'values' });
    const { signed } = verifyPlacetopayNotification('token-requestor', request, [merchant], NOW);
    expect(signed.data).toBe('d8677265-03d2-4ffd-bf1e-9831073c1b11INACTIVE01/26');
    expect(refusalOf('token-requestor', request).reason).toBe('mismatch');
    for (const name of ['id', 'status', 'expiration']) {
      const without = withBody(request, (text) => text.replace(`"${name}"`, '"other"'));
      expect(refusalOf('token-requestor', without, merchant).reason).toBe('malformed-body');
    }
  });

  it('cannot be extended, although its hash can', () => {
    const data = '{"id":"d8677265-03d2-4ffd-bf1e-9831073c1b11","status":"INACTIVE"';
    const date = '2026-11-22 05:15:30';
    const genuine = { data: `${data}}`, date };
    const signature = placetopayNotificationSignature('token-requestor', genuine, SITE_SECRET);
    // Somebody who has a notification and not the secret hashes on from where it ended.
    const known = Buffer.byteLength(SITE_SECRET + genuine.data + date);
    const { digest, padding } = extendSha256(
      Buffer.from(signature, 'base64'),
      known,
      Buffer.from('2099-01-01 00:00:00'),
    );
    const extended = Buffer.concat([
      Buffer.from(SITE_SECRET + genuine.data + date),
      padding,
      Buffer.from('2099-01-01 00:00:00'),
    ]);
    expect(digest).toEqual(createHash('sha256').update(extended).digest());
    // The attack works on the hash. But `data` would now have to hold the padding, which no text in UTF-8 does.
    const body = Buffer.concat([
      Buffer.from('{"data":'),
      Buffer.from(genuine.data + date),
      padding,
      Buffer.from(`,"date":"2099-01-01 00:00:00","signature":"${digest.toString('base64')}"}`),
    ]);
    const request = { ...right('token-requestor'), rawBody: body };
    expect(padding[0]).toBe(0x80);
    expect(refusalOf('token-requestor', request).message).toContain('not JSON in UTF-8');
  });
});

describe('options', () => {
  const problemsOf = (notifications: unknown, login = 'l') => {
    const options = { login, secretKey: 's', notifications: notifications as PlacetopayNotificationOptions };
    return mistakesOf(() =>
      resolvePaymentAuthOptions({ placetopay: { environment: 'test', merchants: { a: options } } }),
    );
  };
  const at = (option: string) => `placetopay.merchants.a.notifications${option}`;

  it.each<[string, unknown]>([
    ['', 'yes'],
    ['', null],
    ['.unknown', { unknown: 1 }],
    ['.acceptSha1', { acceptSha1: 'yes' }],
    ['.acceptSha1', { acceptSha1: {} }],
    ['.acceptSha1', { acceptSha1: { until: 'tomorrow' } }],
    ['.acceptSha1', { acceptSha1: { until: '2026-02-30' } }],
    ['.acceptSha1', { acceptSha1: { until: '2026-11-22T10:15:30' } }],
    ['.acceptSha1', { acceptSha1: { until: '2027-01-01', from: '2026-01-01' } }],
    ['.toleranceSeconds', { toleranceSeconds: 0 }],
    ['.toleranceSeconds', { toleranceSeconds: 901 }],
    ['.onboardingSigningSecrets', { onboardingSigningSecrets: {} }],
    ['.onboardingSigningSecrets', { onboardingSigningSecrets: ['secret'] }],
    ['.onboardingSigningSecrets', { onboardingSigningSecrets: { 'k 1': 'secret' } }],
    ['.onboardingSigningSecrets', { onboardingSigningSecrets: { k1: 'line\n' } }],
    ['.scudoSecretKey', { scudoSecretKey: '' }],
    ['.scudoNotificationUrl', { scudoNotificationUrl: '/webhooks' }],
    ['.scudoNotificationUrl', { scudoNotificationUrl: 'https://shop.example/ñ' }],
    ['.msvSecretToken', { msvSecretToken: 7 }],
    ['.autopayContract', { autopayContract: 'user:password' }],
    ['.autopayContract.user', { autopayContract: { user: 'a:b', password: 'p' } }],
    ['.autopayContract.user', { autopayContract: { user: Object.create(null) as unknown, password: 'p' } }],
    ['.autopayContract.user', { autopayContract: { user: 'u'.repeat(61), password: 'p' } }],
    ['.autopayContract.password', { autopayContract: { user: 'u', password: 'p'.repeat(61) } }],
    ['.autopayContract.password', { autopayContract: { user: 'u' } }],
    ['.micrositeAuth.secretKey', { micrositeAuth: { login: 'l' } }],
    ['.tokenRequestorData', { tokenRequestorData: 'json' }],
  ])('refuses a wrong %s: %j', (option, notifications) => {
    expect(problemsOf(notifications)).toEqual([at(option)]);
  });

  it('tells of every mistake at once, with those around the block', () => {
    expect(problemsOf({ toleranceSeconds: 0, msvSecretToken: '' }, '')).toEqual([
      'placetopay.merchants.a.login',
      at('.toleranceSeconds'),
      at('.msvSecretToken'),
    ]);
  });

  it('takes what they are for, freezes it and shows no secret', () => {
    const notifications = {
      ...everything,
      acceptSha1: { until: '2027-01-01' },
      toleranceSeconds: 900,
      onboardingSigningSecrets: { k1: 'secret-1', 'k-2': { current: 'secret-2', next: 'secret-3' } },
      micrositeAuth: { login: 'own', secretKey: 'own-secret' },
      tokenRequestorData: 'values',
    } as const;
    expect(problemsOf(notifications)).toEqual([]);
    const merchant = merchantWith(notifications);
    expect(Object.isFrozen(merchant.notifications.micrositeAuth)).toBe(true);
    const shown = inspect(merchant, { depth: null, showHidden: true }) + JSON.stringify(merchant);
    expect(shown).not.toMatch(/secret-[123]|own-secret|scudo-secret|msv-secret|wörd|whsec/);
  });

  it.each([
    ['msv', '.msvSecretToken'],
    ['scudo', '.scudoSecretKey'],
    ['onboarding', '.onboardingSigningSecrets'],
    ['autopay-contract', '.autopayContract'],
    ['account-validator', '.acceptSha1'],
  ] as const)('%s without what it needs: says so, with the path', (product, option) => {
    const bare = placetopayNotificationMerchant({ name: 'a', login: 'login', secretKey: SITE_SECRET });
    const verifyWith = (...merchants: PlacetopayNotificationMerchant[]) =>
      verifyPlacetopayNotification(product, right(product), merchants, NOW);
    expect(mistakesOf(() => verifyWith(bare))).toEqual([at(option)]);
    const alone = placetopayNotificationMerchant({ login: 'login', secretKey: SITE_SECRET });
    expect(PLACETOPAY_NOTIFICATION_SCHEMES[product].missingFor(alone)?.option).toBe(
      `placetopay.notifications${option}`,
    );
    expect(verifyWith(bare, merchantFor(product)).merchant).toBe('shop');
  });

  it('scudo needs its URL, too', () => {
    const merchant = merchantWith({ scudoNotificationUrl: undefined });
    expect(PLACETOPAY_NOTIFICATION_SCHEMES.scudo.missingFor(merchant)?.option).toMatch(/scudoNotificationUrl$/);
  });

  it('needs a merchant at all', () => {
    expect(() => verifyPlacetopayNotification('checkout', right('checkout'), [], NOW)).toThrow(PaymentAuthConfigError);
  });
});

describe('placetopayNotificationSignature', () => {
  it('makes no signature of an algorithm the product does not have', () => {
    const fields = { linkId: '2', status: 'PAID', date: '2026-11-22T05:15:30-05:00' };
    expect(() => placetopayNotificationSignature('payment-link', fields, 's', 'sha1')).toThrow(TypeError);
  });
});
