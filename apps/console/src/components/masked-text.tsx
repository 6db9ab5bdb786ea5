import { useMessages } from '../i18n/messages';
import { type MaskedRun, maskedRuns } from '../lib/masked';

/** A text with the masked values in it marked. */
export function MaskedText({ text }: { readonly text: string }) {
  return <MaskedRuns runs={maskedRuns(text)} />;
}

function MaskedRuns({ runs }: { readonly runs: readonly MaskedRun[] }) {
  const t = useMessages();
  return (
    <>
      {runs.map(({ text, isMasked }, index) =>
        isMasked ? (
          <mark key={index} class="masked" title={t.masked}>
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </>
  );
}

/** Ranges of a text as dots, whatever stands there. */
export function Dotted({ runs }: { readonly runs: readonly MaskedRun[] }) {
  const t = useMessages();
  return (
    <>
      {runs.map(({ text, isMasked }, index) =>
        isMasked ? (
          <span key={index} class="dots" role="img" aria-label={t.masked}>
            {'\u2022'.repeat(Math.min(12, [...text].length))}
          </span>
        ) : (
          text
        ),
      )}
    </>
  );
}
