import { IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { type BodyRoute, member, PROBES, type RawBodyVerdict } from './body-route';

type Middleware = (request: unknown, response: unknown, next: () => void) => void;

/** Names of body-parser's functions, by which Nest knows them too. */
const PARSERS: ReadonlySet<string> = new Set(['jsonParser', 'urlencodedParser', 'rawParser', 'textParser']);
/** Express 4's own middleware. */
const EXPRESS_OWN: ReadonlySet<string> = new Set(['query', 'expressInit']);
/** In the one that Nest's adapter puts in front of all others, which has no name. */
const NEST_OWN = 'onResponseHook';

/** `undefined` where it is no Express. */
export function expressStack(platform: unknown): readonly unknown[] | undefined {
  // `_router` is Express 4's; there `router` throws.
  const router = member(platform, '_router') ?? member(platform, 'router');
  const stack = member(router, 'stack');
  return Array.isArray(stack) ? (stack as unknown[]) : undefined;
}

/** A webhook may have several paths: one for each version. */
export async function probeExpress(
  platform: unknown,
  stack: readonly unknown[],
  { path, mediaType }: BodyRoute,
): Promise<RawBodyVerdict> {
  const verdicts = new Set<RawBodyVerdict>();
  for (const registered of registeredPaths(stack, path)) {
    const end = stack.findLastIndex((layer) => routePath(layer) === registered);
    const target = exampleOf(registered);
    verdicts.add(await probePath(stack.slice(0, end), target, requestOf(platform, target, mediaType)));
  }
  const [verdict = 'unknown'] = verdicts;
  return verdicts.size === 1 ? verdict : 'unknown';
}

/** Prefix and version are the application's, and nobody tells them: they are read from the routes that Nest has made. */
function registeredPaths(stack: readonly unknown[], path: string): readonly string[] {
  const paths = stack.map(routePath).filter((one) => typeof one === 'string');
  return paths.includes(path) ? [path] : [...new Set(paths.filter((one) => one.endsWith(path)))];
}

function routePath(layer: unknown): unknown {
  return member(member(layer, 'route'), 'path');
}

/** A path that the pattern fits. */
function exampleOf(pattern: string): string {
  return pattern.replaceAll(/[{}]/g, '').replaceAll(/[:*]\w+/g, 'x');
}

interface ProbeRequest extends IncomingMessage {
  rawBody?: unknown;
  body?: unknown;
  baseUrl?: string;
}

function requestOf(platform: unknown, path: string, mediaType: BodyRoute['mediaType']): ProbeRequest {
  const probe = PROBES[mediaType];
  // A request without a readable socket counts as over. Nothing else of one is asked for here.
  const request: ProbeRequest = new IncomingMessage(new PassThrough() as unknown as Socket);
  const headers = { 'content-type': mediaType, 'content-length': String(probe.length) };
  Object.assign(request, { method: 'POST', url: path, originalUrl: path, headers });
  // A parser may choose by what Express gives its requests: `req.path`, `req.get()`.
  const prototype = member(platform, 'request');
  if (prototype instanceof IncomingMessage) Object.setPrototypeOf(request, prototype);
  request.push(probe);
  request.push(null);
  return request;
}

async function probePath(stack: readonly unknown[], path: string, request: ProbeRequest): Promise<RawBodyVerdict> {
  const strangers: Middleware[] = [];
  for (const layer of stack) {
    const mount = mountPath(layer, path);
    const handle = member(layer, 'handle');
    if (mount === undefined || !isMiddleware(handle)) continue;
    if (!PARSERS.has(handle.name)) {
      if (!isFrameworks(handle)) strangers.push(handle);
      continue;
    }
    // As the router does for what it finds behind a mount path.
    Object.assign(request, { url: path.slice(mount.length) || '/', baseUrl: mount });
    await new Promise<void>((resolve) => handle(request, {}, resolve));
    if (Buffer.isBuffer(request.rawBody) || Buffer.isBuffer(request.body)) return 'kept';
    // What stands in front of the parser may have listened along. Most middleware does no such thing, and names no such member.
    if (request.readableDidRead) return strangers.some((one) => String(one).includes('rawBody')) ? 'unknown' : 'lost';
  }
  return strangers.length > 0 ? 'unknown' : 'lost';
}

/** The part of the path that a layer stands for; `undefined` when it is for other paths. */
function mountPath(layer: unknown, path: string): string | undefined {
  const match = member(layer, 'match');
  const found: unknown = typeof match === 'function' ? match.call(layer, path) : undefined;
  if (found === undefined || found === false) return undefined;
  // The path is in what Express 5's newer routers answer, and else in the layer.
  const mount = member(found, 'path') ?? member(layer, 'path');
  return typeof mount === 'string' ? mount : '';
}

function isFrameworks(handle: Middleware): boolean {
  return EXPRESS_OWN.has(handle.name) || String(handle).includes(NEST_OWN);
}

/** What takes four is for errors. */
function isMiddleware(handle: unknown): handle is Middleware {
  return typeof handle === 'function' && handle.length < 4;
}
