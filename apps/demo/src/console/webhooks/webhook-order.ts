import { invalid } from '../access/console-problem';
import { type Gateway, type WebhookOrder } from '../contract';

export type NewWebhook = Omit<WebhookOrder, 'resend'>;
export interface Resending {
  readonly resend: number;
  readonly copies?: number | undefined;
  readonly delayMs?: number | undefined;
}

const GATEWAYS: readonly Gateway[] = ['alignet', 'placetopay', 'netzme'];

/**
 * The shape of an order; whether scheme, variant, break and numbers fit the simulator says, which knows them.
 *
 * @throws {ConsoleRefusal} naming the field
 */
export function readWebhookOrder(body: unknown): NewWebhook | Resending {
  if (typeof body !== 'object' || body === null) throw invalid('body', 'must be a JSON object');
  const order = body as Readonly<Record<keyof WebhookOrder, unknown>>;
  const copies = optional(order, 'copies', 'number');
  const delayMs = optional(order, 'delayMs', 'number');
  const resend = optional(order, 'resend', 'number');
  if (resend !== undefined) return { resend, copies, delayMs };
  const gateway = GATEWAYS.find((name) => name === order.gateway);
  if (gateway === undefined) throw invalid('gateway', `must be one of ${GATEWAYS.join(', ')}`);
  const { scheme, data } = order;
  if (typeof scheme !== 'string') throw invalid('scheme', 'must be a text, one of those that GET /webhooks lists');
  const variant = optional(order, 'variant', 'string');
  const broken = optional(order, 'break', 'string');
  return {
    gateway,
    scheme,
    ...(variant !== undefined && { variant }),
    ...(data !== undefined && { data }),
    ...(broken !== undefined && { break: broken }),
    ...(copies !== undefined && { copies }),
    ...(delayMs !== undefined && { delayMs }),
  };
}

interface Kinds {
  readonly number: number;
  readonly string: string;
}

function optional<K extends keyof Kinds>(
  order: Readonly<Record<keyof WebhookOrder, unknown>>,
  name: keyof WebhookOrder,
  kind: K,
): Kinds[K] | undefined {
  const value = order[name];
  if (value === undefined || typeof value === kind) return value as Kinds[K] | undefined;
  throw invalid(name, kind === 'number' ? 'must be a number' : 'must be a text');
}
