import { type CallRecord } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { TEST_IDS } from '../test-ids';
import { Badge } from './basics';

interface RecordListProps {
  readonly records: readonly CallRecord[];
  readonly current: number | undefined;
  readonly onChoose: (id: number) => void;
}

/** Runs of a call, newest first; each can be looked at again. */
export function RecordList({ records, current, onChoose }: RecordListProps) {
  const t = useMessages();
  if (records.length === 0) return <p class="hint">{t.calls.noRecords}</p>;
  return (
    <ul class="records">
      {records.map(({ id, at, durationMs, outcome }) => (
        <li key={id}>
          <button
            type="button"
            class="record"
            data-testid={TEST_IDS.callRecord}
            aria-pressed={id === current}
            onClick={() => onChoose(id)}
          >
            <span class="number">#{id}</span>
            <span class="number">{formatTime(at)}</span>
            <Badge tone={outcome.ok ? 'good' : 'bad'}>HTTP {outcome.status}</Badge>
            <span class="number hint">{t.calls.tookMs(Math.round(durationMs))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
