import { type DynamicModule, Module } from '@nestjs/common';
import { SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { type EnvironmentVariables } from '../config/environment';
import { netzmeMerchantIds } from '../config/notification-options';
import { NetzmeConfirmations } from './netzme-confirmations';
import { NETZME_MERCHANTS } from './netzme-merchants';
import { PlacetopayConfirmations } from './placetopay-confirmations';
import { WebhookLog } from './webhook-log';
import { WEBHOOK_ROUTES } from './webhook-route';
import { webhooksOf } from './webhook-routes';
import { WebhooksController } from './webhooks.controller';

/** The webhooks whose secrets and keys are configured, and `GET /webhooks`, which lists what came. */
@Module({})
export class WebhooksModule {
  static register(environment: EnvironmentVariables): DynamicModule {
    const { controllers, routes } = webhooksOf(environment);
    const sandbox = environment.PAYMENT_ENV === 'sandbox' ? SANDBOX_ACCOUNTS.netzme[0] : undefined;
    return {
      module: WebhooksModule,
      controllers: [WebhooksController, ...controllers],
      providers: [
        WebhookLog,
        PlacetopayConfirmations,
        NetzmeConfirmations,
        { provide: WEBHOOK_ROUTES, useValue: routes },
        { provide: NETZME_MERCHANTS, useValue: netzmeMerchantIds(environment, sandbox) },
      ],
      exports: [WebhookLog, WEBHOOK_ROUTES],
    };
  }
}
