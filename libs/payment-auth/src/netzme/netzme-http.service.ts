import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import { type AxiosInstance } from 'axios';
import { createGatewayAxios } from '../core/gateway-axios';
import { clientOrConfigError } from '../core/client-or-config-error';
import { type MerchantSelection } from '../core/merchants';
import { NetzmeAccessTokenService } from './netzme-access-token.service';
import { NetzmeSigningInterceptor } from './netzme-signing.interceptor';

/**
 * An `HttpService` of its own for Netzme: base URL set, every request signed. Inject it and call
 * `netzme.get('/api/aggregator/merchant/qr/balance/detail', { params: { userId } })`.
 *
 * It is the default merchant's; `netzme.for({ merchant: 'usd' })` gives the others'. Where Netzme is not configured, or
 * there are several merchants and no default, requests fail with a {@link PaymentAuthConfigError} that says so.
 */
@Injectable()
export class NetzmeHttpService extends HttpService {
  private readonly byMerchant = new Map<string, HttpService>();

  constructor(
    // By name, because HttpService declares its own first dependency, which a subclass inherits.
    @Inject(NetzmeAccessTokenService) private readonly accessTokens: NetzmeAccessTokenService,
    private readonly interceptor: NetzmeSigningInterceptor,
  ) {
    super(clientOrConfigError(() => createClient(accessTokens, interceptor, {})));
  }

  /** @throws {PaymentAuthConfigError} when there is no such merchant */
  for(selection: MerchantSelection): HttpService {
    const { name: merchant } = this.accessTokens.merchant(selection);
    let service = this.byMerchant.get(merchant);
    if (service === undefined) {
      service = new HttpService(createClient(this.accessTokens, this.interceptor, { merchant }));
      this.byMerchant.set(merchant, service);
    }
    return service;
  }
}

function createClient(
  accessTokens: NetzmeAccessTokenService,
  interceptor: NetzmeSigningInterceptor,
  selection: MerchantSelection,
): AxiosInstance {
  const { baseUrl, requestLimits } = accessTokens.merchant(selection);
  const instance = createGatewayAxios(baseUrl, requestLimits);
  interceptor.attach(instance, selection);
  return instance;
}
