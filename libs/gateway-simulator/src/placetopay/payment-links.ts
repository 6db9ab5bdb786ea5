import { randomBytes } from 'node:crypto';
import { type PlacetopayAccount } from '../accounts';
import { type Answer, type Exchange, jsonAnswer } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { isObject, type JsonObject } from '../core/json';
import { failed, type Language, status, text } from './messages';
import { linkErrors, parseLinkDate } from './request-rules';
import { formatDate } from './seed';
import { type Caller } from './sessions';

export interface PaymentLink {
  readonly id: number;
  readonly account: PlacetopayAccount;
  readonly code: string;
  readonly language: Language;
  readonly url: string;
  readonly request: JsonObject;
  readonly expiresAt: number;
  disabled: boolean;
  /** When each payment was made, epoch milliseconds. */
  readonly paidAt: number[];
}

/** Of one link; the documentation knows no limit where `paymentsAllowed` sets none. */
const MOST_PAYMENTS = 1_000;

export interface LinkNotice {
  readonly login: string;
  readonly linkId: number;
  readonly reference: unknown;
  readonly hasExpired: boolean;
}

/** Payment Links: create, query, disable; `pages/` has the page a buyer opens. */
export class PlacetopayLinks {
  private readonly links = new Map<number, PaymentLink>();
  private lastId = 0;

  create(exchange: Exchange, caller: Caller): Answer {
    const { now } = exchange;
    const errors = linkErrors(caller.body, now);
    const [field] = Object.keys(errors);
    if (field !== undefined) {
      const message = Object.values(errors).flat().join(' ');
      const body = { status: status('FAILED', 422, 'The given data was invalid.', now), errors };
      return jsonAnswer(422, body, { code: 'invalid-request', input: field, message });
    }
    const id = ++this.lastId;
    const code = randomBytes(20).toString('hex');
    const link: PaymentLink = {
      id,
      account: caller.account,
      code,
      language: caller.language,
      url: `${caller.baseUrl}/link/show?genid=${id}&code=${code}`,
      request: caller.body,
      expiresAt: parseLinkDate(caller.body['expirationDate']) ?? 0,
      disabled: false,
      paidAt: [],
    };
    this.links.set(id, link);
    const ok = status('OK', 'PC', text('created', caller.language), now);
    return jsonAnswer(201, { status: ok, id, url: link.url });
  }

  query(exchange: Exchange, caller: Caller, id: number): Answer {
    const link = this.find(exchange, caller, id);
    return 'refused' in link ? link.refused : jsonAnswer(200, describe(link.found, exchange.now));
  }

  disable(exchange: Exchange, caller: Caller, id: number): Answer {
    const link = this.find(exchange, caller, id);
    if ('refused' in link) return link.refused;
    if (link.found.disabled) {
      const reason = { code: 'link-disabled', input: 'path', message: 'The link was disabled before.' };
      const message = `El link de pago con ID ${id} está desactivado. No se puede realizar ninguna operación.`;
      return failed(400, 400, message, exchange.now, reason);
    }
    link.found.disabled = true;
    return jsonAnswer(200, { status: status('OK', 200, text('linkDisabled', caller.language), exchange.now), id });
  }

  /** @throws {SimulatorInputError} for an unknown link, and one that takes no more payments. */
  pay(id: number, now: number): PaymentLink {
    const link = this.links.get(id);
    if (!link) throw new SimulatorInputError('linkId', 'is not a payment link of this simulator');
    if (linkState(link, now) !== 'ACTIVE') throw new SimulatorInputError('linkId', 'takes no more payments');
    link.paidAt.push(now);
    return link;
  }

  /** The link behind the query of its URL, whose code is all the proof a buyer has. */
  ofPage(query: string): PaymentLink | undefined {
    const params = new URLSearchParams(query);
    const link = this.links.get(Number(params.get('genid')));
    return link?.code === params.get('code') ? link : undefined;
  }

  /** What a notification tells of a link; `undefined` when there is none with this number. */
  notice(linkId: number, now: number): LinkNotice | undefined {
    const link = this.links.get(linkId);
    if (!link) return undefined;
    const { account, expiresAt, request } = link;
    return { login: account.login, linkId, reference: request['reference'], hasExpired: now >= expiresAt };
  }

  reset(): void {
    this.links.clear();
    this.lastId = 0;
  }

  private find(
    { now }: Exchange,
    caller: Caller,
    id: number,
  ): { readonly found: PaymentLink } | { readonly refused: Answer } {
    const found = this.links.get(id);
    if (!found) {
      const reason = { code: 'unknown-link', input: 'path', message: 'This simulator has made no such link.' };
      return { refused: failed(404, 'NA', text('unknownPage', caller.language), now, reason) };
    }
    if (found.account.login !== caller.account.login) {
      const reason = { code: 'foreign-link', input: 'auth.login', message: 'The link belongs to another site.' };
      return { refused: failed(401, 401, text('foreignSite', caller.language), now, reason) };
    }
    return { found };
  }
}

/** Whether somebody may pay by it now, or why not. */
export function linkState({ disabled, expiresAt, paidAt, request }: PaymentLink, now: number) {
  if (disabled) return 'INACTIVE';
  if (now >= expiresAt) return 'EXPIRED';
  const { paymentsAllowed } = request;
  const isUsedUp = typeof paymentsAllowed === 'number' && paidAt.length >= paymentsAllowed;
  return isUsedUp || paidAt.length >= MOST_PAYMENTS ? 'USED_UP' : 'ACTIVE';
}

function describe(link: PaymentLink, now: number) {
  const { request } = link;
  const allowed = request['paymentsAllowed'] ?? null;
  const { amount } = isObject(request['payment']) ? request['payment'] : {};
  return {
    id: link.id,
    status: link.disabled ? 'INACTIVE' : now >= link.expiresAt ? 'EXPIRED' : 'ACTIVE',
    url: link.url,
    expirationDate: request['expirationDate'],
    name: request['name'],
    reference: request['reference'],
    description: request['description'],
    totalPayments: allowed,
    availablePayments: typeof allowed === 'number' ? allowed - link.paidAt.length : allowed,
    paymentExpiration: request['paymentExpiration'],
    amount,
    site: { id: link.account.siteId ?? 1, name: link.account.siteName ?? link.account.login },
    notificationUrl: request['notificationUrl'] ?? null,
    locale: request['locale'] ?? null,
    allowedPaymentMethods: request['paymentMethod'] ?? [],
    payments: link.paidAt.map((paidAt, index) => payment(link.id, index + 1, amount, paidAt)),
    isGeneric: request['isGeneric'] ?? false,
  };
}

/** As the page of the query prints one, without a payer: nobody paid. */
function payment(linkId: number, id: number, amount: unknown, paidAt: number) {
  return {
    id,
    requestId: 1_000_000 * linkId + id,
    status: 'APPROVED',
    message: 'La petición ha sido aprobada exitosamente',
    amount,
    receipt: String(1_000_000 + id),
    franchise: 'CR_VS',
    paymentMethod: 'visa',
    paymentDate: formatDate(paidAt).slice(0, 19).replace('T', ' '),
    internalReference: 2_000_000 * linkId + id,
    authorization: '000000',
    issuerName: 'SIMULATED BANK',
    lastDigits: '1111',
  };
}
