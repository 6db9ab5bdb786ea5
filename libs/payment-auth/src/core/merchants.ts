import { type ConfigProblem, type Gateway, PaymentAuthConfigError } from './errors';

/** A gateway's merchants after checking: at least one. */
export interface ResolvedMerchants<M> {
  readonly byName: Readonly<Record<string, M>>;
  /** Used when a call names none. `undefined` when there are several and none was declared the default. */
  readonly defaultMerchant: string | undefined;
  /** What should be known of these options although they can be used. Said at start. */
  readonly warnings: readonly ConfigProblem[];
}

/** Names one of several configured merchants. May be left out when there is one, or a `defaultMerchant`. */
export interface MerchantSelection {
  readonly merchant?: string | undefined;
}

/**
 * @throws {PaymentAuthConfigError} naming the missing block, or the merchants there are
 * @throws {TypeError} for options of a call that are none, a bare name for one: the default merchant would be taken
 */
export function selectMerchant<M>(
  gateway: Gateway,
  merchants: ResolvedMerchants<M> | undefined,
  selection: MerchantSelection,
): M {
  if (typeof selection !== 'object' || selection === null) {
    throw new TypeError(`Options of a call for ${gateway} must be an object, e.g. { merchant: 'name' }, or left out.`);
  }
  if (merchants === undefined) {
    throw new PaymentAuthConfigError(
      [
        {
          option: gateway,
          problem: `${gateway} is used but not configured; add the \`${gateway}\` block to PaymentAuthModule.forRoot()`,
        },
      ],
      gateway,
    );
  }
  const wanted = selection.merchant ?? merchants.defaultMerchant;
  const names = Object.keys(merchants.byName).join(', ');
  if (wanted === undefined) {
    throw new PaymentAuthConfigError(
      [
        {
          option: `${gateway}.merchants`,
          problem: `several merchants are configured (${names}): pass { merchant } or set defaultMerchant`,
        },
      ],
      gateway,
    );
  }
  const merchant = merchants.byName[wanted];
  if (merchant === undefined) {
    throw new PaymentAuthConfigError(
      [{ option: `${gateway}.merchants.${wanted}`, problem: `no such merchant; configured: ${names}` }],
      gateway,
    );
  }
  return merchant;
}
