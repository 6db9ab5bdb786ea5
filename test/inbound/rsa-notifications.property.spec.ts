import * as fc from 'fast-check';
import {
  alignetNotificationMerchant,
  type InboundRequest,
  minifyJson,
  netzmeNotificationMerchant,
  parseUnsignedNetzmeCallback,
  SignatureVerificationError,
  verifyAlignetNotification,
  verifyAlignetRedirect,
  verifyNetzmeCallbackToken,
  verifyNetzmeSnapCallback,
} from 'nestjs-payment-auth';
import {
  alignetNotificationRequest,
  alignetRedirectRequest,
  createAlignetTestKeys,
  netzmeSnapCallbackRequest,
  netzmeTestMessage,
  netzmeTokenCallbackRequest,
} from 'nestjs-payment-auth/testing';
import { shortOrLong } from '../support/tier';
import { refusalOf } from './refusal';

/*
 * What is signed is accepted, and nothing else is, for random messages of Alignet and Netzme. Set INBOUND_SEED and INBOUND_RUNS
 * to repeat a run.
 */
const RUNS = Number(process.env['INBOUND_RUNS'] ?? shortOrLong(30, 150));
const SEED = Number(process.env['INBOUND_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

beforeAll(() => {
  process.stdout.write(`inbound RSA properties: seed ${SEED}, ${RUNS} cases each\n`);
});

function holds<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { seed: SEED, numRuns: RUNS });
}

const KEYS = createAlignetTestKeys();
const OTHER_KEYS = createAlignetTestKeys();
const NOW = Date.parse('2026-11-22T10:15:30Z');
const TOKEN = 'Z3kwaFV5bTZnSTNjSmhlNDhDa2d0UjRORk1a';
const MERCHANT_CODE = 'b0deb6f3-e51a-48a7-9268-f1441d46f7bd';
const ALIGNET = [
  alignetNotificationMerchant({ merchantCode: MERCHANT_CODE, notifications: { publicKeys: [KEYS.publicKey] } }),
];
const NETZME = [
  netzmeNotificationMerchant({
    notifications: {
      publicKeys: [KEYS.publicKey],
      merchantIds: 'any',
      callbackToken: TOKEN,
      acceptGoNumberForms: true,
    },
  }),
];

const verifiers: Readonly<Record<string, (request: InboundRequest) => unknown>> = {
  'an Alignet notification': (request) => verifyAlignetNotification(request, ALIGNET),
  'an Alignet redirect': (request) => verifyAlignetRedirect(request, ALIGNET),
  'a SNAP v2 callback': (request) => verifyNetzmeSnapCallback(request, NETZME, NOW),
  'a SNAP v1 callback': (request) => verifyNetzmeCallbackToken(request, NETZME),
  'a legacy callback': (request) => parseUnsignedNetzmeCallback(request),
};

/** A place in a text or in bytes, whatever its length, and something to be done there. */
const place = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  by: fc.integer({ min: 1, max: 255 }),
});
type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

function changedByte(bytes: Buffer, { at, by }: Place): Buffer {
  const changed = Buffer.from(bytes);
  const index = Math.floor(at * bytes.length);
  changed.writeUInt8(changed.readUInt8(index) ^ by, index);
  return changed;
}

const text = fc.string({ unit: 'binary', maxLength: 40 });
const reference = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.:/+=?&%'), minLength: 1, maxLength: 40 });
const members = fc.dictionary(
  text.filter(
    (name) =>
      !['success', 'action', 'merchant_code', 'merchant_operation_number', 'transaction', 'meta', '__proto__'].includes(
        name,
      ),
  ),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 4 },
);

const alignetEvent = fc.record({
  privateKey: fc.constant(KEYS.privateKey),
  merchantCode: fc.constant(MERCHANT_CODE),
  transaction: fc.record({
    transaction_id: reference,
    state: fc.constantFrom('AUTORIZADO', 'DENEGADO', 'PENDIENTE', 'NUEVO'),
    amount: fc.nat().map(String),
    processor_response: fc.jsonValue(),
  }),
  members,
});

const snapCallback = fc
  .record({
    target: reference.map((path) => `/${path}`),
    age: fc.integer({ min: -300_000, max: 300_000 }),
    extra: fc.dictionary(
      text.filter((name) => !/^(?:__proto__|amount|additionalInfo|latest|original)/.test(name)),
      fc.jsonValue({ maxDepth: 2 }),
      { maxKeys: 4 },
    ),
    indent: fc.constantFrom(undefined, 1, '\t'),
    signsAsSent: fc.boolean(),
  })
  .map(({ target, age, extra, indent, signsAsSent }) => {
    const body = JSON.stringify(JSON.parse(netzmeTestMessage(extra)), null, indent);
    // Times have whole seconds: rounded down, an age of the whole tolerance is one of a bit more.
    const now = NOW + Math.sign(age) * Math.floor(Math.abs(age) / 1_000) * 1_000;
    return { privateKey: KEYS.privateKey, now, target, body, ...(signsAsSent && { signedBody: body }) };
  });

