import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  HttpStatus,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { type MerchantSelection } from '../core/merchants';
import { NotificationReplayInterceptor } from './notification-replay.interceptor';
import { NotificationGuard } from './notification.guard';
import {
  declareNotification,
  NOTIFICATION_METADATA,
  type NotificationMetadata,
  verifiedNotificationOf,
} from './notification-metadata';
import { type NotificationGateway, type NotificationSchemeName } from './notification.types';

/**
 * Lets only verified notifications of one scheme reach this handler, and each of them once. Answers 200 when the handler
 * succeeds, with what the gateway wants to read where the handler returns nothing; a forged one gets 401 or 403, a malformed one 400, a copy what the gateway expects.
 *
 * The application must keep raw bodies (`NestFactory.create(AppModule, { rawBody: true })`): checked at start. Write it above
 * decorators that put another function in the method's place, and once: checked too.
 *
 * @param selection accept one merchant's only. @default all merchants configured
 *
 * @example
 * @Post('webhooks/placetopay')
 * @VerifiedNotification('placetopay', 'checkout')
 * paid(@NotificationEvent() event: PlacetopayCheckoutNotification) { ... }
 */
export function VerifiedNotification<G extends NotificationGateway>(
  gateway: G,
  scheme: NotificationSchemeName<G>,
  selection: MerchantSelection = {},
): MethodDecorator {
  const metadata: NotificationMetadata = { gateway, scheme, selection };
  return applyDecorators(
    (target: object, name?: string | symbol) => {
      if (name !== undefined) declareNotification(target, name, metadata);
    },
    SetMetadata(NOTIFICATION_METADATA, metadata),
    HttpCode(HttpStatus.OK),
    UseGuards(NotificationGuard),
    UseInterceptors(NotificationReplayInterceptor),
  );
}

/** The verified event, in a handler with {@link VerifiedNotification}. Its type is the scheme's, e.g. `PlacetopayCheckoutNotification`. */
export const NotificationEvent = createParamDecorator((_data: undefined, context: ExecutionContext) =>
  verifiedNotificationOf(context),
);
