/**
 * What the console's page and its backend say to each other, all of it below `/console/api`. Types only: the page imports them
 * and nothing else of the backend. Times are ISO 8601; durations milliseconds. Nothing in any answer is a secret, or a whole access
 * token, digest or signature that a gateway would still take: those come masked (see {@link Masked}). But the inspector shows what
 * the embedded simulator's own secrets give ({@link InspectionResult}), and a call hands out its nonce ({@link CallRecord}).
 *
 * Every request that changes something needs `X-Console: 1` (no foreign page can add it), and its body, if it has one, is JSON;
 * with an access token set (`CONSOLE_ACCESS_TOKEN`) every request but those of `/session` needs the cookie that `POST /session`
 * gives. Refusals are {@link ConsoleProblem} with 400, 401, 403, 404, 409, 413, 415, 429 or 5xx, those of routes that do not exist
 * and of requests that cannot be read included. Without a `code` is only a 500 that nobody foresaw.
 *
 * | Route | Body | Answer |
 * | --- | --- | --- |
 * | `GET /session` | | {@link Session} |
 * | `POST /session` | `{ token }` | {@link Session}, or 401; from the sixth in a minute on late, and 429 where too many wait |
 * | `DELETE /session` | | {@link Session}, whether there was one or not |
 * | `GET /overview` | | {@link Overview} |
 * | `GET /events` | | server-sent events {@link ConsoleEvents}, event name = member name, data = JSON; 429 beyond fifty at once |
 * | `GET /calls` | | `{ calls: CallDefinition[] }` |
 * | `POST /calls/{id}` | `{ input: CallInput }` | {@link CallRecord}, failed calls too |
 * | `GET /calls/records` | | `{ records: CallRecord[] }`, newest first, at most 200 |
 * | `POST /calls/{id}/export` | `{ input, format: ExportFormat }` | {@link ExportedFile} |
 * | `GET /inspector` | | `{ schemes: InspectorScheme[] }` |
 * | `POST /inspector/{scheme}` | {@link Inspection} | {@link InspectionResult} |
 * | `ANY /simulator/{path}` | as the simulator's control address takes it | as that answers; 404 outside the sandbox; 400 for a `url` or `notificationUrl` that is no webhook's of this demo |
 * | `GET /webhooks` | | {@link WebhookDesk} |
 * | `POST /webhooks/send` | {@link WebhookOrder} | {@link SentWebhook} once answered; at once, with `status: null`, when delayed |
 * | `GET /replicas` | | {@link Replicas} |
 * | `POST /evidence` | {@link EvidenceOrder} | {@link ExportedFile} |
 */
export type Gateway = 'alignet' | 'placetopay' | 'netzme';

/**
 * First and last four characters with `…` between, and in brackets how many characters the whole value has: `sha2…9f3c (71)`. Of
 * a short value, or one that people choose and keep for years, the length alone: `… (12)`.
 */
export type Masked = string;

export interface ConsoleProblem {
  readonly statusCode: number;
  /** Stable, e.g. `invalid-input`. */
  readonly code: string;
  /** Names the field and the cure; English. */
  readonly message: string;
  readonly field?: string;
}

export interface Session {
  readonly needsToken: boolean;
  readonly isOpen: boolean;
  readonly environment: 'sandbox' | 'test' | 'production';
  readonly version: string;
}

// ---------------------------------------------------------------- overview

export interface Overview {
  readonly at: string;
  readonly environment: 'sandbox' | 'test' | 'production';
  readonly versions: Readonly<Record<'demo' | 'library' | 'node' | 'nest' | 'axios', string>>;
  readonly process: { readonly pid: number; readonly uptimeMs: number };
  /** Where the simulator, which runs in the demo, reaches the demo; the page's own address may be a proxy's. */
  readonly ownUrl: string;
  readonly gateways: readonly GatewayOverview[];
  /** Where access tokens are kept. */
  readonly store: { readonly kind: 'memory' | 'redis'; readonly state: 'ok' | 'away'; readonly detail?: string };
  readonly hasSimulator: boolean;
  readonly simulatorUrls: Readonly<Record<string, string>>;
  /** What the simulator's clock is ahead of ours; absent without one. */
  readonly simulatorClockOffsetMs?: number;
}

