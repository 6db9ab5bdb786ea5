import { randomBytes, randomUUID } from 'node:crypto';
import { signJwt, verifyJwt } from './jwt';

export interface AccessTokenGrant {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: string;
  readonly expiresAt: number;
}

export type TokenCheck =
  { readonly state: 'valid'; readonly grant: AccessTokenGrant } | { readonly state: 'unknown' | 'expired' | 'revoked' };

export type NonceCheck =
  { readonly state: 'valid'; readonly clientId: string } | { readonly state: 'unknown' | 'expired' | 'used' };

interface NonceRecord {
  readonly clientId: string;
  readonly expiresAt: number;
  used: boolean;
}

/** Expired entries are swept out this rarely, so that a refusal can still say "expired" for a while. */
const SWEEP_EVERY = 1000;

/** Access tokens, refresh tokens and nonces Alignet has handed out. */
export class AlignetCredentials {
  private readonly key = randomBytes(32);
  private readonly tokens = new Map<string, AccessTokenGrant & { revoked: boolean }>();
  private readonly refreshTokens = new Map<string, string>();
  private readonly nonces = new Map<string, NonceRecord>();
  tokensIssued = 0;

  issueToken(grant: AccessTokenGrant, now: number): string {
    sweep(this.tokens, now);
    // The claims only make it look like the real thing: clients must treat it as opaque.
    const token = signJwt(
      { iss: 'Alignet JWT Builder', iat: seconds(now), exp: seconds(grant.expiresAt), jti: randomUUID() },
      this.key,
    );
    this.tokens.set(token, { ...grant, revoked: false });
    this.tokensIssued += 1;
    return token;
  }

  issueRefreshToken(clientId: string): string {
    const token = randomBytes(32).toString('hex');
    this.refreshTokens.set(token, clientId);
    return token;
  }

  ownsRefreshToken(token: string, clientId: string): boolean {
    return this.refreshTokens.get(token) === clientId;
  }

  checkToken(token: string, now: number): TokenCheck {
    const found = this.tokens.get(token);
    if (!found) return { state: 'unknown' };
    if (found.revoked) return { state: 'revoked' };
    return now >= found.expiresAt ? { state: 'expired' } : { state: 'valid', grant: found };
  }

  /** Ends the access tokens of one client, or of all; tells how many. */
  revoke(clientId?: string): number {
    let count = 0;
    for (const token of this.tokens.values()) {
      if (token.revoked || (clientId !== undefined && token.clientId !== clientId)) continue;
      token.revoked = true;
      count += 1;
    }
    return count;
  }

  /** A nonce with the claims of the one in Alignet's documentation. Its scope is the token's, not the request's. */
  issueNonce(grant: AccessTokenGrant, lifetimeSeconds: number, now: number): string {
    sweep(this.nonces, now);
    const id = randomUUID();
    const issuedAt = seconds(now);
    this.nonces.set(id, { clientId: grant.clientId, expiresAt: now + lifetimeSeconds * 1000, used: false });
    return signJwt(
      {
        iss: 'Alignet JWT Builder',
        iat: issuedAt,
        exp: issuedAt + lifetimeSeconds,
        aud: grant.audience.replace(/\/$/, ''),
        sub: randomBytes(16).toString('hex'),
        nonce: id,
        scope: grant.scopes.join(' '),
        gty: 'client_credentials',
      },
      this.key,
    );
  }

  /** Uses a nonce up: a second call with the same one finds it used. */
  redeemNonce(token: string, now: number): NonceCheck {
    const id = verifyJwt(token, this.key)?.['nonce'];
    const record = typeof id === 'string' ? this.nonces.get(id) : undefined;
    if (!record) return { state: 'unknown' };
    if (record.used) return { state: 'used' };
    if (now >= record.expiresAt) return { state: 'expired' };
    record.used = true;
    return { state: 'valid', clientId: record.clientId };
  }

  describe(): { activeTokens: Record<string, number>; openNonces: number } {
    const activeTokens: Record<string, number> = {};
    for (const { clientId, revoked } of this.tokens.values()) {
      if (!revoked) activeTokens[clientId] = (activeTokens[clientId] ?? 0) + 1;
    }
    return { activeTokens, openNonces: [...this.nonces.values()].filter(({ used }) => !used).length };
  }

  reset(): void {
    this.tokens.clear();
    this.refreshTokens.clear();
    this.nonces.clear();
    this.tokensIssued = 0;
  }
}

function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}

function sweep(entries: Map<string, { readonly expiresAt: number }>, now: number): void {
  if (entries.size % SWEEP_EVERY !== SWEEP_EVERY - 1) return;
  for (const [key, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(key);
}
