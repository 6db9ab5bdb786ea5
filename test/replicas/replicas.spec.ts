import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import { Farm } from './farm';
import { run } from './run';
import { scenarios, shortcomings } from './scenarios';

// The short form of `replicas.long-spec.ts`: real processes that share a real Redis.

const PLAYED = scenarios({ lives: 2, outageLives: 1 }).filter(({ name }) => /^(cold-start|token-stolen)$/.test(name));

describeWith(REDIS, 'two replicas', () => {
  const farm = new Farm();
  afterAll(() => farm.end());

  it('share one token, also when somebody takes it', async () => {
    const outcomes = await run(farm, [[{ strategy: 'shared', replicas: 2, scenarios: PLAYED }]]);
    expect(outcomes.map(({ scenario }) => scenario)).toEqual(['cold-start', 'token-stolen']);
    expect(
      PLAYED.flatMap((scenario, at) =>
        outcomes.slice(at, at + 1).flatMap((outcome) => shortcomings(outcome, scenario)),
      ),
    ).toEqual([]);
    expect(outcomes.map(({ tokenRequests }) => tokenRequests)).toEqual([1, 2]);
  });
});