export interface GatewayOverview {
  readonly gateway: Gateway;
  readonly isConfigured: boolean;
  readonly environment?: string;
  /** Of API and, where it differs, token requests; Placetopay's of checkout and, where it differs, payment links. */
  readonly hosts: readonly string[];
  readonly clientId?: Masked;
  /** Absent for Placetopay, which has none. */
  readonly token?: {
    readonly state: 'none' | 'valid' | 'expired' | 'contested';
    readonly fingerprint?: Masked;
    readonly obtainedAt?: string;
    readonly expiresAt?: string;
    readonly ageMs?: number;
    readonly remainingMs?: number;
    readonly renewals: number;
    /** 401s that dropped a token. */
    readonly rejections: number;
    readonly generation?: number;
    readonly source?: 'own' | 'shared';
  };
  /** Alignet: the last nonce of this process. */
  readonly lastNonce?: { readonly at: string; readonly expiresAt: string; readonly nonce: Masked };
  /** What the gateway's clock is ahead of ours, from its `Date` header. */
  readonly clockOffsetMs?: number;
  readonly lastFailure?: { readonly at: string; readonly message: string };
}

export interface ConsoleEvents {
  /** At once, and whenever something in it changes, once a second at most. */
  readonly overview: Overview;
  /** New entries of the simulator's journal. */
  readonly journal: { readonly entries: readonly unknown[] };
  /** Verdicts on webhooks that came in. */
  readonly webhooks: { readonly verdicts: readonly WebhookVerdict[] };
  readonly call: CallRecord;
  readonly replicas: Replicas;
}

// ---------------------------------------------------------------- calls

export interface CallField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'date';
  readonly required: boolean;
  readonly example: string;
}

export interface CallDefinition {
  /** `alignet-nonce`, `alignet-checkout-session`, `placetopay-session`, `placetopay-query`, `placetopay-payment-link`, `netzme-balance`, `netzme-transactions`, `netzme-withdraw-inquiry` */
  readonly id: string;
  readonly gateway: Gateway;
  /** Of the demo's own route that does the same. */
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly fields: readonly CallField[];
}

/** Values as typed; numbers as text too. */
export type CallInput = Readonly<Record<string, string>>;

/** Bytes of one message, credentials masked in place. */
export interface WireMessage {
  /** `POST /nonce HTTP/1.1`, `HTTP/1.1 200 OK`; empty when nothing came. */
  readonly startLine: string;
  /** In the order sent, spelled as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text where it is UTF-8, otherwise hex. */
  readonly body: string;
  readonly bodyEncoding: 'utf8' | 'hex';
  readonly bodyBytes: number;
  /** Headers and body members that were masked, e.g. `Authorization`, `auth.tranKey`. */
  readonly masked: readonly string[];
}

export interface WireExchange {
  /** `token`, `nonce`, or the name of the call. */
  readonly operation: string;
  readonly origin: string;
  readonly request: WireMessage;
  readonly response?: WireMessage;
  /** When no answer came, or not all of one: then there is a `response` as well. */
  readonly failure?: string;
  readonly startedAt: string;
  readonly durationMs: number;
}

export interface CallRecord {
  readonly id: number;
  readonly call: string;
  readonly gateway: Gateway;
  readonly input: CallInput;
  readonly at: string;
  readonly durationMs: number;
  /**
   * What the demo's own route would have answered, but for credentials in it: gateways repeat what they were sent. A nonce is handed
   * out whole, once: it is for the browser.
   */
  readonly outcome: { readonly ok: boolean; readonly status: number; readonly body: unknown };
  /** In the order sent: a token request, the call, its replay after a 401 ... */
  readonly exchanges: readonly WireExchange[];
}

export type ExportFormat = 'curl' | 'postman' | 'bruno';

export interface ExportedFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: string;
}

// ---------------------------------------------------------------- inspector

export interface InspectorField {
  readonly name: string;
  readonly kind: 'text' | 'multiline' | 'choice';
  readonly required: boolean;
  /** What a fresh example has there. */
  readonly example: string;
  readonly choices?: readonly string[];
}

/** `placetopay-auth`, `netzme-signature`, `netzme-basic`, `alignet-nonce-jwt`, and one per signed webhook such as `placetopay-checkout-webhook`. */
export interface InspectorScheme {
  readonly id: string;
  readonly gateway: Gateway;
  readonly fields: readonly InspectorField[];
  /** Whether `expected` can be given and judged. */
  readonly takesExpected: boolean;
  /** Where the secret comes from: the configured merchant's, never the page. */
  readonly secretName: string;
}

