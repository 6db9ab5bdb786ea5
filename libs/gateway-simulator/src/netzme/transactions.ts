import { SimulatorInputError } from '../core/input-error';
import { Ring } from '../core/ring';

/** A payment that the merchant's list of transactions tells of. */
export interface NetzmeTransaction {
  readonly transactionId: string;
  /** Rupiah with two decimals. */
  readonly amount: string;
  /** `paid` as in the callback of an invoice, `100` as in that of a QR code. @default 'paid' */
  readonly status?: string;
}

interface Listed {
  readonly id: number;
  readonly at: number;
  readonly transaction: Required<NetzmeTransaction>;
}

const JAKARTA_OFFSET_MS = 7 * 3_600_000;
const KEPT = 1_000;

/** What the merchants of this simulator were paid: nothing, until somebody says so. */
export class NetzmeTransactions {
  private readonly byUser = new Map<string, Ring<Listed>>();

  /** @throws {SimulatorInputError} naming the member that does not fit */
  add(userId: string, { transactionId, amount, status = 'paid' }: NetzmeTransaction, now: number): void {
    requireText('transactionId', transactionId, /^[\x21-\x7e]{1,100}$/, '1 to 100 visible ASCII characters');
    requireText('amount', amount, /^\d{1,15}\.\d{2}$/, 'text like 51000.00');
    requireText('status', status, /^[\x21-\x7e]{1,40}$/, '1 to 40 visible ASCII characters');
    const listed = this.byUser.get(userId) ?? new Ring<Listed>(KEPT);
    this.byUser.set(userId, listed);
    listed.add({ at: now, transaction: { transactionId, amount, status } });
  }

  /**
   * Those of some days, in Jakarta's time. The page of the list shows no entry; these have the names of the QRIS callback.
   *
   * @param from `2026-01-31`
   */
  list(userId: string, from: string, to: string): readonly object[] {
    const ofThoseDays = ({ at }: Listed) => from <= dayOf(at) && dayOf(at) <= to;
    const found = this.byUser.get(userId)?.latest(ofThoseDays) ?? [];
    return found.map(({ at, transaction: { transactionId, amount, status } }) => ({
      merchantUserId: userId,
      transactionId,
      amount: `IDR ${amount}`,
      status,
      ts: `${jakarta(at).slice(0, 19).replace('T', ' ')}.000000+0700`,
      tsLong: at,
    }));
  }

  reset(): void {
    this.byUser.clear();
  }
}

function requireText(field: string, value: unknown, form: RegExp, what: string): void {
  if (typeof value !== 'string' || !form.test(value)) throw new SimulatorInputError(field, `must be ${what}`);
}

const jakarta = (at: number): string => new Date(at + JAKARTA_OFFSET_MS).toISOString();
const dayOf = (at: number): string => jakarta(at).slice(0, 10);
