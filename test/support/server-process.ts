import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { type Readable } from 'node:stream';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server in a process of its own, as its user sees it: what it prints, how it takes a signal, how it ends. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  /** Once it and every process of its own that prints where it does are gone. */
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private isOver = false;

  constructor({ file, args, cwd, env }: Command) {
    // In a process group of its own, so that a test can press Ctrl-C, and clean up, without hitting itself.
    this.child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        this.isOver = true;
        resolve({ code, signal });
      });
    });
    // Who does not wait for the end need not hear of it.
    this.ended.catch(() => undefined);
  }

  /** Waits for this on standard output, and throws when it ends without. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<void>((resolve) => {
      const look = () => {
        if (!pattern.test(this.stdout)) return;
        this.child.stdout.off('data', look);
        resolve();
      };
      this.child.stdout.on('data', look);
      look();
    });
    await Promise.race([this.ended, found]);
    const match = pattern.exec(this.stdout);
    if (match === null) throw new Error(`It ended without printing ${String(pattern)}: ${this.stdout}${this.stderr}`);
    return match;
  }

  /** A signal to this process alone, as from `kill` or a supervisor. */
  end(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  /** Ctrl-C: a terminal signals every process that runs in it. */
  interrupt(): Promise<Ended> {
    this.signalGroup('SIGINT');
    return this.ended;
  }

  /** For `afterEach`: whatever of it is still running. */
  kill(): void {
    this.signalGroup('SIGKILL');
  }

  private signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.isOver) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // All of the group are gone, and we have yet to hear of it.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
