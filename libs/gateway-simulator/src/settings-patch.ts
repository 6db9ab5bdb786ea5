import { SimulatorInputError } from './core/input-error';
import { isObject } from './core/json';
import {
  CHARGE_STATES,
  type DeepPartial,
  deepFreeze,
  SESSION_OUTCOMES,
  type AlignetSettings,
  type NetzmeSettings,
  type PlacetopaySettings,
  type SimulatorSettings,
} from './settings';

/** Returns the value if it may stand in the setting at `path`; throws an error naming that path if not. */
type Rule<T> = (value: unknown, path: string) => T;
type Rules<T> = { readonly [K in keyof T]: Rule<T[K]> };

const A_DECADE_IN_SECONDS = 315_360_000;

const flag: Rule<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw new SimulatorInputError(path, 'must be true or false');
};

function oneOf<const T extends string | number>(...allowed: readonly T[]): Rule<T> {
  return (value, path) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    throw new SimulatorInputError(path, `must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`);
  };
}

function integer(least: number, most: number): Rule<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new SimulatorInputError(path, `must be a whole number from ${least} to ${most}`);
  };
}

function orNull<T>(rule: Rule<T>): Rule<T | null> {
  return (value, path) => (value === null ? null : rule(value, path));
}

const url: Rule<string> = (value, path) => {
  if (typeof value === 'string' && URL.canParse(value)) return value;
  throw new SimulatorInputError(path, 'must be a URL');
};

const urls: Rule<readonly string[]> = (value, path) => {
  if (Array.isArray(value) && value.every((url): url is string => typeof url === 'string' && URL.canParse(url))) {
    return [...value];
  }
  throw new SimulatorInputError(path, 'must be a list of URLs');
};

function section<T extends object>(rules: Rules<T>): (current: T, patch: unknown, path: string) => T {
  return (current, patch, path) => {
    if (!isObject(patch)) throw new SimulatorInputError(path, 'must be an object');
    const next = { ...current };
    for (const [name, value] of Object.entries(patch)) {
      if (value === undefined) continue;
      if (!Object.hasOwn(rules, name)) throw unknown(`${path}.${name}`, Object.keys(rules));
      const key = name as keyof T;
      next[key] = rules[key](value, `${path}.${name}`);
    }
    return next;
  };
}

function unknown(path: string, known: readonly string[]): SimulatorInputError {
  return new SimulatorInputError(path, `is not a setting (known: ${known.join(', ')})`);
}

const lifetime = integer(1, A_DECADE_IN_SECONDS);
const httpStatus = integer(200, 599);

const alignet = section<AlignetSettings>({
  environment: oneOf('preprod', 'production', 'any'),
  publicUrls: urls,
  legacyGrants: flag,
  refuseUnknownMembers: flag,
  requireVersionHeader: flag,
  requireCreateTokenScope: flag,
  enforceChargeScopes: flag,
  refuseFutileReversals: flag,
  tokenLifetimeSeconds: lifetime,
  nonceLifetimeSeconds: lifetime,
  expiresInAs: oneOf('number', 'string'),
  successAs: oneOf('boolean', 'string'),
  newTokenEndsPrevious: flag,
  errorsAsHttp200: flag,
  chargeState: oneOf(...CHARGE_STATES),
  notificationUrl: orNull(url),
  redirectSigns: oneOf('base64-text', 'decoded-json'),
});

const placetopay = section<PlacetopaySettings>({
  acceptSha1: flag,
  seedToleranceSeconds: integer(0, A_DECADE_IN_SECONDS),
  nonceEncoding: oneOf('standard', 'lenient'),
  refuseReplayedNonce: flag,
  replayedNonceCode: integer(1, 99_999),
  reasonAs: oneOf('number', 'string'),
  authFailureHttpStatus: oneOf(401, 400),
  missingMembersAs: oneOf('malformed', 'code', 'prose'),
  defaultLanguage: oneOf('es', 'en'),
  sessionOutcome: oneOf(...SESSION_OUTCOMES),
  notificationUrl: orNull(url),
  notificationAlgorithm: oneOf('sha256', 'sha1'),
});

const netzme = section<NetzmeSettings>({
  merchantTokenLifetimeSeconds: lifetime,
  consumerTokenLifetimeSeconds: lifetime,
  requireTokenContentType: flag,
  minifyBeforeCheck: flag,
  nonAscii: oneOf('as-sent', 'escaped'),
  requireMillisecondTime: flag,
  requestTimeToleranceSeconds: orNull(integer(0, A_DECADE_IN_SECONDS)),
  errorHttpStatus: httpStatus,
  unauthorizedHttpStatus: httpStatus,
  statusAs: oneOf('number', 'string'),
});

const ROOT_NAMES = [
  'bodyLimitBytes',
  'webhookTimeoutMs',
  'explainRefusals',
  'alignet',
  'placetopay',
  'netzme',
] as const;
const SIXTY_FOUR_MIB = 64 * 1024 * 1024;
const TWO_MINUTES_MS = 120_000;

/**
 * A frozen copy of `current` with `patch` laid over it.
 * @throws {SimulatorInputError} naming the first unknown setting or unfit value; nothing is changed then.
 */
export function patchSettings(current: SimulatorSettings, patch: DeepPartial<SimulatorSettings>): SimulatorSettings;
export function patchSettings(current: SimulatorSettings, patch: unknown): SimulatorSettings;
export function patchSettings(current: SimulatorSettings, patch: unknown): SimulatorSettings {
  if (!isObject(patch)) throw new SimulatorInputError('settings', 'must be an object');
  for (const name of Object.keys(patch)) {
    if (!ROOT_NAMES.some((known) => known === name)) throw unknown(name, ROOT_NAMES);
  }
  const given = <T>(name: (typeof ROOT_NAMES)[number], now: T, apply: (value: unknown) => T): T =>
    patch[name] === undefined ? now : apply(patch[name]);
  return deepFreeze({
    bodyLimitBytes: given('bodyLimitBytes', current.bodyLimitBytes, (value) =>
      integer(1024, SIXTY_FOUR_MIB)(value, 'bodyLimitBytes'),
    ),
    webhookTimeoutMs: given('webhookTimeoutMs', current.webhookTimeoutMs, (value) =>
      integer(1, TWO_MINUTES_MS)(value, 'webhookTimeoutMs'),
    ),
    explainRefusals: given('explainRefusals', current.explainRefusals, (value) => flag(value, 'explainRefusals')),
    alignet: given('alignet', current.alignet, (value) => alignet(current.alignet, value, 'alignet')),
    placetopay: given('placetopay', current.placetopay, (value) => placetopay(current.placetopay, value, 'placetopay')),
    netzme: given('netzme', current.netzme, (value) => netzme(current.netzme, value, 'netzme')),
  });
}
