import { type PlacetopayAccount, type SiteState } from '../accounts';
import { decodeStandardBase64 } from '../core/compare';
import { type RefusalReason } from '../core/exchange';
import { hasJsonContentType, isObject, type JsonObject } from '../core/json';
import { type PlacetopaySettings } from '../settings';
import { algorithmOf, digestMatches } from './digest';
import { findDigestMistake } from './digest-mistakes';
import { type AuthProse } from './messages';
import { parseSeed } from './seed';

export interface AuthRefusal {
  /** The code that ends up inside the message, unless a sentence takes its place. */
  readonly code: number;
  readonly prose?: AuthProse;
  readonly reason: RefusalReason;
}

export type AuthCheck = { readonly account: PlacetopayAccount } | { readonly refusal: AuthRefusal };

export interface AuthVerification {
  /** The page of Payment Links knows fewer codes than WebCheckout's. */
  readonly product: 'checkout' | 'payment-links';
  readonly contentType: string | undefined;
  readonly body: JsonObject | undefined;
  readonly now: number;
  readonly accounts: readonly PlacetopayAccount[];
  readonly settings: PlacetopaySettings;
  readonly siteState: (account: PlacetopayAccount) => SiteState;
  /** Remembers the nonce; tells whether it was seen within the window. */
  readonly isReplay: (login: string, nonce: string) => boolean;
}

const MEMBERS = ['login', 'tranKey', 'nonce', 'seed'] as const;
const LONGEST = { login: 32, tranKey: 64, nonce: 255, seed: 35 } as const;
type AuthMembers = Record<(typeof MEMBERS)[number], string>;

const STATE_CODES: Readonly<Record<SiteState, number | undefined>> = {
  active: undefined,
  inactive: 104,
  expired: 105,
  'credentials-expired': 106,
  'other-environment': 101,
};

/**
 * Verifies the `auth` object. Order: shape (100, 107), then the codes as they ascend: login 101 (also for a site of another
 * environment), digest 102, seed 103, site 104 to 106, and the replay check last. The documentation gives no order; this one never tells the state of a
 * site to somebody who does not hold its secret.
 */
export function verifyAuth(request: AuthVerification): AuthCheck {
  const shape = readAuth(request);
  if ('refusal' in shape) return shape;
  const { auth } = shape;

  const account = request.accounts.find(({ login }) => login === auth.login);
  if (!account) return refusal(101, 'unknown-login', 'auth.login', describeUnknownLogin(auth.login, request.accounts));
  const state = request.siteState(account);
  if (state === 'other-environment') {
    const message = 'The credentials are good in another environment, not in this one.';
    const prose = request.product === 'payment-links' ? 'site-information' : undefined;
    return refusal(101, 'site-other-environment', 'auth.login', message, prose);
  }
  const wrongDigest = checkDigest(auth, account, request);
  if (wrongDigest) return wrongDigest;
  const wrongSeed = checkSeed(auth.seed, request);
  if (wrongSeed) return wrongSeed;
  const stateCode = STATE_CODES[state];
  if (stateCode !== undefined) return refusal(stateCode, `site-${state}`, 'auth.login', `The site is ${state}.`);
  if (request.settings.refuseReplayedNonce && request.isReplay(auth.login, auth.nonce)) {
    const message = 'This nonce was used within the window before; every attempt needs a new one.';
    return refusal(request.settings.replayedNonceCode, 'nonce-replayed', 'auth.nonce', message);
  }
  return { account };
}

