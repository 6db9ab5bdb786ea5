import { randomBytes, randomInt } from 'node:crypto';
import { type AlignetAccount } from '../accounts';
import { type Answer, type Exchange, jsonAnswer } from '../core/exchange';
import { isObject, parseJsonObject } from '../core/json';
import { SimulatorInputError } from '../core/input-error';
import { CHARGE_STATES, type ChargeState } from '../settings';
import { failure, meta, success } from './messages';
import { checkBearer } from './nonce-endpoint';
import { type AlignetContext } from './token-endpoint';

interface Charge {
  readonly transactionId: string;
  readonly merchantCode: string;
  readonly operationNumber: string;
  readonly amount: string;
  readonly currency: string;
  readonly lifecycle: { readonly state: ChargeState; readonly at: number }[];
}

const NONCE_REFUSALS = {
  used: [409, 'The nonce was used before.'],
  expired: [401, 'The nonce is past its lifetime.'],
  unknown: [401, 'This simulator has not issued such a nonce.'],
} as const;

/** A browser page of any origin may stand in for Flex: the nonce is all the proof it needs. */
const CORS = { 'Access-Control-Allow-Origin': '*' } as const;

export function redeemPreflight(): Answer {
  const headers = { ...CORS, 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': 'content-type' };
  return { status: 204, headers, body: '' };
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

/** Charges, and the stand-in for the Flex form that makes them out of nonces. */
export class AlignetCharges {
  private readonly charges = new Map<string, Charge>();

  /** @param onResult told of every charge that is made in, or set to, a state that ends its authorization */
  constructor(private readonly onResult: (transactionId: string) => void) {}

  answerRedeem(exchange: Exchange, context: AlignetContext): Answer {
    const answer = this.redeem(exchange, context);
    return { ...answer, headers: { ...answer.headers, ...CORS } };
  }

  /** Order: JSON, nonce (and it is used up from here on), merchant code, operation number, amount. */
  private redeem(exchange: Exchange, context: AlignetContext): Answer {
    const refuse = (status: number, code: string, input: string, message: string) =>
      failure('other', status, context.settings, { code, input, message });
    const body = parseJsonObject(exchange.body);
    const nonce = body?.['nonce'];
    if (typeof nonce !== 'string') return refuse(400, 'not-json', 'nonce', 'The body must be JSON with a nonce.');
    const check = context.credentials.redeemNonce(nonce, exchange.now);
    if (check.state !== 'valid') {
      const [status, message] = NONCE_REFUSALS[check.state];
      return refuse(status, `nonce-${check.state}`, 'nonce', message);
    }
    const account = context.accounts.find(({ clientId }) => clientId === check.clientId);
    if (!account) return refuse(401, 'nonce-unknown', 'nonce', 'The account of the nonce is gone.');

    const purchase = readPurchase(body?.['payload'], account);
    if ('problem' in purchase)
      return refuse(400, 'wrong-payload', purchase.problem, `payload.${purchase.problem} is unfit.`);
    if (this.ofOperation(account.merchantCode, purchase.operationNumber).length > 0) {
      const message = 'merchant_operation_number was used before; Flex answers that with HTTP 500.';
      return refuse(500, 'operation-number-used', 'merchant_operation_number', message);
    }
    const charge: Charge = {
      transactionId: randomBytes(16).toString('hex').slice(0, 25),
      merchantCode: account.merchantCode,
      ...purchase,
      lifecycle: [...new Set<ChargeState>(['REGISTRADO', context.settings.chargeState])].map((state) => ({
        state,
        at: exchange.now,
      })),
    };
    this.charges.set(charge.transactionId, charge);
    this.tellResult(charge);
    return describe([charge], context);
  }

  /** Order: bearer (401), path, merchant (404), scope (403 by setting). */
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
    if (isDelete) found.forEach((charge) => reverse(charge, exchange.now));
    return describe(found, context);
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

  private ofOperation(merchantCode: string | undefined, operationNumber: string | undefined): Charge[] {
    return [...this.charges.values()].filter(
      (charge) => charge.merchantCode === merchantCode && charge.operationNumber === operationNumber,
    );
  }
}

function stateOf(charge: Charge): ChargeState {
  return charge.lifecycle.at(-1)?.state ?? 'REGISTRADO';
}

function reverse(charge: Charge, now: number): void {
  const state = stateOf(charge);
  if (state === 'REGISTRADO' || state === 'PENDIENTE') charge.lifecycle.push({ state: 'CANCELADO', at: now });
  if (state === 'AUTORIZADO') charge.lifecycle.push({ state: 'EXTORNADO', at: now });
}

type Purchase = Pick<Charge, 'operationNumber' | 'amount' | 'currency'>;

function readPurchase(payload: unknown, account: AlignetAccount): Purchase | { readonly problem: string } {
  const given = isObject(payload) ? payload : {};
  const details = isObject(given['payment_details']) ? given['payment_details'] : {};
  const merchantCode = given['merchant_code'] ?? account.merchantCode;
  const operationNumber = given['merchant_operation_number'] ?? String(randomInt(1_000_000_000, 10_000_000_000));
  const amount = details['amount'] ?? '100';
  const currency = details['currency'] ?? account.currency;
  if (merchantCode !== account.merchantCode) return { problem: 'merchant_code' };
  if (typeof operationNumber !== 'string' || !/^\d{7,12}$/.test(operationNumber)) {
    return { problem: 'merchant_operation_number' };
  }
  if (typeof amount !== 'string' || !/^\d+$/.test(amount)) return { problem: 'payment_details.amount' };
  if (currency !== account.currency) return { problem: 'payment_details.currency' };
  return { operationNumber, amount, currency: account.currency };
}

function describe(charges: readonly Charge[], { settings }: AlignetContext): Answer {
  const date = (at: number) => ({
    utc_time: new Date(at).toISOString().slice(0, 19),
    unix_time: Math.floor(at / 1000),
  });
  const [first] = charges;
  const operation = first && {
    merchant_operation_number: first.operationNumber,
    amount: first.amount,
    currency: first.currency,
    state: stateOf(first),
    transactions: charges.map((charge) => ({
      transaction_id: charge.transactionId,
      channel: 'ecommerce',
      state: stateOf(charge),
      state_reason: 'Transacción simulada',
      amount: charge.amount,
      currency: charge.currency,
      additional_fields: null,
      payment_method: { method_name: 'CARD', method_details: { brand: 'VISA', last_pan: '1111' } },
      lifecycle: charge.lifecycle.map(({ state, at }) => ({ state, date: date(at) })),
    })),
  };
  return jsonAnswer(200, {
    success: success(true, settings),
    merchant_code: first?.merchantCode,
    operation,
    ...meta('Se procesó correctamente la petición'),
  });
}
