import { type SentWebhook, type WebhookOrder } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { refusalReason, sentState } from '../lib/webhook-verdict';
import { TEST_IDS } from '../test-ids';
import { Badge } from './basics';
import { Limited } from './limited';
import { WireMessageView } from './wire-message';

interface SentWebhooksProps {
  readonly sent: readonly SentWebhook[];
  readonly onResend: (order: WebhookOrder) => void;
  readonly isBusy: boolean;
}

const TONES = { accepted: 'good', refused: 'bad', pending: 'calm' } as const;

/** What went out, newest first, with the verdict on each beside it. */
export function SentWebhooks({ sent, onResend, isBusy }: SentWebhooksProps) {
  const t = useMessages();
  if (sent.length === 0) return <p class="hint">{t.webhooks.noneSent}</p>;
  return (
    <Limited items={sent}>
      {(shown) => (
        <ul class="sent" aria-live="polite">
          {shown.map((webhook) => (
            <Sent key={webhook.id} webhook={webhook} {...{ onResend, isBusy }} />
          ))}
        </ul>
      )}
    </Limited>
  );
}

interface SentProps extends Pick<SentWebhooksProps, 'onResend' | 'isBusy'> {
  readonly webhook: SentWebhook;
}

function Sent({ webhook, onResend, isBusy }: SentProps) {
  const t = useMessages();
  const { id, at, gateway, scheme, status, answer, request } = webhook;
  const state = sentState(webhook);
  const reason = refusalReason(webhook);
  const isPending = status === null;
  const answered =
    status === null ? t.webhooks.waiting : status === 0 ? t.webhooks.noAnswer : t.webhooks.answered(status);
  return (
    <li data-testid={TEST_IDS.sentWebhook} data-verdict={state}>
      <div class="sent-head">
        <div class="sent-facts">
          <span class="number">#{id}</span>
          <span class="number hint">{formatTime(at)}</span>
          <code>
            {gateway} · {scheme}
          </code>
          {webhook.break !== undefined && <code class="tag">{webhook.break}</code>}
          <Badge tone={TONES[state]}>
            {t.verdicts[state]} · {answered}
          </Badge>
          {reason !== undefined && (
            <span>
              {t.webhooks.reason}: <code>{reason}</code>
            </span>
          )}
        </div>
        <button
          type="button"
          class="small"
          data-testid={TEST_IDS.resendWebhook}
          aria-label={`${t.webhooks.resend}: #${id}`}
          aria-disabled={isBusy || isPending}
          onClick={() => isPending || onResend({ gateway, scheme, resend: id })}
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
