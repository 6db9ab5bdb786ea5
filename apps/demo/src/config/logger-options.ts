import { type Params } from 'nestjs-pino';
import { type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * Structured logs, built from an allow-list: of a request its method and path, of an answer its status. Headers, bodies and
 * queries are never logged; they may hold credentials and personal data.
 */
export function loggerOptions(level: string): Params {
  return {
    pinoHttp: {
      level,
      serializers: {
        req: ({ id, method, url }: { id?: unknown; method?: string; url?: string }) => ({
          id,
          method,
          path: url?.split('?', 1)[0],
        }),
        res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
        err: ({ type, message, stack }: { type?: string; message?: string; stack?: string }) => ({
          type,
          message,
          stack,
        }),
      },
      customLogLevel: (request: IncomingMessage, response: ServerResponse, error?: Error) => {
        if (isRefusedWebhook(request, response)) return 'silent';
        if (error !== undefined || response.statusCode >= 500) return 'error';
        return response.statusCode >= 400 ? 'warn' : 'info';
      },
    },
  };
}

/** Strangers can send any number of them. They are counted, and told of once a minute for each reason. */
function isRefusedWebhook({ url = '' }: IncomingMessage, { statusCode }: ServerResponse): boolean {
  return url.toLowerCase().startsWith('/webhooks/') && statusCode >= 400 && statusCode < 500;
}
