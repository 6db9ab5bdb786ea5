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
  const { carrier, isTimed, signedPaths } = kit.recipe;
  return [
    ...brokenBodies(kit),
    ...signedPaths.flatMap((path) => brokenValue(kit, path)),
    ...shiftedValues(kit),
    ...(carrier === 'authorization' ? brokenCredentials(kit) : brokenSignatures(kit)),
    ...(carrier === 'auth' || carrier === 'signature' ? [] : brokenHeader(kit, carrier)),
    ...(isTimed ? wrongTimes(kit) : []),
    ...(product === 'onboarding' ? brokenOnboarding(kit) : []),
    ...(product === 'scudo' ? brokenScudo(kit) : []),
    ...(product === 'microsite-auth' ? brokenAuth(kit) : []),
  ];
}

/** Makes requests of one product. */
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

  /** Whether the signature covers every byte of the body. */
  get coversBody(): boolean {
    return this.product === 'ach-return' || this.product === 'onboarding';
  }

  tampered(name: string, reason: SignatureVerificationReason, tampering: Tampering): BrokenNotification {
    return { name, reason, request: placetopayRequest(this.product, this.event, tampering) };
  }

  /** Of another event. */
  other(name: string, reason: SignatureVerificationReason, event: Partial<AnyPlacetopayTestEvent>): BrokenNotification {
    return { name, reason, request: placetopayRequest(this.product, { ...this.event, ...event }) };
  }

  /** With other values, rightly signed. */
  otherValues(
    name: string,
    reason: SignatureVerificationReason,
    signed: Readonly<Record<string, string>>,
  ): BrokenNotification {
    return this.other(name, reason, { signed: { ...this.event.signed, ...signed } });
  }

  withHeaders(
    name: string,
    reason: SignatureVerificationReason,
    headers: Parameters<typeof withHeaders>[1],
  ): BrokenNotification {
    return { name, reason, request: withHeaders(this.right, headers) };
  }
}

function brokenBodies(kit: Kit): BrokenNotification[] {
  const unreadable = kit.coversBody ? 'mismatch' : 'malformed-body';
  const broken = [
    kit.tampered('no JSON', unreadable, { body: () => 'status=APPROVED' }),
    kit.tampered('no body', unreadable, { body: () => '' }),
    kit.tampered('no object', unreadable, { body: (text) => `[${text}]` }),
    kit.tampered('cut off', unreadable, { body: (text) => text.slice(0, -1) }),
    kit.tampered('no UTF-8', unreadable, {
      body: (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"\xe9":1}', 'latin1')]),
    }),
  ];
  if (!kit.coversBody) return broken;
  return [
    ...broken,
    kit.tampered('one byte of the body changed', 'mismatch', { body: (text) => text.replace('2', '3') }),
    kit.tampered('a line break behind the body', 'mismatch', { body: (text) => `${text}\n` }),
    kit.tampered('body parsed and written again', 'mismatch', {
      body: (text) => JSON.stringify(JSON.parse(text), null, 1),
    }),
  ];
}

function brokenValue(kit: Kit, path: string): BrokenNotification[] {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return [
    kit.tampered(`${path} changed`, 'mismatch', {
      members: (members) => replaceValue(members, path, (json) => withOtherEnd(json)),
    }),
    kit.tampered(`${path} missing`, 'malformed-body', {
      members: (members) => replaceValue(members, path, () => undefined),
    }),
    kit.tampered(`${path} null`, path === 'data' ? 'mismatch' : 'malformed-body', {
      members: (members) => replaceValue(members, path, () => 'null'),
    }),
    kit.tampered(`${path} twice`, 'malformed-body', {
      body: (text) => text.replace(`"${last}":`, `"${last}":"0","${last}":`),
    }),
  ];
}

/** The last character of one value moved to the next one: the joined text, and so the digest, stays as it was. */
function shiftedValues({ event, product, recipe, right }: Kit): BrokenNotification[] {
  const names = Object.keys(recipe.sample(event.now));
  if (recipe.signedPaths.length < 2 || product === 'token-requestor') return [];
  const fields: Record<string, string> = { ...recipe.sample(event.now), ...(event.signed as Record<string, string>) };
  return names.slice(1).flatMap((name, index) => {
    const before = names[index];
    const moves = [
      { [before]: fields[before].slice(0, -1), [name]: fields[before].slice(-1) + fields[name] },
      { [before]: fields[before] + fields[name].slice(0, 1), [name]: fields[name].slice(1) },
    ];
    return moves.map((move, way) => {
      const text = recipe.members({ ...fields, ...move });
      const { signature } = JSON.parse(right.rawBody.toString()) as { signature?: string };
      const members = { ...text, ...(signature !== undefined && { signature: JSON.stringify(signature) }) };
      const body = `{${Object.entries(members)
        .map(([member, json]) => `"${member}":${/^[\w"{]/.test(json) && isJson(json) ? json : JSON.stringify(json)}`)
        .join(',')}}`;
      return {
        name: `a character moved ${way === 0 ? `from ${before} to ${name}` : `from ${name} to ${before}`}`,
        reason: 'malformed-body',
        request: { ...right, rawBody: Buffer.from(body) },
      };
    });
  });
}

function brokenSignatures(kit: Kit): BrokenNotification[] {
  const { encoding, carrier, prefix, hash } = kit.recipe;
  const isInBody = carrier === 'signature' || carrier === 'auth';
  const named = prefix === undefined ? '' : prefix(kit.recipe.sample(kit.event.now), hash);
  const malformed = (name: string, proof: NonNullable<Tampering['proof']>): BrokenNotification =>
    kit.tampered(name, 'malformed-signature', { proof });
  return [
    kit.other('signed with another secret', 'mismatch', { secret: `${kit.event.secret}x` }),
    kit.tampered('one character of the signature changed', 'mismatch', { proof: (text) => withOtherStart(text) }),
    kit.tampered('no signature', 'missing-signature', { proof: () => undefined }),
    kit.tampered('empty signature', isInBody ? 'malformed-signature' : 'missing-signature', { proof: () => '' }),
    malformed('truncated signature', (text) => text.slice(0, -2)),
    malformed('lengthened signature', (text) => `${text}00`),
    malformed('signature with a space before it', (text) => ` ${text}`),
    malformed('signature with a line break behind it', (text) => `${text}\n`),
    malformed('signature in another encoding', (text, bytes) =>
      text.replace(bytes.toString(encoding), bytes.toString(encoding === 'hex' ? 'base64' : 'hex')),
    ),
    malformed('signature encoded twice', (text, bytes) =>
      text.replace(bytes.toString(encoding), Buffer.from(bytes.toString(encoding)).toString(encoding)),
    ),
    malformed('signed with SHA-512', (_text, bytes) => Buffer.concat([bytes, bytes]).toString(encoding)),
    ...(encoding === 'hex' ? [malformed('signature in mixed case', mixedCase)] : []),
    ...(encoding === 'base64' ? [malformed('signature without padding', (text) => text.replace(/=+$/, ''))] : []),
    ...(isInBody
      ? [
          malformed('signature that is a number', () => (carrier === 'auth' ? 1 : 1)),
          malformed('signature in an array', (text) => [text]),
        ]
      : []),
    ...(encoding === 'hex' && isInBody ? brokenPrefixes(kit, named) : []),
    ...wrongAlgorithms(kit),
  ];
}
