import { type ArgumentsHost, HttpException, Logger } from '@nestjs/common';
import { PaymentAuthError } from 'nestjs-payment-auth';
import { GatewayCallError } from '../../errors/gateway-call';
import { GatewayExceptionFilter } from '../../errors/gateway-exception.filter';
import { type CallRecord } from '../contract';

type Outcome = CallRecord['outcome'];

const logger = new Logger('Console');
const filter = new GatewayExceptionFilter();

/** What the demo's own route would have answered, by the filter it has for failures. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, status: 200, body: await work() };
  } catch (error) {
    return { ok: false, ...failureOf(error) };
  }
}

function failureOf(error: unknown): { status: number; body: unknown } {
  if (error instanceof PaymentAuthError || error instanceof GatewayCallError) {
    const answer = new CaughtAnswer();
    filter.catch(error, answer.host);
    return { status: answer.statusCode, body: answer.body };
  }
  if (error instanceof HttpException) return { status: error.getStatus(), body: error.getResponse() };
  logger.error(error);
  return { status: 500, body: { statusCode: 500, message: 'Internal server error' } };
}

/** Stands where the filter expects the answer to a request. */
class CaughtAnswer {
  statusCode = 500;
  body: unknown;

  // Of a host, the filter asks for the answer alone; the rest belongs to a request that there is none of.
  readonly host = {
    switchToHttp: () => ({ getResponse: () => this }),
  } as unknown as ArgumentsHost;

  status(statusCode: number): this {
    this.statusCode = statusCode;
    return this;
  }

  json(body: unknown): void {
    this.body = body;
  }
}
