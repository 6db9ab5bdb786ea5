import { type DynamicModule, Module } from '@nestjs/common';
import { EnvironmentVariables } from './environment';

/** The environment as a whole, checked, for what reads more than a variable or two of it. */
@Module({})
export class EnvironmentModule {
  static register(environment: EnvironmentVariables): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: EnvironmentVariables, useValue: environment }],
      exports: [EnvironmentVariables],
    };
  }
}
