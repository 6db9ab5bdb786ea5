import { type InspectionStage } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { prettyJson } from '../lib/json';
import { maskedRuns, runsOf } from '../lib/masked';
import { TEST_IDS } from '../test-ids';
import { CopyButton } from './basics';
import { Dotted, MaskedText } from './masked-text';

/** From the inputs to the result, one below the other. */
export function Stages({ stages }: { readonly stages: readonly InspectionStage[] }) {
  return (
    <ol class="stages" data-testid={TEST_IDS.stages}>
      {stages.map((stage, index) => (
        // Some come more than once.
        <Stage key={index} stage={stage} />
      ))}
    </ol>
  );
}

function Stage({ stage }: { readonly stage: InspectionStage }) {
  const t = useMessages();
  const { id, value, encoding, bytes, masked = [], note } = stage;
  const name = t.inspector.stageNames[id] ?? id;
  const hasRanges = masked.length > 0;
  const isWholeShown = !hasRanges && maskedRuns(value).every(({ isMasked }) => !isMasked);
  return (
    <li data-testid={`stage-${id}`}>
      <div class="toolbar">
        <h3>{name}</h3>
        <span class="hint">
          {t.inspector.encodings[encoding]}
          {bytes !== undefined && ` · ${t.bytes(bytes)}`}
        </span>
        {isWholeShown && <CopyButton text={value} of={name} />}
      </div>
      <pre class="bytes">
        {value === '' && <span class="hint">{t.empty}</span>}
        {hasRanges ? (
          <Dotted runs={runsOf(value, masked)} />
        ) : (
          <MaskedText text={encoding === 'json' ? prettyJson(value) : value} />
        )}
      </pre>
      {note !== undefined && (
        <p class="hint" lang="en">
          {note}
        </p>
      )}
    </li>
  );
}
