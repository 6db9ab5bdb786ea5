import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** One webhook that went through, and what came back. */
export interface Passed {
  readonly route: string;
  /** What proves it, or pretends to: signatures, tokens, credentials. */
  readonly proofs: readonly string[];
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * What stands before a shop: its address is the one that gateways have, and known before the shop listens. Keeps all that
 * passes, as it was on the wire.
 */
export class FrontProxy {
  /** Base URL of the shop. */
  target = '';
  readonly passed: Passed[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((incoming, outgoing) => {
      const received: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => received.push(chunk));
      incoming.on('end', () => {
        const { method = '', url = '', headers } = incoming;
        const body = Buffer.concat(received);
        const forwarded = request(new URL(url, this.target), { method, headers, agent: false }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const { statusCode: status = 0, headers: answerHeaders } = answer;
            const text = Buffer.concat(chunks);
            this.passed.push({
              route: `${method} ${url}`,
              proofs: proofsOf(headers, body.toString('utf8')),
              status,
              headers: answerHeaders,
              body: text.toString('utf8'),
            });
            outgoing.writeHead(status, answerHeaders).end(text);
          });
        });
        forwarded.on('error', () => outgoing.destroy());
        forwarded.end(body);
      });
    });
  }

  static async start(): Promise<FrontProxy> {
    const proxy = new FrontProxy();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Shorter ones are found by chance. */
const LEAST_CHARACTERS = 16;

function proofsOf(headers: IncomingHttpHeaders, body: string): string[] {
  const named = ['signature', 'x-signature', 'x-callback-token', 'authorization'].map((name) => headers[name]);
  const onboarding = /v1=(\w+)/.exec(String(headers['x-signature']))?.[1];
  const members = [...body.matchAll(/"(?:signature|tranKey|nonce)":"(?:sha256:)?([^"]+)"/g)].map(([, value]) => value);
  const form = body.startsWith('authorization_result=') ? new URLSearchParams(body).get('signature') : undefined;
  return [...named, onboarding, ...members, form].filter(
    (proof): proof is string => typeof proof === 'string' && proof.length >= LEAST_CHARACTERS,
  );
}
