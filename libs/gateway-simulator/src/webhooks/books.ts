import { type SimulatorAccounts } from '../accounts';
import { type AlignetGateway } from '../alignet/alignet-gateway';
import { type GatewayName } from '../core/exchange';
import { type PlacetopayGateway } from '../placetopay/placetopay-gateway';
import { type SimulatorSettings } from '../settings';
import { alignetSchemes } from './alignet-webhooks';
import { GatewaySchemes, type SchemeBook } from './gateway-schemes';
import { NETZME_SCHEMES } from './netzme-webhooks';
import { placetopaySchemes } from './placetopay-webhooks';

export interface WebhookBooksParts {
  readonly accounts: SimulatorAccounts;
  readonly settings: () => SimulatorSettings;
  readonly alignet: Pick<AlignetGateway, 'chargeNotice'>;
  readonly placetopay: Pick<PlacetopayGateway, 'sessionNotice' | 'linkNotice'>;
}

/** The schemes of all gateways, tied to the accounts they sign for and to what they speak of. */
export function webhookBooks(parts: WebhookBooksParts): Readonly<Record<GatewayName, SchemeBook>> {
  const { accounts, alignet, placetopay, settings } = parts;
  return {
    alignet: new GatewaySchemes(
      accounts.alignet,
      ({ clientId }) => clientId,
      alignetSchemes({
        accounts: accounts.alignet,
        settings: () => settings().alignet,
        charge: (transactionId) => alignet.chargeNotice(transactionId),
      }),
    ),
    placetopay: new GatewaySchemes(
      accounts.placetopay,
      ({ login }) => login,
      placetopaySchemes({
        settings: () => settings().placetopay,
        session: (requestId) => placetopay.sessionNotice(requestId),
        link: (linkId, at) => placetopay.linkNotice(linkId, at),
      }),
    ),
    netzme: new GatewaySchemes(accounts.netzme, ({ clientId }) => clientId, NETZME_SCHEMES),
  };
}
