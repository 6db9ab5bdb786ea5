import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Gateway } from '../contract';

interface ResolvedMerchants<M> {
  readonly byName: Readonly<Record<string, M>>;
}

interface ResolvedMerchant {
  readonly environment: string;
}

export interface AlignetMerchant extends ResolvedMerchant {
  readonly clientId: string;
  readonly authBaseUrl: string;
  readonly apiBaseUrl: string;
  readonly assetsBaseUrl: string;
  readonly apiVersion: string;
  readonly audience: string;
  readonly scope: string;
  readonly nonceScope: string;
}

export interface PlacetopayMerchant extends ResolvedMerchant {
  readonly login: string;
  readonly checkoutBaseUrl: string;
  readonly paymentLinksBaseUrl: string | undefined;
  readonly digestAlgorithm: 'sha256' | 'sha1';
  /** Added to our clock for the seed. */
  readonly clockSkewSeconds: number;
}

export interface NetzmeMerchant extends ResolvedMerchant {
  readonly clientId: string;
  readonly baseUrl: string;
  readonly tokenPath: string;
}

/**
 * The merchants as the library has resolved them, presets filled in; `undefined` where a gateway is not configured. Its names
 * for them are the same in every copy of it.
 */
@Injectable()
export class ResolvedMerchantsReader {
  constructor(private readonly modules: ModuleRef) {}

  alignet = (): AlignetMerchant | undefined => this.first<AlignetMerchant>('alignet');
  placetopay = (): PlacetopayMerchant | undefined => this.first<PlacetopayMerchant>('placetopay');
  netzme = (): NetzmeMerchant | undefined => this.first<NetzmeMerchant>('netzme');

  /** The demo has one merchant a gateway. */
  private first<M>(gateway: Gateway): M | undefined {
    const token = Symbol.for(`nestjs-payment-auth:${gateway}-merchants`);
    const merchants = this.modules.get<ResolvedMerchants<M> | undefined>(token, { strict: false });
    return merchants && Object.values(merchants.byName)[0];
  }
}
