import { All, Inject, Optional, type RawBodyRequest, Req, Res } from '@nestjs/common';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type Request, type Response } from 'express';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { CONSOLE_API, ConsoleController } from '../access/console-controller';
import { ConsoleRefusal } from '../access/console-problem';

const PATH = new RegExp(`^/${CONSOLE_API}/simulator`, 'i');
const LIMIT_MS = 90_000;

/** The control address of the embedded simulator, for the page: it may speak to nobody but us. */
@ConsoleController('simulator')
export class SimulatorController {
  constructor(@Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined) {}

  @All(['', '*path'])
  async forward(@Req() request: RawBodyRequest<Request>, @Res() response: Response): Promise<void> {
    if (this.simulator === undefined) {
      throw new ConsoleRefusal(404, 'no-simulator', 'There is no simulator here: it runs with PAYMENT_ENV=sandbox.');
    }
    const target = `${this.simulator.urls.control}/${request.originalUrl.replace(PATH, '').replace(/^\//, '')}`;
    const answer = await this.ask(target, request);
    const text = await answer.text();
    response.status(answer.status).set('Cache-Control', 'no-store').type('application/json').send(text);
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
