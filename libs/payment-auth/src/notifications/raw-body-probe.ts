import { type BodyRoute, type RawBodyVerdict } from './body-route';
import { expressStack, probeExpress } from './express-body-probe';
import { fastifyParsers, probeFastify } from './fastify-body-probe';

/**
 * Whether raw bytes reach that route, found out by giving a body to its parsers: neither Express nor Fastify tells how a parser
 * was configured. Nothing but parsers is run: middleware of an application may count, write or answer.
 */
export async function keepsRawBody(platform: unknown, route: BodyRoute): Promise<RawBodyVerdict> {
  try {
    const parsers = fastifyParsers(platform);
    if (parsers !== undefined) return await probeFastify(parsers, route.mediaType);
    const stack = expressStack(platform);
    return stack === undefined ? 'unknown' : await probeExpress(platform, stack, route);
  } catch {
    // A parser that wants more of a request than ours has.
    return 'unknown';
  }
}
