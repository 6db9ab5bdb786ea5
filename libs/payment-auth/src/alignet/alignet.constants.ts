/** Wire constants of Alignet (Pay-me). Source: docs.pay-me.com and its OpenAPI description, read 2026-11. */
export const TOKEN_PATH = '/token';
export const NONCE_PATH = '/nonce';

export const API_VERSION_HEADER = 'ALG-API-VERSION';
/** Unix seconds of 2024-03-07; the version the current documentation names. Older: `1618440906`. */
export const CURRENT_API_VERSION = '1709847567';

export const TOKEN_ACTION = 'authorize';
export const NONCE_ACTION = 'create.nonce';

/** The least that obtains tokens and starts Flex; `get:charges` and `delete:charges` are for query and cancel. */
export const DEFAULT_TOKEN_SCOPE = 'create:token post:charges';
export const DEFAULT_NONCE_SCOPE = 'post:charges';

/** `meta.status.code` of a success. */
export const SUCCESS_CODE = '00';

/** Lifetime of a nonce where the answer names none: it is the one in every documented sample. */
export const DOCUMENTED_NONCE_SECONDS = 30;

export const FLEX_SCRIPT_FILE = '/flex-payment-forms.min.js';
export const FLEX_STYLE_FILE = '/main-flex-payment-forms.css';
