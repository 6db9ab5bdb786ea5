import { Post } from '@nestjs/common';
import {
  NotificationEvent,
  type PlacetopayAccountValidatorNotification,
  type PlacetopayAchReturnNotification,
  type PlacetopayAutopayContractRequest,
  type PlacetopayAutopayNotification,
  type PlacetopayCheckoutNotification,
  type PlacetopayGatewayNotification,
  type PlacetopayGatewaySessionNotification,
  type PlacetopayMicrositeRequest,
  type PlacetopayMsvNotification,
  type PlacetopayOnboardingNotification,
  type PlacetopayPaymentLinkNotification,
  type PlacetopayScudoNotification,
  type PlacetopayTokenRequestorNotification,
  VerifiedNotification,
} from 'nestjs-payment-auth';
import { PlacetopayConfirmations } from './placetopay-confirmations';
import { WebhookLog } from './webhook-log';
import { ApiWebhook, WebhookController } from './webhook.decorators';

/** Placetopay's `status` object of an answer. */
interface StatusAnswer {
  readonly status: {
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly date?: string;
  };
}

const SUCCESS = { status: 'OK', reason: '00', message: 'Successful response' } as const;
const success = (): StatusAnswer => ({ status: { ...SUCCESS, date: new Date().toISOString() } });

/** Webhooks that need the site's credentials and nothing else. What each is answered with, its page says; most say nothing. */
@WebhookController('placetopay')
export class PlacetopayWebhooksController {
  constructor(
    private readonly log: WebhookLog,
    private readonly confirmations: PlacetopayConfirmations,
  ) {}

  @Post('checkout')
  @VerifiedNotification('placetopay', 'checkout')
  @ApiWebhook({
    tells: 'A WebCheckout session came to its end',
    proof: 'SHA-256 of requestId, state and date; the session is queried for the rest.',
  })
  async checkout(@NotificationEvent() event: PlacetopayCheckoutNotification): Promise<void> {
    this.log.handled(event, await this.confirmations.checkout(event));
  }

  @Post('payment-link')
  @VerifiedNotification('placetopay', 'payment-link')
  @ApiWebhook({
    tells: 'A payment link was paid or has expired',
    proof: 'SHA-256 of linkId, state and date; the link is queried for the rest.',
  })
  async paymentLink(@NotificationEvent() event: PlacetopayPaymentLinkNotification): Promise<void> {
    this.log.handled(event, await this.confirmations.paymentLink(event));
  }

  @Post('gateway')
  @VerifiedNotification('placetopay', 'gateway')
  @ApiWebhook({ tells: 'A Gateway transaction was processed', proof: 'SHA-256 of internalReference and state.' })
  gateway(@NotificationEvent() event: PlacetopayGatewayNotification): void {
    this.log.handled(event);
  }

  @Post('gateway-session')
  @VerifiedNotification('placetopay', 'gateway-session')
  @ApiWebhook({ tells: 'A Gateway session changed', proof: 'SHA-256 of session.id and session.status, X-Signature.' })
  gatewaySession(@NotificationEvent() event: PlacetopayGatewaySessionNotification): void {
    this.log.handled(event);
  }

  @Post('ach-return')
  @VerifiedNotification('placetopay', 'ach-return')
  @ApiWebhook({ tells: 'A bank took an ACH payment back', proof: 'HMAC-SHA-256 of the body, X-Signature.' })
  achReturn(@NotificationEvent() event: PlacetopayAchReturnNotification): void {
    this.log.handled(event);
  }

  @Post('autopay')
  @VerifiedNotification('placetopay', 'autopay')
  @ApiWebhook({
    tells: 'An AutoPay contract changed, or a charge failed',
    proof: 'SHA-256 of id, type and date.',
    answer: 'The status object AutoPay wants.',
  })
  autopay(@NotificationEvent() event: PlacetopayAutopayNotification): StatusAnswer {
    this.log.handled(event);
    // What the library answers a copy with, too.
    return { status: SUCCESS };
  }

