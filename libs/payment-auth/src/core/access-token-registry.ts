import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { AccessTokenKeeper, type AccessTokenKeeperInit, type AccessTokenListener } from './access-token-keeper';
import { type AccessTokenStore } from './access-token-store';
import { type Clock } from './clock';
import { conceal } from './conceal';
import { AccessTokenError, type Gateway, PaymentAuthError } from './errors';
import { type ReplayStore } from './inbound/replay-store';
import { LocalTokenSource } from './local-token-source';
import { PooledRandomSource, type RandomSource } from './random';
import { type Secret } from './secret';
import { TokenCipher, type TokenEncryptionKey } from './sharing/token-cipher';
import { type TokenSharing, type TokenSharingStatus } from './sharing/token-sharing';

export interface AccessTokenIdentity {
  readonly gateway: Gateway;
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

/** What a gateway's service says of a token it needs kept. */
export interface KeeperRequest extends Pick<AccessTokenKeeperInit, 'policy' | 'request' | 'onTimeout'> {
  readonly identity: AccessTokenIdentity;
  readonly clientSecret: Secret;
}

/** Tokens shared between replicas, and the keys they are encrypted with. */
export interface RegistrySharing {
  readonly sharing: TokenSharing;
  /** Empty: a key derived from each client's secret. */
  readonly encryptionKeys: readonly TokenEncryptionKey[];
}

/** The keepers of one module registration, one a key: two merchants with the same client share one token. */
export class AccessTokenRegistry implements OnApplicationShutdown {
  private readonly keepers = new Map<string, AccessTokenKeeper>();

  constructor(
    private readonly store: AccessTokenStore,
    private readonly clock: Clock,
    private readonly shared: RegistrySharing | undefined,
    private readonly listener: AccessTokenListener,
    private readonly random: RandomSource = new PooledRandomSource(),
  ) {
    // Leads to everything that holds a token or a key.
    conceal(this, '[AccessTokenRegistry]');
  }

  keeper(request: KeeperRequest): AccessTokenKeeper {
    const key = accessTokenKey(request.identity);
    let keeper = this.keepers.get(key);
    if (keeper === undefined) {
      keeper = this.createKeeper(key, request);
      this.keepers.set(key, keeper);
    }
    return keeper;
  }

  /** How the shared store is doing; `undefined` where tokens are not shared. */
  sharingStatus(): TokenSharingStatus | undefined {
    return this.shared?.sharing.status();
  }

  /** Of the Redis that tokens are shared through; `undefined` where they are not shared. */
  sharedReplayStore(): ReplayStore | undefined {
    return this.shared?.sharing.replayStore();
  }

  /** After everything that may still send requests. */
  onApplicationShutdown(): void {
    this.shared?.sharing.close();
  }

  private createKeeper(key: string, request: KeeperRequest): AccessTokenKeeper {
    const { clock, listener, random, shared } = this;
    const { gateway } = request.identity;
    const onContested = (): Error => contestedError(gateway);
    const onPaced = (waitMs: number): Error => pacedError(gateway, waitMs);
    const init = { ...request, key, clock, listener, random, onContested, onPaced };
    if (shared === undefined) {
      return new AccessTokenKeeper({ ...init, source: new LocalTokenSource(key, this.store, clock) });
    }
    const { encryptionKeys } = shared;
    const cipher =
      encryptionKeys.length === 0 ? TokenCipher.derivedFrom(request.clientSecret) : new TokenCipher(encryptionKeys);
    const { source, attach } = shared.sharing.source(key, cipher, request.policy.timeoutMs, () =>
      unavailableError(gateway),
    );
    const keeper = new AccessTokenKeeper({ ...init, source });
    attach(keeper);
    return keeper;
  }
}

const contestedError = (gateway: Gateway): AccessTokenError =>
  new AccessTokenError(`Somebody else keeps ending the access token of this ${gateway} client; renewals are paused.`, {
    code: 'ERR_ACCESS_TOKEN_CONTESTED',
    gateway,
    retryable: true,
    hint: CONTESTED_ADVICE,
  });

const pacedError = (gateway: Gateway, waitMs: number): AccessTokenError =>
  new AccessTokenError(
    `Too many access tokens of this ${gateway} client were asked for; the next request may be sent in ${Math.ceil(waitMs / 1_000)} s.`,
    {
      code: 'ERR_ACCESS_TOKEN_PACED',
      gateway,
      retryable: true,
      hint: 'Look in the log for why tokens are renewed: requests that are always refused, tokens that end at once, or a shared store that takes none.',
    },
  );

const unavailableError = (gateway: Gateway): AccessTokenError =>
  new AccessTokenError(`No replica obtained an access token of this ${gateway} client in time.`, {
    code: 'ERR_ACCESS_TOKEN_REQUEST',
    gateway,
    retryable: true,
  });

const CONTESTED_ADVICE =
  'The gateway keeps one token per client: look for another program that asks for tokens of it (a cron job, a Postman, replicas without tokenSharing).';

/** Says in the log what becomes of tokens. */
export class AccessTokenLog implements AccessTokenListener {
  private readonly logger = new Logger('PaymentAuth');

  /** @param onRefused when a gateway refused to issue one */
  constructor(private readonly onRefused: () => void = () => undefined) {}

  renewed(key: string, lifetimeMs: number): void {
    this.logger.log(`${describe(key)}: new access token, valid for ${Math.round(lifetimeMs / 1000)} s`);
  }

  renewalFailed(key: string, error: unknown, retryInMs: number): void {
    const why = error instanceof PaymentAuthError ? `${error.code}: ${error.message}` : 'unexpected error';
    if (error instanceof AccessTokenError && error.code === 'ERR_ACCESS_TOKEN_REQUEST') this.onRefused();
    this.logger.warn(`${describe(key)}: no access token, next try in ${retryInMs} ms at the earliest (${why})`);
  }

  rejected(key: string): void {
    this.logger.warn(`${describe(key)}: the gateway no longer accepts the current access token; it will be renewed`);
  }

  contested(key: string): void {
    this.logger.error(`${describe(key)}: our access tokens keep being ended by somebody else. ${CONTESTED_ADVICE}`);
  }
}

/**
 * Not by its client id, which Alignet wants in no log: by the start of that id's SHA-256, which tells clients apart.
 *
 * @see https://docs.pay-me.com, "API Nonce", "Buenas prácticas" (read 2026-11)
 */
function describe(key: string): string {
  const [gateway, baseUrl, clientId = ''] = JSON.parse(key) as string[];
  const hash = createHash('sha256').update(clientId).digest('hex').slice(0, 8);
  return `${gateway} client sha256:${hash} at ${baseUrl}`;
}
