import { type NetzmeAccount } from '../accounts';
import { sameBytes } from '../core/compare';
import { type Exchange, headerValue, type RefusalReason } from '../core/exchange';
import { type NetzmeSettings } from '../settings';
import { bodyToCheck, expectedSignature, type SignedParts } from './signature';
import { findSignatureMistake } from './signature-mistakes';
import { type NetzmeTokens } from './tokens';

export type RequestCheck = { readonly account: NetzmeAccount } | { readonly reason: RefusalReason };

export interface RequestVerification {
  readonly exchange: Exchange;
  readonly accounts: readonly NetzmeAccount[];
  readonly tokens: NetzmeTokens;
  readonly settings: NetzmeSettings;
}

/** Order: authorization, client id, token, time, signature. All but a setting's tolerance is documented as 401. */
export function verifyRequest(request: RequestVerification): RequestCheck {
  const { exchange, accounts, tokens, settings } = request;
  const { headers, now } = exchange;
  const authorization = headers.authorization;
  if (authorization === undefined) return refuse('authorization-missing', 'Authorization', 'Authorization is missing.');
  const value = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (value === undefined) {
    return refuse(
      'authorization-malformed',
      'Authorization',
      'Authorization must be "Bearer <token>", with a capital B.',
    );
  }
  const clientId = headerValue(headers, 'client-id');
  if (clientId === undefined) return refuse('client-id-missing', 'Client-Id', 'Client-Id is missing.');
  const account = accounts.find((each) => each.clientId === clientId);
  if (!account) return refuse('client-id-unknown', 'Client-Id', 'No client has this Client-Id.');

  const token = tokens.check(value, now);
  if (token.state === 'unknown') return refuse('token-unknown', 'Authorization', 'No such token was issued here.');
  if (token.clientId !== clientId) return refuse('client-id-differs', 'Client-Id', "The token is another client's.");
  if (token.state === 'replaced') {
    return refuse('token-replaced', 'Authorization', 'A newer token was issued to this client and ended this one.');
  }
  if (token.state === 'expired') return refuse('token-expired', 'Authorization', 'The token has expired.');

  const timestamp = headerValue(headers, 'request-time');
  if (timestamp === undefined) return refuse('request-time-missing', 'Request-Time', 'Request-Time is missing.');
  const wrongTime = checkTimeFormat(timestamp, settings);
  if (wrongTime) return wrongTime;
  const tolerance = settings.requestTimeToleranceSeconds;
  if (tolerance !== null && Math.abs(Number(timestamp) - now) > tolerance * 1000) {
    return refuse('request-time-off', 'Request-Time', `Request-Time is more than ${tolerance} s off this clock.`);
  }
  const signature = headerValue(headers, 'signature');
  if (signature === undefined) return refuse('signature-missing', 'Signature', 'Signature is missing.');

  const parts: SignedParts = {
    path: Buffer.from(exchange.target, 'latin1'),
    method: exchange.method,
    token: `Bearer ${value}`,
    timestamp,
    body: bodyToCheck(exchange.body, settings),
  };
  if (sameBytes(signature, expectedSignature(account.clientSecret, parts))) return { account };
  return { reason: explainMismatch(signature, account, parts, request) };
}

function checkTimeFormat(timestamp: string, settings: NetzmeSettings): RequestCheck | undefined {
  if (!/^\d{1,19}$/.test(timestamp)) {
    return refuse('request-time-malformed', 'Request-Time', 'Request-Time is not digits.');
  }
  if (!settings.requireMillisecondTime || timestamp.length === 13) return undefined;
  if (timestamp.length === 10) {
    return refuse('request-time-in-seconds', 'Request-Time', 'Request-Time is in seconds; it must be in milliseconds.');
  }
  const message = 'Request-Time is not Unix time in milliseconds, which has 13 digits.';
  return refuse('request-time-malformed', 'Request-Time', message);
}

function explainMismatch(
  signature: string,
  account: NetzmeAccount,
  parts: SignedParts,
  { exchange, accounts, tokens }: RequestVerification,
): RefusalReason {
  const mistake = findSignatureMistake({
    signature,
    clientSecret: account.clientSecret,
    parts,
    receivedBody: exchange.body,
    host: exchange.headers.host,
    earlierTokens: tokens.earlierOf(account.clientId),
    otherSecrets: accounts.filter((each) => each !== account).map(({ clientSecret }) => clientSecret),
  });
  return (
    mistake ?? {
      code: 'signature-mismatch',
      input: 'Signature',
      message:
        'The signature fits neither what was received nor any known mistake: most likely the secret or the body differs.',
    }
  );
}

function refuse(code: string, input: string, message: string): RequestCheck {
  return { reason: { code, input, message } };
}
