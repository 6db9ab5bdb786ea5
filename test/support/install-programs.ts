import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBinary, installCommand, isSkipped, NEEDED_PROGRAMS } from './needed-program';

/*
 * Runs before the tests. As root on Debian or Ubuntu, as in a container or CI, it installs the programs that the tests start and
 * the machine lacks, and says so; PAYMENT_AUTH_INSTALL=0 forbids it. Everywhere else it does nothing. It never asks for a
 * password and never fails: tests without their program are skipped, and the end of the run says so.
 */

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function mayInstall(): boolean {
  const isRoot = process.getuid?.() === 0;
  return process.env['PAYMENT_AUTH_INSTALL'] !== '0' && isRoot && existsSync('/etc/debian_version');
}

function run(command: string): boolean {
  const [file = '', ...args] = command.split(' ');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error, stderr } = spawnSync(file, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env,
  });
  if (status !== 0) say(`${command} failed: ${error?.message ?? stderr.trim().split('\n').slice(-3).join(' / ')}`);
  return status === 0;
}

if (mayInstall()) {
  const missing = NEEDED_PROGRAMS.filter((program) => !isSkipped(program) && findBinary(program) === undefined);
  if (missing.length > 0) {
    const command = installCommand(missing);
    say(
      `The tests need ${missing.map(({ name }) => name).join(', ')}, which this machine lacks. Installing (PAYMENT_AUTH_INSTALL=0 forbids it):`,
    );
    say(`  ${command}`);
    // A container has no list of packages yet.
    if (run('apt-get update -qq')) run(command);
  }
}
