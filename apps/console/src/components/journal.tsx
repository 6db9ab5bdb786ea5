import { memo } from '../lib/memo';
import { useMemo, useState } from 'preact/hooks';
import { type JournalEntry } from '../api/simulator';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { GATEWAYS } from '../lib/gateways';
import { useStore } from '../lib/store';
import { journal } from '../state/live';
import { TEST_IDS } from '../test-ids';
import { Badge, Card } from './basics';
import { BodyView } from './body-view';
import { Field } from './fields';
import { MessageView } from './wire-message';

const VERDICTS = ['accepted', 'refused', 'fault'] as const;
const TONES = { accepted: 'good', refused: 'bad', fault: 'warn' } as const;

/** Raw requests as the simulator took them, newest first. */
export function Journal({ onClear }: { readonly onClear: () => void }) {
  const t = useMessages();
  const entries = useStore(journal);
  const [gateway, setGateway] = useState('');
  const [verdict, setVerdict] = useState('');
  const shown = useMemo(
    () =>
      entries.filter(
        (entry) => (gateway === '' || entry.gateway === gateway) && (verdict === '' || entry.verdict === verdict),
      ),
    [entries, gateway, verdict],
  );
  return (
    <Card
      title={t.simulator.journal}
      actions={
        <div class="toolbar">
          <span class="hint number" aria-live="polite">
            {t.simulator.journalCount(shown.length)}
          </span>
          <button type="button" class="small" onClick={onClear}>
            {t.simulator.clear}
          </button>
        </div>
      }
    >
      <div class="fields">
        <Field
          name="journalGateway"
          label={t.simulator.gateway}
          kind="choice"
          value={gateway}
          choices={[['', t.simulator.allGateways], ...GATEWAYS.map((name) => [name, t.gateways[name]] as const)]}
          onChange={setGateway}
        />
        <Field
          name="journalVerdict"
          label={t.simulator.verdict}
          kind="choice"
          value={verdict}
          choices={[['', t.simulator.allVerdicts], ...VERDICTS.map((name) => [name, t.verdicts[name]] as const)]}
          onChange={setVerdict}
        />
      </div>
      {shown.length === 0 && (
        <p class="hint">{entries.length === 0 ? t.simulator.journalEmpty : t.simulator.journalNoneLeft}</p>
      )}
      <ol class="journal" data-testid={TEST_IDS.journal}>
        {shown.map((entry) => (
          <Entry key={`${entry.id}-${entry.at}`} entry={entry} />
        ))}
      </ol>
    </Card>
  );
}

/** Entries never change: a thousand of them are drawn once each. */
const Entry = memo(function Entry({ entry }: { readonly entry: JournalEntry }) {
  const t = useMessages();
  const [isOpen, setOpen] = useState(false);
  const { at, gateway, operation, method, target, status, verdict, reason } = entry;
  return (
    <li data-testid={TEST_IDS.journalEntry} data-verdict={verdict} data-gateway={gateway}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="number">{formatTime(at)}</span>
          <span>
            {gateway} · {operation}
          </span>
          <code class="journal-target">
            {method} {target}
          </code>
          <span class="number">{status === 0 ? t.simulator.cut : status}</span>
          <Badge tone={TONES[verdict]}>{t.verdicts[verdict]}</Badge>
          {reason && <code class="journal-reason">{reason.code}</code>}
        </summary>
        {isOpen && <EntryDetails entry={entry} />}
      </details>
    </li>
  );
});

function EntryDetails({ entry }: { readonly entry: JournalEntry }) {
  const t = useMessages();
  const { method, target, headers, body, status, responseBody, reason } = entry;
  return (
    <div class="journal-details">
      {reason && (
        <p class="notice bad">
          {t.simulator.reason}: <code>{reason.code}</code> ·{' '}
          {reason.input !== 'none' && (
            <>
              <code>{reason.input}</code> ·{' '}
            </>
          )}
          <span lang="en">{reason.message}</span>
        </p>
      )}
      <div class="pair">
        <MessageView
          title={t.calls.request}
          startLine={`${method} ${target} HTTP/1.1`}
          headers={Object.entries(headers)}
        >
          <BodyView body={body} />
        </MessageView>
        <MessageView
          title={t.calls.response}
          startLine={status === 0 ? t.simulator.cut : `HTTP/1.1 ${status}`}
          headers={[]}
        >
          <BodyView body={responseBody} />
        </MessageView>
      </div>
    </div>
  );
}
