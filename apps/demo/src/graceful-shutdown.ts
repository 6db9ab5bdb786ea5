import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';

/** Requests in flight get this long for their answers; then their connections are cut. */
const LIMIT_MS = 1_000;
const SWEEP_MS = 20;

/** Lets requests in flight have their answers before the application ends, and never hangs on those that get none. */
@Injectable()
export class GracefulShutdown implements BeforeApplicationShutdown {
  constructor(private readonly adapter: HttpAdapterHost) {}

  async beforeApplicationShutdown(): Promise<void> {
    const server = this.adapter.httpAdapter.getHttpServer() as Server;
    if (!server.listening) return;
    let timer: NodeJS.Timeout | undefined;
    // Takes no new connection and closes the idle ones.
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LIMIT_MS)));
    // A connection whose last request has been answered becomes idle later, and nobody tells.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    await Promise.race([closed, limit]);
    clearInterval(sweep);
    clearTimeout(timer);
    server.closeAllConnections();
  }
}
