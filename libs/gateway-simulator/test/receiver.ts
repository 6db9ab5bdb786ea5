import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A merchant's endpoint: keeps what comes, and answers as told. */
export class Receiver {
  readonly received: ReceivedWebhook[] = [];
  private answer: (response: ServerResponse) => void = (response) => response.end('ok');
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.received.push({ method, target: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      this.arrivals.splice(0).forEach((arrived) => arrived());
      this.answer(response);
    });
  });
  private readonly arrivals: (() => void)[] = [];

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The webhook that came last. */
  latest(): ReceivedWebhook {
    const latest = this.received.at(-1);
    if (!latest) throw new Error('No webhook has come.');
    return latest;
  }

  /** How to answer from now on. */
  answerWith(answer: (response: ServerResponse) => void): void {
    this.answer = answer;
  }

  /** Resolves when this many webhooks have come. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.arrivals.push(resolve));
  }

  reset(): void {
    this.received.length = 0;
    this.answer = (response) => response.end('ok');
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}
