import { type NestApplicationOptions, ShutdownSignal, ValidationPipe } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { EnvironmentVariables } from './config/environment';
import { hasSecretFiles } from './config/secret-reload';
import { setUpApiDocs } from './docs/api-docs';
import { keepWebhookBodies } from './webhooks/webhook-bodies';

/** For `NestFactory.create`. Signatures of webhooks cover the bytes as they came. */
export const APP_OPTIONS = { rawBody: true, bufferLogs: true } as const satisfies NestApplicationOptions;

/** Everything between `NestFactory.create` and `listen`, shared with the tests. */
export function configureApp(app: NestExpressApplication): NestExpressApplication {
  app.useLogger(app.get(Logger));
  const isReloading = hasSecretFiles(app.get(EnvironmentVariables));
  app.enableShutdownHooks(
    Object.values(ShutdownSignal).filter((signal) => !(isReloading && signal === ShutdownSignal.SIGHUP)),
  );
  app.use(
    helmet({
      // Served over plain http on loopback, where there is no https to upgrade to.
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    }),
  );
  keepWebhookBodies(app);
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
  setUpApiDocs(app);
  return app;
}
