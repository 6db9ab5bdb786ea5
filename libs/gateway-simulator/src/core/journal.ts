import { type GatewayName, type RefusalReason } from './exchange';
import { Ring } from './ring';

export type Verdict = 'accepted' | 'refused' | 'fault';

/** One request and what became of it. Nothing in an entry is a secret, a token or a signature. */
export interface JournalEntry {
  readonly id: number;
  /** Simulated time of arrival, epoch milliseconds. */
  readonly at: number;
  readonly gateway: GatewayName;
  readonly operation: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** HTTP status answered; 0 when the connection was cut. */
  readonly status: number;
  readonly responseBody: string;
  readonly verdict: Verdict;
  readonly reason?: RefusalReason;
}

export interface JournalFilter {
  readonly gateway?: GatewayName;
  readonly operation?: string;
  /** At most this many, the newest ones. */
  readonly limit?: number;
}

/** The latest requests, oldest first; the oldest make room for the new. */
export class Journal {
  private readonly ring: Ring<JournalEntry>;

  constructor(capacity: number) {
    this.ring = new Ring(capacity);
  }

  entries(filter: JournalFilter = {}): JournalEntry[] {
    return this.ring.latest(
      (entry) =>
        (filter.gateway === undefined || entry.gateway === filter.gateway) &&
        (filter.operation === undefined || entry.operation === filter.operation),
      filter.limit,
    );
  }

  clear(): void {
    this.ring.clear();
  }

  /** @internal */
  record(entry: Omit<JournalEntry, 'id'>): void {
    this.ring.add(entry);
  }
}
