import { Global, Module } from '@nestjs/common';
import { ConsoleSessions } from './console-sessions';
import { ConsoleSettings } from './console-settings';

/** Global, so that a controller of any module can have the console's guard, which asks these. There without a console, too. */
@Global()
@Module({
  providers: [
    ConsoleSettings,
    {
      provide: ConsoleSessions,
      inject: [ConsoleSettings],
      useFactory: ({ accessToken }: ConsoleSettings) => new ConsoleSessions(accessToken),
    },
  ],
  exports: [ConsoleSettings, ConsoleSessions],
})
export class AccessModule {}
