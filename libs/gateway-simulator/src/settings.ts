/**
 * Everything about the gateways that their documentation leaves open, or that clients must be able to meet in more
 * than one form. Each default follows the best source there is; the comment says what the sources disagree on.
 */
export interface SimulatorSettings {
  /** Bytes of a request body above which the answer is 413. @default 1048576. The gateways state no limit. */
  readonly bodyLimitBytes: number;
  /**
   * Milliseconds a merchant has to answer a webhook. @default 10000, what Alignet documents. Onboarding waits 5 s and 2 s
   * more to connect; AutoPay wants an answer in under 3 s.
   */
  readonly webhookTimeoutMs: number;
  /** Adds `X-Simulator-Reason` to every refusal, as the request header `X-Simulator-Explain: 1` does. @default false */
  readonly explainRefusals: boolean;
  readonly alignet: AlignetSettings;
  readonly placetopay: PlacetopaySettings;
  readonly netzme: NetzmeSettings;
}

export interface AlignetSettings {
  /**
   * Which documented audiences `/token` and `/nonce` take besides the simulator's own URL.
   * @default 'preprod': `api.preprod.alignet.io`, its older name `api.dev.alignet.io` and the orchestrator's
   * `paymentapi.preprod.alignet.io`. The docs answer an audience of another environment with 400.
   */
  readonly environment: 'preprod' | 'production' | 'any';
  /** More URLs that count as this simulator's own audience, e.g. a container's name. @default [] */
  readonly publicUrls: readonly string[];
  /** Accept `password` and `refresh_token` besides `client_credentials`. @default false: only the V1 docs have them. */
  readonly legacyGrants: boolean;
  /**
   * Refuse members the OpenAPI file does not list, when the request names version 1709847567.
   * @default true: it says `additionalProperties: false`; whether the live service enforces that is unknown.
   */
  readonly refuseUnknownMembers: boolean;
  /**
   * Refuse a request whose `ALG-API-VERSION` is missing or not the documented 1709847567; with `legacyGrants` V1's 1618440906
   * is accepted as well. @default false: the docs require it, both official clients omit it.
   */
  readonly requireVersionHeader: boolean;
  /** Refuse a token without the scope `create:token`. @default true: the docs call it necessary for any token. */
  readonly requireCreateTokenScope: boolean;
  /**
   * Ask for `get:charges` and `delete:charges` at `/charges`.
   * @default false: the docs promise 403, yet the official WooCommerce plugin reverses without having asked for them.
   */
  readonly enforceChargeScopes: boolean;
  /**
   * Refuse with 400 to reverse charges of which none can be, e.g. denied or already reversed ones.
   * @default false: success, and the state stays. The docs do not say; the official WooCommerce plugin sends such a
   * `DELETE` again and counts every 2xx as refunded.
   */
  readonly refuseFutileReversals: boolean;
  /** Seconds an access token lives. @default 8600, the documented sample; an older sample says 86400. */
  readonly tokenLifetimeSeconds: number;
  /** Seconds a nonce lives. @default 30, documented and confirmed by the claims of a published nonce. */
  readonly nonceLifetimeSeconds: number;
  /** JSON type of `expires_in`. @default 'number'; one table of the docs calls it a numeric string. */
  readonly expiresInAs: 'number' | 'string';
  /** JSON type of `success`. @default 'boolean'; two tables of the docs call it a string. */
  readonly successAs: 'boolean' | 'string';
  /** A new access token ends the earlier ones. @default false: no source says that it does. */
  readonly newTokenEndsPrevious: boolean;
  /** Answer failures with HTTP 200 and `success: false`. @default false: no error answer is documented. */
  readonly errorsAsHttp200: boolean;
  /** State of a charge made by the stand-in for Flex, when nobody picks one. @default 'AUTORIZADO' */
  readonly chargeState: ChargeState;
  /** Where the webhook `notification` goes when a charge is made in, or set to, a final state. @default null: nowhere */
  readonly notificationUrl: string | null;
  /**
   * What the webhook `redirect` signs. @default 'base64-text', the text of the form field; 'decoded-json' is the JSON it
   * encodes. The docs say "the value of `authorization_result`".
   */
  readonly redirectSigns: 'base64-text' | 'decoded-json';
}

export interface PlacetopaySettings {
  /** Accept SHA-1 digests. @default true: the official SDKs send nothing else. */
  readonly acceptSha1: boolean;
  /** Seconds the seed may differ from the clock, either way. @default 300, documented as 5 minutes. */
  readonly seedToleranceSeconds: number;
  /** Base64 of the nonce. @default 'standard' (padding required); 'lenient' also takes URL-safe and unpadded text. */
  readonly nonceEncoding: 'standard' | 'lenient';
  /** Refuse a nonce seen within the window. @default false: no source says a replay is refused, and no code exists. */
  readonly refuseReplayedNonce: boolean;
  /** Code of that refusal. @default 102 */
  readonly replayedNonceCode: number;
  /** JSON type of `status.reason` in authentication failures. @default 'number'; Microsites and Core send a string. */
  readonly reasonAs: 'number' | 'string';
  /** HTTP status of authentication failures. @default 401; AutoPay and Ticket are documented with 400. */
  readonly authFailureHttpStatus: 401 | 400;
  /**
   * How an `auth` is answered that is missing, lacks a member or does not come as JSON. @default 'malformed': "Malformed
   * authentication", as the pages of WebCheckout and Payment Links say, without a code. 'code': the message ends in 100.
   * 'prose': for a missing member "... does not contain all required parameters ..." of Microsites, Core and AutoPay.
   */
  readonly missingMembersAs: 'malformed' | 'code' | 'prose';
  /** Language of messages when the request's `locale` names neither `es` nor `en`. @default 'es' */
  readonly defaultLanguage: 'es' | 'en';
  /** Outcome a new session has until it is set. @default 'PENDING' */
  readonly sessionOutcome: SessionOutcome;
  /** Where the webhook `checkout` goes when a session is set to a final outcome. @default null: nowhere */
  readonly notificationUrl: string | null;
  /**
   * Hash of the webhooks `checkout`, `gateway` and `gateway-session`. @default 'sha256'. Placetopay switches it site by
   * site; a site that never asked still gets SHA-1.
   */
  readonly notificationAlgorithm: 'sha256' | 'sha1';
}

