import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBinary, installCommand, isSkipped, NEEDED_PROGRAMS } from './needed-program';

/** What decides whether programs are installed, and how. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's id; `undefined` where there is none, as on Windows. */
  readonly uid: number | undefined;
  /** Debian, or one of its kind, as Ubuntu. */
  readonly isDebian: boolean;
  /** Runs a command. Gives what went wrong, if anything did. */
  readonly run: (command: string) => string | undefined;
  readonly say: (line: string) => void;
}

/**
 * As root on Debian or Ubuntu, as in a container or CI, installs the programs that tests start and the machine lacks, and says so;
 * `PAYMENT_AUTH_INSTALL=0` forbids it. Everywhere else it does nothing. It never asks for a password and never fails: tests whose
 * program is missing are skipped, and the end of the run says so.
 */
export function installMissingPrograms({ env, uid, isDebian, run, say }: Machine): void {
  if (uid !== 0 || !isDebian || env['PAYMENT_AUTH_INSTALL'] === '0') return;
  const missing = NEEDED_PROGRAMS.filter(
    (program) => !isSkipped(program, env) && findBinary(program, env) === undefined,
  );
  if (missing.length === 0) return;
  say(`The tests use ${missing.map(({ name }) => name).join(', ')}: installing, unless PAYMENT_AUTH_INSTALL=0 is set.`);
  // One by one, and on after a failure: a distribution may lack one of them, and its lists may be there already.
  for (const command of ['apt-get update -q', ...missing.map((program) => installCommand([program]))]) {
    say(`$ ${command}`);
    const problem = run(command);
    if (problem !== undefined) say(`That failed, and the tests run without: ${problem}`);
  }
}

function run(command: string): string | undefined {
  const [file = '', ...args] = command.split(' ');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error, stderr } = spawnSync(file, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env,
  });
  return status === 0 ? undefined : (error?.message ?? (stderr.trim() || `exit code ${status}`));
}

if (require.main === module) {
  installMissingPrograms({
    env: process.env,
    uid: process.getuid?.(),
    isDebian: existsSync('/etc/debian_version'),
    run,
    say: (line) => void process.stdout.write(`${line}\n`),
  });
}
