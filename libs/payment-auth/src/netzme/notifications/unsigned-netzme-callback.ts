import { SignatureVerificationError } from '../../core/errors';
import { type InboundRequest } from '../../core/inbound/inbound-request';
import { type JsonObject, JsonPayload } from '../../core/inbound/json-payload';

/** More than twenty times the documented samples. Anybody can send these, so no more is looked at. */
const LARGEST_BODY_BYTES = 64 * 1024;

const REFERENCE = /^[\x21-\x7e]{1,100}$/;
const STATUS = /^[\x21-\x7e]{1,40}$/;
/** `51000`, `"51000.00"` or `"IDR 51000.00"`: the samples have all of them. */
const AMOUNT = /^(?:IDR )?\d{1,15}(?:\.\d{1,2})?$/;
const TIME = /^[\x20-\x7e]{1,40}$/;

/** What an unsigned callback says. */
export interface NetzmeCallbackClaims {
  /** `transaction_id` of an invoice, `transactionId` of a QRIS payment. */
  readonly transactionId: string;
  /** `paid` of an invoice, `100` of a QRIS payment. */
  readonly status: string;
  /** Merchant at Netzme, like `M_QLjyEqWF`. */
  readonly merchant: string;
  /** As it came: `51000`, `51000.00`, `IDR 51000.00`. */
  readonly amount?: string;
  /** `id` of an invoice. */
  readonly invoiceId?: string;
  /** `referenceId` of a QRIS payment. */
  readonly referenceId?: string;
}

/**
 * A callback of Netzme's legacy merchant API. **Nothing in it is proven**: it has no signature and no token, so that whoever
 * knows the URL can send one. It is a hint to ask Netzme, and no more: see {@link confirmNetzmeCallback}.
 */
export interface UnsignedNetzmeCallback {
  readonly gateway: 'netzme';
  readonly trust: 'none';
  readonly kind: 'invoice' | 'qris';
  readonly claims: NetzmeCallbackClaims;
  /** The whole body as parsed. */
  readonly payload: JsonObject;
  /** What Netzme takes for "received"; for QRIS any answer with status 200. Otherwise it tries three times more. */
  readonly acknowledgement: JsonObject;
}

/**
 * Reads a callback of the legacy merchant API ("Payment Success Callback", Invoice or QRIS) without believing it.
 *
 * @throws {SignatureVerificationError} `malformed-body` for anything that does not look like one
 * @see https://apidocs.netzme.id, Toko Netzme, "Payment Success Callback" (read 2026-11)
 */
export function parseUnsignedNetzmeCallback({ rawBody }: Pick<InboundRequest, 'rawBody'>): UnsignedNetzmeCallback {
  if (rawBody.length > LARGEST_BODY_BYTES) {
    throw new SignatureVerificationError('malformed-body', 'netzme', `The body is over ${LARGEST_BODY_BYTES} bytes.`);
  }
  const payload = JsonPayload.parse('netzme', rawBody);
  const isInvoice = payload.optionalText('transaction_id', REFERENCE) !== undefined;
  const read = isInvoice ? readInvoice(payload) : readQris(payload);
  return { gateway: 'netzme', trust: 'none', ...read, payload: payload.value };
}

type Read = Pick<UnsignedNetzmeCallback, 'kind' | 'claims' | 'acknowledgement'>;

function readInvoice(payload: JsonPayload): Read {
  const invoiceId = payload.signedText('id', REFERENCE);
  const transactionId = payload.signedText('transaction_id', REFERENCE);
  const status = payload.signedText('status', STATUS);
  const merchant = payload.signedText('merchant', REFERENCE);
  const paymentTime = payload.optionalText('payment_time', TIME);
  return {
    kind: 'invoice',
    claims: { transactionId, status, merchant, ...amountOf(payload), invoiceId },
    acknowledgement: {
      id: invoiceId,
      transaction_id: transactionId,
      status,
      merchant,
      ...(paymentTime !== undefined && { payment_time: paymentTime }),
    },
  };
}

function readQris(payload: JsonPayload): Read {
  const referenceId = payload.optionalText('referenceId', REFERENCE);
  return {
    kind: 'qris',
    claims: {
      transactionId: payload.signedText('transactionId', REFERENCE),
      status: payload.signedText('status', STATUS),
      merchant: payload.signedText('merchantUserId', REFERENCE),
      ...amountOf(payload),
      ...(referenceId !== undefined && { referenceId }),
    },
    acknowledgement: {},
  };
}

function amountOf(payload: JsonPayload): { readonly amount?: string } {
  const amount = payload.optionalText('amount', AMOUNT);
  return amount === undefined ? {} : { amount };
}
