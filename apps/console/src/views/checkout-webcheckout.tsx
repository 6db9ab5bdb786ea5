import { useEffect, useState } from 'preact/hooks';
import { requestJson } from '../api/client';
import { Badge, Card, Problem, type Tone } from '../components/basics';
import { BodyView } from '../components/body-view';
import { Field, Form } from '../components/fields';
import { type Language } from '../i18n/languages';
import { useMessages } from '../i18n/messages';
import { useDraft } from '../lib/draft';
import { useAction } from '../lib/hooks';
import { typedNumber } from '../lib/number';
import { newOperationNumber } from '../lib/operation-number';
import { useStore } from '../lib/store';
import { haveWebhookSent } from '../lib/webhook-target';
import { language } from '../state/preferences';
import { route } from '../state/router';
import { TEST_IDS } from '../test-ids';

interface Session {
  readonly requestId: number;
  readonly processUrl: string;
}

interface SessionState {
  readonly requestId?: number;
  readonly status?: { readonly status?: string; readonly message?: string };
}

/** Of the payment page, which has no Indonesian. */
const PAGE_LOCALES = { en: 'en_US', es: 'es_CO', id: 'en_US' } as const satisfies Readonly<Record<Language, string>>;

const newReference = () => `ORDER-${newOperationNumber()}`;
const keyOf = (reference: string) => `console.webcheckout.${reference}`;

/** Creates a session, sends the buyer to the payment page, and asks what became of it when he is back. */
export function WebcheckoutPanel() {
  const t = useMessages();
  const returnedReference = useStore(route).query.get('placetopay') ?? undefined;
  const [reference, setReference] = useState(newReference);
  const [currency, setCurrency] = useState('COP');
  const [total, setTotal] = useState('12000');
  const [requestId, requestIdDraft] = useDraft('requestId', () => '');
  const [created, setCreated] = useState<Session>();
  const [state, setState] = useState<SessionState>();

  const creating = useAction(async (signal) => {
    setCreated(undefined);
    setState(undefined);
    await haveWebhookSent('placetopay');
    const returnUrl = `${location.origin}${location.pathname}#/checkout?placetopay=${encodeURIComponent(reference)}`;
    const locale = PAGE_LOCALES[language.get()];
    const order = { reference, currency, total: typedNumber(total), locale, returnUrl };
    const session = await requestJson<Session>('POST', '/placetopay/sessions', order, { signal });
    remember(reference, String(session.requestId));
    requestIdDraft.set(String(session.requestId));
    setCreated(session);
    // The next session gets another, unless QA has typed one meanwhile.
    setReference((before) => (before === reference ? newReference() : before));
  });
  const querying = useAction(async (signal, id: string) => {
    setState(undefined);
    setState(
      await requestJson<SessionState>('GET', `/placetopay/sessions/${encodeURIComponent(id)}`, undefined, { signal }),
    );
  });
  useEffect(() => {
    const id = returnedReference === undefined ? undefined : recall(returnedReference);
    if (id === undefined) return;
    requestIdDraft.set(id);
    void querying.run(id);
  }, [returnedReference]);

  return (
    <div class="stack">
      <Card title={t.checkout.placetopayTitle}>
        <Form onSubmit={() => void creating.run()} label={t.checkout.placetopayTitle}>
          <div class="fields">
            <Field
              name="reference"
              label={t.checkout.reference}
              value={reference}
              onChange={setReference}
              isCode
              required
            />
            <Field
              name="placetopay-currency"
              label={t.checkout.currency}
              value={currency}
              onChange={setCurrency}
              isCode
              required
            />
            <Field
              name="total"
              label={t.checkout.total}
              kind="number"
              value={total}
              onChange={setTotal}
              isCode
              required
            />
          </div>
          <p class="actions">
            <button class="primary" data-testid={TEST_IDS.webcheckoutStart} aria-disabled={creating.isRunning}>
              {t.checkout.startWebcheckout}
            </button>
          </p>
        </Form>
        <Problem problem={creating.problem} />
        <div aria-live="polite">
          {created && (
            <div class="notice calm">
              <p>{t.checkout.created(String(created.requestId))}</p>
              <p>
                <a class="button primary" href={webUrl(created.processUrl)} data-testid={TEST_IDS.webcheckoutGo}>
                  {t.checkout.goToPage}
                </a>
              </p>
              <p class="hint break-all">{created.processUrl}</p>
            </div>
          )}
        </div>
      </Card>
      <Card title={t.checkout.state}>
        {returnedReference !== undefined && <p class="notice calm">{t.checkout.returned(returnedReference)}</p>}
        <Form onSubmit={() => void querying.run(requestId)} label={t.checkout.query}>
          <div class="fields">
            <Field
              name="requestId"
              label={t.checkout.requestId}
              value={requestId}
              onChange={requestIdDraft.set}
              isCode
              required
            />
          </div>
          <p class="actions">
            <button data-testid={TEST_IDS.webcheckoutQuery} aria-disabled={querying.isRunning}>
              {t.checkout.query}
            </button>
          </p>
        </Form>
        <Problem problem={querying.problem} />
        <div aria-live="polite">{state && <StateOfSession state={state} />}</div>
      </Card>
    </div>
  );
}

const TONES: Readonly<Record<string, Tone>> = { OK: 'good', APPROVED: 'good', REJECTED: 'bad', FAILED: 'bad' };

function StateOfSession({ state }: { readonly state: SessionState }) {
  const t = useMessages();
  const status = state.status?.status ?? '?';
  return (
    <div data-testid={TEST_IDS.webcheckoutState} data-status={status}>
      <p class="row">
        <Badge tone={TONES[status] ?? 'calm'}>{t.checkout.states[status] ?? status}</Badge>
        <span>{state.status?.message}</span>
      </p>
      <details>
        <summary>{t.checkout.answer}</summary>
        <BodyView body={JSON.stringify(state, null, 2)} />
      </details>
    </div>
  );
}

/** Only pages are gone to: an answer that carries `javascript:` leads nowhere. */
function webUrl(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

function remember(reference: string, requestId: string): void {
  try {
    sessionStorage.setItem(keyOf(reference), requestId);
  } catch {
    // Then the reader types the requestId after the return.
  }
}

function recall(reference: string): string | undefined {
  try {
    return sessionStorage.getItem(keyOf(reference)) ?? undefined;
  } catch {
    return undefined;
  }
}
