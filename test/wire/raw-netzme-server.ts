import { createHmac } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';

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
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A Netzme that knows nothing of HTTP libraries: it reads the socket itself and recomputes the signature from the bytes
 * received, with code of its own. Tokens: one active, a new one kills the old.
 */
export class RawNetzmeServer {
  static readonly CLIENT_ID = 'raw-client';
  static readonly CLIENT_SECRET = CLIENT_SECRET;

  readonly received: ReceivedRequest[] = [];
  /** Answers given to business calls in place of the usual, first in first out. */
  readonly replies: (Reply | 'silence')[] = [];
  tokenRequests = 0;
  activeToken = '';
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((socket) => this.serve(socket));
  }

  static async start(): Promise<RawNetzmeServer> {
    const raw = new RawNetzmeServer();
    await new Promise<void>((resolve) => raw.server.listen(0, '127.0.0.1', resolve));
    return raw;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Somebody else asks for a token: ours is dead. */
  killToken(): void {
    this.activeToken = 'taken-by-somebody-else';
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let message = readMessage(pending); message !== undefined; message = readMessage(pending)) {
        pending = pending.subarray(message.length);
        const reply = this.answer(message);
        if (reply === 'silence') continue;
        const { status, headers = {}, body = '{}' } = reply;
        const fields = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers };
        const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`HTTP/1.1 ${status} Whatever\r\n${head.join('')}\r\n${message.method === 'HEAD' ? '' : body}`);
      }
    });
  }

  private answer(message: Message): Reply | 'silence' {
    const { method, target, headers, body } = message;
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
    const forced = this.replies.shift();
    if (forced !== undefined) return forced;
    return authorization === `Bearer ${this.activeToken}` ? { status: 200 } : { status: 401 };
  }
}

interface Message {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Bytes it took on the socket. */
  readonly length: number;
}

function readMessage(bytes: Buffer): Message | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return undefined;
  const [requestLine = '', ...fields] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
  );
  const start = headEnd + HEAD_END.length;
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunked = readChunks(bytes, start);
    return chunked && { method, target, headers, body: chunked.body, length: chunked.end };
  }
  const end = start + Number(headers.get('content-length') ?? 0);
  if (bytes.length < end) return undefined;
  return { method, target, headers, body: bytes.subarray(start, end), length: end };
}

function readChunks(bytes: Buffer, start: number): { body: Buffer; end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const chunkEnd = lineEnd + 2 + size;
    if (bytes.length < chunkEnd + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), end: chunkEnd + 2 };
    chunks.push(bytes.subarray(lineEnd + 2, chunkEnd));
    at = chunkEnd + 2;
  }
}
