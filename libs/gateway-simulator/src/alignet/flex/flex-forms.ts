import { randomBytes } from 'node:crypto';
import { type AlignetAccount } from '../../accounts';
import { type Answer, type Exchange, jsonAnswer } from '../../core/exchange';
import { type JsonObject, parseJsonObject } from '../../core/json';
import { CHARGE_STATES, type ChargeState } from '../../settings';
import { type AlignetCharges, describeAuthorization, describeCharges } from '../charges';
import { failure, success } from '../messages';
import { PAYMENT_METHODS, type PaymentMethod, type Purchase, readPurchase } from '../purchase';
import { type AlignetContext } from '../token-endpoint';

const NONCE_REFUSALS = {
  used: [409, 'The nonce was used before.'],
  expired: [401, 'The nonce is past its lifetime.'],
  unknown: [401, 'This simulator has not issued such a nonce.'],
} as const;

/** A browser page of any origin may stand in for Flex: the nonce is all the proof it needs. */
const CORS = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' } as const;

/** Paths of the stand-in for Flex; no such ones exist at Alignet. */
export const FLEX_PATHS = {
  /** A nonce becomes a form: `{nonce, payload}`. */
  start: '/simulator/flex/start',
  /** A form becomes a charge: `{form, outcome, method?}`. */
  pay: '/simulator/flex/pay',
  /** Both at once, for scripts: `{nonce, payload?, outcome?, method?}`. */
  redeem: '/simulator/flex/redeem',
} as const;

/** Open forms at once; the oldest make room. Nobody tells when a page is left. */
const MOST_FORMS = 1_000;

export function flexPreflight(): Answer {
  const headers = { ...CORS, 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': 'content-type' };
  return { status: 204, headers, body: '' };
}

/** The answer, for a page of any origin to read. */
export function readableByPages(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, ...CORS, 'Cache-Control': 'no-store' } };
}

interface Refused {
  readonly refused: Answer;
}

interface Choice {
  readonly outcome: ChargeState;
  readonly method: PaymentMethod;
}

/** The stand-in for Flex, server side: nonces become forms, forms become charges in the state that was asked for. */
export class FlexForms {
  private readonly forms = new Map<string, Purchase>();

  constructor(private readonly charges: AlignetCharges) {}

  answer(exchange: Exchange, context: AlignetContext): Answer {
    const body = parseJsonObject(exchange.body) ?? {};
    return readableByPages(this.run(exchange, body, context));
  }

  reset(): void {
    this.forms.clear();
  }

  private run(exchange: Exchange, body: JsonObject, context: AlignetContext): Answer {
    switch (exchange.path) {
      case FLEX_PATHS.start:
        return this.start(exchange, body, context);
      case FLEX_PATHS.pay:
        return this.pay(exchange, body, context);
      default:
        return this.redeem(exchange, body, context);
    }
  }

  private start({ now }: Exchange, body: JsonObject, context: AlignetContext): Answer {
    const spent = this.spendNonce(body, now, context);
    if ('refused' in spent) return spent.refused;
    const [oldest] = this.forms.keys();
    if (oldest !== undefined && this.forms.size >= MOST_FORMS) this.forms.delete(oldest);
    const form = randomBytes(16).toString('hex');
    this.forms.set(form, spent);
    return jsonAnswer(200, {
      success: success(true, context.settings),
      form,
      merchant_code: spent.merchantCode,
      merchant_operation_number: spent.operationNumber,
      payment_details: { amount: spent.amount, currency: spent.currency },
    });
  }

  private pay({ now }: Exchange, body: JsonObject, context: AlignetContext): Answer {
    const { form } = body;
    const purchase = typeof form === 'string' ? this.forms.get(form) : undefined;
    if (!purchase) return refuse(409, 'form-unknown', 'form', 'The form was used before, or is not of here.', context);
    const choice = readChoice({ method: 'CARD', ...body }, context);
    if ('refused' in choice) return choice.refused;
    this.forms.delete(String(form));
    const problem = this.operationProblem(purchase, context);
    return problem ?? describeAuthorization(this.charges.make(purchase, choice.method, choice.outcome, now));
  }

  private redeem({ now }: Exchange, body: JsonObject, context: AlignetContext): Answer {
    const choice = readChoice({ method: 'CARD', outcome: context.settings.chargeState, ...body }, context);
    if ('refused' in choice) return choice.refused;
    const spent = this.spendNonce(body, now, context);
    if ('refused' in spent) return spent.refused;
    return describeCharges([this.charges.make(spent, choice.method, choice.outcome, now)], context);
  }

  /** Order: JSON, nonce (and it is used up from here on), merchant code, operation number, amount. */
  private spendNonce(body: JsonObject, now: number, context: AlignetContext): Purchase | Refused {
    const refused = (...reason: readonly [status: number, code: string, input: string, message: string]) => ({
      refused: refuse(...reason, context),
    });
    const { nonce, payload } = body;
    if (typeof nonce !== 'string') return refused(400, 'not-json', 'nonce', 'The body must be JSON with a nonce.');
    const check = context.credentials.redeemNonce(nonce, now);
    if (check.state !== 'valid') {
      const [status, message] = NONCE_REFUSALS[check.state];
      return refused(status, `nonce-${check.state}`, 'nonce', message);
    }
    const account: AlignetAccount | undefined = context.accounts.find(({ clientId }) => clientId === check.clientId);
    if (!account) return refused(401, 'nonce-unknown', 'nonce', 'The account of the nonce is gone.');
    const purchase = readPurchase(payload, account);
    if ('problem' in purchase) {
      return refused(400, 'wrong-payload', purchase.problem, `payload.${purchase.problem} is unfit.`);
    }
    const problem = this.operationProblem(purchase, context);
    return problem ? { refused: problem } : purchase;
  }

  private operationProblem({ merchantCode, operationNumber }: Purchase, context: AlignetContext): Answer | undefined {
    if (this.charges.ofOperation(merchantCode, operationNumber).length === 0) return undefined;
    const message = 'merchant_operation_number was used before; Flex answers that with HTTP 500.';
    return refuse(500, 'operation-number-used', 'merchant_operation_number', message, context);
  }
}

function readChoice({ outcome, method }: JsonObject, context: AlignetContext): Choice | Refused {
  const state = CHARGE_STATES.find((known) => known === outcome);
  const known = PAYMENT_METHODS.find((name) => name === method);
  const list = (values: readonly string[]) => `must be one of ${values.join(', ')}.`;
  if (!state) return { refused: refuse(400, 'wrong-outcome', 'outcome', `outcome ${list(CHARGE_STATES)}`, context) };
  if (!known) return { refused: refuse(400, 'wrong-method', 'method', `method ${list(PAYMENT_METHODS)}`, context) };
  return { outcome: state, method: known };
}

/** The page has to say what is wrong, so the reason stands in the body too. */
function refuse(status: number, code: string, input: string, message: string, { settings }: AlignetContext): Answer {
  const reason = { code, input, message };
  return failure('other', status, settings, reason, { error: reason });
}
