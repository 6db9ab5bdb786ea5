import { type ConfigProblem } from './errors';
import { type Secret } from './secret';

/** Beside the problems and not in them: these are shown. */
const secrets = new WeakMap<ConfigProblem, readonly Secret[]>();

/** A problem that is one of these secrets', or of several that do not go together. */
export function problemAbout(concerned: readonly Secret[], problem: ConfigProblem): ConfigProblem {
  secrets.set(problem, concerned);
  return problem;
}

/** The secrets a problem is about, none where it is about something else. */
export const secretsConcerned = (problem: ConfigProblem): readonly Secret[] => secrets.get(problem) ?? [];
