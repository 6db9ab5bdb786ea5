import { GATEWAY_NAMES, type GatewayName } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { isObject, type JsonObject } from '../core/json';
import { WEBHOOK_BREAKS, type WebhookBreak } from './breaks';
import { JSON_SPELLINGS, type JsonSpelling } from './json-text';

/** A webhook to be made. */
export interface WebhookOrder {
  readonly gateway: GatewayName;
  /** The kind of notification, e.g. `checkout`; `webhooks.schemes()` lists them. */
  readonly scheme: string;
  /** Where it goes; some schemes sign it. */
  readonly url: string;
  /** Client id or login. @default the owner of what `data` names, else the first account */
  readonly account?: string;
  /** A variant of the scheme, e.g. `sha1`. @default the scheme's own */
  readonly variant?: string;
  /**
   * Members laid over the sample body. An id of something this simulator made (a session, a link, a charge) fills in
   * the rest of it.
   */
  readonly data?: JsonObject;
  /** One thing to spoil. @default nothing */
  readonly break?: WebhookBreak;
  /** How JSON is spelt. @default 'compact' */
  readonly json?: JsonSpelling;
}

export interface WebhookSendOrder extends WebhookOrder {
  /** How often the same bytes are sent, one after another. @default 1 */
  readonly copies?: number;
  /** Milliseconds to wait before each of them. @default 0 */
  readonly delayMs?: number;
}

const MEMBERS = [
  'gateway',
  'scheme',
  'url',
  'account',
  'variant',
  'data',
  'break',
  'json',
  'copies',
  'delayMs',
] as const satisfies readonly (keyof WebhookSendOrder)[];
const MOST_COPIES = 100;
const LONGEST_DELAY_MS = 60_000;

/** @throws {SimulatorInputError} naming the member that is missing, unknown or unfit. */
export function readWebhookOrder(input: unknown): WebhookSendOrder {
  if (!isObject(input)) throw new SimulatorInputError('webhook', 'must be an object');
  const unknown = Object.keys(input).find((name) => !MEMBERS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new SimulatorInputError(unknown, `is not a member of a webhook (known: ${MEMBERS.join(', ')})`);
  }
  const optional = <T>(name: keyof WebhookSendOrder, read: (value: unknown, field: string) => T): T | undefined =>
    input[name] === undefined ? undefined : read(input[name], name);
  return {
    gateway: oneOf(GATEWAY_NAMES)(input['gateway'], 'gateway'),
    scheme: text(input['scheme'], 'scheme'),
    url: text(input['url'], 'url'),
    account: optional('account', text),
    variant: optional('variant', text),
    data: optional('data', object),
    break: optional('break', oneOf(namesOf(WEBHOOK_BREAKS))),
    json: optional('json', oneOf(namesOf(JSON_SPELLINGS))),
    copies: optional('copies', whole(1, MOST_COPIES)),
    delayMs: optional('delayMs', whole(0, LONGEST_DELAY_MS)),
  };
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new SimulatorInputError(field, 'must be a non-empty string');
}

function object(value: unknown, field: string): JsonObject {
  if (isObject(value)) return value;
  throw new SimulatorInputError(field, 'must be an object');
}

function oneOf<T extends string>(allowed: readonly T[]): (value: unknown, field: string) => T {
  return (value, field) => {
    const found = allowed.find((name) => name === value);
    if (found !== undefined) return found;
    throw new SimulatorInputError(field, `must be one of ${allowed.join(', ')}`);
  };
}

function whole(least: number, most: number): (value: unknown, field: string) => number {
  return (value, field) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new SimulatorInputError(field, `must be a whole number from ${least} to ${most}`);
  };
}

function namesOf<T extends object>(record: T): (keyof T & string)[] {
  return Object.keys(record) as (keyof T & string)[];
}
