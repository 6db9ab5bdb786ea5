import { createServer, type Server, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** A request as its bytes say, read without any HTTP library. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Bytes it took on the socket. */
  readonly length: number;
}

/** Writes what it likes to the socket, or nothing. */
export type RawHandler = (request: RawRequest, socket: Socket) => void;

/** A server that knows nothing of HTTP libraries: it reads requests off the socket itself, and whoever made it answers. */
export class RawServer {
  readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly handle: RawHandler) {
    this.server = createServer((socket) => this.serve(socket));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    // What is written arrives when it is written, not when the one before has been acknowledged.
    socket.setNoDelay(true);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let request = readRequest(pending); request !== undefined; request = readRequest(pending)) {
        pending = pending.subarray(request.length);
        this.handle(request, socket);
      }
    });
  }
}

/** Every whole request in these bytes. */
export function readRequests(bytes: Buffer): RawRequest[] {
  const requests: RawRequest[] = [];
  let left = bytes;
  for (let request = readRequest(left); request !== undefined; request = readRequest(left)) {
    requests.push(request);
    left = left.subarray(request.length);
  }
  return requests;
}

/** The first request in these bytes; `undefined` until all of it has arrived. */
function readRequest(bytes: Buffer): RawRequest | undefined {
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
