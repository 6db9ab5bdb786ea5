import { setMaxListeners } from 'node:events';
import { resolveAccounts, type SimulatorAccounts } from './accounts';
import { AlignetGateway } from './alignet/alignet-gateway';
import { ControlServer } from './control/control-server';
import { SimulatorClock } from './core/clock';
import { type Gateway, type GatewayName } from './core/exchange';
import { FaultPlan } from './core/faults';
import { GatewayServer } from './core/gateway-server';
import { HttpListener } from './core/http-listener';
import { SimulatorInputError } from './core/input-error';
import { Journal } from './core/journal';
import { type JsonObject } from './core/json';
import { isLoopbackHost } from './core/loopback';
import { Masker } from './core/masking';
import { NetzmeGateway } from './netzme/netzme-gateway';
import { PlacetopayGateway } from './placetopay/placetopay-gateway';
import { type DeepPartial, DEFAULT_SETTINGS, type SimulatorSettings } from './settings';
import { patchSettings } from './settings-patch';
import { webhookBooks } from './webhooks/books';
import { SigningKeys } from './webhooks/signing-keys';
import { isTarget, requireTarget } from './webhooks/target';
import { Webhooks } from './webhooks/webhooks';

export interface GatewaySimulatorOptions {
  /** Address the gateways listen on. Anything but loopback needs `allowNonLoopback`. @default '127.0.0.1' */
  readonly host?: string;
  /**
   * Let `host` be an address other machines reach, and webhooks go to other machines. The control server stays on
   * loopback. @default false
   */
  readonly allowNonLoopback?: boolean;
  /** 0 picks a free port. @default 0 for each */
  readonly ports?: Partial<Record<keyof SimulatorUrls, number>>;
  readonly settings?: DeepPartial<SimulatorSettings>;
  /** Accounts per gateway; a list given here replaces the sandbox accounts of that gateway. */
  readonly accounts?: Partial<SimulatorAccounts>;
  /** Base wall clock, epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
  /** Requests the journal keeps, and webhooks `webhooks.sent()` does. @default 1000 */
  readonly journalCapacity?: number;
}

/** Base URLs without a trailing slash. */
export interface SimulatorUrls {
  readonly alignet: string;
  readonly placetopay: string;
  readonly netzme: string;
  readonly control: string;
}

/** Requests received per operation, faulted ones included, and tokens handed out to those requests. */
export interface SimulatorCounters {
  readonly alignet: Readonly<
    Record<'token' | 'nonce' | 'charge' | 'redeem' | 'pay' | 'asset' | 'other' | 'tokensIssued', number>
  >;
  readonly placetopay: Readonly<
    Record<
      | 'createSession'
      | 'querySession'
      | 'cancelSession'
      | 'createLink'
      | 'queryLink'
      | 'disableLink'
      | 'page'
      | 'asset'
      | 'other',
      number
    >
  >;
  readonly netzme: Readonly<Record<'token' | 'business' | 'tokensIssued', number>>;
}

/** The public halves of the keys the gateways sign webhooks with: SPKI in PEM. */
export interface SimulatorPublicKeys {
  readonly alignet: string;
  readonly netzme: string;
}

/** What a test may do to the simulated Alignet besides sending requests. */
export type AlignetControls = Pick<AlignetGateway, 'revokeTokens' | 'setChargeState' | 'approveCharge' | 'describe'>;
/** What a test may do to the simulated Placetopay besides sending requests. */
export type PlacetopayControls = Pick<PlacetopayGateway, 'setSiteState' | 'setSessionOutcome' | 'payLink' | 'describe'>;
/** What a test may do to the simulated Netzme besides sending requests. */
export type NetzmeControls = Pick<NetzmeGateway, 'expireToken' | 'stealToken' | 'addTransaction' | 'describe'>;

const LOOPBACK = '127.0.0.1';

/** The three gateways and a control server, each on a port of its own. */
export class GatewaySimulator {
  /** Time of every gateway. */
  readonly clock: SimulatorClock;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  readonly alignet: AlignetControls;
  readonly placetopay: PlacetopayControls;
  readonly netzme: NetzmeControls;
  /** Notifications to the merchant. */
  readonly webhooks: Webhooks;

