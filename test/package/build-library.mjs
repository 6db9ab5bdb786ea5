import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
export const LIBRARY = join(REPOSITORY, 'libs', 'payment-auth');

const DIST = join(LIBRARY, 'dist');
const SOURCES = join(LIBRARY, 'src');
const CONFIG = join(LIBRARY, 'tsconfig.lib.json');

/** Compiles the library to libs/payment-auth/dist, unless what is there was made of the sources as they are now. */
export function buildLibrary() {
  if (isFresh()) return;
  // A file whose source is gone must not stay behind and be packed.
  rmSync(DIST, { recursive: true, force: true });
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', CONFIG, '--noEmitOnError'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The library does not compile:\n${stdout}${stderr}`);
}

function isFresh() {
  const built = statSync(join(DIST, 'index.js'), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const sources = filesBelow(SOURCES).filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'));
  const inputs = [...sources.map((file) => join(SOURCES, file)), CONFIG, join(REPOSITORY, 'tsconfig.json')];
  const outputs = filesBelow(DIST).filter((file) => file.endsWith('.js'));
  return (
    inputs.every((file) => statSync(file).mtimeMs < built) &&
    outputs.length === sources.length &&
    sources.every((file) => existsSync(join(DIST, file.replace(/\.ts$/, '.js'))))
  );
}

/** Paths of all files below a folder, relative to it, in order. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}
