import {
  type AlignetNotificationMerchant,
  alignetNotificationMerchant,
  type AlignetNotificationOptions,
  type ConfigProblem,
  type InboundRequest,
  isAlignetPaid,
  PaymentAuthConfigError,
  verifyAlignetNotification,
  verifyAlignetRedirect,
} from 'nestjs-payment-auth';
import {
  alignetNotificationRequest,
  alignetRedirectRequest,
  type AlignetTestEvent,
  brokenAlignetNotifications,
  brokenAlignetRedirects,
  createAlignetTestKeys,
} from 'nestjs-payment-auth/testing';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { ALIGNET_NOTIFICATION_SCHEMES } from '../../libs/payment-auth/src/alignet/notifications/alignet-notifications';
import { ALIGNET_PUBLIC_KEYS } from '../../libs/payment-auth/src/alignet/notifications/alignet-public-keys';
import { resolvePaymentAuthOptions } from '../../libs/payment-auth/src/payment-auth.resolve-options';
import vectors from '../vectors/alignet-vectors.json';
import { refusalOf as refusalIn } from './refusal';

const refusalOf = (verify: () => unknown) => refusalIn(verify, 'alignet');
const { merchantCode } = vectors;
const KEYS = createAlignetTestKeys();
const EVENT: AlignetTestEvent = { privateKey: KEYS.privateKey, merchantCode };

function merchantWith(notifications: AlignetNotificationOptions, name = 'shop'): AlignetNotificationMerchant {
  return alignetNotificationMerchant({ name, merchantCode, notifications });
}

const SHOP = merchantWith({ publicKeys: [KEYS.publicKey] });

const notification = (body: string | Buffer, signature: string): InboundRequest => ({
  method: 'POST',
  target: '/webhooks/alignet',
  headers: { signature },
  rawBody: Buffer.from(body),
});

const form = (fields: string): InboundRequest => ({
  method: 'POST',
  target: '/redirect',
  headers: {},
  rawBody: Buffer.from(fields, 'latin1'),
});

const redirect = ({ authorizationResult, signature }: (typeof vectors.redirects)[number]): InboundRequest =>
  form(`authorization_result=${encodeURIComponent(authorizationResult)}&signature=${encodeURIComponent(signature)}`);

describe("Alignet's published keys", () => {
  const fingerprint = (base64: string | undefined): string =>
    createHash('sha256')
      .update(Buffer.from(base64 ?? '', 'base64'))
      .digest('hex');

  it('are those of the documentation, by the SHA-256 of their DER', () => {
    expect(ALIGNET_PUBLIC_KEYS.production.map(fingerprint)).toEqual([
      'c75701d4e8ea12b40c143b0631903878b8ef5bb63da3905fc54c2280c2f30f4b',
    ]);
    const preprod = ['475988f52f7b414dcb59dc9bc342df29030a296279f99626d49b89c796cd72eb'];
    expect(ALIGNET_PUBLIC_KEYS.preprod.map(fingerprint)).toEqual(preprod);
    expect(ALIGNET_PUBLIC_KEYS.development.map(fingerprint)).toEqual(preprod);
    expect(ALIGNET_PUBLIC_KEYS.sandbox).toEqual([]);
  });

  it.each(['production', 'preprod', 'development'] as const)(
    'are used in %s without being configured',
    (environment) => {
      const { notifications } = alignetNotificationMerchant({ merchantCode, environment });
      expect(notifications.publicKeys.map((key) => key.fingerprint)).toEqual(
        ALIGNET_PUBLIC_KEYS[environment].map(fingerprint),
      );
      expect(notifications.publicKeys.map((key) => key.modulusBits)).toEqual([2048]);
    },
  );
});

