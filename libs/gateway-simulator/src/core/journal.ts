import { type GatewayName, type RefusalReason } from './exchange';

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
  private readonly ring: JournalEntry[] = [];
  private nextSlot = 0;
  private lastId = 0;

  constructor(private readonly capacity: number) {}

  entries(filter: JournalFilter = {}): JournalEntry[] {
    const inOrder = [...this.ring.slice(this.nextSlot), ...this.ring.slice(0, this.nextSlot)];
    const found = inOrder.filter(
      (entry) =>
        (filter.gateway === undefined || entry.gateway === filter.gateway) &&
        (filter.operation === undefined || entry.operation === filter.operation),
    );
    if (filter.limit === undefined) return found;
    return filter.limit > 0 ? found.slice(-filter.limit) : [];
  }

  clear(): void {
    this.ring.length = 0;
    this.nextSlot = 0;
  }

  /** @internal */
  record(entry: Omit<JournalEntry, 'id'>): void {
    this.ring[this.nextSlot] = { id: ++this.lastId, ...entry };
    this.nextSlot = (this.nextSlot + 1) % this.capacity;
  }
}
