import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** What a process answers: one function a request. */
type Handlers<H> = { readonly [K in keyof H]: (argument: never) => unknown };
type ArgumentsOf<F> = F extends () => unknown ? [] : F extends (argument: infer A) => unknown ? [argument: A] : never;
type ResultOf<F> = F extends (argument: never) => infer R ? Awaited<R> : never;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

const HOOK = join(__dirname, '../support/ts-hook.cjs');
const READY = 0;

/** In a child: answers the parent's calls, and ends with the parent. */
export function serve<H extends Handlers<H>>(handlers: H): void {
  const send = (reply: Reply): void => void process.send?.(reply);
  const answer = async ({ id, name, argument }: Call): Promise<void> => {
    try {
      const handler = handlers[name as keyof H];
      send({ id, result: await handler(argument as never) });
    } catch (error) {
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : 'unknown error' });
    }
  };
  process.on('message', (call: Call) => void answer(call));
  process.on('disconnect', () => process.exit());
  send({ id: READY });
}

/** A child process that runs a TypeScript file of this folder, as its parent sees it. */
export class Peer<H extends Handlers<H>> {
  /** When it takes calls. */
  readonly ready: Promise<void>;
  private readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  private lastId = READY;
  private isEnded = false;

  constructor(private readonly file: string) {
    // Its standard output goes to standard error: ours may be JSON that somebody reads.
    this.child = fork(join(__dirname, file), { execArgv: ['-r', HOOK], stdio: ['ignore', 2, 2, 'ipc'] });
    this.ready = this.reply(READY) as Promise<void>;
    this.ready.catch(() => undefined);
    this.child.on('message', ({ id, result, error }: Reply) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${file}: ${error}`));
    });
    // A message to a process that is being killed.
    this.child.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.child.on('exit', () => resolve()));
    void this.ended.then(() => this.end());
  }

  async call<K extends keyof H & string>(name: K, ...[argument]: ArgumentsOf<H[K]>): Promise<ResultOf<H[K]>> {
    await this.ready;
    if (this.isEnded) throw this.endedError();
    const id = ++this.lastId;
    const reply = this.reply(id);
    this.child.send({ id, name, argument } satisfies Call);
    return (await reply) as ResultOf<H[K]>;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  /** Ends it whatever it does, a stopped one too. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  private reply(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private end(): void {
    this.isEnded = true;
    this.waiting.forEach(({ reject }) => reject(this.endedError()));
    this.waiting.clear();
  }

  private endedError(): Error {
    return new Error(`${this.file} has ended (${this.child.signalCode ?? this.child.exitCode})`);
  }
}
