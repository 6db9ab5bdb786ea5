import { Inject, Injectable } from '@nestjs/common';
import {
  type AxiosAdapter,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
  isAxiosError,
} from 'axios';
import { Readable } from 'node:stream';
import { wrapAdapter } from '../core/adapter-wrapper';
import { Attachments } from '../core/attachments';
import { type Clock } from '../core/clock';
import { UnsignableRequestError } from '../core/errors';
import { type MerchantSelection } from '../core/merchants';
import { PaymentAuthSecrets } from '../core/payment-auth-secrets';
import { removeRepeatedProofs } from '../core/repeated-proofs';
import { RequestDeadline } from '../core/request-deadline';
import { type FinalRequest, sendFinal } from '../core/send-final';
import { PAYMENT_AUTH_CLOCK } from '../core/tokens';
import { bodyInMemory, readWireBody, resolveWireUrl } from '../core/wire-request';
import { insertAuth } from './insert-auth';
import { PlacetopayAuthService } from './placetopay-auth.service';
import { decodePlacetopayFailure } from './placetopay-failure';
import { type PlacetopaySecrets } from './placetopay-secrets';
import { type ResolvedPlacetopayMerchant } from './resolve-placetopay-options';

const JSON_CONTENT_TYPE = 'application/json';
const METHODS_WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * An outgoing axios interceptor (not a Nest interceptor) that puts a fresh `auth` into the JSON body of every request it
 * sends, retries included. Redirects are not followed, and no `auth` goes to a host that is not configured.
 */
@Injectable()
export class PlacetopayAuthInterceptor {
  private readonly attachments = new Attachments<ResolvedPlacetopayMerchant>('placetopay');

  constructor(
    private readonly auth: PlacetopayAuthService,
    private readonly configuredSecrets: PaymentAuthSecrets,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Authenticates every request of `instance` from now on, for one merchant. Attaching again changes nothing.
   *
   * @returns a function that detaches it again
   * @throws {PaymentAuthConfigError} when Placetopay or the merchant is not configured, or the instance has another one
   *
   * Requests fail with {@link UnsignableRequestError} (another origin, a body that is no JSON object), with
   * {@link PlacetopayError} when Placetopay refuses the authentication, with {@link GatewayTransportError} on a redirect, and
   * otherwise with the axios error the caller would get without us, minus the request that held the `auth`.
   */
  attach(instance: AxiosInstance, selection: MerchantSelection = {}): () => void {
    const merchant = this.auth.merchant(selection);
    return this.attachments.attach(instance, merchant, () =>
      wrapAdapter(instance, 'placetopay', (config, send) => this.sendWithAuth(merchant, config, send)),
    );
  }

  private async sendWithAuth(
    merchant: ResolvedPlacetopayMerchant,
    config: InternalAxiosRequestConfig,
    send: AxiosAdapter,
  ): Promise<AxiosResponse> {
    const url = resolveWireUrl(config, 'placetopay');
    if (!merchant.allowedOrigins.includes(url.origin)) {
      throw new UnsignableRequestError(
        `A request to ${url.host} was given no auth: it is no configured host of Placetopay.`,
        {
          reason: 'foreign-origin',
          gateway: 'placetopay',
          hint: `Configured: ${merchant.allowedOrigins.join(', ')}. Add others with placetopay.additionalBaseUrls.`,
        },
      );
    }
    const method = (config.method ?? 'get').toUpperCase();
    if (METHODS_WITHOUT_BODY.has(method)) {
      throw new UnsignableRequestError(`A ${method} request has no body, and auth stands in the body.`, {
        reason: 'method-without-body',
        gateway: 'placetopay',
        hint: 'Use POST: Placetopay takes queries as POST too.',
      });
    }
    const deadline = new RequestDeadline(config, this.clock);
    const body = bodyInMemory(config.data) ?? (await deadline.reading(readWireBody(config, 'placetopay'))).body;
    const timeoutMs = deadline.remainingMs();
    const headers = new AxiosHeaders(config.headers);
    headers.setContentType(JSON_CONTENT_TYPE);
    const auth = this.auth.createAuth({ merchant: merchant.name });
    const isProduction = merchant.environment === 'production';
    const request: FinalRequest = { method, url, body: insertAuth(body, auth), headers, isProduction, timeoutMs };
    const secrets: PlacetopaySecrets = { auth, secretKey: merchant.secretKey.accepted() };
    try {
      const response = await sendFinal('placetopay', config, send, request);
      this.throwOnRefusal(response, request, secrets);
      return response;
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      if (error.response !== undefined) this.throwOnRefusal(error.response, request, secrets);
      removeRepeatedProofs(error, [auth.tranKey, auth.nonce, ...merchant.secretKey.accepted()]);
      throw error;
    }
  }

  /** @throws what it means, having let go of an answer that was to be streamed: nobody will read it */
  private throwOnRefusal(
    { status, data }: AxiosResponse<unknown>,
    { method, url }: FinalRequest,
    secrets: PlacetopaySecrets,
  ): void {
    const answer = {
      httpStatus: status,
      body: Buffer.isBuffer(data) ? data.toString('utf8') : data,
      receivedAt: this.clock.now(),
      method,
      host: url.host,
      path: url.pathname,
    };
    const failure = decodePlacetopayFailure(answer, secrets);
    if (failure?.reason === 'digest-mismatch') this.configuredSecrets.refused();
    if (failure?.code !== 'ERR_PLACETOPAY_AUTHENTICATION') return;
    if (data instanceof Readable) data.destroy();
    throw failure;
  }
}
