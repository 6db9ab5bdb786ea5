import {
  confirmNetzmeCallback,
  type ConfigProblem,
  type InboundRequest,
  isNetzmeSuccess,
  minifyJson,
  netzmeNotificationMerchant,
  type NetzmeNotificationMerchant,
  type NetzmeNotificationOptions,
  netzmeSnapBodyHash,
  netzmeSnapStringToSign,
  parseUnsignedNetzmeCallback,
  PaymentAuthConfigError,
  verifyNetzmeCallbackToken,
  verifyNetzmeSnapCallback,
} from 'nestjs-payment-auth';
import {
  brokenNetzmeSnapCallbacks,
  brokenNetzmeTokenCallbacks,
  createNetzmeTestKeys,
  netzmeLegacyCallbackRequest,
  netzmeSnapCallbackRequest,
  netzmeTestMessage,
  type NetzmeTestSnapCallback,
  netzmeTokenCallbackRequest,
} from 'nestjs-payment-auth/testing';
import { inspect } from 'node:util';
import { Secret } from '../../libs/payment-auth/src/core/secret';
import { NETZME_NOTIFICATION_SCHEMES } from '../../libs/payment-auth/src/netzme/notifications/netzme-notifications';
import { resolvePaymentAuthOptions } from '../../libs/payment-auth/src/payment-auth.resolve-options';
import vectors from '../vectors/netzme-vectors.json';
import { refusalOf as refusalIn } from './refusal';

const refusalOf = (verify: () => unknown) => refusalIn(verify, 'netzme');
const KEYS = createNetzmeTestKeys();
const NOW = Date.parse('2026-11-22T10:15:30Z');
const CALLBACK: NetzmeTestSnapCallback = { privateKey: KEYS.privateKey, now: NOW };
const TOKEN = 'Z3kwaFV5bTZnSTNjSmhlNDhDa2d0UjRORk1a';

function merchantWith(notifications: NetzmeNotificationOptions, name = 'shop'): NetzmeNotificationMerchant {
  return netzmeNotificationMerchant({
    name,
    notifications: { publicKeys: [KEYS.publicKey], merchantIds: 'any', ...notifications },
  });
}

const SHOP = merchantWith({ merchantIds: ['M_TEST0001'] });
const ANY = merchantWith({});

const verify = (callback: Partial<NetzmeTestSnapCallback>, merchant = ANY) =>
  verifyNetzmeSnapCallback(netzmeSnapCallbackRequest({ ...CALLBACK, ...callback }), [merchant], NOW);
const refused = (callback: Partial<NetzmeTestSnapCallback>, merchant = ANY) =>
  refusalOf(() => verify(callback, merchant));

