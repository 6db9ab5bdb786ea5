import { HttpException } from '@nestjs/common';
import { SignatureVerificationError } from '../core/errors';

/**
 * What a sender gets that we do not believe: the status and the reason, nothing that would help to do better.
 *
 * @returns the error itself when it is no refusal
 */
export function refuseWith(error: unknown): unknown {
  if (!(error instanceof SignatureVerificationError)) return error;
  const { httpStatus, code, reason } = error;
  const body = { statusCode: httpStatus, code, reason, message: 'The notification was not accepted.' };
  return new HttpException(body, httpStatus, { cause: error });
}
