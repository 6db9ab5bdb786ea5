import { type Socket } from 'node:net';
import { type WireExchange, type WireMessage } from '../contract';
import { maskMessage, secretsIn } from './mask-message';
import { parseMessage, type RawMessage } from './raw-message';

/** Of one direction. What comes after is counted by nobody and shown to nobody. */
const LARGEST_RECORDED = 4 * 1024 * 1024;

const NOTHING: WireMessage = { startLine: '', headers: [], body: '', bodyEncoding: 'utf8', bodyBytes: 0, masked: [] };

/** What went over one connection, and back. */
class Tape {
  readonly startedAt = new Date();
  private readonly started = performance.now();
  private readonly sent: Buffer[] = [];
  private readonly received: Buffer[] = [];
  private bytes = 0;
  private endedMs?: number;
  error?: string;

  constructor(readonly origin: string) {}

  send(bytes: Buffer): void {
    this.keep(this.sent, bytes);
  }

  receive(bytes: Buffer): void {
    this.keep(this.received, bytes);
    this.endedMs = performance.now() - this.started;
  }

  end(error?: string): void {
    this.error ??= error;
    this.endedMs ??= performance.now() - this.started;
  }

  get durationMs(): number {
    return Math.round((this.endedMs ?? performance.now() - this.started) * 10) / 10;
  }

  get request(): RawMessage | undefined {
    return parseMessage(Buffer.concat(this.sent));
  }

  get response(): RawMessage | undefined {
    return parseMessage(Buffer.concat(this.received));
  }

  private keep(kept: Buffer[], bytes: Buffer): void {
    this.bytes += bytes.length;
    if (this.bytes <= LARGEST_RECORDED) kept.push(bytes);
  }
}

/** What a call was on the wire, and what it takes to keep that to ourselves. */
interface Recorded {
  readonly exchanges: WireExchange[];
  /** Of the answers. */
  readonly headers: readonly RawMessage['headers'][];
  /** Credentials that went out, and those that came. */
  readonly secrets: readonly string[];
}

/** The connections of one call, in the order they were opened. */
export class WireRecording {
  private readonly tapes: Tape[] = [];
  private isOver = false;

  /** @param operation name of the call */
  constructor(private readonly operation: string) {}

  /** Work of the call may go on behind its end, renewing a token for the next one; that is no part of it. */
  get isRunning(): boolean {
    return !this.isOver;
  }

  /** Plaintext both ways, behind TLS as well. The socket must be new. */
  record(socket: Socket, origin: string): void {
    const tape = new Tape(origin);
    this.tapes.push(tape);
    const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
    socket.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      tape.send(bytesOf(chunk, rest[0]));
      return write(chunk, ...rest);
    };
    socket.on('data', (bytes: Buffer) => tape.receive(Buffer.from(bytes)));
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => tape.end(code ?? message));
    socket.on('close', () => tape.end());
  }

  /** Ends the recording. */
  finish(): Recorded {
    this.isOver = true;
    const parsed = this.tapes.map((tape) => ({ tape, request: tape.request, response: tape.response }));
    const secrets = parsed.flatMap(({ request, response }) =>
      [request, response].flatMap((m) => (m ? secretsIn(m) : [])),
    );
    return {
      secrets,
      exchanges: parsed.map(({ tape, request, response }) => ({
        operation: this.operationOf(request),
        origin: tape.origin,
        request: request === undefined ? NOTHING : maskMessage(request, secrets),
        ...(response !== undefined && { response: maskMessage(response, secrets) }),
        ...failureOf(tape, response),
        startedAt: tape.startedAt.toISOString(),
        durationMs: tape.durationMs,
      })),
      headers: parsed.flatMap(({ response }) => (response === undefined ? [] : [response.headers])),
    };
  }

  private operationOf(request: RawMessage | undefined): string {
    const path = request?.startLine.split(' ')[1]?.split('?')[0] ?? '';
    if (/\/(?:access)?token$/.test(path)) return 'token';
    return path.endsWith('/nonce') ? 'nonce' : this.operation;
  }
}

const bytesOf = (chunk: string | Uint8Array, encoding: unknown): Buffer =>
  typeof chunk === 'string'
    ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
    : Buffer.from(chunk);

function failureOf(tape: Tape, response: RawMessage | undefined): { failure?: string } {
  if (response?.isWhole === true) return {};
  if (response !== undefined) return { failure: `${tape.error ?? 'the connection ended'} before the answer was whole` };
  return { failure: tape.error ?? 'no answer came' };
}
