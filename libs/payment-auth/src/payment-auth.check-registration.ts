import { type ConfigProblem, PaymentAuthConfigError } from './core/errors';

export const IS_GLOBAL = 'isGlobal';
export const NO_OPTIONS: ConfigProblem = {
  option: 'options',
  problem: 'must be an object with a block for each gateway that is used, e.g. { netzme: { ... } }',
};

const WAYS = ['useFactory', 'useClass', 'useExisting'] as const;
const REGISTRATION_OPTIONS: readonly string[] = [IS_GLOBAL, 'imports', 'inject', 'provideInjectionTokensFrom', ...WAYS];

export const isOptionsObject = (options: unknown): options is object =>
  typeof options === 'object' && options !== null && !Array.isArray(options);

/**
 * Checks what `forRoot` itself takes; its blocks are checked when the application starts, together with all others.
 *
 * @throws {PaymentAuthConfigError}
 */
export function checkForRoot(options: unknown): void {
  if (!isOptionsObject(options)) throw new PaymentAuthConfigError([NO_OPTIONS]);
  refuse(isGlobalProblems({ ...options }));
}

/**
 * Checks what `forRootAsync` takes. Nest would take a missing factory for a provider it cannot find, and an option block
 * beside the factory for nothing at all.
 *
 * @throws {PaymentAuthConfigError}
 */
export function checkForRootAsync(options: unknown): void {
  const given: Record<string, unknown> = isOptionsObject(options) ? { ...options } : {};
  const ways = WAYS.filter((way) => given[way] !== undefined);
  const [way] = ways;
  const problems = isGlobalProblems(given);
  if (way === undefined || ways.length > 1) {
    problems.push({ option: 'options', problem: `must hold one of ${WAYS.join(', ')}, which give the options` });
  } else if (way === 'useFactory' && typeof given[way] !== 'function') {
    problems.push({ option: way, problem: 'must be a function' });
  } else if (way === 'useClass' && !isClass(given[way])) {
    problems.push({ option: way, problem: 'must be a class; a function that gives the options is a useFactory' });
  }
  for (const option of Object.keys(given).filter((name) => !REGISTRATION_OPTIONS.includes(name))) {
    problems.push({
      option,
      problem: `belongs into what useFactory, useClass or useExisting give; known here are ${REGISTRATION_OPTIONS.join(', ')}`,
    });
  }
  refuse(problems);
}

/** Arrow functions and methods cannot be constructed, and have no prototype. */
const isClass = (value: unknown): boolean => typeof value === 'function' && typeof value.prototype === 'object';

function isGlobalProblems({ isGlobal }: Record<string, unknown>): ConfigProblem[] {
  return isGlobal === undefined || typeof isGlobal === 'boolean'
    ? []
    : [{ option: IS_GLOBAL, problem: 'must be true or false' }];
}

function refuse(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new PaymentAuthConfigError(problems);
}
