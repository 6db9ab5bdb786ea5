import { SimulatorInputError } from './input-error';

/** The end of the year 9999: later dates have no four-digit year, in headers and seeds alike. */
const LARGEST_EPOCH_MS = 253_402_300_799_999;

/**
 * The simulator's own time: a base clock plus an offset that tests may move.
 *
 * Every expiry, every window, the HTTP `Date` header and every date in a body are read from here, so moving it ages
 * tokens, nonces and seeds together.
 */
export class SimulatorClock {
  private offsetMs = 0;

  constructor(private readonly base: () => number = Date.now) {}

  /** Current simulated time, epoch milliseconds. */
  now(): number {
    return this.base() + this.offsetMs;
  }

  /** Moves the clock; a negative number moves it back. */
  advance(ms: number): void {
    this.moveTo(this.now() + requireFinite(ms, 'advanceMs'));
  }

  /** Sets the current time. The clock runs on from there at the base clock's pace. */
  set(epochMs: number): void {
    this.moveTo(requireFinite(epochMs, 'now'));
  }

  /** Back to the base clock. */
  reset(): void {
    this.offsetMs = 0;
  }

  private moveTo(epochMs: number): void {
    if (epochMs < 0 || epochMs > LARGEST_EPOCH_MS) {
      throw new SimulatorInputError('now', 'must lie in the years 1970 to 9999');
    }
    this.offsetMs = epochMs - this.base();
  }
}

function requireFinite(value: number, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new SimulatorInputError(field, 'must be a finite number of milliseconds');
  }
  return value;
}
