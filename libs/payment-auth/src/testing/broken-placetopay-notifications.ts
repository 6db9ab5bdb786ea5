import { createHash } from 'node:crypto';
import { type SignatureVerificationReason } from '../core/errors';
import { type InboundRequest } from '../core/inbound/inbound-request';
import { type PlacetopayNotificationProduct } from '../placetopay/notifications/placetopay-notification-types';
import { type BrokenNotification, withHeaders } from './broken-notification';
import {
  type AnyPlacetopayTestEvent,
  type Members,
  PLACETOPAY_RECIPES,
  type PlacetopayRecipe,
  placetopayRequest,
  type PlacetopayTestEvent,
  type Tampering,
  writeMembers,
} from './placetopay-notifications';

/**
 * Notifications of a product that must be refused, each with one thing wrong.
 *
 * @param event a right one. Taken to be configured: a merchant with its secret (and `login`, `user`, `kid`, `url`) and no other,
 * the given tolerance, and no SHA-1 but for `account-validator`
 * @param toleranceSeconds the merchant's. @default 300
 */
export function brokenPlacetopayNotifications<Product extends PlacetopayNotificationProduct>(
  product: Product,
  event: PlacetopayTestEvent<Product>,
  toleranceSeconds = 300,
): readonly BrokenNotification[] {
  const kit = new Kit(product, event, toleranceSeconds);
  return [
    ...brokenBodies(kit),
    ...kit.recipe.signedPaths.flatMap((path) => brokenValue(kit, path)),
    ...movedCharacters(kit),
    ...brokenProofs(kit),
    ...(kit.recipe.isTimed ? wrongTimes(kit) : []),
    ...OF_ONE_PRODUCT[product](kit),
  ];
}

/** Makes broken requests of one product. */
class Kit {
  readonly recipe: PlacetopayRecipe;
  readonly right: InboundRequest;

  constructor(
    readonly product: PlacetopayNotificationProduct,
    readonly event: AnyPlacetopayTestEvent,
    readonly toleranceSeconds: number,
  ) {
    this.recipe = PLACETOPAY_RECIPES[product];
    this.right = placetopayRequest(product, event);
  }

  /** The right one, changed on its way. */
  tampered(name: string, reason: SignatureVerificationReason, tampering: Tampering): BrokenNotification {
    return { name, reason, request: placetopayRequest(this.product, this.event, tampering) };
  }

  /** With something else in place of the proof. */
  proof(name: string, reason: SignatureVerificationReason, proof: NonNullable<Tampering['proof']>): BrokenNotification {
    return this.tampered(name, reason, { proof });
  }

  headers(
    name: string,
    reason: SignatureVerificationReason,
    headers: Parameters<typeof withHeaders>[1],
  ): BrokenNotification {
    return { name, reason, request: withHeaders(this.right, headers) };
  }

  /** Another event, correctly signed. */
  other(name: string, reason: SignatureVerificationReason, event: Partial<AnyPlacetopayTestEvent>): BrokenNotification {
    const signed = { ...this.event.signed, ...event.signed };
    return { name, reason, request: placetopayRequest(this.product, { ...this.event, ...event, signed }) };
  }
}

function brokenBodies(kit: Kit): readonly BrokenNotification[] {
  const { carrier, coversBody } = kit.recipe;
  const unreadable = coversBody ? 'mismatch' : 'malformed-body';
  const body = (name: string, reason: SignatureVerificationReason, change: NonNullable<Tampering['body']>) =>
    kit.tampered(name, reason, { body: change });
  return [
    body('no JSON', unreadable, () => 'status=APPROVED'),
    body('no body', unreadable, () => ''),
    body('no object', unreadable, (text) => `[${text}]`),
    body('body cut off', unreadable, (text) => text.slice(0, -1)),
    body('body that is no UTF-8', unreadable, (text) => Buffer.from(text.replace('{', '{"\xe9":1,'), 'latin1')),
    ...(coversBody
      ? [
          body('one byte of the body changed', 'mismatch', (text) => text.replace('2', '3')),
          body('a line break behind the body', 'mismatch', (text) => `${text}\n`),
          body('body parsed and written again', 'mismatch', (text) => JSON.stringify(JSON.parse(text), null, 1)),
        ]
      : []),
    ...(carrier === 'signature' || carrier === 'auth'
      ? [body('the proof twice', 'malformed-body', (text) => text.replace('{', `{"${carrier}":"",`))]
      : []),
  ];
}

