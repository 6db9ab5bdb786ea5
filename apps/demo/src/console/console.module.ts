import { type DynamicModule, Module } from '@nestjs/common';
import { type EnvironmentVariables } from '../config/environment';
import { AccessModule } from './access/access.module';
import { isConsoleOn } from './access/console-settings';
import { AssetsModule } from './assets/assets.module';

/** The QA console: its page at `/`, its API below `/console/api`. Where it is off, nothing of it is there but a word at `/`. */
@Module({})
export class ConsoleModule {
  static register(environment: EnvironmentVariables): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [AssetsModule, ...(isConsoleOn(environment) ? [AccessModule] : [])],
    };
  }
}
