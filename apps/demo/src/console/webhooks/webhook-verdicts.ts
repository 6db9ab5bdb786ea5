import { Injectable } from '@nestjs/common';
import { WebhookLog } from '../../webhooks/webhook-log';
import { type WebhookVerdict } from '../contract';

/** What became of the webhooks that came in. */
@Injectable()
export class WebhookVerdicts {
  constructor(private readonly log: WebhookLog) {}

  /** The newest first. */
  all(): WebhookVerdict[] {
    // The gateways are those of our own routes, which the log knows as texts.
    return this.log.verdicts() as unknown as WebhookVerdict[];
  }

  statistics(): readonly unknown[] {
    return this.log.statistics();
  }
}
