import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import axios, { type AxiosInstance } from 'axios';
import { PaymentAuthConfigError } from '../core/errors';
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
    super(axios.create());
    try {
      this.configure(this.axiosRef, {});
    } catch (error) {
      if (!(error instanceof PaymentAuthConfigError)) throw error;
      this.axiosRef.interceptors.request.use(() => Promise.reject(error));
    }
  }

  /** @throws {PaymentAuthConfigError} when there is no such merchant */
  for(selection: MerchantSelection): HttpService {
    const { name } = this.accessTokens.merchant(selection);
    let service = this.byMerchant.get(name);
    if (service === undefined) {
      service = new HttpService(this.configure(axios.create(), { merchant: name }));
      this.byMerchant.set(name, service);
    }
    return service;
  }

  private configure(instance: AxiosInstance, selection: MerchantSelection): AxiosInstance {
    instance.defaults.baseURL = this.accessTokens.merchant(selection).baseUrl;
    instance.defaults.maxRedirects = 0;
    this.interceptor.attach(instance, selection);
    return instance;
  }
}
