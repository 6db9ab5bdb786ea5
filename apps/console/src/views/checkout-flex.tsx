import { useEffect, useRef, useState } from 'preact/hooks';
import { requestJson } from '../api/client';
import { type WebhookVerdict } from '../api/contract';
import { Badge, Card, Problem } from '../components/basics';
import { Countdown } from '../components/countdown';
import { CheckBox, Field, Form } from '../components/fields';
import { VerdictList } from '../components/verdict-view';
import { useMessages } from '../i18n/messages';
import {
  FLEX_CURRENCIES,
  FLEX_METHODS,
  FlexAssetError,
  flexOptions,
  type FlexSession,
  isOnOperation,
  loadFlex,
  type Purchase,
} from '../lib/flex';
import { formatTime } from '../lib/format';
import { useDraft } from '../lib/draft';
import { useAction } from '../lib/hooks';
import { newOperationNumber } from '../lib/operation-number';
import { useStore } from '../lib/store';
import { unlessAborted } from '../lib/unless-aborted';
import { haveWebhookSent } from '../lib/webhook-target';
import { liveOverview, newVerdicts } from '../state/live';
import { language } from '../state/preferences';
import { TEST_IDS } from '../test-ids';

interface Callback {
  readonly name: 'response' | 'tracking' | 'error';
  readonly at: number;
  readonly value: unknown;
}

interface Started {
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly operationNumber: string;
  readonly verdictsBefore: readonly WebhookVerdict[];
}

const newPurchase = (): Purchase => ({
  amount: '15000',
  currency: '604',
  operationNumber: newOperationNumber(),
  methods: [],
});

/** Starts Flex as a shop's page does: a session of the backend, the gateway's assets, the constructor. */
export function FlexPanel() {
  const t = useMessages();
  const [purchase, draft] = useDraft('flex', newPurchase);
  const [started, setStarted] = useState<Started>();
  const [callbacks, setCallbacks] = useState<readonly Callback[]>([]);
  const place = useRef<HTMLDivElement>(null);
  const form = useRef<{ terminate?(): void } | undefined>(undefined);

  const end = () => {
    form.current?.terminate?.();
    form.current = undefined;
    place.current?.replaceChildren();
  };
  useEffect(() => end, []);

  const starting = useAction(async (signal) => {
    end();
    setStarted(undefined);
    setCallbacks([]);
    const verdictsBefore = newVerdicts.get();
    await unlessAborted(haveWebhookSent('alignet'), signal);
    const newSession = () => requestJson<FlexSession>('POST', '/alignet/checkout-session', {}, { signal });
    const session = await loadFlex(newSession, signal).catch((error: unknown) => {
      throw error instanceof FlexAssetError ? new Error(t.checkout.assetFailed(error.url)) : error;
    });
    const Flex = window.FlexPaymentForms;
    if (Flex === undefined) throw new Error(t.checkout.noConstructor);
    if (signal.aborted || place.current === null) return;
    const expiresAt = session.expiresAt - (liveOverview.get()?.clockAheadMs ?? 0);
    setStarted({
      startedAt: expiresAt - session.expiresInSeconds * 1_000,
      expiresAt,
      operationNumber: purchase.operationNumber,
      verdictsBefore,
    });
    const flex = new Flex(flexOptions(session, purchase, language.get()));
    const note = (name: Callback['name']) => (value: unknown) => {
      // What a form calls back that was ended is not about the one that is watched.
      if (form.current === flex) setCallbacks((before) => [...before, { name, at: Date.now(), value }]);
    };
    form.current = flex;
    flex.init(place.current, note('response'), note('tracking'), note('error'));
    // Flex refuses a number it has seen: the next start gets another, unless QA has typed one meanwhile.
    draft.update((before) =>
      before.operationNumber === purchase.operationNumber
        ? { ...before, operationNumber: newOperationNumber() }
        : before,
    );
  });

  return (
    <div class="stack">
      <Card title={t.checkout.alignetTitle}>
        <Form onSubmit={() => void starting.run()} label={t.checkout.alignetTitle}>
          <PurchaseFields purchase={purchase} onChange={draft.update} />
          <div class="actions">
            <button class="primary" data-testid={TEST_IDS.flexStart} aria-disabled={starting.isRunning}>
              {starting.isRunning ? t.checkout.starting : t.checkout.start}
            </button>
            {(starting.isRunning || started) && (
              <button
                type="button"
                data-testid={TEST_IDS.flexEnd}
                onClick={() => {
                  starting.stop();
                  end();
                  setStarted(undefined);
                }}
              >
                {t.checkout.end}
              </button>
            )}
          </div>
        </Form>
        <Problem problem={starting.problem} />
        {started && (
          <Countdown
            startedAt={started.startedAt}
            expiresAt={started.expiresAt}
            label={t.overview.nonceLife}
            left={t.checkout.nonceCountdown}
            over={t.checkout.nonceOver}
            data-testid={TEST_IDS.flexCountdown}
          />
        )}
        <div ref={place} class="flex-form" role="region" aria-label={t.checkout.form} data-testid={TEST_IDS.flexForm} />
      </Card>
      {started && <Outcome started={started} callbacks={callbacks} />}
    </div>
  );
}

