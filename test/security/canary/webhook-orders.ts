import { type GatewaySimulator, type WebhookOrder } from '@payment-auth/gateway-simulator';

export interface WebhookCounts {
  readonly accepted: number;
  readonly refused: number;
}

/** Every webhook the simulator can send: as it should be, in each variant, and broken in each way. */
export function webhookOrders(simulator: GatewaySimulator): Pick<WebhookOrder, 'gateway' | 'scheme'>[] {
  return simulator.webhooks
    .schemes()
    .flatMap(({ gateway, scheme, variants, breaks }) => [
      { gateway, scheme },
      ...Object.keys(variants).map((variant) => ({ gateway, scheme, variant })),
      ...Object.keys(breaks).map((name) => ({ gateway, scheme, break: name })),
    ]);
}
