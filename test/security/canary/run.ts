import { type INestApplicationContext } from '@nestjs/common';
import { GatewaySimulator, type SimulatorPublicKeys, type SimulatorUrls } from '@payment-auth/gateway-simulator';
import { Demo, type DemoStart, HOUR } from '../../e2e/demo-app';
import { CANARIES, CANARY_ACCOUNTS, CLIENT_ID } from './canaries';
import { type Stage } from './drive-demo';
import { openLibrary } from './drive-library';
import { EchoGateway } from './echo-gateway';
import { EchoRedis } from './echo-redis';
import { Haul } from './haul';
import { canaryEnvironment, canaryOptions } from './options';
import { SecretSearch } from './secret-search';
import { type Credential, credentialsIn, credentialsInText, WireTap } from './wire-tap';
import { MovedClock } from '../../support/manual-clock';

type Urls = Pick<SimulatorUrls, 'alignet' | 'placetopay' | 'netzme'>;

/** Nothing shorter is told from chance: faults have tokens such as "x". In characters. */
const SHORTEST_CREDENTIAL = 12;

/** Nobody listens there. */
const NO_PORT = 1;

/** A simulator that knows the canaries, taps on every wire to it, and all that starts, lets something out and has to be stopped. */
export class CanaryRun {
  readonly haul = new Haul();
  /** Proofs that were on no tapped wire. */
  readonly seen: Credential[] = [];
  private readonly taps: WireTap[] = [];
  private readonly stops: (() => Promise<unknown>)[] = [];
  readonly clock = new MovedClock();
  private stage: { simulator: GatewaySimulator; urls: Urls; keys: SimulatorPublicKeys } | undefined;

  async start(): Promise<void> {
    const simulator = await GatewaySimulator.start({ accounts: CANARY_ACCOUNTS, journalCapacity: 10_000 });
    this.stopAtEnd(() => simulator.stop());
    const { alignet, placetopay, netzme } = simulator.urls;
    const urls = {
      alignet: (await this.tap(alignet)).url,
      placetopay: (await this.tap(placetopay)).url,
      netzme: (await this.tap(netzme)).url,
    };
    simulator.updateSettings({ alignet: { publicUrls: [urls.alignet] } });
    this.stage = { simulator, urls, keys: await simulator.publicKeys() };
  }

  stopAtEnd(stop: () => Promise<unknown>): void {
    this.stops.push(stop);
  }

  async stop(): Promise<void> {
    for (let stop = this.stops.pop(); stop !== undefined; stop = this.stops.pop()) await stop();
  }

  get simulator(): GatewaySimulator {
    return this.started.simulator;
  }

  /** The demo, listening, with a tap before it too. */
  async startDemo(start: DemoStart = {}, urls = this.started.urls): Promise<Stage & { readonly front: WireTap }> {
    const { simulator, clock, haul } = this;
    const front = await this.tap();
    const { REDIS_URL: _, ...environment } = this.environment(NO_PORT, urls);
    const demo = await Demo.start({
      simulator,
      clock,
      isShared: true,
      ...start,
      environment: { ...environment, PLACETOPAY_SCUDO_NOTIFICATION_URL: `${front.url}/webhooks/placetopay/scudo` },
    });
    this.stopAtEnd(() => demo.app.close());
    front.target = demo.url;
    return { haul, simulator, url: demo.url, front, endTokens: () => this.endTokens() };
  }

  environment(redisPort: number, urls = this.started.urls): Record<string, string> {
    return canaryEnvironment(urls, this.started.keys, redisPort);
  }

  async startLibrary(redisPort = NO_PORT, urls = this.started.urls): Promise<INestApplicationContext> {
    const app = await openLibrary(this.haul, this.options(redisPort, urls), this.clock);
    this.stopAtEnd(() => app.close());
    return app;
  }

  options(redisPort = NO_PORT, urls = this.started.urls): ReturnType<typeof canaryOptions> {
    return canaryOptions(urls, this.started.keys, redisPort);
  }

  async startEchoRedis(): Promise<EchoRedis> {
    const redis = await EchoRedis.start();
    this.stopAtEnd(() => redis.stop());
    return redis;
  }

  async startEchoGateway(): Promise<{ readonly gateway: EchoGateway; readonly urls: Urls }> {
    const gateway = await EchoGateway.start();
    this.stopAtEnd(() => gateway.stop());
    const { url } = gateway;
    return { gateway, urls: { alignet: url, placetopay: url, netzme: url } };
  }

  /** Makes everybody want new tokens, and forget that there were none. */
  endTokens(): void {
    this.simulator.alignet.revokeTokens();
    if (this.simulator.counters().netzme.tokensIssued > 0) this.simulator.netzme.expireToken(CLIENT_ID);
    this.clock.elapsedMs += HOUR;
  }

  /** Every canary, and every credential that was on a wire. */
  secrets(): SecretSearch {
    const search = new SecretSearch();
    for (const [name, secret] of CANARIES) search.add(name, secret);
    const onWires = [
      ...this.taps.flatMap((tap) => tap.requests().flatMap(credentialsIn)),
      ...this.taps.flatMap((tap) => tap.answers().flatMap(credentialsInText)),
      ...this.seen,
    ];
    for (const { kind, text } of onWires) if (text.length >= SHORTEST_CREDENTIAL) search.add(kind, text);
    return search;
  }

  private async tap(target?: string): Promise<WireTap> {
    const made = await WireTap.start(target);
    this.taps.push(made);
    this.stopAtEnd(() => made.stop());
    return made;
  }

  private get started() {
    if (this.stage === undefined) throw new Error('not started');
    return this.stage;
  }
}
