import { type WebhookVerdict } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { keyed } from '../lib/keyed';
import { TEST_IDS } from '../test-ids';
import { Badge } from './basics';

const HEAD = ['verdict', 'at', 'gateway', 'scheme', 'reason'];

/** Verdicts, newest first; one that is opened stays so when others come. */
export function VerdictList({ verdicts }: { readonly verdicts: readonly WebhookVerdict[] }) {
  return (
    <>
      {keyed(verdicts, ({ at, gateway, scheme }) => `${at} ${gateway} ${scheme}`).map(([key, verdict]) => (
        <VerdictView key={key} verdict={verdict} />
      ))}
    </>
  );
}

/** What the demo made of a webhook that came in; all it knows of it once it is opened. */
function VerdictView({ verdict }: { readonly verdict: WebhookVerdict }) {
  const t = useMessages();
  const { received = 1 } = verdict;
  const details = Object.entries(verdict).filter(([name]) => !HEAD.includes(name));
  return (
    <details class="verdict-view" data-testid={TEST_IDS.webhookVerdict} data-verdict={verdict.verdict}>
      <summary>
        <Badge tone={verdict.verdict === 'accepted' ? 'good' : 'bad'}>{t.verdicts[verdict.verdict]}</Badge>
        <code>
          {verdict.gateway} · {verdict.scheme}
        </code>
        <span class="number hint">{formatTime(verdict.lastAt ?? verdict.at)}</span>
        {received > 1 && <span class="tag number">×{received}</span>}
        {verdict.reason !== undefined && (
          <span>
            {t.webhooks.reason}: <code>{verdict.reason}</code>
          </span>
        )}
      </summary>
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
    </details>
  );
}

function detailOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
}
