import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type AccessToken, type IssuedAccessToken } from '../core/access-token';
import { type AccessTokenKeeper, type AccessTokenStatus } from '../core/access-token-keeper';
import { AccessTokenRegistry } from '../core/access-token-registry';
import { type Clock } from '../core/clock';
import { PaymentAuthConfigError } from '../core/errors';
import { type GatewayAnswer, postToGateway, timeoutError } from '../core/gateway-http';
import { type MerchantSelection, type ResolvedMerchants, selectMerchant } from '../core/merchants';
import { ALIGNET_MERCHANTS, PAYMENT_AUTH_CLOCK } from '../core/tokens';
import { type TokenSharingStatus } from '../core/sharing/token-sharing';
import { joinUrl } from '../core/validation';
import {
  type AlignetNonceGrant,
  alignetNonceRequest,
  alignetTokenRequest,
  isRefusedWithSuccessStatus,
  parseAlignetNonceResponse,
  parseAlignetTokenResponse,
} from './alignet-messages';
import { API_VERSION_HEADER, FLEX_SCRIPT_FILE, FLEX_STYLE_FILE, NONCE_PATH, TOKEN_PATH } from './alignet.constants';
import { type ResolvedAlignetMerchant } from './resolve-alignet-options';

export interface AlignetCallOptions extends MerchantSelection {
  /** Ends this call's wait. A token request that others share goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface CreateNonceOptions extends AlignetCallOptions {
  /** Scopes of the nonce, separated by spaces. @default the merchant's `nonceScope`, 'post:charges' */
  readonly scope?: string | undefined;
}

/** A nonce that starts Flex once, within its thirty seconds. Never cache it and never give one to two buyers. */
export interface AlignetNonce {
  readonly nonce: string;
  /** As Alignet granted it; may differ from what was asked for. */
  readonly scope: string;
  /** Epoch ms, by our wall clock, counted from before the request left: never later than the gateway's own. */
  readonly expiresAt: number;
  /** Whole seconds that remain until {@link expiresAt}, rounded down: of Alignet's 30, what its response did not take. */
  readonly expiresInSeconds: number;
}

/** What a browser needs to start Flex. Holds no secret but the nonce; answer with `Cache-Control: no-store`. */
export interface AlignetCheckoutSession extends AlignetNonce {
  /** `merchant_code` of the Flex payload. */
  readonly merchantCode: string;
  /** Load after {@link styleUrl}. */
  readonly scriptUrl: string;
  readonly styleUrl: string;
}

interface NonceAttempt {
  readonly answer: GatewayAnswer;
  /** Epoch ms. */
  readonly sentAt: number;
  /** The same moment, on the monotonic clock. */
  readonly startedAt: number;
}

/** A refusal with HTTP 200 costs one new token in this time at most. */
const FRESH_TOKEN_MS = 60_000;

/**
 * Alignet (Pay-me): keeps an OAuth2 access token and turns it into the single-use nonces that start the browser form Flex.
 *
 * @see https://docs.pay-me.com, "API Nonce" (read 2026-11)
 */
@Injectable()
export class AlignetNonceService {
  private readonly logger = new Logger('PaymentAuth');
  private readonly keepers = new Map<ResolvedAlignetMerchant, AccessTokenKeeper>();

  constructor(
    @Inject(ALIGNET_MERCHANTS) private readonly merchants: ResolvedMerchants<ResolvedAlignetMerchant> | undefined,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
    private readonly tokens: AccessTokenRegistry,
    private readonly http: HttpService,
  ) {}

  /**
   * One nonce, always fresh from `POST /nonce`. A 401 there (or a refusal with HTTP 200, once a minute at most) drops the
   * access token, gets one new one and tries once more; a 403 never does.
   *
   * @throws {PaymentAuthConfigError} when Alignet or the merchant is not configured
   * @throws {AccessTokenError} when no access token can be had
   * @throws {NonceError} when Alignet refuses the nonce or answers without one
   * @throws {GatewayTransportError} on timeout, network failure or redirect
   */
  async createNonce(options: CreateNonceOptions = {}): Promise<AlignetNonce> {
    return this.nonceFor(this.merchant(options), options);
  }

  /**
   * A nonce together with what a page needs to start Flex with it. Call it when the buyer clicks, not before: the nonce
   * lives thirty seconds.
   *
   * @throws {PaymentAuthConfigError} when `merchantCode` is not configured, and whatever {@link createNonce} throws
   */
  async createCheckoutSession(options: CreateNonceOptions = {}): Promise<AlignetCheckoutSession> {
    const merchant = this.merchant(options);
    const { merchantCode } = merchant;
    if (merchantCode === undefined) {
      throw new PaymentAuthConfigError(
        [
          {
            option: 'alignet.merchantCode',
            problem: 'is needed to start Flex; it is the merchant_code that Alignet gave you',
          },
        ],
        'alignet',
      );
    }
    const nonce = await this.nonceFor(merchant, options);
    return {
      ...nonce,
      merchantCode,
      scriptUrl: joinUrl(merchant.assetsBaseUrl, FLEX_SCRIPT_FILE),
      styleUrl: joinUrl(merchant.assetsBaseUrl, FLEX_STYLE_FILE),
    };
  }

  /**
   * The current access token, for calls of your own to `/charges`. Renewed when needed, one request for any number of
   * callers. Send it as `Authorization: Bearer`; keep it on the server.
   */
  async getAccessToken(options: AlignetCallOptions = {}): Promise<AccessToken> {
    return this.keeper(this.merchant(options)).get(options.signal);
  }

