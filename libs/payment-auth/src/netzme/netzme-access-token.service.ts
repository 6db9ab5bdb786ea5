import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type AccessToken, type IssuedAccessToken } from '../core/access-token';
import { type AccessTokenKeeper, type AccessTokenStatus } from '../core/access-token-keeper';
import { AccessTokenRegistry } from '../core/access-token-registry';
import { type Clock } from '../core/clock';
import { PaymentAuthConfigError } from '../core/errors';
import { postToGateway, timeoutError } from '../core/gateway-http';
import { type MerchantSelection, type ResolvedMerchants, selectMerchant } from '../core/merchants';
import { merchantOption } from '../core/resolve-merchants';
import { NETZME_MERCHANTS, PAYMENT_AUTH_CLOCK } from '../core/tokens';
import { type TokenSharingStatus } from '../core/sharing/token-sharing';
import { joinUrl } from '../core/validation';
import { NETZME_TOKEN_REQUEST, parseNetzmeTokenResponse } from './netzme-messages';
import { netzmeBasicAuthorization } from './netzme-signature';
import { type ResolvedNetzmeMerchant } from './resolve-netzme-options';

export interface NetzmeCallOptions extends MerchantSelection {
  /** Ends this call's wait. A token request that others share goes on. */
  readonly signal?: AbortSignal | undefined;
}

const clientOf = ({ baseUrl, tokenPath, clientId }: ResolvedNetzmeMerchant): string =>
  JSON.stringify([joinUrl(baseUrl, tokenPath), clientId]);

/**
 * Keeps Netzme's access token. Netzme knows one active token per client and a new one kills the old, so there is one
 * keeper per client and it renews late. A second registration with the same client is refused at start.
 */
@Injectable()
export class NetzmeAccessTokenService {
  private readonly logger = new Logger('PaymentAuth');
  private readonly keepers = new Map<ResolvedNetzmeMerchant, AccessTokenKeeper>();

  constructor(
    @Inject(NETZME_MERCHANTS) private readonly merchants: ResolvedMerchants<ResolvedNetzmeMerchant> | undefined,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
    private readonly tokens: AccessTokenRegistry,
    private readonly http: HttpService,
    modules: ModulesContainer,
  ) {
    this.refuseSecondHolder(modules);
  }

  /**
   * The current access token. `NetzmeHttpService` signs with it by itself; this is for calls made some other way.
   *
   * @throws {PaymentAuthConfigError} when Netzme or the merchant is not configured
   * @throws {AccessTokenError} when Netzme refuses or answers without a usable token
   * @throws {GatewayTransportError} on timeout, network failure or redirect
   */
  async getAccessToken(options: NetzmeCallOptions = {}): Promise<AccessToken> {
    return this.keeper(this.merchant(options)).get(options.signal);
  }

  /** How the access token is doing, for health checks and metrics. */
  accessTokenStatus(options: MerchantSelection = {}): AccessTokenStatus & { sharing?: TokenSharingStatus } {
    const status = this.keeper(this.merchant(options)).status();
    const sharing = this.tokens.sharingStatus();
    return sharing === undefined ? status : { ...status, sharing };
  }

  /** @internal */
  merchant(selection: MerchantSelection): ResolvedNetzmeMerchant {
    return selectMerchant('netzme', this.merchants, selection);
  }

  /** @internal */
  keeper(merchant: ResolvedNetzmeMerchant): AccessTokenKeeper {
    let keeper = this.keepers.get(merchant);
    if (keeper === undefined) {
      keeper = this.createKeeper(merchant);
      this.keepers.set(merchant, keeper);
    }
    return keeper;
  }

  /**
   * Two registrations of one application are like two replicas: without a store they would end each other's token.
   *
   * @throws {PaymentAuthConfigError}
   */
  private refuseSecondHolder(modules: ModulesContainer): void {
    const others = [...modules.values()].map(
      ({ providers }) => providers.get(NetzmeAccessTokenService)?.instance as NetzmeAccessTokenService | undefined,
    );
    for (const other of others) {
      if (other === undefined || other === this) continue;
      // One that Nest has not constructed yet has no merchants, and will find this one.
      const held = new Set(Object.values(other.merchants?.byName ?? {}).map(clientOf));
      const same = Object.values(this.merchants?.byName ?? {}).find((merchant) => held.has(clientOf(merchant)));
      if (same === undefined) continue;
      if ([this, other].every(({ tokens }) => tokens.sharingStatus() !== undefined)) continue;
      const problem =
        "is that of another PaymentAuthModule in this application too: Netzme keeps one active token per client, so that the two would end each other's; register the module once, with isGlobal: true, or set tokenSharing in both";
      throw new PaymentAuthConfigError([{ option: merchantOption('netzme', same, 'clientId'), problem }], 'netzme');
    }
  }

  private createKeeper(merchant: ResolvedNetzmeMerchant): AccessTokenKeeper {
    const { baseUrl, tokenPath, clientId, timeoutMs, refreshMarginMs } = merchant;
    const url = new URL(joinUrl(baseUrl, tokenPath));
    return this.tokens.keeper({
      identity: { gateway: 'netzme', baseUrl: joinUrl(baseUrl, tokenPath), clientId },
      clientSecret: merchant.clientSecret,
      policy: { renewal: 'late', refreshMarginMs, timeoutMs },
      request: (signal) => this.requestToken(merchant, signal),
      onTimeout: () => timeoutError('netzme', { method: 'POST', host: url.host, path: url.pathname }, timeoutMs),
    });
  }

  private async requestToken(merchant: ResolvedNetzmeMerchant, signal: AbortSignal): Promise<IssuedAccessToken> {
    const clientSecret = merchant.clientSecret.reveal();
    const authorization = netzmeBasicAuthorization({ clientId: merchant.clientId, clientSecret });
    const answer = await postToGateway(this.http, {
      gateway: 'netzme',
      url: joinUrl(merchant.baseUrl, merchant.tokenPath),
      headers: { Authorization: authorization },
      body: NETZME_TOKEN_REQUEST,
      timeoutMs: merchant.timeoutMs,
      isProduction: merchant.environment === 'production',
      signal,
    });
    const grant = parseNetzmeTokenResponse(answer, {
      receivedAt: this.clock.now(),
      assumedLifetimeSeconds: merchant.assumedLifetimeSeconds,
      secrets: [clientSecret, authorization],
    });
    if (!grant.isLifetimeStated) {
      this.logger.warn(
        `Netzme's token answer names no believable expiry_token; taking it to live ${merchant.assumedLifetimeSeconds} s (assumedLifetimeSeconds).`,
      );
    }
    return grant;
  }
}
