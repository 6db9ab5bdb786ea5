import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../../../..');
const SOURCES = join(ROOT, 'apps/console');
const BUILDS = join(ROOT, 'node_modules/.cache/payment-auth-console');
const VITE = join(dirname(require.resolve('vite/package.json')), 'bin/vite.js');

/**
 * The console's page, built from the sources as they are now. Each state of them has a folder of its own, so that neither
 * another test's build nor `npm start` takes files away from a page that is open.
 */
export async function builtConsole(): Promise<string> {
  const folder = join(BUILDS, fingerprintOfSources());
  if (existsSync(folder)) return folder;
  mkdirSync(BUILDS, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  await build(unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another worker was faster.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function build(outDir: string): Promise<void> {
  const config = join(SOURCES, 'vite.config.mts');
  const args = [VITE, 'build', '-c', config, '--outDir', outDir, '--logLevel', 'warn'];
  // Vite builds for what it finds here, and Jest says `test`.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
}

function fingerprintOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package.json')));
  const files = readdirSync(SOURCES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(path.slice(SOURCES.length)).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}
