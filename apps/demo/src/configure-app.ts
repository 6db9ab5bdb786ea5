import { ValidationPipe } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { setUpApiDocs } from './docs/api-docs';

/** Everything between `NestFactory.create` and `listen`, shared with the tests. */
export function configureApp(app: NestExpressApplication): NestExpressApplication {
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  app.use(
    helmet({
      // Served over plain http on loopback, where there is no https to upgrade to.
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    }),
  );
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
  setUpApiDocs(app);
  return app;
}
