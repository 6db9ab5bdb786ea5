import { randomBytes } from 'node:crypto';
import { type Answer, type Exchange, jsonAnswer } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { CHARGE_STATES, type ChargeState } from '../settings';
import { failure, meta, success } from './messages';
import { checkBearer } from './nonce-endpoint';
import { type PaymentMethod, type Purchase } from './purchase';
import { type AlignetContext } from './token-endpoint';

/** One payment, authorized or not. */
export interface Charge extends Purchase {
  readonly transactionId: string;
  readonly method: PaymentMethod;
  readonly lifecycle: { readonly state: ChargeState; readonly at: number }[];
}

/** Nothing is notified of a charge before its authorization has ended. */
const OPEN_STATES: ReadonlySet<ChargeState> = new Set(['REGISTRADO', 'PENDIENTE']);

/** What a notification tells of a charge. */
export interface ChargeNotice {
  readonly merchantCode: string;
  readonly operationNumber: string;
  readonly transactionId: string;
  readonly state: ChargeState;
  readonly amount: string;
  readonly currency: string;
}

/** Charges: made by the stand-in for Flex, queried and reversed by merchants. */
export class AlignetCharges {
  private readonly charges = new Map<string, Charge>();

  /** @param onResult told of every charge that is made in, or set to, a state that ends its authorization */
  constructor(private readonly onResult: (transactionId: string) => void) {}

  make(purchase: Purchase, method: PaymentMethod, state: ChargeState, now: number): Charge {
    const states = new Set<ChargeState>(['REGISTRADO', state]);
    const charge: Charge = {
      ...purchase,
      transactionId: randomBytes(16).toString('hex').slice(0, 25),
      method,
      lifecycle: [...states].map((reached) => ({ state: reached, at: now })),
    };
    this.charges.set(charge.transactionId, charge);
    this.tellResult(charge);
    return charge;
  }

  /** The charges of one operation of a merchant. */
  ofOperation(merchantCode: string | undefined, operationNumber: string | undefined): Charge[] {
    return [...this.charges.values()].filter(
      (charge) => charge.merchantCode === merchantCode && charge.operationNumber === operationNumber,
    );
  }

  /** Order: bearer (401), path (404), scope (403 by setting), merchant and charge (404), state (400 by setting). */
  answerCharge(exchange: Exchange, context: AlignetContext): Answer {
    const refuse = (status: number, code: string, input: string, message: string) =>
      failure('other', status, context.settings, { code, input, message });
    const bearer = checkBearer(exchange, context);
    if ('problem' in bearer) return refuse(401, bearer.problem, 'Authorization', bearer.message);
    const [merchantCode, operationNumber, transactionId, ...rest] = exchange.path.split('/').slice(2);
    const isDelete = exchange.method === 'DELETE';
    if ((!isDelete && exchange.method !== 'GET') || rest.length > 0 || (transactionId === undefined && !isDelete)) {
      return refuse(
        404,
        'not-simulated',
        'path',
        'Only GET with three path members and DELETE with two are simulated.',
      );
    }
    const scope = isDelete ? 'delete:charges' : 'get:charges';
    if (context.settings.enforceChargeScopes && !bearer.grant.scopes.includes(scope)) {
      return refuse(403, 'token-lacks-scope', 'scope', `The access token does not have the scope ${scope}.`);
    }
    const account = context.accounts.find(({ clientId }) => clientId === bearer.grant.clientId);
    const found = this.ofOperation(merchantCode, operationNumber).filter(
      (charge) => transactionId === undefined || charge.transactionId === transactionId,
    );
    if (account?.merchantCode !== merchantCode || found.length === 0) {
      return refuse(404, 'unknown-charge', 'path', 'This merchant has no such charge.');
    }
    if (isDelete) {
      const reversed = found.filter((charge) => reverse(charge, exchange.now));
      if (reversed.length === 0 && context.settings.refuseFutileReversals) {
        const states = found.map(stateOf).join(', ');
        return refuse(400, 'charge-not-reversible', 'path', `There is nothing to reverse: the charge is ${states}.`);
      }
    }
    return describeCharges(found, context);
  }

  /** @throws {SimulatorInputError} for an unknown transaction or state. */
  setState(transactionId: string, state: ChargeState, now: number): void {
    const charge = this.charges.get(transactionId);
    if (!charge) throw new SimulatorInputError('transactionId', 'is not a charge of this simulator');
    if (!CHARGE_STATES.includes(state)) {
      throw new SimulatorInputError('state', `must be one of ${CHARGE_STATES.join(', ')}`);
    }
    charge.lifecycle.push({ state, at: now });
    this.tellResult(charge);
  }

  /** What a notification tells of a charge; `undefined` when there is none with this id. */
  notice(transactionId: string): ChargeNotice | undefined {
    const charge = this.charges.get(transactionId);
    return charge && { ...charge, state: stateOf(charge) };
  }

  reset(): void {
    this.charges.clear();
  }

  private tellResult(charge: Charge): void {
    if (!OPEN_STATES.has(stateOf(charge))) this.onResult(charge.transactionId);
  }
}

function stateOf(charge: Charge): ChargeState {
  return charge.lifecycle.at(-1)?.state ?? 'REGISTRADO';
}

/** Tells whether there was anything to reverse. */
function reverse(charge: Charge, now: number): boolean {
  const state = stateOf(charge);
  if (OPEN_STATES.has(state)) charge.lifecycle.push({ state: 'CANCELADO', at: now });
  else if (state === 'AUTORIZADO') charge.lifecycle.push({ state: 'EXTORNADO', at: now });
  else return false;
  return true;
}

/** The answer of the charge query. */
export function describeCharges(charges: readonly Charge[], { settings }: AlignetContext): Answer {
  const [first] = charges;
  const operation = first && {
    merchant_operation_number: first.operationNumber,
    amount: first.amount,
    currency: first.currency,
    state: stateOf(first),
    transactions: charges.map(describeTransaction),
  };
  return jsonAnswer(200, {
    success: success(true, settings),
    merchant_code: first?.merchantCode,
    operation,
    ...meta('Se procesó correctamente la petición'),
  });
}

/** The answer of an authorization, in which one transaction stands alone; `success` is a string in every sample of it. */
export function describeAuthorization(charge: Charge): Answer {
  return jsonAnswer(200, {
    success: String(stateOf(charge) !== 'DENEGADO'),
    action: 'authorize',
    merchant_code: charge.merchantCode,
    merchant_operation_number: charge.operationNumber,
    transaction: describeTransaction(charge),
    ...meta('Procesado correctamente'),
  });
}

function describeTransaction(charge: Charge) {
  const date = (at: number) => ({
    utc_time: new Date(at).toISOString().slice(0, 19),
    unix_time: Math.floor(at / 1000),
  });
  const card = charge.method === 'CARD' && { method_details: { brand: 'VISA', last_pan: '1111' } };
  return {
    transaction_id: charge.transactionId,
    channel: 'ecommerce',
    state: stateOf(charge),
    state_reason: 'Transacción simulada',
    amount: charge.amount,
    currency: charge.currency,
    additional_fields: null,
    payment_method: { method_name: charge.method, ...card },
    lifecycle: charge.lifecycle.map(({ state, at }) => ({ state, date: date(at) })),
  };
}
