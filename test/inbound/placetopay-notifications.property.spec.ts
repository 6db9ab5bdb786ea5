import * as fc from 'fast-check';
import {
  type InboundRequest,
  placetopayNotificationMerchant,
  type PlacetopayNotificationProduct,
  SignatureVerificationError,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import { placetopayNotificationRequest } from 'nestjs-payment-auth/testing';
import { PLACETOPAY_NOTIFICATION_SCHEMES } from '../../libs/payment-auth/src/placetopay/notifications/placetopay-notifications';
import { shortOrLong } from '../support/tier';

/*
 * What is signed is accepted, and nothing else is, for random notifications of every Placetopay product. Set INBOUND_SEED and
 * INBOUND_RUNS to repeat a run.
 */
const RUNS = Number(process.env['INBOUND_RUNS'] ?? shortOrLong(40, 200));
const SEED = Number(process.env['INBOUND_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

beforeAll(() => {
  process.stdout.write(`inbound Placetopay properties: seed ${SEED}, ${RUNS} cases each\n`);
});

function holds<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = RUNS): void {
  fc.assert(fc.property(arbitrary, property), { seed: SEED, numRuns });
}

const NOW = Date.parse('2026-11-22T10:15:30Z');
const PRODUCTS = Object.keys(PLACETOPAY_NOTIFICATION_SCHEMES) as PlacetopayNotificationProduct[];
const COVERS_BODY: readonly PlacetopayNotificationProduct[] = ['ach-return', 'onboarding'];

/** One secret for all of it. */
const merchantWith = (secret: string) =>
  placetopayNotificationMerchant({
    login: 'login',
    secretKey: secret,
    notifications: {
      acceptSha1: true,
      onboardingSigningSecrets: { k1: secret },
      scudoSecretKey: secret,
      scudoNotificationUrl: 'https://shop.example/webhooks/scudo',
      msvSecretToken: secret,
      autopayContract: { user: 'autopay', password: secret },
    },
  });

let merchant = { secret: '', is: merchantWith('s') };

function verify(product: PlacetopayNotificationProduct, request: InboundRequest, secret: string) {
  // Checking options takes longer than anything that is tested here.
  if (merchant.secret !== secret) merchant = { secret, is: merchantWith(secret) };
  return verifyPlacetopayNotification(product, request, [merchant.is], NOW);
}

/** The event, or `undefined` for a refusal. Anything else that is thrown is the test's failure. */
function eventOf(product: PlacetopayNotificationProduct, request: InboundRequest, secret: string) {
  try {
    return verify(product, request, secret);
  } catch (error) {
    if (error instanceof SignatureVerificationError) return undefined;
    throw error;
  }
}

/** As the options take them: a site's has 32 characters at most. */
const secrets = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  // What could be a secret: something to be seen, and no control character.
  .filter(
    (text) => /^\P{Cc}{1,16}$/u.test(text) && !/^[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u.test(text),
  );
const numbers = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const words = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ_'), minLength: 1, maxLength: 12 });
const checkoutStatus = fc.oneof(
  fc.constantFrom('APPROVED', 'REJECTED', 'PENDING'),
  words.map((word) => `X${word}`),
);
const linkStatus = fc.oneof(
  fc.constantFrom('PAID', 'EXPIRED'),
  words.map((word) => `X${word}`),
);
const instants = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const datesWithZone = fc
  .tuple(instants, fc.constantFrom('Z', '-05:00', '+00:00', '-0500'), fc.constantFrom('', '.1', '.123456'))
  .map(([iso, zone, fraction]) => `${iso.slice(0, 19)}${fraction}${zone}`);
const dates = fc.oneof(
  datesWithZone,
  instants.map((iso) => iso.slice(0, 19).replace('T', ' ')),
);
const data = fc
  .record({ id: fc.uuid(), status: words, expiration: fc.constant('01/26'), more: fc.jsonValue({ maxDepth: 2 }) })
  .map((value) => JSON.stringify(value));
const rawNonces = fc.oneof(
  fc.uint8Array({ minLength: 8, maxLength: 189 }),
  fc.nat().map((n) => Buffer.from(String(n))),
);

/** Values to be signed; the kit's own where there are none to choose. */
const SIGNED: Partial<Record<PlacetopayNotificationProduct, fc.Arbitrary<Readonly<Record<string, string>>>>> = {
  checkout: fc.record({ requestId: numbers, status: checkoutStatus, date: dates }),
  'payment-link': fc.record({ linkId: numbers, status: linkStatus, date: dates }),
  gateway: fc.record({ internalReference: numbers, status: words }),
  'gateway-session': fc.record({ sessionId: fc.oneof(numbers, fc.uuid()), status: words }),
  autopay: fc.record({ id: fc.uuid(), type: words.map((word) => `AUTOPAY_${word}`), date: dates }),
  'account-validator': fc.record({ requestId: fc.uuid(), status: words }),
  msv: fc.record({
    token: fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 8, maxLength: 8 }),
    status: words,
    date: dates,
  }),
  'token-requestor': fc.record({ data, date: dates }),
  'microsite-auth': fc.record({ nonce: rawNonces.map((bytes) => Buffer.from(bytes).toString('base64')) }),
};
const JOINED = [
  'checkout',
  'payment-link',
  'gateway',
  'gateway-session',
  'autopay',
  'account-validator',
  'msv',
] as const;

const signedOf = (product: PlacetopayNotificationProduct) => SIGNED[product] ?? fc.constant({});
const events = (product: PlacetopayNotificationProduct) =>
  fc.record({ secret: secrets, signed: signedOf(product), note: fc.string() }).map(({ note, ...event }) => ({
    ...event,
    request: placetopayNotificationRequest(product, {
      ...event,
      now: NOW,
      // Nothing the body says besides makes a difference.
      members: { note },
    }),
  }));

/** A place in a text or in bytes, whatever its length, and something to be done there. */
const place = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  to: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  by: fc.integer({ min: 1, max: 255 }),
});
type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

