import { spawnSync } from 'node:child_process';

/** A program that tests start, and that npm does not install. */
export interface NeededProgram {
  readonly name: string;
  /** Names on the PATH, in the order to try. */
  readonly binaries: readonly [string, ...string[]];
  /** Its package on Debian and Ubuntu. */
  readonly package: string;
  /** `1`: its tests are skipped, whether it is there or not. */
  readonly skipVariable: string;
  /** `1`: its tests are never skipped; without it they fail. Takes precedence over {@link skipVariable}. */
  readonly requireVariable: string;
}

export const REDIS: NeededProgram = {
  name: 'Redis',
  binaries: ['redis-server', 'valkey-server'],
  package: 'redis-server',
  skipVariable: 'SKIP_REDIS_TESTS',
  requireVariable: 'REQUIRE_REDIS_TESTS',
};

export const BROWSER: NeededProgram = {
  name: 'Chromium',
  // The headless shell takes half of the time that the whole browser takes.
  binaries: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
  package: 'chromium-headless-shell',
  skipVariable: 'SKIP_BROWSER_TESTS',
  requireVariable: 'REQUIRE_BROWSER_TESTS',
};

export const CURL: NeededProgram = {
  name: 'curl',
  binaries: ['curl'],
  package: 'curl',
  skipVariable: 'SKIP_CURL_TESTS',
  requireVariable: 'REQUIRE_CURL_TESTS',
};

export const OPENSSL: NeededProgram = {
  name: 'OpenSSL',
  binaries: ['openssl'],
  package: 'openssl',
  skipVariable: 'SKIP_OPENSSL_TESTS',
  requireVariable: 'REQUIRE_OPENSSL_TESTS',
};

/** Every program that some test starts. */
export const NEEDED_PROGRAMS: readonly NeededProgram[] = [REDIS, BROWSER, CURL, OPENSSL];

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the tests that need the program are skipped on request. */
export function isSkipped({ skipVariable, requireVariable }: NeededProgram, env: Environment = process.env): boolean {
  return env[skipVariable] === '1' && env[requireVariable] !== '1';
}

/**
 * The binary to start, if this machine has one. One that only tells where to get the program, as Ubuntu's `chromium-browser`
 * without its snap, ends with an error and does not count.
 */
export function findBinary({ binaries }: NeededProgram, env: Environment = process.env): string | undefined {
  return binaries.find((binary) => {
    // `openssl --version` is an error before OpenSSL 3.
    const args = [binary === 'openssl' ? 'version' : '--version'];
    return spawnSync(binary, args, { stdio: 'ignore', env }).status === 0;
  });
}

/** The binary to start. @throws one sentence that says what is missing and how to get it. */
export function requireBinary(program: NeededProgram): string {
  const binary = findBinary(program);
  if (binary !== undefined) return binary;
  throw new Error(
    `${program.name} is needed, and there is ${whatIsMissing(program)}. Install it: ${installCommand([program])}`,
  );
}

/** What is missing, for the middle of a sentence. */
export function whatIsMissing({ binaries }: NeededProgram): string {
  return `no ${binaries.join(' or ')} on the PATH`;
}

/** The command that installs programs on Debian and Ubuntu. */
export function installCommand(programs: readonly NeededProgram[]): string {
  return `apt-get install -y --no-install-recommends ${programs.map((program) => program.package).join(' ')}`;
}
