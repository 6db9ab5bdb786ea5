import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { REDIS, requireBinary } from '../support/needed-program';
import { settled } from '../support/wait';
import { createClient } from '@redis/client';

const PORTS_TO_TRY = 5;
/** Where `npm test` has its one server (`test/support/start-one-redis.ts`). Elsewhere every test has a server of its own. */
export const SHARED_PORT = 'TEST_REDIS_PORT';
const SHARED_DATABASES = 1_000;
const DATABASES_PER_FILE = 10;

/** A real Redis on a free loopback port, which a test may kill, freeze and restart, and whose keys are that test's alone. */
export abstract class RedisServer {
  abstract readonly url: string;
  abstract readonly port: number;
  /** Lets clients in again, if it is killed. What it knew is lost. */
  abstract restart(): Promise<void>;
  /** Connections break, nobody can connect, everything is forgotten. */
  abstract kill(): Promise<void>;
  /** Connections stay open, new ones are accepted, and nobody answers. */
  abstract freeze(): void;
  abstract thaw(): void;
  abstract stop(): Promise<void>;

  /** @throws one sentence that says what to do when there is no Redis on this machine. */
  static start(): Promise<RedisServer> {
    const port = process.env[SHARED_PORT];
    return port === undefined ? RedisProcess.start() : SharedRedis.open(Number(port));
  }
}

/** A process of its own: what happens to it, happens to a real server. Keeps nothing on disk. */
export class RedisProcess extends RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly binary: string,
    readonly port: number,
  ) {
    super();
  }

  static override async start(): Promise<RedisProcess> {
    const binary = requireBinary(REDIS);
    for (let attempt = 1; ; attempt += 1) {
      const server = new RedisProcess(binary, await freePort());
      try {
        await server.restart();
        return server;
      } catch (error) {
        await server.stop();
        // Somebody else may have taken the port between our look and our start.
        if (!(error instanceof RedisEndedError) || attempt === PORTS_TO_TRY) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    if (this.child !== undefined) return;
    this.child = launch(this.binary, this.port);
    await settled('Redis accepts connections', readiness(this.child));
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  stop(): Promise<void> {
    return this.kill();
  }
}

/** A database of the one server, behind a port of its own: to a client, what happens to the port happens to Redis. */
class SharedRedis extends RedisServer {
  private static opened = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => (this.isAlive ? this.serve(client) : client.resetAndDestroy()));
  private isAlive = true;
  private isFrozen = false;

  private constructor(
    private readonly target: number,
    private readonly database: number,
  ) {
    super();
  }

  static async open(target: number): Promise<SharedRedis> {
    const worker = Number(process.env['JEST_WORKER_ID'] ?? 1);
    const database = (worker % (SHARED_DATABASES / DATABASES_PER_FILE)) * DATABASES_PER_FILE + SharedRedis.opened;
    SharedRedis.opened = (SharedRedis.opened + 1) % DATABASES_PER_FILE;
    const redis = new SharedRedis(target, database);
    await redis.forget();
    await new Promise<void>((resolve, reject) => {
      redis.server.once('error', reject);
      redis.server.listen(0, '127.0.0.1', resolve);
    });
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/${this.database}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  restart(): Promise<void> {
    this.isAlive = true;
    this.isFrozen = false;
    return Promise.resolve();
  }

  /** Keeps the port, lest somebody else takes it meanwhile: whoever connects is cut off. */
  async kill(): Promise<void> {
    this.isAlive = false;
    this.sockets.forEach((socket) => socket.resetAndDestroy());
    await this.forget();
  }

  freeze(): void {
    this.isFrozen = true;
    this.sockets.forEach((socket) => socket.pause());
  }

  thaw(): void {
    this.isFrozen = false;
    this.sockets.forEach((socket) => socket.resume());
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    await this.kill();
    await closed;
  }

  private serve(client: Socket): void {
    const redis = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [client, redis],
      [redis, client],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => void to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.isFrozen) from.pause();
    }
  }

  private async forget(): Promise<void> {
    const client = createClient({ url: `redis://127.0.0.1:${this.target}/${this.database}` });
    await client.connect();
    await client.flushDb();
    client.destroy();
  }
}

/** A store for tests that do nothing to it: the one of `REDIS_URL`, else one of our own. */
export async function openStore(): Promise<Pick<RedisServer, 'url' | 'stop'>> {
  const url = process.env['REDIS_URL'];
  return url === undefined || url === '' ? RedisServer.start() : { url, stop: () => Promise.resolve() };
}

class RedisEndedError extends Error {}

function launch(binary: string, port: number): ChildProcess {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  options.push('--databases', String(SHARED_DATABASES));
  return spawn(binary, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}

function readiness(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-4096);
      if (/ready to accept connections/i.test(log)) resolve();
    });
    child.once('exit', () => reject(new RedisEndedError(`Redis ended while starting: ${log.trim().slice(-300)}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