function readAuth(request: AuthVerification): { readonly auth: AuthMembers } | { readonly refusal: AuthRefusal } {
  const malformed = (code: string, input: string, message: string, prose: AuthProse = 'malformed') =>
    refusal(100, code, input, message, prose);
  /** 107, which Payment Links do not know: their page says 102 of a malformed `tranKey`, and malformed of the rest. */
  const unfit = (code: string, name: string, message: string) => {
    if (request.product === 'checkout') return refusal(107, code, `auth.${name}`, message);
    return name === 'tranKey' ? refusal(102, code, `auth.${name}`, message) : malformed(code, `auth.${name}`, message);
  };
  if (!hasJsonContentType(request.contentType)) {
    return malformed('not-json', 'Content-Type', 'Content-Type must be application/json; else the body is just text.');
  }
  const auth = request.body?.['auth'];
  if (!request.body) return malformed('not-json', 'body', 'The body is not a JSON object.');
  if (!isObject(auth)) return malformed('auth-missing', 'auth', 'The body has no object "auth" at its root.');
  const missing = MEMBERS.find((name) => auth[name] === undefined || auth[name] === null);
  if (missing) {
    return malformed('member-missing', `auth.${missing}`, `auth.${missing} is missing.`, 'members-missing');
  }
  for (const name of MEMBERS) {
    const value = auth[name];
    if (typeof value !== 'string' || value === '') {
      return unfit('wrong-type', name, `auth.${name} must be a non-empty string.`);
    }
    if (value.length > LONGEST[name]) {
      const hint = name === 'tranKey' ? mistakeOf(auth as AuthMembers, request)?.message : undefined;
      const message = `auth.${name} has more than ${LONGEST[name]} characters.${hint ? ` ${hint}` : ''}`;
      return unfit('too-long', name, message);
    }
  }
  const additional = auth['additional'];
  if (additional !== undefined && additional !== null && typeof additional !== 'object') {
    return unfit('wrong-type', 'additional', 'auth.additional must be an object or a list.');
  }
  const members = auth as AuthMembers;
  if (decodeNonce(members.nonce, request.settings) === undefined) {
    return unfit('nonce-not-base64', 'nonce', 'auth.nonce is not padded base64 of the standard alphabet.');
  }
  return { auth: members };
}

function checkDigest(auth: AuthMembers, account: PlacetopayAccount, request: AuthVerification) {
  const rawNonce = decodeNonce(auth.nonce, request.settings) ?? Buffer.alloc(0);
  const algorithm = algorithmOf(auth.tranKey);
  const accepted = algorithm === 'sha256' || (algorithm === 'sha1' && request.settings.acceptSha1);
  const input = { rawNonce, seed: auth.seed, secretKey: account.secretKey };
  if (accepted && digestMatches(auth.tranKey, algorithm, input)) return undefined;
  const mistake = mistakeOf(auth, request) ?? {
    code: 'digest-mismatch',
    message:
      'The digest fits neither the inputs sent nor any known mistake: most likely the secret is a different one.',
  };
  return refusal(102, mistake.code, 'auth.tranKey', mistake.message);
}

function checkSeed(seed: string, { now, settings }: AuthVerification) {
  const instant = parseSeed(seed);
  if (instant === undefined) return refusal(103, 'seed-unreadable', 'auth.seed', 'auth.seed is not an ISO-8601 date.');
  if (instant === 'no-zone') return refusal(103, 'seed-without-zone', 'auth.seed', 'auth.seed has no zone offset.');
  const driftSeconds = (instant - now) / 1000;
  if (Math.abs(driftSeconds) <= settings.seedToleranceSeconds) return undefined;
  const direction = driftSeconds < 0 ? 'behind' : 'ahead of';
  const message = `auth.seed is ${Math.abs(Math.round(driftSeconds))} s ${direction} this clock; ${settings.seedToleranceSeconds} s are allowed.`;
  return refusal(103, driftSeconds < 0 ? 'seed-too-old' : 'seed-in-future', 'auth.seed', message);
}

function mistakeOf(auth: AuthMembers, { accounts, settings }: AuthVerification) {
  const account = accounts.find(({ login }) => login === auth.login);
  const rawNonce = typeof auth.nonce === 'string' ? decodeNonce(auth.nonce, settings) : undefined;
  if (!account || !rawNonce || typeof auth.seed !== 'string') return undefined;
  return findDigestMistake({
    rawNonce,
    nonce: auth.nonce,
    seed: auth.seed,
    tranKey: auth.tranKey,
    secretKey: account.secretKey,
    otherSecretKeys: accounts.filter((each) => each !== account).map(({ secretKey }) => secretKey),
  });
}

/** Decodes once: the official SDKs send base64 of base64 text, and the inner text is what they hash. */
function decodeNonce(nonce: string, settings: PlacetopaySettings): Buffer | undefined {
  return settings.nonceEncoding === 'lenient' ? Buffer.from(nonce, 'base64') : decodeStandardBase64(nonce);
}

function describeUnknownLogin(login: string, accounts: readonly PlacetopayAccount[]): string {
  const near = accounts.some((account) => account.login.toLowerCase() === login.trim().toLowerCase());
  return near ? 'No site has this login; one differs only in case or spaces.' : 'No site has this login.';
}

function refusal(
  code: number,
  reasonCode: string,
  input: string,
  message: string,
  prose?: AuthProse,
): { readonly refusal: AuthRefusal } {
  return { refusal: { code, ...(prose && { prose }), reason: { code: reasonCode, input, message } } };
}
