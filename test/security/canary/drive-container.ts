import { type DynamicModule } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  type Clock,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  type PaymentAuthOptionsFactory,
} from 'nestjs-payment-auth';
import { driveLibrary } from './drive-library';
import { type Haul } from './haul';
import { reachableTexts } from './reachable';

/** Every way in which the options get into Nest's container. */
export function registrations(options: PaymentAuthModuleOptions): [way: string, registration: DynamicModule][] {
  class Factory implements PaymentAuthOptionsFactory {
    createPaymentAuthOptions(): PaymentAuthModuleOptions {
      return options;
    }
  }
  return [
    ['forRoot', PaymentAuthModule.forRoot(options)],
    ['useFactory', PaymentAuthModule.forRootAsync({ useFactory: () => options })],
    ['useClass', PaymentAuthModule.forRootAsync({ useClass: Factory })],
  ];
}

/** Uses the library, and looks at what Nest itself knows of it. Returns how many calls were answered. */
export async function driveContainer(haul: Haul, registration: DynamicModule, clock: Clock): Promise<number> {
  haul.addValue('a dynamic module', registration);
  const module = await Test.createTestingModule({ imports: [registration] })
    .setLogger(haul.logger)
    .overrideProvider(PAYMENT_AUTH_CLOCK)
    .useValue(clock)
    .compile();
  const app = await module.createNestApplication().init();
  const { answered } = await driveLibrary(haul, app);
  addContainer(haul, { app, module, ModuleRef: app.get(ModuleRef), ModulesContainer: module.get(ModulesContainer) });
  await app.close();
  return answered;
}

export function addContainer(haul: Haul, holders: Readonly<Record<string, object>>): void {
  for (const [name, holder] of Object.entries(holders)) {
    haul.add(`${name} of Nest`, [...reachableTexts(holder)].join('\n'));
  }
}
