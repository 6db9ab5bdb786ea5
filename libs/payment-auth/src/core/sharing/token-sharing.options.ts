import { ArrayNotEmpty, ArrayUnique, IsArray, IsOptional, Matches, ValidateBy } from 'class-validator';
import { IsObjectWith, IsWholeNumber } from '../validation';
import { type RedisClientLike } from './token-sharing';

/** A text from elsewhere, a vault or a file. Asked once, at start. */
export type TextSource = () => string | Promise<string>;

/** A key for tokens at rest, as configured. */
export interface TokenEncryptionKeyOption {
  /** Any name; stored beside what the key encrypted. */
  readonly id: string;
  /** 32 bytes, Base64, or a function that gives them at start. */
  readonly key: string | TextSource;
}

function isKey(option: unknown): boolean {
  const { id, key } = (
    typeof option === 'object' && option !== null ? option : {}
  ) as Partial<TokenEncryptionKeyOption>;
  return typeof id === 'string' && id !== '' && typeof key === 'string' && Buffer.from(key, 'base64').length === 32;
}

/** One token for any number of replicas, through a Redis that all of them reach. */
export class TokenSharingOptions {
  /**
   * `redis://` or `rediss://`, credentials included, or a function that gives it at start. Needs `@redis/client` installed.
   * Either this or {@link client}.
   */
  @IsOptional()
  @Matches(/^rediss?:\/\/\S+$/, { message: 'must be a redis:// or rediss:// URL, or a function that gives it' })
  redisUrl?: string | TextSource;

  /** A node-redis client of your own. It is not closed by us; a duplicate of it subscribes. Either this or {@link redisUrl}. */
  @IsOptional()
  @IsObjectWith(
    ['eval', 'publish', 'connect', 'destroy', 'duplicate', 'on', 'off'],
    'a node-redis client (@redis/client or redis, version 5 or 6)',
  )
  client?: RedisClientLike;

  /** Before every key and channel of ours. @default 'payment-auth:' */
  @IsOptional()
  @Matches(/^[\w:.-]{1,64}$/, { message: 'must be 1 to 64 letters, digits, or any of : . - _' })
  keyPrefix?: string;

  /**
   * Keys for tokens at rest (AES-256-GCM): the first encrypts, all decrypt, so that keys can rotate.
   * @default a key derived from each client's secret, which must have at least 32 characters then
   */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique((key: Partial<TokenEncryptionKeyOption> | null) => key?.id, {
    message: 'must have an id each that no other has: what one key encrypted could not be told from the other',
  })
  @ValidateBy(
    { name: 'isEncryptionKey', validator: { validate: isKey } },
    {
      each: true,
      message: 'must be keys like { id: "2026-11", key: <32 bytes in Base64> }, or a function in place of the bytes',
    },
  )
  encryptionKeys?: TokenEncryptionKeyOption[];

  /** Deadline of every call to Redis, in milliseconds. @default 250 */
  @IsOptional()
  @IsWholeNumber('milliseconds', 10, 10_000)
  storeTimeoutMs?: number;

  /**
   * How long the lease of a replica that renews a token lasts, in milliseconds; must be longer than a token request may take.
   * Should that replica die, the others wait this long at most. @default the token request's deadline and 5 seconds
   */
  @IsOptional()
  @IsWholeNumber('milliseconds', 500, 300_000)
  leaseMs?: number;

  /**
   * How long the requests in flight get to finish before a token that is about to be killed by its successor is replaced, in
   * milliseconds. @default 1000
   */
  @IsOptional()
  @IsWholeNumber('milliseconds', 0, 10_000)
  drainMs?: number;
}
