import { Body, Get, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ConsoleController, NotStored } from '../access/console-controller';
import { type SentWebhook, type WebhookDesk as Desk } from '../contract';
import { WebhookDesk } from './webhook-desk';
import { readWebhookOrder } from './webhook-order';

@ConsoleController('webhooks')
export class WebhookDeskController {
  constructor(private readonly desk: WebhookDesk) {}

  @Get()
  @NotStored()
  tell(): Desk {
    return this.desk.desk();
  }

  @Post('send')
  @HttpCode(HttpStatus.OK)
  @NotStored()
  send(@Body() body: unknown): Promise<SentWebhook> {
    return this.desk.send(readWebhookOrder(body));
  }
}
