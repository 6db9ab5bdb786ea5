import { getMetadataStorage, registerDecorator, validateSync } from 'class-validator';
import { type ConfigProblem } from './errors';

type Constructor<T extends object> = new () => T;

/** Checks one block of options against its class. Every mistake is reported, none with the value: it may be a secret. */
export function validateBlock<T extends object>(path: string, Block: Constructor<T>, input: unknown): ConfigProblem[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return [{ option: path, problem: 'must be an object' }];
  }
  const known = knownProperties(Block);
  const unknown = Object.keys(input).filter((name) => !known.has(name));
  const problems = unknown.map((name) => ({
    option: `${path}.${name}`,
    problem: `is not an option here; known are ${[...known].join(', ')}`,
  }));
  for (const error of validateSync(Object.assign(new Block(), input), { stopAtFirstError: true })) {
    if (unknown.includes(error.property)) continue;
    for (const problem of Object.values(error.constraints ?? {})) {
      problems.push({ option: `${path}.${error.property}`, problem });
    }
  }
  return problems;
}

function knownProperties(Block: Constructor<object>): Set<string> {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(Block, '', false, false);
  return new Set(metadata.map(({ propertyName }) => propertyName));
}

/** Loopback is the only place where plain http is accepted: nobody sits between. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function baseUrlProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return 'must be an absolute URL, e.g. https://gateway.example';
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    return 'must be https; plain http is accepted for loopback only';
  }
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.search !== '' || url.hash !== '') return 'must not hold a query or fragment';
  return undefined;
}

/** An absolute https URL (http for loopback) without credentials, query or fragment; a path is allowed. */
export function IsGatewayBaseUrl(options: { each?: boolean } = {}): PropertyDecorator {
  const problemOf = (value: unknown): string | undefined => {
    if (options.each !== true) return baseUrlProblem(value);
    if (!Array.isArray(value)) return 'must be an array of absolute URLs';
    return value.map(baseUrlProblem).find((problem) => problem !== undefined);
  };
  return (target, propertyName) => {
    registerDecorator({
      name: 'isGatewayBaseUrl',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => problemOf(value) === undefined,
        defaultMessage: (args) => problemOf(args?.value) ?? '',
      },
    });
  };
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Text that can be a header value or credential: not empty, no control characters (a stray newline is the usual one). */
export function IsCredential(what: string, maxLength = 1_000): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isCredential',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) =>
          typeof value === 'string' && value.length > 0 && value.length <= maxLength && !CONTROL_CHARACTER.test(value),
        defaultMessage: () =>
          `must be ${what}: a text of 1 to ${maxLength} characters without line breaks or other control characters`,
      },
    });
  };
}

/** A whole number of `unit` from `least` to `most`. */
export function IsWholeNumber(unit: string, least: number, most: number): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isWholeNumber',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
        defaultMessage: () => `must be a whole number of ${unit} from ${least} to ${most}`,
      },
    });
  };
}

/** Joins a base URL, which may carry a path, with a path from the first slash. */
export function joinUrl(baseUrl: string, path: string): string {
  return baseUrl.replace(/\/+$/, '') + path;
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
