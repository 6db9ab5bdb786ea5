import {
  type InboundRequest,
  type PlacetopayDigestAlgorithm,
  placetopayNotificationMerchant,
  type PlacetopayNotificationProduct,
  placetopayNotificationSignature,
  SignatureVerificationError,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import { Secret } from '../../libs/payment-auth/src/core/secret';
import ownVectors from '../vectors/placetopay-notification-vectors.json';
import vectors from '../vectors/placetopay-vectors.json';

const NOW = Date.parse('2026-11-22T10:15:30Z');

/** A merchant that has everything, and one secret for all of it. */
const merchantWith = (secret: string, { login = 'shop', acceptSha1 = true } = {}) => ({
  ...placetopayNotificationMerchant({
    login,
    secretKey: secret.slice(0, 32),
    notifications: {
      acceptSha1,
      onboardingSigningSecrets: { k1: secret },
      scudoSecretKey: secret,
      scudoNotificationUrl: 'https://client-url/notification',
      msvSecretToken: secret,
    },
  }),
  // The placeholder in the docs is longer than a site's secret may be.
  secretKey: new Secret(secret),
});

const requestWith = (body: unknown, headers: Record<string, string> = {}): InboundRequest => ({
  method: 'POST',
  target: '/webhooks/placetopay',
  headers,
  rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

const verify = <Product extends PlacetopayNotificationProduct>(
  product: Product,
  secretKey: string,
  request: InboundRequest,
  now = NOW,
) => verifyPlacetopayNotification(product, request, [merchantWith(secretKey)], now);

/** Why it was refused. Any other outcome is a failure of the test. */
function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SignatureVerificationError) return error.reason;
    throw error;
  }
  throw new Error('was accepted');
}

describe('12 checkout notifications, made by running the official PHP SDK, PHP and Python', () => {
  const cases = vectors.notifications.map((vector) => ({
    ...vector,
    algorithm: vector.algorithm as PlacetopayDigestAlgorithm,
  }));

  it('are 12', () => expect(cases).toHaveLength(12));

  it.each(cases)('$algorithm of $requestId $status $date', (vector) => {
    const { requestId, status, date, secretKey, algorithm, signature } = vector;
    const signed = { requestId: String(requestId), status, date };
    expect(placetopayNotificationSignature('checkout', signed, secretKey, algorithm)).toBe(signature);
    const body = { status: { status, reason: '00', message: 'M', date }, requestId, reference: 'R1', signature };
    expect(verify('checkout', secretKey, requestWith(body))).toMatchObject({
      gateway: 'placetopay',
      scheme: 'checkout',
      algorithm,
      signed,
      payload: { requestId, reference: 'R1' },
    });
    expect(refusalOf(() => verify('checkout', `${secretKey}x`, requestWith(body)))).toBe('mismatch');
  });
});

describe('10 notifications of other products, made by PHP and Python', () => {
  const [paid, expired, autopay, validator, gatewaySha1, gatewaySha256, achReturn, scudo, msv, onboarding, ...more] =
    vectors.webhooks;

  it('are 10', () => expect(more).toEqual([]));

  it.each([paid, expired])('payment link: $fields.status', ({ fields, secretKey, signature }) => {
    const { linkId = 0, status = '', date = '' } = fields;
    const body = { status: { status, reason: 200, message: 'M', date }, linkId, reference: '#5321', signature };
    const signed = { linkId: String(linkId), status, date };
    expect(placetopayNotificationSignature('payment-link', signed, secretKey)).toBe(signature);
    expect(verify('payment-link', secretKey, requestWith(body))).toMatchObject({ signed, algorithm: 'sha256' });
  });

  it("autopay, the docs' worked example", () => {
    const { id = '', type = '', date = '' } = autopay.fields;
    const { secretKey, signature } = autopay;
    const signed = { id, type, date };
    expect(placetopayNotificationSignature('autopay', signed, secretKey)).toBe(signature);
    expect(verify('autopay', secretKey, requestWith({ ...signed, signature }))).toMatchObject({ signed });
  });

  it('account validator', () => {
    const { requestId = '', status = '' } = validator.fields;
    const { secretKey, signature } = validator;
    const signed = { requestId, status };
    expect(placetopayNotificationSignature('account-validator', signed, secretKey)).toBe(signature);
    const body = { status: { status, reason: '00', message: 'M' }, requestId, signature };
    expect(verify('account-validator', secretKey, requestWith(body))).toMatchObject({ signed, algorithm: 'sha1' });
  });

  it.each([
    ['sha1', gatewaySha1],
    ['sha256', gatewaySha256],
  ] as const)('gateway, %s', (algorithm, { fields, secretKey, signature }) => {
    const { internalReference = 0, status = '' } = fields;
    const signed = { internalReference: String(internalReference), status };
    expect(placetopayNotificationSignature('gateway', signed, secretKey, algorithm)).toBe(signature);
    const body = { status: { status, reason: '00', message: 'M' }, internalReference, reference: '1', signature };
    expect(verify('gateway', secretKey, requestWith(body))).toMatchObject({ signed, algorithm });
  });

  it('ACH return', () => {
    const { rawBody = '' } = achReturn.fields;
    const { secretKey, signature } = achReturn;
    expect(placetopayNotificationSignature('ach-return', { rawBody: Buffer.from(rawBody) }, secretKey)).toBe(signature);
    const request = requestWith(rawBody, { 'x-signature': signature });
    expect(verify('ach-return', secretKey, request)).toMatchObject({
      algorithm: 'hmac-sha256',
      payload: { type: 'chargeback.created', data: { internalReference: 2 } },
    });
  });

  it('API Scudo', () => {
    const { url = '', seed = 0 } = scudo.fields;
    const { secretKey, signature } = scudo;
    const signed = { url, seed: String(seed) };
    expect(placetopayNotificationSignature('scudo', signed, secretKey)).toBe(signature);
    const request = requestWith('{}', { seed: String(seed), signature });
    expect(verify('scudo', secretKey, request, seed * 1_000)).toMatchObject({ signed, signedAt: seed * 1_000 });
  });

  it('MSV, a value that Placetopay published', () => {
    const { token = '', status = '', date = '' } = msv.fields;
    const { secretKey, signature } = msv;
    const signed = { token, status, date };
    expect(placetopayNotificationSignature('msv', signed, secretKey)).toBe(signature);
    const body = { status: { status, reason: null, message: 'The user has responded', date }, token, signature };
    expect(verify('msv', secretKey, requestWith(body))).toMatchObject({ signed });
  });

  it('onboarding', () => {
    const { t = 0, rawBody = '' } = onboarding.fields;
    const { secretKey, signature } = onboarding;
    const header = `t=${t},kid=k1,v1=${signature}`;
    const fields = { timestamp: String(t), kid: 'k1', rawBody: Buffer.from(rawBody) };
    expect(placetopayNotificationSignature('onboarding', fields, secretKey)).toBe(header);
    const request = requestWith(rawBody, { 'x-signature': header });
    expect(verify('onboarding', secretKey, request, t * 1_000)).toMatchObject({
      signedAt: t * 1_000,
      payload: { processId: '01kz0609xy2hd666mnx6b0jxpc' },
    });
  });
});

