import { type CacheModuleOptions } from '@nestjs/cache-manager';
import { type ResolvedAlignetMerchant, resolveAlignetOptions } from './alignet/resolve-alignet-options';
import { type ConfigProblem, PaymentAuthConfigError } from './core/errors';
import { type ResolvedMerchants } from './core/merchants';
import { type SecretOptions } from './core/payment-auth-secrets';
import { isTlsSwitchedOff, TLS_SWITCHED_OFF_CURE } from './core/secure-transport';
import { type LoadedSecrets, loadSecrets } from './core/secret-sources';
import { type ResolvedTokenSharing, resolveTokenSharing } from './core/sharing/resolve-token-sharing';
import { deepFreeze, validateBlock } from './core/validation';
import { type ResolvedNetzmeMerchant, resolveNetzmeOptions } from './netzme/resolve-netzme-options';
import { IS_GLOBAL, isOptionsObject, NO_OPTIONS } from './payment-auth.check-registration';
import { NotificationOptions, type ResolvedNotificationOptions } from './notifications/notification.options';
import { AccessTokenOptions, type PaymentAuthModuleOptions, SecretReloadOptions } from './payment-auth.options';
import { type ResolvedPlacetopayMerchant, resolvePlacetopayOptions } from './placetopay/resolve-placetopay-options';

/** The options after checking, with every default filled in. Frozen. */
export interface ResolvedPaymentAuthOptions {
  readonly alignet: ResolvedMerchants<ResolvedAlignetMerchant> | undefined;
  readonly placetopay: ResolvedMerchants<ResolvedPlacetopayMerchant> | undefined;
  readonly netzme: ResolvedMerchants<ResolvedNetzmeMerchant> | undefined;
  readonly tokenSharing: ResolvedTokenSharing | undefined;
  readonly notifications: ResolvedNotificationOptions;
  /** Those that come from functions. */
  readonly secrets: SecretOptions['secrets'];
  readonly accessTokens: { readonly stores: CacheModuleOptions['stores']; readonly storeTimeoutMs: number };
}

const BLOCKS = [
  'alignet',
  'placetopay',
  'netzme',
  'accessTokens',
  'notifications',
  'secrets',
  'tokenSharing',
  'replicas',
];
const UNKNOWN_OPTION = `is not an option here; known are ${BLOCKS.join(', ')}, and ${IS_GLOBAL} for the module itself`;
/** `forRoot` has taken its own out by then: this one came out of a factory. */
const MISPLACED_IS_GLOBAL =
  'belongs beside useFactory, useClass or useExisting, as in forRootAsync({ isGlobal: true, useFactory }); what these give comes too late for it';

/**
 * Asks the functions among the secrets, checks the options and fills in the defaults.
 *
 * @throws {PaymentAuthConfigError} listing every mistake with its option and its cure, values left out
 */
export async function loadPaymentAuthOptions(options: PaymentAuthModuleOptions): Promise<ResolvedPaymentAuthOptions> {
  if (!isOptionsObject(options)) throw new PaymentAuthConfigError([NO_OPTIONS]);
  const loaded = await loadSecrets(options, ['alignet', 'placetopay', 'netzme']);
  return resolvePaymentAuthOptions(loaded.options, loaded);
}

/**
 * Checks the options and fills in the defaults. Pure.
 *
 * @param loaded what came of functions among the secrets, none of which may be left in `options`
 * @throws {PaymentAuthConfigError} listing every mistake with its option and its cure, values left out
 */
export function resolvePaymentAuthOptions(
  options: PaymentAuthModuleOptions,
  loaded: Omit<LoadedSecrets<unknown>, 'options'> = { sourced: [], problems: [] },
): ResolvedPaymentAuthOptions {
  if (!isOptionsObject(options)) throw new PaymentAuthConfigError([NO_OPTIONS]);
  const problems: ConfigProblem[] = Object.keys(options)
    .filter((name) => !BLOCKS.includes(name))
    .map((name) => ({ option: name, problem: name === IS_GLOBAL ? MISPLACED_IS_GLOBAL : UNKNOWN_OPTION }));
  const secrets = options.secrets ?? {};
  problems.push(...validateBlock('secrets', SecretReloadOptions, secrets));
  const accessTokens = options.accessTokens ?? {};
  problems.push(...validateBlock('accessTokens', AccessTokenOptions, accessTokens));
  const notifications = options.notifications ?? {};
  problems.push(...validateBlock('notifications', NotificationOptions, notifications));
  const alignet = resolveAlignetOptions(options.alignet, problems);
  const placetopay = resolvePlacetopayOptions(options.placetopay, problems);
  const netzme = resolveNetzmeOptions(options.netzme, problems);
  const tokenSharing = resolveTokenSharing(
    options.tokenSharing,
    {
      replicas: options.replicas,
      hasOneTokenGateway: options.netzme !== undefined,
      longestRequestMs: longestTimeoutMs(alignet, netzme),
    },
    problems,
  );
  if (isTlsSwitchedOff() && [alignet, placetopay, netzme].some(hasProduction)) {
    problems.push({ option: 'NODE_TLS_REJECT_UNAUTHORIZED', problem: TLS_SWITCHED_OFF_CURE });
  }
  // A secret that could not be had is not also told to be missing.
  const failed = new Set(loaded.problems.map(({ option }) => option));
  const told = [...loaded.problems, ...problems.filter(({ option }) => !failed.has(option))];
  if (told.length > 0) throw new PaymentAuthConfigError(told);
  return Object.freeze({
    alignet: deepFreeze(alignet),
    placetopay: deepFreeze(placetopay),
    netzme: deepFreeze(netzme),
    tokenSharing,
    notifications: Object.freeze({
      replayStore: notifications.replayStore,
      replayStoreTimeoutMs: notifications.replayStoreTimeoutMs ?? 250,
    }),
    secrets: Object.freeze({
      sourced: Object.freeze(loaded.sourced),
      reloadEverySeconds: secrets.reloadEverySeconds ?? 300,
    }),
    // The stores are live objects of the user's and stay as they are.
    accessTokens: Object.freeze({ stores: accessTokens.stores, storeTimeoutMs: accessTokens.storeTimeoutMs ?? 250 }),
  });
}

const hasProduction = (gateway: ResolvedMerchants<{ readonly environment: string }> | undefined): boolean =>
  Object.values(gateway?.byName ?? {}).some(({ environment }) => environment === 'production');

function longestTimeoutMs(...gateways: (ResolvedMerchants<{ readonly timeoutMs: number }> | undefined)[]): number {
  const merchants = gateways.flatMap((gateway) => Object.values(gateway?.byName ?? {}));
  return Math.max(0, ...merchants.map(({ timeoutMs }) => timeoutMs));
}
