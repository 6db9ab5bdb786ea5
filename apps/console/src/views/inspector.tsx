import { useState } from 'preact/hooks';
import { api } from '../api/client';
import { type InspectionResult, type InspectorScheme } from '../api/contract';
import { Card, Problem, ViewHeader } from '../components/basics';
import { ChooseGrouped } from '../components/choose';
import { Field, Form } from '../components/fields';
import { InspectionVerdict } from '../components/inspection-verdict';
import { Stages } from '../components/stages';
import { useMessages } from '../i18n/messages';
import { useDraft } from '../lib/draft';
import { useAction, useLoaded } from '../lib/hooks';
import { useStore } from '../lib/store';
import { linkTo, route } from '../state/router';
import { TEST_IDS } from '../test-ids';

interface Schemes {
  readonly schemes: readonly InspectorScheme[];
}

export function Inspector() {
  const t = useMessages();
  const { item } = useStore(route);
  const { value, problem } = useLoaded(() => api<Schemes>('GET', '/inspector'));
  const schemes = value?.schemes ?? [];
  const chosen = schemes.find(({ id }) => id === item) ?? schemes[0];
  return (
    <>
      <ViewHeader title={t.views.inspector} lead={t.inspector.lead} />
      <Problem problem={problem} />
      {chosen && (
        <div class="with-side">
          <ChooseGrouped
            label={t.inspector.scheme}
            current={chosen.id}
            choices={schemes.map(({ id, gateway }) => ({
              id,
              gateway,
              href: linkTo('inspector', id),
              testId: `scheme-${id}`,
              label: id.replace(`${gateway}-`, ''),
            }))}
          />
          <Scheme key={chosen.id} scheme={chosen} />
        </div>
      )}
    </>
  );
}

function Scheme({ scheme }: { readonly scheme: InspectorScheme }) {
  const t = useMessages();
  const [inputs, inputsDraft] = useDraft(`inputs ${scheme.id}`, () => firstChoices(scheme));
  const [expected, expectedDraft] = useDraft(`expected ${scheme.id}`, () => '');
  const [result, setResult] = useState<InspectionResult>();
  const inspecting = useAction(async (signal) => {
    // As it was pasted: whitespace around it may be the mistake.
    const wanted = scheme.takesExpected && expected !== '' ? { expected } : {};
    const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ''));
    try {
      const body = { inputs: given, ...wanted };
      const inspected = await api<InspectionResult>('POST', `/inspector/${scheme.id}`, body, { signal });
      if (!signal.aborted) setResult(inspected);
    } catch (error) {
      setResult(undefined);
      throw error;
    }
  });
  /** What is shown, or on its way, is of the inputs as they were. */
  const outdate = () => {
    inspecting.stop();
    setResult(undefined);
  };
  const filling = useAction(async (signal) => {
    // Asked for anew: seeds, times and nonces of an example grow old.
    const { schemes } = await api<Schemes>('GET', '/inspector', undefined, { signal });
    const { fields } = schemes.find(({ id }) => id === scheme.id) ?? scheme;
    inputsDraft.set(Object.fromEntries(fields.map(({ name, example }) => [name, example])));
    expectedDraft.set('');
    outdate();
  });
  return (
    <div class="inspector">
      <Card
        title={t.inspector.inputs}
        actions={
          <button type="button" class="small" data-testid={TEST_IDS.fillExample} onClick={() => void filling.run()}>
            {t.inspector.fillExample}
          </button>
        }
      >
        <Form onSubmit={() => void inspecting.run()} label={t.inspector.inputs}>
          <div class="fields single">
            {scheme.fields.map(({ name, kind, required, choices, example }) => (
              <Field
                key={name}
                label={name}
                value={inputs[name] ?? ''}
                onChange={(value) => {
                  inputsDraft.update((before) => ({ ...before, [name]: value }));
                  outdate();
                }}
                isCode
                {...{ name, kind, required, example, ...(choices && { choices }) }}
              />
            ))}
            {scheme.takesExpected && (
              <Field
                name="expected"
                label={t.inspector.expected}
                kind="multiline"
                rows={2}
                value={expected}
                onChange={(value) => {
                  expectedDraft.set(value);
                  outdate();
                }}
                required={false}
                hint={t.inspector.expectedHint}
              />
            )}
          </div>
          {scheme.secretName !== '' && <p class="hint">{t.inspector.secretIs(scheme.secretName)}</p>}
          <p class="actions">
            <button class="primary" data-testid={TEST_IDS.inspect} aria-disabled={inspecting.isRunning}>
              {t.inspector.inspect}
            </button>
          </p>
        </Form>
        <Problem problem={inspecting.problem ?? filling.problem} />
      </Card>
      <Card title={t.inspector.stages}>
        <div aria-live="polite">{result?.verdict && <InspectionVerdict verdict={result.verdict} />}</div>
        {result ? <Stages stages={result.stages} /> : <p class="hint">{t.inspector.nothingYet}</p>}
      </Card>
    </div>
  );
}

function firstChoices({ fields }: InspectorScheme): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.map(({ name, kind, choices }) => [name, kind === 'choice' ? (choices?.[0] ?? '') : '']),
  );
}
