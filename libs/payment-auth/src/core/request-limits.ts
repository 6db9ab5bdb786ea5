import { IsOptional } from 'class-validator';
import { IsWholeNumber } from './validation';

/** What a request of a gateway's own HTTP service may cost the caller, where the request itself states nothing else. */
export class RequestLimitOptions {
  /**
   * Deadline of one request of this gateway's HTTP service, in milliseconds, from the call to the last byte of the answer. A
   * request's own `timeout` goes before it; 0 there means none. @default 30000
   */
  @IsOptional()
  @IsWholeNumber('milliseconds', 1, 600_000)
  requestTimeoutMs?: number;

  /**
   * The largest answer this gateway's HTTP service takes, in bytes, after decompression. A request's own `maxContentLength`
   * goes before it; -1 there means any. @default 10485760, 10 MiB
   */
  @IsOptional()
  @IsWholeNumber('bytes', 1_024, 1_073_741_824)
  maxResponseBytes?: number;
}

/** As axios calls them. */
export interface RequestLimits {
  readonly timeout: number;
  readonly maxContentLength: number;
}

export function resolveRequestLimits({ requestTimeoutMs, maxResponseBytes }: RequestLimitOptions): RequestLimits {
  return { timeout: requestTimeoutMs ?? 30_000, maxContentLength: maxResponseBytes ?? 10 * 1024 * 1024 };
}
