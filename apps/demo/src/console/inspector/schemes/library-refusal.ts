import {
  placetopayNotificationMerchant,
  type PlacetopayNotificationOptions,
  SignatureVerificationError,
  verifyPlacetopayNotification,
} from 'nestjs-payment-auth';
import { type InspectionResult } from '../../contract';

export interface ReceivedNotification {
  readonly product: Parameters<typeof verifyPlacetopayNotification>[0];
  /** With its signature, where that is in it. */
  readonly body: string;
  /** Of `X-Signature`. */
  readonly header?: string;
  /** Which it was signed with. */
  readonly secret: string;
  readonly notifications?: PlacetopayNotificationOptions;
}

/** A signature that is right, of a body that the library takes for no notification all the same, as its routes do. */
export function judgedByLibrary(result: InspectionResult, received: () => ReceivedNotification): InspectionResult {
  if (result.verdict?.match !== true) return result;
  const reason = refusalOf(received());
  if (reason === undefined) return result;
  const message = `The expected value is right, but the library refuses the body: ${reason}`;
  return { ...result, verdict: { match: true, code: 'body-refused', message } };
}

function refusalOf({ product, body, header, secret, notifications }: ReceivedNotification): string | undefined {
  const headers = header === undefined ? {} : { 'x-signature': header };
  const request = { method: 'POST', target: '/', headers, rawBody: Buffer.from(body) };
  try {
    const merchant = placetopayNotificationMerchant({
      login: 'inspected',
      secretKey: secret,
      notifications: { ...notifications, acceptSha1: true },
    });
    verifyPlacetopayNotification(product, request, [merchant], Date.now());
  } catch (error) {
    // Whether the signature is right was asked before, and with which secrets the library works is no matter here.
    if (error instanceof SignatureVerificationError && error.reason === 'malformed-body') return error.message;
  }
  return undefined;
}