  private readonly keys = new SigningKeys();
  private readonly allowNonLoopback: boolean;
  private readonly initialSettings: SimulatorSettings;
  private currentSettings: SimulatorSettings;
  private readonly stopping = new AbortController();
  private readonly servers: Readonly<Record<GatewayName, GatewayServer>>;
  private readonly listeners: HttpListener[] = [];
  private stopped: Promise<void> | undefined;
  private readonly listening: Record<keyof SimulatorUrls, string> = {
    alignet: '',
    placetopay: '',
    netzme: '',
    control: '',
  };

  private constructor(options: GatewaySimulatorOptions) {
    const accounts = resolveAccounts(options.accounts ?? {});
    this.allowNonLoopback = options.allowNonLoopback === true;
    this.initialSettings = this.patched(DEFAULT_SETTINGS, options.settings ?? {});
    this.currentSettings = this.initialSettings;
    this.clock = new SimulatorClock(options.clock);
    const capacity = requireCapacity(options.journalCapacity ?? 1000);
    this.journal = new Journal(capacity);
    const masker = new Masker(secretsOf(accounts));
    const now = () => this.clock.now();
    const alignet = new AlignetGateway({
      accounts: accounts.alignet,
      settings: () => this.currentSettings.alignet,
      now,
      ownUrls: () => [this.urls.alignet, this.urls.alignet.replace(LOOPBACK, 'localhost')],
      onChargeResult: (id) => this.notify('alignet', 'notification', { transaction: { transaction_id: id } }),
    });
    const placetopay = new PlacetopayGateway({
      accounts: accounts.placetopay,
      settings: () => this.currentSettings.placetopay,
      now,
      url: () => this.urls.placetopay,
      onSessionEnd: (requestId) => this.notify('placetopay', 'checkout', { requestId }),
      onLinkPaid: (linkId, url) => {
        if (!isTarget(url, this.allowNonLoopback)) return;
        void this.webhooks.send({ gateway: 'placetopay', scheme: 'payment-link', url, data: { linkId } });
      },
    });
    const netzme = new NetzmeGateway({
      accounts: accounts.netzme,
      settings: () => this.currentSettings.netzme,
      now,
    });
    this.faults = new FaultPlan({
      alignet: alignet.operations,
      placetopay: placetopay.operations,
      netzme: netzme.operations,
    });
    [this.alignet, this.placetopay, this.netzme] = [alignet, placetopay, netzme];
    this.webhooks = new Webhooks({
      books: webhookBooks({ accounts, alignet, placetopay, settings: () => this.currentSettings }),
      keys: this.keys,
      now,
      timeoutMs: () => this.currentSettings.webhookTimeoutMs,
      masker,
      allowNonLoopback: this.allowNonLoopback,
      stopping: this.stopping.signal,
      capacity,
    });
    // Every delayed request listens to it, and there may be any number of them.
    setMaxListeners(0, this.stopping.signal);
    const parts = {
      clock: this.clock,
      faults: this.faults,
      journal: this.journal,
      masker,
      settings: () => this.currentSettings,
      stopping: this.stopping.signal,
    };
    const server = (gateway: Gateway) => new GatewayServer(gateway, parts);
    this.servers = {
      alignet: server(alignet),
      placetopay: server(placetopay),
      netzme: server(netzme),
    };
  }

  /**
   * Starts all servers, or none.
   * @throws {SimulatorStartError} when a port cannot be had.
   * @throws {SimulatorInputError} for options that cannot be used.
   */
  static async start(options: GatewaySimulatorOptions = {}): Promise<GatewaySimulator> {
    const host = options.host ?? LOOPBACK;
    if (!isLoopbackHost(host) && options.allowNonLoopback !== true) {
      throw new SimulatorInputError('host', `${host} is not a loopback address; set allowNonLoopback to use it anyway`);
    }
    const simulator = new GatewaySimulator(options);
    try {
      await simulator.listen(host, options.ports ?? {});
    } catch (error) {
      await simulator.stop();
      throw error;
    }
    return simulator;
  }

  get urls(): SimulatorUrls {
    return { ...this.listening };
  }

  settings(): SimulatorSettings {
    return this.currentSettings;
  }

  /** Changes some settings; either all of the patch applies or none. @throws {SimulatorInputError} */
  updateSettings(patch: DeepPartial<SimulatorSettings>): void {
    this.currentSettings = this.patched(this.currentSettings, patch);
  }

