import { type Gateway, SignatureVerificationError, type SignatureVerificationReason } from 'nestjs-payment-auth';

/**
 * Why `verify` refused; any other error than a refusal is the test's failure, and so is none.
 *
 * @param gateway in whose name it has to refuse, where that is known
 */
export function refusalOf(verify: () => unknown, gateway?: Gateway): SignatureVerificationReason {
  try {
    verify();
  } catch (error) {
    if (error instanceof SignatureVerificationError && error.gateway === (gateway ?? error.gateway))
      return error.reason;
    throw error;
  }
  throw new Error('It was accepted.');
}
