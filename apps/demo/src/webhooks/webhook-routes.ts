import { type Type } from '@nestjs/common';
import { type EnvironmentVariables } from '../config/environment';
import { AlignetWebhooksController } from './alignet-webhooks.controller';
import { NetzmeMerchantCallbackController, SnapV1Controller, SnapV2Controller } from './netzme-webhooks.controller';
import {
  AccountValidatorController,
  AutopayContractController,
  MsvController,
  OnboardingController,
  PlacetopayWebhooksController,
  ScudoController,
} from './placetopay-webhooks.controller';
import { type WebhookRoute } from './webhook-route';

/** One controller for all that needs the same. */
interface ControllerOfRoutes {
  readonly controller: Type;
  /** Whether what its webhooks are verified with is at hand. The library would not start with one that cannot work. */
  readonly isConfigured: (environment: EnvironmentVariables) => boolean;
  readonly routes: readonly WebhookRoute[];
}

/** @param variables outside the sandbox all of them are needed; in it the simulator has whatever is not set */
const needs =
  (...variables: readonly (keyof EnvironmentVariables)[]) =>
  (environment: EnvironmentVariables): boolean =>
    environment.PAYMENT_ENV === 'sandbox' || variables.every((name) => environment[name] !== undefined);

const alignet = (path: string, scheme: string): WebhookRoute => ({
  path: `/webhooks/alignet/${path}`,
  gateway: 'alignet',
  scheme,
});
const placetopay = (path: string, scheme = path): WebhookRoute => ({
  path: `/webhooks/placetopay/${path}`,
  gateway: 'placetopay',
  scheme,
});
const netzme = (scheme: string): WebhookRoute => ({ path: `/webhooks/netzme/${scheme}`, gateway: 'netzme', scheme });

const CONTROLLERS: readonly ControllerOfRoutes[] = [
  {
    controller: PlacetopayWebhooksController,
    isConfigured: needs('PLACETOPAY_LOGIN'),
    routes: [
      placetopay('checkout'),
      placetopay('payment-link'),
      placetopay('gateway'),
      placetopay('gateway-session'),
      placetopay('ach-return'),
      placetopay('autopay'),
      placetopay('token-requestor'),
      placetopay('microsite', 'microsite-auth'),
    ],
  },
  {
    controller: AccountValidatorController,
    isConfigured: (environment) =>
      environment.PAYMENT_ENV === 'sandbox' || (environment.PLACETOPAY_WEBHOOK_ACCEPT_SHA1 ?? 'false') !== 'false',
    routes: [placetopay('account-validator')],
  },
  {
    controller: OnboardingController,
    isConfigured: needs('PLACETOPAY_ONBOARDING_SECRETS'),
    routes: [placetopay('onboarding')],
  },
  {
    controller: ScudoController,
    isConfigured: needs('PLACETOPAY_SCUDO_SECRET_KEY', 'PLACETOPAY_SCUDO_NOTIFICATION_URL'),
    routes: [placetopay('scudo')],
  },
  {
    controller: MsvController,
    isConfigured: needs('PLACETOPAY_MSV_SECRET_TOKEN'),
    routes: [placetopay('msv')],
  },
  {
    controller: AutopayContractController,
    isConfigured: needs('PLACETOPAY_AUTOPAY_CONTRACT_USER'),
    routes: [
      placetopay('autopay-contract/balance', 'autopay-contract'),
      placetopay('autopay-contract/settlement', 'autopay-contract'),
    ],
  },
  {
    controller: AlignetWebhooksController,
    isConfigured: needs('ALIGNET_CLIENT_ID', 'ALIGNET_MERCHANT_CODE'),
    routes: [alignet('notification', 'notification'), alignet('redirect', 'redirect')],
  },
  {
    controller: SnapV1Controller,
    isConfigured: needs('NETZME_CALLBACK_TOKENS'),
    routes: [netzme('snap-v1')],
  },
  {
    controller: SnapV2Controller,
    isConfigured: needs('NETZME_CALLBACK_PUBLIC_KEYS'),
    routes: [netzme('snap-v2')],
  },
  {
    controller: NetzmeMerchantCallbackController,
    // Unsigned: for whom Netzme is asked must not be the sender's choice.
    isConfigured: (environment) =>
      needs('NETZME_CLIENT_ID', 'NETZME_MERCHANT_IDS')(environment) && environment.NETZME_MERCHANT_IDS !== 'any',
    routes: [netzme('merchant-callback')],
  },
];

/** The webhooks that can be verified here. The others have no route: 404. */
export function webhooksOf(environment: EnvironmentVariables): {
  readonly controllers: Type[];
  readonly routes: readonly WebhookRoute[];
} {
  const configured = CONTROLLERS.filter(({ isConfigured }) => isConfigured(environment));
  return {
    controllers: configured.map(({ controller }) => controller),
    routes: configured.flatMap(({ routes }) => routes),
  };
}
