import { createHash, randomBytes } from 'node:crypto';
import { type PlacetopayAccount } from '../accounts';
import { type Answer, type Exchange, jsonAnswer } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { isObject, type JsonObject } from '../core/json';
import { SESSION_OUTCOMES, type SessionOutcome } from '../settings';
import { failed, type Language, status, type StatusObject, text } from './messages';
import { sessionErrors } from './request-rules';
import { formatDate, parseSeed } from './seed';

export interface Session {
  readonly requestId: number;
  readonly login: string;
  readonly siteName: string;
  readonly code: string;
  readonly processUrl: string;
  readonly request: JsonObject;
  readonly language: Language;
  state: SessionOutcome | 'CANCELLED' | 'CANCELLED_BY_USER';
  changedAt: number;
}

export interface SessionNotice {
  readonly login: string;
  readonly requestId: number;
  readonly status: StatusObject;
  readonly reference: unknown;
}

/** An authenticated call: who asks, what, and in which language to answer. */
export interface Caller {
  readonly account: PlacetopayAccount;
  readonly body: JsonObject;
  readonly language: Language;
  readonly baseUrl: string;
}

/** Members of the request a query repeats; `auth` is never among them. */
const ECHOED = [
  'locale',
  'payer',
  'buyer',
  'subscription',
  'autopay',
  'paymentMethod',
  'returnUrl',
  'cancelUrl',
  'ipAddress',
  'userAgent',
  'skipResult',
  'noBuyerFill',
  'type',
  'metadata',
] as const;

const DEFAULT_EXPIRATION_MS = 30 * 60_000;

/** WebCheckout sessions: create, query, cancel; `pages/` has the page a buyer is sent to. */
export class PlacetopaySessions {
  private readonly sessions = new Map<number, Session>();
  private lastId = 0;

  create(exchange: Exchange, caller: Caller, outcome: SessionOutcome): Answer {
    const { now } = exchange;
    const errors = sessionErrors(caller.body, now);
    const [field] = Object.keys(errors);
    if (field !== undefined) {
      const message = Object.values(errors).flat().join(' ');
      const reasonText = field.startsWith('payer') ? 'payer_data_not_valid' : 'transaction_request_error';
      return failed(400, reasonText, message, now, { code: 'invalid-request', input: field, message });
    }
    const requestId = ++this.lastId;
    const code = randomBytes(16).toString('hex');
    const session: Session = {
      requestId,
      login: caller.account.login,
      siteName: caller.account.siteName ?? caller.account.login,
      code,
      processUrl: `${caller.baseUrl}/session/${requestId}/${code}`,
      request: { ...caller.body, expiration: caller.body['expiration'] ?? formatDate(now + DEFAULT_EXPIRATION_MS) },
      language: caller.language,
      state: outcome,
      changedAt: now,
    };
    this.sessions.set(requestId, session);
    const ok = status('OK', 'PC', text('created', caller.language), now);
    return jsonAnswer(200, { status: ok, requestId, processUrl: session.processUrl });
  }

  query(exchange: Exchange, caller: Caller, requestId: number): Answer {
    const session = this.ownSession(requestId, caller);
    return session ? jsonAnswer(200, describe(session)) : unknownSession(caller.language, exchange.now);
  }

  cancel(exchange: Exchange, caller: Caller, requestId: number): Answer {
    const { now } = exchange;
    const session = this.ownSession(requestId, caller);
    if (!session) return unknownSession(caller.language, now);
    if (session.state !== 'PENDING') {
      const reason = {
        code: 'session-not-pending',
        input: 'path',
        message: 'Only a pending session can be cancelled.',
      };
      return failed(400, 'action_not_allowed', text('notPending', caller.language), now, reason);
    }
    session.state = 'CANCELLED';
    session.changedAt = now;
    const ok = status('OK', '00', text('created', caller.language), now);
    return jsonAnswer(200, { status: ok, session: describe(session) });
  }

  /** The session behind a `processUrl`, whose code is all the proof a buyer has. */
  ofPage(path: string): Session | undefined {
    const [, , id, code] = path.split('/');
    const session = this.sessions.get(Number(id));
    return session?.code === code ? session : undefined;
  }

  /** What a notification tells of a session; `undefined` when there is none with this number. */
  notice(requestId: number): SessionNotice | undefined {
    const session = this.sessions.get(requestId);
    if (!session) return undefined;
    const { payment, subscription } = session.request;
    const subject = isObject(payment) ? payment : isObject(subscription) ? subscription : {};
    return { login: session.login, requestId, status: statusOf(session), reference: subject['reference'] };
  }

