import { IsIn, IsOptional, IsString, IsUrl, Length, Matches, ValidateBy } from 'class-validator';

/* One decorator a kind of variable, with one message each: a mistake is told once, and no value is ever repeated. */

const wholeNumber = (least: number, most: number, what: string) => (): PropertyDecorator =>
  ValidateBy({
    name: 'wholeNumber',
    validator: {
      validate: (value) =>
        value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most),
      defaultMessage: (args) => `${args?.property} must be ${what}`,
    },
  });

export const Port = wholeNumber(0, 65_535, 'a port number; 0 takes a free one');
export const CacheSeconds = wholeNumber(0, 3_600, 'a whole number of seconds from 0 to 3600');
export const SkewSeconds = wholeNumber(-1_800, 1_800, 'a whole number of seconds from -1800 to 1800');
export const ToleranceSeconds = wholeNumber(1, 900, 'a whole number of seconds from 1 to 900');
export const LongToleranceSeconds = wholeNumber(1, 86_400, 'a whole number of seconds from 1 to 86400');
export const Replicas = wholeNumber(1, 1_000, 'a whole number of processes from 1');

const matching = (pattern: RegExp, what: string) => (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  Matches(pattern, { message: `$property must be ${what}` })(target, name);
};

export const RedisUrl = matching(/^rediss?:\/\/\S+$/, 'a redis:// or rediss:// URL');

/** Long enough that nobody guesses it. */
export const AccessToken = matching(/^[!-~]{16,500}$/, '16 to 500 visible ASCII characters without spaces');

/** `k1:secret`, separated by commas. */
export const SecretsByKid = matching(
  /^[\w.-]{1,64}:[^,]+(?:,[\w.-]{1,64}:[^,]+)*$/,
  'kid:secret, or several of them separated by commas',
);

/** The current one and, while it changes, the next. */
export const Tokens = matching(
  /^[^,\s]{1,500}(?:,[^,\s]{1,500})?$/,
  'the token, or the current and the next one separated by a comma',
);

/** Base64 or PEM with `\n` in place of line breaks, neither of which has commas in it. */
export const Keys = matching(
  /^[^,]{1,5000}(?:,[^,]{1,5000}){0,9}$/,
  'a public key in PEM or Base64, or several separated by commas',
);

export const Ids = matching(/^[^,\s]{1,100}(?:,[^,\s]{1,100}){0,99}$/, 'an id, or several separated by commas');

export const Path = matching(/^\/\S*$/, 'a path that starts with a slash');

/** `true`, `false`, or until when. */
export const Sha1Acceptance = (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  ValidateBy({
    name: 'sha1Acceptance',
    validator: {
      validate: (value) => value === 'true' || value === 'false' || isDay(value) || isInstant(value),
      defaultMessage: (args) => `${args?.property} must be true, false, or the day it ends, e.g. 2027-01-01`,
    },
  })(target, name);
};

const isDay = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value));

export const OneOf =
  (...values: readonly string[]): PropertyDecorator =>
  (target, name) => {
    IsOptional()(target, name);
    IsIn(values, { message: `$property must be one of ${values.join(', ')}` })(target, name);
  };

export const Text = (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  IsString()(target, name);
  Length(1, 1_000, { message: '$property must be a text of 1 to 1000 characters' })(target, name);
};

export const BaseUrl = (): PropertyDecorator => (target, name) => {
  IsOptional()(target, name);
  IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: '$property must be an absolute URL' },
  )(target, name);
};
