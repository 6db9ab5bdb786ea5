import { type AlignetAccount } from '../accounts';
import { sameBytes } from '../core/compare';
import { type Answer, type Exchange, headerValue, jsonAnswer } from '../core/exchange';
import { hasJsonContentType, type JsonObject, parseJsonObject } from '../core/json';
import { type AlignetSettings } from '../settings';
import { type AudienceScope, isKnownAudience, isOwnAudience } from './audience';
import { type AlignetCredentials } from './credentials';
import { expiresIn, failure, meta, success } from './messages';

export const DOCUMENTED_SCOPES: readonly string[] = [
  'create:token',
  'post:charges',
  'get:charges',
  'delete:charges',
  'offline_access',
];

/** The version whose OpenAPI file says `additionalProperties: false`. */
const STRICT_VERSION = '1709847567';
/** The version of the V1 docs, which have the legacy grants. */
const V1_VERSION = '1618440906';
const TOKEN_MEMBERS = ['action', 'grant_type', 'audience', 'client_id', 'client_secret', 'scope'] as const;
/** Limit of ids, secrets, user, password and refresh token in the V1 docs. */
const LONGEST_CREDENTIAL = 100;

export interface AlignetContext {
  readonly accounts: readonly AlignetAccount[];
  readonly settings: AlignetSettings;
  readonly audiences: AudienceScope;
  readonly credentials: AlignetCredentials;
}

/** Order: content type, JSON, version, members, action, required members, grant, audience, client, secret, scope. */
export function answerToken(exchange: Exchange, context: AlignetContext): Answer {
  const { settings, credentials } = context;
  const refuse = (status: number, code: string, input: string, message: string) =>
    failure('token', status, settings, { code, input, message });

  const read = readBody(exchange, settings, TOKEN_MEMBERS);
  if ('problem' in read) return refuse(400, ...read.problem);
  const { body } = read;
  if (body['action'] !== 'authorize') return refuse(400, 'wrong-action', 'action', 'action must be "authorize".');
  const missing = missingMember(body, TOKEN_MEMBERS);
  if (missing) return refuse(400, 'missing-member', missing, `${missing} must be a non-empty string.`);
  const form = Object.fromEntries(TOKEN_MEMBERS.map((name) => [name, String(body[name])])) as TokenForm;
  for (const name of ['client_id', 'client_secret'] as const) {
    if (form[name].length > LONGEST_CREDENTIAL) {
      return refuse(400, 'too-long', name, `${name} is longer than ${LONGEST_CREDENTIAL} characters.`);
    }
  }
  const grants = settings.legacyGrants ? ['client_credentials', 'password', 'refresh_token'] : ['client_credentials'];
  if (!grants.includes(form.grant_type)) {
    return refuse(400, 'wrong-grant', 'grant_type', `grant_type must be one of: ${grants.join(', ')}.`);
  }
  if (!isKnownAudience(form.audience, context.audiences)) {
    return refuse(400, 'unknown-audience', 'audience', 'audience is none of the documented ones, nor this simulator.');
  }
  if (!isOwnAudience(form.audience, context.audiences)) {
    return refuse(400, ...foreignAudience(settings));
  }

  const account = context.accounts.find(({ clientId }) => clientId === form.client_id);
  if (!account) return refuse(401, 'unknown-client', 'client_id', 'No account has this client_id.');
  if (!sameBytes(form.client_secret, account.clientSecret)) {
    return refuse(401, 'wrong-secret', 'client_secret', describeWrongSecret(form.client_secret, account, context));
  }
  const wrongGrant = checkLegacyGrant(form.grant_type, body, account, credentials);
  if (wrongGrant) return refuse(401, 'wrong-grant-credentials', wrongGrant, `${wrongGrant} is not the account's.`);
  const scopes = splitScopes(form.scope);
  const allowed = account.scopes ?? DOCUMENTED_SCOPES;
  const excess = scopes.find((scope) => !allowed.includes(scope));
  if (excess !== undefined) {
    return refuse(401, 'scope-not-allowed', 'scope', `The account does not have the scope ${excess}.`);
  }
  if (settings.requireCreateTokenScope && !scopes.includes('create:token')) {
    return refuse(401, 'scope-missing', 'scope', 'The scope create:token is needed to obtain a token at all.');
  }
  return grantToken(account, scopes, form.audience, exchange.now, context);
}

