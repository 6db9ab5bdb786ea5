import { Injectable, Logger } from '@nestjs/common';
import { type NotificationStatistics, NotificationVerifier, type VerifiedNotificationEvent } from 'nestjs-payment-auth';
import { type Confirmation, NOT_ASKED } from './confirmation';
import { type SignedFacts } from './signed-facts';

/** Of each kind. A stranger can push out refused ones with more of them, and no accepted one. */
export const VERDICTS_KEPT = 100;

/** One line in the log for each reason in that time: strangers can send any number of webhooks. */
const QUIET_MS = 60_000;

/** Where a webhook came in. */
export interface WebhookSource {
  readonly gateway: 'alignet' | 'placetopay' | 'netzme';
  readonly scheme: string;
}

/** A webhook that was proven, whatever number of copies came. */
export interface AcceptedWebhook extends SignedFacts, Confirmation {
  readonly verdict: 'accepted';
  /** When the first copy came, ISO 8601. */
  readonly at: string;
  readonly gateway: WebhookSource['gateway'];
  readonly scheme: string;
  readonly merchant: string;
  readonly algorithm: string;
  /** Which secret or key it was: the current one, or the next. */
  readonly secret: 'current' | 'next';
  readonly signedAt?: string;
  readonly unsigned: readonly string[];
  /** Copies that came, the first included. */
  readonly received: number;
  /** When the last copy came; absent as long as there is one only. */
  readonly lastAt?: string;
  /** How often a handler of ours ran for it. */
  readonly handled: number;
}

/** One that was not. */
export interface RefusedWebhook {
  readonly verdict: 'refused';
  readonly at: string;
  readonly gateway: WebhookSource['gateway'];
  readonly scheme: string;
  /** HTTP status of our answer. */
  readonly status: number;
  readonly reason: string;
}

export type WebhookVerdict = AcceptedWebhook | RefusedWebhook;

/** The latest webhooks and what became of them, in memory. Nothing in it is a secret, a token or a signature. */
@Injectable()
export class WebhookLog {
  private readonly logger = new Logger('Webhooks');
  /** By replay key, in the order of their first copies. */
  private readonly accepted = new Map<string, AcceptedWebhook & { readonly order: number }>();
  private readonly refused: (RefusedWebhook & { readonly order: number })[] = [];
  private readonly ran = new WeakMap<VerifiedNotificationEvent, Confirmation>();
  private readonly unsigned = new Map<string, UnsignedCounts>();
  private readonly quietUntil = new Map<string, number>();
  private order = 0;

  constructor(private readonly verifier: NotificationVerifier) {}

  /** A handler is done with it. @param confirmation what the gateway said when it was asked */
  handled(event: VerifiedNotificationEvent, confirmation: Confirmation = NOT_ASKED): void {
    this.ran.set(event, confirmation);
  }

  /** A copy of it is about to be answered: the first, which was handled, or another. */
  answered(event: VerifiedNotificationEvent, facts: SignedFacts): void {
    const ran = this.ran.get(event);
    const known = this.accepted.get(event.replayKey);
    const received = (known?.received ?? 0) + 1;
    const handled = (known?.handled ?? 0) + (ran === undefined ? 0 : 1);
    if (known !== undefined) {
      this.accepted.set(event.replayKey, { ...known, ...ran, received, lastAt: now(), handled });
      return;
    }
    const verdict = { ...newlyAccepted(event, facts, ran ?? NOT_ASKED), received, handled };
    this.accepted.set(event.replayKey, { ...verdict, order: (this.order += 1) });
    for (const [oldest] of this.accepted) {
      if (this.accepted.size <= VERDICTS_KEPT) break;
      this.accepted.delete(oldest);
    }
    this.logger.log({ msg: 'webhook accepted', ...verdict });
  }

  /** The library counts and tells of what it refuses itself. */
  notAccepted({ gateway, scheme }: WebhookSource, status: number, reason: string): void {
    const verdict = { verdict: 'refused', at: now(), gateway, scheme, status, reason } as const;
    this.refused.push({ ...verdict, order: (this.order += 1) });
    if (this.refused.length > VERDICTS_KEPT) this.refused.shift();
  }

  /** A webhook without a signature, which the library does not count. @param refusal why it was not confirmed */
  unsignedArrived(source: WebhookSource, refusal?: string): void {
    const { gateway, scheme } = source;
    const counts = this.unsigned.get(scheme) ?? { gateway, scheme, accepted: {}, refused: {} };
    this.unsigned.set(scheme, counts);
    if (refusal === undefined) {
      counts.accepted['query'] = (counts.accepted['query'] ?? 0) + 1;
      return;
    }
    const count = (counts.refused[refusal] ?? 0) + 1;
    counts.refused[refusal] = count;
    const at = performance.now();
    if (at < (this.quietUntil.get(refusal) ?? -Infinity)) return;
    this.quietUntil.set(refusal, at + QUIET_MS);
    this.logger.warn(`a ${gateway} ${scheme} was refused: ${refusal} (${count} so far)`);
  }

  /** The newest first. */
  verdicts(): WebhookVerdict[] {
    return [...this.accepted.values(), ...this.refused]
      .sort((one, other) => other.order - one.order)
      .map(({ order: _order, ...verdict }) => verdict);
  }

  /** Of this process, since its start, copies included. */
  statistics(): (NotificationStatistics | UnsignedCounts)[] {
    return [...this.verifier.statistics(), ...this.unsigned.values()];
  }
}

interface UnsignedCounts {
  readonly gateway: WebhookSource['gateway'];
  readonly scheme: string;
  readonly accepted: Record<string, number>;
  readonly refused: Record<string, number>;
}

const now = (): string => new Date().toISOString();

function newlyAccepted(event: VerifiedNotificationEvent, facts: SignedFacts, confirmation: Confirmation) {
  const { gateway, scheme, merchant, algorithm, secretIndex, signedAt, unsigned } = event;
  return {
    verdict: 'accepted',
    at: now(),
    gateway,
    scheme,
    merchant,
    ...facts,
    algorithm,
    secret: secretIndex === 0 ? 'current' : 'next',
    ...(signedAt !== undefined && { signedAt: new Date(signedAt).toISOString() }),
    unsigned,
    ...confirmation,
  } as const;
}
