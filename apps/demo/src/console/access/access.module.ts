import { Global, Module } from '@nestjs/common';
import { ConsoleSessions } from './console-sessions';
import { ConsoleSettings } from './console-settings';
import { SessionController } from './session.controller';

/** Global, so that a controller of any module can have the console's guard, which asks these. */
@Global()
@Module({
  controllers: [SessionController],
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
