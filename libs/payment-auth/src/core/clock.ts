/** The two clocks the library reads. Replace the {@link PAYMENT_AUTH_CLOCK} provider in tests to move time. */
export interface Clock {
  /** Wall clock, epoch milliseconds: what goes on the wire (Placetopay's seed, Netzme's Request-Time). */
  now(): number;
  /** Milliseconds that only ever go forward: what lifetimes are measured with, so clock jumps do no harm. */
  monotonic(): number;
}

export const SYSTEM_CLOCK: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
});
