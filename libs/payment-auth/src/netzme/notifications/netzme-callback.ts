import { type ConfigProblem } from '../../core/errors';
import { type JsonPayload } from '../../core/inbound/json-payload';
import { merchantOption } from '../../core/resolve-merchants';
import {
  type NetzmeNotificationMerchant,
  type ResolvedNetzmeNotificationOptions,
} from './netzme-notification-merchant';

/** What SNAP callbacks of both versions have in common. */

/** A transaction that succeeded. @see apidocs-vsnap.netzme.id, "Payment Success Callback" (read 2026-11) */
export const SUCCESS_STATUS = '00';

/** What Netzme takes for "received". @see apidocs-vsnap.netzme.id, "Payment Bill Notification" (read 2026-11) */
export const SNAP_ACKNOWLEDGEMENT = Object.freeze({ responseCode: '2000000', responseMessage: 'Successful' });

/** The legacy callback is tried again three times, at times nobody states; of SNAP nothing is said. */
export const SNAP_REPLAY_WINDOW_MS = 24 * 3_600_000;

/** What a callback says of a transaction. All optional: invoices, QRIS, withdrawals and bills have different members. */
export interface NetzmeSnapResult {
  /** Invoice id, RRN or reference, by kind of callback. */
  readonly originalReferenceNo?: string;
  readonly originalPartnerReferenceNo?: string;
  /** `00` is success: see {@link isNetzmeSuccess}. */
  readonly latestTransactionStatus?: string;
  readonly amount?: { readonly value: string; readonly currency: string };
  /** `additionalInfo.custIdMerchant`: the merchant at Netzme that was paid. */
  readonly custIdMerchant?: string;
}

const REFERENCE = /^[\x21-\x7e]{1,100}$/;
const STATUS = /^[\x21-\x7e]{1,20}$/;
/** Text with two decimals in every sample. */
const AMOUNT = /^\d{1,18}(?:\.\d{1,2})?$/;
const CURRENCY = /^[A-Z]{3}$/;

/** @throws {SignatureVerificationError} `malformed-body` when one of them is there twice or of another form */
export function readSnapResult(payload: JsonPayload): NetzmeSnapResult {
  const originalReferenceNo = payload.optionalText('originalReferenceNo', REFERENCE);
  const originalPartnerReferenceNo = payload.optionalText('originalPartnerReferenceNo', REFERENCE);
  const latestTransactionStatus = payload.optionalText('latestTransactionStatus', STATUS);
  const value = payload.optionalText('amount.value', AMOUNT);
  const currency = payload.optionalText('amount.currency', CURRENCY);
  const custIdMerchant = payload.optionalText('additionalInfo.custIdMerchant', REFERENCE);
  return {
    ...(originalReferenceNo !== undefined && { originalReferenceNo }),
    ...(originalPartnerReferenceNo !== undefined && { originalPartnerReferenceNo }),
    ...(latestTransactionStatus !== undefined && { latestTransactionStatus }),
    ...(value !== undefined && currency !== undefined && { amount: { value, currency } }),
    ...(custIdMerchant !== undefined && { custIdMerchant }),
  };
}

/** What to say of a merchant without an option that a scheme lives by. */
export function missingNetzmeOption(
  merchant: NetzmeNotificationMerchant,
  option: keyof ResolvedNetzmeNotificationOptions,
  why: string,
): ConfigProblem {
  return { option: merchantOption('netzme', merchant, `notifications.${option}`), problem: `is needed: ${why}` };
}
