import { Injectable } from '@nestjs/common';
import {
  confirmByQuery,
  type PlacetopayCheckoutNotification,
  PlacetopayHttpService,
  type PlacetopayPaymentLinkNotification,
} from 'nestjs-payment-auth';
import { callGateway } from '../errors/gateway-call';
import { CONFIRM_WITHIN_MS, type Confirmation, confirmation } from './confirmation';

type Body = Readonly<Record<string, unknown>>;

/** Asks Placetopay, over our own authenticated connection, whether it is so. */
@Injectable()
export class PlacetopayConfirmations {
  constructor(private readonly placetopay: PlacetopayHttpService) {}

  /** The formula leaves out amount and order; the session has them. */
  checkout({ merchant, signed }: PlacetopayCheckoutNotification): Promise<Confirmation> {
    return confirmation(() =>
      confirmByQuery({
        gateway: 'placetopay',
        query: () => this.query('checkout', `/api/session/${signed.requestId}`, merchant),
        agrees: ({ requestId, status }) =>
          String(requestId) === signed.requestId && textOf(status, 'status') === signed.status,
      }),
    );
  }

  /** A link is not paid itself: payments of it are approved. */
  paymentLink({ merchant, signed }: PlacetopayPaymentLinkNotification): Promise<Confirmation> {
    return confirmation(() =>
      confirmByQuery({
        gateway: 'placetopay',
        query: () => this.query('payment-links', `/api/payment-link/${signed.linkId}`, merchant),
        agrees: ({ id, status, payments }) =>
          String(id) === signed.linkId && (signed.status === 'PAID' ? isPaid(payments) : status === signed.status),
      }),
    );
  }

  private async query(product: 'checkout' | 'payment-links', url: string, merchant: string): Promise<Body> {
    const { axiosRef } = this.placetopay.for({ product, merchant });
    const config = { method: 'post', url, data: {}, timeout: CONFIRM_WITHIN_MS };
    return (await callGateway('placetopay', axiosRef, config)).body;
  }
}

const isPaid = (payments: unknown): boolean =>
  Array.isArray(payments) && payments.some((payment) => textOf(payment, 'status') === 'APPROVED');

function textOf(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? (owner as Body)[name] : undefined;
}