describe('SNAP v2 vectors, made by running the QA tool of a Netzme engineer', () => {
  const callbacks = vectors.snap.filter(({ kind }) => kind === 'callback-asymmetric') as unknown as readonly {
    readonly name: string;
    readonly method: string;
    readonly pathWithQuery: string;
    readonly timestamp: string;
    readonly body: string;
    readonly bodySha256: string;
    readonly stringToSign: string;
    readonly signature: string;
  }[];
  const merchant = netzmeNotificationMerchant({
    notifications: { publicKeys: [vectors.keys.rsa2048.publicKeySpkiPem], merchantIds: 'any' },
  });

  const received = (vector: (typeof callbacks)[number], body = vector.body): InboundRequest => ({
    method: vector.method,
    target: vector.pathWithQuery,
    headers: { 'x-timestamp': vector.timestamp, 'x-signature': vector.signature },
    rawBody: Buffer.from(body),
  });

  it('are two, and one has the body hash that the documentation prints', () => {
    expect(callbacks.map(({ name }) => name)).toEqual(['callback-docs-example', 'callback-qris']);
    expect(callbacks[0]?.bodySha256).toBe('e9295c3253c05560273ff305d9eea6abf77fff65229bf90b1781383c09c29d98');
  });

  it.each(callbacks)('$name: body hash, string to sign, signature', (vector) => {
    const { method, pathWithQuery: path, timestamp } = vector;
    const bodyHash = netzmeSnapBodyHash(Buffer.from(vector.body));
    expect(bodyHash).toBe(vector.bodySha256);
    expect(netzmeSnapStringToSign({ method, path, bodyHash, timestamp })).toBe(vector.stringToSign);

    const event = verifyNetzmeSnapCallback(received(vector), [merchant], Date.parse(timestamp));
    expect(event).toMatchObject({
      gateway: 'netzme',
      scheme: 'snap-v2',
      merchant: 'default',
      algorithm: 'rsa-sha256',
      secretIndex: 0,
      signedAt: Date.parse(timestamp),
      signed: { method, path, timestamp, bodyForm: 'minified' },
      payload: JSON.parse(vector.body) as object,
    });
    expect(isNetzmeSuccess(event)).toBe(vector.name === 'callback-qris');
  });

  it.each(callbacks)('$name: verifies with whitespace, and not with one character changed', (vector) => {
    const now = Date.parse(vector.timestamp);
    const spaced = JSON.stringify(JSON.parse(vector.body), null, 2);
    expect(verifyNetzmeSnapCallback(received(vector, spaced), [merchant], now).signed.bodyForm).toBe('minified');
    const changed = received(vector, vector.body.replace('0', '1'));
    expect(refusalOf(() => verifyNetzmeSnapCallback(changed, [merchant], now))).toBe('mismatch');
  });
});

