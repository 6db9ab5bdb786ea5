import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';

/** Where this process can be reached from this machine. */
@Injectable()
export class OwnAddress {
  constructor(private readonly adapter: HttpAdapterHost) {}

  get url(): string {
    const bound = (this.adapter.httpAdapter.getHttpServer() as Server).address();
    if (bound === null || typeof bound === 'string') throw new Error('The demo does not listen on a port.');
    const { address, port } = bound;
    if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
    if (address === '::') return `http://[::1]:${port}`;
    return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  }
}
