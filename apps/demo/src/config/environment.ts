import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, IsIn, validateSync } from 'class-validator';
import {
  AccessToken,
  BaseUrl,
  CacheSeconds,
  Ids,
  Keys,
  LongToleranceSeconds,
  OneOf,
  Path,
  Port,
  RedisUrl,
  Replicas,
  SecretsByKid,
  Sha1Acceptance,
  SkewSeconds,
  Text,
  Tokens,
  ToleranceSeconds,
} from './variable-kinds';

export const PAYMENT_ENVS = ['sandbox', 'test', 'production'] as const;
/** `sandbox`: the embedded simulator. `test`: the gateways' test environments. `production`: real money. */
export type PaymentEnv = (typeof PAYMENT_ENVS)[number];

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable the demo reads. `.env.example` explains them; a test holds the two together. */
export class EnvironmentVariables {
  @IsIn(PAYMENT_ENVS, { message: `PAYMENT_ENV must be one of ${PAYMENT_ENVS.join(', ')}` })
  PAYMENT_ENV: PaymentEnv = 'sandbox';

  @Port() PORT: number = 3000;
  @Text() HOST: string = '127.0.0.1';

  @IsIn(LOG_LEVELS, { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  @CacheSeconds() HEALTH_CACHE_SECONDS: number = 10;

  @Text() ALIGNET_CLIENT_ID?: string;
  @Text() ALIGNET_CLIENT_SECRET?: string;
  @Text() ALIGNET_CLIENT_SECRET_FILE?: string;
  @Text() ALIGNET_MERCHANT_CODE?: string;
  @BaseUrl() ALIGNET_AUTH_BASE_URL?: string;
  @BaseUrl() ALIGNET_API_BASE_URL?: string;
  @BaseUrl() ALIGNET_ASSETS_BASE_URL?: string;
  @Text() ALIGNET_AUDIENCE?: string;
  @Text() ALIGNET_API_VERSION?: string;
  @Text() ALIGNET_SCOPE?: string;
  @Keys() ALIGNET_PUBLIC_KEYS?: string;
  @OneOf('either', 'text', 'decoded') ALIGNET_REDIRECT_SIGNED_DATA?: 'either' | 'text' | 'decoded';

  @Text() PLACETOPAY_LOGIN?: string;
  @Text() PLACETOPAY_SECRET_KEY?: string;
  @Text() PLACETOPAY_SECRET_KEY_FILE?: string;
  @Text() PLACETOPAY_BRAND?: string;
  @BaseUrl() PLACETOPAY_CHECKOUT_BASE_URL?: string;
  @BaseUrl() PLACETOPAY_PAYMENT_LINKS_BASE_URL?: string;
  @Text() PLACETOPAY_DIGEST_ALGORITHM?: string;
  @SkewSeconds() PLACETOPAY_CLOCK_SKEW_SECONDS?: number;
  @Sha1Acceptance() PLACETOPAY_WEBHOOK_ACCEPT_SHA1?: string;
  @ToleranceSeconds() PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS?: number;
  @SecretsByKid() PLACETOPAY_ONBOARDING_SECRETS?: string;
  @Text() PLACETOPAY_SCUDO_SECRET_KEY?: string;
  @BaseUrl() PLACETOPAY_SCUDO_NOTIFICATION_URL?: string;
  @Text() PLACETOPAY_MSV_SECRET_TOKEN?: string;
  @Text() PLACETOPAY_AUTOPAY_CONTRACT_USER?: string;
  @Text() PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD?: string;
  @Text() PLACETOPAY_MICROSITE_LOGIN?: string;
  @Text() PLACETOPAY_MICROSITE_SECRET_KEY?: string;
  @OneOf('as-received', 'values') PLACETOPAY_TOKEN_REQUESTOR_DATA?: 'as-received' | 'values';

  @Text() NETZME_CLIENT_ID?: string;
  @Text() NETZME_CLIENT_SECRET?: string;
  @Text() NETZME_CLIENT_SECRET_FILE?: string;
  @Text() NETZME_API?: string;
  @BaseUrl() NETZME_BASE_URL?: string;
  @Ids() NETZME_MERCHANT_IDS?: string;
  @Tokens() NETZME_CALLBACK_TOKENS?: string;
  @Keys() NETZME_CALLBACK_PUBLIC_KEYS?: string;
  @OneOf('true', 'false') NETZME_CALLBACK_ALLOW_WEAK_KEYS?: 'true' | 'false';
  @LongToleranceSeconds() NETZME_CALLBACK_TOLERANCE_SECONDS?: number;
  @Path() NETZME_CALLBACK_PATH?: string;
  @Path() NETZME_CALLBACK_REMOVED_PATH_PREFIX?: string;
  @OneOf('true', 'false') NETZME_CALLBACK_ACCEPT_GO_NUMBERS?: 'true' | 'false';

  @AccessToken() CONSOLE_ACCESS_TOKEN?: string;

  @RedisUrl() REDIS_URL?: string;
  @Text() TOKEN_ENCRYPTION_KEYS?: string;
  @Replicas() REPLICAS: number = 1;

  @Port() SIMULATOR_ALIGNET_PORT: number = 0;
  @Port() SIMULATOR_PLACETOPAY_PORT: number = 0;
  @Port() SIMULATOR_NETZME_PORT: number = 0;
  @Port() SIMULATOR_CONTROL_PORT: number = 0;
}

type Variable = keyof EnvironmentVariables;

const NUMBERS: ReadonlySet<string> = new Set<Variable>([
  'PORT',
  'HEALTH_CACHE_SECONDS',
  'PLACETOPAY_CLOCK_SKEW_SECONDS',
  'PLACETOPAY_WEBHOOK_TOLERANCE_SECONDS',
  'NETZME_CALLBACK_TOLERANCE_SECONDS',
  'REPLICAS',
  'SIMULATOR_ALIGNET_PORT',
  'SIMULATOR_PLACETOPAY_PORT',
  'SIMULATOR_NETZME_PORT',
  'SIMULATOR_CONTROL_PORT',
]);

const OWN_PREFIXES = /^(PAYMENT|ALIGNET|PLACETOPAY|NETZME|SIMULATOR|CONSOLE|TOKEN_ENCRYPTION)_/;

/** What Kubernetes puts into every container for a service of that name. */
const isServiceLink = (name: string, value: unknown): boolean =>
  /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP|SCTP)/.test(name) || /^(tcp|udp|sctp):/.test(String(value));

const wholeNumberOf = (text: unknown): number => (/^-?\d+$/.test(String(text)) ? Number(text) : Number.NaN);

/**
 * Credentials that only mean something together, the secret as it is or in a file. Outside the sandbox a gateway with none of
 * them is not configured.
 */
const CREDENTIALS: readonly (readonly [id: Variable, secret: Variable, file: Variable])[] = [
  ['ALIGNET_CLIENT_ID', 'ALIGNET_CLIENT_SECRET', 'ALIGNET_CLIENT_SECRET_FILE'],
  ['PLACETOPAY_LOGIN', 'PLACETOPAY_SECRET_KEY', 'PLACETOPAY_SECRET_KEY_FILE'],
  ['NETZME_CLIENT_ID', 'NETZME_CLIENT_SECRET', 'NETZME_CLIENT_SECRET_FILE'],
];

/** What a variable needs besides itself to have any effect; in the sandbox the simulator has all of it. */
const NEEDS: readonly (readonly [variable: Variable, needed: Variable])[] = [
  ['ALIGNET_PUBLIC_KEYS', 'ALIGNET_MERCHANT_CODE'],
  ['ALIGNET_PUBLIC_KEYS', 'ALIGNET_CLIENT_ID'],
  ['PLACETOPAY_WEBHOOK_ACCEPT_SHA1', 'PLACETOPAY_LOGIN'],
  ['PLACETOPAY_ONBOARDING_SECRETS', 'PLACETOPAY_LOGIN'],
  ['PLACETOPAY_SCUDO_SECRET_KEY', 'PLACETOPAY_SCUDO_NOTIFICATION_URL'],
  ['PLACETOPAY_SCUDO_NOTIFICATION_URL', 'PLACETOPAY_SCUDO_SECRET_KEY'],
  ['PLACETOPAY_SCUDO_SECRET_KEY', 'PLACETOPAY_LOGIN'],
  ['PLACETOPAY_MSV_SECRET_TOKEN', 'PLACETOPAY_LOGIN'],
  ['PLACETOPAY_AUTOPAY_CONTRACT_USER', 'PLACETOPAY_LOGIN'],
  ['PLACETOPAY_MICROSITE_LOGIN', 'PLACETOPAY_LOGIN'],
  ['NETZME_MERCHANT_IDS', 'NETZME_CLIENT_ID'],
  ['NETZME_CALLBACK_TOKENS', 'NETZME_CLIENT_ID'],
  ['NETZME_CALLBACK_PUBLIC_KEYS', 'NETZME_CLIENT_ID'],
  ['NETZME_CALLBACK_PUBLIC_KEYS', 'NETZME_MERCHANT_IDS'],
];

/** Halves that no simulator can complete. */
const PAIRS: readonly (readonly [Variable, Variable])[] = [
  ['PLACETOPAY_AUTOPAY_CONTRACT_USER', 'PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD'],
  ['PLACETOPAY_MICROSITE_LOGIN', 'PLACETOPAY_MICROSITE_SECRET_KEY'],
];

/**
 * Checks the environment, all of it at once. Values never appear in the message: they may be secrets.
 *
 * @throws {Error} listing every variable that is wrong, misspelt or missing
 */
export function validateEnvironment(raw: Readonly<Record<string, unknown>>): EnvironmentVariables {
  const given = Object.entries(raw).filter(([, value]) => value !== undefined && value !== '');
  const known = new EnvironmentVariables();
  const names = new Set(environmentVariableNames());
  const environment = plainToInstance(EnvironmentVariables, {
    ...known,
    ...Object.fromEntries(
      given
        .filter(([name]) => names.has(name))
        .map(([name, value]) => [name, NUMBERS.has(name) ? wholeNumberOf(value) : value]),
    ),
  });
  const problems = validateSync(environment).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  for (const [name, value] of given) {
    if (OWN_PREFIXES.test(name) && !isServiceLink(name, value) && !names.has(name))
      problems.push(`${name} is no variable of this application`);
  }
  problems.push(...credentialProblems(environment), ...missingPartners(environment));
  if (problems.length > 0) {
    throw new Error(`The environment is not right (see .env.example):\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
  return environment;
}

function credentialProblems(environment: EnvironmentVariables): string[] {
  const problems: string[] = [];
  let configured = 0;
  for (const [id, secret, file] of CREDENTIALS) {
    const given = [secret, file].filter((name) => environment[name] !== undefined);
    if (environment[id] === undefined && given.length === 0) continue;
    configured += 1;
    if (environment[id] === undefined) problems.push(`${id} is missing, though ${given.join(' and ')} is set`);
    if (given.length === 0) problems.push(`${secret} is missing, though ${id} is set`);
    if (given.length === 2) problems.push(`${secret} and ${file} say the same in two ways: leave one out`);
  }
  if (configured === 0 && environment.PAYMENT_ENV !== 'sandbox') {
    const needed = CREDENTIALS.map(([id, secret]) => `${id} and ${secret}`).join(', or ');
    problems.push(`PAYMENT_ENV=${environment.PAYMENT_ENV} needs the credentials of one gateway at least: ${needed}`);
  }
  return problems;
}

function missingPartners(environment: EnvironmentVariables): string[] {
  const both = PAIRS.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  const needs = environment.PAYMENT_ENV === 'sandbox' ? both : [...both, ...NEEDS];
  return needs
    .filter(([variable, needed]) => environment[variable] !== undefined && environment[needed] === undefined)
    .map(([variable, needed]) => `${needed} is missing, though ${variable} is set`);
}

/** Names of all variables. Read from the validators, because an optional property without a value is not on the instance. */
export function environmentVariableNames(): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(EnvironmentVariables, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}
