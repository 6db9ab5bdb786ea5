import { type NotificationTypes } from 'nestjs-payment-auth';

/** The event of any scheme. */
export type AnyNotification = {
  [G in keyof NotificationTypes]: NotificationTypes[G][keyof NotificationTypes[G]];
}[keyof NotificationTypes];

/** What of an event may be shown and logged, all of it proven. */
export interface SignedFacts {
  /** Which session, link, transaction or contract; absent where the formula names none. */
  readonly reference?: string;
  /** Its state, or what happened to it; absent where the formula leaves that out. */
  readonly state?: string;
}

const LONGEST = 100;

/** Only what the signature covers. MSV's `token` stays out: it may open what it names. */
export function signedFacts(event: AnyNotification): SignedFacts {
  switch (event.scheme) {
    case 'checkout':
    case 'account-validator':
      return facts(event.signed.requestId, event.signed.status);
    case 'payment-link':
      return facts(event.signed.linkId, event.signed.status);
    case 'gateway':
      return facts(event.signed.internalReference, event.signed.status);
    case 'gateway-session':
      return facts(event.signed.sessionId, event.signed.status);
    case 'ach-return':
      return facts(event.payload.data?.internalReference, event.payload.data?.status?.status);
    case 'autopay':
      return facts(event.signed.id, event.signed.type);
    case 'onboarding':
      return facts(event.payload.processId, event.payload.event?.type);
    case 'token-requestor':
      return facts(event.payload.data.id, event.payload.data.status);
    case 'msv':
      return facts(undefined, event.signed.status);
    case 'notification':
    case 'redirect':
      return facts(event.idempotencyKey, event.signed.transaction.state);
    case 'snap-v2':
      return facts(event.signed.originalReferenceNo, event.signed.latestTransactionStatus);
    case 'scudo':
    case 'microsite-auth':
    case 'autopay-contract':
    case 'snap-v1':
      return {};
  }
}

/** Payloads have the documented form mostly; what has another one is left out. */
function facts(reference: unknown, state: unknown): SignedFacts {
  return {
    ...(isShort(reference) && { reference: String(reference).slice(0, LONGEST) }),
    ...(isShort(state) && { state: String(state).slice(0, LONGEST) }),
  };
}

const isShort = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
