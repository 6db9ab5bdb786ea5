import { randomInt } from 'node:crypto';
import { type AlignetAccount } from '../accounts';
import { isObject } from '../core/json';

export const PAYMENT_METHODS = ['CARD', 'YAPE', 'QR', 'BANK_TRANSFER', 'CUOTEALO', 'PAGOEFECTIVO'] as const;
/** As `display_settings.methods` of Flex names them. */
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** What is bought: the part of a Flex payload that the simulator looks at. */
export interface Purchase {
  readonly merchantCode: string;
  readonly operationNumber: string;
  /** Minor units: `15000` is 150.00. */
  readonly amount: string;
  readonly currency: string;
}

/** Order: merchant code, operation number, amount, currency. What is left out gets a value that fits. */
export function readPurchase(payload: unknown, account: AlignetAccount): Purchase | { readonly problem: string } {
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
  return { merchantCode, operationNumber, amount, currency };
}
