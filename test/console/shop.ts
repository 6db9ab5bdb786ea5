import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A shop's own site: one empty page under a policy as strict as the console's, and what its payment pages return to. */
export class Shop {
  /** What the browser asked of it, payment pages' returns included. */
  readonly visits: string[] = [];
  private readonly server: Server;

  private constructor(flexOrigin: string) {
    const policy = [
      "default-src 'none'",
      `script-src 'self' ${flexOrigin}`,
      `style-src 'self' ${flexOrigin}`,
      `connect-src 'self' ${flexOrigin}`,
      'img-src data:',
    ].join('; ');
    this.server = createServer((request, response) => {
      this.visits.push(`${request.method} ${request.url}`);
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'X-Content-Type-Options': 'nosniff',
      });
      response.end(page(flexOrigin));
    });
  }

  static async open(flexOrigin: string): Promise<Shop> {
    const shop = new Shop(flexOrigin);
    await new Promise<void>((resolve) => shop.server.listen(0, '127.0.0.1', resolve));
    return shop;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function page(flexOrigin: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><link rel="stylesheet" href="${flexOrigin}/main-flex-payment-forms.css">
<script src="${flexOrigin}/flex-payment-forms.min.js"></script></head><body><main><h1>Shop</h1><div id="flex"></div></main></body></html>`;
}
