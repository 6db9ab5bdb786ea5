import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import { type CallDefinition, type CallInput, type CallRecord } from '../api/contract';
import { Card, Problem, ViewHeader } from '../components/basics';
import { CallResult } from '../components/call-result';
import { ChooseGrouped } from '../components/choose';
import { Elapsed } from '../components/elapsed';
import { ExportMenu } from '../components/export-menu';
import { Field, Form } from '../components/fields';
import { RecordList } from '../components/record-list';
import { useMessages } from '../i18n/messages';
import { useDraft } from '../lib/draft';
import { useAction, useLoaded } from '../lib/hooks';
import { useStore } from '../lib/store';
import { callRecords, loadCallRecords, receiveCall } from '../state/live';
import { linkTo, route } from '../state/router';
import { TEST_IDS } from '../test-ids';

export function Calls() {
  const t = useMessages();
  const { item } = useStore(route);
  const { value, problem } = useLoaded(() => api<{ calls: readonly CallDefinition[] }>('GET', '/calls'));
  useEffect(() => void loadCallRecords().catch(() => undefined), []);
  const calls = value?.calls ?? [];
  const chosen = calls.find(({ id }) => id === item) ?? calls[0];
  return (
    <>
      <ViewHeader title={t.views.calls} lead={t.calls.lead} />
      <Problem problem={problem} />
      {chosen && (
        <div class="with-side">
          <ChooseGrouped
            label={t.calls.choose}
            current={chosen.id}
            choices={calls.map(({ id, gateway, method }) => ({
              id,
              gateway,
              href: linkTo('calls', id),
              testId: `call-${id}`,
              label: t.calls.names[id] ?? id,
              detail: method,
            }))}
          />
          <Call key={chosen.id} call={chosen} />
        </div>
      )}
    </>
  );
}

function Call({ call }: { readonly call: CallDefinition }) {
  const t = useMessages();
  const [input, draft] = useDraft<CallInput>(`call ${call.id}`, () => exampleInput(call));
  const [shownId, setShownId] = useState<number>();
  const [wasStopped, setStopped] = useState(false);
  const runButton = useRef<HTMLButtonElement>(null);
  const records = useStore(callRecords).filter((record) => record.call === call.id);
  const running = useAction(async (signal) => {
    setStopped(false);
    // An earlier run's, which this one may not come to replace.
    setShownId(undefined);
    const record = await api<CallRecord>('POST', `/calls/${call.id}`, { input: filled(input) }, { signal });
    receiveCall(record);
    setShownId(record.id);
  });
  const stop = () => {
    // The button that was pressed goes away.
    runButton.current?.focus();
    running.stop();
    setStopped(true);
  };
  const shown = records.find(({ id }) => id === shownId);
  return (
    <div class="stack">
      <Card
        title={t.calls.names[call.id] ?? call.id}
        actions={<code class="route">{`${call.method} ${call.path}`}</code>}
      >
        <Form onSubmit={() => void running.run()} label={t.calls.input}>
          <div class="fields">
            {call.fields.map(({ name, kind, required, example }) => (
              <Field
                key={name}
                label={name}
                value={input[name] ?? ''}
                onChange={(value) => draft.update((before) => ({ ...before, [name]: value }))}
                isCode
                // Numbers stay text until the backend reads them: what QA types is what is tried.
                kind={kind === 'number' ? 'text' : kind}
                {...{ name, required, example }}
              />
            ))}
          </div>
          <div class="actions">
            <button ref={runButton} class="primary" data-testid={TEST_IDS.runCall} aria-disabled={running.isRunning}>
              {t.calls.run}
            </button>
            {running.isRunning && (
              <>
                <button type="button" data-testid={TEST_IDS.stopCall} onClick={stop}>
                  {t.calls.stop}
                </button>
                <span role="status" class="number" data-testid={TEST_IDS.callProgress}>
                  <span class="spinner" aria-hidden="true" />
                  <Elapsed since={running.startedAt} />
                </span>
              </>
            )}
            <ExportMenu callId={call.id} input={filled(input)} />
          </div>
        </Form>
        <Problem problem={running.problem} />
        <p role="status" class="hint">
          {wasStopped && !running.isRunning ? t.calls.stopped : ''}
        </p>
      </Card>
      <div aria-live="polite">{shown && <CallResult key={shown.id} record={shown} />}</div>
      <Card title={t.calls.earlier}>
        <RecordList records={records} current={shownId} onChoose={setShownId} />
      </Card>
    </div>
  );
}

/** What is needed, and dates, which gateways that leave them optional in their documents want all the same. */
function exampleInput({ fields }: CallDefinition): CallInput {
  return Object.fromEntries(
    fields.map(({ name, kind, required, example }) => [name, required || kind === 'date' ? example : '']),
  );
}

/** Without the fields that were left empty, which are not part of the input. */
function filled(input: CallInput): CallInput {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== ''));
}
