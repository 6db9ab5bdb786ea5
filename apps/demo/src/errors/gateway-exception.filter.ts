import { type ArgumentsHost, Catch, type ExceptionFilter, HttpStatus, Logger } from '@nestjs/common';
import { type AxiosError, isAxiosError } from 'axios';
import { type Response } from 'express';
import { decodePlacetopayFailure, PaymentAuthConfigError, PaymentAuthError } from 'nestjs-payment-auth';
import { type ErrorBody } from './error-body.dto';

/** A gateway answered HTTP 200 and said no in the body. */
export class GatewayBusinessError extends Error {
  constructor(
    readonly gateway: string,
    readonly gatewayCode: string,
    gatewayMessage: string,
  ) {
    super(gatewayMessage);
  }
}

/**
 * Failures of a gateway as HTTP: 502 where the gateway refused us, 504 where it did not answer in time, 503 where it is
 * not configured; 404 and 422 where it refused what the caller asked for.
 */
@Catch(PaymentAuthError, GatewayBusinessError)
export class GatewayExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Gateway');

  catch(error: PaymentAuthError | GatewayBusinessError, host: ArgumentsHost): void {
    const body = error instanceof PaymentAuthError ? bodyOf(error) : businessBody(error);
    if (body.statusCode >= 500) this.logger.warn({ ...body }, `${body.code}: ${body.message}`);
    host.switchToHttp().getResponse<Response>().status(body.statusCode).json(body);
  }
}

function bodyOf(error: PaymentAuthError): ErrorBody {
  const { code, message, gateway, hint, retryable, exchange } = error;
  return {
    statusCode: statusOf(error),
    code,
    message,
    ...(gateway !== undefined && { gateway }),
    ...(hint !== undefined && { hint }),
    retryable,
    ...(exchange !== undefined && { exchange }),
  };
}

function statusOf(error: PaymentAuthError): number {
  if (error instanceof PaymentAuthConfigError) return HttpStatus.SERVICE_UNAVAILABLE;
  if (error.code === 'ERR_GATEWAY_TIMEOUT') return HttpStatus.GATEWAY_TIMEOUT;
  if (error.code === 'ERR_PLACETOPAY_REQUEST') return requestRefusalStatus(error.exchange?.status);
  return HttpStatus.BAD_GATEWAY;
}

function requestRefusalStatus(gatewayStatus = 0): number {
  if (gatewayStatus === 404) return HttpStatus.NOT_FOUND;
  return gatewayStatus >= 400 && gatewayStatus < 500 ? HttpStatus.UNPROCESSABLE_ENTITY : HttpStatus.BAD_GATEWAY;
}

function businessBody({ gateway, gatewayCode, message }: GatewayBusinessError): ErrorBody {
  return {
    statusCode: HttpStatus.UNPROCESSABLE_ENTITY,
    code: 'ERR_GATEWAY_BUSINESS',
    message: `${gateway} refused the request (code ${gatewayCode}): ${message}`,
    gateway,
    retryable: false,
  };
}

/** Failures that the library hands on as axios errors, made into ours. Only what stands here leaves the process. */
export function fromAxiosError(gateway: 'placetopay' | 'netzme', error: unknown): unknown {
  if (!isAxiosError(error)) return error;
  const { method = 'get', url = '', baseURL } = error.config ?? {};
  const target = URL.canParse(url, baseURL) ? new URL(url, baseURL) : undefined;
  const exchange = {
    method: method.toUpperCase(),
    ...(target && { host: target.host, path: target.pathname }),
    ...(error.response && { status: error.response.status }),
  };
  if (gateway === 'placetopay' && error.response !== undefined) {
    const { status: httpStatus, data } = (error as AxiosError<unknown>).response as { status: number; data: unknown };
    const failure = decodePlacetopayFailure({ httpStatus, body: data, ...exchange });
    if (failure !== undefined) return failure;
  }
  const isTimeout = error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT';
  const where = `${exchange.method} ${target?.host ?? ''}${target?.pathname ?? ''}`;
  const what = error.response
    ? `answered HTTP ${error.response.status} to`
    : isTimeout
      ? 'did not answer in time:'
      : 'could not be reached:';
  return new PaymentAuthError(`${gateway} ${what} ${where}.`, {
    code: isTimeout ? 'ERR_GATEWAY_TIMEOUT' : 'ERR_GATEWAY_UNREACHABLE',
    gateway,
    retryable: error.response === undefined || error.response.status >= 500,
    exchange,
  });
}