describe('30 auth objects, made by running the official PHP SDK, as Placetopay would send them to a microsite', () => {
  const cases = vectors.auth.map((vector) => ({ ...vector, algorithm: vector.algorithm as PlacetopayDigestAlgorithm }));

  it('are 30', () => expect(cases).toHaveLength(30));

  it.each(cases)('$algorithm at $seed with nonce $rawNonceHex', (vector) => {
    const { login, secretKey, seed, algorithm, nonce, tranKey } = vector;
    const request = requestWith({ auth: { login, tranKey, nonce, seed }, searchType: 'reference' });
    const signedAt = Date.parse(seed);
    const event = verifyPlacetopayNotification(
      'microsite-auth',
      request,
      [merchantWith(secretKey, { login })],
      signedAt + 299_000,
    );
    expect(event).toMatchObject({ algorithm, signedAt, signed: { login, nonce, seed } });
    // The credential in the body is for nobody's log.
    expect(event.payload).toEqual({ searchType: 'reference' });
  });

  it.each(vectors.commonMistakes)('an auth made with a mistake is refused: $mistake', (vector) => {
    const { secretKey, rawNonceHex, seed, wrongTranKey } = vector;
    const nonce = Buffer.from(rawNonceHex, 'hex').toString('base64');
    const request = requestWith({ auth: { login: 'shop', tranKey: wrongTranKey, nonce, seed } });
    const merchant = merchantWith(secretKey, { acceptSha1: false });
    const verifyIt = () => verifyPlacetopayNotification('microsite-auth', request, [merchant], Date.parse(seed));
    expect(refusalOf(verifyIt)).toMatch(/^(?:mismatch|malformed-signature|algorithm-refused)$/);
  });
});

