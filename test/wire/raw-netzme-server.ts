import { createHmac } from 'node:crypto';
import { type Socket } from 'node:net';
import { type RawRequest, RawServer } from '../support/raw-server';

/** One business call as it came over the socket. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly isSignatureRight: boolean;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CLIENT_SECRET = 'raw-server-secret';

/**
 * A Netzme that knows nothing of HTTP libraries: it recomputes the signature from the bytes received, with code of its own.
 * Tokens: one active, a new one kills the old.
 */
export class RawNetzmeServer {
  static readonly CLIENT_ID = 'raw-client';
  static readonly CLIENT_SECRET = CLIENT_SECRET;

  readonly received: ReceivedRequest[] = [];
  /** Answers given to business calls in place of the usual, first in first out. */
  readonly replies: (Reply | 'silence')[] = [];
  tokenRequests = 0;
  /** Called when a business call has come, before it is answered. */
  onCall: () => void = () => undefined;
  activeToken = '';
  private readonly server = new RawServer((request, socket) => this.reply(request, socket));

  static async start(): Promise<RawNetzmeServer> {
    const raw = new RawNetzmeServer();
    await raw.server.listen();
    return raw;
  }

  get url(): string {
    return this.server.url;
  }

  /** Somebody else asks for a token: ours is dead. */
  killToken(): void {
    this.activeToken = 'taken-by-somebody-else';
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private reply(request: RawRequest, socket: Socket): void {
    const reply = this.answer(request);
    if (reply === 'silence') return;
    const { status, headers = {}, body = '{}' } = reply;
    const fields = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers };
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} Whatever\r\n${head.join('')}\r\n${request.method === 'HEAD' ? '' : body}`);
  }

  private answer({ method, target, headers, body }: RawRequest): Reply | 'silence' {
    if (target === '/oauth/merchant/accesstoken') {
      this.tokenRequests += 1;
      this.activeToken = this.tokenRequests.toString(16).padStart(64, '0');
      const expiry_token = Date.now() + 36_000_000;
      const token = { status: 'SUCCEES', access_token: this.activeToken, token_type: 'bearer', expiry_token };
      return { status: 200, body: JSON.stringify(token) };
    }
    const authorization = headers.get('authorization') ?? '';
    const time = headers.get('request-time') ?? '';
    const signed = Buffer.concat([
      Buffer.from(`path=${target}&method=${method}&token=${authorization}&timestamp=${time}&body=`, 'latin1'),
      body,
    ]);
    const expected = createHmac('sha256', `${CLIENT_SECRET}-${time}-${authorization}`).update(signed).digest('hex');
    this.received.push({ method, target, headers, body, isSignatureRight: headers.get('signature') === expected });
    this.onCall();
    const forced = this.replies.shift();
    if (forced !== undefined) return forced;
    return authorization === `Bearer ${this.activeToken}` ? { status: 200 } : { status: 401 };
  }
}
