import { type ConfigProblem } from './errors';
import { isRotatingSecret, type RotatingSecret, Secret, type SecretSource } from './secret';
import { type BlockClass, knownProperties, nestedBlock } from './validation';

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
 * is named but not repeated: it may hold the secret. Nothing is asked or looked into that is no option.
 *
 * @param blocks the class of each gateway's options
 */
export async function loadSecrets<T extends object>(
  options: T,
  blocks: Readonly<Partial<Record<keyof T & string, BlockClass>>>,
): Promise<LoadedSecrets<T>> {
  const loading: Loading = { sourced: [], problems: [] };
  const loaded = await mapMembers(blocks, (gateway, Block) => {
    const given: unknown = options[gateway as keyof T];
    return isBlock(given) && Block !== undefined ? loadGateway(given, gateway, Block, loading) : given;
  });
  const given = Object.entries(loaded).filter(([gateway]) => gateway in options);
  return { options: { ...options, ...Object.fromEntries(given) }, ...loading };
}

interface Loading {
  readonly sourced: SourcedSecret[];
  readonly problems: ConfigProblem[];
}

async function loadGateway(given: object, gateway: string, Block: BlockClass, loading: Loading): Promise<object> {
  const { merchants } = given as { merchants?: unknown };
  const shared = loadBlock(given, gateway, Block, loading);
  if (!isBlock(merchants)) return shared;
  const named = mapMembers(merchants, (name, own) =>
    isBlock(own) ? loadBlock(own, `${gateway}.merchants.${name}`, Block, loading) : own,
  );
  return { ...(await shared), merchants: await named };
}

/** Of a class instance what stands in its class too: getters, and methods that give a secret. */
function loadBlock(given: object, path: string, Block: BlockClass, loading: Loading): Promise<object> {
  const options = [...knownProperties(Block)].filter((name) => name in given);
  const members = Object.fromEntries(options.map((name) => [name, (given as Members)[name]]));
  return mapMembers({ ...given, ...members }, (name, member) => {
    const Nested = nestedBlock(Block, name);
    if (Nested !== undefined && isBlock(member)) return loadBlock(member, `${path}.${name}`, Nested, loading);
    return options.includes(name) ? loadOption(member, `${path}.${name}`, given, loading) : member;
  });
}

function loadOption(value: unknown, option: string, block: object, loading: Loading): unknown {
  if (typeof value === 'function' || isRotatingSecret(value)) return loadSecret(value, option, block, loading);
  // Several by name.
  return isBlock(value)
    ? mapMembers(value, (name, member) => loadSecret(member, `${option}.${name}`, value, loading))
    : value;
}

async function loadSecret(
  value: unknown,
  option: string,
  block: object,
  { sourced, problems }: Loading,
): Promise<unknown> {
  if (isRotatingSecret(value)) return new Secret(value);
  if (typeof value !== 'function') return value;
  const source = value.bind(block) as SecretSource;
  const answer = await askSource(source, option, problems);
  if (answer === undefined) return undefined;
  const secret = new Secret(answer);
  sourced.push({ option, secret, source });
  return secret;
}

type Members = Readonly<Record<string, unknown>>;

async function mapMembers(
  members: object,
  change: (name: string, member: never) => unknown,
): Promise<Record<string, unknown>> {
  const changed = Object.entries(members).map(async ([name, member]) => [name, await change(name, member as never)]);
  return Object.fromEntries(await Promise.all(changed)) as Record<string, unknown>;
}

/** An instance of a class as well: `useClass` and typed configurations give them. */
function isBlock(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** What a function gives, or `undefined`, and why in `problems`. */
export async function askSource(
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
