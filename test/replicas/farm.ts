import { SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { Peer } from './rpc';
import { type ReplicaHandlers } from './replica-process';
import { type SimulatorHandlers } from './simulator-process';
import { RedisServer } from './redis-server';

export type Replica = Peer<ReplicaHandlers>;
export type Simulator = Peer<SimulatorHandlers>;

const [{ clientId, clientSecret, userId }] = SANDBOX_ACCOUNTS.netzme;
/** Who all replicas are to the gateway. */
export const CLIENT = { clientId, clientSecret, userId };
/** The simulator's secrets are too short to derive keys from. */
export const ENCRYPTION_KEYS = [{ id: 'test', key: Buffer.alloc(32, 'test').toString('base64') }];

/** Every process of a run: starts them, lends them out again and again, and ends them all. */
export class Farm {
  private readonly peers: { kill(): Promise<void> }[] = [];
  private readonly servers: RedisServer[] = [];
  private readonly idle: Replica[] = [];

  /**
   * Starts so many replica processes ahead of time and lets each make some calls, two at a time: a scenario is no measure of
   * how fast Node starts and compiles on a busy machine.
   */
  async prepare(count: number): Promise<void> {
    const fresh = Array.from({ length: count - this.idle.length }, () =>
      this.kept(new Peer<ReplicaHandlers>('replica-process.ts')),
    );
    const simulator = this.simulator();
    const baseUrl = await simulator.call('url');
    const waiting = [...fresh];
    const rehearse = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await next.call('open', { ...CLIENT, baseUrl, timeoutMs: 10_000, replicas: 1, tokenSharing: undefined });
        await next.call('burst', { count: 40, concurrency: 10 });
        await next.call('stop');
        await next.call('close');
        this.release(next);
      }
    };
    await Promise.all([rehearse(), rehearse()]);
    await simulator.kill();
  }

  /** A replica's process, with the library loaded and no application open. */
  replica(): Replica {
    return this.idle.pop() ?? this.kept(new Peer<ReplicaHandlers>('replica-process.ts'));
  }

  /** Hands back one that has no application open and was not killed. */
  release(replica: Replica): void {
    this.idle.push(replica);
  }

  simulator(): Simulator {
    return this.kept(new Peer<SimulatorHandlers>('simulator-process.ts'));
  }

  async redis(): Promise<RedisServer> {
    const server = await RedisServer.start();
    this.servers.push(server);
    return server;
  }

  /** Ends everything, whatever state it is in. */
  async end(): Promise<void> {
    await Promise.all([...this.peers.map((peer) => peer.kill()), ...this.servers.map((server) => server.stop())]);
  }

  private kept<T extends { kill(): Promise<void> }>(peer: T): T {
    this.peers.push(peer);
    return peer;
  }
}
