import { type IncomingMessage, type ServerResponse } from 'node:http';
import { headerValue } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { parseJson } from '../core/json';
import { hostOfHeader, isLoopbackHost, isLoopbackOrigin } from '../core/loopback';
import { CONTROL_ROUTES, type Controlled, type ControlRoute, readControlBody } from './control-routes';

interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The control API: JSON over HTTP, for tests in any language and for the QA console.
 *
 * It has no password. What keeps strangers out is that it listens on loopback only, and refuses what a web page can
 * bring a browser to send: a foreign `Host` (DNS rebinding) and a foreign `Origin` (cross-site requests).
 */
export class ControlServer {
  constructor(private readonly simulator: Controlled) {}

  serve(request: IncomingMessage, response: ServerResponse, body: Buffer | 'too-large'): void {
    const origin = headerValue(request.headers, 'origin');
    const refusal = refuseStranger(request.headers.host, origin);
    const answered = refusal ? Promise.resolve(refusal) : this.answer(request, body);
    void answered.then((answer) => send(response, answer, refusal ? undefined : origin));
  }

  private async answer(request: IncomingMessage, body: Buffer | 'too-large'): Promise<ControlAnswer> {
    if (request.method === 'OPTIONS') return { status: 204, body: undefined };
    if (body === 'too-large') return problem(413, 'body', 'is too large.');
    const url = new URL(`http://control${request.url?.startsWith('/') ? request.url : '/'}`);
    const found = findRoute(request.method ?? '', url.pathname);
    if (!found) return problem(404, 'path', 'is not a route; GET / lists them all.');
    try {
      const parsed = body.length === 0 ? {} : parseJson(body);
      const input = { params: found.params, query: url.searchParams, body: readControlBody(parsed, found.route) };
      const result = await found.route.run(this.simulator, input);
      return { status: 200, body: result ?? { ok: true } };
    } catch (error) {
      if (error instanceof SimulatorInputError) return problem(400, error.field, error.message);
      return problem(500, 'simulator', `has a defect: ${error instanceof Error ? error.message : 'unknown error'}.`);
    }
  }
}

function send(response: ServerResponse, { status, body }: ControlAnswer, allowedOrigin: string | undefined): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Origin',
    ...(allowedOrigin !== undefined && corsHeaders(allowedOrigin)),
  });
  response.end(status === 204 ? undefined : `${JSON.stringify(body)}\n`);
}

function refuseStranger(host: string | undefined, origin: string | undefined): ControlAnswer | undefined {
  if (host === undefined || !isLoopbackHost(hostOfHeader(host))) {
    return problem(403, 'Host', 'must be a loopback address.');
  }
  if (origin !== undefined && !isLoopbackOrigin(origin)) return problem(403, 'Origin', 'must be a loopback origin.');
  return undefined;
}

function findRoute(method: string, path: string): { route: ControlRoute; params: string[] } | undefined {
  for (const route of CONTROL_ROUTES) {
    if (route.method !== method) continue;
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): string[] | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const params: string[] = [];
  for (const [index, member] of expected.entries()) {
    const value = given[index] ?? '';
    if (member.startsWith('{')) params.push(decode(value));
    else if (member !== value) return undefined;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function corsHeaders(origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE',
    'Access-Control-Allow-Headers': 'content-type',
  };
}

function problem(status: number, field: string, message: string): ControlAnswer {
  return { status, body: { error: { field, message: message.startsWith(field) ? message : `${field} ${message}` } } };
}
