import { type ConfigProblem } from '../core/errors';
import { type ResolvedMerchants } from '../core/merchants';
import { refuseContradictingSecrets, resolveMerchants } from '../core/resolve-merchants';
import { Secret } from '../core/secret';
import { joinUrl } from '../core/validation';
import { CURRENT_API_VERSION, DEFAULT_NONCE_SCOPE, DEFAULT_TOKEN_SCOPE, TOKEN_PATH } from './alignet.constants';
import { type AlignetEnvironment, AlignetMerchantOptions } from './alignet.options';
import {
  resolveAlignetNotificationOptions,
  type ResolvedAlignetNotificationOptions,
} from './notifications/alignet-notification-merchant';

/** One Alignet merchant with every default filled in. */
export interface ResolvedAlignetMerchant {
  readonly name: string;
  readonly environment: AlignetEnvironment;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly merchantCode: string | undefined;
  readonly authBaseUrl: string;
  readonly apiBaseUrl: string;
  readonly assetsBaseUrl: string;
  readonly audience: string;
  readonly apiVersion: string;
  readonly scope: string;
  readonly nonceScope: string;
  readonly timeoutMs: number;
  readonly refreshMarginMs: number;
  readonly assumedLifetimeSeconds: number;
  readonly notifications: ResolvedAlignetNotificationOptions;
}

interface Hosts {
  readonly authBaseUrl: string;
  readonly apiBaseUrl: string;
  readonly assetsBaseUrl: string;
}

const SIMULATOR = 'http://127.0.0.1:4010';

const PRESETS: Readonly<Record<AlignetEnvironment, Hosts>> = {
  production: {
    authBaseUrl: 'https://auth.alignet.io',
    apiBaseUrl: 'https://api.alignet.io',
    assetsBaseUrl: 'https://flex.alignet.io',
  },
  preprod: {
    authBaseUrl: 'https://auth.preprod.alignet.io',
    apiBaseUrl: 'https://api.preprod.alignet.io',
    assetsBaseUrl: 'https://flex.dev.pay-me.cloud',
  },
  development: {
    authBaseUrl: 'https://auth.wip.alignet.io',
    apiBaseUrl: 'https://api.dev.alignet.io',
    assetsBaseUrl: 'https://flex.dev.pay-me.cloud',
  },
  sandbox: { authBaseUrl: SIMULATOR, apiBaseUrl: SIMULATOR, assetsBaseUrl: SIMULATOR },
};

export function resolveAlignetOptions(
  block: unknown,
  problems: ConfigProblem[],
): ResolvedMerchants<ResolvedAlignetMerchant> | undefined {
  const merchants = resolveMerchants('alignet', block, AlignetMerchantOptions, resolveOne, problems);
  refuseContradictingSecrets(
    'alignet',
    merchants,
    ({ authBaseUrl, clientId }) => [joinUrl(authBaseUrl, TOKEN_PATH), clientId],
    problems,
  );
  return merchants;
}

function resolveOne(name: string, options: AlignetMerchantOptions): ResolvedAlignetMerchant {
  const preset = PRESETS[options.environment];
  const apiBaseUrl = options.apiBaseUrl ?? preset.apiBaseUrl;
  return {
    name,
    environment: options.environment,
    clientId: options.clientId,
    clientSecret: Secret.from(options.clientSecret),
    merchantCode: options.merchantCode,
    authBaseUrl: options.authBaseUrl ?? preset.authBaseUrl,
    apiBaseUrl,
    assetsBaseUrl: options.assetsBaseUrl ?? preset.assetsBaseUrl,
    audience: options.audience ?? `${apiBaseUrl.replace(/\/+$/, '')}/`,
    apiVersion: options.apiVersion ?? CURRENT_API_VERSION,
    scope: options.scope ?? DEFAULT_TOKEN_SCOPE,
    nonceScope: options.nonceScope ?? DEFAULT_NONCE_SCOPE,
    timeoutMs: options.timeoutMs ?? 10_000,
    refreshMarginMs: options.refreshMarginMs ?? 60_000,
    assumedLifetimeSeconds: options.assumedLifetimeSeconds ?? 300,
    notifications: resolveAlignetNotificationOptions(options.environment, options.notifications),
  };
}
