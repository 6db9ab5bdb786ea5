import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { SignatureVerificationError } from '../core/errors';
import { answersItself, settleAnswer } from './handler-answer';
import { NOTIFICATION_METADATA, type NotificationMetadata, verifiedNotificationOf } from './notification-metadata';
import { refuseWith } from './notification-refusal';
import { NotificationReplays } from './notification-replays';
import { NotificationVerifier } from './notification-verifier';

/** Put in place by `@VerifiedNotification`, behind the guard: only verified notifications are claimed. */
@Injectable()
export class NotificationReplayInterceptor implements NestInterceptor {
  constructor(
    private readonly verifier: NotificationVerifier,
    private readonly replays: NotificationReplays,
    private readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return from(this.handleOnce(context, next));
  }

  private async handleOnce(context: ExecutionContext, next: CallHandler<unknown>): Promise<unknown> {
    const metadata = this.reflector.get<NotificationMetadata>(NOTIFICATION_METADATA, context.getHandler());
    const { gateway, scheme } = metadata;
    const response = context.switchToHttp().getResponse<{ readonly statusCode: number }>();
    let isCopy = true;
    const handle = (): Promise<unknown> => {
      isCopy = false;
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    };
    // A handler that has answered with an error itself has failed like one that throws.
    const hasHandled = (): boolean => response.statusCode < 400;
    try {
      const event = verifiedNotificationOf(context);
      const answer = await this.replays.handleOnce(this.verifier.scheme(gateway, scheme), event, handle, hasHandled);
      const { httpAdapter } = this.adapterHost;
      if (!answersItself(context)) settleAnswer(httpAdapter, response, answer);
      // Nest leaves the answer to such a handler, and for a copy it does not run.
      else if (isCopy) httpAdapter.reply(response, answer);
      return answer;
    } catch (error) {
      if (error instanceof SignatureVerificationError) this.verifier.refused(gateway, scheme, error.reason);
      throw refuseWith(error);
    }
  }
}
