import { SignatureVerificationError } from '../../core/errors';
import { type JsonObject, type JsonPayload } from '../../core/inbound/json-payload';

/**
 * Where a transaction stands. More words may come; only `AUTORIZADO` proves a payment.
 *
 * @see https://docs.pay-me.com, "Referencia" (read 2026-11)
 */
export type AlignetTransactionState =
  | 'REGISTRADO'
  | 'PENDIENTE'
  | 'AUTORIZADO'
  | 'DENEGADO'
  | 'INVALIDO'
  | 'CANCELADO'
  | 'EXPIRADO'
  | 'EXTORNADO'
  | 'LIQUIDADO'
  | 'DEPOSITADO'
  // Keeps the words above in the editor's list and lets others in.
  | (string & {});

/** What Alignet says of a transaction, every member of it signed. Names are Alignet's. */
export interface AlignetResult {
  /** That the service worked. Not that anything was paid: see {@link isAlignetPaid}. */
  readonly success: boolean;
  readonly merchant_code: string;
  readonly merchant_operation_number: string;
  readonly transaction: {
    readonly transaction_id: string;
    readonly state: AlignetTransactionState;
    /** Minor units: `15000` is 150.00. */
    readonly amount: string;
    /** ISO 4217, numeric: `604` is PEN, `840` USD. */
    readonly currency: string;
  };
  readonly meta: { readonly status: { readonly code: string } };
}

/**
 * The whole message as parsed. Signed, too; but only what is in `signed` was checked for its form and for names that come
 * twice. `processor_response` varies by payment method and over time.
 */
export interface AlignetPayload extends JsonObject {
  readonly transaction: JsonObject & { readonly processor_response?: unknown };
  readonly meta: JsonObject;
}

const TEXT = /^[^\p{Cc}]{1,100}$/u;
const REFERENCE = /^[\x21-\x7e]{1,100}$/;
const DIGITS = /^\d{1,18}$/;
const CURRENCY = /^[0-9A-Z]{3}$/;
/** Documented as text, and a boolean in other answers of Alignet's. */
const BOOLEAN = /^(?:true|false|"true"|"false")$/;

/**
 * Reads what the documentation says is always there.
 *
 * @throws {SignatureVerificationError} `malformed-body` when a member is missing, there twice, or of another form
 */
export function readAlignetResult(payload: JsonPayload): AlignetResult {
  const success = payload.rawText('success');
  if (!BOOLEAN.test(success)) {
    throw new SignatureVerificationError('malformed-body', 'alignet', 'success is neither true nor false.');
  }
  return {
    success: success.includes('true'),
    merchant_code: payload.signedText('merchant_code', TEXT),
    merchant_operation_number: payload.signedText('merchant_operation_number', REFERENCE),
    transaction: {
      transaction_id: payload.signedText('transaction.transaction_id', REFERENCE),
      state: payload.signedText('transaction.state', TEXT),
      amount: payload.signedText('transaction.amount', DIGITS),
      currency: payload.signedText('transaction.currency', CURRENCY),
    },
    meta: { status: { code: payload.signedText('meta.status.code', TEXT) } },
  };
}

/** That of a message of which {@link readAlignetResult} has found the members. */
export const asAlignetPayload = ({ value }: JsonPayload): AlignetPayload => value as AlignetPayload;

/**
 * Names the transaction, as Alignet proposes: `<operation number>:<transaction id>`. It is told of once per state, and out of
 * order, so that having seen it does not mean having handled it: compare `signed.transaction.state` too.
 *
 * @see https://docs.pay-me.com, "API de Notificaciones S2S", "Idempotencia" (read 2026-11)
 */
export function alignetIdempotencyKey(result: AlignetResult): string {
  return `${result.merchant_operation_number}:${result.transaction.transaction_id}`;
}

/** The same for all messages that say the same of one transaction. */
export function alignetFact(result: AlignetResult): string {
  const { transaction_id: id, state, amount, currency } = result.transaction;
  return JSON.stringify([result.merchant_operation_number, id, state, amount, currency]);
}
