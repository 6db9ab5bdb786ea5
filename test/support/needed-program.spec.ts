import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMissingPrograms, type Machine } from './install-programs';
import { findBinary, NEEDED_PROGRAMS, REDIS } from './needed-program';

const ROOT = join(__dirname, '../..');
const FIXTURE = '/needing-programs\\.fixture\\.ts$';

let folder: string;
/** A PATH with these programs, which do nothing, and with nothing else. */
const pathWith = (...binaries: readonly string[]): string => {
  const path = mkdtempSync(join(folder, 'bin-'));
  for (const binary of binaries) addProgram(path, binary, 0);
  return path;
};
const addProgram = (path: string, binary: string, exitCode: number): void => {
  writeFileSync(join(path, binary), `#!/bin/sh\nexit ${exitCode}\n`);
  chmodSync(join(path, binary), 0o755);
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

  it('is not what cannot be started, nor what only says where to get it', () => {
    const path = pathWith('valkey-server');
    mkdirSync(join(path, 'redis-server'));
    expect(findBinary(REDIS, { PATH: path })).toBe('valkey-server');
    addProgram(path, 'valkey-server', 1);
    expect(findBinary(REDIS, { PATH: path })).toBeUndefined();
  });
});

describe('before the tests', () => {
  const prepare = (machine: Partial<Machine> = {}): { ran: string[]; said: string } => {
    const ran: string[] = [];
    const said: string[] = [];
    installMissingPrograms({
      env: { PATH: pathWith('curl', 'openssl') },
      uid: 0,
      isDebian: true,
      run: (command) => void ran.push(command),
      say: (line) => void said.push(line),
      ...machine,
    });
    return { ran, said: said.join('\n') };
  };

  it('installs what is missing, as root on Debian, and says so', () => {
    const { ran, said } = prepare();
    expect(ran).toEqual([
      'apt-get update -q',
      'apt-get install -y --no-install-recommends redis-server',
      'apt-get install -y --no-install-recommends chromium-headless-shell',
    ]);
    for (const word of ['Redis, Chromium', 'PAYMENT_AUTH_INSTALL=0', ...ran]) expect(said).toContain(word);
  });

  it.each<[string, Partial<Machine>]>([
    ['to an ordinary user', { uid: 1_000 }],
    ['where there are no users', { uid: undefined }],
    ['on another system', { isDebian: false }],
  ])('does nothing %s', (_where, machine) => {
    expect(prepare(machine)).toEqual({ ran: [], said: '' });
  });

  it('does nothing where it is forbidden or nothing is missing, and installs nothing that is skipped', () => {
    const [none, all] = [pathWith(), pathWith('redis-server', 'chromium', 'curl', 'openssl')];
    expect(prepare({ env: { PATH: none, PAYMENT_AUTH_INSTALL: '0' } })).toEqual({ ran: [], said: '' });
    expect(prepare({ env: { PATH: all } })).toEqual({ ran: [], said: '' });
    const { ran } = prepare({
      env: { PATH: none, SKIP_BROWSER_TESTS: '1', SKIP_REDIS_TESTS: '1', REQUIRE_REDIS_TESTS: '1' },
    });
    expect(ran.slice(1).map((command) => command.split(' ').at(-1))).toEqual(['redis-server', 'curl', 'openssl']);
  });

  it('says why when it cannot, and installs the others', () => {
    const ran: string[] = [];
    const run = (command: string) => (ran.push(command), /redis/.test(command) ? 'no such package' : undefined);
    const { said } = prepare({ run });
    expect(said).toMatch(
      /^\$ apt-get install .* redis-server\nThat failed, and the tests run without: no such package$/m,
    );
    expect(ran.at(-1)).toMatch(/chromium/);
  });
});

describe('a run of the tests', () => {
  interface Run {
    readonly exitCode: number;
    readonly report: readonly string[];
    readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number };
    readonly told: string;
  }

  const run = (env: Readonly<Record<string, string>>): Promise<Run> =>
    new Promise((resolve, reject) => {
      const args = [require.resolve('jest/bin/jest'), '--json', '--no-watchman', '--testRegex', FIXTURE];
      const child = execFile(process.execPath, args, { cwd: ROOT, env }, (_error, stdout, told) => {
        if (stdout === '') return reject(new Error(told));
        const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(stdout) as Record<string, number>;
        return resolve({
          exitCode: child.exitCode ?? -1,
          told,
          report: told.split('\n').filter((line) => /^(SKIPPED|To run)/.test(line)),
          counts: { passed: numPassedTests ?? -1, failed: numFailedTests ?? -1, skipped: numPendingTests ?? -1 },
        });
      });
    });

  it('without the programs is green, and says how many tests were skipped, why, and how to have them', async () => {
    const { exitCode, report, counts } = await run({ PATH: pathWith() });
    expect({ exitCode, counts }).toEqual({ exitCode: 0, counts: { passed: 1, failed: 0, skipped: 3 } });
    expect(report).toEqual([
      'SKIPPED: 2 tests that need Redis, because there is no redis-server or valkey-server on the PATH.',
      'SKIPPED: 1 test that needs Chromium, because there is no chromium-headless-shell or chromium or chromium-browser or google-chrome on the PATH.',
      'To run them, as root on Debian or Ubuntu: apt-get install -y --no-install-recommends redis-server chromium-headless-shell',
    ]);
  });

  it('is red where the missing program is required, with one failure and the reason', async () => {
    const env = { PATH: pathWith('chromium'), REQUIRE_REDIS_TESTS: '1', SKIP_REDIS_TESTS: '1' };
    const { exitCode, report, counts, told } = await run(env);
    expect({ exitCode, counts, report }).toEqual({
      exitCode: 1,
      counts: { passed: 2, failed: 1, skipped: 0 },
      report: [],
    });
    expect(told).toContain('Redis is needed, and there is no redis-server or valkey-server on the PATH.');
  });

  it('skips on request what is there, and says so', async () => {
    const { exitCode, report, counts } = await run({
      PATH: pathWith('redis-server', 'chromium'),
      SKIP_REDIS_TESTS: '1',
    });
    expect({ exitCode, counts }).toEqual({ exitCode: 0, counts: { passed: 2, failed: 0, skipped: 2 } });
    expect(report).toEqual(['SKIPPED: 2 tests that need Redis, because SKIP_REDIS_TESTS=1.']);
  });
});

it.each(NEEDED_PROGRAMS)('continuous integration refuses to skip what needs $name', ({ requireVariable }) => {
  expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(new RegExp(`^export .*\\b${requireVariable}=1\\b`, 'm'));
});