function changedByte(bytes: Buffer, { at, by }: Place): Buffer {
  const changed = Buffer.from(bytes);
  const index = Math.floor(at * bytes.length);
  changed.writeUInt8(changed.readUInt8(index) ^ by, index);
  return changed;
}

/** A part left out, sent twice, or put elsewhere. */
function rearranged(bytes: Buffer, { at, to, by }: Place): Buffer {
  const [start, end] = [Math.floor(at * bytes.length), Math.floor(to * bytes.length)].sort((a, b) => a - b);
  const [before, part, after] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
  return Buffer.concat(
    [
      [before, after],
      [before, part, part, after],
      [before, after, part],
      [part, before, after],
    ][by % 4],
  );
}

const PROOF_HEADERS = ['x-signature', 'signature', 'seed', 'authorization'];
const proofHeaders = (request: InboundRequest) =>
  PROOF_HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });

describe.each(PRODUCTS)('%s', (product) => {
  it('accepts what is signed, and hands over the values as they were signed', () => {
    holds(events(product), ({ request, secret, signed }) => {
      expect(verify(product, request, secret).signed).toMatchObject(signed);
    });
  });

  it('refuses what is signed with another secret', () => {
    holds(fc.tuple(events(product), secrets), ([{ request, secret }, other]) => {
      fc.pre(secret !== other);
      expect(eventOf(product, request, other)).toBeUndefined();
    });
  });

  it.each([
    ['a byte of the body changed', changedByte],
    ['parts of the body left out, sent twice or moved', rearranged],
  ])('with %s: is refused, or says the same of what is signed', (_what, change) => {
    holds(fc.tuple(events(product), place), ([{ request, secret }, where]) => {
      const rawBody = change(request.rawBody, where);
      fc.pre(!rawBody.equals(request.rawBody));
      const event = eventOf(product, { ...request, rawBody }, secret);
      const expected = COVERS_BODY.includes(product) ? undefined : verify(product, request, secret).signed;
      // Refused, or only what is not signed was changed.
      expect([undefined, expected]).toContainEqual(event?.signed);
    });
  });

  it('with a character of its headers changed: is refused, or is the same notification', () => {
    holds(fc.tuple(events(product), place), ([{ request, secret }, where]) => {
      const original = verify(product, request, secret);
      for (const [name, value] of proofHeaders(request)) {
        const changed = changedByte(Buffer.from(value, 'latin1'), where).toString('latin1');
        const event = eventOf(product, { ...request, headers: { ...request.headers, [name]: changed } }, secret);
        expect([undefined, original.replayKey]).toContain(event?.replayKey);
      }
    });
  });

  it('never fails but by refusing: for arbitrary bytes and headers', () => {
    const header = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined));
    const requests = fc.record({
      method: fc.string(),
      target: fc.string(),
      headers: fc.record(Object.fromEntries(PROOF_HEADERS.map((name) => [name, header]))),
      rawBody: fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.json().map((json) => Buffer.from(json)),
      ),
    });
    holds(requests, (request) => {
      expect(eventOf(product, request, 'secret')).toBeUndefined();
    });
  });

  it('never fails but by refusing: for a right one whose members are anything', () => {
    const anything = fc.dictionary(
      fc.constantFrom('status', 'requestId', 'date', 'data', 'auth', 'session', 'id', 'type', 'token', 'signature'),
      fc.jsonValue(),
    );
    holds(fc.tuple(events(product), anything), ([{ request, secret }, members]) => {
      const body = { ...(JSON.parse(request.rawBody.toString()) as object), ...members };
      const event = eventOf(product, { ...request, rawBody: Buffer.from(JSON.stringify(body)) }, secret);
      expect([undefined, verify(product, request, secret).signed]).toContainEqual(event?.signed);
    });
  });
});

describe.each(JOINED)('%s, whose values are joined without separators', (product) => {
  it('has one way to cut the signed text: no character can move from one value to the next', () => {
    const values = signedOf(product);
    holds(
      values,
      (signed) => {
        const names = Object.keys(signed);
        const text = Object.values(signed).join('');
        const accepted = cuts(text, names.length)
          .map((parts) => Object.fromEntries(names.map((name, index) => [name, parts[index]])))
          .filter((parts) => {
            // The kit signs the same text for every cut, so the signature is right each time.
            const request = placetopayNotificationRequest(product, { secret: 's', now: NOW, signed: parts });
            return eventOf(product, request, 's') !== undefined;
          });
        expect(accepted).toEqual([signed]);
      },
      Math.ceil(RUNS / 40),
    );
  });
});

/** Every way to cut a text in so many parts, empty ones included. */
function cuts(text: string, count: number): string[][] {
  if (count === 1) return [[text]];
  return Array.from({ length: text.length + 1 }, (_, at) => at).flatMap((at) =>
    cuts(text.slice(at), count - 1).map((rest) => [text.slice(0, at), ...rest]),
  );
}
