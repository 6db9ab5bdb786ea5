import { type Clock } from 'nestjs-payment-auth';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** A request as it came, and what a test wants answered. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Never answer. */
  readonly hang?: boolean;
  /** Answer no earlier than this. */
  readonly after?: Promise<unknown>;
}

/** A gateway that answers what it is told and remembers what it was asked. */
export class RecordingServer {
  readonly requests: RecordedRequest[] = [];
  respond: (request: RecordedRequest) => CannedAnswer = () => ({});
  private readonly server: Server;

  private constructor(private readonly clock: Pick<Clock, 'now'>) {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = '', url = '', headers } = incoming;
        const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
        this.requests.push(request);
        const { status = 200, headers: extra = {}, body = {}, hang = false, after } = this.respond(request);
        if (hang) return;
        void Promise.resolve(after).then(() => {
          const date = new Date(this.clock.now()).toUTCString();
          outgoing.writeHead(status, { Date: date, 'Content-Type': 'application/json', ...extra });
          outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
        });
      });
    });
  }

  /** @param clock of its `Date` header, from which the library takes how long a token lives: the library's own, if a test moves that */
  static async start(clock: Pick<Clock, 'now'> = { now: () => Date.now() }): Promise<RecordingServer> {
    const recording = new RecordingServer(clock);
    await new Promise<void>((resolve) => recording.server.listen(0, '127.0.0.1', resolve));
    return recording;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
