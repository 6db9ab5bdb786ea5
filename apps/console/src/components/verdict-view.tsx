import { type WebhookVerdict } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { TEST_IDS } from '../test-ids';
import { Badge } from './basics';

const HEAD = ['verdict', 'at', 'gateway', 'scheme', 'reason'];

/** What the demo made of a webhook that came in. */
export function VerdictView({ verdict }: { readonly verdict: WebhookVerdict }) {
  const t = useMessages();
  const details = Object.entries(verdict).filter(([name]) => !HEAD.includes(name));
  return (
    <div class="verdict-view" data-testid={TEST_IDS.webhookVerdict} data-verdict={verdict.verdict}>
      <p class="row start">
        <Badge tone={verdict.verdict === 'accepted' ? 'good' : 'bad'}>{t.verdicts[verdict.verdict]}</Badge>
        <code>
          {verdict.gateway} · {verdict.scheme}
        </code>
        <span class="number hint">{formatTime(verdict.at)}</span>
      </p>
      {verdict.reason !== undefined && (
        <p>
          {t.webhooks.reason}: <code>{verdict.reason}</code>
        </p>
      )}
      {details.length > 0 && (
        <dl class="facts compact">
          {details.map(([name, value]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{detailOf(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function detailOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
}
