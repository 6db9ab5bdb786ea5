import { type Type } from '@nestjs/common';
import { type Request } from 'express';
import { type AlignetController } from '../../alignet/alignet.controller';
import { CreateNonceDto } from '../../alignet/alignet.dto';
import { type NetzmeController } from '../../netzme/netzme.controller';
import { BalanceQuery, TransactionsQuery, WithdrawInquiryDto } from '../../netzme/netzme.dto';
import { type PlacetopayController } from '../../placetopay/placetopay.controller';
import { CreatePaymentLinkDto, CreateSessionDto, RequestIdParam } from '../../placetopay/placetopay.dto';
import { type CallDefinition, type CallField } from '../contract';

/** The demo's own, whose routes do the same. */
export interface DemoControllers {
  readonly alignet: AlignetController;
  readonly placetopay: PlacetopayController;
  readonly netzme: NetzmeController;
}

/** A call, and how the demo's own route makes it. */
export interface Call {
  readonly definition: CallDefinition;
  /** What the route takes, by which input is judged. */
  readonly dto: Type<object>;
  readonly run: (demo: DemoControllers, input: object, request: Request) => Promise<unknown>;
}

/** Ties the type of the input to the route that takes it. */
function call<D extends object>(
  definition: CallDefinition,
  dto: Type<D>,
  run: (demo: DemoControllers, input: D, request: Request) => Promise<unknown>,
): Call {
  return { definition, dto, run: (demo, input, request) => run(demo, input as D, request) };
}

const optional = (name: string, example: string, kind: CallField['kind'] = 'text'): CallField => ({
  name,
  kind,
  required: false,
  example,
});
const required = (...given: Parameters<typeof optional>): CallField => ({ ...optional(...given), required: true });

const SCOPE = optional('scope', 'post:charges');
const USER_ID = required('userId', 'M_SANDBOX01');
const PAYMENT = [
  required('reference', 'ORDER-1001'),
  optional('description', 'Two coffees'),
  required('currency', 'COP'),
  required('total', '12000', 'number'),
  optional('locale', 'en_US'),
];

export const CALLS: readonly Call[] = [
  call(
    { id: 'alignet-nonce', gateway: 'alignet', method: 'POST', path: '/alignet/nonce', fields: [SCOPE] },
    CreateNonceDto,
    ({ alignet }, input) => alignet.createNonce(input),
  ),
  call(
    {
      id: 'alignet-checkout-session',
      gateway: 'alignet',
      method: 'POST',
      path: '/alignet/checkout-session',
      fields: [SCOPE],
    },
    CreateNonceDto,
    ({ alignet }, input) => alignet.createCheckoutSession(input),
  ),
  call(
    {
      id: 'placetopay-session',
      gateway: 'placetopay',
      method: 'POST',
      path: '/placetopay/sessions',
      fields: [
        ...PAYMENT,
        optional('returnUrl', 'https://shop.example/return'),
        optional('expiresInMinutes', '30', 'number'),
      ],
    },
    CreateSessionDto,
    ({ placetopay }, input, request) => placetopay.createSession(input, request),
  ),
  call(
    {
      id: 'placetopay-query',
      gateway: 'placetopay',
      method: 'GET',
      path: '/placetopay/sessions/{requestId}',
      fields: [required('requestId', '1')],
    },
    RequestIdParam,
    ({ placetopay }, input) => placetopay.querySession(input),
  ),
  call(
    {
      id: 'placetopay-payment-link',
      gateway: 'placetopay',
      method: 'POST',
      path: '/placetopay/payment-links',
      fields: [
        ...PAYMENT,
        optional('name', 'Coffee'),
        optional('expiresInHours', '24', 'number'),
        optional('paymentExpirationMinutes', '30', 'number'),
        optional('notificationUrl', 'https://shop.example/webhooks/placetopay/payment-link'),
      ],
    },
    CreatePaymentLinkDto,
    ({ placetopay }, input) => placetopay.createPaymentLink(input),
  ),
  call(
    { id: 'netzme-balance', gateway: 'netzme', method: 'GET', path: '/netzme/balance', fields: [USER_ID] },
    BalanceQuery,
    ({ netzme }, input) => netzme.balance(input),
  ),
  call(
    {
      id: 'netzme-transactions',
      gateway: 'netzme',
      method: 'GET',
      path: '/netzme/transactions',
      fields: [
        USER_ID,
        optional('startdate', '2026-11-01', 'date'),
        optional('enddate', '2026-11-30', 'date'),
        optional('page', '1', 'number'),
      ],
    },
    TransactionsQuery,
    ({ netzme }, input) => netzme.transactions(input),
  ),
  call(
    {
      id: 'netzme-withdraw-inquiry',
      gateway: 'netzme',
      method: 'POST',
      path: '/netzme/withdraw/inquiry',
      fields: [USER_ID, required('amount', '10000.00')],
    },
    WithdrawInquiryDto,
    ({ netzme }, input) => netzme.withdrawInquiry(input),
  ),
];
