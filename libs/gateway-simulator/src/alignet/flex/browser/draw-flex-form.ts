import { type PaymentMethod } from '../../purchase';
import { type FlexLanguage, type FlexOutcome, type FlexTexts } from '../texts';

/** All that the form shows. */
export interface FlexView {
  readonly step: 'loading' | 'choosing' | 'paying' | 'done' | 'failed';
  readonly language: FlexLanguage;
  readonly languages: readonly FlexLanguage[];
  readonly texts: FlexTexts;
  readonly methods: readonly PaymentMethod[];
  readonly method: PaymentMethod | undefined;
  readonly outcomes: readonly FlexOutcome[];
  readonly showsBorder: boolean;
  readonly showsClose: boolean;
  /** Formatted, with its currency. */
  readonly amount: string | undefined;
  readonly operationNumber: string | undefined;
  readonly outcome: FlexOutcome | undefined;
  readonly transactionId: string | undefined;
  readonly failure: string | undefined;
  /** Tells the radio buttons of two forms on one page apart. */
  readonly group: string;
}

/** What the form tells of its buyer. */
export interface FlexHandlers {
  readonly speak: (language: FlexLanguage) => void;
  readonly take: (method: PaymentMethod) => void;
  readonly end: (outcome: FlexOutcome) => void;
  readonly close: () => void;
}

/** Draws the form anew. Runs in the browser: see `script.ts`. By DOM calls only, so that no text ever becomes markup. */
export function drawFlexForm(root: HTMLElement, view: FlexView, handlers: FlexHandlers): void {
  const { texts } = view;

  function make<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    className: string,
    ...children: (Node | string)[]
  ): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    if (className !== '') element.className = className;
    element.append(...children);
    return element;
  }

  function button(name: string, className: string, act: () => void): HTMLButtonElement {
    const element = make('button', className, name);
    element.type = 'button';
    element.disabled = view.step === 'paying';
    element.addEventListener('click', act);
    return element;
  }

  function head(): HTMLElement {
    const badge = make('span', 'fpf-badge', texts.badge);
    const tools = make('div', 'fpf-tools');
    if (view.languages.length > 1) {
      const group = make('div', 'fpf-languages');
      group.setAttribute('role', 'group');
      group.setAttribute('aria-label', texts.language);
      for (const language of view.languages) {
        const choice = button(language.toUpperCase(), 'fpf-language', () => handlers.speak(language));
        choice.setAttribute('aria-pressed', String(language === view.language));
        choice.dataset['focus'] = `language-${language}`;
        group.append(choice);
      }
      tools.append(group);
    }
    if (view.showsClose) {
      const close = button('×', 'fpf-close', () => handlers.close());
      close.setAttribute('aria-label', texts.close);
      tools.append(close);
    }
    return make('div', 'fpf-head', make('p', 'fpf-title', texts.title, ' ', badge), tools);
  }

  function facts(): HTMLElement {
    const list = make('dl', 'fpf-facts');
    const add = (name: string, value: string | undefined, className: string) => {
      if (value !== undefined) list.append(make('div', className, make('dt', '', name), make('dd', '', value)));
    };
    add(texts.amount, view.amount, 'fpf-amount');
    add(texts.operation, view.operationNumber, 'fpf-fact');
    add(texts.transaction, view.transactionId, 'fpf-fact');
    return list;
  }

  function methods(): HTMLElement {
    const fieldset = make('fieldset', 'fpf-methods', make('legend', '', texts.method));
    fieldset.disabled = view.step === 'paying';
    for (const method of view.methods) {
      const radio = make('input', '');
      radio.type = 'radio';
      radio.name = view.group;
      radio.value = method;
      radio.checked = method === view.method;
      radio.addEventListener('change', () => handlers.take(method));
      fieldset.append(make('label', 'fpf-method', radio, make('span', '', texts.methods[method])));
    }
    return fieldset;
  }

  function choices(): HTMLElement {
    const group = make('div', 'fpf-choices');
    for (const outcome of view.outcomes) {
      const className = `fpf-choice fpf-choice-${outcome.toLowerCase()}`;
      group.append(button(texts.choices[outcome], className, () => handlers.end(outcome)));
    }
    return group;
  }

  /** Read aloud when it changes, and told apart without colour by its sign. */
  function news(): HTMLElement {
    const line = make('p', 'fpf-news');
    line.setAttribute('role', view.step === 'failed' ? 'alert' : 'status');
    if (view.step === 'loading') line.append(texts.loading);
    if (view.step === 'paying') line.append(texts.paying);
    if (view.step === 'done' && view.outcome !== undefined) {
      const signs = { AUTORIZADO: '✓', DENEGADO: '✕', PENDIENTE: '…' };
      line.className = `fpf-news fpf-result fpf-result-${view.outcome.toLowerCase()}`;
      const sign = make('span', 'fpf-sign', signs[view.outcome]);
      sign.setAttribute('aria-hidden', 'true');
      line.append(sign, texts.results[view.outcome]);
    }
    if (view.step === 'failed') {
      line.className = 'fpf-news fpf-failure';
      line.append(make('strong', '', texts.failed), ' ', view.failure ?? texts.failure);
    }
    return line;
  }

  const parts: Node[] = [head()];
  if (view.step !== 'loading' && view.step !== 'failed') parts.push(facts());
  if (view.step === 'choosing' || view.step === 'paying') {
    parts.push(methods(), make('p', 'fpf-question', texts.question), choices());
  }
  parts.push(news());

  // Whoever uses a keyboard stays where they were.
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const key = focused instanceof HTMLElement ? focused.dataset['focus'] : undefined;
  const section = make('section', view.showsBorder ? 'fpf fpf-bordered' : 'fpf', ...parts);
  section.lang = view.language;
  section.tabIndex = -1;
  section.setAttribute('aria-label', texts.title);
  section.setAttribute('aria-busy', String(view.step === 'loading' || view.step === 'paying'));
  root.replaceChildren(section);
  if (!focused) return;
  const same = key === undefined ? undefined : section.querySelector<HTMLElement>(`[data-focus="${key}"]`);
  (same ?? section).focus({ preventScroll: true });
}
