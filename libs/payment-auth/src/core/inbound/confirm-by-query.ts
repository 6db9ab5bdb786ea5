import { type Gateway, SignatureVerificationError } from '../errors';

/** A claim about a payment, and how to ask the gateway about it over our own authenticated connection. */
export interface ConfirmationQuery<Answer> {
  readonly gateway: Gateway;
  /** Asks the gateway; its failure is passed on. */
  readonly query: () => Promise<Answer>;
  /** Whether the answer says what the notification said: the same order, the same amount, the same state. */
  readonly agrees: (answer: Answer) => boolean;
}

/**
 * The next step after any notification, and the only proof there is for an unsigned one: ask the gateway.
 *
 * @returns the gateway's own answer, to be used in place of what the notification said
 * @throws {SignatureVerificationError} `not-confirmed` when the gateway says something else
 */
export async function confirmByQuery<Answer>(confirmation: ConfirmationQuery<Answer>): Promise<Answer> {
  const answer = await confirmation.query();
  if (confirmation.agrees(answer)) return answer;
  throw new SignatureVerificationError(
    'not-confirmed',
    confirmation.gateway,
    'The gateway, asked about it, does not confirm what the notification says.',
  );
}
