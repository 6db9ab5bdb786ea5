import { useState } from 'preact/hooks';
import { SITE_STATES, type SimulatorState } from '../api/simulator';
import { useMessages } from '../i18n/messages';
import { TEST_IDS } from '../test-ids';
import { type Perform } from '../views/simulator';
import { Card } from './basics';
import { Field, Form } from './fields';

interface TokenDeskProps {
  readonly state: SimulatorState;
  readonly perform: Perform;
}

const SANDBOX_NETZME = 'sandbox-netzme';

/** Ends tokens and closes sites, as it happens to merchants. */
export function TokenDesk({ state, perform }: TokenDeskProps) {
  const t = useMessages();
  const sites = Object.entries(state.placetopay.sites);
  const [clientId, setClientId] = useState(Object.keys(state.netzme.tokens)[0] ?? SANDBOX_NETZME);
  const [login, setLogin] = useState(sites[0]?.[0] ?? '');
  const [siteState, setSiteState] = useState<string>('inactive');
  const states = SITE_STATES.map((name) => [name, t.simulator.siteStates[name]] as const);
  const stateName = (name: string) => states.find(([known]) => known === name)?.[1] ?? name;
  return (
    <Card title={t.simulator.tokens}>
      <div class="inline">
        <Field name="netzmeClient" label={t.simulator.netzmeClient} value={clientId} onChange={setClientId} isCode />
        <button
          type="button"
          data-testid={TEST_IDS.expireToken}
          onClick={() => perform('POST', '/netzme/expire-token', { clientId })}
        >
          {t.simulator.expire}
        </button>
        <button
          type="button"
          title={t.simulator.stealHint}
          data-testid={TEST_IDS.stealToken}
          onClick={() => perform('POST', '/netzme/steal-token', { clientId })}
        >
          {t.simulator.steal}
        </button>
      </div>
      <div class="inline">
        <button
          type="button"
          data-testid={TEST_IDS.revokeTokens}
          onClick={() => perform('POST', '/alignet/revoke-tokens', {})}
        >
          {t.simulator.revoke}
        </button>
      </div>
      <Form onSubmit={() => perform('POST', `/placetopay/sites/${encodeURIComponent(login)}`, { state: siteState })}>
        <div class="inline">
          <Field
            name="site"
            label={t.simulator.site}
            kind="choice"
            value={login}
            choices={sites.map(([name, current]) => [name, `${name} · ${stateName(current)}`] as const)}
            onChange={setLogin}
          />
          <Field
            name="siteState"
            label={t.simulator.siteState}
            kind="choice"
            value={siteState}
            choices={states}
            onChange={setSiteState}
          />
          <button data-testid={TEST_IDS.setSiteState}>{t.simulator.apply}</button>
        </div>
      </Form>
    </Card>
  );
}
