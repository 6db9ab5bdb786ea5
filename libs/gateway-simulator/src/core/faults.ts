import { type Answer, type Exchange, type Gateway, GATEWAY_NAMES, type GatewayName } from './exchange';
import { SimulatorInputError } from './input-error';
import { isObject, type JsonObject } from './json';

export const FAULT_KINDS = [
  'status',
  'delay',
  'cut',
  'malformed-body',
  'ok-with-failure',
  'redirect',
  'empty-body',
  'html',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A failure to inject. */
export interface Fault {
  readonly gateway: GatewayName;
  /** Only this operation, e.g. `token`; every operation of the gateway when left out. */
  readonly operation?: string;
  readonly kind: FaultKind;
  /** HTTP status. @default 500 for `status`, 200 for bodies, 307 for `redirect`, 502 for `html` */
  readonly status?: number;
  /** Milliseconds a `delay` waits; the request then goes on normally. @default 1000 */
  readonly delayMs?: number;
  /** Target of a `redirect`. @default 'https://redirected.invalid/' */
  readonly location?: string;
  /** Headers to add to the answer, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body instead of the default one: text goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Code inside the message of a Placetopay failure: 100..107, 200 or 10001. @default 102 for HTTP 401, else none */
  readonly placetopayCode?: number;
  /** How many requests it meets; 0 means until cleared. @default 1 */
  readonly times?: number;
  /** Let the gateway do its work first and spoil only the answer. @default false */
  readonly afterProcessing?: boolean;
}

export interface ActiveFault extends Fault {
  readonly id: string;
  /** Requests it will still meet; `null` until cleared. */
  readonly remaining: number | null;
}

/** The faults one request meets. Each list ends with its first fault that is not a delay. */
export interface TakenFaults {
  readonly before: readonly Fault[];
  readonly after: readonly Fault[];
}

const LONGEST_DELAY_MS = 600_000;

/** The faults waiting to happen, in the order they were added. */
export class FaultPlan {
  private readonly active: { readonly id: string; readonly fault: Fault; remaining: number }[] = [];
  private lastId = 0;

  constructor(private readonly operations: Readonly<Record<GatewayName, readonly string[]>>) {}

  /** @returns the fault's id. @throws {SimulatorInputError} naming the member that cannot be used. */
  add(fault: Fault): string {
    return this.addFrom(fault);
  }

  /** {@link add} for what came over the wire and may be anything. */
  addFrom(input: unknown): string {
    const fault = checkFault(input, this.operations);
    const id = `fault-${++this.lastId}`;
    this.active.push({ id, fault, remaining: fault.times === 0 ? Infinity : (fault.times ?? 1) });
    return id;
  }

  list(): ActiveFault[] {
    return this.active.map(({ id, fault, remaining }) => ({
      ...fault,
      id,
      remaining: Number.isFinite(remaining) ? remaining : null,
    }));
  }

  /** Removes one fault; tells whether it was there. */
  remove(id: string): boolean {
    const index = this.active.findIndex((each) => each.id === id);
    if (index >= 0) this.active.splice(index, 1);
    return index >= 0;
  }

  clear(): void {
    this.active.length = 0;
  }

  /** @internal Uses up the faults this request meets, before anything is awaited: two requests never share one. */
  take(gateway: GatewayName, operation: string): TakenFaults {
    const matches = this.active.filter(
      ({ fault }) => fault.gateway === gateway && (fault.operation === undefined || fault.operation === operation),
    );
    const before = untilTerminal(matches.filter(({ fault }) => fault.afterProcessing !== true));
    const answered = before.some(({ fault }) => fault.kind !== 'delay');
    const after = answered ? [] : untilTerminal(matches.filter(({ fault }) => fault.afterProcessing === true));
    for (const met of [...before, ...after]) {
      met.remaining -= 1;
      if (met.remaining === 0) this.remove(met.id);
    }
    return { before: before.map(({ fault }) => fault), after: after.map(({ fault }) => fault) };
  }
}

function untilTerminal<T extends { readonly fault: Fault }>(faults: readonly T[]): T[] {
  const terminal = faults.findIndex(({ fault }) => fault.kind !== 'delay');
  return terminal < 0 ? [...faults] : faults.slice(0, terminal + 1);
}

/** The answer a fault puts in place of the real one; `undefined` for a cut connection. */
export function faultAnswer(fault: Fault, gateway: Gateway, operation: string, exchange: Exchange): Answer | undefined {
  if (fault.kind === 'cut') return undefined;
  const failure = (status: number) => gateway.failure(operation, status, exchange, fault.placetopayCode);
  const answer = plainFaultAnswer(fault, failure);
  const body =
    fault.body === undefined ? answer.body : typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
  return { ...answer, body, headers: { ...answer.headers, ...fault.headers } };
}

function plainFaultAnswer(fault: Fault, failure: (status: number) => Answer): Answer {
  const json = { 'Content-Type': 'application/json' };
  switch (fault.kind) {
    case 'malformed-body':
      return { status: fault.status ?? 200, headers: json, body: '{"status": {"status": "OK", "access_tok' };
    case 'ok-with-failure':
      return { ...failure(401), status: fault.status ?? 200 };
    case 'redirect':
      return {
        status: fault.status ?? 307,
        headers: { Location: fault.location ?? 'https://redirected.invalid/' },
        body: '',
      };
    case 'empty-body':
      return { status: fault.status ?? 200, headers: json, body: '' };
    case 'html':
      return {
        status: fault.status ?? 502,
        headers: { 'Content-Type': 'text/html' },
        body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
      };
    case 'status':
    case 'delay':
    case 'cut':
      return failure(fault.status ?? (fault.placetopayCode === undefined ? 500 : 401));
  }
}

type MemberRule = readonly [fits: (value: unknown) => boolean, problem: string];

const isWhole = (least: number, most: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const isOneOf = (allowed: readonly string[]) => (value: unknown) => allowed.some((each) => each === value);
const isToken = (value: unknown) => typeof value === 'string' && /^[!#-'*+.^`|~\w-]+$/.test(value);
/** Visible ASCII and spaces: what may stand in a header without splitting it. */
const isHeaderText = (value: unknown) => typeof value === 'string' && /^[ -~]*$/.test(value);

const MEMBER_RULES: Readonly<Record<keyof Fault, MemberRule>> = {
  gateway: [isOneOf(GATEWAY_NAMES), `must be one of ${GATEWAY_NAMES.join(', ')}`],
  operation: [(value) => typeof value === 'string', 'must be a string'],
  kind: [isOneOf(FAULT_KINDS), `must be one of ${FAULT_KINDS.join(', ')}`],
  status: [isWhole(200, 599), 'must be a whole number from 200 to 599'],
  delayMs: [isWhole(0, LONGEST_DELAY_MS), `must be a whole number from 0 to ${LONGEST_DELAY_MS}`],
  location: [isHeaderText, 'must be a string of visible ASCII characters'],
  headers: [
    (value) => isObject(value) && Object.keys(value).every(isToken) && Object.values(value).every(isHeaderText),
    'must be an object of header names and ASCII strings',
  ],
  body: [() => true, ''],
  placetopayCode: [isWhole(1, 99_999), 'must be a whole number'],
  times: [isWhole(0, 1_000_000), 'must be a whole number from 0 (until cleared) to 1000000'],
  afterProcessing: [(value) => typeof value === 'boolean', 'must be true or false'],
};

const isMember = (name: string): name is keyof Fault => Object.hasOwn(MEMBER_RULES, name);

function checkFault(input: unknown, operations: Readonly<Record<GatewayName, readonly string[]>>): Fault {
  if (!isObject(input)) throw new SimulatorInputError('fault', 'must be an object');
  const fault: JsonObject = structuredClone(
    Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
  );
  checkMembers(fault);
  const known = operations[fault.gateway];
  if (fault.operation !== undefined && !known.includes(fault.operation)) {
    throw new SimulatorInputError('operation', `must be one of ${known.join(', ')}`);
  }
  if (fault.placetopayCode !== undefined && fault.gateway !== 'placetopay') {
    throw new SimulatorInputError('placetopayCode', 'needs the gateway placetopay');
  }
  return fault;
}

function checkMembers(fault: JsonObject): asserts fault is JsonObject & Fault {
  for (const required of ['gateway', 'kind']) {
    if (fault[required] === undefined) throw new SimulatorInputError(required, 'is required');
  }
  for (const [name, value] of Object.entries(fault)) {
    if (!isMember(name)) throw new SimulatorInputError(name, 'is not a member of a fault');
    const [fits, problem] = MEMBER_RULES[name];
    if (!fits(value)) throw new SimulatorInputError(name, problem);
  }
}
