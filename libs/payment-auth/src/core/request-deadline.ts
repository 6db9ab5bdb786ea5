import { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { onAbort, waitFor } from './abort';
import { type Clock } from './clock';

/**
 * How long the caller of an axios request waits: until its `timeout` has passed, counted from the making of this object, or
 * until one of axios's two ways to cancel it. axios itself counts from when it sends, which for us is after the wait for a
 * token; the caller meant the whole.
 */
export class RequestDeadline {
  private readonly endsAt: number | undefined;

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {
    const timeoutMs = timeoutOf(config);
    this.endsAt = timeoutMs === undefined ? undefined : clock.monotonic() + timeoutMs;
  }

  /**
   * Whole milliseconds that are left, one at least: to axios 0 means no limit. `undefined` where there is none.
   *
   * @throws {AxiosError} the one axios has for a timeout, when nothing is left
   */
  remainingMs(): number | undefined {
    if (this.endsAt === undefined) return undefined;
    const remainingMs = Math.ceil(this.endsAt - this.clock.monotonic());
    if (remainingMs <= 0) throw axiosTimeoutError(this.config);
    return remainingMs;
  }

  /**
   * Waits with a signal that aborts at the caller's deadline or cancellation. Ends this wait only, if `wait` waits for
   * something that others share.
   */
  async wait<T>(wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, cancelToken } = this.config;
    const remainingMs = this.remainingMs();
    const ending = new AbortController();
    const end = (reason: unknown): void => ending.abort(reason);
    const timer =
      remainingMs === undefined ? undefined : setTimeout(() => end(axiosTimeoutError(this.config)), remainingMs);
    const forget = signal instanceof AbortSignal ? onAbort(signal, () => end(signal.reason)) : undefined;
    // `HttpService` cancels by token on unsubscribe.
    cancelToken?.subscribe(end);
    try {
      return await wait(ending.signal);
    } finally {
      clearTimeout(timer);
      forget?.();
      cancelToken?.unsubscribe(end);
    }
  }

  /** Waits for a body of the caller's that is being read, and lets go of it when the wait ends without it. */
  async reading<T>(body: Promise<T>): Promise<T> {
    const { data } = this.config as { data?: unknown };
    try {
      return await this.wait((signal) => waitFor(body, signal));
    } catch (error) {
      if (data instanceof Readable) data.destroy();
      throw error;
    }
  }
}

/** As axios reads it: whole milliseconds, a numeric text too, 0 for none. What is no number is for axios to refuse. */
export function timeoutOf({ timeout }: InternalAxiosRequestConfig): number | undefined {
  const timeoutMs = Number.parseInt(String(timeout), 10);
  return timeoutMs > 0 ? timeoutMs : undefined;
}

/** The error axios has for a request that took longer than its `timeout`. */
export function axiosTimeoutError(config: InternalAxiosRequestConfig): AxiosError {
  const { ETIMEDOUT, ECONNABORTED } = AxiosError;
  const code = config.transitional?.clarifyTimeoutError === true ? ETIMEDOUT : ECONNABORTED;
  return new AxiosError(timeoutMessage(config), code, config);
}

/** What axios says when the `timeout` of a request has passed. */
export function timeoutMessage({ timeout, timeoutErrorMessage }: InternalAxiosRequestConfig): string {
  // An empty text counts as none to axios.
  return timeoutErrorMessage || `timeout of ${timeout}ms exceeded`;
}
