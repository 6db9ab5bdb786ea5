import { ValidationPipe } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';

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
  const document = new DocumentBuilder()
    .setTitle('payment-auth demo')
    .setDescription(
      'Authenticates a merchant’s backend to Alignet (Pay-me), Placetopay and Netzme. In the sandbox every call runs against the embedded simulator.',
    )
    .setVersion('0.1.0')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'payment-auth demo: API',
  });
  return app;
}
