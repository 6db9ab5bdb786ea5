import { type PaymentMethod } from '../../purchase';
import { type FLEX_FACTS, type FlexLanguage, type FlexOutcome, type FlexTexts } from '../texts';
import { type drawFlexForm, type FlexView } from './draw-flex-form';

/** What a shop passes to the constructor; members of the real Flex, of which it requires the first two. */
interface FlexOptions {
  readonly nonce?: unknown;
  readonly payload?: unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly display_settings?: { readonly methods?: unknown };
  readonly i18n?: {
    readonly default_language?: unknown;
    /** The WooCommerce plugin's name for it. */
    readonly default?: unknown;
    readonly languages?: unknown;
  };
}

interface FlexProblem {
  /** Stable, e.g. `nonce-expired`. */
  readonly code: string;
  /** The member at fault, where one is. */
  readonly input?: string;
}

interface Started {
  readonly form: string;
  readonly merchant_operation_number: string;
  readonly payment_details: { readonly amount: string; readonly currency: string };
}

interface Authorized {
  readonly transaction: { readonly transaction_id: string };
}

/** What changes while the form is there; all that it shows follows from it. */
interface FlexState extends Pick<FlexView, 'step' | 'language' | 'method' | 'outcome' | 'transactionId'> {
  readonly started: Started | undefined;
  readonly problem: FlexProblem | undefined;
}

type Callback = ((value: unknown) => void) | undefined;

/** What a shop gets of it. */
interface FlexForm {
  init(element?: HTMLElement | null, response?: Callback, tracking?: Callback, error?: Callback): void;
  terminate(): void;
}

