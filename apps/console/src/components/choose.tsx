import { type Gateway } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { GATEWAYS } from '../lib/gateways';

interface Choice {
  readonly id: string;
  readonly gateway: Gateway;
  readonly href: string;
  readonly testId: string;
  readonly label: string;
  readonly detail?: string;
}

interface ChooseProps {
  readonly label: string;
  readonly current: string;
  readonly choices: readonly Choice[];
}

/** Links to what can be chosen, gateway by gateway. */
export function ChooseGrouped({ label, current, choices }: ChooseProps) {
  const t = useMessages();
  const groups = GATEWAYS.map((gateway) => [gateway, choices.filter((choice) => choice.gateway === gateway)] as const);
  return (
    <nav class="choose" aria-label={label}>
      {groups
        .filter(([, members]) => members.length > 0)
        .map(([gateway, members]) => (
          <div key={gateway}>
            <h2>{t.gateways[gateway]}</h2>
            <ul>
              {members.map(({ id, href, testId, label: text, detail }) => (
                <li key={id}>
                  <a href={href} data-testid={testId} {...(id === current && { 'aria-current': 'true' as const })}>
                    {text}
                    {detail !== undefined && <span class="tag">{detail}</span>}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </nav>
  );
}