export interface Inspection {
  readonly inputs: Readonly<Record<string, string>>;
  /** Value somebody else computed, to find what differs. */
  readonly expected?: string;
}

export interface InspectionStage {
  /** Stable, e.g. `raw-nonce`, `seed`, `string-to-sign`, `key-recipe`, `digest`, `signature`. */
  readonly id: string;
  readonly value: string;
  readonly encoding: 'text' | 'hex' | 'base64' | 'json';
  readonly bytes?: number;
  /** Parts of `value` that are shown as dots: [start, end) in characters. */
  readonly masked?: readonly (readonly [start: number, end: number])[];
  /** English: why something is not shown, or what it does not prove. */
  readonly note?: string;
}

/**
 * Inputs are anybody's choice, so whoever sees results could sign anything. Digest and signature are shown where the secret is
 * one of the embedded simulator's own, elsewhere as dots with a note; the verdict on `expected` is given either way.
 */
export interface InspectionResult {
  readonly stages: readonly InspectionStage[];
  readonly verdict?: {
    readonly match: boolean;
    /**
     * Stable code of the mistake, e.g. `encoding-hex`, several joined by `+`; `unknown` when none of the known ones gives this
     * value. Along with a match, what is to be said of it all the same: `body-refused`.
     */
    readonly code?: string;
    /** Which inputs differ, e.g. `path`, `body`, `auth.nonce`. */
    readonly inputs?: readonly string[];
    /** First byte that differs, where that says something. */
    readonly at?: { readonly input: string; readonly byte: number; readonly ours: string; readonly theirs: string };
    /** English; the page translates by `code` where it can. */
    readonly message?: string;
  };
}

// ---------------------------------------------------------------- webhooks

export interface WebhookDesk {
  readonly schemes: readonly WebhookSchemeInfo[];
  /** Newest first. */
  readonly verdicts: readonly WebhookVerdict[];
  readonly statistics: readonly unknown[];
  /** Sent by the simulator, newest first; empty without one. */
  readonly sent: readonly SentWebhook[];
}

export interface WebhookSchemeInfo {
  readonly gateway: Gateway;
  readonly scheme: string;
  /** The demo's route for it; absent when it has none. */
  readonly path?: string;
  readonly variants: readonly string[];
  readonly sample: unknown;
  readonly breaks: readonly { readonly name: string; readonly does: string }[];
}

export interface WebhookOrder {
  readonly gateway: Gateway;
  readonly scheme: string;
  readonly variant?: string;
  readonly data?: unknown;
  readonly break?: string;
  readonly copies?: number;
  readonly delayMs?: number;
  /** Sends the webhook of this id once more, same bytes; then gateway and scheme are those of that one. */
  readonly resend?: number;
}

export interface SentWebhook {
  readonly id: number;
  readonly at: string;
  readonly gateway: Gateway;
  readonly scheme: string;
  readonly break?: string;
  readonly url: string;
  /** As sent, signature masked. */
  readonly request: WireMessage;
  /** Of the answer, to the last of several copies; 0 where nobody answered, `null` while it waits for its time. */
  readonly status: number | null;
  /** Its body; what kept it away where there is none, e.g. `ECONNREFUSED`. */
  readonly answer?: string;
}

export interface WebhookVerdict {
  readonly verdict: 'accepted' | 'refused';
  readonly at: string;
  readonly gateway: Gateway;
  readonly scheme: string;
  readonly reason?: string;
  /** Copies that came, the first included, and when the last of several did. */
  readonly received?: number;
  readonly lastAt?: string;
  readonly [detail: string]: unknown;
}

// ---------------------------------------------------------------- replicas, evidence

export interface Replicas {
  readonly isShared: boolean;
  readonly self: string;
  /** Those of the last minute, oldest first. */
  readonly replicas: readonly {
    readonly id: string;
    readonly pid: number;
    readonly host: string;
    readonly startedAt: string;
    readonly seenAt: string;
    readonly tokens: readonly {
      readonly gateway: Gateway;
      readonly generation?: number;
      /** Whether it asked for the token in use: the last one that had the lease, which lasts no longer than that. */
      readonly holdsLease: boolean;
      readonly expiresAt?: string;
    }[];
  }[];
}

export interface EvidenceOrder {
  readonly format: 'html' | 'json';
  readonly language: 'en' | 'es' | 'id';
  readonly title?: string;
  /** Of records to take; all when left out. */
  readonly records?: readonly number[];
}
