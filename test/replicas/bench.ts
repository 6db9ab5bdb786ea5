import { Farm } from './farm';
import { type Outcome, type Strategy, toMeasurement, toTable } from './measurement';
import { type Lane, run } from './run';
import { latenesses, scenarios, shortcomings } from './scenarios';

/**
 * The long form: every scenario with up to 16 replicas, both strategies side by side as far as two cores carry it.
 * `--json` prints measurements only; `--replicas=2,4` and `--scenario=rotation,leader-killed` play a part of it.
 */
const LENGTH = { lives: 4, outageLives: 3 };
const STRATEGIES: readonly Strategy[] = ['shared', 'per-process'];
const GROUPS: readonly (readonly number[])[] = [[1, 2, 4], [8], [16]];

async function main(args: readonly string[]): Promise<void> {
  const option = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const only = option('scenario')?.split(',');
  const counts = option('replicas')?.split(',').map(Number);
  const played = scenarios(LENGTH).filter(({ name }) => only === undefined || only.includes(name));
  const isJson = args.includes('--json');
  const farm = new Farm();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void farm.end().then(() => process.exit(1)));
  const outcomes: Outcome[] = [];
  try {
    for (const group of GROUPS) {
      const tracks = group
        .filter((replicas) => counts === undefined || counts.includes(replicas))
        .flatMap((replicas) => STRATEGIES.map((strategy): Lane[] => [{ strategy, replicas, scenarios: played }]));
      if (tracks.length === 0) continue;
      const ofGroup = await run(farm, tracks);
      outcomes.push(...ofGroup);
      if (!isJson) process.stdout.write(`${toTable(ofGroup)}\n`);
    }
  } finally {
    await farm.end();
  }
  if (isJson) process.stdout.write(`${JSON.stringify(outcomes.map(toMeasurement), null, 2)}\n`);
  for (const outcome of outcomes.filter(({ strategy }) => strategy === 'shared')) {
    const scenario = played.find(({ name }) => name === outcome.scenario);
    const lacks = scenario === undefined ? [] : [...shortcomings(outcome, scenario), ...latenesses(outcome, scenario)];
    if (lacks.length === 0) continue;
    process.stderr.write(`${outcome.scenario}, R = ${outcome.replicas}: ${lacks.join('; ')}\n`);
    process.exitCode = 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
