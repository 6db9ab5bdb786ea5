import { SITE_STATES, type SiteState } from '../accounts';
import { GATEWAY_NAMES, type GatewayName } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { isObject, type JsonObject } from '../core/json';
import { type GatewaySimulator, type PlacetopayControls } from '../gateway-simulator';
import { type ChargeState, type SessionOutcome } from '../settings';
import { JSON_SPELLINGS } from '../webhooks/json-text';
import { readWebhookOrder } from '../webhooks/order';

/** The parts of a simulator the control server works on. */
export type Controlled = Pick<
  GatewaySimulator,
  | 'urls'
  | 'clock'
  | 'faults'
  | 'journal'
  | 'alignet'
  | 'placetopay'
  | 'netzme'
  | 'webhooks'
  | 'publicKeys'
  | 'settings'
  | 'updateSettings'
  | 'counters'
  | 'reset'
>;

export interface ControlInput {
  /** Path members the route leaves open, decoded. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
}

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** A member in braces is left open. */
  readonly path: string;
  readonly does: string;
  /** Members a body may have; any other is refused, so that a misspelt one is not silently ignored. */
  readonly members?: readonly string[];
  /** What to answer, or a promise of it; nothing stands for `{"ok": true}`. */
  readonly run: (simulator: Controlled, input: ControlInput) => unknown;
}

export const CONTROL_ROUTES: readonly ControlRoute[] = [
  { method: 'GET', path: '/', does: 'lists these routes', members: [], run: () => listRoutes() },
  { method: 'GET', path: '/state', does: 'URLs, clock, settings, counters, tokens in short', members: [], run: state },
  { method: 'GET', path: '/journal', does: 'latest requests (?gateway=&operation=&limit=)', members: [], run: journal },
  {
    method: 'DELETE',
    path: '/journal',
    does: 'empties the journal',
    members: [],
    run: ({ journal: entries }) => entries.clear(),
  },
  {
    method: 'POST',
    path: '/clock',
    does: 'moves the clock: {"advanceMs": n}, {"now": epoch ms or ISO date} or {"reset": true}',
    members: ['advanceMs', 'now', 'reset'],
    run: moveClock,
  },
  {
    method: 'GET',
    path: '/faults',
    does: 'faults waiting',
    members: [],
    run: ({ faults }) => ({ faults: faults.list() }),
  },
  {
    method: 'POST',
    path: '/faults',
    does: 'adds a fault: {"gateway", "kind", "operation"?, "times"?, ...}',
    run: ({ faults }, { body }) => ({ id: faults.addFrom(body) }),
  },
  { method: 'DELETE', path: '/faults', does: 'removes all faults', members: [], run: ({ faults }) => faults.clear() },
  { method: 'DELETE', path: '/faults/{id}', does: 'removes one fault', members: [], run: removeFault },
  { method: 'GET', path: '/settings', does: 'all settings', members: [], run: (simulator) => simulator.settings() },
  {
    method: 'PATCH',
    path: '/settings',
    does: 'changes some settings, e.g. {"netzme": {"minifyBeforeCheck": false}}',
    run: (simulator, { body }) => {
      simulator.updateSettings(body);
      return simulator.settings();
    },
  },
  {
    method: 'POST',
    path: '/reset',
    does: 'back to the state after start',
    members: [],
    run: (simulator) => simulator.reset(),
  },
  {
    method: 'GET',
    path: '/webhooks',
    does: 'webhooks that can be sent: schemes, variants, sample bodies, ways to break each',
    members: [],
    run: ({ webhooks }) => ({ webhooks: webhooks.schemes(), json: JSON_SPELLINGS }),
  },
  {
    method: 'POST',
    path: '/webhooks/send',
    does: 'sends one: {"gateway", "scheme", "url", "account"?, "variant"?, "data"?, "break"?, "json"?, "copies"?, "delayMs"?}',
    run: ({ webhooks }, { body }) => webhooks.send(readWebhookOrder(body)),
  },
  {
    method: 'GET',
    path: '/webhooks/sent',
    does: 'latest webhooks and what was answered (?gateway=&scheme=&limit=)',
    members: [],
    run: ({ webhooks }, { query }) => ({ sent: webhooks.sent(readFilter(query, 'scheme')) }),
  },
  {
    method: 'GET',
    path: '/public-keys',
    does: "public keys of the webhooks' signatures, PEM",
    members: [],
    run: (simulator) => simulator.publicKeys(),
  },
  {
    method: 'POST',
    path: '/netzme/steal-token',
    does: 'somebody else asks for a token, the current one dies: {"clientId"}',
    members: ['clientId'],
    run: ({ netzme }, { body }) => netzme.stealToken(text(body, 'clientId')),
  },
  {
    method: 'POST',
    path: '/netzme/expire-token',
    does: 'ends the current token by time: {"clientId"}',
    members: ['clientId'],
    run: ({ netzme }, { body }) => netzme.expireToken(text(body, 'clientId')),
  },
  {
    method: 'POST',
    path: '/netzme/transactions',
    does: 'a payment, for the list of transactions: {"transactionId", "amount", "status"?, "userId"?}',
    members: ['transactionId', 'amount', 'status', 'userId'],
    run: addTransaction,
  },
  {
    method: 'POST',
    path: '/alignet/revoke-tokens',
    does: 'ends access tokens, of one client or of all: {"clientId"?}',
    members: ['clientId'],
    run: ({ alignet }, { body }) => {
      return { revoked: alignet.revokeTokens(body['clientId'] === undefined ? undefined : text(body, 'clientId')) };
    },
  },
  {
    method: 'POST',
    path: '/alignet/charges/{transaction}/state',
    does: 'moves a charge to a state: {"state"}',
    members: ['state'],
    run: ({ alignet }, { params, body }) => alignet.setChargeState(params[0] ?? '', text(body, 'state') as ChargeState),
  },
  {
    method: 'POST',
    path: '/placetopay/sites/{login}',
    does: `${SITE_STATES.join(', ')}: {"state"}`,
    members: ['state'],
    run: ({ placetopay }, { params, body }) =>
      placetopay.setSiteState(params[0] ?? '', text(body, 'state') as SiteState),
  },
  {
    method: 'POST',
    path: '/placetopay/links/{id}/payments',
    does: 'somebody pays by a payment link',
    members: [],
    run: ({ placetopay }, { params }) => placetopay.payLink(wholeNumber(params[0] ?? '')),
  },
  {
    method: 'POST',
    path: '/placetopay/sessions/{id}/outcome',
    does: 'APPROVED, REJECTED or PENDING: {"status"}',
    members: ['status'],
    run: ({ placetopay }, { params, body }) => setOutcome(placetopay, params[0] ?? '', text(body, 'status')),
  },
];

