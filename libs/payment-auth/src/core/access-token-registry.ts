import { Logger } from '@nestjs/common';
import {
  AccessTokenKeeper,
  type AccessTokenKeeperInit,
  type AccessTokenListener,
  type TokenStore,
} from './access-token-keeper';
import { type Clock } from './clock';
import { PaymentAuthError } from './errors';

export interface AccessTokenIdentity {
  readonly gateway: string;
  readonly baseUrl: string;
  readonly clientId: string;
  readonly audience?: string;
  readonly scope?: string;
}

/** Cannot collide, whatever the parts hold: two merchants never share a token. Holds no secret. */
export function accessTokenKey(identity: AccessTokenIdentity): string {
  const { gateway, baseUrl, clientId, audience, scope } = identity;
  return JSON.stringify([gateway, baseUrl, clientId, audience ?? null, scope ?? null]);
}

/** The keepers of one module registration, one a key: two merchants with the same client share one token. */
export class AccessTokenRegistry {
  private readonly keepers = new Map<string, AccessTokenKeeper>();

  constructor(
    private readonly store: TokenStore,
    private readonly clock: Clock,
    private readonly listener: AccessTokenListener = new AccessTokenLog(),
  ) {}

  keeper(init: Pick<AccessTokenKeeperInit, 'key' | 'policy' | 'request' | 'onTimeout'>): AccessTokenKeeper {
    const existing = this.keepers.get(init.key);
    if (existing !== undefined) return existing;
    const { store, clock, listener } = this;
    const keeper = new AccessTokenKeeper({ ...init, store, clock, listener });
    this.keepers.set(init.key, keeper);
    return keeper;
  }
}

class AccessTokenLog implements AccessTokenListener {
  private readonly logger = new Logger('PaymentAuth');

  renewed(key: string, lifetimeMs: number): void {
    this.logger.log(`${describe(key)}: new access token, valid for ${Math.round(lifetimeMs / 1000)} s`);
  }

  renewalFailed(key: string, error: unknown, retryInMs: number): void {
    const why = error instanceof PaymentAuthError ? `${error.code}: ${error.message}` : 'unexpected error';
    this.logger.warn(`${describe(key)}: no access token, next try in ${retryInMs} ms at the earliest (${why})`);
  }

  rejected(key: string): void {
    this.logger.warn(`${describe(key)}: the gateway no longer accepts the current access token; it will be renewed`);
  }
}

function describe(key: string): string {
  const [gateway, baseUrl, clientId] = JSON.parse(key) as string[];
  return `${gateway} client ${clientId} at ${baseUrl}`;
}