describe('vectors made with OpenSSL', () => {
  const MERCHANTS = [
    merchantWith({ publicKeys: [vectors.keys.rsa2048.publicKeySpkiPem] }, 'short-key'),
    merchantWith({ publicKeys: [vectors.keys.rsa3072.publicKeySpkiPem] }, 'long-key'),
  ];

  it.each(vectors.notifications)('notification $name', ({ key, body, signature }) => {
    const event = verifyAlignetNotification(notification(body, signature), MERCHANTS);
    expect(event).toMatchObject({
      gateway: 'alignet',
      scheme: 'notification',
      merchant: key === 'rsa3072' ? 'long-key' : 'short-key',
      algorithm: 'rsa-sha512',
      secretIndex: 0,
      idempotencyKey: '2391645:5hk8rwa3h3cq9oyfs3a28v1ms',
      payload: JSON.parse(body) as object,
      signed: {
        success: true,
        action: 'authorize',
        merchant_code: merchantCode,
        merchant_operation_number: '2391645',
        transaction: { transaction_id: '5hk8rwa3h3cq9oyfs3a28v1ms', amount: '15000', currency: '604' },
        meta: { status: { code: '00' } },
      },
    });
    expect(isAlignetPaid(event)).toBe(!body.includes('DENEGADO'));
  });

  it.each(vectors.redirects)('redirect $name', (vector) => {
    const event = verifyAlignetRedirect(redirect(vector), MERCHANTS);
    expect(event).toMatchObject({ scheme: 'redirect', merchant: 'short-key', signedForm: vector.signedForm });
    expect(event.signed.merchant_operation_number).toBe('2391645');
    expect(isAlignetPaid(event)).toBe(!vector.name.includes('denied'));
  });

  it.each(vectors.mustNotVerify)('$name does not verify', ({ body, signature }) => {
    const reason = refusalOf(() => verifyAlignetNotification(notification(body, signature), MERCHANTS.slice(0, 1)));
    expect(['mismatch', 'malformed-signature']).toContain(reason);
  });
});