describe('a SNAP v2 callback', () => {
  it('is accepted as the testing kit signs it, with what was paid', () => {
    const event = verify({}, SHOP);
    expect(event.signed).toEqual({
      method: 'POST',
      path: '/netzme/callback',
      timestamp: '2026-11-22T17:15:30+07:00',
      bodyForm: 'minified',
      originalReferenceNo: '000123456789',
      latestTransactionStatus: '00',
      amount: { value: '51000.00', currency: 'IDR' },
      custIdMerchant: 'M_TEST0001',
    });
    expect(event.unsigned).toEqual(['every header but X-TIMESTAMP']);
    expect(isNetzmeSuccess(event)).toBe(true);
  });

  it.each(brokenNetzmeSnapCallbacks(CALLBACK))('$name: $reason', ({ request, reason }) => {
    expect(refusalOf(() => verifyNetzmeSnapCallback(request, [SHOP], NOW))).toBe(reason);
  });

  it.each(['07', '03', '0', '000', 'SUCCESS'])('of status %p is no success', (status) => {
    expect(isNetzmeSuccess(verify({ body: netzmeTestMessage({ latestTransactionStatus: status }) }))).toBe(false);
  });

  it('tells both references, and an amount only with its currency', () => {
    const members = { originalPartnerReferenceNo: 'P-1', amount: { value: '51000' }, additionalInfo: {} };
    const { signed } = verify({ body: netzmeTestMessage(members) });
    expect(signed).toMatchObject({ originalReferenceNo: '000123456789', originalPartnerReferenceNo: 'P-1' });
    expect(Object.keys(signed)).not.toContain('amount');
    expect(Object.keys(signed)).not.toContain('custIdMerchant');
    const whole = verify({ body: netzmeTestMessage({ amount: { value: '51000', currency: 'IDR' } }) });
    expect(whole.signed.amount).toStrictEqual({ value: '51000', currency: 'IDR' });
  });

  it.each([
    { originalReferenceNo: 'a b' },
    { originalReferenceNo: ' a' },
    { originalReferenceNo: 'a\n' },
    { originalReferenceNo: 'a'.repeat(101) },
    { originalPartnerReferenceNo: 'a b' },
    { latestTransactionStatus: '00 ' },
    { latestTransactionStatus: '0'.repeat(21) },
    { amount: { value: '51.000,00', currency: 'IDR' } },
    { amount: { value: '51000.000', currency: 'IDR' } },
    { amount: { value: '51000.', currency: 'IDR' } },
    { amount: { value: '-1', currency: 'IDR' } },
    { amount: { value: '1', currency: 'IDRX' } },
    { amount: { value: '1', currency: 'XIDR' } },
    { amount: { value: '1', currency: 'idr' } },
    { additionalInfo: { custIdMerchant: 'a b' } },
  ])('is malformed with %j, although rightly signed', (members) => {
    expect(refused({ body: netzmeTestMessage(members) })).toBe('malformed-body');
  });

  it.each([
    '2026-11-22T10:15:30',
    '2026-11-22 10:15:30Z',
    ' 2026-11-22T10:15:30Z',
    '2026-11-22T10:15:30Z ',
    '2026-11-22T10:15:30.Z',
    '2026-11-22T10:15:30.1234567890Z',
    '2026-11-22T10:15:30+0700',
    '2026-13-22T10:15:30Z',
    '12026-11-22T10:15:30Z',
    String(NOW),
  ])('with X-TIMESTAMP %j is malformed', (timestamp) => {
    const request = netzmeSnapCallbackRequest(CALLBACK);
    const headers = { ...request.headers, 'x-timestamp': timestamp };
    const reason = refusalOf(() => verifyNetzmeSnapCallback({ ...request, headers }, [SHOP], NOW));
    expect(reason).toMatch(/^malformed/);
  });

  it('is remembered for a day, and acknowledged as SNAP has it', () => {
    for (const scheme of Object.values(NETZME_NOTIFICATION_SCHEMES)) {
      expect(scheme).toMatchObject({
        onReplay: 'acknowledge',
        replayWindowMs: 86_400_000,
        acknowledgement: { responseCode: '2000000', responseMessage: 'Successful' },
      });
    }
    expect(Object.values(NETZME_NOTIFICATION_SCHEMES).map(({ name }) => name)).toEqual(['snap-v1', 'snap-v2']);
  });

  it.each([' 00', '', {}, true])('of status %p is malformed', (status) => {
    expect(refused({ body: netzmeTestMessage({ latestTransactionStatus: status }) })).toBe('malformed-body');
  });

  it('of another kind has other members, and null is none', () => {
    const { signed } = verify({ body: '{"balance":{"value":"1.00"},"amount":null,"originalReferenceNo":null}' });
    expect(signed).toEqual({
      method: 'POST',
      path: '/netzme/callback',
      timestamp: signed.timestamp,
      bodyForm: 'minified',
    });
  });

  it.each([-300, 0, 300])('signed %d s from now is accepted', (seconds) => {
    const now = NOW + seconds * 1_000;
    expect(verify({ now }).signedAt).toBe(now);
  });

  it.each([
    [-301, 'stale'],
    [301, 'future'],
  ])('signed %d s from now is %s', (seconds, reason) => {
    expect(refused({ now: NOW + seconds * 1_000 })).toBe(reason);
  });

  it('has the window that is configured', () => {
    const narrow = merchantWith({ toleranceSeconds: 10 });
    expect(refused({ now: NOW - 11_000 }, narrow)).toBe('stale');
    expect(verify({ now: NOW - 86_400_000 }, merchantWith({ toleranceSeconds: 86_400 })).signedAt).toBe(
      NOW - 86_400_000,
    );
  });

  describe('in the ways that the documentation leaves open', () => {
    const target = '/netzme/callback?channel=qris&x=%2F';

    it.each([
      ['with its query', target, []],
      ['without it', '/netzme/callback', ['the query']],
    ])('may be signed over the path %s', (_how, signedPath, unsigned) => {
      const event = verify({ target, signedPath }, SHOP);
      expect(event.signed.path).toBe(signedPath);
      expect(event.unsigned).toEqual(['every header but X-TIMESTAMP', ...unsigned]);
    });

    it.each(['/netzme/callback?channel=qris', '/netzme/callback?', '/netzme/', 'netzme/callback'])(
      'may not be signed over %s',
      (signedPath) => {
        expect(refused({ target, signedPath })).toBe('mismatch');
      },
    );

    it('may be signed over the body as it was sent, whitespace included', () => {
      const body = JSON.stringify(JSON.parse(netzmeTestMessage()), null, 1);
      expect(verify({ body, signedBody: body }).signed.bodyForm).toBe('as-sent');
      expect(verify({ body }).signed.bodyForm).toBe('minified');
    });

    it('is hashed with the numbers and escapes it has, not with those of JSON.stringify', () => {
      const body = '{"amountLong": 51000.00, "name": "caf\\u00e9 a\\/b", "id": 12345678901234567890}';
      const signedBody = minifyJson(Buffer.from(body)).toString();
      expect(signedBody).toBe('{"amountLong":51000.00,"name":"caf\\u00e9 a\\/b","id":12345678901234567890}');
      expect(verify({ body, signedBody }).signed.bodyForm).toBe('minified');
      expect(refused({ body, signedBody: JSON.stringify(JSON.parse(body)) })).toBe('mismatch');
    });

    it('may have its numbers shortened, where that is allowed', () => {
      const lenient = merchantWith({ acceptGoNumberForms: true });
      const body = '{"latestTransactionStatus":"00", "amountLong": 51000, "fee": 1.50}';
      const signedBody = '{"latestTransactionStatus":"00","amountLong":51e3,"fee":1.5}';
      expect(verify({ body, signedBody }, lenient).signed.bodyForm).toBe('go-numbers');
      expect(refused({ body, signedBody })).toBe('mismatch');
      expect(verify({ body }, lenient).signed.bodyForm).toBe('minified');
    });
  });

  describe('behind a proxy', () => {
    it('that removes a prefix', () => {
      const behind = merchantWith({ removedPathPrefix: '/pay/' });
      expect(verify({ target: '/cb?a=1', signedPath: '/pay/cb?a=1' }, behind).signed.path).toBe('/pay/cb?a=1');
      expect(verify({ target: '/cb?a=1', signedPath: '/pay/cb' }, behind).signed.path).toBe('/pay/cb');
      expect(refused({ target: '/cb' }, behind)).toBe('mismatch');
      expect(refused({ target: '/cb', signedPath: '/pay/cb' })).toBe('mismatch');
    });

    it('that makes another path of it', () => {
      const behind = merchantWith({ callbackPath: '/registered?with=query' });
      const event = verify({ target: '/inside', signedPath: '/registered?with=query' }, behind);
      expect(event.signed.path).toBe('/registered?with=query');
      expect(event.unsigned).toContain('the path it came by: callbackPath was checked in its place');
      expect(refused({ target: '/registered?with=query', signedPath: '/registered' }, behind)).toBe('mismatch');
    });
  });

  describe('among several merchants', () => {
    const other = createNetzmeTestKeys();
    const outlet = merchantWith({ merchantIds: ['M_OUTLET', 'M_KIOSK'] }, 'outlet');
    const foreign = netzmeNotificationMerchant({
      name: 'foreign',
      notifications: { publicKeys: [other.publicKey], merchantIds: ['M_FOREIGN'] },
    });
    const paid = (custIdMerchant: string, all: readonly NetzmeNotificationMerchant[], privateKey = KEYS.privateKey) =>
      verifyNetzmeSnapCallback(
        netzmeSnapCallbackRequest({
          ...CALLBACK,
          privateKey,
          body: netzmeTestMessage({ additionalInfo: { custIdMerchant } }),
        }),
        all,
        NOW,
      );

    it('is for the one it names', () => {
      const all = [ANY, SHOP, outlet, foreign];
      expect(paid('M_KIOSK', all).merchant).toBe('outlet');
      expect(paid('M_FOREIGN', all, other.privateKey).merchant).toBe('foreign');
    });

    it('and else for one that need not be named', () => {
      const event = paid('M_SOMEBODY', [SHOP, ANY]);
      expect(event.merchant).toBe(ANY.name);
      expect(event.unsigned).toContain("which of Netzme's clients it is for: merchantIds is 'any'");
    });

    it('is no use without a word on whom it may be for', () => {
      const unsaid = netzmeNotificationMerchant({ notifications: { publicKeys: [KEYS.publicKey] } });
      expect(() => paid('M_SOMEBODY', [unsaid])).toThrow(
        /netzme\.notifications\.merchantIds: is needed: .*or 'any' where/,
      );
      expect(refusalOf(() => paid('M_SOMEBODY', [unsaid, SHOP]))).toBe('unknown-merchant');
    });

    it('and else for nobody, whoever else has such an id', () => {
      expect(refusalOf(() => paid('M_FOREIGN', [SHOP, outlet, foreign]))).toBe('unknown-merchant');
    });

    it('may be signed by any of several keys, and says by which', () => {
      const rotating = merchantWith({ publicKeys: [other.publicKey, KEYS.publicKey] });
      expect(verify({}, rotating).secretIndex).toBe(1);
    });
  });

  it('has one replay key for every copy, signed anew or not', () => {
    const keys = [
      verify({}),
      verify({ now: NOW + 60_000 }),
      verify({ body: JSON.stringify(JSON.parse(netzmeTestMessage()), null, 1) }),
    ].map(({ replayKey }) => replayKey);
    const others = [
      verify({ body: netzmeTestMessage({ latestTransactionStatus: '07' }) }),
      verify({ target: '/other' }),
      verify({}, merchantWith({}, 'outlet')),
    ].map(({ replayKey }) => replayKey);
    expect(new Set(keys).size).toBe(1);
    expect(new Set([...keys, ...others]).size).toBe(1 + others.length);
  });

  it('has one replay key for every spelling of its numbers that one signature covers', () => {
    const lenient = merchantWith({ acceptGoNumberForms: true });
    const bodyOf = (number: string): string => `{"latestTransactionStatus":"00","amountLong":${number}}`;
    const right = netzmeSnapCallbackRequest({ ...CALLBACK, body: bodyOf('51e3') });
    const respelt = (number: string) =>
      verifyNetzmeSnapCallback({ ...right, rawBody: Buffer.from(bodyOf(number)) }, [lenient], NOW);
    const spellings = [
      '51000',
      '51e3',
      '5.1e4',
      '51E3',
      '51e+3',
      '51e03',
      '510e2',
      '51000.0',
      '0.51e5',
      '5100e1',
      ' 51000',
    ];
    const keys = spellings.map((spelling) => respelt(spelling).replayKey);
    expect(new Set(keys).size).toBe(1);
    const other = verify({ body: bodyOf('51001') }, lenient);
    expect(keys).not.toContain(other.replayKey);
  });

  it('may be signed with a weak key where that is asked for, and says what it is worth', () => {
    const weak = createNetzmeTestKeys(512);
    const options = { publicKeys: [weak.publicKey] };
    expect(() => merchantWith(options)).toThrow(
      /netzme\.notifications\.publicKeys: key 1 of 1 has a modulus of 512 bits/,
    );
    const event = verify({ privateKey: weak.privateKey }, merchantWith({ ...options, allowWeakKeys: true }));
    expect(event.unsigned.join()).toMatch(/everything, for whoever computes the private key/);
    expect(() =>
      merchantWith({ publicKeys: [vectors.keys.rsa512.publicKeySpkiPem], allowWeakKeys: true }),
    ).not.toThrow();
  });
});

