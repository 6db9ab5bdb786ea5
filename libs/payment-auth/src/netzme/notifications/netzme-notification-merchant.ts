import { PaymentAuthConfigError } from '../../core/errors';
import { readPublicKeys } from '../../core/inbound/public-keys.option';
import { type RsaPublicKey } from '../../core/inbound/rsa-public-key';
import { ONLY_MERCHANT } from '../../core/resolve-merchants';
import { Secret } from '../../core/secret';
import { deepFreeze, validateBlock } from '../../core/validation';
import { NetzmeNotificationOptions } from './netzme-notification.options';

/** {@link NetzmeNotificationOptions} with every default filled in. */
export interface ResolvedNetzmeNotificationOptions {
  readonly callbackToken: Secret | undefined;
  readonly publicKeys: readonly RsaPublicKey[];
  readonly toleranceMs: number;
  readonly callbackPath: string | undefined;
  readonly removedPathPrefix: string;
  readonly merchantIds: readonly string[] | 'any' | undefined;
  readonly acceptGoNumberForms: boolean;
}

/** What of a merchant is needed to verify what Netzme sends it. */
export interface NetzmeNotificationMerchant {
  readonly name: string;
  readonly notifications: ResolvedNetzmeNotificationOptions;
}

/** @param options checked before */
export function resolveNetzmeNotificationOptions(
  options: NetzmeNotificationOptions = {},
): ResolvedNetzmeNotificationOptions {
  const { callbackToken, publicKeys = [], allowWeakKeys = false } = options;
  return {
    callbackToken: callbackToken === undefined ? undefined : Secret.from(callbackToken),
    publicKeys: readPublicKeys(publicKeys, { allowWeak: allowWeakKeys }),
    toleranceMs: (options.toleranceSeconds ?? 300) * 1_000,
    callbackPath: options.callbackPath,
    removedPathPrefix: (options.removedPathPrefix ?? '').replace(/\/$/, ''),
    merchantIds: options.merchantIds,
    acceptGoNumberForms: options.acceptGoNumberForms ?? false,
  };
}

/**
 * A merchant for {@link verifyNetzmeSnapCallback} and {@link verifyNetzmeCallbackToken}, for people without Nest. Make it once:
 * keys are read here.
 *
 * @param settings.name what the event's `merchant` says. @default 'default'
 * @param settings.notifications what the scheme needs: `publicKeys` and `merchantIds` for SNAP v2, `callbackToken` for SNAP v1
 * @throws {PaymentAuthConfigError} listing every mistake
 */
export function netzmeNotificationMerchant(settings: {
  readonly name?: string;
  readonly notifications: NetzmeNotificationOptions;
}): NetzmeNotificationMerchant {
  const { name = ONLY_MERCHANT, notifications } = settings;
  const problems = validateBlock('netzme.notifications', NetzmeNotificationOptions, notifications);
  if (problems.length > 0) throw new PaymentAuthConfigError(problems, 'netzme');
  return deepFreeze({ name, notifications: resolveNetzmeNotificationOptions(notifications) });
}