function listRoutes() {
  return { routes: CONTROL_ROUTES.map(({ method, path, does }) => `${method} ${path}: ${does}`) };
}

function state(simulator: Controlled) {
  return {
    urls: simulator.urls,
    clock: { now: simulator.clock.now(), iso: new Date(simulator.clock.now()).toISOString() },
    settings: simulator.settings(),
    counters: simulator.counters(),
    alignet: simulator.alignet.describe(),
    placetopay: simulator.placetopay.describe(),
    netzme: simulator.netzme.describe(),
  };
}

function journal(simulator: Controlled, { query }: ControlInput) {
  return { entries: simulator.journal.entries(readFilter(query, 'operation')) };
}

/** `gateway`, `limit` and one name more, as the journal and the list of webhooks take them. */
function readFilter<K extends 'operation' | 'scheme'>(query: URLSearchParams, kind: K) {
  const unknown = [...query.keys()].find((name) => !['gateway', kind, 'limit'].includes(name));
  if (unknown !== undefined) throw new SimulatorInputError(unknown, 'is not a filter here');
  const gateway = query.get('gateway');
  if (gateway !== null && !isGatewayName(gateway)) {
    throw new SimulatorInputError('gateway', `must be one of ${GATEWAY_NAMES.join(', ')}`);
  }
  const limit = query.get('limit');
  if (limit !== null && !/^\d{1,9}$/.test(limit)) throw new SimulatorInputError('limit', 'must be a whole number');
  return {
    gateway: gateway ?? undefined,
    [kind]: query.get(kind) ?? undefined,
    limit: limit === null ? undefined : Number(limit),
  };
}

function moveClock({ clock }: Controlled, { body }: ControlInput) {
  const given = Object.keys(body);
  if (given.length !== 1) throw new SimulatorInputError('body', 'must have exactly one of advanceMs, now, reset');
  const { advanceMs, now, reset } = body;
  if (advanceMs !== undefined) clock.advance(advanceMs as number);
  else if (now !== undefined) clock.set(typeof now === 'string' ? Date.parse(now) : (now as number));
  else if (reset === true) clock.reset();
  else throw new SimulatorInputError('reset', 'must be true');
  return { now: clock.now(), iso: new Date(clock.now()).toISOString() };
}

function removeFault({ faults }: Controlled, { params }: ControlInput): void {
  if (!faults.remove(params[0] ?? '')) throw new SimulatorInputError('id', 'is not a fault that is waiting');
}

function setOutcome(placetopay: PlacetopayControls, id: string, outcome: string): void {
  placetopay.setSessionOutcome(wholeNumber(id), outcome as SessionOutcome);
}

function addTransaction({ netzme }: Controlled, { body }: ControlInput): void {
  const optional = (name: string) => (body[name] === undefined ? undefined : text(body, name));
  const [status, userId] = [optional('status'), optional('userId')];
  netzme.addTransaction({ transactionId: text(body, 'transactionId'), amount: text(body, 'amount'), status }, userId);
}

function wholeNumber(id: string): number {
  if (!/^\d{1,9}$/.test(id)) throw new SimulatorInputError('id', 'must be a whole number');
  return Number(id);
}

function text(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new SimulatorInputError(name, 'must be a non-empty string');
}

function isGatewayName(value: string): value is GatewayName {
  return GATEWAY_NAMES.some((name) => name === value);
}

/** @throws {SimulatorInputError} for a body that is no object, or has a member the route does not know. */
export function readControlBody(value: unknown, route: ControlRoute): JsonObject {
  if (!isObject(value)) throw new SimulatorInputError('body', 'must be a JSON object');
  const unknown = route.members && Object.keys(value).find((name) => !route.members?.includes(name));
  if (unknown !== undefined) throw new SimulatorInputError(unknown, 'is not a member this route knows');
  return value;
}
