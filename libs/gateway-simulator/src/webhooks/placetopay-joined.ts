import { type PlacetopayAccount } from '../accounts';
import { SIGNATURE_BREAKS, type WebhookBreak } from './breaks';
import {
  type Commission,
  credentialOf,
  jsonScheme,
  type JsonScheme,
  signedText,
  STRANGERS_SECRET,
  type WebhookScheme,
} from './scheme';
import { type HashName, hashFor, joinedHash, type SignatureEncoding, signatureText } from './signature';

export type PlacetopayCommission = Commission<PlacetopayAccount>;
export type PlacetopayScheme = WebhookScheme<PlacetopayAccount>;

const JOINED_BREAKS: readonly WebhookBreak[] = [...SIGNATURE_BREAKS, 'shifted-boundary', 'duplicate-member'];

export interface HashForm {
  readonly hash: HashName;
  readonly encoding: SignatureEncoding;
  /** The hash's name and a colon stand before the signature. @default false */
  readonly prefixed?: boolean;
  /** What `wrong-algorithm` uses. @default the next weaker one */
  readonly weaker?: HashName;
}

export const SHA256_HEX: HashForm = { hash: 'sha256', encoding: 'hex' };
export const SHA1_HEX: HashForm = { hash: 'sha1', encoding: 'hex' };
/** With a prefix, which plugins are known to hand to their hash function: so the break names the weakest. */
export const PREFIXED_SHA256_HEX: HashForm = { ...SHA256_HEX, prefixed: true, weaker: 'md5' };

/** An account's member: its name, and how to read it. */
export type SecretOf = readonly [name: string, read: (account: PlacetopayAccount) => string | undefined];

export const SITE_SECRET: SecretOf = ['secretKey', ({ secretKey }) => secretKey];

interface JoinedScheme extends Omit<JsonScheme<PlacetopayAccount>, 'breaks' | 'sign'> {
  /** @default the site's secretKey */
  readonly secret?: SecretOf;
  /** Header of the signature. @default the member `signature` */
  readonly header?: string;
  hash(commission: PlacetopayCommission): HashForm;
}

/** Placetopay's usual scheme: the hash of single values and a secret at their end. */
export function joinedScheme(scheme: JoinedScheme): PlacetopayScheme {
  const { header, secret = SITE_SECRET, ...rest } = scheme;
  return jsonScheme({
    ...rest,
    breaks: JOINED_BREAKS,
    sign: (commission) => {
      const values = scheme.covered.map((path) => signedText(commission.data, path));
      const signature = hashSignature([...values, secretOf(commission, secret)], scheme.hash(commission), commission);
      return header === undefined ? { members: { signature } } : { headers: { [header]: signature } };
    },
  });
}

export function secretOf(commission: PlacetopayCommission, [name, read]: SecretOf): string {
  return credentialOf(commission, name, read, STRANGERS_SECRET);
}

/** The hash of values in one text, as it is carried; `undefined` when the break leaves it out. */
export function hashSignature(
  values: readonly string[],
  { hash, encoding, prefixed = false, weaker }: HashForm,
  { broken }: PlacetopayCommission,
): string | undefined {
  const used = hashFor(hash, broken, weaker);
  const text = signatureText(joinedHash(used, values), encoding, broken);
  return text !== undefined && prefixed ? `${used}:${text}` : text;
}
