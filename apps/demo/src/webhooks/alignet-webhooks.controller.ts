import { Header, Post } from '@nestjs/common';
import {
  type AlignetNotification,
  type AlignetRedirect,
  NotificationEvent,
  VerifiedNotification,
} from 'nestjs-payment-auth';
import { redirectPage } from './redirect.page';
import { WebhookLog } from './webhook-log';
import { ApiWebhook, WebhookController } from './webhook.decorators';

@WebhookController('alignet')
export class AlignetWebhooksController {
  constructor(private readonly log: WebhookLog) {}

  @Post('notification')
  @VerifiedNotification('alignet', 'notification')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @ApiWebhook({
    tells: 'A charge reached a state',
    proof: 'RSA-SHA512 of the body, signature.',
    answer: '`OK`; Alignet looks at the status alone.',
  })
  notification(@NotificationEvent() event: AlignetNotification): string {
    this.log.handled(event);
    return 'OK';
  }

  @Post('redirect')
  @VerifiedNotification('alignet', 'redirect')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @ApiWebhook({
    tells: 'The buyer’s browser comes back from a payment page',
    proof: 'RSA-SHA512 of authorization_result, both in a form.',
    answer: 'A page for the buyer.',
    isForm: true,
  })
  redirect(@NotificationEvent() event: AlignetRedirect): string {
    this.log.handled(event);
    return redirectPage(event);
  }
}
