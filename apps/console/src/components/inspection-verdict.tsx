import { type InspectionResult } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { type DiffRun, diffRuns, visible } from '../lib/diff';
import { translatedMistake } from '../lib/mistake';
import { useStore } from '../lib/store';
import { language } from '../state/preferences';
import { TEST_IDS } from '../test-ids';
import { Icon } from './icons';

type Verdict = NonNullable<InspectionResult['verdict']>;

export function InspectionVerdict({ verdict }: { readonly verdict: Verdict }) {
  const t = useMessages();
  const { match, code, inputs = [], at } = verdict;
  return (
    <div
      class={`notice verdict ${toneOf(verdict)}`}
      data-testid={TEST_IDS.verdict}
      data-match={match}
      {...(code !== undefined && { 'data-code': code })}
    >
      <p class="verdict-head">
        <Icon name={match ? 'check' : 'cross'} />
        <strong>{match ? t.inspector.match : t.inspector.noMatch}</strong>
        {code !== undefined && <code>{code}</code>}
      </p>
      {(!match || code !== undefined) && <Cause verdict={verdict} />}
      {inputs.length > 0 && (
        <p>
          {t.inspector.inputsThatDiffer}:{' '}
          {inputs.map((input) => (
            <code key={input} class="tag">
              {input}
            </code>
          ))}
        </p>
      )}
      {at && <ByteDifference at={at} />}
    </div>
  );
}

/** What matches may have something to be said of it all the same. */
const toneOf = ({ match, code }: Verdict): string => (!match ? 'bad' : code === undefined ? 'good' : 'warn');

/** In the reader's language where the page knows the code; the backend's own words are more exact, and English. */
function Cause({ verdict: { code = 'unknown', message } }: { readonly verdict: Verdict }) {
  const t = useMessages();
  const translated = code === 'unknown' ? t.inspector.unknown : translatedMistake(code, t.mistakes);
  if (useStore(language) === 'en') return <p>{message ?? translated}</p>;
  return (
    <>
      {translated !== undefined && <p>{translated}</p>}
      {message !== undefined && code !== 'unknown' && (
        <p lang="en" class={translated === undefined ? '' : 'hint'}>
          {message}
        </p>
      )}
    </>
  );
}

function ByteDifference({ at }: { readonly at: NonNullable<Verdict['at']> }) {
  const t = useMessages();
  const [ours, theirs] = diffRuns(at.ours, at.theirs);
  return (
    <div class="difference" data-testid={TEST_IDS.byteDifference}>
      <p>{t.inspector.atByte(at.input, at.byte)}</p>
      <dl>
        <DiffLine name={t.inspector.ours} runs={ours} />
        <DiffLine name={t.inspector.theirs} runs={theirs} />
      </dl>
    </div>
  );
}

function DiffLine({ name, runs }: { readonly name: string; readonly runs: readonly DiffRun[] }) {
  const t = useMessages();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>
          {runs.length === 0 && <mark class="differs">{t.empty}</mark>}
          {runs.map(({ text, differs }, index) =>
            differs ? (
              <mark key={index} class="differs">
                <span class="visually-hidden">[{t.inspector.hasDifference}: </span>
                {visible(text)}
                <span class="visually-hidden">]</span>
              </mark>
            ) : (
              text
            ),
          )}
        </code>
      </dd>
    </div>
  );
}
