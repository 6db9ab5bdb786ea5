import { PaymentAuthError, SignatureVerificationError } from 'nestjs-payment-auth';
import { GatewayCallError } from '../errors/gateway-call';

/** What the gateway said when it was asked about a webhook. */
export interface Confirmation {
  readonly confirmed: boolean | 'not asked';
  /** Why not: `not-confirmed` when the gateway says something else, or the code of the error the query failed with. */
  readonly unconfirmed?: string;
}

/** Where everything that matters is signed, or the demo has no query for it. */
export const NOT_ASKED: Confirmation = { confirmed: 'not asked' };

/** AutoPay wants an answer within 3 s, Onboarding within 5. */
export const CONFIRM_WITHIN_MS = 2_000;

/**
 * A signed webhook is acknowledged even when the query fails: it did arrive, and the demo does not act on what it says. A shop
 * queries the gateway in a background job and acts on that response.
 */
export async function confirmation(ask: () => Promise<unknown>): Promise<Confirmation> {
  try {
    await ask();
    return { confirmed: true };
  } catch (error) {
    return { confirmed: false, unconfirmed: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SignatureVerificationError) return error.reason;
  return error instanceof PaymentAuthError || error instanceof GatewayCallError ? error.code : 'ERR_UNKNOWN';
}
