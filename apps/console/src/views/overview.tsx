import { type Gateway, type GatewayOverview, type Overview as OverviewData } from '../api/contract';
import { Badge, Card, Fact, Facts, type Tone, ViewHeader } from '../components/basics';
import { Countdown } from '../components/countdown';
import { useMessages } from '../i18n/messages';
import { formatDuration, formatOffset, formatTime, remainingShare } from '../lib/format';
import { useNow } from '../lib/hooks';
import { useStore } from '../lib/store';
import { type LiveOverview, liveOverview } from '../state/live';
import { TEST_IDS } from '../test-ids';

export function Overview() {
  const t = useMessages();
  const live = useStore(liveOverview);
  return (
    <>
      <ViewHeader title={t.views.overview} lead={t.overview.lead} />
      {live === undefined ? <p role="status">{t.loading}</p> : <Everything live={live} />}
    </>
  );
}

function Everything({ live }: { readonly live: LiveOverview }) {
  useNow(1_000);
  const elapsedMs = performance.now() - live.receivedAt;
  const { gateways } = live.overview;
  return (
    <>
      <div class="cards">
        {gateways.map((gateway) => (
          <GatewayCard key={gateway.gateway} {...{ gateway, elapsedMs, clockAheadMs: live.clockAheadMs }} />
        ))}
      </div>
      <ProcessCards overview={live.overview} elapsedMs={elapsedMs} />
    </>
  );
}

interface GatewayCardProps {
  readonly gateway: GatewayOverview;
  /** Since the overview came. */
  readonly elapsedMs: number;
  readonly clockAheadMs: number;
}

function GatewayCard({ gateway: g, elapsedMs, clockAheadMs }: GatewayCardProps) {
  const t = useMessages();
  return (
    <Card
      title={t.gateways[g.gateway]}
      data-testid={`gateway-${g.gateway}`}
      actions={g.environment !== undefined && <span class="tag">{g.environment}</span>}
    >
      {!g.isConfigured ? (
        <p class="hint">{t.overview.notConfigured}</p>
      ) : (
        <>
          <Facts>
            <Fact name={t.overview.hosts}>
              {g.hosts.map((host) => (
                <code key={host} class="line">
                  {host}
                </code>
              ))}
            </Fact>
            {g.clientId !== undefined && (
              <Fact name={t.overview.client}>
                <code>{g.clientId}</code>
              </Fact>
            )}
          </Facts>
          {g.token === undefined ? (
            <div class="token">
              <p class="row">{t.overview.accessToken}</p>
              <p class="hint">{t.overview.noToken}</p>
            </div>
          ) : (
            <TokenFacts gateway={g.gateway} token={g.token} elapsedMs={elapsedMs} />
          )}
          {g.gateway === 'alignet' && <LastNonce nonce={g.lastNonce} clockAheadMs={clockAheadMs} />}
          <Facts>
            {g.clockOffsetMs !== undefined && (
              <Fact name={t.overview.clockOffset}>
                <span title={t.overview.clockOffsetHint}>{formatOffset(g.clockOffsetMs)}</span>
              </Fact>
            )}
            {g.lastFailure !== undefined && (
              <Fact name={t.overview.lastFailure}>
                <span class="bad-text small">
                  {formatTime(g.lastFailure.at)} <span lang="en">{g.lastFailure.message}</span>
                </span>
              </Fact>
            )}
          </Facts>
        </>
      )}
    </Card>
  );
}

const TOKEN_TONES: Readonly<Record<NonNullable<GatewayOverview['token']>['state'], Tone>> = {
  none: 'calm',
  valid: 'good',
  expired: 'warn',
  contested: 'bad',
};

interface TokenFactsProps {
  readonly gateway: Gateway;
  readonly token: NonNullable<GatewayOverview['token']>;
  readonly elapsedMs: number;
}

