import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { SignatureVerificationError } from '../core/errors';
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
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return from(this.handleOnce(context, next));
  }

  private async handleOnce(context: ExecutionContext, next: CallHandler<unknown>): Promise<unknown> {
    const metadata = this.reflector.get<NotificationMetadata>(NOTIFICATION_METADATA, context.getHandler());
    const { gateway, scheme } = metadata;
    const handle = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    try {
      const event = verifiedNotificationOf(context);
      return await this.replays.handleOnce(this.verifier.scheme(gateway, scheme), event, handle);
    } catch (error) {
      if (error instanceof SignatureVerificationError) this.verifier.refused(gateway, scheme, error.reason);
      throw refuseWith(error);
    }
  }
}
