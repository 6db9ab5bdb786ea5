import { type ExecutionContext } from '@nestjs/common';
import { PaymentAuthConfigError } from '../core/errors';
import { type VerifiedNotification } from '../core/inbound/notification-scheme';
import { type MerchantSelection } from '../core/merchants';
import { type NotificationGateway } from './notification.types';

export const NOTIFICATION_METADATA = Symbol.for('nestjs-payment-auth:notification');

/** What a handler accepts. */
export interface NotificationMetadata {
  readonly gateway: NotificationGateway;
  readonly scheme: string;
  readonly selection: MerchantSelection;
}

/** One `@VerifiedNotification` as it was written: on which class's member, whatever has become of that member since. */
interface Declaration {
  readonly name: string | symbol;
  readonly metadata: NotificationMetadata;
}

const declarations = new WeakMap<object, Declaration[]>();

export function declareNotification(prototype: object, name: string | symbol, metadata: NotificationMetadata): void {
  declarations.set(prototype, [...declarationsOn(prototype), { name, metadata }]);
}

export function declarationsOn(prototype: object): readonly Declaration[] {
  return declarations.get(prototype) ?? [];
}

/** Beside the request and not in it: nobody but the guard can put an event there. */
const verified = new WeakMap<object, VerifiedNotification>();

export function setVerifiedNotification(context: ExecutionContext, event: VerifiedNotification): void {
  verified.set(context.switchToHttp().getRequest<object>(), event);
}

/**
 * The verified event of a request, for interceptors of yours (to count, to trace); handlers take `@NotificationEvent()`. Guards
 * come too early, and filters get none of what was refused.
 *
 * @throws {PaymentAuthConfigError} when the handler verifies nothing
 */
export function verifiedNotificationOf(context: ExecutionContext): VerifiedNotification {
  const event = verified.get(context.switchToHttp().getRequest<object>());
  if (event !== undefined) return event;
  throw new PaymentAuthConfigError([
    {
      option: `${context.getClass().name}.${context.getHandler().name}`,
      problem: 'uses @NotificationEvent() without @VerifiedNotification(gateway, scheme)',
    },
  ]);
}
