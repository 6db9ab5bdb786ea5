import { type PaymentMethod } from '../../purchase';
import { type FLEX_FACTS, type FlexLanguage, type FlexOutcome } from '../texts';
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

interface FlexError {
  /** Stable, e.g. `nonce-expired`. */
  readonly code: string;
  /** In the language of the form. */
  readonly message: string;
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

  /** The answer, or the error it is. */
  async function ask<T>(path: string, body: object, signal: AbortSignal): Promise<T | Omit<FlexError, 'message'>> {
    try {
      const response = await fetch(new URL(path, origin), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        credentials: 'omit',
        signal,
      });
      const answer = (await response.json()) as T & { readonly error?: Omit<FlexError, 'message'> };
      if (answer.error) return { code: answer.error.code, input: answer.error.input };
      // An injected fault has the gateway's own form.
      return response.ok ? answer : { code: `http-${response.status}` };
    } catch {
      return { code: 'unreachable' };
    }
  }

  return class FlexPaymentForms {
    private root: HTMLElement | undefined;
    private view: FlexView;
    private readonly options: FlexOptions;
    private callbacks: { response?: Callback; tracking?: Callback; error?: Callback } = {};
    private running = new AbortController();
    private started: Started | undefined;
    private error: FlexError | undefined;

    constructor(options?: FlexOptions) {
      this.options = options ?? {};
      const { settings = {}, display_settings: display, i18n } = this.options;
      const languages = languagesOf(i18n);
      const language = languages[0] ?? 'es';
      const methods = methodsOf(display?.methods);
      made += 1;
      this.view = {
        step: 'loading',
        language,
        languages,
        texts: facts.texts[language],
        methods,
        method: methods[0],
        outcomes: facts.outcomes,
        showsBorder: settings['show_border'] !== false,
        showsClose: settings['show_close_button'] === true,
        amount: undefined,
        operationNumber: undefined,
        outcome: undefined,
        transactionId: undefined,
        failure: undefined,
        group: `fpf-method-${made}`,
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
      this.show({ step: 'loading', outcome: undefined, transactionId: undefined, failure: undefined });
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
      this.started = answer;
      this.show({ step: 'choosing' });
      this.track('form_loaded', {});
    }

    private async end(outcome: FlexOutcome, signal: AbortSignal): Promise<void> {
      const { method } = this.view;
      this.show({ step: 'paying', outcome });
      this.track('payment_started', { method });
      const answer = await ask<Authorized>(facts.paths.pay, { form: this.started?.form, method, outcome }, signal);
      if (signal.aborted) return;
      if ('code' in answer) return this.fail(answer);
      const { response } = this.callbacks;
      if (this.options.settings?.['display_result_screen'] === false) this.root?.replaceChildren();
      else this.show({ step: 'done', transactionId: answer.transaction.transaction_id });
      response?.(answer);
    }

    private fail(problem: Omit<FlexError, 'message'>): void {
      this.error = { ...problem, message: '' };
      this.show({ step: 'failed' });
      this.callbacks.error?.({ ...problem, message: this.view.failure ?? '' });
    }

    private show(changes: Partial<FlexView>): void {
      const { root, started, error } = this;
      const view = { ...this.view, ...changes };
      const texts = facts.texts[view.language];
      const said = error && [texts.errors[error.code] ?? `${texts.failure} (${error.code})`];
      if (error?.code === 'wrong-payload' && error.input !== undefined) said?.push(error.input);
      const details = started?.payment_details;
      const showsOperation = this.options.settings?.['show_operation_number'] !== false;
      this.view = {
        ...view,
        texts,
        amount: details && money(details.amount, details.currency, texts.locale),
        operationNumber: showsOperation ? started?.merchant_operation_number : undefined,
        failure: said?.join(' '),
      };
      if (!root) return;
      const { signal } = this.running;
      draw(root, this.view, {
        speak: (language) => {
          this.show({ language });
          this.track('language_changed', { language });
        },
        take: (method) => {
          this.view = { ...this.view, method };
          this.track('method_selected', { method });
        },
        end: (outcome) => void this.end(outcome, signal),
        close: () => {
          this.track('form_closed', {});
          this.terminate();
        },
      });
    }

    private track(event: string, details: object): void {
      this.callbacks.tracking?.({ event, ...details });
    }
  };
}
