import request, { type Test } from 'supertest';
import { type Demo } from '../e2e/demo-app';

export type Headers = Readonly<Record<string, string>>;

export interface ConsoleAnswer<Body = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Body;
}

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf({ headers }: Pick<ConsoleAnswer, 'headers'>): string {
  return setCookieOf({ headers }).split(';', 1)[0] ?? '';
}

/** With its attributes; empty when there is none. */
export function setCookieOf({ headers }: Pick<ConsoleAnswer, 'headers'>): string {
  // The one header of which Node makes a list.
  const cookies = headers['set-cookie'] as readonly string[] | string | undefined;
  return cookies?.[0] ?? '';
}

export const API = '/console/api';
/** What the page adds where something is changed. */
export const X_CONSOLE = { 'X-Console': '1' } as const;

/** Asks the console as its page does; headers given come on top, and an empty one takes one away. */
export class ConsoleClient {
  constructor(
    private readonly demo: Pick<Demo, 'url'>,
    private readonly headers: Headers = {},
  ) {}

  get<Body>(path: string, headers: Headers = {}): Promise<ConsoleAnswer<Body>> {
    return this.send(request(this.demo.url).get(API + path), headers);
  }

  post<Body>(path: string, body: object, headers: Headers = {}): Promise<ConsoleAnswer<Body>> {
    return this.send(request(this.demo.url).post(API + path), { ...X_CONSOLE, ...headers }, body);
  }

  patch<Body>(path: string, body: object): Promise<ConsoleAnswer<Body>> {
    return this.send(request(this.demo.url).patch(API + path), X_CONSOLE, body);
  }

  delete<Body>(path: string, headers: Headers = {}): Promise<ConsoleAnswer<Body>> {
    return this.send(request(this.demo.url).delete(API + path), { ...X_CONSOLE, ...headers });
  }

  private async send<Body>(call: Test, headers: Headers, body?: object): Promise<ConsoleAnswer<Body>> {
    const given = Object.entries({ ...this.headers, ...headers }).filter(([, value]) => value !== '');
    return call.set(Object.fromEntries(given)).send(body);
  }
}