describe('a notification', () => {
  it('is accepted as the testing kit signs it, and says what is not proven', () => {
    const event = verifyAlignetNotification(alignetNotificationRequest(EVENT), [SHOP]);
    expect(event.merchant).toBe('shop');
    expect(event.unsigned.join()).toMatch(/time.*redirect/);
    expect(event.payload.transaction.processor_response).toEqual({
      date: '17-01-2024 12:27:46',
      authorization_code: '055552',
    });
  });

  it.each(brokenAlignetNotifications(EVENT))('$name: $reason', ({ request, reason }) => {
    expect(refusalOf(() => verifyAlignetNotification(request, [SHOP]))).toBe(reason);
  });

  it.each([
    ['AUTORIZADO', true],
    ['REGISTRADO', false],
    ['PENDIENTE', false],
    ['DENEGADO', false],
    ['EXTORNADO', false],
    ['LIQUIDADO', false],
    ['autorizado', false],
    ['SOMETHING_NEW', false],
  ])('in state %s: paid is %p, whatever success and code say', (state, paid) => {
    const request = alignetNotificationRequest({ ...EVENT, transaction: { state } });
    expect(isAlignetPaid(verifyAlignetNotification(request, [SHOP]))).toBe(paid);
  });

  it.each([
    ['true', true],
    ['false', false],
    [true, true],
    [false, false],
  ])('has success %p as %p', (success, expected) => {
    const request = alignetNotificationRequest({ ...EVENT, members: { success } });
    expect(verifyAlignetNotification(request, [SHOP]).signed.success).toBe(expected);
  });

  it.each([['yes'], [null], [1]])('is malformed with success %p', (success) => {
    const request = alignetNotificationRequest({ ...EVENT, members: { success } });
    expect(refusalOf(() => verifyAlignetNotification(request, [SHOP]))).toBe('malformed-body');
  });

  it.each<[string, Partial<AlignetTestEvent>]>([
    ['a success with more behind it', { members: { success: 'true ' } }],
    ['a success with more before it', { members: { success: ' true' } }],
    ['an action with more behind it', { members: { action: 'notify me' } }],
    ['an action with more before it', { members: { action: ' notify' } }],
    ['an action that is too long', { members: { action: 'a'.repeat(65) } }],
    ['an operation number with a space', { members: { merchant_operation_number: ' 1' } }],
    ['an operation number with a line break', { members: { merchant_operation_number: '1\n' } }],
    ['an operation number that is too long', { members: { merchant_operation_number: '1'.repeat(101) } }],
    ['a state with a control character behind it', { transaction: { state: 'AUTORIZADO\u0000' } }],
    ['a state with a control character before it', { transaction: { state: '\u0000AUTORIZADO' } }],
    ['a state that is too long', { transaction: { state: 'A'.repeat(101) } }],
    ['an empty state', { transaction: { state: '' } }],
    ['an amount with a point', { transaction: { amount: '150.00' } }],
    ['an amount with a sign', { transaction: { amount: '-150' } }],
    ['an amount with a space', { transaction: { amount: '150 ' } }],
    ['an amount that is too long', { transaction: { amount: '1'.repeat(19) } }],
    ['a currency with more behind it', { transaction: { currency: '6040' } }],
    ['a currency with more before it', { transaction: { currency: '0604' } }],
    ['a currency in lower case', { transaction: { currency: 'pen' } }],
    ['a transaction id with a space', { transaction: { transaction_id: 'a b' } }],
  ])('is malformed with %s, although rightly signed', (_what, event) => {
    const request = alignetNotificationRequest({ ...EVENT, ...event });
    expect(refusalOf(() => verifyAlignetNotification(request, [SHOP]))).toBe('malformed-body');
  });

  it('is remembered for a week, and acknowledged with OK', () => {
    expect(ALIGNET_NOTIFICATION_SCHEMES.notification).toMatchObject({
      acknowledgement: 'OK',
      replayWindowMs: 604_800_000,
    });
  });

  it.each(['success', 'action', 'merchant_code', 'merchant_operation_number', 'transaction', 'meta'])(
    'is malformed without %s',
    (name) => {
      const request = alignetNotificationRequest({ ...EVENT, members: { [name]: undefined } });
      expect(refusalOf(() => verifyAlignetNotification(request, [SHOP]))).toBe('malformed-body');
    },
  );

  it.each(['transaction_id', 'state', 'amount', 'currency'])('is malformed without transaction.%s', (name) => {
    const request = alignetNotificationRequest({ ...EVENT, transaction: { [name]: undefined } });
    expect(refusalOf(() => verifyAlignetNotification(request, [SHOP]))).toBe('malformed-body');
  });

  it('keeps the digits of an operation number that JSON.parse would round', () => {
    const body = alignetNotificationRequest(EVENT).rawBody.toString();
    expect(body).toContain('"2391645"');
    const request = alignetNotificationRequest({ ...EVENT, members: { merchant_operation_number: 9007199254740992 } });
    expect(verifyAlignetNotification(request, [SHOP]).signed.merchant_operation_number).toBe('9007199254740992');
  });

  it('is for the merchant of its code, and only with a key of that merchant', () => {
    const other = createAlignetTestKeys();
    const usd = alignetNotificationMerchant({
      name: 'usd',
      merchantCode: 'usd-code',
      notifications: { publicKeys: [KEYS.publicKey] },
    });
    const foreign = alignetNotificationMerchant({
      name: 'foreign',
      merchantCode: 'foreign-code',
      notifications: { publicKeys: [other.publicKey] },
    });
    const all = [SHOP, usd, foreign];
    const sentTo = (code: string): InboundRequest => alignetNotificationRequest({ ...EVENT, merchantCode: code });

    expect(verifyAlignetNotification(sentTo('usd-code'), all).merchant).toBe('usd');
    // Signed by the key of another environment, say, in which the shop has the code of a test.
    expect(refusalOf(() => verifyAlignetNotification(sentTo('foreign-code'), all))).toBe('unknown-merchant');
    expect(refusalOf(() => verifyAlignetNotification(sentTo('nobody'), all))).toBe('unknown-merchant');
  });

  it('may be signed by any of several keys, of any length, and says by which', () => {
    const next = createAlignetTestKeys(3072);
    const rotating = merchantWith({ publicKeys: [KEYS.publicKey, next.publicKey] });
    const indexes = [KEYS, next].map(
      ({ privateKey }) =>
        verifyAlignetNotification(alignetNotificationRequest({ ...EVENT, privateKey }), [rotating]).secretIndex,
    );
    expect(indexes).toEqual([0, 1]);
    const late = alignetNotificationRequest({ ...EVENT, privateKey: next.privateKey });
    expect(refusalOf(() => verifyAlignetNotification(late, [SHOP]))).toBe('malformed-signature');
  });

  it('has one replay key for all that say the same, and another for any other state, amount or merchant', () => {
    const keyOf = (event: Partial<AlignetTestEvent> = {}, merchant = SHOP): string =>
      verifyAlignetNotification(alignetNotificationRequest({ ...EVENT, ...event }), [merchant]).replayKey;
    const copies = [keyOf(), keyOf({ target: '/elsewhere' }), keyOf({ members: { extra: 'delivered again' } })];
    const others = [
      keyOf({ transaction: { state: 'EXTORNADO' } }),
      keyOf({ transaction: { amount: '1' } }),
      keyOf({ transaction: { currency: '840' } }),
      keyOf({ transaction: { transaction_id: 'other' } }),
      keyOf({ members: { merchant_operation_number: '1' } }),
      keyOf({}, merchantWith({ publicKeys: [KEYS.publicKey] }, 'outlet')),
    ];
    expect(new Set(copies).size).toBe(1);
    expect(new Set([...copies, ...others]).size).toBe(1 + others.length);
  });

  it('needs a merchant to be for', () => {
    const verify = () => verifyAlignetNotification(alignetNotificationRequest(EVENT), []);
    expect(verify).toThrow(PaymentAuthConfigError);
    expect(verify).toThrow(expect.objectContaining({ gateway: 'alignet' }) as Error);
  });

  it('is told apart from others by the table of schemes, which nobody can change', () => {
    expect(Object.keys(ALIGNET_NOTIFICATION_SCHEMES)).toEqual(['notification', 'redirect']);
    expect(Object.isFrozen(ALIGNET_NOTIFICATION_SCHEMES)).toBe(true);
    expect(Object.values(ALIGNET_NOTIFICATION_SCHEMES).map((scheme) => [scheme.name, scheme.onReplay])).toEqual([
      ['notification', 'acknowledge'],
      ['redirect', 'accept'],
    ]);
  });
});

