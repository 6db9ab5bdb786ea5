import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import { type EvidenceOrder, type ExportedFile } from '../api/contract';
import { Badge, Card, Problem, ViewHeader } from '../components/basics';
import { Field, Form, Segments } from '../components/fields';
import { useMessages } from '../i18n/messages';
import { download } from '../lib/download';
import { formatTime } from '../lib/format';
import { useAction } from '../lib/hooks';
import { useStore } from '../lib/store';
import { callRecords, loadCallRecords } from '../state/live';
import { language } from '../state/preferences';
import { TEST_IDS } from '../test-ids';

export function Evidence() {
  const t = useMessages();
  const [title, setTitle] = useState('');
  const [format, setFormat] = useState<EvidenceOrder['format']>('html');
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [saved, setSaved] = useState<string>();
  const current = useStore(language);
  const records = useStore(callRecords);
  useEffect(() => void loadCallRecords().catch(() => undefined), []);
  const chosen = records.filter(({ id }) => !left.has(id)).map(({ id }) => id);
  const saving = useAction(async (signal) => {
    setSaved(undefined);
    const order: EvidenceOrder = {
      format,
      language: current,
      ...(title.trim() !== '' && { title: title.trim() }),
      ...(left.size > 0 && { records: chosen }),
    };
    const file = await api<ExportedFile>('POST', '/evidence', order, { signal });
    download(file);
    setSaved(file.fileName);
  });
  const toggle = (id: number, isChosen: boolean) =>
    setLeft((before) => new Set(isChosen ? [...before].filter((other) => other !== id) : [...before, id]));
  return (
    <>
      <ViewHeader title={t.views.evidence} lead={t.evidence.lead} />
      <div class="columns">
        <Card title={t.evidence.save}>
          <Form onSubmit={() => void saving.run()}>
            <div class="fields single">
              <Field
                name="title"
                label={t.evidence.name}
                value={title}
                onChange={setTitle}
                required={false}
                example={t.evidence.nameExample}
              />
              <div class="field">
                <span class="label">{t.evidence.format}</span>
                <Segments
                  label={t.evidence.format}
                  data-testid="field-format"
                  value={format}
                  choices={[
                    ['html', t.evidence.formats.html],
                    ['json', t.evidence.formats.json],
                  ]}
                  onChange={setFormat}
                />
              </div>
            </div>
            <p class="hint">{t.evidence.languageHint}</p>
            <p class="actions">
              <button class="primary" data-testid={TEST_IDS.saveEvidence} aria-disabled={saving.isRunning}>
                {t.evidence.save}
              </button>
            </p>
          </Form>
          <Problem problem={saving.problem} />
          <p role="status" data-testid={TEST_IDS.evidenceSaved}>
            {saved !== undefined && <Badge tone="good">{t.evidence.saved(saved)}</Badge>}
          </p>
        </Card>
        <Card
          title={t.evidence.records}
          actions={
            <div class="toolbar">
              <span class="hint">{t.evidence.chosen(chosen.length, records.length)}</span>
              <button type="button" class="small" onClick={() => setLeft(new Set())}>
                {t.evidence.all}
              </button>
              <button type="button" class="small" onClick={() => setLeft(new Set(records.map(({ id }) => id)))}>
                {t.evidence.noneChosen}
              </button>
            </div>
          }
        >
          {records.length === 0 && <p class="hint">{t.evidence.noRecords}</p>}
          <ul class="records">
            {records.map(({ id, call, at, outcome }) => (
              <li key={id}>
                <label class="record" data-testid={TEST_IDS.evidenceRecord}>
                  <input
                    type="checkbox"
                    checked={!left.has(id)}
                    onChange={({ currentTarget }) => toggle(id, currentTarget.checked)}
                  />
                  <span class="number">#{id}</span>
                  <span>{call}</span>
                  <span class="number hint">{formatTime(at)}</span>
                  <Badge tone={outcome.ok ? 'good' : 'bad'}>HTTP {outcome.status}</Badge>
                </label>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </>
  );
}
