import { type CacheModuleOptions } from '@nestjs/cache-manager';
import { AlignetMerchantOptions } from './alignet/alignet.options';
import { type ResolvedAlignetMerchant, resolveAlignetOptions } from './alignet/resolve-alignet-options';
import { conceal } from './core/conceal';
import { type ConfigProblem, PaymentAuthConfigError } from './core/errors';
import { type ResolvedMerchants } from './core/merchants';
import { type SecretOptions } from './core/payment-auth-secrets';
import { secretsConcerned } from './core/problem-secrets';
import { type AnswerCheck } from './core/reload-secrets';
import { merchantOption } from './core/resolve-merchants';
import { Secret } from './core/secret';
import { isTlsSwitchedOff, TLS_SWITCHED_OFF_CURE } from './core/secure-transport';
import { type LoadedSecrets, loadSecrets } from './core/secret-sources';
import { loadTokenSharing } from './core/sharing/load-token-sharing';
import { refuseWeakKeys, type ResolvedTokenSharing, resolveTokenSharing } from './core/sharing/resolve-token-sharing';
import { deepFreeze, validateBlock } from './core/validation';
import { NetzmeMerchantOptions } from './netzme/netzme.options';
import { type ResolvedNetzmeMerchant, resolveNetzmeOptions } from './netzme/resolve-netzme-options';
import { IS_GLOBAL, isOptionsObject, NO_OPTIONS } from './payment-auth.check-registration';
import { NotificationOptions, type ResolvedNotificationOptions } from './notifications/notification.options';
import { AccessTokenOptions, type PaymentAuthModuleOptions, SecretReloadOptions } from './payment-auth.options';
import { PlacetopayMerchantOptions } from './placetopay/placetopay.options';
import { type ResolvedPlacetopayMerchant, resolvePlacetopayOptions } from './placetopay/resolve-placetopay-options';

/** The options after checking, with every default filled in. Frozen. */
export interface ResolvedPaymentAuthOptions {
  readonly alignet: ResolvedMerchants<ResolvedAlignetMerchant> | undefined;
  readonly placetopay: ResolvedMerchants<ResolvedPlacetopayMerchant> | undefined;
  readonly netzme: ResolvedMerchants<ResolvedNetzmeMerchant> | undefined;
  /** What should be known of the options although they can be used. */
  readonly warnings: readonly ConfigProblem[];
  readonly tokenSharing: ResolvedTokenSharing | undefined;
  /** Processes of this application. */
  readonly replicas: number;
  readonly notifications: ResolvedNotificationOptions;
  /** Those that come from functions. */
  readonly secrets: SecretOptions['secrets'];
  readonly accessTokens: { readonly stores: CacheModuleOptions['stores']; readonly storeTimeoutMs: number };
}

const MERCHANT_BLOCKS = {
  alignet: AlignetMerchantOptions,
  placetopay: PlacetopayMerchantOptions,
  netzme: NetzmeMerchantOptions,
};
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
  const [secrets, sharing] = await Promise.all([
    loadSecrets(options, MERCHANT_BLOCKS),
    loadTokenSharing(options.tokenSharing),
  ]);
  const { sourced } = secrets;
  const loaded = sharing.block === undefined ? secrets.options : { ...secrets.options, tokenSharing: sharing.block };
  return resolvePaymentAuthOptions(loaded, { sourced, problems: [...secrets.problems, ...sharing.problems] });
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
  refuseWeakKeys(tokenSharing, [...clientSecrets('alignet', alignet), ...clientSecrets('netzme', netzme)], problems);
  if (isTlsSwitchedOff() && [alignet, placetopay, netzme].some(hasProduction)) {
    problems.push({ option: 'NODE_TLS_REJECT_UNAUTHORIZED', problem: TLS_SWITCHED_OFF_CURE });
  }
  // The stores are live objects of the user's and stay as they are; what is in them stands there in clear.
  const tokenStores = { stores: accessTokens.stores, storeTimeoutMs: accessTokens.storeTimeoutMs ?? 250 };
  conceal(tokenStores, '[accessTokens]');
  // A secret that could not be had is not also told to be missing, nor what it is part of to be wrong.
  const failed = loaded.problems.map(({ option }) => option);
  const isFailed = (option: string): boolean =>
    failed.some((each) => each === option || each.startsWith(`${option}.`) || each.startsWith(`${option}[`));
  const told = [...loaded.problems, ...problems.filter(({ option }) => !isFailed(option))];
  if (told.length > 0) throw new PaymentAuthConfigError(told);
  return Object.freeze({
    alignet: deepFreeze(alignet),
    placetopay: deepFreeze(placetopay),
    netzme: deepFreeze(netzme),
    warnings: Object.freeze([alignet, placetopay, netzme].flatMap((gateway) => gateway?.warnings ?? [])),
    tokenSharing,
    replicas: options.replicas ?? 1,
    notifications: Object.freeze({
      replayStore: notifications.replayStore,
      replayStoreTimeoutMs: notifications.replayStoreTimeoutMs ?? 250,
      maxBodyBytes: deepFreeze(structuredClone(notifications.maxBodyBytes)),
    }),
    secrets: Object.freeze({
      sourced: Object.freeze(loaded.sourced),
      reloadEverySeconds: secrets.reloadEverySeconds ?? 300,
      check: checkAnswers(options),
    }),
    accessTokens: Object.freeze(tokenStores),
  });
}

/** Checks the options as they would be with other secrets. */
const checkAnswers =
  (options: PaymentAuthModuleOptions): AnswerCheck =>
  (answers) => {
    try {
      resolvePaymentAuthOptions(withAnswers(options, answers));
      return new Map();
    } catch (error) {
      if (!(error instanceof PaymentAuthConfigError)) throw error;
      const { problems } = error;
      return new Map(problems.flatMap((each) => secretsConcerned(each).map((secret) => [secret, each.problem])));
    }
  };

function withAnswers(
  options: PaymentAuthModuleOptions,
  answers: ReadonlyMap<Secret, Secret>,
): PaymentAuthModuleOptions {
  const gateways = (['alignet', 'placetopay', 'netzme'] as const).filter((gateway) => options[gateway] !== undefined);
  return {
    ...options,
    ...Object.fromEntries(gateways.map((gateway) => [gateway, replaceSecrets(options[gateway], answers)])),
  };
}

/** In options that passed the check at start: plain blocks of plain values. */
function replaceSecrets(value: unknown, answers: ReadonlyMap<Secret, Secret>): unknown {
  if (value instanceof Secret) return answers.get(value) ?? value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaceSecrets(member, answers)]));
}

const hasProduction = (gateway: ResolvedMerchants<{ readonly environment: string }> | undefined): boolean =>
  Object.values(gateway?.byName ?? {}).some(({ environment }) => environment === 'production');

const clientSecrets = (
  gateway: 'alignet' | 'netzme',
  merchants: ResolvedMerchants<{ readonly name: string; readonly clientSecret: Secret }> | undefined,
): { readonly option: string; readonly secret: Secret }[] =>
  Object.values(merchants?.byName ?? {}).map((merchant) => ({
    option: merchantOption(gateway, merchant, 'clientSecret'),
    secret: merchant.clientSecret,
  }));

function longestTimeoutMs(...gateways: (ResolvedMerchants<{ readonly timeoutMs: number }> | undefined)[]): number {
  const merchants = gateways.flatMap((gateway) => Object.values(gateway?.byName ?? {}));
  return Math.max(0, ...merchants.map(({ timeoutMs }) => timeoutMs));
}
