import axios, { type AxiosAdapter, type AxiosInstance, isAxiosError } from 'axios';
import { AsyncLocalStorage } from 'node:async_hooks';
import { pause, settled } from '../support/wait';

/** What a load came to. */
export interface LoadReport {
  readonly calls: number;
  readonly failedCalls: number;
  /** Answers 401, those that were replayed included. */
  readonly unauthorized: number;
  /** Requests sent a second time. */
  readonly replays: number;
  readonly longestWaitMs: number;
  /** How often each error code came. */
  readonly failures: Readonly<Record<string, number>>;
  /** Since the mark, epoch ms: the first call that succeeded, the last that failed. */
  readonly firstSuccess: number | undefined;
  readonly lastFailure: number | undefined;
}

export interface LoadPlan {
  readonly concurrency: number;
  /** Between the starts of two calls of one caller, at least. */
  readonly intervalMs: number;
}

/** Calls a business operation through a signing axios instance, again and again, and counts what happens. */
export class Load {
  private readonly sends = new AsyncLocalStorage<{ count: number }>();
  private readonly failures: Record<string, number> = {};
  private readonly inFlight = new Set<Promise<void>>();
  private readonly callers: Promise<void>[] = [];
  private isStopped = true;
  private calls = 0;
  private unauthorized = 0;
  private replays = 0;
  private longestWaitMs = 0;
  private markedAt = 0;
  private firstSuccess: number | undefined;
  private lastFailure: number | undefined;

  constructor(
    private readonly instance: AxiosInstance,
    private readonly path: string,
  ) {
    instance.defaults.adapter = this.counting(axios.getAdapter('http'));
  }

  start({ concurrency, intervalMs }: LoadPlan): void {
    this.isStopped = false;
    const caller = async (offsetMs: number): Promise<void> => {
      await pause(offsetMs);
      while (!this.isStopped) await Promise.all([this.call(), pause(intervalMs)]);
    };
    for (let index = 0; index < concurrency; index += 1) this.callers.push(caller((intervalMs * index) / concurrency));
  }

  /** So many calls, so many at a time. */
  async burst({ count, concurrency }: { count: number; concurrency: number }): Promise<void> {
    let left = count;
    const caller = async (): Promise<void> => {
      while (left-- > 0) await this.call();
    };
    const callers = Array.from({ length: concurrency }, caller);
    this.callers.push(...callers);
    await Promise.all(callers);
  }

  /** From this moment on, look for the first success and the last failure. */
  mark(at: number): void {
    this.markedAt = at;
    this.firstSuccess = undefined;
    this.lastFailure = undefined;
  }

  /** Ends the load and waits for the calls in flight; one that hangs has failed. */
  async stop(): Promise<LoadReport> {
    this.isStopped = true;
    await settled('calls in flight end', Promise.all(this.callers)).catch(() => {
      this.failures['HANGS'] = this.inFlight.size;
    });
    const { calls, unauthorized, replays, longestWaitMs, failures, firstSuccess, lastFailure } = this;
    const failedCalls = Object.values(failures).reduce((sum, count) => sum + count, 0);
    return { calls, failedCalls, unauthorized, replays, longestWaitMs, failures, firstSuccess, lastFailure };
  }

  private call(): Promise<void> {
    const call = this.counted().finally(() => this.inFlight.delete(call));
    this.inFlight.add(call);
    return call;
  }

  private async counted(): Promise<void> {
    const sends = { count: 0 };
    const startedAt = performance.now();
    this.calls += 1;
    try {
      const { data } = await this.sends.run(sends, () => this.instance.get<{ status: number }>(this.path));
      // HTTP 200 may be a failure.
      if (data.status !== 100) throw Object.assign(new Error('refused'), { code: `STATUS_${data.status}` });
      const now = Date.now();
      if (now >= this.markedAt) this.firstSuccess ??= now;
    } catch (error) {
      const code = codeOf(error);
      this.failures[code] = (this.failures[code] ?? 0) + 1;
      this.lastFailure = Date.now();
    } finally {
      if (sends.count > 1) this.replays += sends.count - 1;
      this.longestWaitMs = Math.max(this.longestWaitMs, performance.now() - startedAt);
    }
  }

  private counting(send: AxiosAdapter): AxiosAdapter {
    return async (config) => {
      const sends = this.sends.getStore();
      if (sends !== undefined) sends.count += 1;
      try {
        return await send(config);
      } catch (error) {
        if (isAxiosError(error) && error.response?.status === 401) this.unauthorized += 1;
        throw error;
      }
    };
  }
}

function codeOf(error: unknown): string {
  if (isAxiosError(error) && error.response !== undefined) return `HTTP_${error.response.status}`;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
