import { type Request, type Response } from 'express';
import { type ConsoleEvents } from '../contract';

/** A browser that takes no more for so long has gone without a word, or should come back and start anew. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const RECONNECT_MS = 2_000;

/** One browser that listens. */
export class EventStream {
  /** @param isAllowed whether whoever listens may still: its session ends by itself, or by another request */
  constructor(
    { socket }: Request,
    private readonly response: Response,
    private readonly isAllowed: () => boolean,
  ) {
    socket.setNoDelay(true);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // A proxy that gathers answers would hold the events back.
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
  }

  send<K extends keyof ConsoleEvents>(name: K, data: ConsoleEvents[K]): void {
    this.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Says that we are there: connections on which nothing happens are ended by what lies between. */
  beat(): void {
    this.write(': still here\n\n');
  }

  end(): void {
    this.response.end();
  }

  /** Ends a stream whose session is over. */
  check(): void {
    if (!this.isAllowed()) this.end();
  }

  private write(text: string): void {
    if (this.response.writableEnded) return;
    if (!this.isAllowed()) this.end();
    else if (this.response.writableLength > MOST_WAITING_BYTES) this.response.destroy();
    else this.response.write(text);
  }
}
