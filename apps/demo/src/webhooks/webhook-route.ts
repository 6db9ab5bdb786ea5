import { type WebhookSource } from './webhook-log';

/** Where the webhooks of a scheme come in. */
export interface WebhookRoute extends WebhookSource {
  readonly path: string;
}

/** Those of this process, for injection. */
export const WEBHOOK_ROUTES = Symbol('WEBHOOK_ROUTES');
