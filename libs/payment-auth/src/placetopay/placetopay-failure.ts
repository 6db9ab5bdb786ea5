import { PaymentAuthError, type PaymentAuthErrorInit } from '../core/errors';
import { type PlacetopaySecrets, scrubPlacetopayMessage } from './placetopay-secrets';
import { AUTHENTICATION_CODES, type PlacetopayAuthenticationCode, SEED_WINDOW_SECONDS } from './placetopay.constants';

/** Why Placetopay refused. The first ten are authentication failures. */
export type PlacetopayFailureReason =
  | 'malformed-auth'
  | 'unknown-login'
  | 'digest-mismatch'
  | 'seed-outside-window'
  | 'site-inactive'
  | 'site-expired'
  | 'credentials-expired'
  | 'malformed-username-token'
  | 'auth-header-skipped'
  | 'contact-support'
  | 'site-information-unavailable'
  | 'unauthorized'
  | 'request-rejected';

/** Placetopay refused a request: `ERR_PLACETOPAY_AUTHENTICATION` when it did not accept the `auth`, else `ERR_PLACETOPAY_REQUEST`. */
export class PlacetopayError extends PaymentAuthError {
  readonly reason: PlacetopayFailureReason;
  /** The authentication code, 100 to 107, 200 or 10001, when the answer holds one. */
  readonly authenticationCode: PlacetopayAuthenticationCode | undefined;
  /** For code 103: Placetopay's clock minus ours in seconds, by `status.date`; add it to `clockSkewSeconds`. */
  readonly clockDifferenceSeconds: number | undefined;

  constructor(
    message: string,
    init: PaymentAuthErrorInit & {
      reason: PlacetopayFailureReason;
      authenticationCode?: PlacetopayAuthenticationCode | undefined;
      clockDifferenceSeconds?: number | undefined;
    },
  ) {
    super(message, init);
    this.reason = init.reason;
    this.authenticationCode = init.authenticationCode;
    this.clockDifferenceSeconds = init.clockDifferenceSeconds;
  }

  override toJSON(): Record<string, unknown> {
    const { reason, authenticationCode, clockDifferenceSeconds } = this;
    return { ...super.toJSON(), reason, authenticationCode, clockDifferenceSeconds };
  }
}

/** An HTTP answer of Placetopay, as far as judging it needs. */
export interface PlacetopayAnswer {
  readonly httpStatus: number;
  /** The body: parsed, or as text. */
  readonly body: unknown;
  /** Epoch ms by our clock when it arrived; tells the clock difference of a 103. */
  readonly receivedAt?: number;
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
}

const REASONS: Readonly<Record<PlacetopayAuthenticationCode, PlacetopayFailureReason>> = {
  100: 'malformed-auth',
  101: 'unknown-login',
  102: 'digest-mismatch',
  103: 'seed-outside-window',
  104: 'site-inactive',
  105: 'site-expired',
  106: 'credentials-expired',
  107: 'malformed-username-token',
  200: 'auth-header-skipped',
  10001: 'contact-support',
};

const HINTS: Readonly<Record<PlacetopayFailureReason, string>> = {
  'malformed-auth': 'Send login, tranKey, nonce and seed in a JSON body with Content-Type application/json.',
  'unknown-login': 'Check the login, and that it belongs to this environment, brand and host.',
  'digest-mismatch':
    'Check secretKey: the secret of this login in this environment, without spaces or line breaks around it.',
  'seed-outside-window': `Our clock and Placetopay's differ by more than ${SEED_WINDOW_SECONDS} s: synchronise it (NTP) or set clockSkewSeconds.`,
  'site-inactive': 'The site is inactive; ask Placetopay to activate it.',
  'site-expired': 'The site has expired; ask Placetopay to renew it.',
  'credentials-expired': 'The credentials have expired; ask Placetopay for new ones.',
  'malformed-username-token': 'The auth object has a field of the wrong kind or length.',
  'auth-header-skipped': 'The authentication was skipped (a SOAP-era code); check that the URL is a REST endpoint.',
  'contact-support': 'Placetopay asks you to contact its support.',
  'site-information-unavailable': 'Credentials of another environment, usually: check login and host.',
  unauthorized: 'Placetopay gives no code; check that this login may use this resource.',
  'request-rejected': "See Placetopay's message for what to change in the request.",
};

/**
 * Turns a refusal of Placetopay into one typed error, or gives `undefined` when the answer is no refusal.
 *
 * The authentication code is a number inside `status.message`, whatever its language; words are never matched for it.
 * `reason` may be a number, text or null. A code is believed only when `status.status` is `FAILED` and HTTP is 401, or 400
 * without a `reason` in words such as `action_not_allowed`; and only when it stands alone: `ORDER-100` and `200.50` hold none.
 *
 * @param secrets what was sent, to be removed should Placetopay repeat it. Without it, anything with the shape of a digest or
 * nonce, and values behind `tranKey`, `nonce` and `secretKey`, are removed all the same; a `secretKey` or a nonce of another
 * shape that stands elsewhere is not recognised.
 *
 * @see https://docs.placetopay.dev, Authentication, error codes (read 2026-11)
 */
