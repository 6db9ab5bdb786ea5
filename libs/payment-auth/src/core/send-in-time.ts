import { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { onAbort } from './abort';
import { axiosTimeoutError, timeoutOf } from './request-deadline';

/**
 * Sends, and gives up when the request's `timeout` has passed, whatever the other side does; a streamed answer counts as come
 * when its head has.
 *
 * axios's own timer ends the wait for the head of an answer. After that it only ends silence, so that a byte now and then keeps
 * a caller waiting for ever, and there are answers axios never settles on (a 101 nobody asked for).
 *
 * @throws {AxiosError} the one axios has for a timeout
 */
export async function sendInTime(config: InternalAxiosRequestConfig, send: AxiosAdapter): Promise<AxiosResponse> {
  const timeoutMs = timeoutOf(config);
  if (timeoutMs === undefined) return send(config);
  const { signal } = config;
  const ending = new AbortController();
  // axios asks as much of a signal as this does.
  const forget = signal && onAbort(signal as AbortSignal, () => ending.abort());
  config.signal = ending.signal;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(axiosTimeoutError(config));
      ending.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([send(config), late]);
  } finally {
    clearTimeout(timer);
    forget?.();
    config.signal = signal;
  }
}
