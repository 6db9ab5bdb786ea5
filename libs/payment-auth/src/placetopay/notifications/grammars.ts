/**
 * What signed values look like. Placetopay joins them without separators, so whoever has one signature could move characters
 * from one value to the next and keep it. These grammars leave one way to cut the text: where the first value ends, the next
 * begins with a character the first cannot hold, or the first has one length. They also leave no room for the binary blocks
 * in which two texts collide under SHA-1.
 *
 * The forms are those of Placetopay's examples (docs.placetopay.dev, the page of each product, read 2026-11). New statuses
 * are announced, so theirs stay open.
 */

/** Up to 64 bits: `requestId`, `linkId`, `internalReference`. */
export const WHOLE_NUMBER = /^\d{1,20}$/;

export const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The page with the payload does not exist; numbers and UUIDs are what Placetopay's other sessions have. */
export const SESSION_ID = new RegExp(`${WHOLE_NUMBER.source}|${UUID.source}`, 'i');

/** Like a UUID, but the page's worked example has six digits in the first group. Ends before the `U` of `AUTOPAY_`. */
export const AUTOPAY_ID = /^[\da-f]{1,12}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const AUTOPAY_EVENT = /^AUTOPAY_[A-Z_]{1,64}$/;

/** "8 hexadecimal characters". */
export const MSV_TOKEN = /^[\da-f]{8}$/i;

export const STATUS = /^[A-Z_]{1,64}$/;

/**
 * Checkout and Payment Links sign the same text with the same secret: a number, a status and a date. A notification of the
 * one would verify as one of the other, were it not for the statuses each of them has alone.
 */
export const CHECKOUT_STATUS = statusOtherThan('PAID', 'EXPIRED');
export const PAYMENT_LINK_STATUS = statusOtherThan(
  'OK',
  'PENDING',
  'APPROVED',
  'REJECTED',
  'FAILED',
  'APPROVED_PARTIAL',
  'PARTIAL_EXPIRED',
  'PENDING_CONFIRMATION',
);

/**
 * Begins with four digits. With `T` it has a zone, with a space it has none (AutoPay, Token Requestor): so no date begins
 * another one either, and none can give its end to the secret.
 */
export const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)| \d\d:\d\d:\d\d)$/;

/** `01/26`. */
export const CARD_EXPIRATION = /^\d\d\/\d\d$/;

/** Unix seconds; ten digits until 2286, and of one length, because a URL stands before them. */
export const UNIX_SECONDS = /^\d{10}$/;

function statusOtherThan(...statuses: readonly string[]): RegExp {
  return new RegExp(`^(?!(?:${statuses.join('|')})$)[A-Z_]{1,64}$`);
}
