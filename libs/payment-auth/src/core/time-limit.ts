import axios, {
  type AxiosAdapter,
  type AxiosResponse,
  type GenericAbortSignal,
  type InternalAxiosRequestConfig,
} from 'axios';
import { Readable } from 'node:stream';
import { onAbort, withTimeout } from './abort';
import { axiosTimeoutError, timeoutOf } from './request-deadline';

/**
 * Gives a request up when its `timeout` has passed, whatever the other side does, with the error axios has for that; a streamed
 * answer counts as come when its head has.
 *
 * axios's own timers end the wait for the head of an answer. After that they only end silence, so that a byte now and then
 * keeps a caller waiting for ever, and there are answers axios never settles on (a 101 nobody asked for).
 */
export interface TimeLimit {
  send(): Promise<AxiosResponse>;
  /**
   * Puts back what it changed in the request's config. While an answer is a stream and still open, the caller's signal goes on
   * ending it, as it does without us.
   */
  release(answer?: AxiosResponse<unknown>): void;
}

/** axios's own, for Node. */
const NODE_ADAPTER = axios.getAdapter('http');

/** From now on; `undefined` for a request without a `timeout`. */
export function startTimeLimit(config: InternalAxiosRequestConfig, send: AxiosAdapter): TimeLimit | undefined {
  const timeoutMs = timeoutOf(config);
  if (timeoutMs === undefined) return undefined;
  return send === NODE_ADAPTER ? new NodeTimeLimit(config, timeoutMs) : limitAny(config, send, timeoutMs);
}

/**
 * One timer in place of axios's two, and as much of an `AbortSignal` as axios's own adapter asks for: with those two and a real
 * one, a request takes a tenth longer.
 */
class NodeTimeLimit implements TimeLimit, GenericAbortSignal {
  aborted = false;
  private listener: ((error?: Error) => void) | undefined;
  private readonly signal: InternalAxiosRequestConfig['signal'];
  private readonly timeout: number | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly forget: (() => void) | undefined;

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    timeoutMs: number,
  ) {
    this.signal = config.signal;
    this.timeout = config.timeout;
    this.forget = onAbortOf(config, () => this.abort());
    this.timer = setTimeout(() => this.expire(), timeoutMs);
    config.signal = this;
    config.timeout = 0;
  }

  send(): Promise<AxiosResponse> {
    return NODE_ADAPTER(this.config);
  }

  release(answer?: AxiosResponse<unknown>): void {
    clearTimeout(this.timer);
    afterStream(answer, this.forget);
    this.config.signal = this.signal;
    this.config.timeout = this.timeout;
  }

  addEventListener(_type: 'abort', listener: (error?: Error) => void): void {
    this.listener = listener;
  }

  removeEventListener(): void {
    this.listener = undefined;
  }

  private expire(): void {
    // The error tells the timeout as the config has it.
    this.config.timeout = this.timeout;
    this.abort(axiosTimeoutError(this.config));
  }

  /** axios takes what it is given as the request's error, and nothing for a cancellation. */
  private abort(error?: Error): void {
    this.aborted = true;
    this.listener?.(error);
  }
}

/** Another adapter may hand the signal on to whom only a real one will do, or know none. */
function limitAny(config: InternalAxiosRequestConfig, send: AxiosAdapter, timeoutMs: number): TimeLimit {
  const { signal } = config;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const forget = onAbortOf(config, end);
  config.signal = ending.signal;
  const task = (late: AbortSignal): Promise<AxiosResponse> => {
    onAbort(late, end);
    return send(config);
  };
  return {
    send: () => withTimeout(task, timeoutMs, () => axiosTimeoutError(config)),
    release: (answer) => {
      afterStream(answer, forget);
      config.signal = signal;
    },
  };
}

/** axios asks as much of a caller's signal as this does. */
function onAbortOf({ signal }: InternalAxiosRequestConfig, react: () => void): (() => void) | undefined {
  return signal && onAbort(signal as AbortSignal, react);
}

function afterStream(answer: AxiosResponse<unknown> | undefined, run: (() => void) | undefined): void {
  if (run === undefined) return;
  const data = answer?.data;
  if (data instanceof Readable && !data.closed) data.once('close', run);
  else run();
}
