import { conceal } from '../conceal';
import { type ConfigProblem } from '../errors';
import { validateBlock } from '../validation';
import { type TokenEncryptionKey } from './token-cipher';
import { type RedisClientLike } from './token-sharing';
import { TokenSharingOptions } from './token-sharing.options';

export interface ResolvedTokenSharing {
  readonly connection: { readonly redisUrl: string } | { readonly client: RedisClientLike };
  readonly prefix: string;
  readonly storeTimeoutMs: number;
  /** `undefined`: as long as a token request may take, and some. */
  readonly leaseMs: number | undefined;
  readonly drainMs: number;
  readonly encryptionKeys: readonly TokenEncryptionKey[];
}

/** What sharing has to fit. */
export interface SharingNeeds {
  readonly replicas: number | undefined;
  /** Whether a gateway with one active token per client is configured. */
  readonly hasOneTokenGateway: boolean;
  /** The longest a token request may take, in milliseconds. */
  readonly longestRequestMs: number;
}

export function resolveTokenSharing(
  block: TokenSharingOptions | undefined,
  { replicas = 1, hasOneTokenGateway, longestRequestMs }: SharingNeeds,
  problems: ConfigProblem[],
): ResolvedTokenSharing | undefined {
  if (!(Number.isInteger(replicas) && replicas >= 1)) {
    problems.push({ option: 'replicas', problem: 'must be a whole number of processes from 1' });
  }
  if (block === undefined) {
    if (replicas > 1 && hasOneTokenGateway) {
      problems.push({
        option: 'tokenSharing',
        problem: `is needed for ${replicas} replicas: Netzme keeps one active token per client, so that replicas without it end each other's; set tokenSharing.redisUrl`,
      });
    }
    return undefined;
  }
  const mistakes = validateBlock('tokenSharing', TokenSharingOptions, block);
  problems.push(...mistakes);
  if (typeof block !== 'object' || block === null) return undefined;
  const { redisUrl, client } = block;
  if ((redisUrl === undefined) === (client === undefined)) {
    problems.push({ option: 'tokenSharing', problem: 'needs either redisUrl or client' });
    return undefined;
  }
  if (mistakes.length > 0) return undefined;
  if (block.leaseMs !== undefined && block.leaseMs <= longestRequestMs) {
    problems.push({
      option: 'tokenSharing.leaseMs',
      problem: `must be longer than a token request may take (timeoutMs, ${longestRequestMs} ms)`,
    });
    return undefined;
  }
  const resolved: ResolvedTokenSharing = {
    connection: client === undefined ? { redisUrl: String(redisUrl) } : { client },
    prefix: block.keyPrefix ?? 'payment-auth:',
    storeTimeoutMs: block.storeTimeoutMs ?? 250,
    leaseMs: block.leaseMs,
    drainMs: block.drainMs ?? 1_000,
    encryptionKeys: (block.encryptionKeys ?? []).map(({ id, key }) => ({
      id,
      key: Buffer.from(String(key), 'base64'),
    })),
  };
  conceal(resolved, '[tokenSharing]');
  return resolved;
}