type TokenForm = Record<(typeof TOKEN_MEMBERS)[number], string>;

function grantToken(
  account: AlignetAccount,
  scopes: readonly string[],
  audience: string,
  now: number,
  { settings, credentials }: AlignetContext,
): Answer {
  if (settings.newTokenEndsPrevious) credentials.revoke(account.clientId);
  const expiresAt = now + settings.tokenLifetimeSeconds * 1000;
  const accessToken = credentials.issueToken({ clientId: account.clientId, scopes, audience, expiresAt }, now);
  const answer = {
    action: 'authorize',
    success: success(true, settings),
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn(settings.tokenLifetimeSeconds, settings),
    scope: scopes.join(' '),
    ...(scopes.includes('offline_access') && { refresh_token: credentials.issueRefreshToken(account.clientId) }),
    authorization: meta('Autenticación exitosa'),
  };
  return jsonAnswer(200, answer, undefined, { 'Cache-Control': 'no-store' });
}

function checkLegacyGrant(
  grant: string,
  body: JsonObject,
  account: AlignetAccount,
  credentials: AlignetCredentials,
): string | undefined {
  if (grant === 'refresh_token') {
    const token = body['refresh_token'];
    return typeof token === 'string' && credentials.ownsRefreshToken(token, account.clientId)
      ? undefined
      : 'refresh_token';
  }
  if (grant !== 'password') return undefined;
  // The V1 table calls both optional and its sample sends both: what is sent must be right.
  return (['username', 'password'] as const).find((name) => body[name] !== undefined && body[name] !== account[name]);
}

function describeWrongSecret(secret: string, account: AlignetAccount, { accounts }: AlignetContext): string {
  if (secret.trim() === account.clientSecret) return 'client_secret has whitespace around it.';
  if (accounts.some(({ clientSecret }) => sameBytes(clientSecret, secret))) {
    return "client_secret is another account's: each currency has credentials of its own.";
  }
  return "client_secret is not the account's.";
}

type Problem = readonly [code: string, input: string, message: string];

/** The JSON object of a request to `/token` or `/nonce`, or why there is none. */
export function readBody(
  exchange: Exchange,
  settings: AlignetSettings,
  members: readonly string[],
): { readonly body: JsonObject } | { readonly problem: Problem } {
  if (!hasJsonContentType(exchange.headers['content-type'])) {
    return { problem: ['not-json', 'Content-Type', 'Content-Type must be application/json; a form is not accepted.'] };
  }
  const body = parseJsonObject(exchange.body);
  if (!body) return { problem: ['not-json', 'body', 'The body is not a JSON object.'] };
  const version = headerValue(exchange.headers, 'alg-api-version');
  if (settings.requireVersionHeader) {
    if (version === undefined) {
      return { problem: ['missing-version', 'ALG-API-VERSION', 'The header ALG-API-VERSION is missing.'] };
    }
    const versions = settings.legacyGrants ? [STRICT_VERSION, V1_VERSION] : [STRICT_VERSION];
    if (!versions.includes(version)) {
      const message = `The header ALG-API-VERSION must be ${versions.join(' or ')}.`;
      return { problem: ['wrong-version', 'ALG-API-VERSION', message] };
    }
  }
  const unknown = Object.keys(body).find((name) => !members.includes(name));
  if (unknown !== undefined && version === STRICT_VERSION && settings.refuseUnknownMembers) {
    const message = `Version ${STRICT_VERSION} allows no member besides ${members.join(', ')}.`;
    return { problem: ['unknown-member', unknown, message] };
  }
  return { body };
}

/** Documented as 400 at `/nonce`; a token for another environment would be of no use either. */
export function foreignAudience({ environment }: AlignetSettings): Problem {
  const message = `audience does not belong to this environment (${environment}).`;
  return ['audience-of-another-environment', 'audience', message];
}

export function missingMember(body: JsonObject, members: readonly string[]): string | undefined {
  return members.find((name) => typeof body[name] !== 'string' || body[name] === '');
}

export function splitScopes(scope: string): string[] {
  return [...new Set(scope.split(' ').filter(Boolean))];
}
