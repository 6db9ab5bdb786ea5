/**
 * Wire constants of Netzme's legacy merchant and consumer APIs. Source: apidocs.netzme.id ("Toko Netzme", "Netzme",
 * Authentication; read 2026-11); what its crawl lost was read in the QA tool of a Netzme engineer.
 */
export const MERCHANT_TOKEN_PATH = '/oauth/merchant/accesstoken';
export const CONSUMER_TOKEN_PATH = '/oauth/token/accesstoken';

export const REQUEST_TIME_HEADER = 'Request-Time';
export const SIGNATURE_HEADER = 'Signature';
export const CLIENT_ID_HEADER = 'Client-Id';

/** Capital B, in header, key and string to sign, although the token answer says `bearer`. */
export const BEARER_PREFIX = 'Bearer ';

/** Value of `status` in a refused token request, which may come with HTTP 200. The word for success is misspelt; never compare it. */
export const UNAUTHORIZED_STATUS = 'UNAUTHORIZED';

export const JSON_CONTENT_TYPE = 'application/json';
