import { type CanActivate, type ExecutionContext, Injectable, SetMetadata, type Type } from '@nestjs/common';
import { GUARDS_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';
import { hostOfHeader, isLoopbackHost } from '@payment-auth/gateway-simulator';
import { type Request } from 'express';
import { ConsoleRefusal } from './console-problem';
import { ConsoleSessions } from './console-sessions';
import { ConsoleSettings } from './console-settings';
import { sessionIdOf } from './session-cookie';
import { isUnrebindableHost } from './unrebindable-host';

const NEEDS_NO_SESSION = 'console:needs-no-session';

/** For what one needs in order to open a session. */
export const NeedsNoSession = (): MethodDecorator => SetMetadata(NEEDS_NO_SESSION, true);

const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** What reads a body level by level has no room for thousands of them. */
const MOST_LEVELS = 64;
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Lets through to the console's routes who may use it: nothing that a foreign page makes a browser send, and, where an access
 * token is set, nobody without a session.
 */
@Injectable()
export class ConsoleGuard implements CanActivate {
  constructor(
    private readonly settings: ConsoleSettings,
    private readonly sessions: ConsoleSessions,
    private readonly reflector: Reflector,
  ) {}

  /** @throws {ConsoleRefusal} naming the header that is wrong */
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>();
    this.refuseForeignPages(request);
    if (isNestedDeeper(request.body, MOST_LEVELS)) {
      throw new ConsoleRefusal(
        400,
        'invalid-input',
        `body must not be nested over ${MOST_LEVELS} levels deep.`,
        'body',
      );
    }
    if (!READING_METHODS.has(request.method)) refuseSimpleRequests(request);
    const isOpenToAll = this.reflector.get<boolean | undefined>(NEEDS_NO_SESSION, context.getHandler()) === true;
    if (!isOpenToAll) this.requireSession(request);
    return true;
  }

  protected requireSession(request: Request): void {
    if (!this.settings.needsToken || this.sessions.isOpen(sessionIdOf(request))) return;
    throw new ConsoleRefusal(
      401,
      'no-session',
      'There is no session: open one by POST /console/api/session with the access token.',
    );
  }

  protected refuseForeignPages({ headers }: Request): void {
    const { host = '', origin, 'sec-fetch-site': site } = headers;
    if (this.settings.isLoopbackOnly && !isLoopbackHost(hostOfHeader(host))) {
      throw refusedHeader('Host', 'must be a loopback address, e.g. 127.0.0.1; set HOST to serve another one');
    }
    if (!this.settings.needsToken && !isUnrebindableHost(hostOfHeader(host))) {
      throw refusedHeader(
        'Host',
        "must be an IP address, localhost or this machine's name, or any page could come by a name of its own; set CONSOLE_ACCESS_TOKEN to be reached by others",
      );
    }
    if (typeof site === 'string' && !OWN_SITES.has(site)) {
      throw refusedHeader('Sec-Fetch-Site', 'must be same-origin: open the console itself, at /');
    }
    if (origin !== undefined && !isOwnOrigin(origin, host)) {
      throw refusedHeader('Origin', 'must be the address this is served at: open the console itself, at /');
    }
  }
}

/** Where controllers are that gateways, load balancers and Prometheus call, by names and from places of their own. */
const OPEN_PATHS = /^(?:webhooks\/.+|health|metrics)$/;
const OPEN_TO_ALL = 'console:open-to-all';

/** For pages that hold nothing of anybody's, so that a link from elsewhere leads there. */
export const OpenToAll = (): ClassDecorator => SetMetadata(OPEN_TO_ALL, true);

/**
 * The same for all of the demo's routes but those that others are to reach: they send requests with this server's credentials.
 * Programs need no header of ours; a browser always says where a request that changes something comes from.
 */
@Injectable()
export class OwnRouteGuard extends ConsoleGuard {
  override canActivate(context: ExecutionContext): true {
    const controller = context.getClass();
    const request = context.switchToHttp().getRequest<Request>();
    if (isOpenToAll(controller) || hasConsoleGuard(controller)) return true;
    this.refuseForeignPages(request);
    this.requireSession(request);
    return true;
  }
}

const isOpenToAll = (controller: Type): boolean =>
  Reflect.getMetadata(OPEN_TO_ALL, controller) === true ||
  OPEN_PATHS.test(String(Reflect.getMetadata(PATH_METADATA, controller)));

/** It asks for more than this one does, and lets a session be opened. */
const hasConsoleGuard = (controller: Type): boolean =>
  [Reflect.getMetadata(GUARDS_METADATA, controller)].flat().includes(ConsoleGuard);

/** A page elsewhere can send forms and plain texts without asking. It cannot add a header, or say that it sends JSON. */
function refuseSimpleRequests(request: Request): void {
  if (request.headers['x-console'] !== '1') throw refusedHeader('X-Console', 'must be 1 where something is changed');
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  const hasBody = coding !== undefined || (length !== undefined && length !== '0');
  if (hasBody && request.is('application/json') === false) {
    throw new ConsoleRefusal(400, 'not-json', 'Content-Type must be application/json.', 'Content-Type');
  }
}

/** Level by level and not by recursion, which is what very deep values are sent to exhaust. */
function isNestedDeeper(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

const isOwnOrigin = (origin: string, host: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === canonicalHost(origin, host);

/** As `URL` writes it, which leaves out the port that the scheme implies. */
function canonicalHost(origin: string, host: string): string | undefined {
  const own = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(own) ? new URL(own).host : undefined;
}

const refusedHeader = (name: string, problem: string): ConsoleRefusal =>
  new ConsoleRefusal(403, 'foreign-request', `${name} ${problem}.`, name);
