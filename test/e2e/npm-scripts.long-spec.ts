import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, ServerProcess } from '../support/server-process';
import { settled } from '../support/wait';

const ROOT = join(__dirname, '../..');
/** What the scripts read. They build into a copy, for nobody's `dist` to change under a run of the tests. */
const SOURCES = ['apps', 'libs', 'nest-cli.json', 'package.json', 'tsconfig.json'];

interface Script {
  readonly args: readonly string[];
  /** Prints the URL of a port that it listens on. */
  readonly listening: RegExp;
}

const DEMO: Script = { args: ['start'], listening: /demo \(sandbox\) at (http:[\w.:/]+)/ };
const DEVELOPMENT: Script = { ...DEMO, args: ['run', 'start:dev'] };
const PORTS = ['alignet', 'placetopay', 'netzme', 'control'].flatMap((name) => [`--${name}-port`, '0']);
const SIMULATOR: Script = {
  args: ['run', 'simulator', '--', ...PORTS, '--host', '127.0.0.2'],
  listening: /Netzme +(http:\/\/127\.0\.0\.2:\d+)/,
};

describe('a real server, built and started by npm', () => {
  let copy: string;
  let server: ServerProcess | undefined;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'payment-auth-scripts-'));
    for (const name of SOURCES) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    // Every test builds; `npm run typecheck` is for types.
    const tsconfig = join(copy, 'tsconfig.json');
    writeFileSync(tsconfig, readFileSync(tsconfig, 'utf8').replace('"strict": true', '$&, "noCheck": true'));
  });
  afterEach(() => server?.kill());
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const start = async ({ args, listening }: Script): Promise<[server: ServerProcess, url: string]> => {
    server = new ServerProcess({
      file: 'npm',
      args,
      cwd: copy,
      // A home of its own: nobody's npm settings, and no look for a newer npm.
      env: { PATH: process.env['PATH'] ?? '', HOME: copy, npm_config_update_notifier: 'false', PORT: '0' },
    });
    const [, url = ''] = await server.printed(listening);
    expect((await fetch(url)).status).toBeGreaterThan(0);
    return [server, url];
  };

  it.each<[what: string, script: Script, end: (server: ServerProcess) => Promise<Ended>, ended: Ended]>([
    // A supervisor knows npm's process only. Nest ends by the signal itself once all is closed.
    ['npm start, by SIGTERM to npm', DEMO, (it) => it.end('SIGTERM'), { code: null, signal: 'SIGTERM' }],
    // The terminal signals npm and the server, and npm signals the server once more.
    ['npm start, by Ctrl-C', DEMO, (it) => it.interrupt(), { code: null, signal: 'SIGINT' }],
    ['npm run simulator, by SIGTERM to npm', SIMULATOR, (it) => it.end('SIGTERM'), { code: 0, signal: null }],
    ['npm run simulator, by Ctrl-C', SIMULATOR, (it) => it.interrupt(), { code: null, signal: 'SIGINT' }],
  ])('ends whole, and frees its port: %s', async (_what, script, end, expected) => {
    const [running, url] = await start(script);
    expect(await settled('nothing of it runs', end(running))).toEqual(expected);
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('npm run start:dev starts again on a change, and ends whole by SIGTERM to npm', async () => {
    const [running] = await start(DEVELOPMENT);
    appendFileSync(join(copy, 'apps/demo/src/main.ts'), '// changed\n');
    const [, , url = ''] = await running.printed(new RegExp(`${DEMO.listening.source}[^]*${DEMO.listening.source}`));
    expect(await settled('nothing of it runs', running.end('SIGTERM'))).toEqual({ code: 0, signal: null });
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
