import { getMetadataStorage, IsOptional, registerDecorator, validateSync } from 'class-validator';
import { type ConfigProblem } from './errors';
import { problemAbout } from './problem-secrets';
import { isRotatingSecret, type RotatingSecret, Secret } from './secret';
import { isVisibleAscii } from './visible-ascii';

/** A class that describes a block of options. */
export type BlockClass<T extends object = object> = new () => T;

/** Checks one block of options against its class. Every mistake is reported, none with the value: it may be a secret. */
export function validateBlock<T extends object>(path: string, Block: BlockClass<T>, input: unknown): ConfigProblem[] {
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
      problems.push(problemAbout(secretsIn(error.value), { option: `${path}.${error.property}`, problem }));
    }
  }
  for (const [name, NestedBlock] of nestedBlocks.get(Block) ?? []) {
    const nested = (input as Readonly<Record<string, unknown>>)[name];
    if (nested !== undefined) problems.push(...validateBlock(`${path}.${name}`, NestedBlock, nested));
  }
  return problems;
}

const nestedBlocks = new Map<object, Map<string, BlockClass>>();

/** An optional block within a block, checked against its own class: its mistakes are told with their full path. */
export function IsOptionalBlock(NestedBlock: BlockClass): PropertyDecorator {
  return (target, propertyName) => {
    IsOptional()(target, propertyName);
    const nested = nestedBlocks.get(target.constructor) ?? new Map<string, BlockClass>();
    nestedBlocks.set(target.constructor, nested.set(propertyName as string, NestedBlock));
  };
}

/** The class of the block that stands there, if one does. */
export const nestedBlock = (Block: BlockClass, name: string): BlockClass | undefined =>
  nestedBlocks.get(Block)?.get(name);

export function knownProperties(Block: BlockClass): Set<string> {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(Block, '', false, false);
  return new Set(metadata.map(({ propertyName }) => propertyName));
}

