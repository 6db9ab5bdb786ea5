import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSER, findBinary, REDIS } from './needed-program';

const ROOT = join(__dirname, '../..');
/** Two files that need Redis, in full. */
const SPECS = ['libs/payment-auth/src/core/sharing/redis-token-state.spec.ts', 'test/replicas/replicas.spec.ts'];
const MISSING = 'there is no redis-server or valkey-server on the PATH (Debian: apt-get install redis-server)';

/** A folder with such programs in it, which do nothing; a PATH of their own. */
let folder: string;
const pathWith = (...binaries: readonly string[]): string => {
  const path = mkdtempSync(join(folder, 'bin-'));
  for (const binary of binaries) {
    writeFileSync(join(path, binary), '#!/bin/sh\n');
    chmodSync(join(path, binary), 0o755);
  }
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'payment-auth-programs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a program that tests need', () => {
  it.each([
    [['redis-server'], 'redis-server'],
    [['valkey-server'], 'valkey-server'],
    [['valkey-server', 'redis-server'], 'redis-server'],
    [['redis-cli'], undefined],
    [[], undefined],
  ])('of %j on the PATH is %s', (binaries, found) => {
    expect(findBinary(REDIS, { PATH: pathWith(...binaries) })).toBe(found);
  });

  it('is not what cannot be started', () => {
    const path = pathWith();
    mkdirSync(join(path, 'redis-server'));
    expect(findBinary(REDIS, { PATH: path })).toBeUndefined();
  });
});

describe('a run of the tests without it', () => {
  interface Run {
    readonly exitCode: number;
    readonly told: string;
    readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number };
  }

  const run = (env: Readonly<Record<string, string>>, specs: readonly string[] = SPECS): Promise<Run> =>
    new Promise((resolve) => {
      const args = [require.resolve('jest/bin/jest'), '--json', '--no-watchman', '--runTestsByPath', ...specs];
      const child = execFile(process.execPath, args, { cwd: ROOT, env }, (_error, stdout, told) => {
        const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(stdout) as Record<string, number>;
        resolve({
          exitCode: child.exitCode ?? -1,
          told,
          counts: { passed: numPassedTests ?? -1, failed: numFailedTests ?? -1, skipped: numPendingTests ?? -1 },
        });
      });
    });

  const lineOf = (told: string): string[] => told.split('\n').filter((line) => line.startsWith('SKIPPED'));

  it('is green, and says once how many tests were skipped and how to have them', async () => {
    const { exitCode, told, counts } = await run({ PATH: pathWith() });
    expect(counts).toMatchObject({ passed: 0, failed: 0 });
    expect(counts.skipped).toBeGreaterThan(50);
    expect(exitCode).toBe(0);
    expect(lineOf(told)).toEqual([
      `SKIPPED: tests that need Redis, because ${MISSING}. ${counts.skipped} did not run.`,
    ]);
  }, 60_000);

  it('is red where it is required, with the reason once a file and nothing else', async () => {
    const { exitCode, told, counts } = await run({ PATH: pathWith(), REQUIRE_REDIS_TESTS: '1', SKIP_REDIS_TESTS: '1' });
    expect(counts).toEqual({ passed: 0, failed: SPECS.length, skipped: 0 });
    expect(exitCode).toBe(1);
    expect(told).toContain(MISSING);
    expect(lineOf(told)).toEqual([]);
  }, 60_000);

  describe('that is a browser', () => {
    const SPEC = ['test/support/browser.spec.ts'];
    const NO_BROWSER =
      'Chromium is needed, and there is no chromium or chromium-browser or google-chrome on the PATH ' +
      '(Debian: apt-get install chromium; SKIP_BROWSER_TESTS=1 does without)';

    it('is red even where nobody requires it, with one sentence', async () => {
      const { exitCode, told, counts } = await run({ PATH: pathWith() }, SPEC);
      expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
      expect(exitCode).toBe(1);
      expect(told).toContain(NO_BROWSER);
    }, 60_000);

    it('is green on request, and says so', async () => {
      const { exitCode, told, counts } = await run({ PATH: pathWith(), SKIP_BROWSER_TESTS: '1' }, SPEC);
      expect(counts).toMatchObject({ passed: 0, failed: 0 });
      expect(exitCode).toBe(0);
      expect(lineOf(told)).toEqual([
        `SKIPPED: tests that need Chromium, because SKIP_BROWSER_TESTS=1. ${counts.skipped} did not run.`,
      ]);
    }, 60_000);
  });

  it('is skipped on request where it is there, and says so', async () => {
    const { exitCode, told, counts } = await run({ PATH: pathWith('redis-server'), SKIP_REDIS_TESTS: '1' });
    expect(counts).toMatchObject({ passed: 0, failed: 0 });
    expect(exitCode).toBe(0);
    expect(lineOf(told)).toEqual([
      `SKIPPED: tests that need Redis, because SKIP_REDIS_TESTS=1. ${counts.skipped} did not run.`,
    ]);
  }, 60_000);
});

it.each([REDIS, BROWSER])('continuous integration refuses to skip what needs $name', ({ requireVariable }) => {
  expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(new RegExp(`^export .*\\b${requireVariable}=1\\b`, 'm'));
});