interface PurchaseFieldsProps {
  readonly purchase: Purchase;
  readonly onChange: (change: (before: Purchase) => Purchase) => void;
}

function PurchaseFields({ purchase, onChange }: PurchaseFieldsProps) {
  const t = useMessages();
  const set = (change: Partial<Purchase>) => onChange((before) => ({ ...before, ...change }));
  return (
    <>
      <div class="fields">
        <Field
          name="amount"
          label={t.checkout.amount}
          hint={t.checkout.amountHint}
          value={purchase.amount}
          onChange={(amount) => set({ amount })}
          isCode
          required
        />
        <Field
          name="currency"
          label={t.checkout.currency}
          kind="choice"
          choices={FLEX_CURRENCIES}
          value={purchase.currency}
          onChange={(currency) => set({ currency })}
        />
        <Field
          name="operationNumber"
          label={t.checkout.operationNumber}
          hint={t.checkout.operationNumberHint}
          value={purchase.operationNumber}
          onChange={(operationNumber) => set({ operationNumber })}
          isCode
          required
        />
      </div>
      <fieldset class="methods">
        <legend>
          {t.checkout.methods} <span class="hint">({t.checkout.methodsHint})</span>
        </legend>
        {FLEX_METHODS.map((method) => (
          <CheckBox
            key={method}
            name={`method-${method}`}
            checked={purchase.methods.includes(method)}
            onChange={(isChosen) =>
              set({
                methods: FLEX_METHODS.filter((each) => (each === method ? isChosen : purchase.methods.includes(each))),
              })
            }
          >
            <code>{method}</code>
          </CheckBox>
        ))}
      </fieldset>
    </>
  );
}

function Outcome({ started, callbacks }: { readonly started: Started; readonly callbacks: readonly Callback[] }) {
  const t = useMessages();
  const came = useStore(newVerdicts).filter(
    (verdict) => verdict.gateway === 'alignet' && !started.verdictsBefore.includes(verdict),
  );
  const verdicts = came.filter((verdict) => isOnOperation(verdict, started.operationNumber));
  const others = came.length - verdicts.length;
  return (
    <>
      <Card title={t.checkout.callbacks}>
        <div aria-live="polite">
          {callbacks.length === 0 && <p class="hint">{t.checkout.noCallbacks}</p>}
          {callbacks.map(({ name, at, value }, index) => (
            <div key={index} class="callback" data-testid={TEST_IDS.flexCallback} data-callback={name}>
              <p class="row">
                <Badge tone={name === 'error' ? 'bad' : name === 'response' ? 'good' : 'calm'}>
                  {t.checkout.callbackNames[name]}
                </Badge>
                <span class="number hint">{formatTime(at)}</span>
              </p>
              <pre class="bytes tall" tabIndex={0}>
                {textOf(value)}
              </pre>
            </div>
          ))}
        </div>
      </Card>
      <Card title={t.checkout.webhook}>
        <div aria-live="polite" data-testid={TEST_IDS.flexWebhook}>
          {verdicts.length === 0 ? (
            <p class="hint">{t.checkout.webhookWaiting}</p>
          ) : (
            <VerdictList verdicts={verdicts} />
          )}
          {others > 0 && <p class="hint">{t.checkout.webhookOthers(others)}</p>}
        </div>
      </Card>
    </>
  );
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  try {
    return JSON.stringify(value, null, 2) ?? String(value);
  } catch {
    return String(value);
  }
}
