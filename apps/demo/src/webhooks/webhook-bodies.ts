import { type NestExpressApplication } from '@nestjs/platform-express';
import { type IncomingMessage } from 'node:http';

/** What the library takes of each scheme by default; other routes keep Nest's 100 kB. */
const LIMIT = '256kb';
const PATH = /^\/webhooks\//i;
/** Those a gateway sends. A body of any other type is not read, and so refused. */
const MEDIA_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/x-www-form-urlencoded']);

/**
 * Webhooks are read as they are: signatures cover bytes, and the library parses what it has verified. A parser in front of it
 * would only repair, merge or refuse what it has to see.
 */
export function keepWebhookBodies(app: NestExpressApplication): void {
  app.useBodyParser('raw', { limit: LIMIT, type: isWebhookBody });
}

function isWebhookBody({ url = '', headers }: IncomingMessage): boolean {
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return PATH.test(url) && MEDIA_TYPES.has(mediaType);
}
