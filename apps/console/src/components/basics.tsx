import { type ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ShownProblem } from '../api/problem';
import { useMessages } from '../i18n/messages';
import { TEST_IDS } from '../test-ids';
import { Icon } from './icons';

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

const TONE_ICONS = { good: 'check', warn: 'warning', bad: 'cross', calm: 'clock' } as const;

/** A state in one word: told by its text and its sign, and coloured. */
export function Badge({
  tone,
  children,
  ...rest
}: {
  tone: Tone;
  children: ComponentChildren;
  'data-testid'?: string;
}) {
  return (
    <span class={`badge ${tone}`} {...rest}>
      <Icon name={TONE_ICONS[tone]} />
      {children}
    </span>
  );
}

export function Problem({ problem }: { readonly problem: ShownProblem | undefined }) {
  const t = useMessages();
  return (
    <div role="alert" class={problem === undefined ? 'quiet' : 'notice bad'}>
      {problem !== undefined && (
        <p data-testid={TEST_IDS.problem}>
          <Icon name="warning" /> <strong>{t.problem}:</strong> <span lang={problem.lang}>{problem.text}</span>
        </p>
      )}
    </div>
  );
}

export function ViewHeader({ title, lead, children }: { title: string; lead: string; children?: ComponentChildren }) {
  return (
    <header class="view-header">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        <p class="lead">{lead}</p>
      </div>
      {children}
    </header>
  );
}

export function Card({ title, children, actions, ...rest }: CardProps) {
  return (
    <section class="card" {...rest}>
      <div class="card-header">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

interface CardProps {
  readonly title: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly 'data-testid'?: string;
}

/** Name and value pairs. */
export function Facts({ children }: { readonly children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const COPIED_SHOWN_MS = 1_500;

export function CopyButton({ text, of }: { readonly text: string; readonly of?: string }) {
  const t = useMessages();
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = () => {
    void copyText(text).then((isDone) => {
      if (!isDone) return;
      setCopied(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), COPIED_SHOWN_MS);
    });
  };
  return (
    <button
      type="button"
      class="small"
      data-testid={TEST_IDS.copyButton}
      onClick={copy}
      {...(of !== undefined && { 'aria-label': `${t.copy}: ${of}` })}
    >
      <span aria-live="polite">{isCopied ? t.copied : t.copy}</span>
    </button>
  );
}

/** Plain http from another machine has no clipboard interface; the old command works there. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand('copy');
    area.remove();
    return isDone;
  }
}
