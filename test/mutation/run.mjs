/**
 * npm run mutation [-- <area> ...] [-- --files="<glob> <glob>"] [-- --force]
 *
 * Changes the code of signing, verification and tokens in every way Stryker knows, one change at a time, and runs the tests
 * that meet it: each change should fail one. What was judged before and has not changed is not judged again (--force does).
 * Exits with 1 when the score of all areas asked for is below 90 %. SURVIVORS.md says why the survivors live.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AREAS } from './areas.mjs';

const LEAST = 90;
const HERE = dirname(fileURLToPath(import.meta.url));
const REPOSITORY = join(HERE, '../..');
const { values: flags, positionals } = parseArgs({
  options: { files: { type: 'string', default: '' }, force: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const areas = positionals.length > 0 ? positionals : Object.keys(AREAS);
const unknown = areas.filter((area) => !(area in AREAS));
if (unknown.length > 0) fail(`There is no area ${unknown.join(', ')}; there are ${Object.keys(AREAS).join(', ')}.`);

const stryker = join(HERE, 'node_modules/@stryker-mutator/core/bin/stryker.js');
if (!existsSync(stryker)) run('npm', ['ci', '--prefix', HERE]);
for (const area of areas) {
  console.log(`\n== ${area}`);
  const options = flags.force ? ['--force'] : [];
  run(process.execPath, [stryker, 'run', 'test/mutation/stryker.config.mjs', ...options], {
    // As many cases of each property as it takes to fail for a mutant, and the same ones every time.
    INBOUND_RUNS: '10',
    INBOUND_SEED: '1',
    WIRE_RUNS: '80',
    WIRE_SEED: '1',
    MUTATION_AREA: area,
    MUTATION_FILES: flags.files,
  });
}

const scores = areas.map(scoreOf);
console.log(`\n${'area'.padEnd(14)}${'score'.padStart(8)}${'killed'.padStart(8)}${'survived'.padStart(10)}`);
for (const { area, score, killed, survived } of scores) {
  console.log(
    `${area.padEnd(14)}${`${score.toFixed(1)} %`.padStart(8)}${String(killed).padStart(8)}${String(survived).padStart(10)}`,
  );
}
const killed = sum(scores.map((each) => each.killed));
const survived = sum(scores.map((each) => each.survived));
const score = (100 * killed) / (killed + survived || 1);
console.log(
  `${'all'.padEnd(14)}${`${score.toFixed(1)} %`.padStart(8)}${String(killed).padStart(8)}${String(survived).padStart(10)}`,
);
process.exitCode = score >= LEAST ? 0 : 1;

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A mutant that ends in a timeout is killed; one that cannot even be loaded counts for nothing. */
function scoreOf(area) {
  const { files } = JSON.parse(readFileSync(join(REPOSITORY, `coverage/mutation/${area}.json`), 'utf8'));
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const survived = count('Survived', 'NoCoverage');
  return { area, score: (100 * killed) / (killed + survived || 1), killed, survived };
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { cwd: REPOSITORY, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) fail(`${command} ended with ${status}.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