/** Makes the constructor `FlexPaymentForms`. Runs in the browser: see `script.ts`. */
export function flexPaymentForms(
  facts: typeof FLEX_FACTS,
  draw: typeof drawFlexForm,
  origin: string,
): new (options?: FlexOptions) => FlexForm {
  let made = 0;

  function languagesOf(i18n: FlexOptions['i18n']): readonly FlexLanguage[] {
    const wanted: readonly unknown[] = Array.isArray(i18n?.languages) ? i18n.languages : [];
    const first = i18n?.default_language ?? i18n?.default;
    const known = (Object.keys(facts.texts) as FlexLanguage[]).filter((language) => wanted.includes(language));
    if (first === 'es' || first === 'en') return [first, ...known.filter((language) => language !== first)];
    return known.length > 0 ? known : ['es'];
  }

  function methodsOf(wanted: unknown): readonly PaymentMethod[] {
    const all = Object.keys(facts.texts.es.methods) as PaymentMethod[];
    const chosen = Array.isArray(wanted) ? all.filter((method) => wanted.includes(method)) : [];
    return chosen.length > 0 ? chosen : all;
  }

  function money(amount: string, currency: string, locale: string): string {
    const code = facts.currencies[currency];
    const units = Number(amount) / 100;
    if (code === undefined) return `${units.toFixed(2)} (${currency})`;
    return new Intl.NumberFormat(locale, { style: 'currency', currency: code }).format(units);
  }

  /** In the language of the form. */
  function messageOf({ code, input }: FlexProblem, texts: FlexTexts): string {
    const message = texts.errors[code] ?? `${texts.failure} (${code})`;
    return code === 'wrong-payload' && input !== undefined ? `${message} ${input}` : message;
  }

  /** The answer, or the error it is. */
  async function ask<T>(path: string, body: object, signal: AbortSignal): Promise<T | FlexProblem> {
    try {
      const response = await fetch(new URL(path, origin), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        credentials: 'omit',
        signal,
      });
      const answer = (await response.json()) as T & { readonly error?: FlexProblem };
      if (answer.error) return { code: answer.error.code, input: answer.error.input };
      // An injected fault has the gateway's own form.
      return response.ok ? answer : { code: `http-${response.status}` };
    } catch {
      return { code: 'unreachable' };
    }
  }

  return class FlexPaymentForms {
    private root: HTMLElement | undefined;
    private state: FlexState;
    private readonly options: FlexOptions;
    private readonly languages: readonly FlexLanguage[];
    private readonly methods: readonly PaymentMethod[];
    private readonly group: string;
    private callbacks: { response?: Callback; tracking?: Callback; error?: Callback } = {};
    private running = new AbortController();

    constructor(options?: FlexOptions) {
      this.options = options ?? {};
      this.languages = languagesOf(this.options.i18n);
      this.methods = methodsOf(this.options.display_settings?.methods);
      made += 1;
      this.group = `fpf-method-${made}`;
      this.state = {
        step: 'loading',
        language: this.languages[0] ?? 'es',
        method: this.methods[0],
        outcome: undefined,
        transactionId: undefined,
        started: undefined,
        problem: undefined,
      };
    }

    init(element?: HTMLElement | null, response?: Callback, tracking?: Callback, error?: Callback): void {
      this.terminate();
      this.callbacks = { response, tracking, error };
      this.running = new AbortController();
      if (!(element instanceof HTMLElement)) {
        const message = 'init needs a DOM element as its first argument; found none.';
        error?.({ code: 'no-element', message, input: 'domElement' });
        return;
      }
      this.root = element;
      const unknown = { outcome: undefined, transactionId: undefined, started: undefined, problem: undefined };
      this.show({ step: 'loading', ...unknown });
      void this.start(this.running.signal);
    }

    terminate(): void {
      this.running.abort();
      this.root?.replaceChildren();
      this.root = undefined;
    }

    private async start(signal: AbortSignal): Promise<void> {
      const { nonce, payload } = this.options;
      if (typeof nonce !== 'string' || nonce === '') return this.fail({ code: 'nonce-missing', input: 'nonce' });
      if (typeof payload !== 'object' || payload === null) {
        return this.fail({ code: 'wrong-payload', input: 'payload' });
      }
      const answer = await ask<Started>(facts.paths.start, { nonce, payload }, signal);
      if (signal.aborted) return;
      if ('code' in answer) return this.fail(answer);
      this.show({ step: 'choosing', started: answer });
      this.track('form_loaded', {});
    }

    private async end(outcome: FlexOutcome, signal: AbortSignal): Promise<void> {
      const { method, started } = this.state;
      this.show({ step: 'paying', outcome });
      this.track('payment_started', { method });
      const answer = await ask<Authorized>(facts.paths.pay, { form: started?.form, method, outcome }, signal);
      if (signal.aborted) return;
      if ('code' in answer) return this.fail(answer);
      const { response } = this.callbacks;
      if (this.options.settings?.['display_result_screen'] === false) this.root?.replaceChildren();
      else this.show({ step: 'done', transactionId: answer.transaction.transaction_id });
      response?.(answer);
    }

    private fail(problem: FlexProblem): void {
      this.show({ step: 'failed', problem });
      this.callbacks.error?.({ ...problem, message: messageOf(problem, facts.texts[this.state.language]) });
    }

    private show(changes: Partial<FlexState>): void {
      this.state = { ...this.state, ...changes };
      if (!this.root) return;
      const { signal } = this.running;
      draw(this.root, this.view(), {
        speak: (language) => {
          this.show({ language });
          this.track('language_changed', { language });
        },
        take: (method) => {
          this.state = { ...this.state, method };
          this.track('method_selected', { method });
        },
        end: (outcome) => void this.end(outcome, signal),
        close: () => {
          this.track('form_closed', {});
          this.terminate();
        },
      });
    }

    private view(): FlexView {
      const { languages, methods, group } = this;
      const { settings = {} } = this.options;
      const { started, problem, ...shown } = this.state;
      const texts = facts.texts[shown.language];
      const details = started?.payment_details;
      return {
        ...shown,
        languages,
        texts,
        methods,
        outcomes: facts.outcomes,
        showsBorder: settings['show_border'] !== false,
        showsClose: settings['show_close_button'] === true,
        amount: details && money(details.amount, details.currency, texts.locale),
        operationNumber: settings['show_operation_number'] === false ? undefined : started?.merchant_operation_number,
        failure: problem && messageOf(problem, texts),
        group,
      };
    }

    private track(event: string, details: object): void {
      this.callbacks.tracking?.({ event, ...details });
    }
  };
}
