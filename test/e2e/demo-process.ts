import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The demo's main.ts in a process of its own, with nothing in its environment but what is given. */
export class DemoProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [join(__dirname, 'run-demo.cjs')], {
      // Not in the repository, where somebody's .env may lie.
      cwd: tmpdir(),
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve({ code, signal })));
  }

  /** Where the demo and its simulator listen, as it logs them. */
  async listening(): Promise<{ readonly url: string; readonly simulator: Readonly<Record<string, string>> }> {
    const announced = () => /"simulator":(\{[^}]*\})/.exec(this.stdout)?.[1];
    await Promise.race([this.ended, this.untilOutput(() => announced() !== undefined)]);
    const url = /demo \(sandbox\) at (http:[\w.:/]+)/.exec(this.stdout)?.[1];
    const simulator = announced();
    if (url === undefined || simulator === undefined) throw new Error(`The demo did not start: ${this.stderr}`);
    return { url, simulator: JSON.parse(simulator) as Record<string, string> };
  }

  /** Asks a URL until its JSON is so. */
  async untilJson(url: string, isSo: (json: unknown) => boolean): Promise<void> {
    while (!isSo(await (await fetch(url)).json()));
  }

  end(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  /** For `afterEach`: whatever is still running. */
  kill(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
  }

  private untilOutput(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.child.stdout.off('data', look);
        resolve();
      };
      this.child.stdout.on('data', look);
      look();
    });
  }
}
