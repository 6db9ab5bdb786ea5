import { type ConfigProblem } from './errors';
import { isRotatingSecret, type RotatingSecret, Secret, type SecretSource } from './secret';

/** A vault that has not answered by then counts as failed. */
const SOURCE_LIMIT_MS = 10_000;

/** A secret that came from a function, and where in the options. */
export interface SourcedSecret {
  readonly option: string;
  readonly secret: Secret;
  readonly source: SecretSource;
}

export interface LoadedSecrets<T> {
  /** The options given, each secret that is no plain text now a {@link Secret}. */
  readonly options: T;
  /** Those that can be asked again. */
  readonly sourced: readonly SourcedSecret[];
  /** Options whose function failed, gave no text, or took longer than 10 s. Their secret is left out of `options`. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Asks every function in the gateways' blocks for its secret, all at once, and wraps current and next. What a function threw
 * is named but not repeated: it may hold the secret.
 */
export async function loadSecrets<T extends object>(
  options: T,
  gateways: readonly (keyof T & string)[],
): Promise<LoadedSecrets<T>> {
  const sourced: SourcedSecret[] = [];
  const problems: ConfigProblem[] = [];
  const blocks = gateways
    .filter((gateway) => isPlainObject(options[gateway]))
    .map(async (gateway) => [gateway, await load(options[gateway], gateway, sourced, problems)] as const);
  const loaded = Object.fromEntries(await Promise.all(blocks));
  return { options: { ...options, ...loaded }, sourced, problems };
}

/**
 * Asks all functions again. A secret whose function fails stays what it is.
 *
 * @returns the options whose secret changed, and what failed
 */
export async function reloadSecrets(
  sourced: readonly SourcedSecret[],
): Promise<{ readonly changed: readonly string[]; readonly problems: readonly ConfigProblem[] }> {
  const problems: ConfigProblem[] = [];
  const changed: string[] = [];
  await Promise.all(
    sourced.map(async ({ option, secret, source }) => {
      const value = await ask(source, option, problems);
      if (value !== undefined && secret.replace(value)) changed.push(option);
    }),
  );
  return { changed, problems };
}

async function load(
  value: unknown,
  option: string,
  sourced: SourcedSecret[],
  problems: ConfigProblem[],
): Promise<unknown> {
  if (typeof value === 'function') {
    const source = value as SecretSource;
    const answer = await ask(source, option, problems);
    if (answer === undefined) return undefined;
    const secret = new Secret(answer);
    sourced.push({ option, secret, source });
    return secret;
  }
  if (isRotatingSecret(value)) return new Secret(value);
  if (!isPlainObject(value)) return value;
  const members = Object.entries(value).map(
    async ([name, member]) => [name, await load(member, `${option}.${name}`, sourced, problems)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}

async function ask(
  source: SecretSource,
  option: string,
  problems: ConfigProblem[],
): Promise<string | RotatingSecret | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SourceTimeoutError()), SOURCE_LIMIT_MS);
  });
  try {
    // A plain function may throw before there is a promise.
    const answer = await Promise.race([Promise.resolve().then(source), limit]);
    const problem = problemOf(answer);
    if (problem === undefined) return answer;
    problems.push({ option, problem });
  } catch (error) {
    const problem =
      error instanceof SourceTimeoutError
        ? `its function gave no secret within ${SOURCE_LIMIT_MS / 1_000} s`
        : `its function failed (${error instanceof Error ? error.name : typeof error})`;
    problems.push({ option, problem });
  } finally {
    clearTimeout(timer);
  }
  return undefined;
}

class SourceTimeoutError extends Error {}

const CONTROL_CHARACTER = /\p{Cc}/u;

function problemOf(answer: unknown): string | undefined {
  const texts = isRotatingSecret(answer) ? [answer.current, answer.next ?? answer.current] : [answer];
  if (texts.some((text) => typeof text !== 'string' || text === '')) {
    return 'its function must give a text, or { current, next } with texts';
  }
  return texts.some((text) => CONTROL_CHARACTER.test(text as string))
    ? 'its function gave a text with a line break or another control character (trim what comes from a file)'
    : undefined;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