/** @param path of a signed value in the body */
function brokenValue(kit: Kit, path: string): readonly BrokenNotification[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const replaced = (change: (json: string) => string | undefined): Tampering => ({
    members: (members) => replaceValue(members, path, change),
  });
  // What `data` holds is free.
  const wrongType = path === 'data' ? 'mismatch' : 'malformed-body';
  return [
    kit.tampered(`${path} changed`, 'mismatch', replaced(withOtherEnd)),
    kit.tampered(
      `${path} missing`,
      'malformed-body',
      replaced(() => undefined),
    ),
    kit.tampered(
      `${path} null`,
      wrongType,
      replaced(() => 'null'),
    ),
    kit.tampered(
      `${path} in an array`,
      wrongType,
      replaced((json) => `[${json}]`),
    ),
    kit.tampered(`${path} twice`, 'malformed-body', {
      body: (text) => text.replace(`"${name}":`, `"${name}":"0","${name}":`),
    }),
  ];
}

/** From one signed value to its neighbour: the joined text stays what it was, and so does its digest. */
function movedCharacters({ product, event, recipe }: Kit): readonly BrokenNotification[] {
  if (recipe.signedPaths.length < 2 || product === 'token-requestor') return [];
  const fields: Readonly<Record<string, string>> = { ...recipe.sample(event.now), ...definedValues(event.signed) };
  return Object.keys(fields)
    .slice(1)
    .flatMap((second, index) => {
      const first = Object.keys(fields)[index];
      const moved = (name: string, a: string, b: string): BrokenNotification => {
        const members = recipe.members({ ...fields, [first]: a, [second]: b });
        const tampering: Tampering = { members: (right) => ({ ...right, ...members }) };
        return { name, reason: 'malformed-body', request: placetopayRequest(product, event, tampering) };
      };
      const [a, b] = [fields[first], fields[second]];
      return [
        moved(`the end of ${first} moved to ${second}`, a.slice(0, -1), a.slice(-1) + b),
        moved(`the start of ${second} moved to ${first}`, a + b.slice(0, 1), b.slice(1)),
      ];
    });
}

function brokenProofs(kit: Kit): readonly BrokenNotification[] {
  const { carrier, encoding } = kit.recipe;
  const other = encoding === 'hex' ? 'base64' : 'hex';
  const malformed = (name: string, proof: NonNullable<Tampering['proof']>) =>
    kit.proof(name, 'malformed-signature', proof);
  const isHeader = carrier !== 'signature' && carrier !== 'auth';
  return [
    kit.other('with another secret', 'mismatch', { secret: `${kit.event.secret}x` }),
    kit.proof('no proof', 'missing-signature', () => undefined),
    kit.proof('empty proof', isHeader ? 'missing-signature' : 'malformed-signature', () => ''),
    malformed('proof behind a space', (text) => ` ${text}`),
    malformed('proof and a line break', (text) => `${text}\n`),
    malformed(`proof in ${other}`, (text, bytes) => text.replace(bytes.toString(encoding), bytes.toString(other))),
    ...(encoding === 'base64'
      ? [
          malformed('proof without padding', (text) => (text.endsWith('=') ? text.replace(/=+$/, '') : `${text}=`)),
          malformed('proof padded twice', (text) => `${text}==`),
        ]
      : []),
    ...(isHeader
      ? [
          kit.headers('proof twice', 'malformed-signature', {
            [carrier === 'signature header' ? 'signature' : carrier]: ['a', 'b'],
          }),
        ]
      : [
          malformed('proof that is a number', () => 1),
          malformed('proof that is null', () => null),
          malformed('proof in an array', (text) => [text]),
        ]),
    ...(carrier === 'authorization' ? [] : brokenDigests(kit)),
  ];
}

