import { type Answer, type Exchange, jsonAnswer } from '../core/exchange';
import { isOwnAudience } from './audience';
import { type AccessTokenGrant } from './credentials';
import { expiresIn, failure, meta, success } from './messages';
import { type AlignetContext, foreignAudience, missingMember, readBody, splitScopes } from './token-endpoint';

const NONCE_MEMBERS = ['action', 'audience', 'client_id', 'scope'] as const;
const REQUIRED_SCOPE = 'post:charges';

/** Order: bearer (401), content type, JSON, members, action, audience, client (400), scope (403). */
export function answerNonce(exchange: Exchange, context: AlignetContext): Answer {
  const { settings } = context;
  const refuse = (status: number, code: string, input: string, message: string) =>
    failure('nonce', status, settings, { code, input, message });

  const bearer = checkBearer(exchange, context);
  if ('problem' in bearer) return refuse(401, bearer.problem, 'Authorization', bearer.message);
  // V1 lists a user name here too; the current OpenAPI file does not.
  const read = readBody(exchange, settings, NONCE_MEMBERS);
  if ('problem' in read) return refuse(400, ...read.problem);
  const { body } = read;
  if (body['action'] !== 'create.nonce') return refuse(400, 'wrong-action', 'action', 'action must be "create.nonce".');
  const missing = missingMember(body, NONCE_MEMBERS);
  if (missing) return refuse(400, 'missing-member', missing, `${missing} must be a non-empty string.`);
  if (!isOwnAudience(String(body['audience']), context.audiences)) {
    return refuse(400, ...foreignAudience(settings));
  }
  if (body['client_id'] !== bearer.grant.clientId) {
    return refuse(400, 'client-differs', 'client_id', 'client_id is not the one the access token was issued to.');
  }
  const scopes = splitScopes(String(body['scope']));
  const lacking = [REQUIRED_SCOPE, ...scopes].find((scope) => !bearer.grant.scopes.includes(scope));
  if (lacking !== undefined) {
    return refuse(403, 'token-lacks-scope', 'scope', `The access token does not have the scope ${lacking}.`);
  }

  const nonce = context.credentials.issueNonce(
    { ...bearer.grant, audience: String(body['audience']) },
    settings.nonceLifetimeSeconds,
    exchange.now,
  );
  const answer = {
    action: 'create.nonce',
    success: success(true, settings),
    nonce,
    scope: scopes.join(' '),
    expires_in: expiresIn(settings.nonceLifetimeSeconds, settings),
    nonce_creation: meta('Código Nonce creado'),
  };
  return jsonAnswer(200, answer, undefined, { 'Cache-Control': 'no-store' });
}

type BearerCheck = { readonly grant: AccessTokenGrant } | { readonly problem: string; readonly message: string };

export function checkBearer(exchange: Exchange, { credentials }: AlignetContext): BearerCheck {
  const header = exchange.headers.authorization;
  if (header === undefined) return { problem: 'bearer-missing', message: 'The header Authorization is missing.' };
  const token = /^bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined) return { problem: 'bearer-malformed', message: 'Authorization is not "Bearer <token>".' };
  const check = credentials.checkToken(token, exchange.now);
  switch (check.state) {
    case 'valid':
      return { grant: check.grant };
    case 'expired':
      return { problem: 'bearer-expired', message: 'The access token has expired.' };
    case 'revoked':
      return { problem: 'bearer-revoked', message: 'The access token was revoked.' };
    case 'unknown':
      return { problem: 'bearer-unknown', message: 'This simulator has not issued such an access token.' };
  }
}
