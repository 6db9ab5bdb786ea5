import { All, Inject, Optional, type RawBodyRequest, Req, Res } from '@nestjs/common';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type Request, type Response } from 'express';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { CONSOLE_API, ConsoleController } from '../access/console-controller';
import { OwnAddress } from '../../sandbox/own-address';
import { isRouteAt, WEBHOOK_ROUTES, type WebhookRoute } from '../../webhooks/webhook-route';
import { ConsoleRefusal, invalid } from '../access/console-problem';

const PATH = new RegExp(`^/${CONSOLE_API}/simulator`, 'i');
const LIMIT_MS = 90_000;

/** The control address of the embedded simulator, for the page: it may speak to nobody but us. */
@ConsoleController('simulator')
export class SimulatorController {
  constructor(
    private readonly own: OwnAddress,
    @Inject(WEBHOOK_ROUTES) private readonly routes: readonly WebhookRoute[],
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {}

  @All(['', '*path'])
  async forward(@Req() request: RawBodyRequest<Request>, @Res() response: Response): Promise<void> {
    if (this.simulator === undefined) {
      throw new ConsoleRefusal(404, 'no-simulator', 'There is no simulator here: it runs with PAYMENT_ENV=sandbox.');
    }
    this.refuseOtherTargets(request.body);
    const target = `${this.simulator.urls.control}/${request.originalUrl.replace(PATH, '').replace(/^\//, '')}`;
    const answer = await this.ask(target, request);
    const text = await answer.text();
    response.status(answer.status).set('Cache-Control', 'no-store').type('application/json').send(text);
  }

  /** Whatever the path: the simulator posts to any address of this machine, and tells what it was answered. */
  private refuseOtherTargets(body: unknown): void {
    const given = recordOf(body);
    const targets = [
      ['url', given['url']],
      ...['alignet', 'placetopay'].map((gateway) => [
        `${gateway}.notificationUrl`,
        recordOf(given[gateway])['notificationUrl'],
      ]),
    ] as const;
    for (const [field, url] of targets) {
      if (url === undefined || url === null || isRouteAt(url, this.own.url, this.routes)) continue;
      throw invalid(
        String(field),
        `must be the URL of a webhook of this demo, e.g. ${this.own.url}${this.routes[0]?.path ?? ''}`,
      );
    }
  }

  private async ask(target: string, { method, rawBody }: RawBodyRequest<Request>): Promise<globalThis.Response> {
    const isReading = method === 'GET' || method === 'HEAD';
    try {
      return await fetch(target, {
        method,
        ...(!isReading && rawBody !== undefined && { body: new Uint8Array(rawBody) }),
        headers: { 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(LIMIT_MS),
      });
    } catch {
      throw new ConsoleRefusal(503, 'simulator-away', 'The simulator does not answer: it stops when the demo does.');
    }
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
