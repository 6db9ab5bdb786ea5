import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { type Request, type Response } from 'express';

const VIEWPORT_PATH = '/docs/viewport.js';

/**
 * Without a viewport a phone lays the page out for a desk and shrinks it. Nest's page has none, and its options take no tags
 * but scripts and styles; a script of its own, not one in the page, is what the content security policy lets run.
 */
const VIEWPORT_SCRIPT = `const viewport = document.createElement('meta');
viewport.name = 'viewport';
viewport.content = 'width=device-width, initial-scale=1';
document.head.append(viewport);
`;

/** The OpenAPI page at `/docs`, the document at `/docs-json`. */
export function setUpApiDocs(app: NestExpressApplication): void {
  const document = new DocumentBuilder()
    .setTitle('payment-auth demo')
    .setDescription(
      'Authenticates a merchant’s backend to Alignet (Pay-me), Placetopay and Netzme. In the sandbox every call runs against the embedded simulator.',
    )
    .setVersion('0.1.0')
    .build();
  app.use(VIEWPORT_PATH, (_request: Request, response: Response) => {
    response.type('js').send(VIEWPORT_SCRIPT);
  });
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'payment-auth demo: API',
    customJs: VIEWPORT_PATH,
  });
}
