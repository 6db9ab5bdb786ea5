import { createServer, type Server } from 'node:net';

const COMMAND = /\*\d+\r\n((?:\$\d+\r\n[^\r]*\r\n)+)/g;

/**
 * A Redis that knows no command and repeats it, as Redis before version 6, and proxies for it, do with `HELLO ... AUTH
 * <password>`.
 */
export class EchoRedis {
  /** Commands it was sent. */
  readonly commands: string[] = [];
  private readonly server: Server = createServer((socket) => {
    let pending = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => {
      pending += text;
      for (const [, parts = ''] of pending.matchAll(COMMAND)) {
        const [command = '', ...args] = parts.split('\r\n').filter((_part, index) => index % 2 === 1);
        this.commands.push(command);
        socket.write(
          `-ERR unknown command '${command}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}\r\n`,
        );
      }
      pending = pending.replace(COMMAND, '');
    });
  });

  static async start(): Promise<EchoRedis> {
    const redis = new EchoRedis();
    await new Promise<void>((resolve) => redis.server.listen(0, '127.0.0.1', resolve));
    return redis;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  /** Its clients have gone by then. */
  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
