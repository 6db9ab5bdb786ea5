import { useEffect } from 'preact/hooks';
import { type Replicas as ReplicasData } from '../api/contract';
import { Badge, Card, Problem, ViewHeader } from '../components/basics';
import { useMessages } from '../i18n/messages';
import { formatTime } from '../lib/format';
import { useLoaded } from '../lib/hooks';
import { useStore } from '../lib/store';
import { loadReplicas, replicas as replicasStore } from '../state/live';
import { TEST_IDS } from '../test-ids';

const REFRESH_MS = 5_000;

export function Replicas() {
  const t = useMessages();
  const { problem, reload } = useLoaded(loadReplicas);
  const known = useStore(replicasStore);
  useEffect(() => {
    const timer = setInterval(reload, REFRESH_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <>
      <ViewHeader title={t.views.replicas} lead={t.replicas.lead} />
      <Problem problem={problem} />
      {known && !known.isShared && (
        <div class="notice warn" data-testid={TEST_IDS.sharingOff}>
          <p>
            <strong>{t.replicas.off}</strong>
          </p>
          <p>{t.replicas.offHint}</p>
        </div>
      )}
      {known && <ReplicaTable known={known} />}
    </>
  );
}

function ReplicaTable({ known }: { readonly known: ReplicasData }) {
  const t = useMessages();
  if (known.replicas.length === 0) return <p class="hint">{t.replicas.none}</p>;
  return (
    <div class="cards">
      {known.replicas.map((replica) => (
        <Card
          key={replica.id}
          title={
            <span class="break-all">
              {replica.host} · PID {replica.pid}
            </span>
          }
          actions={replica.id === known.self && <span class="tag">{t.replicas.self}</span>}
          data-testid={TEST_IDS.replicaRow}
        >
          <p class="hint">
            <code>{replica.id}</code> · {t.replicas.started} {formatTime(replica.startedAt)} · {t.replicas.seen}{' '}
            {formatTime(replica.seenAt)}
          </p>
          <table>
            <tbody>
              {replica.tokens.map(({ gateway, generation, holdsLease, expiresAt }) => (
                <tr key={gateway}>
                  <th scope="row">{t.gateways[gateway]}</th>
                  <td class="number">
                    {generation === undefined && expiresAt !== undefined
                      ? t.replicas.ownToken
                      : t.replicas.generation(generation)}
                    {expiresAt !== undefined && <span class="hint"> {t.replicas.expires(formatTime(expiresAt))}</span>}
                  </td>
                  <td>
                    {known.isShared &&
                      (holdsLease ? (
                        <Badge tone="good">{t.replicas.lease}</Badge>
                      ) : (
                        <span class="hint">{t.replicas.noLease}</span>
                      ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
      ))}
    </div>
  );
}
