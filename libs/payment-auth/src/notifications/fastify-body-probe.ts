import { type BodyMediaType } from '../core/inbound/notification-scheme';
import { member, PROBES, type RawBodyVerdict } from './body-route';

type Done = (error: unknown, body?: unknown) => void;
type Parse = (request: object, body: Buffer | string, done: Done) => unknown;

/** Fastify's parsers belong to the application and not to a path. `undefined` where it is no Fastify. */
export function fastifyParsers(platform: unknown): object | undefined {
  const parsers = symbolMember(platform, 'fastify.contentTypeParser');
  return typeof parsers === 'object' && parsers !== null ? parsers : undefined;
}

export async function probeFastify(parsers: object, mediaType: BodyMediaType): Promise<RawBodyVerdict> {
  const custom = member(parsers, 'customParsers');
  if (!(custom instanceof Map)) return 'unknown';
  const patterns = member(parsers, 'parserRegExpList');
  const exact: unknown = custom.get(mediaType);
  if (exact === undefined && Array.isArray(patterns) && patterns.length > 0) return 'unknown';
  // The empty name is that of the parser for whatever else.
  const parser: unknown = exact ?? custom.get('');
  if (parser === undefined) return 'lost';
  const parse = member(parser, 'fn');
  const isText = member(parser, 'asString') === true;
  if (typeof parse !== 'function' || !(isText || member(parser, 'asBuffer') === true)) return 'unknown';
  const probe = PROBES[mediaType];
  return await give(parse as Parse, isText ? probe.toString() : probe);
}

async function give(parse: Parse, probe: Buffer | string): Promise<RawBodyVerdict> {
  const request = { rawBody: undefined };
  const body = await new Promise<unknown>((resolve, reject) => {
    const promised = parse(request, probe, (_error, parsed) => resolve(parsed));
    if (promised instanceof Promise) promised.then(resolve, reject);
  });
  return Buffer.isBuffer(request.rawBody) || Buffer.isBuffer(body) ? 'kept' : 'lost';
}

/** Fastify keeps its parsers under a symbol that it does not export. An encapsulated instance inherits it. */
function symbolMember(owner: unknown, description: string): unknown {
  for (let place = owner; typeof place === 'object' && place !== null; place = Object.getPrototypeOf(place)) {
    const symbol = Object.getOwnPropertySymbols(place).find((candidate) => candidate.description === description);
    if (symbol !== undefined) return (place as Record<symbol, unknown>)[symbol];
  }
  return undefined;
}