function TokenFacts({ gateway, token, elapsedMs }: TokenFactsProps) {
  const t = useMessages();
  const remainingMs = token.remainingMs === undefined ? undefined : Math.max(0, token.remainingMs - elapsedMs);
  const ageMs = token.ageMs === undefined ? undefined : token.ageMs + elapsedMs;
  return (
    <div class="token">
      <p class="row">
        <span>{t.overview.accessToken}</span>
        <span data-testid={TEST_IDS.tokenState} data-state={token.state}>
          <Badge tone={TOKEN_TONES[token.state]}>{t.overview.tokenStates[token.state]}</Badge>
        </span>
      </p>
      {remainingMs !== undefined && (
        <div data-testid={TEST_IDS.tokenRemaining}>
          <progress
            max={1}
            value={remainingShare(remainingMs, ageMs ?? 0)}
            aria-label={t.overview.remainingOf(t.gateways[gateway])}
          />
          <p class="row small">
            <span>{t.overview.remaining}</span>
            <span class="number">{formatDuration(remainingMs)}</span>
          </p>
        </div>
      )}
      <Facts>
        {ageMs !== undefined && <Fact name={t.overview.tokenAge}>{formatDuration(ageMs)}</Fact>}
        {token.obtainedAt !== undefined && <Fact name={t.overview.obtained}>{formatTime(token.obtainedAt)}</Fact>}
        <Fact name={t.overview.renewals}>{token.renewals}</Fact>
        <Fact name={t.overview.rejections}>{token.rejections}</Fact>
        {token.fingerprint !== undefined && (
          <Fact name={t.overview.fingerprint}>
            <code>{token.fingerprint}</code>
          </Fact>
        )}
        {token.generation !== undefined && (
          <Fact name={t.overview.generation}>
            {token.generation}
            {token.source !== undefined && `, ${t.overview.sources[token.source]}`}
          </Fact>
        )}
      </Facts>
    </div>
  );
}

function LastNonce({ nonce, clockAheadMs }: { nonce: GatewayOverview['lastNonce']; clockAheadMs: number }) {
  const t = useMessages();
  return (
    <div class="token">
      <p class="row">
        <span>{t.overview.lastNonce}</span>
        {nonce === undefined ? <span class="hint">{t.overview.noNonce}</span> : <code>{nonce.nonce}</code>}
      </p>
      {nonce !== undefined && (
        <Countdown
          startedAt={Date.parse(nonce.at) - clockAheadMs}
          expiresAt={Date.parse(nonce.expiresAt) - clockAheadMs}
          label={t.overview.nonceLife}
          left={t.overview.nonceLeft}
          over={t.overview.nonceOver}
          data-testid={TEST_IDS.nonceCountdown}
        />
      )}
    </div>
  );
}

function ProcessCards({ overview, elapsedMs }: { readonly overview: OverviewData; readonly elapsedMs: number }) {
  const t = useMessages();
  const { process, store, simulatorUrls, simulatorClockOffsetMs, versions, hasSimulator } = overview;
  return (
    <div class="cards">
      <Card title={t.overview.process}>
        <Facts>
          <Fact name="PID">{process.pid}</Fact>
          <Fact name={t.overview.uptime}>{formatDuration(process.uptimeMs + elapsedMs)}</Fact>
          <Fact name={t.overview.store}>
            <span data-testid={TEST_IDS.storeState} data-state={store.state}>
              {t.overview.storeKinds[store.kind]}{' '}
              <Badge tone={store.state === 'ok' ? 'good' : 'bad'}>{t.overview.storeStates[store.state]}</Badge>
              {store.detail !== undefined && ` ${store.detail}`}
            </span>
          </Fact>
        </Facts>
      </Card>
      {hasSimulator && (
        <Card title={t.overview.simulator}>
          <Facts>
            {simulatorClockOffsetMs !== undefined && (
              <Fact name={t.overview.simulatorClock}>{formatOffset(simulatorClockOffsetMs)}</Fact>
            )}
            {Object.entries(simulatorUrls).map(([name, url]) => (
              <Fact key={name} name={name}>
                <code>{url}</code>
              </Fact>
            ))}
          </Facts>
        </Card>
      )}
      <Card title={t.overview.versions}>
        <Facts>
          {Object.entries(versions).map(([name, version]) => (
            <Fact key={name} name={name}>
              <code>{version}</code>
            </Fact>
          ))}
        </Facts>
      </Card>
    </div>
  );
}
