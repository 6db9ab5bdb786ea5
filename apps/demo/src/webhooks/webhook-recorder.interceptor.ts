import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { verifiedNotificationOf } from 'nestjs-payment-auth';
import { type Observable, tap } from 'rxjs';
import { type AnyNotification, signedFacts } from './signed-facts';
import { WebhookLog } from './webhook-log';

/** Sees every copy of a verified webhook: the handler runs for the first one only. */
@Injectable()
export class WebhookRecorder implements NestInterceptor {
  constructor(private readonly log: WebhookLog) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    // Our routes have no other schemes than those of the library.
    const event = verifiedNotificationOf(context) as AnyNotification;
    return next.handle().pipe(tap(() => this.log.answered(event, signedFacts(event))));
  }
}