describe('a SNAP v1 callback', () => {
  const V1 = netzmeNotificationMerchant({ name: 'shop', notifications: { callbackToken: TOKEN } });

  it('proves that its sender knows the token, and nothing else', () => {
    const event = verifyNetzmeCallbackToken(netzmeTokenCallbackRequest({ token: TOKEN }), [V1]);
    expect(event).toMatchObject({
      scheme: 'snap-v1',
      merchant: 'shop',
      signed: {},
      algorithm: 'static-token',
      secretIndex: 0,
    });
    expect(event.unsigned[0]).toMatch(/^the whole body/);
    expect(event.payload['latestTransactionStatus']).toBe('00');
    expect(inspect(event, { depth: Infinity }) + JSON.stringify(event)).not.toContain(TOKEN);
  });

  it.each(brokenNetzmeTokenCallbacks(TOKEN))('$name: $reason', ({ request, reason }) => {
    expect(refusalOf(() => verifyNetzmeCallbackToken(request, [V1]))).toBe(reason);
  });

  it('may have the next token, and that of any merchant', () => {
    const rotating = netzmeNotificationMerchant({
      name: 'rotating',
      notifications: { callbackToken: { current: 'one', next: 'two' } },
    });
    const found = ['one', 'two', TOKEN].map((token) => {
      const event = verifyNetzmeCallbackToken(netzmeTokenCallbackRequest({ token }), [ANY, V1, rotating]);
      return [event.merchant, event.secretIndex];
    });
    expect(found).toEqual([
      ['rotating', 0],
      ['rotating', 1],
      ['shop', 0],
    ]);
  });

  it('has one replay key for every copy, however its whitespace is', () => {
    const keyOf = (body: string): string =>
      verifyNetzmeCallbackToken(netzmeTokenCallbackRequest({ token: TOKEN, body }), [V1]).replayKey;
    expect(keyOf('{ "a": 1 }')).toBe(keyOf('{"a":1}'));
    expect(keyOf('{"a":2}')).not.toBe(keyOf('{"a":1}'));
  });
});