export interface NetzmeSettings {
  /** Seconds a token of `/oauth/merchant/accesstoken` lives. @default 36000, documented as 10 hours. */
  readonly merchantTokenLifetimeSeconds: number;
  /** Seconds a token of `/oauth/token/accesstoken` lives. @default 86400, documented as 24 hours. */
  readonly consumerTokenLifetimeSeconds: number;
  /**
   * Refuse a token request whose `Content-Type` is not `application/json`.
   * @default true: the docs require it, and every known client sends it.
   */
  readonly requireTokenContentType: boolean;
  /**
   * Remove insignificant whitespace from a JSON body before the check, byte by byte.
   * @default true: Netzme's own Python tool signs minified text and sends it with spaces, so the server must minify.
   */
  readonly minifyBeforeCheck: boolean;
  /**
   * Form in which non-ASCII characters of the body are checked. @default 'as-sent'. 'escaped' writes them as `\uXXXX`
   * first. Netzme's tool signs and sends escapes, a Go gateway raw UTF-8: what the server does is unknown.
   */
  readonly nonAscii: 'as-sent' | 'escaped';
  /**
   * Refuse a `Request-Time` that does not have 13 digits, e.g. one in seconds.
   * @default true: the docs call it a long, and every known client sends milliseconds.
   */
  readonly requireMillisecondTime: boolean;
  /**
   * Seconds `Request-Time` may differ from the clock; `null` does not check it.
   * @default null: a working client sends a time hours ahead.
   */
  readonly requestTimeToleranceSeconds: number | null;
  /** HTTP status of a refused business call. @default 401, seen in third-party code. */
  readonly errorHttpStatus: number;
  /** HTTP status of a refused token request, whose body says `UNAUTHORIZED`. @default 200, inferred from a client. */
  readonly unauthorizedHttpStatus: number;
  /** JSON type of the envelope's `status`. @default 'number'; some answers carry a string. */
  readonly statusAs: 'number' | 'string';
}

export const CHARGE_STATES = [
  'REGISTRADO',
  'PENDIENTE',
  'AUTORIZADO',
  'DENEGADO',
  'INVALIDO',
  'CANCELADO',
  'EXPIRADO',
  'EXTORNADO',
  'LIQUIDADO',
  'DEPOSITADO',
] as const;
/** States of an Alignet transaction, as documented. */
export type ChargeState = (typeof CHARGE_STATES)[number];

export const SESSION_OUTCOMES = ['APPROVED', 'REJECTED', 'PENDING'] as const;
export type SessionOutcome = (typeof SESSION_OUTCOMES)[number];

/** Any part of `T`, to any depth; lists are replaced whole. */
export type DeepPartial<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? DeepPartial<T[K]> : T[K];
};

export const DEFAULT_SETTINGS: SimulatorSettings = deepFreeze({
  bodyLimitBytes: 1024 * 1024,
  webhookTimeoutMs: 10_000,
  explainRefusals: false,
  alignet: {
    environment: 'preprod',
    publicUrls: [],
    legacyGrants: false,
    refuseUnknownMembers: true,
    requireVersionHeader: false,
    requireCreateTokenScope: true,
    enforceChargeScopes: false,
    refuseFutileReversals: false,
    tokenLifetimeSeconds: 8600,
    nonceLifetimeSeconds: 30,
    expiresInAs: 'number',
    successAs: 'boolean',
    newTokenEndsPrevious: false,
    errorsAsHttp200: false,
    chargeState: 'AUTORIZADO',
    notificationUrl: null,
    redirectSigns: 'base64-text',
  },
  placetopay: {
    acceptSha1: true,
    seedToleranceSeconds: 300,
    nonceEncoding: 'standard',
    refuseReplayedNonce: false,
    replayedNonceCode: 102,
    reasonAs: 'number',
    authFailureHttpStatus: 401,
    missingMembersAs: 'malformed',
    defaultLanguage: 'es',
    sessionOutcome: 'PENDING',
    notificationUrl: null,
    notificationAlgorithm: 'sha256',
  },
  netzme: {
    merchantTokenLifetimeSeconds: 36_000,
    consumerTokenLifetimeSeconds: 86_400,
    requireTokenContentType: true,
    minifyBeforeCheck: true,
    nonAscii: 'as-sent',
    requireMillisecondTime: true,
    requestTimeToleranceSeconds: null,
    errorHttpStatus: 401,
    unauthorizedHttpStatus: 200,
    statusAs: 'number',
  },
});

/** Freezes a tree of plain objects and lists. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