function brokenDigests(kit: Kit): readonly BrokenNotification[] {
  const { encoding, hash, carrier } = kit.recipe;
  const malformed = (name: string, proof: NonNullable<Tampering['proof']>) =>
    kit.proof(name, 'malformed-signature', proof);
  const written = (text: string, bytes: Buffer, others: Uint8Array): string =>
    text.replace(bytes.toString(encoding), Buffer.from(others).toString(encoding));
  return [
    kit.proof('one bit of the digest changed', 'mismatch', (text, bytes) => written(text, bytes, withOtherBit(bytes))),
    kit.proof('digest of the digest', 'mismatch', (text, bytes) =>
      written(text, bytes, createHash(hash).update(bytes).digest()),
    ),
    malformed('truncated digest', (text, bytes) => written(text, bytes, bytes.subarray(0, -1))),
    malformed('lengthened digest', (text, bytes) => written(text, bytes, Buffer.concat([bytes, Buffer.alloc(1)]))),
    malformed('digest encoded twice', (text, bytes) =>
      written(text, bytes, Buffer.from(bytes.toString(encoding), 'latin1')),
    ),
    kit.tampered('signed with SHA-512', 'malformed-signature', { hash: 'sha512' }),
    kit.tampered(
      hash === 'sha1' ? 'signed with SHA-256' : 'signed with SHA-1',
      TAKES_SHA1.includes(kit.product) ? 'algorithm-refused' : 'malformed-signature',
      { hash: hash === 'sha1' ? 'sha256' : 'sha1' },
    ),
    ...(encoding === 'hex' ? [malformed('digest in mixed case', mixedCase)] : []),
    ...(encoding === 'hex' && carrier === 'signature' ? brokenPrefixes(malformed) : []),
  ];
}

/** Two products have both algorithms by documentation or history, two more by what was seen. */
const TAKES_SHA1: readonly PlacetopayNotificationProduct[] = [
  'checkout',
  'gateway',
  'gateway-session',
  'microsite-auth',
];

type MakeMalformed = (name: string, proof: NonNullable<Tampering['proof']>) => BrokenNotification;

function brokenPrefixes(malformed: MakeMalformed): readonly BrokenNotification[] {
  const prefix = 'sha256:';
  return [
    malformed('prefix too many or too few', (text) =>
      text.startsWith(prefix) ? text.slice(prefix.length) : prefix + text,
    ),
    malformed('prefix in capitals', (text) => `SHA256:${text.slice(text.indexOf(':') + 1)}`),
    malformed('a checksum in place of the digest', () => 'crc32b:00000000'),
    malformed('a hash of the sender', (text) => `md5:${createHash('md5').update(text).digest('hex')}`),
  ];
}

function wrongTimes(kit: Kit): readonly BrokenNotification[] {
  const beyondMs = (kit.toleranceSeconds + 1) * 1_000;
  return [
    kit.other('signed too long ago', 'stale', { now: kit.event.now - beyondMs }),
    kit.other('signed in the future', 'future', { now: kit.event.now + beyondMs }),
  ];
}

const none = (): readonly BrokenNotification[] => [];

