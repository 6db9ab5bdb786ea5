import { type AccessToken, type AccessTokenStatus, type TokenSharingStatus } from 'nestjs-payment-auth';
import { masked } from '../calls/masked';
import { type GatewayOverview, type Masked } from '../contract';

type TokenOverview = NonNullable<GatewayOverview['token']>;

/** Of either gateway that has access tokens. */
export interface TokenService {
  accessTokenStatus(): AccessTokenStatus & { readonly sharing?: TokenSharingStatus };
  getAccessToken(): Promise<AccessToken>;
}

interface Seen {
  readonly obtainedAt: number;
  readonly expiresAt: number;
  readonly fingerprint: Masked;
}

/** How an access token is doing, told without asking the gateway for anything. */
export class TokenWatch {
  /** The last token that was in use when somebody looked. */
  private seen: Seen | undefined;

  constructor(private readonly tokens: TokenService) {}

  async overview(now: number): Promise<TokenOverview> {
    const status = this.tokens.accessTokenStatus();
    if (status.state === 'valid') await this.see(status);
    const { seen } = this;
    const isExpired = seen !== undefined && seen.expiresAt <= now;
    const isShown = seen !== undefined && (status.state === 'valid' || isExpired);
    const shared = status.sharing !== undefined;
    return {
      state: stateOf(status, isExpired),
      ...(isShown && {
        fingerprint: seen.fingerprint,
        obtainedAt: new Date(seen.obtainedAt).toISOString(),
        expiresAt: new Date(seen.expiresAt).toISOString(),
        ageMs: Math.max(0, now - seen.obtainedAt),
        remainingMs: Math.max(0, seen.expiresAt - now),
      }),
      renewals: status.requests,
      rejections: status.rejections,
      ...(shared && status.generation > 0 && { generation: status.generation }),
      source: shared ? 'shared' : 'own',
    };
  }

  /** A token in use is handed out without a request. Once for each, because late in its life that would renew it. */
  private async see({ obtainedAt = 0, expiresAt = 0 }: AccessTokenStatus): Promise<void> {
    if (this.seen?.obtainedAt === obtainedAt && this.seen.expiresAt === expiresAt) return;
    const { value } = await this.tokens.getAccessToken();
    this.seen = { obtainedAt, expiresAt, fingerprint: masked(value) };
  }
}

function stateOf({ state, isContested }: AccessTokenStatus, isExpired: boolean): TokenOverview['state'] {
  if (isContested) return 'contested';
  if (state === 'valid') return 'valid';
  return isExpired ? 'expired' : 'none';
}
