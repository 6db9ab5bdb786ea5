import { type LoggerService } from '@nestjs/common';
import { connect } from 'node:net';
import { type Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { textWithoutHandedOut, withoutHandedOut } from './handed-out';
import { type Find, type SecretSearch } from './secret-search';

interface Output {
  readonly name: string;
  readonly text: string;
}

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LOG = /^(?:a call of the logger|the log|the console|standard )/;

/** Everything a run let out, to be searched at its end. */
export class Haul {
  /** A logger for Nest that shows what it is given as deeply as anybody could. */
  readonly logger: LoggerService;
  private readonly outputs: Output[] = [];

  constructor() {
    const log = (...logged: unknown[]): void => this.addValue('a call of the logger', logged);
    this.logger = { log, error: log, warn: log, debug: log, verbose: log, fatal: log };
  }

  add(name: string, text: string): void {
    this.outputs.push({ name, text });
  }

  /** In every way a value gets into a log. */
  addValue(name: string, value: unknown): void {
    for (const [how, text] of Object.entries(renderings(withoutHandedOut(name, value)))) {
      this.add(`${name} (${how})`, text);
    }
  }

  /** What the promise comes to, be it an error. */
  async addOutcome(name: string, promise: Promise<unknown>): Promise<'answered' | 'failed'> {
    try {
      this.addValue(name, await promise);
      return 'answered';
    } catch (error) {
      this.addValue(name, error);
      return 'failed';
    }
  }

  /** What it comes to if that is an error. */
  async addError(name: string, promise: Promise<unknown>): Promise<void> {
    await promise.catch((error: unknown) => this.addValue(name, error));
  }

  /** Asks over a socket of its own and keeps the answer as it came: status line, headers and body. */
  async ask(url: string, method: string, path: string, message: Partial<Message> = {}): Promise<number> {
    const answer = await exchange(new URL(url), method, path, message);
    this.add(`${method} ${path}`, textWithoutHandedOut(`${method} ${path}`, answer));
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  }

  /** Keeps whatever is written to the stream from now on, which goes on to where it goes. */
  watch(name: string, stream: Writable): void {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    jest.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
      this.add(name, String(args[0]));
      return write(...args);
    });
  }

  search(search: SecretSearch): Find[] {
    return this.outputs.flatMap(({ name, text }) => search.find(name, text));
  }

  /** In what is kept when it is logged: unlike an answer, not for whoever asked. */
  searchLogs(search: SecretSearch): Find[] {
    return this.outputs.filter(({ name }) => LOG.test(name)).flatMap(({ name, text }) => search.find(name, text));
  }

  get size(): { readonly outputs: number; readonly bytes: number } {
    const bytes = this.outputs.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    return { outputs: this.outputs.length, bytes };
  }
}

/** With no HTTP library between, which would leave out what it does not know. */
function exchange(
  url: URL,
  method: string,
  path: string,
  { headers = {}, body = '' }: Partial<Message>,
): Promise<string> {
  const fields = { Host: url.host, Connection: 'close', 'Content-Length': Buffer.byteLength(body), ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(url.port), url.hostname);
    socket.on('data', (chunk) => chunks.push(chunk));
    // One that is closed while the request is still being written has an answer all the same.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.write(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
  });
}

const DEEPLY = { depth: Infinity, maxStringLength: null, maxArrayLength: null } as const;

/** As text in each way one meets. A way that does not work with this value throws, and shows no more by that. */
function renderings(value: unknown): Record<string, string> {
  const ways: Record<string, () => string> = {
    'inspect, all of it': () => inspect(value, { ...DEEPLY, showHidden: true, getters: true }),
    inspect: () => inspect(value),
    JSON: () => JSON.stringify(value) ?? '',
    format: () => format('%s %j', value, value),
    stack: () => (value instanceof Error ? String(value.stack) : ''),
    'cause in JSON': () => (value instanceof Error ? JSON.stringify(value.cause ?? '') : ''),
    // Bytes come out of it as numbers, which `inspect` spreads over lines.
    structuredClone: () => inspect(structuredClone(value), DEEPLY).replace(/,\s+/g, ', '),
    'own properties': () => inspect(typeof value === 'object' && value !== null ? { ...value } : value, DEEPLY),
  };
  return Object.fromEntries(Object.entries(ways).map(([how, render]) => [how, attempt(render)]));
}

function attempt(render: () => string): string {
  try {
    return render();
  } catch (error) {
    return String(error);
  }
}
