import { type ConfigProblem, type Gateway, PaymentAuthConfigError } from '../errors';
import { type NotificationScheme } from './notification-scheme';

/**
 * The merchants that have what a scheme needs.
 *
 * @throws {PaymentAuthConfigError} when none has, saying what is missing of each
 */
export function usableMerchants<Merchant>(
  gateway: Gateway,
  scheme: Pick<NotificationScheme<Merchant>, 'missingFor'>,
  merchants: readonly Merchant[],
): readonly Merchant[] {
  const problems: ConfigProblem[] = [];
  const usable = merchants.filter((merchant) => {
    const problem = scheme.missingFor(merchant);
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  });
  if (usable.length > 0) return usable;
  const none = { option: gateway, problem: 'there is no merchant to verify for' };
  throw new PaymentAuthConfigError(problems.length > 0 ? problems : [none], gateway);
}
