import { type VerifiedNotification } from '../../core/inbound/notification-scheme';
import { type PlacetopayDigestAlgorithm } from '../placetopay-auth';
import { type PlacetopaySignedFields } from './placetopay-notification-signature';

/*
 * The bodies as Placetopay documents them (docs.placetopay.dev, the page of each product, read 2026-11). Placetopay adds
 * members and values without notice, so the types are open. Only what stands in an event's `signed` is proven and checked;
 * everything else is what the sender says.
 */

export interface PlacetopayNotificationStatus {
  readonly status: string;
  /** A number in Payment Links, a text elsewhere. */
  readonly reason?: string | number | null;
  readonly message?: string | null;
  /** ISO 8601. Account Validator sends none. */
  readonly date?: string;
}

export interface PlacetopayCheckoutPayload {
  readonly status: PlacetopayNotificationStatus;
  /** Loses digits above 2^53; `signed.requestId` has them all. */
  readonly requestId: number;
  /** Yours, and unsigned: compare it with the order of that `requestId`. */
  readonly reference?: string;
}

export interface PlacetopayPaymentLinkPayload {
  /** `PAID` or `EXPIRED`; more are announced. */
  readonly status: PlacetopayNotificationStatus;
  readonly linkId: number;
  readonly reference?: string;
}

export interface PlacetopayGatewayPayload {
  readonly status: PlacetopayNotificationStatus;
  readonly internalReference: number;
  readonly reference?: string;
}

/** The page shows the formula and not the body. */
export interface PlacetopayGatewaySessionPayload {
  readonly session: { readonly id: string | number; readonly status: string };
}

export interface PlacetopayAutopayPayload {
  readonly id: string;
  readonly reference?: string;
  readonly type: PlacetopayAutopayEventType | (string & {});
  readonly date: string;
  readonly additional?: { readonly transactionID?: string };
}

export type PlacetopayAutopayEventType =
  'AUTOPAY_CREATED' | 'AUTOPAY_UPDATED' | 'AUTOPAY_TRANSACTION_FAILED' | 'AUTOPAY_CANCELED';

export interface PlacetopayAccountValidatorPayload {
  readonly status: PlacetopayNotificationStatus;
  readonly requestId: string;
}

export interface PlacetopayMsvPayload {
  readonly status: PlacetopayNotificationStatus;
  readonly token: string;
  readonly reference?: string;
  readonly kind?: string;
}

export interface PlacetopayTokenRequestorPayload {
  /** `TOKEN_UPDATED`. */
  readonly type?: string;
  readonly siteId?: string;
  readonly date: string;
  readonly data: { readonly id?: string; readonly status?: string; readonly expiration?: string };
}

export interface PlacetopayAchReturnPayload {
  readonly time?: string;
  /** `chargeback.created`. */
  readonly type?: string;
  readonly data?: {
    readonly status?: PlacetopayNotificationStatus;
    readonly internalReference?: number;
    readonly reference?: string;
    readonly amount?: { readonly currency?: string; readonly total?: number };
    readonly [member: string]: unknown;
  };
}

export interface PlacetopayOnboardingPayload {
  readonly status?: PlacetopayNotificationStatus;
  readonly processId?: string;
  /** The operation, e.g. `merchant.create`. */
  readonly action?: string;
  readonly result?: { readonly merchantId?: number } | null;
  readonly event?: {
    /** The same for every attempt to deliver one event. */
    readonly id?: string;
    /** With the outcome, e.g. `merchant.create.succeeded`. */
    readonly type?: string;
    readonly time?: string;
    /** From 1. */
    readonly attempt?: number;
  };
}

export interface PlacetopayScudoPayload {
  readonly data?: {
    readonly id?: string;
    readonly action?: { readonly name?: string };
    readonly resolved?: { readonly action?: string; readonly reason?: string; readonly resolved_at?: string };
    readonly transaction?: { readonly reference?: string };
    readonly [member: string]: unknown;
  };
  readonly status?: { readonly code?: number; readonly name?: string; readonly message?: string };
}

/** A request to a customised microsite: what is asked depends on the route (`/invoice/search`, `/invoice/hold`, ...). */
export type PlacetopayMicrositePayload = Readonly<Record<string, unknown>>;

