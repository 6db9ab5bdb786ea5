import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { REDIS, requireBinary } from '../support/needed-program';
import { settled } from '../support/wait';

const START_LIMIT_MS = 10_000;
const PORTS_TO_TRY = 5;

/** A real Redis of our own on a free loopback port, which a test may kill, freeze and restart. Keeps nothing on disk. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly binary: string,
    readonly port: number,
  ) {}

  /** @throws one sentence that says what to do when there is no Redis on this machine. */
  static async start(): Promise<RedisServer> {
    const binary = requireBinary(REDIS);
    for (let attempt = 1; ; attempt += 1) {
      const server = new RedisServer(binary, await freePort());
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

  /** Starts it on its port, if it does not run. What it knew is lost. */
  async restart(): Promise<void> {
    if (this.child !== undefined) return;
    this.child = launch(this.binary, this.port);
    await settled('Redis accepts connections', readiness(this.child));
  }

  /** SIGKILL: connections break, everything is forgotten. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** SIGSTOP: connections stay open and nobody answers. */
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

/** A store for tests that do nothing to it: the one of `REDIS_URL`, else one of our own. */
export async function openStore(): Promise<Pick<RedisServer, 'url' | 'stop'>> {
  const url = process.env['REDIS_URL'];
  return url === undefined || url === '' ? RedisServer.start() : { url, stop: () => Promise.resolve() };
}

class RedisEndedError extends Error {}

function launch(binary: string, port: number): ChildProcess {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
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