  /** @throws {SimulatorInputError} for an unknown session or outcome. */
  setOutcome(requestId: number, outcome: SessionOutcome, now: number): void {
    const session = this.sessions.get(requestId);
    if (!session) throw new SimulatorInputError('requestId', 'is not a session of this simulator');
    if (!SESSION_OUTCOMES.includes(outcome)) {
      throw new SimulatorInputError('status', `must be one of ${SESSION_OUTCOMES.join(', ')}`);
    }
    session.state = outcome;
    session.changedAt = now;
  }

  reset(): void {
    this.sessions.clear();
    this.lastId = 0;
  }

  private ownSession(requestId: number, { account }: Caller): Session | undefined {
    const session = this.sessions.get(requestId);
    return session?.login === account.login ? session : undefined;
  }
}

function unknownSession(language: Language, now: number): Answer {
  const reason = { code: 'unknown-session', input: 'path', message: 'This site has no such session.' };
  return failed(404, 'request_not_valid', text('unknownSession', language), now, reason);
}

function statusOf({ state, changedAt, language }: Session): StatusObject {
  switch (state) {
    case 'APPROVED':
      return status('APPROVED', '00', text('approved', language), changedAt);
    case 'PENDING':
      return status('PENDING', 'PT', text('pending', language), changedAt);
    case 'REJECTED':
      return status('REJECTED', 'XN', text('rejected', language), changedAt);
    case 'CANCELLED':
      return status('REJECTED', 'MC', text('cancelled', language), changedAt);
    case 'CANCELLED_BY_USER':
      return status('REJECTED', '?C', text('cancelledByUser', language), changedAt);
  }
}

/** Whether a buyer would come too late. */
export function hasExpired({ request, state }: Session, now: number): boolean {
  const expiresAt = parseSeed(String(request['expiration']));
  return state === 'PENDING' && typeof expiresAt === 'number' && now >= expiresAt;
}

function describe(session: Session) {
  const { request, processUrl, state } = session;
  const echoed = Object.fromEntries(
    ECHOED.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]])),
  );
  const fields = Array.isArray(request['fields']) ? (request['fields'] as unknown[]) : [];
  const payment = isObject(request['payment'])
    ? { allowPartial: false, subscribe: false, ...request['payment'] }
    : undefined;
  return {
    requestId: session.requestId,
    status: statusOf(session),
    request: {
      ...echoed,
      ...(payment && { payment }),
      fields: [...fields, { keyword: '_processUrl_', value: processUrl, displayOn: 'none' }],
      expiration: request['expiration'],
    },
    payment: payment && (state === 'APPROVED' || state === 'REJECTED') ? [transaction(session)] : null,
    subscription: state === 'APPROVED' && subscribes(request) ? cardToken(session) : null,
  };
}

function subscribes({ subscription, payment }: JsonObject): boolean {
  return isObject(subscription) || (isObject(payment) && payment['subscribe'] === true);
}

/** The card that the buyer left, as the page of the query prints it: a token to charge later. */
function cardToken({ requestId, code, changedAt, language }: Session) {
  const instrument = {
    token: createHash('sha256').update(code).digest('hex'),
    subtoken: `${String(requestId).padStart(12, '9')}1111`,
    franchise: 'visa',
    franchiseName: 'Visa',
    issuerName: 'SIMULATED BANK',
    lastDigits: '1111',
    validUntil: `${new Date(changedAt).getUTCFullYear() + 3}-12-31`,
    installments: null,
  };
  return {
    status: status('OK', '00', text('approved', language), changedAt),
    type: 'token',
    instrument: Object.entries(instrument).map(([keyword, value]) => ({ keyword, value, displayOn: 'none' })),
  };
}

function transaction(session: Session) {
  const payment = isObject(session.request['payment']) ? session.request['payment'] : {};
  const { amount, reference } = payment;
  return {
    status: statusOf(session),
    internalReference: 1_000_000 + session.requestId,
    reference,
    paymentMethod: 'visa',
    paymentMethodName: 'Visa',
    issuerName: 'SIMULATED BANK',
    amount: { from: amount, to: amount, factor: 1 },
    authorization: session.state === 'APPROVED' ? '999999' : '000000',
    receipt: String(1_000_000 + session.requestId),
    franchise: 'CR_VS',
    refunded: false,
    processorFields: [{ keyword: 'lastDigits', value: '1111', displayOn: 'none' }],
  };
}
