import { useState } from 'preact/hooks';
import { type WebhookOrder, type WebhookSchemeInfo } from '../api/contract';
import { type ShownProblem } from '../api/problem';
import { useMessages } from '../i18n/messages';
import { useDraft } from '../lib/draft';
import { typedNumber } from '../lib/number';
import { TEST_IDS } from '../test-ids';
import { Card, Problem } from './basics';
import { Field, Form } from './fields';

interface WebhookFormProps {
  readonly scheme: WebhookSchemeInfo;
  readonly onSend: (order: WebhookOrder) => void;
  readonly isBusy: boolean;
  readonly problem: ShownProblem | undefined;
}

export function WebhookForm({ scheme, onSend, isBusy, problem }: WebhookFormProps) {
  const t = useMessages();
  const [data, draft] = useDraft(`webhook ${scheme.gateway} ${scheme.scheme}`, () =>
    JSON.stringify(scheme.sample, null, 2),
  );
  const [variant, setVariant] = useState(scheme.variants[0] ?? '');
  const [broken, setBroken] = useState('');
  const [copies, setCopies] = useState('1');
  const [delayMs, setDelayMs] = useState('0');
  const [badJson, setBadJson] = useState(false);
  const hint = t.webhooks.schemeHints[`${scheme.gateway}-${scheme.scheme}`];
  const send = () => {
    const value = objectOf(data);
    setBadJson(value === undefined);
    if (value === undefined) return;
    onSend({
      gateway: scheme.gateway,
      scheme: scheme.scheme,
      data: value,
      ...(variant !== '' && { variant }),
      ...(broken !== '' && { break: broken }),
      ...(typedNumber(copies) !== 1 && { copies: typedNumber(copies) }),
      ...(typedNumber(delayMs) !== 0 && { delayMs: typedNumber(delayMs) }),
    });
  };
  return (
    <Card
      title={scheme.scheme}
      actions={
        <span class="hint break-all">
          {scheme.path === undefined ? t.webhooks.noRoute : t.webhooks.goesTo(scheme.path)}
        </span>
      }
    >
      {hint !== undefined && (
        <p class="notice calm" data-testid={TEST_IDS.schemeHint}>
          {hint}
        </p>
      )}
      <Form onSubmit={send} label={scheme.scheme}>
        <div class="fields">
          {scheme.variants.length > 0 && (
            <Field
              name="variant"
              label={t.webhooks.variant}
              kind="choice"
              choices={scheme.variants}
              value={variant}
              onChange={setVariant}
            />
          )}
          <Field
            name="break"
            isBroad
            label={t.webhooks.break}
            kind="choice"
            choices={[
              ['', t.webhooks.unbroken],
              ...scheme.breaks.map(({ name, does }) => [name, `${name}: ${t.webhooks.breaks[name] ?? does}`] as const),
            ]}
            value={broken}
            onChange={setBroken}
          />
          <Field name="copies" label={t.webhooks.copies} kind="number" value={copies} onChange={setCopies} required />
          <Field
            name="delayMs"
            label={t.webhooks.delayMs}
            kind="number"
            value={delayMs}
            onChange={setDelayMs}
            required
          />
          <Field
            name="data"
            label={t.webhooks.data}
            kind="json"
            rows={Math.min(16, data.split('\n').length + 1)}
            value={data}
            onChange={draft.set}
          />
        </div>
        <p class="actions">
          <button
            class="primary"
            data-testid={TEST_IDS.sendWebhook}
            aria-disabled={isBusy}
            disabled={scheme.path === undefined}
          >
            {t.webhooks.send}
          </button>
        </p>
      </Form>
      <Problem problem={badJson ? { text: t.webhooks.badJson } : problem} />
    </Card>
  );
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