describe('an Alignet notification', () => {
  const verify = verifiers['an Alignet notification'] as (
    request: InboundRequest,
  ) => ReturnType<typeof verifyAlignetNotification>;

  it('is accepted as it was signed, and says what was signed', () => {
    holds(alignetEvent, (event) => {
      const request = alignetNotificationRequest(event);
      const { signed, payload } = verify(request);
      expect(payload).toEqual(JSON.parse(request.rawBody.toString()));
      expect(signed.transaction).toEqual({
        transaction_id: event.transaction.transaction_id,
        state: event.transaction.state,
        amount: event.transaction.amount,
        currency: '604',
      });
    });
  });

  it('is refused with any one byte changed, added or removed', () => {
    holds(fc.tuple(alignetEvent, place), ([event, where]) => {
      const request = alignetNotificationRequest(event);
      const { rawBody } = request;
      const index = Math.floor(where.at * rawBody.length);
      const bodies = [
        changedByte(rawBody, where),
        Buffer.concat([rawBody.subarray(0, index), rawBody.subarray(index + 1)]),
        Buffer.concat([rawBody.subarray(0, index), Buffer.from([where.by]), rawBody.subarray(index)]),
      ];
      expect(bodies.map((body) => refusalOf(() => verify({ ...request, rawBody: body })))).toEqual(
        bodies.map(() => 'mismatch'),
      );
    });
  });

  it('is refused with another signature', () => {
    holds(fc.tuple(alignetEvent, alignetEvent, place), ([event, other, where]) => {
      const request = alignetNotificationRequest(event);
      const signature = Buffer.from(String(request.headers['signature']), 'base64');
      const foreign = alignetNotificationRequest({ ...event, privateKey: OTHER_KEYS.privateKey }).headers['signature'];
      const elsewhere = alignetNotificationRequest({ ...other, members: { ...other.members, another: true } }).headers[
        'signature'
      ];
      const length = Math.floor(where.at * signature.length);
      const others = [
        changedByte(signature, where).toString('base64'),
        signature.subarray(0, length).toString('base64'),
        signature.toString('hex'),
        signature.toString('base64url'),
        foreign,
        elsewhere,
        undefined,
      ];
      const reasons = others.map((value) => refusalOf(() => verify({ ...request, headers: { signature: value } })));
      expect(
        reasons.filter((reason) => !['mismatch', 'malformed-signature', 'missing-signature'].includes(reason)),
      ).toEqual([]);
    });
  });
});

describe('an Alignet redirect', () => {
  const redirect = fc.record({
    event: alignetEvent,
    signedData: fc.constantFrom('text' as const, 'decoded' as const),
    escapesPlus: fc.boolean(),
  });

  it('is accepted as it was signed, however its form is escaped', () => {
    holds(fc.tuple(redirect, fc.infiniteStream(fc.boolean())), ([{ event, ...how }, escapes]) => {
      const request = alignetRedirectRequest({ ...event, ...how });
      // Letters and digits may be escaped, too; nobody does.
      const rawBody = Buffer.from(
        request.rawBody
          .toString('latin1')
          .replace(/(?<![%&]|%.)[0-9A-Za-z](?=[^&]*$)/g, (letter) =>
            escapes.next().value === true ? `%${letter.charCodeAt(0).toString(16)}` : letter,
          ),
      );
      expect(verifyAlignetRedirect({ ...request, rawBody }, ALIGNET).signedForm).toBe(how.signedData);
    });
  });

  it('is refused with any one character changed', () => {
    holds(fc.tuple(redirect, place), ([{ event, ...how }, where]) => {
      const request = alignetRedirectRequest({ ...event, ...how });
      const rawBody = changedByte(request.rawBody, where);
      const before = new URLSearchParams(request.rawBody.toString('latin1').replaceAll('+', '%2B'));
      const after = new URLSearchParams(rawBody.toString('latin1').replaceAll('+', '%2B'));
      // %2b for %2B, say, is the same form.
      fc.pre(
        before.get('signature') !== after.get('signature') ||
          before.get('authorization_result') !== after.get('authorization_result'),
      );
      expect(['mismatch', 'malformed-signature', 'missing-signature', 'malformed-body']).toContain(
        refusalOf(() => verifyAlignetRedirect({ ...request, rawBody }, ALIGNET)),
      );
    });
  });
});

