import { type ConfigProblem } from '../core/errors';
import { type ResolvedMerchants } from '../core/merchants';
import { type RequestLimits, resolveRequestLimits } from '../core/request-limits';
import { refuseContradictingSecrets, resolveMerchants } from '../core/resolve-merchants';
import { Secret } from '../core/secret';
import { joinUrl } from '../core/validation';
import { CONSUMER_TOKEN_PATH, MERCHANT_TOKEN_PATH } from './netzme.constants';
import { type NetzmeApi, type NetzmeEnvironment, NetzmeMerchantOptions } from './netzme.options';
import {
  resolveNetzmeNotificationOptions,
  type ResolvedNetzmeNotificationOptions,
} from './notifications/netzme-notification-merchant';

/** One Netzme client with every default filled in. */
export interface ResolvedNetzmeMerchant {
  readonly name: string;
  readonly environment: NetzmeEnvironment;
  readonly api: NetzmeApi;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly baseUrl: string;
  readonly tokenPath: string;
  readonly unsignedPathPrefix: string;
  readonly escapeNonAscii: boolean;
  readonly timeoutMs: number;
  readonly requestLimits: RequestLimits;
  readonly refreshMarginMs: number;
  readonly assumedLifetimeSeconds: number;
  readonly notifications: ResolvedNetzmeNotificationOptions;
}

const SIMULATOR = 'http://127.0.0.1:4030';

/** @see apidocs.netzme.id, Environment (read 2026-11) */
const BASE_URLS: Readonly<Record<NetzmeApi, Readonly<Record<NetzmeEnvironment, string>>>> = {
  merchant: {
    production: 'https://tokoapi.netzme.com',
    staging: 'https://tokoapi-stg.netzme.com',
    sandbox: SIMULATOR,
  },
  consumer: { production: 'https://api.netzme.com', staging: 'https://api-stg.netzme.com', sandbox: SIMULATOR },
};

const TOKEN_PATHS: Readonly<Record<NetzmeApi, string>> = {
  merchant: MERCHANT_TOKEN_PATH,
  consumer: CONSUMER_TOKEN_PATH,
};

export function resolveNetzmeOptions(
  block: unknown,
  problems: ConfigProblem[],
): ResolvedMerchants<ResolvedNetzmeMerchant> | undefined {
  const merchants = resolveMerchants('netzme', block, NetzmeMerchantOptions, resolveOne, problems);
  refuseContradictingSecrets(
    'netzme',
    merchants,
    // The merchant and the consumer API, told apart by path on a host of both, give a client a secret each.
    ({ baseUrl, tokenPath, clientId }) => [joinUrl(baseUrl, tokenPath), clientId],
    problems,
  );
  return merchants;
}

function resolveOne(name: string, options: NetzmeMerchantOptions): ResolvedNetzmeMerchant {
  const api = options.api ?? 'merchant';
  return {
    name,
    environment: options.environment,
    api,
    clientId: options.clientId,
    clientSecret: Secret.from(options.clientSecret),
    baseUrl: options.baseUrl ?? BASE_URLS[api][options.environment],
    tokenPath: options.tokenPath ?? TOKEN_PATHS[api],
    unsignedPathPrefix: options.unsignedPathPrefix ?? '',
    escapeNonAscii: options.escapeNonAscii ?? false,
    timeoutMs: options.timeoutMs ?? 10_000,
    requestLimits: resolveRequestLimits(options),
    refreshMarginMs: options.refreshMarginMs ?? 30_000,
    assumedLifetimeSeconds: options.assumedLifetimeSeconds ?? 600,
    notifications: resolveNetzmeNotificationOptions(options.notifications),
  };
}
