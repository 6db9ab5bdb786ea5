import { spawnSync } from 'node:child_process';

/** A program that tests start, and that npm does not install. */
export interface NeededProgram {
  readonly name: string;
  /** What it may be called on the PATH, in the order to try. */
  readonly binaries: readonly [string, ...string[]];
  /** How one gets it, in a few words. */
  readonly install: string;
  /** `1`: its tests are skipped, whether it is there or not. */
  readonly skipVariable: string;
  /** `1`: its tests are not skipped; they fail where it is not there. Wins over {@link skipVariable}. */
  readonly requireVariable: string;
  /** What becomes of its tests where it is not there and neither variable is set. @default 'skip' */
  readonly whenMissing?: 'skip' | 'fail';
}

export const REDIS: NeededProgram = {
  name: 'Redis',
  binaries: ['redis-server', 'valkey-server'],
  install: 'Debian: apt-get install redis-server',
  skipVariable: 'SKIP_REDIS_TESTS',
  requireVariable: 'REQUIRE_REDIS_TESTS',
};

export const BROWSER: NeededProgram = {
  name: 'Chromium',
  binaries: ['chromium', 'chromium-browser', 'google-chrome'],
  install: 'Debian: apt-get install chromium; SKIP_BROWSER_TESTS=1 does without',
  skipVariable: 'SKIP_BROWSER_TESTS',
  requireVariable: 'REQUIRE_BROWSER_TESTS',
  whenMissing: 'fail',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The binary to start, if this machine has one. */
export function findBinary({ binaries }: NeededProgram, env: Environment = process.env): string | undefined {
  return binaries.find((binary) => spawnSync(binary, ['--version'], { stdio: 'ignore', env }).error === undefined);
}

/** The binary to start. @throws one sentence that says what is missing and how to get it. */
export function requireBinary(program: NeededProgram): string {
  const binary = findBinary(program);
  if (binary === undefined) throw new Error(`${program.name} is needed, and there is ${whatIsMissing(program)}`);
  return binary;
}

/** What is missing, for the middle of a sentence. */
export function whatIsMissing({ binaries, install }: NeededProgram): string {
  return `no ${binaries.join(' or ')} on the PATH (${install})`;
}
