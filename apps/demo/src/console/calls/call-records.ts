import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { type CallRecord, type Gateway, type GatewayOverview } from '../contract';
import { GatewayFacts } from './gateway-facts';
import { maskValue } from './mask-message';
import { masked } from './masked';

export const RECORDS_KEPT = 200;

/** The calls made in the console, in memory, and what the gateways' answers told by the way. */
@Injectable()
export class CallRecords {
  private readonly kept: CallRecord[] = [];
  private readonly subject = new Subject<CallRecord>();
  private readonly failures = new Map<Gateway, GatewayOverview['lastFailure']>();
  private count = 0;

  /** Calls as they end, the way they are kept. */
  readonly ended: Observable<CallRecord> = this.subject.asObservable();

  constructor(private readonly facts: GatewayFacts) {}

  /**
   * Keeps a record; a nonce in its outcome is masked in what is kept, for it was handed out once.
   *
   * @param secrets of its messages: a gateway may repeat them, and its answer is in the outcome
   * @returns the record with its id, the nonce as it is
   */
  add(made: Omit<CallRecord, 'id'>, secrets: readonly string[] = []): CallRecord {
    const nonce = nonceOf(made.outcome.body);
    const others = secrets.filter((secret) => secret !== nonce);
    const body = maskValue(made.outcome.body, others);
    const record = { id: (this.count += 1), ...made, outcome: { ...made.outcome, body } };
    const shown = { ...record, outcome: { ...record.outcome, body: withoutNonce(body) } };
    this.kept.unshift(shown);
    this.kept.length = Math.min(this.kept.length, RECORDS_KEPT);
    if (!made.outcome.ok) this.failures.set(made.gateway, { at: made.at, message: messageOf(body) });
    this.subject.next(shown);
    return record;
  }

  /** The newest first. */
  all(): readonly CallRecord[] {
    return [...this.kept];
  }

  /** The last nonce that Alignet gave this process, the demo's own routes included. */
  get lastNonce(): GatewayOverview['lastNonce'] {
    return this.facts.lastNonce;
  }

  /** What a gateway's clock is ahead of ours, by its last answer to this process; `undefined` when none with a `Date` has come. */
  clockOffsetMs(gateway: Gateway): number | undefined {
    return this.facts.clockOffsetMs(gateway);
  }

  /** Of the console's calls. */
  lastFailure(gateway: Gateway): GatewayOverview['lastFailure'] {
    return this.failures.get(gateway);
  }
}

function messageOf(body: unknown): string {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : 'failed';
}

function nonceOf(body: unknown): string | undefined {
  const { nonce } = (body ?? {}) as { nonce?: unknown };
  return typeof nonce === 'string' ? nonce : undefined;
}

function withoutNonce(body: unknown): unknown {
  const nonce = nonceOf(body);
  return nonce === undefined ? body : { ...(body as object), nonce: masked(nonce) };
}
