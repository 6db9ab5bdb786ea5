import { isBelievableLifetime, isUsableTokenValue } from './access-token';

/** A token as it lies in a store. Times are epoch ms of the process that wrote it. */
export interface StoredAccessToken {
  readonly value: string;
  readonly obtainedAt: number;
  readonly expiresAt: number;
  readonly lifetimeMs: number;
}

/** What was found in a store, if it is a token that can be used: anybody may have written there. */
export function readStoredAccessToken(found: unknown): StoredAccessToken | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { value, obtainedAt, expiresAt, lifetimeMs } = found as Record<string, unknown>;
  if (!isUsableTokenValue(value) || !isTime(obtainedAt) || !isTime(expiresAt) || !isTime(lifetimeMs)) return undefined;
  return isBelievableLifetime(lifetimeMs) ? { value, obtainedAt, expiresAt, lifetimeMs } : undefined;
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
