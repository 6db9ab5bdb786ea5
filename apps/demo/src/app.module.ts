import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TerminusModule } from '@nestjs/terminus';
import { LoggerModule } from 'nestjs-pino';
import { PaymentAuthModule } from 'nestjs-payment-auth';
import { AlignetController } from './alignet/alignet.controller';
import { type EnvironmentVariables, validateEnvironment } from './config/environment';
import { EnvironmentModule } from './config/environment.module';
import { loggerOptions } from './config/logger-options';
import { PaymentAuthOptionsService } from './config/payment-auth-options';
import { SecretReload } from './config/secret-reload';
import { AccessModule } from './console/access/access.module';
import { OwnRouteGuard } from './console/access/console.guard';
import { ConsoleProblemFilter } from './console/access/console-problem.filter';
import { ConsoleModule } from './console/console.module';
import { GatewayExceptionFilter } from './errors/gateway-exception.filter';
import { GracefulShutdown } from './graceful-shutdown';
import { GatewayHealthService } from './health/gateway-health.service';
import { HealthController } from './health/health.controller';
import { NetzmeController } from './netzme/netzme.controller';
import { PageStyleController } from './pages/page-style.controller';
import { PlacetopayController } from './placetopay/placetopay.controller';
import { SandboxModule } from './sandbox/sandbox.module';
import { ReplayStoreModule } from './webhooks/replay-store.module';
import { WebhooksModule } from './webhooks/webhooks.module';

@Module({})
export class AppModule {
  /**
   * @param given read in place of the process's environment and `.env` file; for tests
   * @throws {Error} listing every variable that is wrong, misspelt or missing
   */
  static async register(given?: Readonly<Record<string, string>>): Promise<DynamicModule> {
    const checked: { environment?: EnvironmentVariables } = {};
    const configModule = await ConfigModule.forRoot({
      isGlobal: true,
      skipProcessEnv: true,
      ignoreEnvFile: given !== undefined,
      validate: (found) => (checked.environment = validateEnvironment(given ?? found)),
    });
    const { environment = validateEnvironment({}) } = checked;
    const webhooks = WebhooksModule.register(environment);
    return {
      module: AppModule,
      imports: [
        configModule,
        EnvironmentModule.register(environment),
        LoggerModule.forRootAsync({
          inject: [ConfigService],
          useFactory: (config: ConfigService<EnvironmentVariables, true>) =>
            loggerOptions(config.get('LOG_LEVEL', { infer: true })),
        }),
        SandboxModule,
        PaymentAuthModule.forRootAsync({
          isGlobal: true,
          imports: [SandboxModule, ReplayStoreModule],
          useClass: PaymentAuthOptionsService,
        }),
        TerminusModule.forRoot({ logger: false }),
        webhooks,
        AccessModule,
        ConsoleModule.register(environment, webhooks),
      ],
      controllers: [HealthController, AlignetController, PlacetopayController, NetzmeController, PageStyleController],
      providers: [
        GatewayHealthService,
        GracefulShutdown,
        SecretReload,
        { provide: APP_GUARD, useClass: OwnRouteGuard },
        { provide: APP_FILTER, useClass: ConsoleProblemFilter },
        { provide: APP_FILTER, useClass: GatewayExceptionFilter },
      ],
    };
  }
}