/** A secret, or those of an option that holds several by name. */
function secretsIn(value: unknown): Secret[] {
  const values =
    value instanceof Secret || typeof value !== 'object' || value === null ? [value] : Object.values(value);
  return values.filter((each) => each instanceof Secret);
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
  return check('isGatewayBaseUrl', (value) => {
    if (options.each !== true) return baseUrlProblem(value);
    if (!Array.isArray(value)) return 'must be an array of absolute URLs';
    return value.map(baseUrlProblem).find((problem) => problem !== undefined);
  });
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Text that can be a credential: not empty, no control characters (a stray newline is the usual one). */
export function IsCredential(what: string, maxLength = 1_000): PropertyDecorator {
  return check('isCredential', (value) =>
    isText(value, maxLength) && !CONTROL_CHARACTER.test(value)
      ? undefined
      : `must be ${what}: a text of 1 to ${maxLength} characters without line breaks or other control characters`,
  );
}

/**
 * Text that goes into a header as it is: visible ASCII, which is all that arrives unchanged everywhere.
 *
 * @param isUserId whether it is the user-id of Basic auth too, which a colon would end early (RFC 7617, 2)
 */
export function IsHeaderValue(
  what: string,
  { maxLength = 1_000, isUserId = false }: { maxLength?: number; isUserId?: boolean } = {},
): PropertyDecorator {
  return check('isHeaderValue', (value) =>
    isText(value, maxLength) && isVisibleAscii(value) && !(isUserId && value.includes(':'))
      ? undefined
      : `must be ${what}: 1 to ${maxLength} ASCII characters without spaces${isUserId ? ' or colons' : ''}, because it is sent in a header`,
  );
}

const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxLength;

/** A secret: text as of {@link IsCredential}, current and next, or a function of these, which is loaded by then. */
export function IsSecret(what: string, maxLength = 1_000): PropertyDecorator {
  const isSecret = check('isSecret', (value) => {
    if (!isSecretValue(value, maxLength)) {
      return `must be ${what}: a text of 1 to ${maxLength} characters without line breaks or other control characters, { current, next } with two of them, or a function that gives either`;
    }
    const absence = absentSecret(value);
    return absence && `must be ${what}, and ${absence}`;
  });
  return (target, propertyName) => {
    HoldsSecrets()(target, propertyName);
    isSecret(target, propertyName);
  };
}

/** Whether it is a secret that needs no loading. */
export function isSecretValue(value: unknown, maxLength = 1_000): value is string | RotatingSecret | Secret {
  return secretTexts(value).every((text) => isText(text, maxLength) && !CONTROL_CHARACTER.test(text));
}

const BLANK = /^[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;
/** What `String(value)` makes of a value that is not there or is no text. */
const TEXT_OF_NO_TEXT = /^\s*(?:undefined|null|NaN|\[object \w+\])\s*$/;

/** How a secret shows that it is none, and the cure, as the end of a sentence; `undefined` where it may be one. */
export function absentSecret(value: string | RotatingSecret | Secret): string | undefined {
  const texts = secretTexts(value);
  if (texts.some((text) => BLANK.test(text))) return 'is blank (spaces or invisible characters): copy it again';
  return texts.some((text) => TEXT_OF_NO_TEXT.test(text))
    ? 'is what becomes of a missing value, or of an object, as text: check the environment variable, file or function it comes from'
    : undefined;
}

const secretOptions = new Map<object, Set<string>>();

/** An option that holds a secret, or several by name. Checked by another decorator. */
export function HoldsSecrets(): PropertyDecorator {
  return (target, propertyName) => {
    const names = secretOptions.get(target.constructor) ?? new Set<string>();
    secretOptions.set(target.constructor, names.add(propertyName as string));
  };
}

/** A secret of fewer characters can be guessed offline from one thing that is signed with it. */
const LEAST_SECRET_CHARS = 16;

/** Which secrets of a block that passed {@link validateBlock} are so short that somebody should know. */
export function shortSecrets<T extends object>(path: string, Block: BlockClass<T>, input: object): ConfigProblem[] {
  const members = input as Readonly<Record<string, unknown>>;
  const own = [...(secretOptions.get(Block) ?? [])].flatMap((name) => shortIn(`${path}.${name}`, members[name]));
  const nested = [...(nestedBlocks.get(Block) ?? [])].flatMap(([name, NestedBlock]) => {
    const block = members[name];
    return typeof block === 'object' && block !== null ? shortSecrets(`${path}.${name}`, NestedBlock, block) : [];
  });
  return [...own, ...nested];
}

function shortIn(option: string, value: unknown): ConfigProblem[] {
  if (value === undefined) return [];
  if (!isSecretValue(value)) {
    return Object.entries(value as object).flatMap(([name, secret]) => shortIn(`${option}.${name}`, secret));
  }
  return secretTexts(value).every((text) => text.length >= LEAST_SECRET_CHARS)
    ? []
    : [
        {
          option,
          problem: `is shorter than ${LEAST_SECRET_CHARS} characters, so it can be guessed from what is signed with it; check that it is complete, and ask for a longer one`,
        },
      ];
}

/** The texts of a secret; anything else as it is. */
export function secretTexts(value: string | RotatingSecret | Secret): readonly string[];
export function secretTexts(value: unknown): readonly unknown[];
export function secretTexts(value: unknown): readonly unknown[] {
  if (value instanceof Secret) return value.accepted();
  return isRotatingSecret(value) ? [value.current, value.next ?? value.current] : [value];
}

/** A whole number of `unit` from `least` to `most`. */
export function IsWholeNumber(unit: string, least: number, most: number): PropertyDecorator {
  return check('isWholeNumber', (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number of ${unit} from ${least} to ${most}`,
  );
}

/** One live object of the user's, or with `each` an array of them too, known by the methods we call. */
export function IsObjectWith(
  methods: readonly string[],
  what: string,
  { each = false }: { each?: boolean } = {},
): PropertyDecorator {
  const fits = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
  return check('isObjectWith', (value) =>
    (each && Array.isArray(value) ? value.every(fits) : fits(value)) ? undefined : `must be ${what}`,
  );
}

/**
 * A class-validator decorator from a function that tells what is wrong with a value, without repeating it.
 *
 * @param problemOf gets the value and the block it is part of, which may not have been checked
 */
export function check(
  name: string,
  problemOf: (value: unknown, block: object | undefined) => string | undefined,
): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value, args) => problemOf(value, args?.object) === undefined,
        defaultMessage: (args) => problemOf(args?.value, args?.object) ?? '',
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
