import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TerminusModule } from '@nestjs/terminus';
import { LoggerModule } from 'nestjs-pino';
import { PaymentAuthModule } from 'nestjs-payment-auth';
import { AlignetController } from './alignet/alignet.controller';
import { type EnvironmentVariables, validateEnvironment } from './config/environment';
import { loggerOptions } from './config/logger-options';
import { PaymentAuthOptionsService } from './config/payment-auth-options';
import { GatewayExceptionFilter } from './errors/gateway-exception.filter';
import { GracefulShutdown } from './graceful-shutdown';
import { GatewayHealthService } from './health/gateway-health.service';
import { HealthController } from './health/health.controller';
import { HomeController } from './home/home.controller';
import { NetzmeController } from './netzme/netzme.controller';
import { PlacetopayController } from './placetopay/placetopay.controller';
import { SandboxModule } from './sandbox/sandbox.module';

@Module({})
export class AppModule {
  /** @param environment read in place of the process's environment and `.env` file; for tests */
  static register(environment?: Readonly<Record<string, string>>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          skipProcessEnv: true,
          ignoreEnvFile: environment !== undefined,
          validate: (found) => validateEnvironment(environment ?? found),
        }),
        LoggerModule.forRootAsync({
          inject: [ConfigService],
          useFactory: (config: ConfigService<EnvironmentVariables, true>) =>
            loggerOptions(config.get('LOG_LEVEL', { infer: true })),
        }),
        SandboxModule,
        PaymentAuthModule.forRootAsync({ imports: [SandboxModule], useClass: PaymentAuthOptionsService }),
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HomeController, HealthController, AlignetController, PlacetopayController, NetzmeController],
      providers: [GatewayHealthService, GracefulShutdown, { provide: APP_FILTER, useClass: GatewayExceptionFilter }],
    };
  }
}
