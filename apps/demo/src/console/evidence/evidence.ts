import { type CallRecord, type Overview, type WebhookVerdict } from '../contract';

/** What a run was, for a gateway's certification; the JSON file is this. */
export interface Evidence {
  readonly title?: string;
  readonly at: string;
  readonly environment: Overview['environment'];
  readonly versions: Overview['versions'];
  /** The oldest first. Credentials are masked. */
  readonly records: readonly CallRecord[];
  /** Webhooks that came in, the newest first. */
  readonly webhooks: readonly WebhookVerdict[];
}
