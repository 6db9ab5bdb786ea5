import { type IncomingHttpHeaders } from 'node:http';

export const GATEWAY_NAMES = ['alignet', 'placetopay', 'netzme'] as const;
export type GatewayName = (typeof GATEWAY_NAMES)[number];

/** Why a request was refused: which input differs, never what the right value would have been. */
export interface RefusalReason {
  /** Stable, machine-readable, e.g. `digest-hex`. */
  readonly code: string;
  /** The header, member or part of the request at fault, e.g. `auth.tranKey`. */
  readonly input: string;
  readonly message: string;
}

/** One request as it came off the wire. */
export interface Exchange {
  readonly method: string;
  /** The raw request target; one character per byte, so `Buffer.from(target, 'latin1')` gives the bytes back. */
  readonly target: string;
  readonly path: string;
  /** Raw query without the question mark; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Simulated time of the check, epoch milliseconds. */
  readonly now: number;
}

/** What a gateway answers. A `reason` marks the answer as a refusal. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly reason?: RefusalReason;
}

/** What the HTTP part needs of a gateway. `handle` is synchronous, so no two requests can interleave in its state. */
export interface Gateway {
  readonly name: GatewayName;
  readonly operations: readonly string[];
  /** The operation a request asks for: the name used by counters, faults and the journal. */
  identify(method: string, path: string): string;
  handle(operation: string, exchange: Exchange): Answer;
  /** The gateway's own failure shape, for injected faults. */
  failure(operation: string, status: number, exchange: Exchange, code?: number): Answer;
  counters(): Readonly<Record<string, number>>;
  reset(): void;
}

export function jsonAnswer(
  status: number,
  value: unknown,
  reason?: RefusalReason,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(value),
    ...(reason && { reason }),
  };
}

/** The value of a header that may not legally repeat; a repeated one is joined, as Node does for unknown names. */
export function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
