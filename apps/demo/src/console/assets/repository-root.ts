import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = 'payment-auth-workspace';

/** Where this repository lies: the same above the sources and above what they are compiled to. */
export const REPOSITORY_ROOT: string | undefined = findAbove(__dirname);

function findAbove(folder: string): string | undefined {
  if (packageAt(folder)?.name === NAME) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findAbove(parent);
}

/** The `package.json` of a folder, if it has one. */
export function packageAt(folder: string): { readonly name?: string; readonly version?: string } | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string };
}
