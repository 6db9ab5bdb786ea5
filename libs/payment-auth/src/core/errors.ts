/** The gateways this library authenticates to. */
export type Gateway = 'alignet' | 'placetopay' | 'netzme';

/** Every `code` an error of this library can carry. Codes are stable; messages may be reworded. */
export type PaymentAuthErrorCode =
  | 'ERR_PAYMENT_AUTH_CONFIG'
  | 'ERR_GATEWAY_TIMEOUT'
  | 'ERR_GATEWAY_UNREACHABLE'
  | 'ERR_GATEWAY_REDIRECT'
  | 'ERR_GATEWAY_RESPONSE_TOO_LARGE'
  | 'ERR_ACCESS_TOKEN_REQUEST'
  | 'ERR_ACCESS_TOKEN_RESPONSE'
  | 'ERR_ACCESS_TOKEN_CONTESTED'
  | 'ERR_ACCESS_TOKEN_PACED'
  | 'ERR_NONCE_REQUEST'
  | 'ERR_NONCE_RESPONSE'
  | 'ERR_PLACETOPAY_AUTHENTICATION'
  | 'ERR_PLACETOPAY_REQUEST'
  | 'ERR_UNSIGNABLE_REQUEST'
  | 'ERR_SIGNATURE_VERIFICATION';

/**
 * What an error tells of the HTTP exchange: an allow-list. Query, headers and bodies are left out on purpose, because
 * they carry tokens, digests and secrets.
 */
export interface ExchangeSummary {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  /** HTTP status of the answer, absent when there was none. */
  readonly status?: number;
  /** The gateway's own code, as text, e.g. Alignet's `meta.status.code`. */
  readonly gatewayCode?: string;
  /** The gateway's own message, secrets removed, at most 300 characters. */
  readonly gatewayMessage?: string;
  /** Seconds until the gateway wants to be asked again, from its `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

export interface PaymentAuthErrorInit {
  readonly code: PaymentAuthErrorCode;
  readonly gateway?: Gateway | undefined;
  readonly retryable?: boolean;
  readonly hint?: string;
  readonly exchange?: ExchangeSummary;
}

/**
 * Base of every error this library throws on purpose. Holds no secret, token, digest or signature, and never an axios
 * error as `cause`: printing one shows the bearer token.
 */
export class PaymentAuthError extends Error {
  /** Stable, for `switch`. */
  readonly code: PaymentAuthErrorCode;
  readonly gateway: Gateway | undefined;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined;
  /** Method, host, path, status and gateway code, where there was an HTTP exchange. */
  readonly exchange: ExchangeSummary | undefined;

  constructor(message: string, init: PaymentAuthErrorInit) {
    super(init.hint === undefined ? message : `${message} ${init.hint}`);
    this.name = new.target.name;
    this.code = init.code;
    this.gateway = init.gateway;
    this.retryable = init.retryable ?? false;
    this.hint = init.hint;
    this.exchange = init.exchange;
  }

  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      gateway: this.gateway,
      retryable: this.retryable,
      hint: this.hint,
      exchange: this.exchange,
    };
  }
}

/** One mistake in the configuration. */
export interface ConfigProblem {
  /** Path of the option, e.g. `alignet.merchants.usd.clientId`. */
  readonly option: string;
  /** What is wrong and how to fix it. Never holds the option's value. */
  readonly problem: string;
}

/** The library is configured wrongly, or a gateway or merchant is used that is not configured. Lists every mistake. */
export class PaymentAuthConfigError extends PaymentAuthError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], gateway?: Gateway) {
    super(
      problems.length === 1
        ? `payment-auth configuration: ${describeProblem(problems[0])}`
        : `payment-auth configuration has ${problems.length} mistakes:\n${problems
            .map((problem) => `  - ${describeProblem(problem)}`)
            .join('\n')}`,
      { code: 'ERR_PAYMENT_AUTH_CONFIG', gateway },
    );
    this.problems = problems;
  }

  /** Path of the first option that is wrong. */
  get option(): string | undefined {
    return this.problems[0]?.option;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), problems: this.problems };
  }
}

