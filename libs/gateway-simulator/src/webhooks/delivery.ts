import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Delivery {
  readonly method: string;
  readonly target: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly timeoutMs: number;
  /** Ends the delivery when the simulator stops. */
  readonly stopping: AbortSignal;
}

/** What came of one delivery. */
export interface Delivered {
  /** HTTP status; 0 when none came. A redirect is an answer like any other: it is not followed. */
  readonly status: number;
  readonly body: Buffer;
  readonly durationMs: number;
  /** `timeout`, `too-long`, `stopped` or Node's error code, when the answer is not whole. */
  readonly problem?: string;
}

/** Bytes of an answer that are read; the documented answers are short. */
export const ANSWER_LIMIT_BYTES = 64 * 1024;

/** Sends a webhook once. Never rejects: that nobody answered is a result too. */
export function deliver(delivery: Delivery): Promise<Delivered> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const answer = { status: 0, chunks: [] as Buffer[], length: 0 };
    const outgoing = start(delivery);
    const finish = (problem?: string) => {
      clearTimeout(timer);
      // Also ends an answer that is still being sent.
      outgoing.destroy();
      const body = Buffer.concat(answer.chunks).subarray(0, ANSWER_LIMIT_BYTES);
      const durationMs = Math.round(performance.now() - startedAt);
      resolve({ status: answer.status, body, durationMs, ...(problem !== undefined && { problem }) });
    };
    // One limit for all of it: an answer that drips byte by byte ends too.
    const timer = setTimeout(() => finish('timeout'), delivery.timeoutMs);
    outgoing.on('error', (error: NodeJS.ErrnoException) => finish(problemOf(error)));
    outgoing.on('response', (response: IncomingMessage) => {
      answer.status = response.statusCode ?? 0;
      response.on('data', (chunk: Buffer) => {
        answer.chunks.push(chunk);
        answer.length += chunk.length;
        if (answer.length > ANSWER_LIMIT_BYTES) finish('too-long');
      });
      response.on('end', () => finish());
      response.on('error', (error: NodeJS.ErrnoException) => finish(problemOf(error)));
    });
    outgoing.end(delivery.body);
  });
}

function start({ method, target, headers, body, stopping }: Delivery): ClientRequest {
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return send(target, {
    method,
    headers: { ...headers, 'Content-Length': body.length },
    // No connection is kept: the next webhook may be hours away, and the receiver restarted.
    agent: false,
    signal: stopping,
  });
}

function problemOf(error: NodeJS.ErrnoException): string {
  return error.name === 'AbortError' ? 'stopped' : (error.code ?? 'unknown');
}
