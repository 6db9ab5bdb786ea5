import { type InternalAxiosRequestConfig } from 'axios';

/** One signal for both ways in which an axios request can be cancelled; `HttpService` cancels by token on unsubscribe. */
export function cancellationSignal(config: InternalAxiosRequestConfig): AbortSignal | undefined {
  const signals: AbortSignal[] = [];
  if (config.signal instanceof AbortSignal) signals.push(config.signal);
  const token = config.cancelToken as { toAbortSignal?: () => AbortSignal } | undefined;
  if (token?.toAbortSignal !== undefined) signals.push(token.toAbortSignal());
  return signals.length === 0 ? undefined : AbortSignal.any(signals);
}
