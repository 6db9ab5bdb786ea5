import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export type RequestListener = (request: IncomingMessage, response: ServerResponse, body: Buffer | 'too-large') => void;

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
  ) {
    this.server = createServer((request, response) => {
      collectBody(request, bodyLimit(), (body) => listener(request, response, body));
    });
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
