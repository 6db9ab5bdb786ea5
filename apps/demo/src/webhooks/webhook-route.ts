import { type WebhookSource } from './webhook-log';

/** Where the webhooks of a scheme come in. */
export interface WebhookRoute extends WebhookSource {
  readonly path: string;
}

/** Whether it is the URL of one of these, at that address. */
export function isRouteAt(url: unknown, address: string, routes: readonly WebhookRoute[]): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { origin, pathname, username, password } = new URL(url);
  const isOwn = origin === new URL(address).origin && username === '' && password === '';
  return isOwn && routes.some(({ path }) => path === pathname);
}

/** Those of this process, for injection. */
export const WEBHOOK_ROUTES = Symbol('WEBHOOK_ROUTES');
