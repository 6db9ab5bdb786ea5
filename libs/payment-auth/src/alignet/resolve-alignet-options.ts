import { type ConfigProblem } from '../core/errors';
import { type ResolvedMerchants } from '../core/merchants';
import { refuseContradictingSecrets, resolveMerchants } from '../core/resolve-merchants';
import { Secret } from '../core/secret';
import { joinUrl } from '../core/validation';
import { CURRENT_API_VERSION, DEFAULT_NONCE_SCOPE, DEFAULT_TOKEN_SCOPE, TOKEN_PATH } from './alignet.constants';
import { ALIGNET_ENVIRONMENTS, type AlignetEnvironment, AlignetMerchantOptions } from './alignet.options';
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

/** Which environments a host is of, by the presets and by names in older documentation. @see docs.pay-me.com, v1 and v2 (read 2026-11) */
const ENVIRONMENTS_OF_HOST: ReadonlyMap<string, readonly AlignetEnvironment[]> = new Map<string, AlignetEnvironment[]>([
  ...hostsInPresets(),
  // v1 pairs it with api.dev.alignet.io.
  ['auth.pp.alignet.io', ['preprod', 'development']],
  ['paymentapi.preprod.alignet.io', ['preprod']],
]);

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

function resolveOne(
  name: string,
  options: AlignetMerchantOptions,
  problems: ConfigProblem[],
  path: string,
  warnings: ConfigProblem[],
): ResolvedAlignetMerchant {
  judgeHosts(options, path, problems, warnings);
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

function hostsInPresets(): Map<string, AlignetEnvironment[]> {
  const environments = new Map<string, AlignetEnvironment[]>();
  for (const environment of ['production', 'preprod', 'development'] as const) {
    for (const url of Object.values<string>({ ...PRESETS[environment] })) {
      const { host } = new URL(url);
      environments.set(host, [...(environments.get(host) ?? []), environment]);
    }
  }
  return environments;
}

/**
 * A secret or token of one environment at a host of another: a mistake in production. Elsewhere real integrations do it, the
 * official WooCommerce plugin among them, although Alignet asks for one environment. A host that is none of Alignet's, a proxy of
 * the user's or the simulator, is of any.
 */
function judgeHosts(
  options: AlignetMerchantOptions,
  path: string,
  problems: ConfigProblem[],
  warnings: ConfigProblem[],
): void {
  const { environment } = options;
  const places = ['authBaseUrl', 'apiBaseUrl', 'assetsBaseUrl', 'audience'] as const;
  const environments = places.map((place) => {
    const url = options[place] ?? (place === 'audience' ? undefined : PRESETS[environment][place]);
    return url !== undefined && URL.canParse(url) ? ENVIRONMENTS_OF_HOST.get(new URL(url).host) : undefined;
  });
  const isOfAll = (each: AlignetEnvironment): boolean => environments.every((known) => known?.includes(each) ?? true);
  const isProduction = environment === 'production';
  if (isProduction ? isOfAll('production') : ALIGNET_ENVIRONMENTS.some(isOfAll)) return;
  places.forEach((place, index) => {
    const known = environments[index];
    if (known === undefined || known.includes(environment)) return;
    const problem = `is of ${known.join(' or ')}, but the merchant is of ${environment}; Alignet asks for one environment for tokens, audience, Flex and payments`;
    if (isProduction)
      problems.push({ option: `${path}.${place}`, problem: `${problem}: leave it out, or set production's` });
    else warnings.push({ option: `${path}.${place}`, problem });
  });
}
