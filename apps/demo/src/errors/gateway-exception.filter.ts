import { type ArgumentsHost, Catch, type ExceptionFilter, HttpStatus, Logger } from '@nestjs/common';
import { type Response } from 'express';
import { PaymentAuthConfigError, PaymentAuthError, PlacetopayError } from 'nestjs-payment-auth';
import { type ErrorBody } from './error-body.dto';
import { GatewayCallError } from './gateway-call';

/**
 * Failures of a gateway as HTTP: 502 where the gateway refused us or answered nonsense, 504 where it did not answer in time,
 * 503 where it is not configured; 404 and 422 where it refused what the caller asked for.
 */
@Catch(PaymentAuthError, GatewayCallError)
export class GatewayExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Gateway');

  catch(error: PaymentAuthError | GatewayCallError, host: ArgumentsHost): void {
    const { code, message, gateway, retryable, exchange } = error;
    const hint = error instanceof PaymentAuthError ? error.hint : undefined;
    const body: ErrorBody = {
      statusCode: statusOf(error),
      code,
      message,
      ...(gateway !== undefined && { gateway }),
      ...(hint !== undefined && { hint }),
      retryable,
      ...(exchange !== undefined && { exchange }),
      ...(error instanceof PlacetopayError && { details: detailsOf(error) }),
    };
    if (body.statusCode >= 500) this.logger.warn({ ...body }, `${code}: ${message}`);
    host.switchToHttp().getResponse<Response>().status(body.statusCode).json(body);
  }
}

function statusOf(error: PaymentAuthError | GatewayCallError): number {
  if (error instanceof PaymentAuthConfigError) return HttpStatus.SERVICE_UNAVAILABLE;
  if (error.code === 'ERR_GATEWAY_TIMEOUT') return HttpStatus.GATEWAY_TIMEOUT;
  if (error.code === 'ERR_GATEWAY_BUSINESS') return HttpStatus.UNPROCESSABLE_ENTITY;
  if (error.code === 'ERR_PLACETOPAY_REQUEST' && !error.retryable) return requestRefusalStatus(error.exchange?.status);
  return HttpStatus.BAD_GATEWAY;
}

function requestRefusalStatus(gatewayStatus: number | undefined): number {
  return gatewayStatus === 404 ? HttpStatus.NOT_FOUND : HttpStatus.UNPROCESSABLE_ENTITY;
}

function detailsOf({ reason, authenticationCode, clockDifferenceSeconds }: PlacetopayError): object {
  return {
    reason,
    ...(authenticationCode !== undefined && { authenticationCode }),
    ...(clockDifferenceSeconds !== undefined && { clockDifferenceSeconds }),
  };
}
