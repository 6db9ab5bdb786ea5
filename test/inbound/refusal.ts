import { SignatureVerificationError, type SignatureVerificationReason } from 'nestjs-payment-auth';

/** Why `verify` refused; any other error than a refusal is the test's failure, and so is none. */
export function refusalOf(verify: () => unknown): SignatureVerificationReason {
  try {
    verify();
  } catch (error) {
    if (error instanceof SignatureVerificationError) return error.reason;
    throw error;
  }
  throw new Error('It was accepted.');
}
