import { type ConfigProblem } from './errors';
import { Secret } from './secret';
import { askSource, type SourcedSecret } from './secret-sources';

/**
 * What is wrong with answers, by answer, as the check at start would find it.
 *
 * @param answers what would take the place of each secret
 */
export type AnswerCheck = (answers: ReadonlyMap<Secret, Secret>) => ReadonlyMap<Secret, string>;

let questions = 0;
/** The question whose answer each secret holds. */
const answered = new WeakMap<Secret, number>();

/**
 * Asks all functions again. A secret whose function fails, or gives what would not pass at start, stays what it is; so does one
 * for which something newer came while its function took its time.
 *
 * @returns the options whose secret changed, and what failed
 */
export async function reloadSecrets(
  sourced: readonly SourcedSecret[],
  check: AnswerCheck,
): Promise<{ readonly changed: readonly string[]; readonly problems: readonly ConfigProblem[] }> {
  const problems: ConfigProblem[] = [];
  const changed: string[] = [];
  // Secrets of a gateway have to go together, so they are taken together; those of another do not wait for them.
  const reloads = byGateway(sourced).map(async (secrets) => {
    const question = (questions += 1);
    const answers = await askAll(secrets, problems);
    for (const secret of answers.keys()) if (question < (answered.get(secret) ?? 0)) answers.delete(secret);
    dropUnfit(secrets, answers, check, problems);
    for (const { option, secret } of secrets) {
      const answer = answers.get(secret);
      if (answer === undefined) continue;
      answered.set(secret, question);
      if (secret.replace(answer)) changed.push(option);
    }
  });
  await Promise.all(reloads);
  return { changed, problems };
}

function byGateway(sourced: readonly SourcedSecret[]): SourcedSecret[][] {
  const groups = new Map<string, SourcedSecret[]>();
  for (const each of sourced) {
    const gateway = each.option.slice(0, each.option.indexOf('.'));
    groups.set(gateway, [...(groups.get(gateway) ?? []), each]);
  }
  return [...groups.values()];
}

async function askAll(sourced: readonly SourcedSecret[], problems: ConfigProblem[]): Promise<Map<Secret, Secret>> {
  const answers = new Map<Secret, Secret>();
  const questions = sourced.map(async ({ option, secret, source }) => {
    const answer = await askSource(source, option, problems);
    if (answer !== undefined) answers.set(secret, new Secret(answer));
  });
  await Promise.all(questions);
  return answers;
}

/** One mistake may hide another, so the rest is checked again until nothing is found. */
function dropUnfit(
  sourced: readonly SourcedSecret[],
  answers: Map<Secret, Secret>,
  check: AnswerCheck,
  problems: ConfigProblem[],
): void {
  for (;;) {
    const news = new Map([...answers].filter(([secret, answer]) => !secret.equals(answer)));
    if (news.size === 0) return;
    const unfit = check(news);
    const before = answers.size;
    for (const { option, secret } of sourced) {
      const answer = news.get(secret);
      const problem = answer && unfit.get(answer);
      if (problem === undefined) continue;
      answers.delete(secret);
      problems.push({ option, problem });
    }
    if (answers.size === before) return;
  }
}
