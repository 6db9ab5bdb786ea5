import { type Farm } from './farm';
import { type Outcome, type Strategy } from './measurement';
import { type Scenario } from './scenarios';
import { Stage } from './stage';

/** Scenarios played one after the other, by so many replicas with one gateway and one Redis of their own. */
export interface Lane {
  readonly strategy: Strategy;
  readonly replicas: number;
  readonly scenarios: readonly Scenario[];
}

/** Plays the tracks side by side, each track one lane after the other. */
export async function run(farm: Farm, tracks: readonly (readonly Lane[])[]): Promise<Outcome[]> {
  const most = tracks.map((lanes) => Math.max(...lanes.map(({ replicas }) => replicas)));
  // One more each, to take the place of a replica that is killed.
  await farm.prepare(most.reduce((sum, replicas) => sum + replicas + 1, 0));
  const outcomes = await Promise.all(
    tracks.map(async (lanes) => {
      const played: Outcome[] = [];
      for (const lane of lanes) played.push(...(await play(farm, lane)));
      return played;
    }),
  );
  return outcomes.flat();
}

async function play(farm: Farm, { strategy, replicas, scenarios }: Lane): Promise<Outcome[]> {
  const simulator = farm.simulator();
  const redis = strategy === 'shared' ? await farm.redis() : undefined;
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios.filter(({ fewestReplicas = 1 }) => replicas >= fewestReplicas)) {
    const stage = await Stage.set({ farm, simulator, redis, strategy, replicas }, scenario);
    await scenario.play(stage);
    outcomes.push(await stage.finish(scenario.name));
  }
  await Promise.all([simulator.kill(), redis?.stop()]);
  return outcomes;
}
