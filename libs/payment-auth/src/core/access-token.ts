import { isVisibleAscii } from './visible-ascii';

/** An access token in use. */
export interface AccessToken {
  /** The token, opaque. Never log it. */
  readonly value: string;
  /** Epoch ms at which we received it, by our own wall clock. For display. */
  readonly obtainedAt: number;
  /** Epoch ms at which it expires, by our own wall clock. For display: lifetimes are measured monotonically. */
  readonly expiresAt: number;
}

/** What a gateway's token answer comes down to. */
export interface IssuedAccessToken {
  readonly value: string;
  /** Milliseconds the token lives from the moment its answer arrived. Greater than zero. */
  readonly lifetimeMs: number;
}

/** What web servers take in one header, 8 KiB by default, less its name and the scheme. In characters. */
const LONGEST_TOKEN = 8_000;

/** Whether a token can be sent at all. One that no header can carry would fail every request, with the token in the error. */
export const isUsableTokenValue = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_TOKEN && isVisibleAscii(value);

/**
 * The longest life that is believed, in milliseconds: 31 days. The longest any gateway is known to give is one (Netzme's
 * consumer API), so what is longer is a wrong unit or no lifetime at all, and would keep a dead token in a store for ever.
 */
const LONGEST_LIFETIME_MS = 31 * 24 * 3_600_000;

export const isBelievableLifetime = (lifetimeMs: number): boolean =>
  lifetimeMs > 0 && lifetimeMs <= LONGEST_LIFETIME_MS;

/** When to renew, and how long a token request may take. All times in milliseconds. */
export interface AccessTokenPolicy {
  /**
   * `early`: within `refreshMarginMs` of expiry, callers go on with the current token while it is renewed behind them.
   * `late`: the token serves until `refreshMarginMs` before expiry, then callers wait for the next one; for gateways
   * where a new token kills the old one, so that renewing early would fail the requests still in flight.
   */
  readonly renewal: 'early' | 'late';
  readonly refreshMarginMs: number;
  /** Deadline of one token request. */
  readonly timeoutMs: number;
}

/** A token is never handed out in the last moments of its life: it would be dead on arrival. */
export const DEAD_ON_ARRIVAL_MS = 2_000;
/** A margin larger than this share of the lifetime would renew a short-lived token on every call. */
const LARGEST_MARGIN_SHARE = 0.1;

/** How long before expiry a renewal is due, and how long before expiry the token is no longer handed out. */
export function renewalMargins(
  lifetimeMs: number,
  policy: AccessTokenPolicy,
): { renewMarginMs: number; unusableMarginMs: number } {
  const largest = lifetimeMs * LARGEST_MARGIN_SHARE;
  const renewMarginMs = Math.min(policy.refreshMarginMs, largest);
  const unusableMarginMs = policy.renewal === 'late' ? renewMarginMs : Math.min(DEAD_ON_ARRIVAL_MS, renewMarginMs);
  return { renewMarginMs, unusableMarginMs };
}