describe('vectors for what has none, made with OpenSSL and Python', () => {
  const [session, sessionSha1, largeId, tokenRaw, tokenValues, onboarding, basic, ...more] = ownVectors.vectors;

  it('are 7', () => expect(more).toEqual([]));

  it.each([
    ['sha256', session],
    ['sha1', sessionSha1],
  ] as const)('gateway session, %s', (algorithm, { fields, secretKey, signature }) => {
    const { sessionId = '', status = '' } = fields;
    const signed = { sessionId, status };
    expect(placetopayNotificationSignature('gateway-session', signed, secretKey, algorithm)).toBe(signature);
    const id = sessionId.includes('-') ? sessionId : Number(sessionId);
    const request = requestWith({ session: { id, status } }, { 'x-signature': signature });
    expect(verify('gateway-session', secretKey, request)).toMatchObject({ signed, algorithm });
  });

  it('checkout with a requestId that no JavaScript number can hold', () => {
    const { requestId = '', status = '', date = '' } = largeId.fields;
    const { secretKey, signature } = largeId;
    const signed = { requestId, status, date };
    expect(placetopayNotificationSignature('checkout', signed, secretKey)).toBe(signature);
    const body = `{"status":{"status":"${status}","date":"${date}"},"requestId":${requestId},"signature":"${signature}"}`;
    expect(verify('checkout', secretKey, requestWith(body)).signed).toEqual(signed);
    const neighbour = body.replace('615,', '614,');
    expect(refusalOf(() => verify('checkout', secretKey, requestWith(neighbour)))).toBe('mismatch');
  });

  it.each([
    ['as-received', tokenRaw, tokenRaw],
    ['values', tokenValues, tokenRaw],
  ] as const)('token requestor, data read %s', (tokenRequestorData, { fields, secretKey, signature }, received) => {
    const { data = '', date = '' } = fields;
    expect(placetopayNotificationSignature('token-requestor', { data, date }, secretKey)).toBe(signature);
    const merchant = placetopayNotificationMerchant({ login: 'l', secretKey, notifications: { tokenRequestorData } });
    const body = `{"type":"TOKEN_UPDATED","signature":"${signature}","date":"${date}","data": ${received.fields.data}}`;
    const event = verifyPlacetopayNotification('token-requestor', requestWith(body), [merchant], NOW);
    expect(event.signed).toEqual({ data, date });
    expect(event.payload.data.status).toBe('INACTIVE');
  });

  it('onboarding with text beyond ASCII', () => {
    const { timestamp = '', kid = '', rawBody = '' } = onboarding.fields;
    const { secretKey: secret, signature } = onboarding;
    const fields = { timestamp, kid, rawBody: Buffer.from(rawBody) };
    expect(placetopayNotificationSignature('onboarding', fields, secret)).toBe(signature);
    const notifications = { onboardingSigningSecrets: { k1: 'retired', [kid]: secret } };
    const merchant = placetopayNotificationMerchant({ login: 'l', secretKey: 's', notifications });
    const request = requestWith(rawBody, { 'x-signature': signature });
    const event = verifyPlacetopayNotification('onboarding', request, [merchant], Number(timestamp) * 1_000);
    expect(event.signed).toEqual(fields);
  });

  it('Basic credentials of AutoPay', () => {
    const { user = '' } = basic.fields;
    const autopayContract = { user, password: basic.secretKey };
    const merchant = placetopayNotificationMerchant({ login: 'l', secretKey: 's', notifications: { autopayContract } });
    const request = requestWith({ id: '1', reference: 'R' }, { authorization: basic.signature });
    const event = verifyPlacetopayNotification('autopay-contract', request, [merchant], NOW);
    expect(event).toMatchObject({ signed: { user }, algorithm: 'basic', payload: { reference: 'R' } });
  });
});

describe('values that Placetopay publishes and that do not verify', () => {
  it("the checkout page's sample is no signature: 37 characters, most of them beyond hexadecimal", () => {
    const status = {
      status: 'APPROVED',
      reason: '00',
      message: 'Transacción aprobada',
      date: '2019-01-01T12:00:00-05:00',
    };
    const signature = 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s';
    expect(signature).toHaveLength(37);
    for (const sample of [signature, `sha256:${signature}t9u0v1w2x3y4z5`]) {
      const body = { status, requestId: 1234, reference: 'TEST_123424', signature: sample };
      expect(refusalOf(() => verify('checkout', 'siteSecretKey', requestWith(body)))).toBe('malformed-signature');
    }
  });

  it.each([
    ['PAID', '2024-06-25T00:43:21-05:00', 'e1ab3b5d25dd2c81c3386a2e4c3a2818911e5d09f012005c21f8e20c6e0d5ab6'],
    ['EXPIRED', '2024-06-25T00:53:36-05:00', 'a02e7afa8f8313ccaa29edf056bc95a243671ec5e995c0dac5953c17f8bc529f'],
  ])("the Payment Links page's %s sample does not fit the key printed beside it", (status, date, signature) => {
    const body = { status: { status, reason: 200, message: 'M', date }, linkId: 2, reference: '#5321', signature };
    expect(refusalOf(() => verify('payment-link', 'mySiteSecretKey', requestWith(body)))).toBe('mismatch');
  });

  it("the AutoPay page's samples are no signatures", () => {
    const event = { id: '111111-2222-3333-4444-555555555555', type: 'AUTOPAY_CREATED', date: '2023-01-01 12:00:00' };
    for (const signature of ['sha256:a1b2c3d4e5...', 'sha256:a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s']) {
      const request = requestWith({ ...event, signature });
      expect(refusalOf(() => verify('autopay', 'ABC123', request))).toBe('malformed-signature');
    }
  });

  it("the customised microsite page's auth is a placeholder, and not even Base64 as anything would write it", () => {
    const seed = '2025-01-29T17:02:49-05:00';
    const tranKey = 'ABC123example456trankey+789abc012def3456ABC=';
    const auth = { login: 'aabbccdd1234567890aabbccdd123456', tranKey, nonce: 'MTIzNDU2Nzg=', seed };
    const merchants = [merchantWith(tranKey, { login: auth.login })];
    const verifyIt = () =>
      verifyPlacetopayNotification('microsite-auth', requestWith({ auth }), merchants, Date.parse(seed));
    expect(refusalOf(verifyIt)).toBe('malformed-signature');
  });
});
