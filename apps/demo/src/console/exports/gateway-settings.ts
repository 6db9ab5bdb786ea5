import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ConsoleRefusal } from '../access/console-problem';
import { type Gateway } from '../contract';

/** What the requests of a gateway are made with, presets filled in. Credentials are not among it. */
export interface AlignetSettings {
  readonly authBaseUrl: string;
  readonly apiVersion: string;
  readonly audience: string;
  readonly scope: string;
  readonly nonceScope: string;
}

export interface PlacetopaySettings {
  readonly checkoutBaseUrl: string;
  readonly paymentLinksBaseUrl: string;
  readonly digestAlgorithm: 'sha256' | 'sha1';
}

export interface NetzmeSettings {
  readonly baseUrl: string;
  readonly tokenPath: string;
}

/** Settings as the library has resolved them, of the one merchant that the demo has at each gateway. */
@Injectable()
export class GatewaySettings {
  constructor(private readonly modules: ModuleRef) {}

  alignet = (): AlignetSettings => this.of<AlignetSettings>('alignet');
  placetopay = (): PlacetopaySettings => this.of<PlacetopaySettings>('placetopay');
  netzme = (): NetzmeSettings => this.of<NetzmeSettings>('netzme');

  private of<S>(gateway: Gateway): S {
    const token = Symbol.for(`nestjs-payment-auth:${gateway}-merchants`);
    const merchants = this.modules.get<{ byName: Readonly<Record<string, S>> } | undefined>(token, { strict: false });
    const [settings] = Object.values(merchants?.byName ?? {});
    if (settings !== undefined) return settings;
    throw new ConsoleRefusal(
      409,
      'not-configured',
      `${gateway} is not configured: set its credentials, see .env.example.`,
    );
  }
}