describe('a callback of the legacy merchant API', () => {
  it('is not trusted, whatever it claims', () => {
    expect(parseUnsignedNetzmeCallback(netzmeLegacyCallbackRequest())).toEqual({
      gateway: 'netzme',
      trust: 'none',
      kind: 'invoice',
      claims: {
        invoiceId: 'NETZ-INV-M_TEST0001-20260101-001',
        transactionId: 'e337a47dc0ca4fe28e9ae1c2969dcbf5',
        status: 'paid',
        merchant: 'M_TEST0001',
        amount: '51000',
      },
      payload: expect.objectContaining({ paymentMethod: 'QRIS' }) as object,
      acknowledgement: {
        id: 'NETZ-INV-M_TEST0001-20260101-001',
        transaction_id: 'e337a47dc0ca4fe28e9ae1c2969dcbf5',
        status: 'paid',
        merchant: 'M_TEST0001',
        payment_time: '2026-01-01T16:12:13.646+07:00',
      },
    });
    expect(parseUnsignedNetzmeCallback(netzmeLegacyCallbackRequest('qris'))).toMatchObject({
      trust: 'none',
      kind: 'qris',
      claims: {
        transactionId: '9933033931',
        status: '100',
        merchant: 'M_TEST0001',
        amount: 'IDR 2100.00',
        referenceId: '306410381877',
      },
      acknowledgement: {},
    });
    expect(Object.keys(NETZME_NOTIFICATION_SCHEMES)).toEqual(['snap-v1', 'snap-v2']);
  });

  it('has no members but those that came', () => {
    const { claims } = parseUnsignedNetzmeCallback(
      netzmeLegacyCallbackRequest('qris', { referenceId: undefined, amount: undefined }),
    );
    expect(Object.keys(claims)).toEqual(['transactionId', 'status', 'merchant']);
    const invoice = netzmeLegacyCallbackRequest('invoice', { payment_time: undefined, amount: undefined });
    const { acknowledgement } = parseUnsignedNetzmeCallback(invoice);
    expect(Object.keys(acknowledgement)).toEqual(['id', 'transaction_id', 'status', 'merchant']);
  });

  it('may be as large as 64 KiB', () => {
    const { rawBody } = netzmeLegacyCallbackRequest();
    const padded = Buffer.concat([rawBody, Buffer.alloc(65_536 - rawBody.length, ' ')]);
    expect(parseUnsignedNetzmeCallback({ rawBody: padded }).kind).toBe('invoice');
    expect(refusalOf(() => parseUnsignedNetzmeCallback({ rawBody: Buffer.concat([padded, Buffer.from(' ')]) }))).toBe(
      'malformed-body',
    );
  });

  it.each([
    ['no id', netzmeLegacyCallbackRequest('invoice', { id: undefined })],
    ['no status', netzmeLegacyCallbackRequest('invoice', { status: undefined })],
    ['no merchant', netzmeLegacyCallbackRequest('invoice', { merchant: undefined })],
    ['a status that is no text', netzmeLegacyCallbackRequest('qris', { status: { paid: true } })],
    ['an amount that is none', netzmeLegacyCallbackRequest('invoice', { amount: '51.000,00' })],
    ['a status with a space', netzmeLegacyCallbackRequest('invoice', { status: 'paid ' })],
    ['a status with a space in front', netzmeLegacyCallbackRequest('qris', { status: ' 100' })],
    ['a status of 41 characters', netzmeLegacyCallbackRequest('qris', { status: '1'.repeat(41) })],
    ['a time with a line break', netzmeLegacyCallbackRequest('invoice', { payment_time: '\n2026' })],
    ['a time with one behind', netzmeLegacyCallbackRequest('invoice', { payment_time: '2026\n' })],
    ['an amount with more behind it', netzmeLegacyCallbackRequest('invoice', { amount: '51000 IDR' })],
    ['an amount with more before it', netzmeLegacyCallbackRequest('invoice', { amount: '-51000' })],
    ['an id of 101 characters', netzmeLegacyCallbackRequest('invoice', { id: 'x'.repeat(101) })],
    ['an id that tries HTML', netzmeLegacyCallbackRequest('invoice', { id: '<b> x' })],
    ['more than 64 KiB', netzmeLegacyCallbackRequest('invoice', { qrDetail: 'x'.repeat(65_536) })],
    ['neither kind', netzmeLegacyCallbackRequest('qris', { transactionId: undefined })],
    ['two transactions', { rawBody: Buffer.from('{"transaction_id":"1","transaction_id":"2"}') }],
    ['no JSON', { rawBody: Buffer.from('status=paid') }],
    ['nothing', { rawBody: Buffer.alloc(0) }],
  ])('is malformed with %s', (_what, request) => {
    expect(refusalOf(() => parseUnsignedNetzmeCallback(request))).toBe('malformed-body');
  });

  describe('asked about', () => {
    const callback = parseUnsignedNetzmeCallback(netzmeLegacyCallbackRequest());
    const asked: unknown[] = [];
    const confirm = (data: unknown): Promise<unknown> => {
      const request = (query: unknown): Promise<{ data: unknown }> => {
        asked.push(query);
        return data instanceof Error ? Promise.reject(data) : Promise.resolve({ data });
      };
      return confirmNetzmeCallback(callback, {
        http: { axiosRef: { request } as never },
        query: { url: '/list', params: { userId: 'M_TEST0001' } },
        agrees: (body, claims) => JSON.stringify(body) === JSON.stringify({ paid: claims.transactionId }),
      });
    };
    const body = { paid: callback.claims.transactionId };

    it.each([100, 199, '100'])('is confirmed by an answer of status %p that says the same', async (status) => {
      await expect(confirm({ status, body })).resolves.toEqual(body);
      expect(asked.at(-1)).toEqual({ url: '/list', params: { userId: 'M_TEST0001' } });
    });

    it.each([
      ['another transaction', { status: 100, body: { paid: 'other' } }],
      ['a business failure', { status: 203, body }],
      ['a status of text', { status: 'success', body }],
      ['a status of four digits', { status: 1000, body }],
      ['no status', { body }],
      ['no object', 'OK'],
      ['nothing', null],
    ])('is not confirmed by %s', async (_what, answer) => {
      await expect(confirm(answer)).rejects.toMatchObject({ reason: 'not-confirmed', httpStatus: 403 });
    });

    it('is not confirmed when the call fails, and the failure is passed on', async () => {
      const failure = new Error('ECONNREFUSED');
      await expect(confirm(failure)).rejects.toBe(failure);
    });
  });
});

