import { Injectable } from '@nestjs/common';
import { confirmNetzmeCallback, NetzmeHttpService, type UnsignedNetzmeCallback } from 'nestjs-payment-auth';
import { CONFIRM_WITHIN_MS } from './confirmation';

const TRANSACTIONS = '/api/aggregator/merchant/qr/transaction/list';
const DAY_MS = 86_400_000;
/** Jakarta has no other time. */
const JAKARTA_OFFSET_MS = 7 * 3_600_000;

/** Asks Netzme, by a signed call, for the transaction an unsigned callback speaks of. */
@Injectable()
export class NetzmeConfirmations {
  constructor(private readonly netzme: NetzmeHttpService) {}

  /**
   * @throws {SignatureVerificationError} `not-confirmed`
   * @throws what the call fails with
   */
  async confirm(callback: UnsignedNetzmeCallback): Promise<void> {
    const now = Date.now();
    await confirmNetzmeCallback(callback, {
      http: this.netzme,
      query: {
        url: TRANSACTIONS,
        params: {
          userId: callback.claims.merchant,
          startdate: jakartaDay(now - DAY_MS),
          enddate: jakartaDay(now),
          page: 1,
        },
        timeout: CONFIRM_WITHIN_MS,
      },
      // Netzme's page of the list shows no entry. These are the names of the callback; where they are others, nothing is
      // confirmed, and nothing believed.
      agrees: (body, { transactionId, amount, status }) =>
        entriesOf(body).some(
          (entry) =>
            entry['transactionId'] === transactionId &&
            String(entry['status']) === status &&
            (amount === undefined || rupiah(entry['amount']) === rupiah(amount)),
        ),
    });
  }
}

function jakartaDay(at: number): string {
  return new Date(at + JAKARTA_OFFSET_MS).toISOString().slice(0, 10);
}

function entriesOf(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  const { transactions } = (typeof body === 'object' && body !== null ? body : {}) as {
    readonly transactions?: unknown;
  };
  return (Array.isArray(transactions) ? transactions : []).filter(
    (entry): entry is Readonly<Record<string, unknown>> => typeof entry === 'object' && entry !== null,
  );
}

/** `51000`, `"51000.00"` and `"IDR 51000.00"` are the same. */
function rupiah(amount: unknown): number {
  return Number(String(amount).replace(/^IDR /, ''));
}