  @Post('token-requestor')
  @VerifiedNotification('placetopay', 'token-requestor')
  @ApiWebhook({ tells: 'A card token’s status changed', proof: 'SHA-256 of data and date.' })
  tokenRequestor(@NotificationEvent() event: PlacetopayTokenRequestorNotification): void {
    this.log.handled(event);
  }

  @Post('microsite')
  @VerifiedNotification('placetopay', 'microsite-auth')
  @ApiWebhook({
    tells: 'Placetopay searches the invoices of a customised microsite',
    proof: 'An `auth` as merchants send it otherwise, good for one request.',
    answer: 'No invoices.',
  })
  microsite(@NotificationEvent() event: PlacetopayMicrositeRequest): object {
    this.log.handled(event);
    return { ...success(), data: [] };
  }
}

@WebhookController('placetopay')
export class AccountValidatorController {
  constructor(private readonly log: WebhookLog) {}

  @Post('account-validator')
  @VerifiedNotification('placetopay', 'account-validator')
  @ApiWebhook({ tells: 'A bank account was verified, or not', proof: 'SHA-1 of requestId and state.' })
  accountValidator(@NotificationEvent() event: PlacetopayAccountValidatorNotification): void {
    this.log.handled(event);
  }
}

@WebhookController('placetopay')
export class OnboardingController {
  constructor(private readonly log: WebhookLog) {}

  @Post('onboarding')
  @VerifiedNotification('placetopay', 'onboarding')
  @ApiWebhook({ tells: 'An Onboarding process ended', proof: 'HMAC-SHA-256 of time and body, X-Signature.' })
  onboarding(@NotificationEvent() event: PlacetopayOnboardingNotification): void {
    this.log.handled(event);
  }
}

@WebhookController('placetopay')
export class ScudoController {
  constructor(private readonly log: WebhookLog) {}

  @Post('scudo')
  @VerifiedNotification('placetopay', 'scudo')
  @ApiWebhook({
    tells: 'Somebody resolved a validation of API Scudo',
    proof: 'HMAC-SHA-256 of URL and time, signature and seed; nothing of the body.',
  })
  scudo(@NotificationEvent() event: PlacetopayScudoNotification): void {
    this.log.handled(event);
  }
}

@WebhookController('placetopay')
export class MsvController {
  constructor(private readonly log: WebhookLog) {}

  @Post('msv')
  @VerifiedNotification('placetopay', 'msv')
  @ApiWebhook({ tells: 'Somebody answered a validation message', proof: 'SHA-256 of token, state and date.' })
  msv(@NotificationEvent() event: PlacetopayMsvNotification): void {
    this.log.handled(event);
  }
}

@WebhookController('placetopay')
export class AutopayContractController {
  constructor(private readonly log: WebhookLog) {}

  @Post('autopay-contract/balance')
  @VerifiedNotification('placetopay', 'autopay-contract')
  @ApiWebhook({
    tells: 'AutoPay asks how much to charge',
    proof: 'HTTP Basic with the user and password of the contract.',
    answer: 'Nothing to charge: a total of 0.',
  })
  balance(@NotificationEvent() event: PlacetopayAutopayContractRequest): object {
    this.log.handled(event);
    // The demo has no contracts. AutoPay takes 0 for "no debt" and charges nothing; a shop names the contract's currency.
    const nothing = { currency: 'USD', total: 0 };
    return { ...success(), ...idOf(event), amount: nothing, min_amount: nothing };
  }

  @Post('autopay-contract/settlement')
  @VerifiedNotification('placetopay', 'autopay-contract')
  @ApiWebhook({
    tells: 'AutoPay reports an approved charge',
    proof: 'HTTP Basic with the user and password of the contract.',
    answer: 'The status object and id AutoPay wants.',
  })
  settlement(@NotificationEvent() event: PlacetopayAutopayContractRequest): object {
    this.log.handled(event);
    return { ...success(), ...idOf(event) };
  }
}

function idOf({ payload: { id } }: PlacetopayAutopayContractRequest): { readonly id?: string } {
  return typeof id === 'string' ? { id: id.slice(0, 100) } : {};
}
