/** Wire constants of Placetopay. Source: docs.placetopay.dev, Authentication (read 2026-11). */

/** A seed further than this from Placetopay's clock is refused with code 103. In seconds. */
export const SEED_WINDOW_SECONDS = 300;

/** Raw nonce length we send. The docs name no minimum; the schema's longest is 189 bytes (255 characters of Base64). */
export const RAW_NONCE_BYTES = 16;

export const MAX_LOGIN_CHARS = 32;
export const MAX_SECRET_KEY_CHARS = 32;

/** Authentication codes, which stand as a number inside `status.message`, in any language. 200 is an error code too. */
export const AUTHENTICATION_CODES = [100, 101, 102, 103, 104, 105, 106, 107, 200, 10001] as const;
export type PlacetopayAuthenticationCode = (typeof AUTHENTICATION_CODES)[number];
