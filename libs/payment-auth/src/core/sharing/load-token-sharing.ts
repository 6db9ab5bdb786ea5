import { type ConfigProblem } from '../errors';
import { askSource } from '../secret-sources';
import { type TextSource, type TokenSharingOptions } from './token-sharing.options';

/** The block with texts in place of functions, and what came of those that gave none: they stay, and are told of by name. */
interface LoadedTokenSharing {
  readonly block: TokenSharingOptions | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** Asks the functions among the secrets of `tokenSharing`, once. */
export async function loadTokenSharing(block: TokenSharingOptions | undefined): Promise<LoadedTokenSharing> {
  const problems: ConfigProblem[] = [];
  if (typeof block !== 'object' || block === null) return { block, problems };
  const { redisUrl, encryptionKeys } = block;
  const [url, keys] = await Promise.all([
    load(redisUrl, 'tokenSharing.redisUrl', problems),
    Array.isArray(encryptionKeys) ? Promise.all(encryptionKeys.map((key, i) => loadKey(key, i, problems))) : undefined,
  ]);
  return {
    block: { ...block, ...(url !== undefined && { redisUrl: url }), ...(keys && { encryptionKeys: keys }) },
    problems,
  };
}

async function loadKey<T>(given: T, index: number, problems: ConfigProblem[]): Promise<T> {
  if (typeof given !== 'object' || given === null || !('key' in given)) return given;
  return { ...given, key: await load(given.key, `tokenSharing.encryptionKeys[${index}].key`, problems) };
}

async function load<T>(value: T, option: string, problems: ConfigProblem[]): Promise<T | string> {
  if (typeof value !== 'function') return value;
  // The compiler does not see that a `T` which is a function is a source.
  const answer = await askSource(value as unknown as TextSource, option, problems);
  if (typeof answer === 'object') problems.push({ option, problem: 'its function must give a text' });
  return typeof answer === 'string' ? answer : value;
}
