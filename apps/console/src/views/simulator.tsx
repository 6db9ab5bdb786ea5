import { useState } from 'preact/hooks';
import { simulator } from '../api/client';
import { type ActiveFault, type SimulatorState } from '../api/simulator';
import { Badge, Problem, ViewHeader } from '../components/basics';
import { ClockDesk } from '../components/clock-desk';
import { FaultDesk } from '../components/fault-desk';
import { Journal } from '../components/journal';
import { TokenDesk } from '../components/token-desk';
import { useMessages } from '../i18n/messages';
import { useAction, useLoaded } from '../lib/hooks';
import { useStore } from '../lib/store';
import { connection, journal, loadJournal, loadOverview } from '../state/live';
import { TEST_IDS } from '../test-ids';

/** What empties the journal, which the stream does not tell: it tells of new entries. */
const EMPTYING: readonly string[] = ['/reset', '/journal'];

/** Does something at the simulator, then reads anew how it stands. */
export type Perform = (method: string, path: string, body?: unknown) => void;

export function Simulator() {
  const t = useMessages();
  const [notice, setNotice] = useState<string>();
  const state = useLoaded(() => simulator<SimulatorState>('GET', '/state'));
  const entries = useLoaded(loadJournal);
  const lastFault = useStore(journal, (entries) => entries.find(({ verdict }) => verdict === 'fault')?.id);
  // One that a request met may be used up.
  const waiting = useLoaded(
    () => simulator<{ readonly faults: readonly ActiveFault[] }>('GET', '/faults'),
    [lastFault],
  );
  const acting = useAction(async (_signal, method: string, path: string, body?: unknown) => {
    setNotice(undefined);
    await simulator(method, path, body);
    if (path === '/reset') journal.set([]);
    state.reload();
    waiting.reload();
    if (EMPTYING.includes(path) || connection.get() !== 'open') entries.reload();
    void loadOverview().catch(() => undefined);
    setNotice(path === '/reset' ? t.simulator.restored : t.simulator.done);
  });
  const perform: Perform = (method, path, body) => void acting.run(method, path, body);
  return (
    <>
      <ViewHeader title={t.views.simulator} lead={t.simulator.lead}>
        <div class="restore">
          <button
            type="button"
            class="primary big"
            data-testid={TEST_IDS.restoreAll}
            aria-describedby="restore-hint"
            aria-disabled={acting.isRunning}
            onClick={() => perform('POST', '/reset')}
          >
            {t.simulator.restoreAll}
          </button>
          <p class="hint" id="restore-hint">
            {t.simulator.restoreHint}
          </p>
        </div>
      </ViewHeader>
      <Problem problem={acting.problem ?? state.problem ?? entries.problem ?? waiting.problem} />
      <p role="status" class="status-line" data-testid={TEST_IDS.simulatorNotice}>
        {notice !== undefined && <Badge tone="good">{notice}</Badge>}
      </p>
      {state.value && (
        <div class="cards">
          <ClockDesk perform={perform} />
          <TokenDesk state={state.value} perform={perform} />
        </div>
      )}
      {waiting.value && <FaultDesk faults={waiting.value.faults} perform={perform} />}
      <Journal onClear={() => perform('DELETE', '/journal')} />
    </>
  );
}
