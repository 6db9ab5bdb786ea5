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
import { isLoopbackHost } from './core/loopback';
import { Masker } from './core/masking';
import { NetzmeGateway } from './netzme/netzme-gateway';
import { PlacetopayGateway } from './placetopay/placetopay-gateway';
import { type DeepPartial, DEFAULT_SETTINGS, type SimulatorSettings } from './settings';
import { patchSettings } from './settings-patch';

export interface GatewaySimulatorOptions {
  /** Address the gateways listen on. Anything but loopback needs `allowNonLoopback`. @default '127.0.0.1' */
  readonly host?: string;
  /** Let `host` be an address other machines reach. The control server stays on loopback. @default false */
  readonly allowNonLoopback?: boolean;
  /** 0 picks a free port. @default 0 for each */
  readonly ports?: Partial<Record<keyof SimulatorUrls, number>>;
  readonly settings?: DeepPartial<SimulatorSettings>;
  /** Accounts per gateway; a list given here replaces the sandbox accounts of that gateway. */
  readonly accounts?: Partial<SimulatorAccounts>;
  /** Base wall clock, epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
  /** Requests the journal keeps. @default 1000 */
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
  readonly alignet: Readonly<Record<'token' | 'nonce' | 'charge' | 'redeem' | 'other' | 'tokensIssued', number>>;
  readonly placetopay: Readonly<
    Record<
      | 'createSession'
      | 'querySession'
      | 'cancelSession'
      | 'createLink'
      | 'queryLink'
      | 'disableLink'
      | 'page'
      | 'other',
      number
    >
  >;
  readonly netzme: Readonly<Record<'token' | 'business' | 'tokensIssued', number>>;
}

/** What a test may do to the simulated Alignet besides sending requests. */
export type AlignetControls = Pick<AlignetGateway, 'revokeTokens' | 'setChargeState' | 'approveCharge' | 'describe'>;
/** What a test may do to the simulated Placetopay besides sending requests. */
export type PlacetopayControls = Pick<PlacetopayGateway, 'setSiteState' | 'setSessionOutcome' | 'describe'>;
/** What a test may do to the simulated Netzme besides sending requests. */
export type NetzmeControls = Pick<NetzmeGateway, 'expireToken' | 'stealToken' | 'describe'>;

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
    this.initialSettings = patchSettings(DEFAULT_SETTINGS, options.settings ?? {});
    this.currentSettings = this.initialSettings;
    this.clock = new SimulatorClock(options.clock);
    this.journal = new Journal(requireCapacity(options.journalCapacity ?? 1000));
    const now = () => this.clock.now();
    const alignet = new AlignetGateway({
      accounts: accounts.alignet,
      settings: () => this.currentSettings.alignet,
      now,
      ownUrls: () => [this.urls.alignet, this.urls.alignet.replace(LOOPBACK, 'localhost')],
    });
    const placetopay = new PlacetopayGateway({
      accounts: accounts.placetopay,
      settings: () => this.currentSettings.placetopay,
      now,
      url: () => this.urls.placetopay,
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
    // Every delayed request listens to it, and there may be any number of them.
    setMaxListeners(0, this.stopping.signal);
    const parts = {
      clock: this.clock,
      faults: this.faults,
      journal: this.journal,
      masker: new Masker(secretsOf(accounts)),
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
    this.currentSettings = patchSettings(this.currentSettings, patch);
  }

  counters(): SimulatorCounters {
    const { alignet, placetopay, netzme } = this.servers;
    return {
      alignet: alignet.counters() as SimulatorCounters['alignet'],
      placetopay: placetopay.counters() as SimulatorCounters['placetopay'],
      netzme: netzme.counters() as SimulatorCounters['netzme'],
    };
  }

  /** Back to the state after start: settings, clock, faults, journal, counters, tokens, nonces, sessions, links. */
  reset(): void {
    this.currentSettings = this.initialSettings;
    this.clock.reset();
    this.faults.clear();
    this.journal.clear();
    Object.values(this.servers).forEach((server) => server.reset());
  }

  /** Frees all ports and ends every connection, delayed requests included. May be called again. */
  stop(): Promise<void> {
    this.stopping.abort();
    this.stopped ??= Promise.all(this.listeners.map((listener) => listener.close())).then(() => undefined);
    return this.stopped;
  }

  private async listen(host: string, ports: NonNullable<GatewaySimulatorOptions['ports']>): Promise<void> {
    const bodyLimit = () => this.currentSettings.bodyLimitBytes;
    for (const [name, server] of Object.entries(this.servers)) {
      const listener = new HttpListener(name, (...request) => server.serve(...request), bodyLimit);
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
  ];
}

function requireCapacity(capacity: number): number {
  if (Number.isInteger(capacity) && capacity > 0) return capacity;
  throw new SimulatorInputError('journalCapacity', 'must be a whole number above 0');
}
