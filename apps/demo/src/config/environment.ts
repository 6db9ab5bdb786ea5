import { plainToInstance } from 'class-transformer';
import {
  getMetadataStorage,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  ValidateBy,
  validateSync,
} from 'class-validator';

export const PAYMENT_ENVS = ['sandbox', 'test', 'production'] as const;
/** `sandbox`: the embedded simulator. `test`: the gateways' test environments. `production`: real money. */
export type PaymentEnv = (typeof PAYMENT_ENVS)[number];

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** One decorator a kind, with one message: a mistake is told once. */
const wholeNumber = (least: number, most: number, what: string) => (): PropertyDecorator =>
  ValidateBy({
    name: 'wholeNumber',
    validator: {
      validate: (value) =>
        value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most),
      defaultMessage: (args) => `${args?.property} must be ${what}`,
    },
  });

const Port = wholeNumber(0, 65_535, 'a port number; 0 takes a free one');
const CacheSeconds = wholeNumber(0, 3_600, 'a whole number of seconds from 0 to 3600');
const SkewSeconds = wholeNumber(-1_800, 1_800, 'a whole number of seconds from -1800 to 1800');

const Replicas = wholeNumber(1, 1_000, 'a whole number of processes from 1');

const RedisUrl = (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  Matches(/^rediss?:\/\/\S+$/, { message: '$property must be a redis:// or rediss:// URL' })(target, name);
};

const Text = (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  IsString()(target, name);
  Length(1, 1_000, { message: '$property must be a text of 1 to 1000 characters' })(target, name);
};

const BaseUrl = (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: '$property must be an absolute URL' },
  )(target, name);
};

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
  @Text() ALIGNET_MERCHANT_CODE?: string;
  @BaseUrl() ALIGNET_AUTH_BASE_URL?: string;
  @BaseUrl() ALIGNET_API_BASE_URL?: string;
  @BaseUrl() ALIGNET_ASSETS_BASE_URL?: string;
  @Text() ALIGNET_AUDIENCE?: string;
  @Text() ALIGNET_API_VERSION?: string;
  @Text() ALIGNET_SCOPE?: string;

  @Text() PLACETOPAY_LOGIN?: string;
  @Text() PLACETOPAY_SECRET_KEY?: string;
  @Text() PLACETOPAY_BRAND?: string;
  @BaseUrl() PLACETOPAY_CHECKOUT_BASE_URL?: string;
  @BaseUrl() PLACETOPAY_PAYMENT_LINKS_BASE_URL?: string;
  @Text() PLACETOPAY_DIGEST_ALGORITHM?: string;
  @SkewSeconds() PLACETOPAY_CLOCK_SKEW_SECONDS?: number;

  @Text() NETZME_CLIENT_ID?: string;
  @Text() NETZME_CLIENT_SECRET?: string;
  @Text() NETZME_API?: string;
  @BaseUrl() NETZME_BASE_URL?: string;

  @RedisUrl() REDIS_URL?: string;
  @Text() TOKEN_ENCRYPTION_KEYS?: string;
  @Replicas() REPLICAS: number = 1;

  @Port() SIMULATOR_ALIGNET_PORT: number = 0;
  @Port() SIMULATOR_PLACETOPAY_PORT: number = 0;
  @Port() SIMULATOR_NETZME_PORT: number = 0;
  @Port() SIMULATOR_CONTROL_PORT: number = 0;
}

const NUMBERS: ReadonlySet<string> = new Set([
  'PORT',
  'HEALTH_CACHE_SECONDS',
  'PLACETOPAY_CLOCK_SKEW_SECONDS',
  'REPLICAS',
  'SIMULATOR_ALIGNET_PORT',
  'SIMULATOR_PLACETOPAY_PORT',
  'SIMULATOR_NETZME_PORT',
  'SIMULATOR_CONTROL_PORT',
]);

const OWN_PREFIXES = /^(PAYMENT|ALIGNET|PLACETOPAY|NETZME|SIMULATOR|TOKEN_ENCRYPTION)_/;

/** What Kubernetes puts into every container for a service of that name. */
const isServiceLink = (name: string, value: unknown): boolean =>
  /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP|SCTP)/.test(name) || /^(tcp|udp|sctp):/.test(String(value));

const wholeNumberOf = (text: unknown): number => (/^-?\d+$/.test(String(text)) ? Number(text) : Number.NaN);

/**
 * Credentials that only mean something together. Outside the sandbox a gateway with none of them is not configured.
 */
const CREDENTIALS: readonly (readonly [keyof EnvironmentVariables, keyof EnvironmentVariables])[] = [
  ['ALIGNET_CLIENT_ID', 'ALIGNET_CLIENT_SECRET'],
  ['PLACETOPAY_LOGIN', 'PLACETOPAY_SECRET_KEY'],
  ['NETZME_CLIENT_ID', 'NETZME_CLIENT_SECRET'],
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
  problems.push(...credentialProblems(environment));
  if (problems.length > 0) {
    throw new Error(`The environment is not right (see .env.example):\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
  return environment;
}

function credentialProblems(environment: EnvironmentVariables): string[] {
  const problems: string[] = [];
  let configured = 0;
  for (const [id, secret] of CREDENTIALS) {
    if (environment[id] === undefined && environment[secret] === undefined) continue;
    configured += 1;
    if (environment[id] === undefined) problems.push(`${id} is missing, though ${secret} is set`);
    if (environment[secret] === undefined) problems.push(`${secret} is missing, though ${id} is set`);
  }
  if (configured === 0 && environment.PAYMENT_ENV !== 'sandbox') {
    problems.push(
      `PAYMENT_ENV=${environment.PAYMENT_ENV} needs the credentials of one gateway at least: ${CREDENTIALS.map((pair) => pair.join(' and ')).join(', or ')}`,
    );
  }
  return problems;
}

/** Names of all variables. Read from the validators, because an optional property without a value is not on the instance. */
export function environmentVariableNames(): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(EnvironmentVariables, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}
