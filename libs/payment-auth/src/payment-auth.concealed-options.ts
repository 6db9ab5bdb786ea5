import { type DynamicModule, type FactoryProvider, type Provider } from '@nestjs/common';
import { inspect } from 'node:util';
import { PaymentAuthConfigError } from './core/errors';
import { FACTORY_METHOD, PAYMENT_AUTH_OPTIONS } from './payment-auth.module-definition';
import { type PaymentAuthModuleOptions } from './payment-auth.options';

const LABEL = '[options of PaymentAuthModule]';

/**
 * The options as they were given, plain-text secrets included. Nest keeps them for as long as the application lives, and
 * whoever logs a `ModuleRef`, an application or a dynamic module shows what Nest keeps.
 */
class ConcealedOptions {
  readonly #options: PaymentAuthModuleOptions;

  constructor(options: PaymentAuthModuleOptions) {
    this.#options = options;
  }

  static open(given: PaymentAuthModuleOptions | ConcealedOptions): PaymentAuthModuleOptions {
    return given instanceof ConcealedOptions ? given.#options : given;
  }

  toJSON(): string {
    return LABEL;
  }

  [inspect.custom](): string {
    return LABEL;
  }
}

/** What stands behind {@link PAYMENT_AUTH_OPTIONS}; options as they are where a test has overridden it. */
export const openOptions = (given: PaymentAuthModuleOptions): PaymentAuthModuleOptions => ConcealedOptions.open(given);

/**
 * The module with its options concealed, those at hand and those that a factory will give.
 *
 * @param factoryOption which option names the class that gives them, if a class does
 */
export function concealOptions(module: DynamicModule, factoryOption?: 'useClass' | 'useExisting'): DynamicModule {
  return { ...module, providers: module.providers?.map((provider) => concealProvider(provider, factoryOption)) ?? [] };
}

function concealProvider(provider: Provider, factoryOption: string | undefined): Provider {
  if (typeof provider === 'function' || provider.provide !== PAYMENT_AUTH_OPTIONS) return provider;
  if ('useValue' in provider) {
    return { ...provider, useValue: new ConcealedOptions(provider.useValue as PaymentAuthModuleOptions) };
  }
  if (!('useFactory' in provider)) return provider;
  const { useFactory } = provider as FactoryProvider<PaymentAuthModuleOptions>;
  return {
    ...provider,
    useFactory: async (...injected: unknown[]) => {
      if (factoryOption !== undefined) requireFactory(injected[0], factoryOption);
      return new ConcealedOptions(await useFactory(...(injected as never[])));
    },
  };
}

function requireFactory(instance: unknown, option: string): void {
  const factory = instance as Partial<Record<typeof FACTORY_METHOD, unknown>> | null | undefined;
  if (typeof factory?.[FACTORY_METHOD] === 'function') return;
  const problem = `must have a method ${FACTORY_METHOD}(), which gives the options`;
  throw new PaymentAuthConfigError([{ option, problem }]);
}
