import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { type Response } from 'express';
import { STATUS_CODES } from 'node:http';

/**
 * Bodies that cannot be read: too large, cut off, wrongly encoded. Nest would log each of them with a stack, and strangers can
 * send any number. Declared before other filters, because it sees everything.
 */
@Catch()
export class UnreadableBodyFilter extends BaseExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const statusCode = bodyErrorStatus(error);
    if (statusCode === undefined) return super.catch(error, host);
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(statusCode)
      .json({ statusCode, message: STATUS_CODES[statusCode] ?? 'Bad Request' });
  }
}

/** Express's body parsers mark theirs by a `type` like `entity.too.large`. */
export function bodyErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('expose' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
