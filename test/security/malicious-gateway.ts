import { type Socket } from 'node:net';
import { type RawRequest, RawServer } from '../support/raw-server';

/** What is done to a request in place of answering it. */
export type Misbehaviour = (socket: Socket, request: RawRequest) => void;

const TOKEN = 'an-honest-token';

const HONEST: Readonly<Record<string, object>> = {
  '/token': { success: true, access_token: TOKEN, token_type: 'Bearer', expires_in: 8_600 },
  '/nonce': { success: true, nonce: 'an-honest-nonce', expires_in: 30 },
  '/oauth/merchant/accesstoken': { status: 'SUCCEES', access_token: TOKEN, expiry_token: Date.now() + 36_000_000 },
};

/**
 * All three gateways on one port, honest but for one target. Writes to the socket itself, because an HTTP library would not
 * let it say what it says.
 */
export class MaliciousGateway {
  /** Everything it was sent, on any connection. */
  readonly requests: RawRequest[] = [];
  private readonly attacked = new Set<Socket>();
  private readonly server = new RawServer((request, socket) => this.answer(request, socket));

  private constructor(
    private readonly target: string,
    private readonly misbehave: Misbehaviour,
  ) {}

  static async start(target: string, misbehave: Misbehaviour): Promise<MaliciousGateway> {
    const gateway = new MaliciousGateway(target, misbehave);
    await gateway.server.listen();
    return gateway;
  }

  get url(): string {
    return this.server.url;
  }

  /** Requests for the target. */
  get attacks(): number {
    return this.requests.filter(({ target }) => this.isTarget(target)).length;
  }

  /**
   * When the client has let go of every connection on which it was attacked.
   *
   * @returns how many bytes were written to them, those still on their way included
   */
  async letGo(): Promise<number> {
    for (const socket of this.attacked) {
      if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    }
    return [...this.attacked].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  }

  /** Says something on every connection that is open, asked or not. */
  say(bytes: Buffer): void {
    this.server.sockets.forEach((socket) => socket.write(bytes));
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private answer(request: RawRequest, socket: Socket): void {
    this.requests.push(request);
    if (this.isTarget(request.target)) {
      this.attacked.add(socket);
      this.misbehave(socket, request);
    } else {
      socket.write(message({ body: HONEST[request.target] ?? {} }));
    }
  }

  private isTarget(target: string): boolean {
    return target.split('?', 1)[0] === this.target;
  }
}

export interface Message {
  readonly status?: number;
  /** As they stand on the wire, without their line ends. */
  readonly headers?: readonly string[];
  readonly body?: object | string | Buffer;
}

/** A whole answer, its length stated. */
export function message({ status = 200, headers = [], body = '' }: Message): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return Buffer.concat([head(status, [...headers, `Content-Length: ${bytes.length}`]), bytes]);
}

export function head(status: number, headers: readonly string[]): Buffer {
  const type = headers.some((header) => /^content-type:/i.test(header)) ? [] : ['Content-Type: application/json'];
  return Buffer.from(`${[`HTTP/1.1 ${status} Whatever`, ...type, ...headers].join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Writes for as long as somebody reads, and no faster than it is read. */
export function pour(socket: Socket, next: () => Buffer | string): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(next()));
  };
  socket.on('drain', write);
  write();
}

/** Writes one piece every few milliseconds for as long as the connection is there. */
export function drip(socket: Socket, next: () => Buffer | string): void {
  const timer = setInterval(() => void socket.write(next()), 5);
  socket.once('close', () => clearInterval(timer));
}
