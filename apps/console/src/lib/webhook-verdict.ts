import { type SentWebhook, type WebhookVerdict } from '../api/contract';

export type SentState = 'accepted' | 'refused' | 'pending';

export function sentState({ status }: Pick<SentWebhook, 'status'>): SentState {
  if (status === null) return 'pending';
  return status >= 200 && status < 300 ? 'accepted' : 'refused';
}

/**
 * The verdict on a webhook that was sent: of its kind and outcome, the one closest in time. Nothing that may be shown ties the
 * two together more firmly.
 */
export function verdictOn(sent: SentWebhook, verdicts: readonly WebhookVerdict[]): WebhookVerdict | undefined {
  const distance = ({ at }: WebhookVerdict) => Math.abs(Date.parse(at) - Date.parse(sent.at));
  return verdicts
    .filter(
      ({ gateway, scheme, verdict }) =>
        gateway === sent.gateway && scheme === sent.scheme && verdict === sentState(sent),
    )
    .sort((one, other) => distance(one) - distance(other))[0];
}
