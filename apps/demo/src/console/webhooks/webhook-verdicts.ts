import { Injectable } from '@nestjs/common';
import { WebhookLog } from '../../webhooks/webhook-log';
import { type WebhookVerdict } from '../contract';

/** What became of the webhooks that came in. */
@Injectable()
export class WebhookVerdicts {
  constructor(private readonly log: WebhookLog) {}

  /** The newest first. */
  all(): WebhookVerdict[] {
    return this.log.verdicts().map((verdict) => ({ ...verdict }));
  }

  statistics(): readonly unknown[] {
    return this.log.statistics();
  }
}