function describeProblem(problem: ConfigProblem | undefined): string {
  return problem === undefined ? 'nothing is wrong' : `${problem.option}: ${problem.problem}`;
}

/** No acceptable answer arrived: timeout, network failure, redirect, or more bytes than we take. */
export class GatewayTransportError extends PaymentAuthError {}

/**
 * The gateway refused to issue an access token (`..._REQUEST`), its response held none we accept (`..._RESPONSE`), somebody
 * else keeps ending ours (`..._CONTESTED`), or too many were asked for lately (`..._PACED`).
 */
export class AccessTokenError extends PaymentAuthError {}

/** Alignet refused to issue a nonce (`..._REQUEST`), or its answer held none we accept (`..._RESPONSE`). */
export class NonceError extends PaymentAuthError {}

/** Why a request cannot be signed or authenticated. */
export type UnsignableReason =
  | 'no-url'
  | 'foreign-origin'
  | 'auth-option'
  | 'unsupported-body'
  | 'method-without-body'
  | 'body-too-large'
  | 'insecure-tls'
  | 'socket-path'
  | 'adapter-replaced';

/** The caller built a request that cannot be signed as it would be sent. Nothing left the process, unless `adapter-replaced`. */
export class UnsignableRequestError extends PaymentAuthError {
  readonly reason: UnsignableReason;

  constructor(message: string, init: { reason: UnsignableReason; gateway: Gateway; hint?: string }) {
    super(message, { ...init, code: 'ERR_UNSIGNABLE_REQUEST' });
    this.reason = init.reason;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), reason: this.reason };
  }
}

/** Why an inbound notification was not accepted, and the HTTP status that tells its sender. */
export const VERIFICATION_FAILURE_STATUS = {
  'missing-signature': 401,
  'malformed-signature': 400,
  'malformed-body': 400,
  'body-too-large': 413,
  mismatch: 401,
  /** SHA-1 where it is not, or no longer, allowed. */
  'algorithm-refused': 401,
  /** Signed too long ago. */
  stale: 401,
  future: 401,
  /** Rightly signed, for somebody who is not configured here. */
  'unknown-merchant': 403,
  /** A copy of a request that may come only once. */
  replayed: 403,
  /**
   * A copy of a notification that is being handled right now. The gateway may send it again: no 4xx, for one of those ends
   * Onboarding's deliveries, and the first copy may still fail.
   */
  'in-progress': 503,
  /** Asked about it, the gateway says otherwise. */
  'not-confirmed': 403,
  /** Whether it is a copy cannot be told right now. The gateway may send it again. */
  'replay-store-unavailable': 503,
} as const satisfies Record<string, number>;

export type SignatureVerificationReason = keyof typeof VERIFICATION_FAILURE_STATUS;

/**
 * An inbound notification is not proven to be the gateway's. Never tells the signature that would have been right: some
 * shop plugins do, and so sign for whoever asks.
 */
export class SignatureVerificationError extends PaymentAuthError {
  readonly reason: SignatureVerificationReason;
  /** What to answer the sender: never 2xx. The reason decides, unless a gateway documents another status. */
  readonly httpStatus: number;

  constructor(
    reason: SignatureVerificationReason,
    gateway: Gateway,
    message: string,
    hint?: string,
    httpStatus: number = VERIFICATION_FAILURE_STATUS[reason],
  ) {
    super(message, {
      code: 'ERR_SIGNATURE_VERIFICATION',
      gateway,
      retryable: httpStatus === 503,
      ...(hint !== undefined && { hint }),
    });
    this.reason = reason;
    this.httpStatus = httpStatus;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), reason: this.reason, httpStatus: this.httpStatus };
  }
}
