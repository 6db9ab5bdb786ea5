import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import { type AxiosInstance } from 'axios';
import { createGatewayAxios } from '../core/gateway-axios';
import { clientOrConfigError } from '../core/client-or-config-error';
import { PaymentAuthConfigError } from '../core/errors';
import { type MerchantSelection } from '../core/merchants';
import { merchantOption } from '../core/resolve-merchants';
import { PlacetopayAuthInterceptor } from './placetopay-auth.interceptor';
import { PlacetopayAuthService } from './placetopay-auth.service';

/** Products with a base URL of their own. */
export type PlacetopayProduct = 'checkout' | 'payment-links';

export interface PlacetopaySelection extends MerchantSelection {
  /** @default 'checkout' */
  readonly product?: PlacetopayProduct | undefined;
}

/**
 * An `HttpService` of its own for Placetopay: base URL set, a fresh `auth` in every body. Inject it and call
 * `placetopay.post('/api/session', session)`; `placetopay.for({ product: 'payment-links' })` speaks to the other host.
 *
 * It is the default merchant's. Where Placetopay is not configured, or there are several merchants and no default, requests
 * fail with a {@link PaymentAuthConfigError} that says so.
 */
@Injectable()
export class PlacetopayHttpService extends HttpService {
  private readonly bySelection = new Map<string, HttpService>();

  constructor(
    // By name, because HttpService declares its own first dependency, which a subclass inherits.
    @Inject(PlacetopayAuthService) private readonly auth: PlacetopayAuthService,
    private readonly interceptor: PlacetopayAuthInterceptor,
  ) {
    super(clientOrConfigError(() => createClient(auth, interceptor, {})));
  }

  /** @throws {PaymentAuthConfigError} when there is no such merchant, or no host is known for this product of its brand */
  for(selection: PlacetopaySelection): HttpService {
    const { product = 'checkout' } = selection;
    const { name } = this.auth.merchant(selection);
    const key = JSON.stringify([name, product]);
    let service = this.bySelection.get(key);
    if (service === undefined) {
      service = new HttpService(createClient(this.auth, this.interceptor, { merchant: name, product }));
      this.bySelection.set(key, service);
    }
    return service;
  }
}

function createClient(
  auth: PlacetopayAuthService,
  interceptor: PlacetopayAuthInterceptor,
  { merchant, product }: PlacetopaySelection,
): AxiosInstance {
  const site = auth.merchant({ merchant });
  const { checkoutBaseUrl, paymentLinksBaseUrl, requestLimits } = site;
  const baseURL = product === 'payment-links' ? paymentLinksBaseUrl : checkoutBaseUrl;
  if (baseURL === undefined) {
    const option = merchantOption('placetopay', site, 'paymentLinksBaseUrl');
    const problem = `is needed: Placetopay's documentation names no ${site.environment} host of Payment Links for this brand`;
    throw new PaymentAuthConfigError([{ option, problem }], 'placetopay');
  }
  const instance = createGatewayAxios(baseURL, requestLimits);
  interceptor.attach(instance, { merchant });
  return instance;
}
