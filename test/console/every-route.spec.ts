import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { Demo } from '../e2e/demo-app';
import { HANG_MS } from '../support/wait';
import { API, type Headers, X_CONSOLE } from './console-client';

const CONTRACT = join(__dirname, '../../apps/demo/src/console/contract.ts');
const TOKEN = 'a-token-of-the-console-secret-4711';
const CHANGING = ['post', 'put', 'patch', 'delete'] as const;
const METHODS = ['get', 'head', ...CHANGING] as const;
/** What one needs in order to open a session. */
const OPEN = ['GET /session', 'POST /session', 'DELETE /session'];

type Method = (typeof METHODS)[number];

interface Route {
  readonly method: Method;
  /** Below the console's API. */
  readonly path: string;
}

/** What Express keeps of what it was given. */
interface Layer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
}

let demo: Demo;

beforeAll(async () => {
  demo = await Demo.start({ environment: { CONSOLE_ACCESS_TOKEN: TOKEN }, isShared: true });
});
afterAll(() => demo.app.close());

/** Whatever the running demo has below `/console/api`, read from its router: a new one is in here too. */
function routesOf({ app }: Demo): Route[] {
  const { stack } = app.getHttpAdapter().getInstance().router as unknown as { readonly stack: readonly Layer[] };
  return stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    if (typeof route.path !== 'string') throw new Error(`a route of more than one path: ${String(route.path)}`);
    const { path, methods } = route;
    if (!`${path.toLowerCase()}/`.startsWith(`${API}/`)) return [];
    const known = METHODS.filter((method) => methods[method] === true);
    if (known.length === 0) throw new Error(`a route of unknown methods: ${path} ${Object.keys(methods).join(', ')}`);
    return known.map((method) => ({ method, path: path.slice(API.length) }));
  });
}

const nameOf = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;

/** As the contract's table has them. */
function documented(): string[] {
  const rows = readFileSync(CONTRACT, 'utf8').matchAll(/^ \* \| `([A-Z]+) (\/\S*)` \|/gm);
  return [...rows].flatMap(([, method = '', path = '']) =>
    method === 'ANY' ? METHODS.map((each) => `${each.toUpperCase()} ${path}`) : [`${method} ${path}`],
  );
}

interface Refused {
  readonly status: number;
  readonly code: unknown;
  readonly field: unknown;
}

/** As our own page would ask but for the headers given. */
async function ask({ method, path }: Route, headers: Headers): Promise<Refused> {
  const { [method]: send } = request(demo.url);
  // An answer that never ends, as that of events, is none of a refusal.
  const call = send(API + path.replace(/[:*]\w+/g, 'x')).timeout(HANG_MS);
  try {
    const answer = await call.set({ ...X_CONSOLE, ...headers });
    const { code, field } = answer.body as Partial<Refused>;
    return { status: answer.status, code, field };
  } catch {
    return { status: 0, code: 'no answer', field: undefined };
  }
}

/** Names of the routes that answer in any other way. */
async function notRefused(routes: readonly Route[], headers: Headers, expected: Refused): Promise<unknown[]> {
  const others: unknown[] = [];
  for (const route of routes) {
    const { status, code, field } = await ask(route, headers);
    const isSame = route.method === 'head' || (code === expected.code && field === expected.field);
    if (status !== expected.status || !isSame) others.push([nameOf(route), status, code, field]);
  }
  return others;
}

describe('every route below /console/api', () => {
  it('is in the contract, and every one of the contract is there', () => {
    const running = routesOf(demo)
      .filter(({ path }) => path !== '/simulator')
      .map((route) => nameOf(route).replace(/[:*](\w+)/g, '{$1}'));
    expect(running.sort()).toEqual(documented().sort());
    expect(running).toEqual(expect.arrayContaining(OPEN));
  });

  it('needs a session where an access token is set, but for those that open and close one', async () => {
    const routes = routesOf(demo).filter((route) => !OPEN.includes(nameOf(route)));
    const refusal = { status: 401, code: 'no-session', field: undefined };
    expect(await notRefused(routes, {}, refusal)).toEqual([]);
    expect(await notRefused(routes, { Cookie: 'console_session=made-up' }, refusal)).toEqual([]);
  });

  it.each([
    ['Host', 'evil.test'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Origin', 'https://evil.test'],
  ])('refuses what a foreign page has sent, by its %s', async (field, value) => {
    const refusal = { status: 403, code: 'foreign-request', field };
    expect(await notRefused(routesOf(demo), { [field]: value }, refusal)).toEqual([]);
  });

  it.each(['', '0'])('refuses what changes something with X-Console %j', async (value) => {
    const routes = routesOf(demo).filter(({ method }) => CHANGING.some((each) => each === method));
    expect(routes.map(nameOf)).toEqual(expect.arrayContaining(['DELETE /session', 'PATCH /simulator/*path']));
    const refusal = { status: 403, code: 'foreign-request', field: 'X-Console' };
    expect(await notRefused(routes, { 'X-Console': value }, refusal)).toEqual([]);
  });
});
