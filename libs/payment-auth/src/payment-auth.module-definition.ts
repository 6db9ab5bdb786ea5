import { ConfigurableModuleBuilder } from '@nestjs/common';
import { type PaymentAuthModuleOptions } from './payment-auth.options';

/** What concerns the module and not the gateways. */
export interface PaymentAuthModuleExtras {
  /** Whether the providers are there for every module of the application. @default false */
  isGlobal?: boolean;
}

/** Of the class that `useClass` and `useExisting` name. */
export const FACTORY_METHOD = 'createPaymentAuthOptions';

const extras: PaymentAuthModuleExtras = { isGlobal: false };

/**
 * `alwaysTransient`: two registrations never share state, not even with equal options, which Nest 10 would take for one.
 * `isGlobal` is applied by PaymentAuthModule, whose options module this is.
 */
export const {
  ConfigurableModuleClass: PaymentAuthOptionsModuleClass,
  MODULE_OPTIONS_TOKEN: PAYMENT_AUTH_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<PaymentAuthModuleOptions>({ moduleName: 'PaymentAuth', alwaysTransient: true })
  .setClassMethodName('forRoot')
  .setFactoryMethodName(FACTORY_METHOD)
  .setExtras(extras, (definition) => definition)
  .build();
