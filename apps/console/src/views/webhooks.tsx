import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import { type SentWebhook, type WebhookDesk, type WebhookOrder, type WebhookSchemeInfo } from '../api/contract';
import { type ShownProblem } from '../api/problem';
import { Card, Problem, ViewHeader } from '../components/basics';
import { ChooseGrouped } from '../components/choose';
import { Limited } from '../components/limited';
import { SentWebhooks } from '../components/sent-webhooks';
import { VerdictList } from '../components/verdict-view';
import { WebhookForm } from '../components/webhook-form';
import { useMessages } from '../i18n/messages';
import { useAction, useLoaded } from '../lib/hooks';
import { useStore } from '../lib/store';
import { hasSimulator, liveOverview, newVerdicts } from '../state/live';
import { linkTo, route } from '../state/router';

/** Verdicts come by the stream; what a delayed webhook was answered has to be asked for. */
const PENDING_REFRESH_MS = 1_000;

const idOf = ({ gateway, scheme }: Pick<WebhookSchemeInfo, 'gateway' | 'scheme'>) => `${gateway}-${scheme}`;

export function Webhooks() {
  const t = useMessages();
  const { item } = useStore(route);
  const canSend = useStore(liveOverview, hasSimulator);
  const verdictsCame = useStore(newVerdicts);
  const desk = useLoaded(() => api<WebhookDesk>('GET', '/webhooks'), [verdictsCame]);
  const { schemes = [], verdicts = [], sent = [] } = desk.value ?? {};
  const isPending = sent.some(({ status }) => status === null);
  useEffect(() => {
    if (!isPending) return undefined;
    const timer = setInterval(desk.reload, PENDING_REFRESH_MS);
    return () => clearInterval(timer);
  }, [isPending, desk.reload]);
  const sending = useAction(async (signal, order: WebhookOrder) => {
    await api<SentWebhook>('POST', '/webhooks/send', order, { signal });
    desk.reload();
  });
  const send = (order: WebhookOrder) => void sending.run(order);
  const chosen = schemes.find((scheme) => idOf(scheme) === item) ?? schemes[0];
  return (
    <>
      <ViewHeader title={t.views.webhooks} lead={t.webhooks.lead} />
      <Problem problem={desk.problem} />
      {desk.value && !canSend && <p class="notice calm">{t.webhooks.onlySimulator}</p>}
      <div class="with-side">
        {chosen && canSend && (
          <ChooseGrouped
            label={t.webhooks.scheme}
            current={idOf(chosen)}
            choices={schemes.map((scheme) => ({
              id: idOf(scheme),
              gateway: scheme.gateway,
              href: linkTo('webhooks', idOf(scheme)),
              testId: `scheme-${idOf(scheme)}`,
              label: scheme.scheme,
            }))}
          />
        )}
        <div class="stack">
          {chosen && canSend && <ChosenScheme key={idOf(chosen)} {...{ scheme: chosen, send, sending }} />}
          <Card title={t.webhooks.sent}>
            <SentWebhooks sent={sent} onResend={send} isBusy={sending.isRunning} />
          </Card>
          <Card title={t.webhooks.received}>
            {verdicts.length === 0 && <p class="hint">{t.webhooks.noneReceived}</p>}
            <Limited items={verdicts}>{(shown) => <VerdictList verdicts={shown} />}</Limited>
          </Card>
        </div>
      </div>
    </>
  );
}

interface ChosenSchemeProps {
  readonly scheme: WebhookSchemeInfo;
  readonly send: (order: WebhookOrder) => void;
  readonly sending: { readonly isRunning: boolean; readonly problem?: ShownProblem };
}

/** Keeps the sample it was opened with: the desk is read again and again, and what QA typed must stay. */
function ChosenScheme({ scheme, send, sending }: ChosenSchemeProps) {
  const [opened] = useState(scheme);
  return <WebhookForm scheme={opened} onSend={send} isBusy={sending.isRunning} problem={sending.problem} />;
}
