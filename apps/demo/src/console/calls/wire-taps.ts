import { HttpService } from '@nestjs/axios';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type AxiosInstance, type AxiosResponse, type InternalAxiosRequestConfig, isAxiosError } from 'axios';
import { NetzmeHttpService, PaymentAuthConfigError, PlacetopayHttpService } from 'nestjs-payment-auth';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Gateway } from '../contract';
import { GatewayFacts } from './gateway-facts';
import { WireTapHttpAgent, WireTapHttpsAgent } from './wire-tap-agents';
import { WireRecording } from './wire-recording';

/** A request that was to be looked at and not to be sent. */
class Withheld extends Error {
  constructor(readonly config: InternalAxiosRequestConfig) {
    super('This request is only looked at.');
  }
}

/** What a call of the console does differently, all the way down to the socket. */
type Mode = { readonly recording: WireRecording } | 'withhold';

/**
 * Listens in on every client that speaks to a gateway: those of Placetopay and Netzme, and the one that requests tokens and
 * nonces. Requests of other callers go their way untouched.
 */
@Injectable()
export class WireTaps implements OnApplicationBootstrap {
  private readonly mode = new AsyncLocalStorage<Mode>();
  private readonly tapped = new WeakSet<AxiosInstance>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly facts: GatewayFacts,
    private readonly placetopay: PlacetopayHttpService,
    private readonly netzme: NetzmeHttpService,
  ) {}

  onApplicationBootstrap(): void {
    for (const axios of this.placetopayClients()) this.tap(axios, () => 'placetopay');
    this.tap(this.netzme.axiosRef, () => 'netzme');
    const { baseURL: netzmeUrl } = this.netzme.axiosRef.defaults;
    const gatewayOf = (url: string): Gateway =>
      netzmeUrl !== undefined && url.startsWith(netzmeUrl) ? 'netzme' : 'alignet';
    for (const { axiosRef } of this.modules.get(HttpService, { strict: false, each: true }))
      this.tap(axiosRef, gatewayOf);
  }

  /** Does the work with a connection of its own for every request of it, and keeps what goes over them on record. */
  record<T>(recording: WireRecording, work: () => Promise<T>): Promise<T> {
    return this.mode.run({ recording }, work);
  }

  /** The first request that the work would send; it is not sent. `undefined` when it does not get that far. */
  async firstRequest(work: () => Promise<unknown>): Promise<InternalAxiosRequestConfig | undefined> {
    try {
      await this.mode.run('withhold', work);
    } catch (error) {
      if (error instanceof Withheld) return error.config;
      throw error;
    }
    return undefined;
  }

  private placetopayClients(): AxiosInstance[] {
    const { placetopay } = this;
    const ofProduct = (product: 'checkout' | 'payment-links'): AxiosInstance[] => {
      try {
        return [placetopay.for({ product }).axiosRef];
      } catch (error) {
        if (error instanceof PaymentAuthConfigError) return [];
        throw error;
      }
    };
    return [placetopay.axiosRef, ...ofProduct('checkout'), ...ofProduct('payment-links')];
  }

  private tap(axios: AxiosInstance, gatewayOf: (url: string) => Gateway): void {
    if (this.tapped.has(axios)) return;
    this.tapped.add(axios);
    axios.interceptors.request.use((config) => this.listenIn(config), undefined, {
      runWhen: () => this.current() !== undefined,
    });
    const observe = (response: AxiosResponse<unknown>): void => {
      const url = axios.getUri(response.config);
      this.facts.answered(gatewayOf(url), url, response);
    };
    axios.interceptors.response.use(
      (response) => {
        observe(response);
        return response;
      },
      (error: unknown) => {
        if (isAxiosError(error) && error.response !== undefined) observe(error.response);
        throw error;
      },
    );
  }

  private listenIn(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
    const mode = this.current();
    if (mode === 'withhold') throw new Withheld(config);
    if (mode !== undefined) {
      config.httpAgent = new WireTapHttpAgent(mode.recording);
      config.httpsAgent = new WireTapHttpsAgent(mode.recording, config.httpsAgent);
    }
    return config;
  }

  private current(): Mode | undefined {
    const mode = this.mode.getStore();
    return mode === 'withhold' || mode?.recording.isRunning === true ? mode : undefined;
  }
}
