import { useEffect, useRef, useState } from 'preact/hooks';
import { type Gateway } from '../api/contract';
import { type ActiveFault, FAULT_KINDS, type FaultKind, OPERATIONS } from '../api/simulator';
import { useMessages } from '../i18n/messages';
import { GATEWAYS } from '../lib/gateways';
import { typedNumber } from '../lib/number';
import { TEST_IDS } from '../test-ids';
import { type Perform } from '../views/simulator';
import { Card } from './basics';
import { CheckBox, Field, Form } from './fields';

interface FaultDeskProps {
  readonly faults: readonly ActiveFault[];
  readonly perform: Perform;
}

/** A cut connection has no status, and a delay goes on as if nothing were. */
const WITHOUT_STATUS: readonly FaultKind[] = ['cut', 'delay'];

export function FaultDesk({ faults, perform }: FaultDeskProps) {
  const t = useMessages();
  const [gateway, setGateway] = useState<Gateway>('netzme');
  const [operation, setOperation] = useState('');
  const [kind, setKind] = useState<FaultKind>('status');
  const [times, setTimes] = useState('1');
  const [status, setStatus] = useState('503');
  const [delayMs, setDelayMs] = useState('1000');
  const [afterProcessing, setAfterProcessing] = useState(false);
  const add = () =>
    perform('POST', '/faults', {
      gateway,
      kind,
      times: typedNumber(times),
      ...(operation !== '' && { operation }),
      ...(!WITHOUT_STATUS.includes(kind) && status !== '' && { status: typedNumber(status) }),
      ...(kind === 'delay' && { delayMs: typedNumber(delayMs) }),
      ...(afterProcessing && { afterProcessing }),
    });
  const chooseKind = (name: string) => {
    setKind(name as FaultKind);
    setStatus(name === 'status' ? '503' : '');
  };
  return (
    <Card title={t.simulator.faults}>
      <Form onSubmit={add} label={t.simulator.faults}>
        <div class="fields">
          <Field
            name="faultGateway"
            label={t.simulator.gateway}
            kind="choice"
            value={gateway}
            choices={GATEWAYS.map((name) => [name, t.gateways[name]] as const)}
            onChange={(name) => {
              setGateway(name as Gateway);
              setOperation('');
            }}
            required
          />
          <Field
            name="faultOperation"
            label={t.simulator.operation}
            kind="choice"
            value={operation}
            choices={[['', t.simulator.anyOperation], ...OPERATIONS[gateway]]}
            onChange={setOperation}
            required={false}
          />
          <Field
            name="faultKind"
            label={t.simulator.kind}
            kind="choice"
            value={kind}
            choices={FAULT_KINDS.map((name) => [name, t.simulator.kinds[name]] as const)}
            onChange={chooseKind}
            required
          />
          {!WITHOUT_STATUS.includes(kind) && (
            <Field
              name="faultStatus"
              label={t.simulator.status}
              kind="number"
              value={status}
              onChange={setStatus}
              required={kind === 'status'}
            />
          )}
          {kind === 'delay' && (
            <Field
              name="faultDelay"
              label={t.simulator.delayMs}
              kind="number"
              value={delayMs}
              onChange={setDelayMs}
              required
            />
          )}
          <Field
            name="faultTimes"
            label={t.simulator.times}
            hint={t.simulator.timesHint}
            kind="number"
            value={times}
            onChange={setTimes}
            required
          />
        </div>
        <CheckBox name="afterProcessing" checked={afterProcessing} onChange={setAfterProcessing}>
          {t.simulator.afterProcessing}
        </CheckBox>
        <p class="actions">
          <button class="primary" data-testid={TEST_IDS.addFault}>
            {t.simulator.addFault}
          </button>
        </p>
      </Form>
      <Waiting faults={faults} perform={perform} />
    </Card>
  );
}

function Waiting({ faults, perform }: FaultDeskProps) {
  const t = useMessages();
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  /** Place of the fault whose button was pressed last; it goes with its button. */
  const removed = useRef<number | undefined>(undefined);
  const ids = faults.map(({ id }) => id).join();
  useEffect(() => {
    const place = removed.current;
    removed.current = undefined;
    // Whoever has gone on meanwhile is left alone.
    if (place === undefined || document.activeElement !== document.body) return;
    const buttons = list.current?.querySelectorAll('button') ?? [];
    (buttons[Math.min(place, buttons.length - 1)] ?? heading.current)?.focus();
  }, [ids]);
  return (
    <>
      <h3 ref={heading} tabIndex={-1}>
        {t.simulator.active}
      </h3>
      <div aria-live="polite">
        {faults.length === 0 && <p class="hint">{t.simulator.noFaults}</p>}
        <ul ref={list} class="records">
          {faults.map((fault, place) => (
            <li key={fault.id} class="record" data-testid={TEST_IDS.activeFault}>
              <code>
                {fault.gateway} · {fault.operation ?? t.simulator.anyOperation}
              </code>
              <span>
                {t.simulator.kinds[fault.kind]}
                {fault.status !== undefined && ` ${fault.status}`}
                {fault.delayMs !== undefined && ` ${fault.delayMs} ms`}
              </span>
              <span class="hint">{t.simulator.remaining(fault.remaining)}</span>
              <button
                type="button"
                class="small"
                data-testid={TEST_IDS.removeFault}
                aria-label={`${t.simulator.remove}: ${fault.gateway} ${t.simulator.kinds[fault.kind]}`}
                onClick={() => {
                  removed.current = place;
                  perform('DELETE', `/faults/${fault.id}`);
                }}
              >
                {t.simulator.remove}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
