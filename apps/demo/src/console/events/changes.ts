import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type Overview, type WebhookVerdict } from '../contract';

/** Two readings of a clock that runs at our pace differ by this at most. */
const CLOCK_JITTER_MS = 50;

/** Says of a value whether it is another than the last one that passed. */
export class ChangeOf<T> {
  private last: string | undefined;

  /** @param essence what of it counts */
  constructor(private readonly essence: (value: T) => unknown = (value) => value) {}

  isNew(value: T): boolean {
    const text = JSON.stringify(this.essence(value));
    if (text === this.last) return false;
    this.last = text;
    return true;
  }
}

/** An overview without what grows by itself, second by second: a page can count on. */
export function essenceOf({ at: _at, process, simulatorClockOffsetMs = 0, gateways, ...rest }: Overview): unknown {
  return {
    ...rest,
    pid: process.pid,
    clock: Math.round(simulatorClockOffsetMs / CLOCK_JITTER_MS),
    gateways: gateways.map(({ token, ...gateway }) => {
      if (token === undefined) return gateway;
      const { ageMs: _age, remainingMs: _remaining, ...lasting } = token;
      return { ...gateway, token: lasting };
    }),
  };
}

/** Entries of the simulator's journal that were not there before. */
export class NewJournalEntries {
  private lastId: number;

  constructor(private readonly simulator: Pick<GatewaySimulator, 'journal'>) {
    this.lastId = this.newestId();
  }

  /** The oldest first. */
  take(): unknown[] {
    if (this.newestId() <= this.lastId) return [];
    const entries = this.simulator.journal.entries().filter(({ id }) => id > this.lastId);
    this.lastId = entries.at(-1)?.id ?? this.lastId;
    return entries;
  }

  private newestId(): number {
    return this.simulator.journal.entries({ limit: 1 })[0]?.id ?? 0;
  }
}

/** Verdicts that are new, or tell of another copy. */
export class NewVerdicts {
  private known: ReadonlySet<string>;

  /** @param all the newest first */
  constructor(private readonly all: () => readonly WebhookVerdict[]) {
    this.known = new Set(all().map((verdict) => JSON.stringify(verdict)));
  }

  /** The oldest first. */
  take(): WebhookVerdict[] {
    const current = this.all().map((verdict) => ({ verdict, text: JSON.stringify(verdict) }));
    const fresh = current.filter(({ text }) => !this.known.has(text));
    this.known = new Set(current.map(({ text }) => text));
    return fresh.map(({ verdict }) => verdict).reverse();
  }
}
