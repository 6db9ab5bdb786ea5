import { Inject, Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  PaymentAuthConfigError,
  PaymentAuthError,
  PlacetopayError,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { type EnvironmentVariables } from '../config/environment';
import { callGateway, GatewayCallError } from '../errors/gateway-call';

type Detail = Record<string, unknown>;

const TIMEOUT_MS = 5_000;
/** Nobody's session: the question is only whether Placetopay accepts the `auth` that asks for it. */
const PROBED_SESSION = '/api/session/1';

/**
 * Whether each configured gateway can authenticate: a token at hand or obtainable, a digest accepted. Answers are kept for
 * `HEALTH_CACHE_SECONDS`, so that a poller does not become load on the gateways.
 */
@Injectable()
export class GatewayHealthService {
  private readonly kept = new Map<
    string,
    { readonly until: number; readonly result: Promise<HealthIndicatorResult> }
  >();
  private readonly keepMs: number;

  constructor(
    private readonly alignetNonces: AlignetNonceService,
    private readonly placetopayHttp: PlacetopayHttpService,
    private readonly netzmeTokens: NetzmeAccessTokenService,
    private readonly indicators: HealthIndicatorService,
    @Inject(ConfigService) config: ConfigService<EnvironmentVariables, true>,
  ) {
    this.keepMs = config.get('HEALTH_CACHE_SECONDS', { infer: true }) * 1_000;
  }

  alignet = (): Promise<HealthIndicatorResult> =>
    this.check('alignet', async () => {
      await this.alignetNonces.getAccessToken({ signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { accessToken: this.alignetNonces.accessTokenStatus() };
    });

  netzme = (): Promise<HealthIndicatorResult> =>
    this.check('netzme', async () => {
      await this.netzmeTokens.getAccessToken({ signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { accessToken: this.netzmeTokens.accessTokenStatus() };
    });

  placetopay = (): Promise<HealthIndicatorResult> =>
    this.check('placetopay', async () => {
      try {
        const config = { method: 'post', url: PROBED_SESSION, data: {}, timeout: TIMEOUT_MS };
        await callGateway('placetopay', this.placetopayHttp.axiosRef, config);
      } catch (error) {
        // "No such session" is an answer to somebody whose auth was accepted.
        const isAccepted = error instanceof PlacetopayError && error.code === 'ERR_PLACETOPAY_REQUEST';
        if (!isAccepted || (error.exchange?.status ?? 500) >= 500) throw error;
      }
      return { auth: 'accepted' };
    });

  private check(gateway: string, probe: () => Promise<Detail>): Promise<HealthIndicatorResult> {
    const kept = this.kept.get(gateway);
    if (kept !== undefined && performance.now() < kept.until) return kept.result;
    const result = this.probe(gateway, probe);
    this.kept.set(gateway, { until: performance.now() + this.keepMs, result });
    return result;
  }

  private async probe(gateway: string, probe: () => Promise<Detail>): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(gateway);
    try {
      return indicator.up(await probe());
    } catch (error) {
      // Not configured is a choice, not an illness.
      if (error instanceof PaymentAuthConfigError) return {};
      if (error instanceof PaymentAuthError) {
        const { code, message, hint, retryable } = error;
        return indicator.down({ code, message, hint, retryable });
      }
      if (error instanceof GatewayCallError) {
        const { code, message, retryable } = error;
        return indicator.down({ code, message, retryable });
      }
      return indicator.down({ message: 'no answer in time' });
    }
  }
}