  /** What to verify the webhooks of Alignet and Netzme (SNAP, second version) with. Lasts until the simulator stops. */
  async publicKeys(): Promise<SimulatorPublicKeys> {
    const [alignet, netzme] = await Promise.all([this.keys.publicPem('alignet'), this.keys.publicPem('netzme')]);
    return { alignet, netzme };
  }

  counters(): SimulatorCounters {
    const { alignet, placetopay, netzme } = this.servers;
    return {
      alignet: alignet.counters() as SimulatorCounters['alignet'],
      placetopay: placetopay.counters() as SimulatorCounters['placetopay'],
      netzme: netzme.counters() as SimulatorCounters['netzme'],
    };
  }

  /** Back to the state after start: settings, clock, faults, journal, counters, tokens, nonces, sessions, links, sent webhooks. Keys stay. */
  reset(): void {
    this.currentSettings = this.initialSettings;
    this.clock.reset();
    this.faults.clear();
    this.journal.clear();
    this.webhooks.reset();
    Object.values(this.servers).forEach((server) => server.reset());
  }

  /** Frees all ports and ends every connection, delayed requests included. May be called again. */
  stop(): Promise<void> {
    this.stopping.abort();
    this.stopped ??= Promise.all(this.listeners.map((listener) => listener.close())).then(() => undefined);
    return this.stopped;
  }

  private patched(current: SimulatorSettings, patch: DeepPartial<SimulatorSettings>): SimulatorSettings {
    const next = patchSettings(current, patch);
    for (const gateway of ['alignet', 'placetopay'] as const) {
      const url = next[gateway].notificationUrl;
      if (url !== null) requireTarget(url, this.allowNonLoopback, `${gateway}.notificationUrl`);
    }
    return next;
  }

  /** Tells the merchant of something that just happened, if a setting says where. `webhooks.sent()` shows what came of it. */
  private notify(gateway: 'alignet' | 'placetopay', scheme: string, data: JsonObject): void {
    const url = this.currentSettings[gateway].notificationUrl;
    if (url !== null) void this.webhooks.send({ gateway, scheme, url, data });
  }

  private async listen(host: string, ports: NonNullable<GatewaySimulatorOptions['ports']>): Promise<void> {
    const bodyLimit = () => this.currentSettings.bodyLimitBytes;
    for (const [name, server] of Object.entries(this.servers)) {
      const listener = new HttpListener(
        name,
        (...request) => server.serve(...request),
        bodyLimit,
        (request) => server.refuseUnparsed(request),
      );
      this.listeners.push(listener);
      this.listening[name as GatewayName] = await listener.listen(host, ports[name as GatewayName] ?? 0);
    }
    const control = new ControlServer(this);
    const listener = new HttpListener('control', (...request) => control.serve(...request), bodyLimit);
    this.listeners.push(listener);
    this.listening.control = await listener.listen(isLoopbackHost(host) ? host : LOOPBACK, ports.control ?? 0);
  }
}

function secretsOf(accounts: SimulatorAccounts): string[] {
  const pair = (id: string, secret: string) => [secret, Buffer.from(`${id}:${secret}`).toString('base64')];
  return [
    ...accounts.alignet.flatMap(({ clientId, clientSecret }) => pair(clientId, clientSecret)),
    ...accounts.alignet.map(({ password }) => password ?? ''),
    ...accounts.placetopay.flatMap(({ login, secretKey }) => pair(login, secretKey)),
    ...accounts.netzme.flatMap(({ clientId, clientSecret }) => pair(clientId, clientSecret)),
    ...accounts.netzme.map(({ callbackToken }) => callbackToken ?? ''),
    ...accounts.placetopay.flatMap(({ onboarding, scudoKey, msvSecretToken, autopayContract }) => [
      onboarding?.signingSecret ?? '',
      scudoKey ?? '',
      msvSecretToken ?? '',
      ...(autopayContract ? pair(autopayContract.user, autopayContract.password) : []),
    ]),
  ];
}

function requireCapacity(capacity: number): number {
  if (Number.isInteger(capacity) && capacity > 0) return capacity;
  throw new SimulatorInputError('journalCapacity', 'must be a whole number above 0');
}