describe('options of netzme.notifications', () => {
  const problemsOf = (notifications: unknown): readonly ConfigProblem[] => {
    const netzme = { environment: 'staging', clientId: 'id', clientSecret: 's3cr3t', notifications };
    try {
      resolvePaymentAuthOptions({ netzme: netzme as never });
      return [];
    } catch (error) {
      if (error instanceof PaymentAuthConfigError) return error.problems;
      throw error;
    }
  };

  it.each([
    [{ callbackToken: '' }, 'callbackToken', /must be the callback token/],
    [{ callbackToken: 'two words' }, 'callbackToken', /ASCII without spaces/],
    [{ callbackToken: 7 }, 'callbackToken', /must be the callback token/],
    [{ callbackToken: { current: 'a', next: 'é' } }, 'callbackToken', /ASCII/],
    [{ callbackToken: { next: 'a' } }, 'callbackToken', /ASCII/],
    [
      { publicKeys: ['-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----'] },
      'publicKeys',
      /is a CERTIFICATE/,
    ],
    [{ publicKeys: [KEYS.publicKey], allowWeakKeys: 'yes' }, 'allowWeakKeys', /true or false/],
    [{ toleranceSeconds: 0 }, 'toleranceSeconds', /seconds from 1 to 86400/],
    [{ callbackPath: 'callback' }, 'callbackPath', /starts with a slash/],
    [{ callbackPath: 'https://shop.example/cb' }, 'callbackPath', /starts with a slash/],
    [{ callbackPath: '/a b' }, 'callbackPath', /starts with a slash/],
    [{ removedPathPrefix: '/a?b' }, 'removedPathPrefix', /start of a path/],
    [{ callbackPath: '/a', removedPathPrefix: '/b' }, 'removedPathPrefix', /leave one out/],
    [{ merchantIds: 'M_1' }, 'merchantIds', /must be an array/],
    [{ merchantIds: ['any', ''] }, 'merchantIds', /, or 'any'$/],
    [{ merchantIds: [] }, 'merchantIds', /must be an array of one/],
    [{ merchantIds: ['M_1', 7] }, 'merchantIds', /must be an array/],
    [{ acceptGoNumberForms: 1 }, 'acceptGoNumberForms', /true or false/],
    [{ token: 'x' }, 'token', /is not an option here; known are callbackToken, publicKeys, /],
  ])('%#: refused, naming the option', (notifications, option, problem) => {
    expect(problemsOf(notifications)).toEqual([
      { option: `netzme.notifications.${option}`, problem: expect.stringMatching(problem) as string },
    ]);
  });

  it('accept a token that came from a function, current and next', () => {
    const callbackToken = new Secret({ current: 'one', next: 'two' }) as never;
    expect(problemsOf({ callbackToken })).toEqual([]);
    const merchant = netzmeNotificationMerchant({ notifications: { callbackToken } });
    expect(verifyNetzmeCallbackToken(netzmeTokenCallbackRequest({ token: 'two' }), [merchant]).secretIndex).toBe(1);
  });

  it('say what a merchant lacks for each scheme', () => {
    const { netzme } = resolvePaymentAuthOptions({
      netzme: { environment: 'staging', clientId: 'id', clientSecret: 's' },
    });
    const [merchant] = Object.values(netzme?.byName ?? {});
    if (merchant === undefined) throw new Error('no merchant');
    const missing = Object.values(NETZME_NOTIFICATION_SCHEMES).map((scheme) => scheme.missingFor(merchant)?.option);
    expect(missing).toEqual(['netzme.notifications.callbackToken', 'netzme.notifications.publicKeys']);
    expect(
      Object.values(NETZME_NOTIFICATION_SCHEMES).map((scheme) =>
        scheme.missingFor(merchantWith({ callbackToken: 'x' })),
      ),
    ).toEqual([undefined, undefined]);
    expect(() => verifyNetzmeSnapCallback(netzmeSnapCallbackRequest(CALLBACK), [merchant], NOW)).toThrow(
      /netzme\.notifications\.publicKeys: is needed/,
    );
    expect(() => verifyNetzmeCallbackToken(netzmeTokenCallbackRequest({ token: 'x' }), [merchant])).toThrow(
      /netzme\.notifications\.callbackToken: is needed/,
    );
  });
});
