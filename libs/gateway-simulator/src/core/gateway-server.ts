import { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SimulatorSettings } from '../settings';
import { type SimulatorClock } from './clock';
import { type Answer, type Exchange, type Gateway, headerValue, jsonAnswer, type RefusalReason } from './exchange';
import { type Fault, faultAnswer, type FaultPlan } from './faults';
import { type UnparsedRequest } from './http-listener';
import { type Journal, type Verdict } from './journal';
import { type Masker } from './masking';

export interface GatewayServerParts {
  readonly clock: SimulatorClock;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  readonly masker: Masker;
  readonly settings: () => SimulatorSettings;
  /** Ends pending delays when the simulator stops. */
  readonly stopping: AbortSignal;
}

interface Outcome {
  /** `undefined` cuts the connection. */
  readonly answer: Answer | undefined;
  readonly verdict: Verdict;
  readonly reason?: RefusalReason;
}

/** Takes one request of one gateway through faults, the gateway itself and the journal. */
export class GatewayServer {
  private readonly received = new Map<string, number>();

  constructor(
    readonly gateway: Gateway,
    private readonly parts: GatewayServerParts,
  ) {}

  /** Requests received per operation, whatever became of them, and the gateway's own counts. */
  counters(): Record<string, number> {
    const counts = Object.fromEntries(this.gateway.operations.map((name) => [name, this.received.get(name) ?? 0]));
    return { ...counts, ...this.gateway.counters() };
  }

  reset(): void {
    this.received.clear();
    this.gateway.reset();
  }

  serve(request: IncomingMessage, response: ServerResponse, body: Buffer | 'too-large'): void {
    const exchange = toExchange(request, body === 'too-large' ? Buffer.alloc(0) : body, this.parts.clock.now());
    const operation = this.count(exchange.method, exchange.path);
    const outcome = body === 'too-large' ? Promise.resolve(tooLarge()) : this.run(operation, exchange);
    // Rejected only when the simulator stops while a delay is under way.
    outcome.then((result) => this.finish(operation, exchange, result, response)).catch(() => response.destroy());
  }

  /** Notes a request that HTTP's parser refused; gives the headers that tell why, to those who ask. */
  refuseUnparsed(request: UnparsedRequest): Readonly<Record<string, string>> {
    const { clock, journal, masker, settings } = this.parts;
    const [line = ''] = /^[^\r\n]*/.exec(request.text) ?? [];
    const [method = ''] = /^\S{1,32}(?= )/.exec(line) ?? [];
    const target = line.slice(method.length, Math.max(method.length, line.lastIndexOf(' HTTP/'))).trim();
    const reason = reasonOfUnparsed(request);
    journal.record({
      at: clock.now(),
      gateway: this.gateway.name,
      operation: this.count(method, target.split('?')[0] ?? ''),
      method: masker.text(method),
      target: masker.target(target),
      headers: {},
      body: '',
      status: request.status,
      responseBody: '',
      verdict: 'refused',
      reason,
    });
    const isExplained = settings().explainRefusals || /^x-simulator-explain: *1\r?$/im.test(request.text);
    return isExplained ? reasonHeader(reason) : {};
  }

  private count(method: string, path: string): string {
    const operation = this.gateway.identify(method, path);
    this.received.set(operation, (this.received.get(operation) ?? 0) + 1);
    return operation;
  }

  private async run(operation: string, exchange: Exchange): Promise<Outcome> {
    const faults = this.parts.faults.take(this.gateway.name, operation);
    const refused = await this.meet(faults.before, operation, exchange);
    if (refused) return refused;
    const answer = this.process(operation, { ...exchange, now: this.parts.clock.now() });
    const spoilt = await this.meet(faults.after, operation, exchange);
    if (spoilt) return spoilt;
    return { answer, verdict: answer.reason ? 'refused' : 'accepted', ...(answer.reason && { reason: answer.reason }) };
  }

  private async meet(faults: readonly Fault[], operation: string, exchange: Exchange): Promise<Outcome | undefined> {
    for (const fault of faults) {
      if (fault.kind !== 'delay') {
        const reason = { code: `fault-${fault.kind}`, input: 'none', message: 'An injected fault answered.' };
        return { answer: faultAnswer(fault, this.gateway, operation, exchange), verdict: 'fault', reason };
      }
      await sleep(fault.delayMs ?? 1000, undefined, { signal: this.parts.stopping });
    }
    return undefined;
  }

  private process(operation: string, exchange: Exchange): Answer {
    try {
      return this.gateway.handle(operation, exchange);
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown error';
      const reason = { code: 'simulator-error', input: 'none', message: `A defect of the simulator: ${message}` };
      return { ...this.gateway.failure(operation, 500, exchange), reason };
    }
  }

  private finish(operation: string, exchange: Exchange, outcome: Outcome, response: ServerResponse): void {
    const { clock, journal, masker, settings } = this.parts;
    const { answer, verdict } = outcome;
    const reason = outcome.reason && { ...outcome.reason, message: masker.text(outcome.reason.message) };
    journal.record({
      at: exchange.now,
      gateway: this.gateway.name,
      operation,
      method: exchange.method,
      target: masker.target(exchange.target),
      headers: masker.headers(exchange.headers),
      body: masker.body(exchange.body),
      status: answer?.status ?? 0,
      responseBody: masker.body(Buffer.from(answer?.body ?? '')),
      verdict,
      ...(reason && { reason }),
    });
    if (!answer) {
      response.destroy();
      return;
    }
    const body = Buffer.from(answer.body);
    response.sendDate = false;
    response.writeHead(answer.status, {
      Date: new Date(clock.now()).toUTCString(),
      ...answer.headers,
      ...(bodyAllowed(exchange.method, answer.status) && { 'Content-Length': body.length }),
      ...(reason && verdict === 'refused' && wantsReason(exchange, settings()) && reasonHeader(reason)),
    });
    response.end(bodyAllowed(exchange.method, answer.status) ? body : undefined);
  }
}

function toExchange(request: IncomingMessage, body: Buffer, now: number): Exchange {
  const target = request.url ?? '/';
  const question = target.indexOf('?');
  return {
    method: request.method ?? '',
    target,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question + 1),
    headers: request.headers,
    body,
    now,
  };
}

function reasonOfUnparsed({ code, problem }: UnparsedRequest): RefusalReason {
  if (code === 'HPE_INVALID_METHOD') {
    const message = "HTTP's parser knows no such method; methods are written in capitals.";
    return { code: 'method-malformed', input: 'method', message };
  }
  if (code === 'HPE_INVALID_URL' || code === 'HPE_INVALID_CONSTANT') {
    const message = 'The request target holds a blank or another character that has to be percent-encoded.';
    return { code: 'target-malformed', input: 'path', message };
  }
  return { code: 'http-malformed', input: 'request', message: `HTTP's parser refused the request: ${problem}.` };
}

function tooLarge(): Outcome {
  const reason = { code: 'body-too-large', input: 'body', message: 'The body is over the limit (bodyLimitBytes).' };
  return { answer: jsonAnswer(413, { message: 'Payload Too Large' }), verdict: 'refused', reason };
}

function bodyAllowed(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

function wantsReason(exchange: Exchange, settings: SimulatorSettings): boolean {
  return settings.explainRefusals || headerValue(exchange.headers, 'x-simulator-explain') === '1';
}

function reasonHeader(reason: RefusalReason): Record<string, string> {
  const ascii = JSON.stringify(reason).replace(/[^ -~]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return { 'X-Simulator-Reason': ascii };
}
