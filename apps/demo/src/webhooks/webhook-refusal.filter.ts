import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { SignatureVerificationError } from 'nestjs-payment-auth';
import { WebhookLog } from './webhook-log';
import { WEBHOOK_ROUTES, type WebhookRoute } from './webhook-route';

/** What a sender gets that is not believed. */
interface RefusalBody {
  readonly statusCode: number;
  readonly code: string;
  readonly reason: string;
  readonly message: string;
}

/** Keeps the verdict and answers with the status and the reason, and nothing that would help to do better. */
@Catch(HttpException, SignatureVerificationError)
export class WebhookRefusalFilter implements ExceptionFilter {
  constructor(
    private readonly log: WebhookLog,
    @Inject(WEBHOOK_ROUTES) private readonly routes: readonly WebhookRoute[],
  ) {}

  catch(error: HttpException | SignatureVerificationError, host: ArgumentsHost): void {
    const body = error instanceof HttpException ? (error.getResponse() as Partial<RefusalBody>) : bodyOf(error);
    const status = error instanceof HttpException ? error.getStatus() : error.httpStatus;
    const http = host.switchToHttp();
    const { path } = http.getRequest<Request>().route as { readonly path: string };
    const source = this.routes.find((route) => route.path === path);
    if (source !== undefined) this.log.notAccepted(source, status, body.reason ?? 'error');
    // Some handlers have set another type for their answers.
    http.getResponse<Response>().status(status).type('json').json(body);
  }
}

/** As the library's guard words it. */
function bodyOf({ httpStatus, code, reason }: SignatureVerificationError): RefusalBody {
  return { statusCode: httpStatus, code, reason, message: 'The notification was not accepted.' };
}
