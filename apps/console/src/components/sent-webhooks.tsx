import { type SentWebhook, type WebhookOrder, type WebhookVerdict } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { sentState, verdictOn } from '../lib/webhook-verdict';
import { TEST_IDS } from '../test-ids';
import { Badge } from './basics';
import { WireMessageView } from './wire-message';

interface SentWebhooksProps {
  readonly sent: readonly SentWebhook[];
  readonly verdicts: readonly WebhookVerdict[];
  readonly onResend: (order: WebhookOrder) => void;
  readonly isBusy: boolean;
}

const TONES = { accepted: 'good', refused: 'bad', pending: 'calm' } as const;

/** What went out, newest first, with the verdict on each beside it. */
export function SentWebhooks({ sent, verdicts, onResend, isBusy }: SentWebhooksProps) {
  const t = useMessages();
  if (sent.length === 0) return <p class="hint">{t.webhooks.noneSent}</p>;
  return (
    <ul class="sent" aria-live="polite">
      {sent.map((webhook) => (
        <Sent key={webhook.id} webhook={webhook} verdict={verdictOn(webhook, verdicts)} {...{ onResend, isBusy }} />
      ))}
    </ul>
  );
}

interface SentProps extends Pick<SentWebhooksProps, 'onResend' | 'isBusy'> {
  readonly webhook: SentWebhook;
  readonly verdict: WebhookVerdict | undefined;
}

function Sent({ webhook, verdict, onResend, isBusy }: SentProps) {
  const t = useMessages();
  const { id, at, gateway, scheme, status, answer, request } = webhook;
  const state = sentState(webhook);
  const answered =
    status === null ? t.webhooks.waiting : status === 0 ? t.webhooks.noAnswer : t.webhooks.answered(status);
  return (
    <li data-testid={TEST_IDS.sentWebhook} data-verdict={state}>
      <div class="sent-head">
        <span class="number">#{id}</span>
        <span class="number hint">{formatTime(at)}</span>
        <code>
          {gateway} · {scheme}
        </code>
        {webhook.break !== undefined && <code class="tag">{webhook.break}</code>}
        <Badge tone={TONES[state]}>
          {t.verdicts[state]} · {answered}
        </Badge>
        {verdict?.reason !== undefined && (
          <span>
            {t.webhooks.reason}: <code>{verdict.reason}</code>
          </span>
        )}
        <button
          type="button"
          class="small"
          data-testid={TEST_IDS.resendWebhook}
          aria-label={`${t.webhooks.resend}: #${id}`}
          disabled={isBusy || status === null}
          onClick={() => onResend({ gateway, scheme, resend: id })}
        >
          {t.webhooks.resend}
        </button>
      </div>
      <details>
        <summary>{t.webhooks.request}</summary>
        <WireMessageView title={t.webhooks.request} message={request} />
        {answer !== undefined && answer !== '' && <pre class="bytes">{answer}</pre>}
      </details>
    </li>
  );
}
