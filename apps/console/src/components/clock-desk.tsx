import { useState } from 'preact/hooks';
import { useMessages } from '../i18n/messages';
import { formatDateTime, formatOffset } from '../lib/format';
import { useNow } from '../lib/hooks';
import { useStore } from '../lib/store';
import { type LiveOverview, liveOverview } from '../state/live';
import { language } from '../state/preferences';
import { TEST_IDS } from '../test-ids';
import { type Perform } from '../views/simulator';
import { Card, Fact, Facts } from './basics';
import { Field, Form } from './fields';

const STEPS = [
  ['1s', '1 s', 1_000],
  ['30s', '30 s', 30_000],
  ['1m', '1 min', 60_000],
  ['5m', '5 min', 300_000],
  ['10h', '10 h', 36_000_000],
] as const;

export function ClockDesk({ perform }: { readonly perform: Perform }) {
  const t = useMessages();
  const live = useStore(liveOverview);
  const [target, setTarget] = useState('');
  return (
    <Card title={t.simulator.clock}>
      {live && <SimulatedTime live={live} />}
      <div class="segments" role="group" aria-label={t.simulator.advance}>
        <span class="hint">{t.simulator.advance}</span>
        {STEPS.map(([id, label, advanceMs]) => (
          <button
            key={id}
            type="button"
            data-testid={`${TEST_IDS.advanceClock}-${id}`}
            onClick={() => perform('POST', '/clock', { advanceMs })}
          >
            {label}
          </button>
        ))}
      </div>
      <Form onSubmit={() => perform('POST', '/clock', { now: target })}>
        <div class="inline">
          <Field
            name="clock"
            label={t.simulator.setTo}
            value={target}
            onChange={setTarget}
            isCode
            required
            {...(live && { example: live.overview.at })}
          />
          <button data-testid={TEST_IDS.setClock}>{t.simulator.set}</button>
          <button
            type="button"
            data-testid={TEST_IDS.resetClock}
            onClick={() => perform('POST', '/clock', { reset: true })}
          >
            {t.simulator.reset}
          </button>
        </div>
      </Form>
    </Card>
  );
}

/** By the clocks the overview compares: ours, the demo's and, ahead of that, the simulator's. */
function SimulatedTime({ live: { overview, clockAheadMs } }: { readonly live: LiveOverview }) {
  const t = useMessages();
  const tag = useStore(language);
  useNow(1_000);
  const { simulatorClockOffsetMs: offset } = overview;
  if (offset === undefined) return null;
  const now = Date.now() + clockAheadMs + offset;
  return (
    <Facts>
      <Fact name={t.simulator.now}>
        <span class="number" data-testid={TEST_IDS.simulatorClock} data-now={now}>
          {formatDateTime(now, tag)}
        </span>
      </Fact>
      <Fact name={t.simulator.offset}>{formatOffset(offset)}</Fact>
    </Facts>
  );
}
