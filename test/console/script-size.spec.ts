import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { builtConsole } from './browser/support/built-console';

const SCRIPT_LIMIT_BYTES = 150_000;

it('the script of the console is under 150 kB compressed', async () => {
  const folder = join(await builtConsole(), 'assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(scripts).not.toEqual([]);
  const size = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  expect(size).toBeLessThan(SCRIPT_LIMIT_BYTES);
});