describe('a SNAP v2 callback', () => {
  it('is accepted as it was signed, with any whitespace', () => {
    holds(snapCallback, (callback) => {
      const request = netzmeSnapCallbackRequest(callback);
      const event = verifyNetzmeSnapCallback(request, NETZME, NOW);
      expect(event.payload).toEqual(JSON.parse(callback.body));
      expect(event.signed).toMatchObject({ path: callback.target, latestTransactionStatus: '00' });
      expect(event.signedAt).toBe(Math.floor(callback.now / 1_000) * 1_000);
    });
  });

  it('is refused with any one byte of the body changed that is more than whitespace', () => {
    holds(fc.tuple(snapCallback, place), ([callback, where]) => {
      const request = netzmeSnapCallbackRequest(callback);
      const rawBody = changedByte(request.rawBody, where);
      fc.pre(!minifyJson(rawBody).equals(minifyJson(request.rawBody)));
      expect(refusalOf(() => verifyNetzmeSnapCallback({ ...request, rawBody }, NETZME, NOW))).toBe('mismatch');
    });
  });

  it('is refused with another method, path, time, signature or key', () => {
    holds(fc.tuple(snapCallback, place, reference), ([callback, where, extra]) => {
      const request = netzmeSnapCallbackRequest(callback);
      const { headers, target } = request;
      const signature = Buffer.from(String(headers['x-signature']), 'base64');
      const time = String(headers['x-timestamp']);
      const others: InboundRequest[] = [
        { ...request, method: 'PUT' },
        { ...request, target: `/${extra}${target}` },
        { ...request, target: target.slice(0, -1) },
        { ...request, target: target.toUpperCase() === target ? `${target}x` : target.toUpperCase() },
        { ...request, headers: { ...headers, 'x-timestamp': time.replace('+07:00', '+07:01') } },
        {
          ...request,
          headers: { ...headers, 'x-timestamp': changedByte(Buffer.from(time), where).toString('latin1') },
        },
        { ...request, headers: { ...headers, 'x-timestamp': undefined } },
        { ...request, headers: { ...headers, 'x-signature': changedByte(signature, where).toString('base64') } },
        { ...request, headers: { ...headers, 'x-signature': signature.toString('hex') } },
        { ...request, headers: { ...headers, 'x-signature': undefined } },
        netzmeSnapCallbackRequest({ ...callback, privateKey: OTHER_KEYS.privateKey }),
      ];
      // Signed without a query, a path may arrive with any: the documentation does not say whether queries are signed.
      const isOther = ({ target: changed }: InboundRequest): boolean =>
        changed === target || changed.split('?', 1)[0] !== target.split('?', 1)[0] || target.includes('?');
      const refusals = others
        .filter(isOther)
        .map((other) => refusalOf(() => verifyNetzmeSnapCallback(other, NETZME, NOW)));
      expect(
        refusals.filter((reason) => !['mismatch', 'malformed-signature', 'missing-signature'].includes(reason)),
      ).toEqual([]);
    });
  });
});

describe('a SNAP v1 callback', () => {
  it('is refused with any other token', () => {
    holds(fc.oneof(text, reference, place), (other) => {
      const token = typeof other === 'string' ? other : changedByte(Buffer.from(TOKEN), other).toString('latin1');
      fc.pre(token !== TOKEN);
      const request = netzmeTokenCallbackRequest({ token });
      expect(['mismatch', 'missing-signature']).toContain(refusalOf(() => verifyNetzmeCallbackToken(request, NETZME)));
    });
  });
});

describe.each(Object.entries(verifiers))('garbage for %s', (_name, verify) => {
  const right: readonly InboundRequest[] = [
    alignetNotificationRequest({ privateKey: KEYS.privateKey, merchantCode: MERCHANT_CODE }),
    alignetRedirectRequest({ privateKey: KEYS.privateKey, merchantCode: MERCHANT_CODE }),
    netzmeSnapCallbackRequest({ privateKey: KEYS.privateKey, now: NOW }),
    netzmeTokenCallbackRequest({ token: TOKEN }),
  ];
  const signatures = right
    .flatMap(({ headers }) => Object.values(headers))
    .filter((value) => typeof value === 'string');
  const value = fc.oneof(
    text,
    fc.constantFrom(...signatures),
    fc.array(text, { maxLength: 3 }),
    fc.constant(undefined),
  );
  const names = ['signature', 'x-signature', 'x-timestamp', 'x-callback-token', 'content-type', '__proto__'] as const;
  const jsonLike = fc.string({
    unit: fc.constantFrom(...'{}[]":,\\u0123456789.eE+-truefalsn \n\u00e9'),
    maxLength: 80,
  });
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.oneof(fc.json(), jsonLike, text).map((json) => Buffer.from(json)),
    fc.tuple(fc.constantFrom(...right), place).map(([{ rawBody }, where]) => changedByte(rawBody, where)),
    fc.constantFrom(...right).map(({ rawBody }) => rawBody),
  );
  const request = fc.record({
    method: fc.oneof(fc.constantFrom('POST', 'GET', ''), text),
    target: fc.oneof(fc.constantFrom('/', '/netzme/callback', '', '*', '?'), text),
    headers: fc.record(Object.fromEntries(names.map((name) => [name, value] as const))),
    rawBody: body,
  });

  it('is refused, and by nothing else than a SignatureVerificationError', () => {
    holds(request, (garbage) => {
      const errors: unknown[] = [];
      try {
        verify(garbage);
      } catch (error) {
        errors.push(error);
      }
      expect(errors.filter((error) => !(error instanceof SignatureVerificationError))).toEqual([]);
    });
  });
});
