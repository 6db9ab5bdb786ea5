import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigService } from '@nestjs/config';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type GatewaySimulator, isLoopbackHost } from '@payment-auth/gateway-simulator';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { EnvironmentVariables } from './config/environment';
import { APP_OPTIONS, configureApp } from './configure-app';
import { isConsoleOn } from './console/access/console-settings';
import { SIMULATOR } from './sandbox/sandbox.module';

/** A shutdown that has not ended by then is ended. */
const SHUTDOWN_LIMIT_MS = 10_000;

/** Configuration mistakes are told once, below, to a person, and not a second time with a stack trace. */
class StartLogger extends ConsoleLogger {
  override error(message: unknown, ...details: unknown[]): void {
    if (details.at(-1) !== 'ExceptionHandler') super.error(message, ...details);
  }
}

async function bootstrap(): Promise<void> {
  const app = configureApp(
    await NestFactory.create<NestExpressApplication>(await AppModule.register(), {
      ...APP_OPTIONS,
      abortOnError: false,
      logger: new StartLogger(),
    }),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref());
  }
  const config = app.get<ConfigService<EnvironmentVariables, true>>(ConfigService);
  await app.listen(config.get('PORT', { infer: true }), config.get('HOST', { infer: true }));
  const logger = app.get(Logger);
  const url = await app.getUrl();
  logger.log(`payment-auth demo (${config.get('PAYMENT_ENV', { infer: true })}) at ${url}`);
  const simulator = app.get<GatewaySimulator | undefined>(SIMULATOR);
  if (simulator !== undefined) logger.log({ msg: 'embedded simulator', simulator: simulator.urls });
  const environment = app.get(EnvironmentVariables);
  if (isConsoleOn(environment)) logger.log(`QA's console: open ${url} in a browser`);
  warnOfOpenConsole(logger, environment);
}

/** It sends real requests with this server's credentials, though it shows none of them. */
function warnOfOpenConsole(logger: Logger, { HOST, PAYMENT_ENV, CONSOLE_ACCESS_TOKEN }: EnvironmentVariables): void {
  if (PAYMENT_ENV === 'production' || CONSOLE_ACCESS_TOKEN !== undefined || isLoopbackHost(HOST)) return;
  logger.warn(`The console at / is open to whoever reaches ${HOST}: set CONSOLE_ACCESS_TOKEN to ask for it.`);
}

bootstrap().catch((error: unknown) => {
  // The messages of configuration mistakes name variables and never values.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
