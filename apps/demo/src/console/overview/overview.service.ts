import { Inject, Injectable, Optional } from '@nestjs/common';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { AlignetNonceService, NetzmeAccessTokenService, type TokenSharingStatus } from 'nestjs-payment-auth';
import { EnvironmentVariables } from '../../config/environment';
import { OwnAddress } from '../../sandbox/own-address';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { CallRecords } from '../calls/call-records';
import { hidden } from '../calls/masked';
import { type Gateway, type GatewayOverview, type Masked, type Overview } from '../contract';
import { ReplicasService } from '../replicas/replicas.service';
import { ResolvedMerchantsReader } from './resolved-merchants';
import { TokenWatch } from './token-overview';
import { VERSIONS } from './versions';

/** A client's id is no secret, but nobody needs all of it to know it again. */
const SHOWN = 4;
const SHORTEST_SHOWN = 3 * SHOWN;

/** What there is to see at a glance. Asks no gateway for anything. */
@Injectable()
export class OverviewService {
  private readonly alignetToken: TokenWatch;
  private readonly netzmeToken: TokenWatch;

  constructor(
    private readonly environment: EnvironmentVariables,
    private readonly merchants: ResolvedMerchantsReader,
    private readonly calls: CallRecords,
    private readonly own: OwnAddress,
    private readonly replicas: ReplicasService,
    private readonly alignetNonces: AlignetNonceService,
    private readonly netzmeTokens: NetzmeAccessTokenService,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {
    this.alignetToken = new TokenWatch(alignetNonces);
    this.netzmeToken = new TokenWatch(netzmeTokens);
  }

  async overview(): Promise<Overview> {
    const now = Date.now();
    const { simulator } = this;
    return {
      at: new Date(now).toISOString(),
      environment: this.environment.PAYMENT_ENV,
      versions: VERSIONS,
      process: { pid: process.pid, uptimeMs: Math.round(process.uptime() * 1_000) },
      ownUrl: this.own.url,
      gateways: [await this.alignet(now), this.placetopay(), await this.netzme(now)],
      store: this.store(),
      hasSimulator: simulator !== undefined,
      simulatorUrls: { ...simulator?.urls },
      ...(simulator !== undefined && { simulatorClockOffsetMs: simulator.clock.now() - Date.now() }),
    };
  }

  private async alignet(now: number): Promise<GatewayOverview> {
    const merchant = this.merchants.alignet();
    if (merchant === undefined) return notConfigured('alignet');
    const { environment, clientId, apiBaseUrl, authBaseUrl } = merchant;
    const { lastNonce } = this.calls;
    return {
      ...this.common('alignet', environment, [apiBaseUrl, authBaseUrl], clientId),
      token: await this.alignetToken.overview(now),
      ...(lastNonce !== undefined && { lastNonce }),
    };
  }

  private placetopay(): GatewayOverview {
    const merchant = this.merchants.placetopay();
    if (merchant === undefined) return notConfigured('placetopay');
    const { environment, login, checkoutBaseUrl, paymentLinksBaseUrl } = merchant;
    return this.common('placetopay', environment, [checkoutBaseUrl, paymentLinksBaseUrl], login);
  }

  private async netzme(now: number): Promise<GatewayOverview> {
    const merchant = this.merchants.netzme();
    if (merchant === undefined) return notConfigured('netzme');
    const { environment, clientId, baseUrl } = merchant;
    return {
      ...this.common('netzme', environment, [baseUrl], clientId),
      token: await this.netzmeToken.overview(now),
    };
  }

  private common(
    gateway: Gateway,
    environment: string,
    urls: readonly (string | undefined)[],
    clientId: string,
  ): GatewayOverview {
    const clockOffsetMs = this.calls.clockOffsetMs(gateway);
    const lastFailure = this.calls.lastFailure(gateway);
    return {
      gateway,
      isConfigured: true,
      environment,
      hosts: [...new Set(urls.flatMap((url) => (url === undefined ? [] : new URL(url).host)))],
      clientId: shortened(clientId),
      ...(clockOffsetMs !== undefined && { clockOffsetMs }),
      ...(lastFailure !== undefined && { lastFailure }),
    };
  }

  private store(): Overview['store'] {
    if (this.environment.REDIS_URL === undefined) return { kind: 'memory', state: 'ok' };
    // The library asks Redis when it needs a token, which may be hours from now.
    const isReachable = this.replicas.isStoreReachable ?? this.sharing()?.isReachable;
    if (isReachable !== false) return { kind: 'redis', state: 'ok' };
    const detail = 'Redis does not answer: tokens at hand keep serving, and each process renews its own.';
    return { kind: 'redis', state: 'away', detail };
  }

  private sharing(): TokenSharingStatus | undefined {
    if (this.merchants.netzme() !== undefined) return this.netzmeTokens.accessTokenStatus().sharing;
    return this.merchants.alignet() && this.alignetNonces.accessTokenStatus().sharing;
  }
}

const notConfigured = (gateway: Gateway): GatewayOverview => ({ gateway, isConfigured: false, hosts: [] });

function shortened(id: string): Masked {
  return id.length < SHORTEST_SHOWN ? hidden(id) : `${id.slice(0, SHOWN)}…${id.slice(-SHOWN)} (${id.length})`;
}
