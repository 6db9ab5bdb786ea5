import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ServerProcess } from '../support/server-process';
import { settled } from '../support/wait';

/*
 * The scripts of package.json as they are, with stand-ins for what they build and start: does a signal to npm reach the server, and
 * does npm end with it? `npm-scripts.long-spec.ts` builds and starts the real ones.
 */

const ROOT = join(__dirname, '../..');
/** The server's own, which npm passes on. */
const EXIT_CODE = 3;
const SERVER = `#!${process.execPath}
const server = require('node:http').createServer((request, response) => response.end());
server.listen(0, '127.0.0.1', () => console.log('listening at http://127.0.0.1:' + server.address().port));
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close(() => process.exit(${EXIT_CODE})));
`;
const BUILDS_OR_STARTS = `#!/bin/sh
[ "$1" != start ] || exec "$(dirname "$0")/server"
`;
const STAND_INS: Readonly<Record<string, string>> = {
  'node_modules/.bin/vite': '#!/bin/sh\n',
  'node_modules/.bin/nest': BUILDS_OR_STARTS,
  'node_modules/.bin/server': SERVER,
  'dist/apps/demo/apps/demo/src/main.js': SERVER,
  'dist/apps/gateway-simulator/apps/gateway-simulator/src/main.js': SERVER,
};

describe('a server started by npm', () => {
  let copy: string;
  let server: ServerProcess | undefined;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'payment-auth-scripts-'));
    cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
    for (const [path, content] of Object.entries(STAND_INS)) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), content);
      chmodSync(join(copy, path), 0o755);
    }
  });
  afterEach(() => server?.kill());
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(
    ['start', 'run start:dev', 'run simulator'].flatMap((script) =>
      (['SIGTERM to npm', 'Ctrl-C'] as const).map((how) => [script, how] as const),
    ),
  )('npm %s ends whole by %s, and frees its port', async (script, how) => {
    server = new ServerProcess({
      file: 'npm',
      args: script.split(' '),
      cwd: copy,
      // A home of its own: nobody's npm settings, and no look for a newer npm.
      env: { PATH: process.env['PATH'] ?? '', HOME: copy, npm_config_update_notifier: 'false' },
    });
    const [, url = ''] = await server.printed(/listening at (http:\S+)/);
    expect((await fetch(url)).status).toBe(200);
    // A supervisor knows npm's process only; a terminal signals every process that runs in it, and npm may be first to end.
    const isTerminal = how === 'Ctrl-C';
    const ended = await settled('nothing of it runs', isTerminal ? server.interrupt() : server.end('SIGTERM'));
    expect(isTerminal || ended.code === EXIT_CODE).toBe(true);
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
