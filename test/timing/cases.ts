import {
  type AlignetNotificationMerchant,
  alignetNotificationMerchant,
  type InboundRequest,
  type NetzmeNotificationMerchant,
  netzmeNotificationMerchant,
  type PlacetopayNotificationMerchant,
  placetopayNotificationMerchant,
  type PlacetopayNotificationProduct,
  SignatureVerificationError,
  verifyAlignetNotification,
  verifyNetzmeCallbackToken,
  verifyNetzmeSnapCallback,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import {
  alignetNotificationRequest,
  createAlignetTestKeys,
  netzmeSnapCallbackRequest,
  netzmeTestMessage,
  netzmeTokenCallbackRequest,
  placetopayNotificationRequest,
} from 'nestjs-payment-auth/testing';
import crypto from 'node:crypto';
import { equalsInConstantTime } from '../../libs/payment-auth/src/core/inbound/signature-encoding';

/** Something that is done with inputs of several classes, which must not be told apart by the time it takes. */
export interface TimingCase {
  readonly name: string;
  /** How to make an input of each class, of a new secret and message: the processor gets to know what stays the same. */
  readonly inputs: () => Readonly<Record<string, () => unknown>>;
  /** Done before the time is taken. */
  readonly prepare?: (input: never) => void;
  readonly act: (input: never) => unknown;
  /** A comparison that stops at the first difference, put there to see that the measurement finds it. */
  readonly isControl?: boolean;
  /** Puts it there; returns what takes it away. */
  readonly arm?: () => () => void;
}

type Random = () => number;

const NOW = Date.parse('2026-11-22T10:15:30Z');
/** So many comparisons are one sample, so that a difference of one does not drown in the resolution of the clock. */
const COMPARISONS = 32;
const LONG = 4_096;
const MERCHANTS = 16;
const SECRET_LETTERS = 20;

export function timingCases(random: Random): readonly TimingCase[] {
  return [
    ...comparisons(random),
    ...placetopayVerifiers(random),
    callbackToken(random),
    ...rsaVerifiers(random),
    ...whichMerchant(random),
    ...whetherKnown(random),
  ];
}

type OtherByte = (byte: number, random: Random) => number;
const anyOther: OtherByte = (byte, random) => byte ^ (1 + Math.floor(random() * 255));
/** So that what is read as text stays text. */
const otherLetter: OtherByte = (byte, random) => {
  const letter = 97 + Math.floor(random() * 25);
  return letter < byte ? letter : letter + 1;
};
/** RSA's number must stay below the modulus: OpenSSL refuses others without a look at them. */
const smaller: OtherByte = (byte, random) => (byte === 0 ? 1 : Math.floor(random() * byte));

const letters = (count: number, random: Random): string =>
  Buffer.from(Array.from({ length: count }, () => otherLetter(0, random))).toString();
const bytes = (count: number, random: Random): Buffer =>
  Buffer.alloc(count).map(() => Math.floor(random() * 256)) as Buffer;
const digits = (random: Random): string => String(1e9 + Math.floor(random() * 9e9));

/** Wrong values that somebody who guesses the right one byte by byte would have to tell apart. */
function guesses(right: Buffer, random: Random, otherByte = anyOther): Record<'first' | 'last' | 'all', () => Buffer> {
  const changed = (isChanged: (index: number) => boolean) => (): Buffer =>
    Buffer.from(right.map((byte, index) => (isChanged(index) ? otherByte(byte, random) : byte)));
  return {
    first: changed((index) => index === 0),
    last: changed((index) => index === right.length - 1),
    all: changed(() => true),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** A request with another proof in the place of the right one, wherever it stands. */
function withProof(request: InboundRequest, right: string, wrong: string): InboundRequest {
  const put = (text: string): string => text.replace(right, wrong);
  return {
    ...request,
    headers: mapValues(request.headers, (value) => (typeof value === 'string' ? put(value) : value)),
    rawBody: Buffer.from(put(request.rawBody.toString('utf8')), 'utf8'),
  };
}

interface Received<Merchant> {
  readonly request: InboundRequest;
  readonly merchants: readonly Merchant[];
}

function guessedProofs<Merchant>(
  { request, merchants }: Received<Merchant>,
  right: Buffer,
  write: (proof: Buffer) => string,
  random: Random,
  otherByte?: OtherByte,
): Record<string, () => Received<Merchant>> {
  return mapValues(guesses(right, random, otherByte), (guess) => () => ({
    request: withProof(request, write(right), write(guess())),
    merchants,
  }));
}

function refused(verify: () => unknown): true {
  try {
    verify();
  } catch (error) {
    if (error instanceof SignatureVerificationError && error.reason === 'mismatch') return true;
    throw error;
  }
  throw new Error('A wrong proof was accepted: this measures nothing.');
}

/** What the verifiers must not do. */
function equalsUntilTheyDiffer(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

function comparisons(random: Random): readonly TimingCase[] {
  interface Pair {
    readonly right: Buffer;
    readonly given: Buffer;
  }
  const compared = (length: number, times: number): readonly TimingCase[] => {
    const inputs = (): Record<string, () => Pair> => {
      const right = bytes(length, random);
      return mapValues(guesses(right, random), (guess) => () => ({ right, given: guess() }));
    };
    // Always in the same place: at this resolution it is seen in which line of the cache a buffer begins.
    const [here, there] = [Buffer.alloc(length), Buffer.alloc(length)];
    const prepare = ({ right, given }: Pair): void => {
      right.copy(here);
      given.copy(there);
    };
    const repeat = (equals: (left: Buffer, right: Buffer) => boolean) => (): number => {
      let equal = 0;
      for (let turn = 0; turn < times; turn += 1) if (equals(here, there)) equal += 1;
      return equal;
    };
    const name = `${times} x ${length} bytes`;
    return [
      { name: `comparison, ${name}`, inputs, prepare, act: repeat(equalsInConstantTime) },
      { name: `loop that stops, ${name}`, inputs, prepare, act: repeat(equalsUntilTheyDiffer), isControl: true },
    ];
  };
  return [...compared(32, COMPARISONS), ...compared(LONG, 1)];
}

const placetopaySite = (secret: string, name = 'site', login = 'login'): PlacetopayNotificationMerchant =>
  placetopayNotificationMerchant({
    name,
    login,
    secretKey: secret,
    notifications: {
      acceptSha1: true,
      onboardingSigningSecrets: { k1: secret },
      scudoSecretKey: secret,
      scudoNotificationUrl: 'https://shop.example/webhooks/scudo',
      autopayContract: { user: login, password: secret },
    },
  });

const verifyPlacetopay =
  (product: PlacetopayNotificationProduct) =>
  ({ request, merchants }: Received<PlacetopayNotificationMerchant>): true =>
    refused(() => verifyPlacetopayNotification(product, request, merchants, NOW));

function placetopayVerifiers(random: Random): readonly TimingCase[] {
  const HEX = /(?<![\da-f])([\da-f]{64}|[\da-f]{40})(?![\da-f])/;
  const products: readonly (readonly [PlacetopayNotificationProduct, string, 'hex' | 'base64', RegExp])[] = [
    ['checkout', 'joined text, SHA-256', 'hex', HEX],
    ['account-validator', 'joined text, SHA-1', 'hex', HEX],
    ['token-requestor', 'secret first, SHA-256', 'base64', /"signature":"([^"]+)"/],
    ['ach-return', 'HMAC of the body', 'hex', HEX],
    ['onboarding', 'HMAC of time and body', 'hex', HEX],
    ['scudo', 'HMAC of URL and seed', 'hex', HEX],
    ['microsite-auth', 'digest of an auth', 'base64', /"tranKey":"([^"]+)"/],
  ];
  const cases = products.map(([product, what, encoding, pattern]): TimingCase => {
    const inputs: TimingCase['inputs'] = () => {
      const secret = letters(SECRET_LETTERS, random);
      const merchants = [placetopaySite(secret)];
      const request = placetopayNotificationRequest(product, { secret, now: NOW });
      const texts = [request.rawBody.toString('utf8'), ...Object.values(request.headers).map(String)];
      const proof = texts.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
      if (proof === undefined) throw new Error(`There is no proof in a notification of ${product}.`);
      const write = (guess: Buffer): string => guess.toString(encoding);
      return guessedProofs({ request, merchants }, Buffer.from(proof, encoding), write, random);
    };
    return { name: `placetopay ${product}: ${what}`, inputs, act: verifyPlacetopay(product) };
  });
  const [checkout] = cases;
  return [
    ...cases,
    {
      name: 'placetopay autopay-contract: Basic',
      inputs: () => {
        const secret = letters(SECRET_LETTERS, random);
        const merchants = [placetopaySite(secret)];
        const request = placetopayNotificationRequest('autopay-contract', {
          secret,
          now: NOW,
          signed: { user: 'login' },
        });
        const write = (password: Buffer): string => Buffer.from(`login:${password.toString()}`).toString('base64');
        return guessedProofs({ request, merchants }, Buffer.from(secret), write, random, otherLetter);
      },
      act: verifyPlacetopay('autopay-contract'),
    },
    {
      ...checkout,
      name: 'placetopay checkout with a loop that stops',
      isControl: true,
      arm: () => {
        const { timingSafeEqual } = crypto;
        crypto.timingSafeEqual = equalsUntilTheyDiffer as typeof timingSafeEqual;
        return () => void (crypto.timingSafeEqual = timingSafeEqual);
      },
    },
  ];
}

const netzmeClient = (token: string, name = 'client'): NetzmeNotificationMerchant =>
  netzmeNotificationMerchant({ name, notifications: { callbackToken: token } });

function callbackToken(random: Random): TimingCase {
  return {
    name: 'netzme snap-v1: callback token',
    inputs: () => {
      const token = letters(36, random);
      const received = { request: netzmeTokenCallbackRequest({ token }), merchants: [netzmeClient(token)] };
      return guessedProofs(received, Buffer.from(token), (guess) => guess.toString(), random, otherLetter);
    },
    act: ({ request, merchants }: Received<NetzmeNotificationMerchant>) =>
      refused(() => verifyNetzmeCallbackToken(request, merchants)),
  };
}

/** Nothing in here is secret: keys, signatures and messages are known to whoever sends them. */
function rsaVerifiers(random: Random): readonly TimingCase[] {
  const { privateKey, publicKey } = createAlignetTestKeys();
  const alignet = [alignetNotificationMerchant({ merchantCode: 'shop', notifications: { publicKeys: [publicKey] } })];
  const netzme = [netzmeNotificationMerchant({ notifications: { publicKeys: [publicKey], merchantIds: 'any' } })];
  const guessed = <Merchant>(request: InboundRequest, header: string, merchants: readonly Merchant[]) => {
    const right = Buffer.from(String(request.headers[header]), 'base64');
    const write = (guess: Buffer): string => guess.toString('base64');
    return guessedProofs({ request, merchants }, right, write, random, smaller);
  };
  return [
    {
      name: 'alignet notification: RSA-SHA512',
      inputs: () => {
        const members = { merchant_operation_number: digits(random) };
        return guessed(alignetNotificationRequest({ privateKey, merchantCode: 'shop', members }), 'signature', alignet);
      },
      act: ({ request, merchants }: Received<AlignetNotificationMerchant>) =>
        refused(() => verifyAlignetNotification(request, merchants)),
    },
    {
      name: 'netzme snap-v2: RSA-SHA256',
      inputs: () => {
        const body = netzmeTestMessage({ originalReferenceNo: digits(random) });
        return guessed(netzmeSnapCallbackRequest({ privateKey, now: NOW, body }), 'x-signature', netzme);
      },
      act: ({ request, merchants }: Received<NetzmeNotificationMerchant>) =>
        refused(() => verifyNetzmeSnapCallback(request, merchants, NOW)),
    },
  ];
}

/** Which of many merchants a right notification is for must not show: somebody may watch whose payments come in. */
function whichMerchant(random: Random): readonly TimingCase[] {
  const names = Array.from({ length: MERCHANTS }, (_, index) => String(index + 10));
  const firstAndLast = <Merchant>(
    merchantOf: (secret: string, name: string) => Merchant,
    requestOf: (secret: string, name: string) => InboundRequest,
  ): Record<string, () => Received<Merchant>> => {
    const secrets = names.map((name) => [letters(SECRET_LETTERS, random), `m${name}`] as const);
    const merchants = secrets.map(([secret, name]) => merchantOf(secret, name));
    const receive =
      ([secret, name]: readonly [string, string]) =>
      () => ({ request: requestOf(secret, name), merchants });
    return { first: receive(secrets[0]), last: receive(secrets[MERCHANTS - 1]) };
  };
  const placetopay = (product: 'checkout' | 'microsite-auth', signed: (login: string) => Record<string, string>) => ({
    name: `placetopay ${product}: which of ${MERCHANTS} merchants`,
    inputs: () =>
      firstAndLast(
        (secret, name) => placetopaySite(secret, name, name),
        (secret, name) => placetopayNotificationRequest(product, { secret, now: NOW, signed: signed(name) }),
      ),
    act: ({ request, merchants }: Received<PlacetopayNotificationMerchant>) =>
      verifyPlacetopayNotification(product, request, merchants, NOW),
  });
  return [
    placetopay('checkout', () => ({ requestId: digits(random) })),
    placetopay('microsite-auth', (login) => ({ login })),
    {
      name: `netzme snap-v1: which of ${MERCHANTS} merchants`,
      inputs: () => firstAndLast(netzmeClient, (token) => netzmeTokenCallbackRequest({ token })),
      act: ({ request, merchants }: Received<NetzmeNotificationMerchant>) =>
        verifyNetzmeCallbackToken(request, merchants),
    },
  ];
}

/** Whether a login or user exists must not show either. */
function whetherKnown(random: Random): readonly TimingCase[] {
  const knownAndUnknown = (requestOf: (login: string, secret: string) => InboundRequest) => {
    const [login, other] = [letters(8, random), letters(8, random)];
    const merchants = [placetopaySite(letters(SECRET_LETTERS, random), 'site', login)];
    const secret = letters(SECRET_LETTERS, random);
    return {
      known: () => ({ request: requestOf(login, secret), merchants }),
      unknown: () => ({ request: requestOf(other, secret), merchants }),
    };
  };
  return [
    {
      name: 'placetopay microsite-auth: whether the login exists',
      inputs: () =>
        knownAndUnknown((login, secret) =>
          placetopayNotificationRequest('microsite-auth', { secret, now: NOW, signed: { login } }),
        ),
      act: verifyPlacetopay('microsite-auth'),
    },
    {
      name: 'placetopay autopay-contract: whether the user exists',
      inputs: () =>
        knownAndUnknown((user, secret) =>
          placetopayNotificationRequest('autopay-contract', { secret, now: NOW, signed: { user } }),
        ),
      act: verifyPlacetopay('autopay-contract'),
    },
  ];
}
