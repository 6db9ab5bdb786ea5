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
  const [asked, setAsked] = useState<{ readonly format: ExportFormat; readonly of: string }>();
  const [made, setMade] = useState<ExportedFile>();
  const inputNow = JSON.stringify(input);
  const exporting = useAction(async (signal, format: ExportFormat) => {
    setAsked({ format, of: inputNow });
    setMade(undefined);
    setMade(await api<ExportedFile>('POST', `/calls/${callId}/export`, { input, format }, { signal }));
  });
  // What was made of other input is not what would be run now.
  const isCurrent = asked?.of === inputNow;
  const file = isCurrent ? made : undefined;
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
              aria-pressed={isCurrent && each === asked.format}
              data-testid={`${TEST_IDS.exportAs}-${each}`}
              onClick={() => void exporting.run(each)}
            >
              {t.calls.exportAs[each]}
            </button>
          ))}
        </div>
        <Problem problem={isCurrent ? exporting.problem : undefined} />
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
