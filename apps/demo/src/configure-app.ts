import { type NestApplicationOptions, ShutdownSignal, ValidationPipe } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { EnvironmentVariables } from './config/environment';
import { hasSecretFiles } from './config/secret-reload';
import { contentSecurityPolicy } from './console/assets/content-security-policy';
import { ResolvedMerchantsReader } from './console/overview/resolved-merchants';
import { setUpApiDocs } from './docs/api-docs';
import { VALIDATION_OPTIONS } from './validation-options';
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
    // Served over plain http on loopback, where there is no https to insist on.
    helmet({ contentSecurityPolicy: false, strictTransportSecurity: false }),
    contentSecurityPolicy(app.get(ResolvedMerchantsReader).alignet()),
  );
  keepWebhookBodies(app);
  app.useGlobalPipes(new ValidationPipe(VALIDATION_OPTIONS));
  setUpApiDocs(app);
  return app;
}