export function decodePlacetopayFailure(
  answer: PlacetopayAnswer,
  secrets: PlacetopaySecrets = {},
): PlacetopayError | undefined {
  const status = readStatus(answer.body);
  const isHttpFailure = answer.httpStatus >= 400;
  if (status.status !== 'FAILED' && !isHttpFailure) return undefined;
  const authentication = readAuthenticationFailure(answer.httpStatus, status);
  const authenticationCode = authentication?.code;
  const reason = authentication?.reason ?? (answer.httpStatus === 401 ? 'unauthorized' : 'request-rejected');
  const { method, host, path } = answer;
  const gatewayCode = authenticationCode ?? status.reason;
  const shownCode = isTextOrNumber(gatewayCode) ? scrubPlacetopayMessage(String(gatewayCode), secrets) : undefined;
  const isAuthentication = reason !== 'request-rejected';
  const isTemporary = answer.httpStatus >= 500 || answer.httpStatus === 429;
  return new PlacetopayError(describe(answer, shownCode, isAuthentication), {
    code: isAuthentication ? 'ERR_PLACETOPAY_AUTHENTICATION' : 'ERR_PLACETOPAY_REQUEST',
    gateway: 'placetopay',
    retryable: isTemporary,
    hint: isTemporary && !isAuthentication ? 'A temporary failure at Placetopay; try again later.' : HINTS[reason],
    reason,
    authenticationCode,
    clockDifferenceSeconds: reason === 'seed-outside-window' ? clockDifference(answer, status.date) : undefined,
    exchange: {
      ...(method !== undefined && { method }),
      ...(host !== undefined && { host }),
      ...(path !== undefined && { path }),
      status: answer.httpStatus,
      ...(shownCode !== undefined && { gatewayCode: shownCode }),
      ...(typeof status.message === 'string' && { gatewayMessage: scrubPlacetopayMessage(status.message, secrets) }),
    },
  });
}

interface StatusObject {
  readonly status?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly date?: unknown;
}

function readStatus(body: unknown): StatusObject {
  const root = typeof body === 'string' ? parseObject(body) : body;
  if (typeof root !== 'object' || root === null) return {};
  const { status, Status } = root as { status?: unknown; Status?: unknown };
  // The Core product spells it with a capital S.
  const object = status ?? Status;
  return typeof object === 'object' && object !== null ? object : {};
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A code that stands alone. Order numbers, amounts and dates hold the same digits, but touch a letter, sign or separator; so
 * do digits within a digest. A dot may follow, where it ends the sentence.
 */
const LONE_CODE = new RegExp(
  String.raw`(?<![\p{L}\p{N}\p{Sc}_.,+/#%-])(?:${AUTHENTICATION_CODES.join('|')})(?![\p{L}\p{N}\p{Sc}_,+/#%-]|\.[\p{L}\p{N}_.,-])`,
  'u',
);

/** `action_not_allowed`, and not `401`, `BR` or null: the request was understood, its `auth` too, and something else is wrong. */
const REASON_IN_WORDS = /[a-z_]/;

/** In all four languages of Placetopay's, and what is documented without a code. */
const NAMES_AUTHENTICATION = /auth?enti[ck]|mal ?form|tranKey|site information|informaci[oó]n del sitio/i;

/** Products list them in different orders. */
const AUTH_MEMBERS = [/\blogin\b/i, /\btranKey\b/i, /\bseed\b/i, /\bnonce\b/i];

function readAuthenticationFailure(
  httpStatus: number,
  { status, reason, message }: StatusObject,
): { readonly reason: PlacetopayFailureReason; readonly code?: PlacetopayAuthenticationCode } | undefined {
  const saysWhy = typeof reason === 'string' && REASON_IN_WORDS.test(reason);
  if (status !== 'FAILED' || typeof message !== 'string') return undefined;
  // A 400 may be about anything that has a number: an amount, a length, a phone.
  const canBe = httpStatus === 401 || (httpStatus === 400 && !saysWhy && NAMES_AUTHENTICATION.test(message));
  if (!canBe) return undefined;
  const number = LONE_CODE.exec(message)?.[0];
  const code = AUTHENTICATION_CODES.find((known) => String(known) === number);
  if (code !== undefined) return { reason: REASONS[code], code };
  // Documented without a code: "malformed authentication", the list of parameters, or the site's information.
  const isMalformed = /mal ?form/i.test(message) && /auth?(?:en|or)/i.test(message);
  if (isMalformed || AUTH_MEMBERS.every((name) => name.test(message))) return { reason: 'malformed-auth' };
  if (/site information|informaci[oó]n del sitio/i.test(message)) return { reason: 'site-information-unavailable' };
  return undefined;
}

function isTextOrNumber(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function describe(answer: PlacetopayAnswer, code: string | undefined, isAuthentication: boolean): string {
  const what = isAuthentication ? 'the authentication' : 'the request';
  return `Placetopay refused ${what} (HTTP ${answer.httpStatus}${code === undefined ? '' : `, code ${code}`}).`;
}

function clockDifference(answer: PlacetopayAnswer, date: unknown): number | undefined {
  const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(theirs) || answer.receivedAt === undefined) return undefined;
  return Math.round((theirs - answer.receivedAt) / 1_000);
}
