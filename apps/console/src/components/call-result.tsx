import { type CallRecord, type WireExchange } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { TEST_IDS } from '../test-ids';
import { Badge, Card } from './basics';
import { BodyView } from './body-view';
import { WireMessageView } from './wire-message';

/** What one call came to, and every message of it. */
export function CallResult({ record }: { readonly record: CallRecord }) {
  const t = useMessages();
  const { outcome, exchanges, durationMs, at } = record;
  return (
    <div class="stack" data-testid={TEST_IDS.callResult} data-record={record.id}>
      <Card
        title={t.calls.result}
        actions={
          <span class="hint number">
            {formatTime(at)} · {t.calls.tookMs(Math.round(durationMs))}
          </span>
        }
      >
        <p class="row" data-testid={TEST_IDS.callOutcome} data-ok={outcome.ok} data-status={outcome.status}>
          <span>{t.calls.outcome}</span>
          <Badge tone={outcome.ok ? 'good' : 'bad'}>
            {outcome.ok ? t.calls.succeeded : t.calls.failed} · HTTP {outcome.status}
          </Badge>
        </p>
        <BodyView body={JSON.stringify(outcome.body, null, 2) ?? ''} />
      </Card>
      <h2 class="section-title">{exchanges.length === 0 ? t.calls.noExchange : t.calls.exchanges(exchanges.length)}</h2>
      {exchanges.map((exchange, index) => (
        <Exchange key={index} exchange={exchange} number={index + 1} />
      ))}
    </div>
  );
}

function Exchange({ exchange, number }: { readonly exchange: WireExchange; readonly number: number }) {
  const t = useMessages();
  const { operation, origin, request, response, failure, durationMs } = exchange;
  return (
    <section class="card" data-testid={TEST_IDS.exchange} data-operation={operation}>
      <div class="card-header">
        <h3>
          {number}. {operation}
        </h3>
        <span class="hint number">
          <code>{origin}</code> · {t.calls.tookMs(Math.round(durationMs))}
        </span>
      </div>
      <div class="pair">
        <WireMessageView title={t.calls.request} message={request} data-testid={TEST_IDS.request} />
        {response ? (
          <WireMessageView title={t.calls.response} message={response} data-testid={TEST_IDS.response}>
            {failure !== undefined && (
              <p class="notice bad">
                {t.calls.cutOff}
                <span lang="en">: {failure}</span>
              </p>
            )}
          </WireMessageView>
        ) : (
          <div class="message" data-testid={TEST_IDS.response}>
            <p class="message-title">{t.calls.response}</p>
            <p class="notice bad">
              {t.calls.noResponse}
              {failure !== undefined && <span lang="en">: {failure}</span>}
            </p>
          </div>
        )}
      </div>
    </section>
  );
}