/** `/autopay/balance` asks with `reference` and `id`; `/autopay/settlement` reports a `transaction` too. */
export interface PlacetopayAutopayContractPayload {
  readonly reference?: string;
  readonly id?: string;
  readonly transaction?: {
    readonly status?: PlacetopayNotificationStatus;
    readonly internalReference?: number;
    readonly reference?: string;
    readonly amount?: { readonly currency?: string; readonly total?: number };
    readonly [member: string]: unknown;
  };
}

/** A verified notification of Placetopay. Its `payload` is the body without the proof in it (`signature`, `auth`). */
export interface PlacetopayEvent<
  Product extends string,
  Payload,
  Signed extends object,
  Algorithm extends string = PlacetopayDigestAlgorithm,
> extends VerifiedNotification<Payload, Signed> {
  readonly gateway: 'placetopay';
  readonly scheme: Product;
  readonly algorithm: Algorithm;
}

type Signed<Product extends keyof PlacetopaySignedFields> = PlacetopaySignedFields[Product];

export type PlacetopayCheckoutNotification = PlacetopayEvent<'checkout', PlacetopayCheckoutPayload, Signed<'checkout'>>;
export type PlacetopayPaymentLinkNotification = PlacetopayEvent<
  'payment-link',
  PlacetopayPaymentLinkPayload,
  Signed<'payment-link'>
>;
export type PlacetopayGatewayNotification = PlacetopayEvent<'gateway', PlacetopayGatewayPayload, Signed<'gateway'>>;
export type PlacetopayGatewaySessionNotification = PlacetopayEvent<
  'gateway-session',
  PlacetopayGatewaySessionPayload,
  Signed<'gateway-session'>
>;
export type PlacetopayAchReturnNotification = PlacetopayEvent<
  'ach-return',
  PlacetopayAchReturnPayload,
  Signed<'ach-return'>,
  'hmac-sha256'
>;
export type PlacetopayAutopayNotification = PlacetopayEvent<'autopay', PlacetopayAutopayPayload, Signed<'autopay'>>;
export type PlacetopayAccountValidatorNotification = PlacetopayEvent<
  'account-validator',
  PlacetopayAccountValidatorPayload,
  Signed<'account-validator'>
>;
export type PlacetopayOnboardingNotification = PlacetopayEvent<
  'onboarding',
  PlacetopayOnboardingPayload,
  Signed<'onboarding'>,
  'hmac-sha256'
>;
export type PlacetopayTokenRequestorNotification = PlacetopayEvent<
  'token-requestor',
  PlacetopayTokenRequestorPayload,
  Signed<'token-requestor'>,
  'sha256'
>;
export type PlacetopayScudoNotification = PlacetopayEvent<
  'scudo',
  PlacetopayScudoPayload,
  Signed<'scudo'>,
  'hmac-sha256'
>;
export type PlacetopayMsvNotification = PlacetopayEvent<'msv', PlacetopayMsvPayload, Signed<'msv'>>;

/** A request that Placetopay sent to a customised microsite, with an `auth` that is good for it alone. */
export type PlacetopayMicrositeRequest = PlacetopayEvent<
  'microsite-auth',
  PlacetopayMicrositePayload,
  { readonly login: string; readonly nonce: string; readonly seed: string }
>;
/** A request of AutoPay to your `/autopay/balance` or `/autopay/settlement`. */
export type PlacetopayAutopayContractRequest = PlacetopayEvent<
  'autopay-contract',
  PlacetopayAutopayContractPayload,
  { readonly user: string },
  'basic'
>;

/** Every product whose notifications can be verified, and the event its verifier gives. */
export interface PlacetopayNotifications {
  readonly checkout: PlacetopayCheckoutNotification;
  readonly 'payment-link': PlacetopayPaymentLinkNotification;
  readonly gateway: PlacetopayGatewayNotification;
  readonly 'gateway-session': PlacetopayGatewaySessionNotification;
  readonly 'ach-return': PlacetopayAchReturnNotification;
  readonly autopay: PlacetopayAutopayNotification;
  readonly 'autopay-contract': PlacetopayAutopayContractRequest;
  readonly 'account-validator': PlacetopayAccountValidatorNotification;
  readonly onboarding: PlacetopayOnboardingNotification;
  readonly 'token-requestor': PlacetopayTokenRequestorNotification;
  readonly scudo: PlacetopayScudoNotification;
  readonly msv: PlacetopayMsvNotification;
  readonly 'microsite-auth': PlacetopayMicrositeRequest;
}

export type PlacetopayNotificationProduct = keyof PlacetopayNotifications;