describe('a redirect', () => {
  it.each(['text', 'decoded'] as const)('signed over the %s form is accepted, and says so', (signedData) => {
    const request = alignetRedirectRequest({ ...EVENT, signedData });
    expect(verifyAlignetRedirect(request, [SHOP])).toMatchObject({
      signedForm: signedData,
      unsigned: [expect.stringMatching(/time.*browser/), expect.stringMatching(/every other field/)],
    });
    const [only, never] = (['text', 'decoded'] as const).map((redirectSignedData) =>
      merchantWith({ publicKeys: [KEYS.publicKey], redirectSignedData }),
    ) as [AlignetNotificationMerchant, AlignetNotificationMerchant];
    const [right, wrong] = signedData === 'text' ? [only, never] : [never, only];
    expect(verifyAlignetRedirect(request, [right]).signedForm).toBe(signedData);
    expect(refusalOf(() => verifyAlignetRedirect(request, [wrong]))).toBe('mismatch');
  });

  it('may have forgotten to escape the pluses of its Base64', () => {
    // Among signatures of 20 orders, one without a plus is a matter of luck.
    const forms = Array.from({ length: 20 }, (_, order) => ({
      ...EVENT,
      members: { merchant_operation_number: String(1_000_000 + order) },
      escapesPlus: false,
    })).map((event) => alignetRedirectRequest(event));
    expect(forms.filter(({ rawBody }) => rawBody.includes('+')).length).toBeGreaterThan(10);
    expect(forms.map((request) => verifyAlignetRedirect(request, [SHOP]).merchant)).toEqual(forms.map(() => 'shop'));
  });

  it.each(brokenAlignetRedirects(EVENT))('$name: $reason', ({ request, reason }) => {
    expect(refusalOf(() => verifyAlignetRedirect(request, [SHOP]))).toBe(reason);
  });

  it('may have other fields, empty ones and escaped names', () => {
    const right = alignetRedirectRequest(EVENT).rawBody.toString();
    const dressed = `a=1&${right.replace('signature=', 'sign%61ture=')}&b=%F1&c&&lang=es`;
    expect(verifyAlignetRedirect(form(dressed), [SHOP]).merchant).toBe('shop');
  });

  it.each([
    ['the same field under an escaped name', (right: string) => `${right}&sign%61ture=x`],
    ['an unrelated field twice', (right: string) => `${right}&a=1&a=1`],
    ['bytes beyond ASCII', (right: string) => `${right}&a=\u00f1`],
    ['a line break', (right: string) => `${right}\n`],
    ['a broken escape in a name', (right: string) => `${right}&%zz=1`],
    ['a space in the Base64', (right: string) => right.replace('authorization_result=', 'authorization_result=%20')],
    ['multipart', () => '--x\r\nContent-Disposition: form-data; name="signature"\r\n\r\nx\r\n--x--'],
    ['JSON', () => '{"authorization_result":"e30=","signature":"x"}'],
  ])('is refused with %s', (_what, change) => {
    const right = alignetRedirectRequest(EVENT).rawBody.toString();
    expect(['malformed-body', 'missing-signature']).toContain(
      refusalOf(() => verifyAlignetRedirect(form(change(right)), [SHOP])),
    );
  });
});