  /** How the access token is doing, for health checks and metrics. */
  accessTokenStatus(options: MerchantSelection = {}): AccessTokenStatus & { sharing?: TokenSharingStatus } {
    const status = this.keeper(this.merchant(options)).status();
    const sharing = this.tokens.sharingStatus();
    return sharing === undefined ? status : { ...status, sharing };
  }

  private merchant(selection: MerchantSelection): ResolvedAlignetMerchant {
    return selectMerchant('alignet', this.merchants, selection);
  }

  private async nonceFor(merchant: ResolvedAlignetMerchant, options: CreateNonceOptions): Promise<AlignetNonce> {
    const keeper = this.keeper(merchant);
    const scope = options.scope ?? merchant.nonceScope;
    let accessToken = await keeper.get(options.signal);
    let attempt = await this.requestNonce(merchant, accessToken, scope, options.signal);
    if (this.maybeStale(attempt.answer, accessToken)) {
      const isRejected = keeper.reject(accessToken.value);
      // Kept, the token would be refused for this request once more.
      if (keeper.peek()?.value !== accessToken.value) {
        accessToken = await keeper.get(options.signal);
        attempt = await this.requestNonce(merchant, accessToken, scope, options.signal);
        if (isRejected && this.isRefused(attempt.answer)) keeper.excuseRejection();
      }
    }
    const grant: AlignetNonceGrant = parseAlignetNonceResponse(attempt.answer, [
      merchant.clientSecret.reveal(),
      accessToken.value,
    ]);
    const lifeMs = grant.expiresInSeconds * 1_000;
    const remainingMs = lifeMs - (this.clock.monotonic() - attempt.startedAt);
    return {
      nonce: grant.nonce,
      scope: grant.scope ?? scope,
      expiresAt: attempt.sentAt + lifeMs,
      expiresInSeconds: Math.max(0, Math.floor(remainingMs / 1_000)),
    };
  }

  /**
   * A 401 says that the token is no longer accepted. Alignet documents no body of a failure and its envelope allows for one
   * with HTTP 200, so a refusal of that kind counts too, unless the token is so fresh that another would fare no better.
   */
  private maybeStale(answer: GatewayAnswer, accessToken: AccessToken): boolean {
    if (answer.status === 401) return true;
    const isFresh = this.clock.now() - accessToken.obtainedAt < FRESH_TOKEN_MS;
    return !isFresh && isRefusedWithSuccessStatus(answer);
  }

  private isRefused(answer: GatewayAnswer): boolean {
    return answer.status === 401 || isRefusedWithSuccessStatus(answer);
  }

  private async requestNonce(
    merchant: ResolvedAlignetMerchant,
    accessToken: AccessToken,
    scope: string,
    signal: AbortSignal | undefined,
  ): Promise<NonceAttempt> {
    const [sentAt, startedAt] = [this.clock.now(), this.clock.monotonic()];
    const answer = await postToGateway(this.http, {
      gateway: 'alignet',
      url: joinUrl(merchant.authBaseUrl, NONCE_PATH),
      headers: { [API_VERSION_HEADER]: merchant.apiVersion, Authorization: `Bearer ${accessToken.value}` },
      body: alignetNonceRequest({ ...merchant, scope }),
      timeoutMs: merchant.timeoutMs,
      isProduction: merchant.environment === 'production',
      signal,
    });
    return { answer, sentAt, startedAt };
  }

  private keeper(merchant: ResolvedAlignetMerchant): AccessTokenKeeper {
    let keeper = this.keepers.get(merchant);
    if (keeper === undefined) {
      keeper = this.createKeeper(merchant);
      this.keepers.set(merchant, keeper);
    }
    return keeper;
  }

  private createKeeper(merchant: ResolvedAlignetMerchant): AccessTokenKeeper {
    const { authBaseUrl, clientId, audience, scope, timeoutMs, refreshMarginMs } = merchant;
    const url = new URL(joinUrl(authBaseUrl, TOKEN_PATH));
    return this.tokens.keeper({
      identity: { gateway: 'alignet', baseUrl: authBaseUrl, clientId, audience, scope },
      clientSecret: merchant.clientSecret,
      policy: { renewal: 'early', refreshMarginMs, timeoutMs },
      request: (signal) => this.requestToken(merchant, signal),
      onTimeout: () => timeoutError('alignet', { method: 'POST', host: url.host, path: url.pathname }, timeoutMs),
    });
  }

  private async requestToken(merchant: ResolvedAlignetMerchant, signal: AbortSignal): Promise<IssuedAccessToken> {
    const clientSecret = merchant.clientSecret.reveal();
    const answer = await postToGateway(this.http, {
      gateway: 'alignet',
      url: joinUrl(merchant.authBaseUrl, TOKEN_PATH),
      headers: { [API_VERSION_HEADER]: merchant.apiVersion },
      body: alignetTokenRequest({ ...merchant, clientSecret }),
      timeoutMs: merchant.timeoutMs,
      isProduction: merchant.environment === 'production',
      signal,
    });
    const grant = parseAlignetTokenResponse(answer, {
      assumedLifetimeSeconds: merchant.assumedLifetimeSeconds,
      secrets: [clientSecret],
    });
    if (!grant.isLifetimeStated) {
      this.logger.warn(
        `Alignet's token answer names no believable expires_in; taking it to live ${merchant.assumedLifetimeSeconds} s (assumedLifetimeSeconds).`,
      );
    }
    return grant;
  }
}
