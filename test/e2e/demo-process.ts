import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../support/server-process';
import { until } from '../support/wait';

const TS_HOOK = join(__dirname, '../support/ts-hook.cjs');
const MAIN = join(__dirname, '../../apps/demo/src/main.ts');

/** The demo's main.ts in a process of its own, with nothing in its environment but what is given. */
export class DemoProcess extends ServerProcess {
  constructor(env: Readonly<Record<string, string>>) {
    // Not in the repository, where somebody's .env may lie.
    super({ file: process.execPath, args: ['-r', TS_HOOK, MAIN], cwd: tmpdir(), env });
  }

  /** Where the demo and its simulator listen, as it logs them. */
  async listening(): Promise<{ readonly url: string; readonly simulator: Readonly<Record<string, string>> }> {
    const [, url = '', simulator = ''] = await this.printed(
      /demo \(sandbox\) at (http:[\w.:/]+)[^]*"simulator":(\{[^}]*\})/,
    );
    return { url, simulator: JSON.parse(simulator) as Record<string, string> };
  }

  /** Asks a URL until its JSON is so. */
  async untilJson(url: string, isSo: (json: unknown) => boolean): Promise<void> {
    await until(`${url} is so`, async () => isSo(await (await fetch(url)).json()));
  }
}