describe('options of alignet.notifications', () => {
  const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const WEAK = createAlignetTestKeys(1024).publicKey;

  function problemsOf(notifications: unknown, more: object = {}): readonly ConfigProblem[] {
    const alignet = {
      environment: 'preprod',
      clientId: 'id',
      clientSecret: 's3cr3t',
      merchantCode,
      notifications,
      ...more,
    };
    try {
      resolvePaymentAuthOptions({ alignet: alignet as never });
      return [];
    } catch (error) {
      if (error instanceof PaymentAuthConfigError) return error.problems;
      throw error;
    }
  }

  it.each([
    ['text', 'alignet.notifications', /must be an object/],
    [null, 'alignet.notifications', /must be an object/],
    [
      { publicKey: KEYS.publicKey },
      'alignet.notifications.publicKey',
      /not an option here; known are publicKeys, redirect/,
    ],
    [{ publicKeys: KEYS.publicKey }, 'alignet.notifications.publicKeys', /must be an array/],
    [{ publicKeys: [] }, 'alignet.notifications.publicKeys', /must be an array of one public key or several/],
    [{ publicKeys: [KEYS.publicKey, 7] }, 'alignet.notifications.publicKeys', /^key 2 of 2 is no text/],
    [{ publicKeys: [KEYS.privateKey] }, 'alignet.notifications.publicKeys', /^key 1 of 1 is a private key/],
    [{ publicKeys: [WEAK] }, 'alignet.notifications.publicKeys', /^key 1 of 1 has a modulus of 1024 bits/],
    [{ publicKeys: [EC] }, 'alignet.notifications.publicKeys', /^key 1 of 1 is no RSA key but ec/],
    [
      { redirectSignedData: 'both' },
      'alignet.notifications.redirectSignedData',
      /must be one of either, text, decoded/,
    ],
  ])('%#: refused, naming the option', (notifications, option, problem) => {
    expect(problemsOf(notifications)).toEqual([{ option, problem: expect.stringMatching(problem) as string }]);
  });

  it('are reported together with mistakes around them, by their full path', () => {
    const merchants = { usd: { notifications: { publicKeys: ['x'] }, timeoutMs: -1 } };
    const options = problemsOf(undefined, { merchants }).map(({ option }) => option);
    expect(options).toEqual(['alignet.merchants.usd.timeoutMs', 'alignet.merchants.usd.notifications.publicKeys']);
  });

  it('never repeat a key', () => {
    const [problem] = problemsOf({ publicKeys: [KEYS.privateKey.replaceAll('PRIVATE', 'PUBLIC')] });
    expect(problem?.problem).toMatch(/private key/);
    expect(inspect(problem)).not.toContain(KEYS.privateKey.slice(100, 120));
  });

  it('say what a merchant lacks, by the path of the option', () => {
    const { alignet } = resolvePaymentAuthOptions({
      alignet: {
        environment: 'sandbox',
        clientId: 'id',
        clientSecret: 's3cr3t',
        merchants: {
          nameless: {},
          keyless: { merchantCode },
          whole: { merchantCode, notifications: { publicKeys: [KEYS.publicKey] } },
        },
      },
    });
    const missing = Object.values(alignet?.byName ?? {}).map((merchant) =>
      Object.values(ALIGNET_NOTIFICATION_SCHEMES).map((scheme) => scheme.missingFor(merchant)?.option),
    );
    const code = 'alignet.merchants.nameless.merchantCode';
    const keys = 'alignet.merchants.keyless.notifications.publicKeys';
    expect(missing).toEqual([
      [code, code],
      [keys, keys],
      [undefined, undefined],
    ]);
    expect(() => alignetNotificationMerchant({ merchantCode })).toThrow(
      /alignet\.notifications\.publicKeys: is needed/,
    );
    expect(() => alignetNotificationMerchant({ merchantCode: '', environment: 'preprod' })).toThrow(
      /alignet\.merchantCode: is needed/,
    );
  });

  it('are frozen once resolved, and still verify', () => {
    const { alignet } = resolvePaymentAuthOptions({
      alignet: {
        environment: 'preprod',
        clientId: 'id',
        clientSecret: 's',
        merchantCode,
        notifications: { publicKeys: [KEYS.publicKey] },
      },
    });
    const merchants = Object.values(alignet?.byName ?? {});
    expect(Object.isFrozen(merchants[0]?.notifications.publicKeys)).toBe(true);
    expect(verifyAlignetNotification(alignetNotificationRequest(EVENT), merchants).merchant).toBe('default');
  });
});
