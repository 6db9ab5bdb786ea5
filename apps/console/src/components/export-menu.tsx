import { useState } from 'preact/hooks';
import { api } from '../api/client';
import { type CallInput, type ExportedFile, type ExportFormat } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { download } from '../lib/download';
import { useAction } from '../lib/hooks';
import { TEST_IDS } from '../test-ids';
import { CopyButton, Problem } from './basics';

const FORMATS: readonly ExportFormat[] = ['curl', 'postman', 'bruno'];

/** Shows a call as something other tools run, and hands it over as a file. */
export function ExportMenu({ callId, input }: { readonly callId: string; readonly input: CallInput }) {
  const t = useMessages();
  const [file, setFile] = useState<ExportedFile>();
  const [format, setFormat] = useState<ExportFormat>();
  const exporting = useAction(async (signal, as: ExportFormat) => {
    setFormat(as);
    setFile(undefined);
    setFile(await api<ExportedFile>('POST', `/calls/${callId}/export`, { input, format: as }, { signal }));
  });
  return (
    <details class="export" data-testid={TEST_IDS.exportMenu}>
      <summary>{t.calls.exportTitle}</summary>
      <div class="export-panel">
        <p class="hint">{t.calls.exportHint}</p>
        <div class="segments" role="group" aria-label={t.calls.exportTitle}>
          {FORMATS.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === format}
              data-testid={`${TEST_IDS.exportAs}-${each}`}
              onClick={() => void exporting.run(each)}
            >
              {t.calls.exportAs[each]}
            </button>
          ))}
        </div>
        <Problem problem={exporting.problem} />
        {file && (
          <>
            <div class="toolbar">
              <code>{file.fileName}</code>
              <CopyButton text={file.content} of={file.fileName} />
              <button type="button" class="small" data-testid={TEST_IDS.exportDownload} onClick={() => download(file)}>
                {t.download}
              </button>
            </div>
            <pre class="bytes tall" tabIndex={0} data-testid={TEST_IDS.exportedContent}>
              {file.content}
            </pre>
          </>
        )}
      </div>
    </details>
  );
}
