import { conceal } from '../conceal';
import { type ConfigProblem } from '../errors';
import { problemAbout } from '../problem-secrets';
import { type Secret } from '../secret';
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

/** Of a secret a key is derived from: a shorter one could be guessed by whoever reads the Redis. */
const LEAST_SECRET_CHARS = 32;

/**
 * Without `encryptionKeys`, the key for a client's tokens is derived from its secret.
 *
 * @param secrets with the option each one stands in
 */
export function refuseWeakKeys(
  sharing: ResolvedTokenSharing | undefined,
  secrets: readonly { readonly option: string; readonly secret: Secret }[],
  problems: ConfigProblem[],
): void {
  if (sharing === undefined || sharing.encryptionKeys.length > 0) return;
  for (const { option, secret } of secrets) {
    if (secret.accepted().every((text) => text.length >= LEAST_SECRET_CHARS)) continue;
    const problem = `must be set, e.g. [{ id: "1", key: <32 random bytes in Base64> }], the same for all replicas: ${option} has fewer than ${LEAST_SECRET_CHARS} characters, and a key derived from it could be guessed`;
    problems.push(problemAbout([secret], { option: 'tokenSharing.encryptionKeys', problem }));
  }
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