const OF_ONE_PRODUCT: Readonly<Record<PlacetopayNotificationProduct, (kit: Kit) => readonly BrokenNotification[]>> = {
  checkout: (kit) => [
    {
      name: 'a recurring charge, whose signature is not documented',
      reason: 'malformed-body',
      request: placetopayRequest(kit.product, kit.event, {
        members: ({ requestId, ...members }) => ({
          ...members,
          internalReference: requestId,
          recurring: '{"tries":1,"enabled":true}',
        }),
      }),
    },
    kit.other('a payment link', 'malformed-body', { signed: { status: 'PAID' } }),
  ],
  'payment-link': (kit) => [kit.other('a checkout', 'malformed-body', { signed: { status: 'APPROVED' } })],
  gateway: none,
  'gateway-session': none,
  autopay: none,
  'account-validator': none,
  msv: none,
  'token-requestor': none,
  'ach-return': none,
  onboarding: (kit) => {
    const header = String(kit.right.headers['x-signature']);
    const malformed = (name: string, changed: string) =>
      kit.headers(name, 'malformed-signature', { 'x-signature': changed });
    return [
      kit.other('with a kid that is not configured', 'mismatch', { signed: { kid: 'other' } }),
      kit.other('with the kid of a property every object has', 'mismatch', { signed: { kid: 'constructor' } }),
      kit.headers('with another time', 'mismatch', { 'x-signature': withOtherTime(header) }),
      malformed('without its time', header.replace(/^t=\d+,/, '')),
      malformed('without its kid', header.replace(/kid=[^,]+,/, '')),
      malformed('without its digest', header.replace(/,v1=.*$/, '')),
      malformed('with the same time twice', `${header},${header.slice(0, header.indexOf(','))}`),
      malformed('with a time in milliseconds', header.replace(/^t=(\d+)/, 't=$1000')),
      malformed('with spaces', header.replaceAll(',', ', ')),
    ];
  },
  scudo: (kit) => [
    kit.other('for another URL', 'mismatch', { signed: { url: 'https://other.example/webhooks/scudo' } }),
    kit.headers('with another time', 'mismatch', { seed: withOtherEnd(String(kit.right.headers['seed'])) }),
    kit.headers('without its time', 'missing-signature', { seed: undefined }),
    kit.headers('with two times', 'malformed-signature', { seed: ['1648159035', '1648159036'] }),
    kit.headers('with a time in milliseconds', 'malformed-signature', { seed: `${kit.event.now}` }),
  ],
  'microsite-auth': (kit) => [
    kit.other('of a login that is not configured', 'mismatch', { signed: { login: 'nobody' } }),
    kit.other('with a seed without a zone', 'malformed-signature', {
      signed: { seed: new Date(kit.event.now).toISOString().slice(0, 19) },
    }),
    kit.other('with the text of a notification for a nonce', 'malformed-signature', {
      signed: { nonce: Buffer.from('1234APPROVED').toString('base64') },
    }),
    kit.other('with a nonce in URL-safe Base64', 'malformed-signature', { signed: { nonce: '-_-_' } }),
    ...['login', 'nonce', 'seed'].map((name) =>
      kit.tampered(`without ${name}`, 'malformed-body', {
        members: (members) => replaceValue(members, `auth.${name}`, () => undefined),
      }),
    ),
    kit.tampered('with a nonce encoded twice', 'mismatch', {
      members: (members) =>
        replaceValue(members, 'auth.nonce', (json) =>
          JSON.stringify(Buffer.from(JSON.parse(json) as string).toString('base64')),
        ),
    }),
    kit.tampered('with the same time in another zone', 'mismatch', {
      members: (members) => replaceValue(members, 'auth.seed', (json) => JSON.stringify(inUtc(json))),
    }),
  ],
  'autopay-contract': (kit) => [
    kit.other('of another user', 'mismatch', { signed: { user: 'nobody' } }),
    kit.other('with the password but its last character', 'mismatch', { secret: kit.event.secret.slice(0, -1) }),
    kit.proof('with another scheme', 'malformed-signature', (text) => text.replace('Basic', 'Bearer')),
    kit.proof('without a space', 'malformed-signature', (text) => text.replace(' ', '')),
    kit.proof('without a colon', 'malformed-signature', () => `Basic ${Buffer.from('autopay').toString('base64')}`),
    kit.proof('with a control character', 'malformed-signature', (_text, bytes) => {
      return `Basic ${Buffer.concat([bytes, Buffer.from('\n')]).toString('base64')}`;
    }),
    kit.proof('in Latin-1', 'malformed-signature', () => `Basic ${Buffer.from('é:é', 'latin1').toString('base64')}`),
  ],
};

/** @param change gets the value's JSON; `undefined` removes it */
function replaceValue(members: Members, path: string, change: (json: string) => string | undefined): Members {
  const [name, ...rest] = path.split('.');
  const inner = rest.join('.');
  const old = members[name];
  const changed = inner === '' ? change(old) : writeMembers(replaceValue(readMembers(old), inner, change));
  if (changed !== undefined) return { ...members, [name]: changed };
  return Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
}

const readMembers = (json: string): Members =>
  Object.fromEntries(
    Object.entries(JSON.parse(json) as Record<string, unknown>).map(([name, value]) => [name, JSON.stringify(value)]),
  );

/** Another character of the same kind in place of the last letter or digit. */
function withOtherEnd(text: string): string {
  return text.replace(/[a-zA-Z\d](?=[^a-zA-Z\d]*$)/, (character) => {
    if (/\d/.test(character)) return String((Number(character) + 1) % 10);
    if (/[a-z]/.test(character)) return character === 'a' ? 'b' : 'a';
    return character === 'A' ? 'B' : 'A';
  });
}

const withOtherBit = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes[bytes.length - 1] ^ 1])]);

const withOtherTime = (header: string): string => header.replace(/^t=(\d+)/, (_all, t: string) => `t=${Number(t) + 1}`);

/** Some letters in capitals and some not. A digest without two letters is as good as impossible. */
function mixedCase(text: string): string {
  let isUpper = false;
  return text.replace(/(?<=(?:^|[:=])[\da-f]*)[a-f](?=[\da-f]*$)/g, (letter) => {
    isUpper = !isUpper;
    return isUpper ? letter.toUpperCase() : letter;
  });
}

const inUtc = (json: string): string => new Date(JSON.parse(json) as string).toISOString();

function definedValues(values: AnyPlacetopayTestEvent['signed'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
