import { Global, Module } from '@nestjs/common';
import { ConsoleGuard } from './console.guard';
import { ConsoleSessions } from './console-sessions';
import { ConsoleSettings } from './console-settings';
import { SessionController } from './session.controller';

/** Global, so that a controller of any module can have the {@link ConsoleGuard}. */
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
    ConsoleGuard,
  ],
  exports: [ConsoleSettings, ConsoleSessions, ConsoleGuard],
})
export class AccessModule {}
