import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Duplex } from 'node:stream';

export type RequestListener = (request: IncomingMessage, response: ServerResponse, body: Buffer | 'too-large') => void;

/** What Node's HTTP parser refused, before there was a request to hand over. */
export interface UnparsedRequest {
  /** Answered. */
  readonly status: number;
  /** Node's code of the error, e.g. `HPE_INVALID_METHOD`. */
  readonly code: string;
  /** The parser's own words. */
  readonly problem: string;
  /** What came last, one character per byte: the head of the request, as far as it is known. */
  readonly text: string;
}
/** Told of such a request; gives headers for its response. */
export type UnparsedListener = (request: UnparsedRequest) => Readonly<Record<string, string>>;

interface ClientError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

/** As Node answers them; anything else is 400. */
const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** A server could not listen; the message is one sentence fit for a terminal. */
export class SimulatorStartError extends Error {
  override readonly name = 'SimulatorStartError';

  constructor(
    message: string,
    /** Node's error code, e.g. `EADDRINUSE`. */
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** Bytes read and thrown away beyond the limit, so that a client still writing gets to see its 413. */
const DISCARDED_AT_MOST = 64 * 1024 * 1024;

/** One HTTP server on one port, which hands over whole raw bodies and can be stopped at any moment. */
export class HttpListener {
  private readonly server: Server;

  constructor(
    readonly label: string,
    listener: RequestListener,
    bodyLimit: () => number,
    onUnparsed: UnparsedListener = () => ({}),
  ) {
    this.server = createServer((request, response) => {
      collectBody(request, bodyLimit(), (body) => listener(request, response, body));
    });
    this.server.on('clientError', (error: ClientError, socket) => refuseUnparsed(error, socket, onUnparsed));
    // Longer than clients keep idle connections: the five seconds Node allows would race with their next request.
    this.server.keepAliveTimeout = 120_000;
  }

  /** @returns the base URL. @throws {SimulatorStartError} */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => reject(startError(error, this.label, host, port)));
      this.server.listen(port, host, resolve);
    });
    const address = this.server.address() as AddressInfo;
    return `http://${urlHost(host, address)}:${address.port}`;
  }

  /** Ends every connection and frees the port. */
  async close(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

function refuseUnparsed(error: ClientError, socket: Duplex, onUnparsed: UnparsedListener): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { code = '', reason = error.message, rawPacket = Buffer.alloc(0) } = error;
  const status = CLIENT_ERRORS[code] ?? 400;
  // The client is gone when its request ends too early: nothing was refused.
  const isRefusal = code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE';
  const headers = isRefusal ? onUnparsed({ status, code, problem: reason, text: rawPacket.toString('latin1') }) : {};
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  const response = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
  socket.end(response, () => socket.destroy());
}

function collectBody(request: IncomingMessage, limit: number, done: (body: Buffer | 'too-large') => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (length > limit + DISCARDED_AT_MOST) request.destroy();
  });
  // A client that goes away mid-body: nobody is left to answer.
  request.on('error', () => undefined);
  request.on('end', () => done(length > limit ? 'too-large' : Buffer.concat(chunks, length)));
}

function urlHost(host: string, address: AddressInfo): string {
  if (address.address === '0.0.0.0' || address.address === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function startError(error: NodeJS.ErrnoException, label: string, host: string, port: number): SimulatorStartError {
  const where = `port ${port} of ${host} (${label})`;
  if (error.code === 'EADDRINUSE') {
    return new SimulatorStartError(`The simulator cannot start: ${where} is already in use.`, error.code);
  }
  if (error.code === 'EACCES') {
    return new SimulatorStartError(
      `The simulator cannot start: ${where} needs more rights than this process has.`,
      error.code,
    );
  }
  return new SimulatorStartError(
    `The simulator cannot start: ${where} gave ${error.code ?? error.message}.`,
    error.code,
  );
}
