import { createHash } from 'node:crypto';
import { hmacSha256Hex } from '../../core/hmac-sha256';
import { type PlacetopayDigestAlgorithm } from '../placetopay-auth';
import { SHA1_BARE, SHA256_BARE, SHA256_WITH_PREFIX, type SignatureForm } from './signature-forms';

/**
 * What each product signs, in the form in which it is signed: numbers as their digits, dates as they came.
 *
 * @see https://docs.placetopay.dev, the notification page of each product (read 2026-11)
 */
export interface PlacetopaySignedFields {
  readonly checkout: { readonly requestId: string; readonly status: string; readonly date: string };
  readonly 'payment-link': { readonly linkId: string; readonly status: string; readonly date: string };
  readonly gateway: { readonly internalReference: string; readonly status: string };
  readonly 'gateway-session': { readonly sessionId: string; readonly status: string };
  readonly autopay: { readonly id: string; readonly type: string; readonly date: string };
  readonly 'account-validator': { readonly requestId: string; readonly status: string };
  readonly msv: { readonly token: string; readonly status: string; readonly date: string };
  readonly 'token-requestor': { readonly data: string; readonly date: string };
  readonly 'ach-return': { readonly rawBody: Uint8Array };
  /** `timestamp` in Unix seconds, as text. */
  readonly onboarding: { readonly timestamp: string; readonly kid: string; readonly rawBody: Uint8Array };
  /** `seed` in Unix seconds, as text; `url` as it is configured with Placetopay. */
  readonly scudo: { readonly url: string; readonly seed: string };
}

/** Products whose notifications carry a signature of their own, which {@link placetopayNotificationSignature} makes. */
export type PlacetopaySignedProduct = keyof PlacetopaySignedFields;

/** Products that hash joined values, the secret last, and write hexadecimal. */
export type JoinedTextProduct = Exclude<
  PlacetopaySignedProduct,
  'token-requestor' | 'ach-return' | 'onboarding' | 'scudo'
>;

/** How a product joins its values, and in which forms it writes the digest; the current one first. */
export interface JoinedTextFormula<Fields> {
  readonly text: (fields: Fields) => string;
  readonly forms: readonly SignatureForm[];
}

/**
 * Nothing stands between the values. The forms differ on purpose: 64 bare digits are right for a payment link and wrong for a
 * checkout, whose SHA-256 has a prefix.
 */
export const JOINED_TEXT_FORMULAS: {
  readonly [Product in JoinedTextProduct]: JoinedTextFormula<PlacetopaySignedFields[Product]>;
} = {
  checkout: {
    text: ({ requestId, status, date }) => requestId + status + date,
    // No prefix means SHA-1 (Checkout, "Migration of notification algorithm").
    forms: [SHA256_WITH_PREFIX, SHA1_BARE],
  },
  'payment-link': { text: ({ linkId, status, date }) => linkId + status + date, forms: [SHA256_BARE] },
  gateway: {
    text: ({ internalReference, status }) => internalReference + status,
    // The page says SHA-256 and shows 40 digits; which of the two is sent is not confirmed.
    forms: [SHA256_BARE, SHA1_BARE],
  },
  'gateway-session': { text: ({ sessionId, status }) => sessionId + status, forms: [SHA256_BARE, SHA1_BARE] },
  autopay: { text: ({ id, type, date }) => id + type + date, forms: [SHA256_WITH_PREFIX] },
  'account-validator': { text: ({ requestId, status }) => requestId + status, forms: [SHA1_BARE] },
  msv: { text: ({ token, status, date }) => token + status + date, forms: [SHA256_BARE] },
};

/** The digest of joined values and the secret behind them, UTF-8. */
export function joinedTextDigest(algorithm: PlacetopayDigestAlgorithm, text: string, secret: string): Buffer {
  return createHash(algorithm)
    .update(text + secret, 'utf8')
    .digest();
}

/** `SHA-256(secretKey + data + date)`: here the secret comes first. */
export function tokenRequestorDigest(
  { data, date }: PlacetopaySignedFields['token-requestor'],
  secret: string,
): Buffer {
  return createHash('sha256')
    .update(secret + data + date, 'utf8')
    .digest();
}

const hmac = (secret: string, text: string, bytes?: Uint8Array): Buffer =>
  Buffer.from(hmacSha256Hex(secret, text, bytes), 'hex');

export const achReturnHmac = ({ rawBody }: PlacetopaySignedFields['ach-return'], secret: string): Buffer =>
  hmac(secret, '', rawBody);

export const onboardingHmac = (
  { timestamp, rawBody }: Omit<PlacetopaySignedFields['onboarding'], 'kid'>,
  secret: string,
): Buffer => hmac(secret, `${timestamp}.`, rawBody);

export const scudoHmac = ({ url, seed }: PlacetopaySignedFields['scudo'], secret: string): Buffer =>
  hmac(secret, url + seed);

type Signer<Fields> = (fields: Fields, secret: string, algorithm?: PlacetopayDigestAlgorithm) => string;

const SIGNERS: { readonly [Product in PlacetopaySignedProduct]: Signer<PlacetopaySignedFields[Product]> } = {
  checkout: joinedTextSigner(JOINED_TEXT_FORMULAS.checkout),
  'payment-link': joinedTextSigner(JOINED_TEXT_FORMULAS['payment-link']),
  gateway: joinedTextSigner(JOINED_TEXT_FORMULAS.gateway),
  'gateway-session': joinedTextSigner(JOINED_TEXT_FORMULAS['gateway-session']),
  autopay: joinedTextSigner(JOINED_TEXT_FORMULAS.autopay),
  'account-validator': joinedTextSigner(JOINED_TEXT_FORMULAS['account-validator']),
  msv: joinedTextSigner(JOINED_TEXT_FORMULAS.msv),
  'token-requestor': (fields, secret) => tokenRequestorDigest(fields, secret).toString('base64'),
  'ach-return': (fields, secret) => achReturnHmac(fields, secret).toString('hex'),
  onboarding: (fields, secret) =>
    `t=${fields.timestamp},kid=${fields.kid},v1=${onboardingHmac(fields, secret).toString('hex')}`,
  scudo: (fields, secret) => scudoHmac(fields, secret).toString('hex'),
};

/**
 * The signature of a notification as it arrives, prefix included; of `onboarding` the whole header.
 *
 * @param secret the site's secret key; of `msv`, `onboarding` and `scudo` the one they have of their own
 * @param algorithm where a product has two. @default the current one
 * @throws {TypeError} when the product has no signature of that algorithm
 *
 * @example
 * placetopayNotificationSignature(
 *   'checkout', { requestId: '1234', status: 'APPROVED', date: '2019-01-01T12:00:00-05:00' }, 'siteSecretKey',
 * );
 * // 'sha256:97c40fef1ed74b710a6837d8014f931d41c7caeac333bffa4dc75ed178a6b0e3'
 */
export function placetopayNotificationSignature<Product extends PlacetopaySignedProduct>(
  product: Product,
  fields: PlacetopaySignedFields[Product],
  secret: string,
  algorithm?: PlacetopayDigestAlgorithm,
): string {
  return SIGNERS[product](fields, secret, algorithm);
}

function joinedTextSigner<Fields>({ text, forms }: JoinedTextFormula<Fields>): Signer<Fields> {
  return (fields, secret, algorithm = forms[0].algorithm) => {
    const form = forms.find((candidate) => candidate.algorithm === algorithm);
    if (form === undefined) throw new TypeError(`This product's notifications are not signed with ${algorithm}.`);
    return form.prefix + joinedTextDigest(algorithm, text(fields), secret).toString('hex');
  };
}
