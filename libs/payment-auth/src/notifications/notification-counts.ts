import { type Clock } from '../core/clock';
import { type Gateway, type SignatureVerificationReason } from '../core/errors';
import { type VerifiedNotification } from '../core/inbound/notification-scheme';

/** What came in of one scheme. */
export interface NotificationStatistics {
  readonly gateway: Gateway;
  readonly scheme: string;
  /** By algorithm, e.g. `sha256`. */
  readonly accepted: Readonly<Record<string, number>>;
  readonly refused: Readonly<Partial<Record<SignatureVerificationReason, number>>>;
}

interface Counts {
  readonly gateway: Gateway;
  readonly scheme: string;
  readonly accepted: Record<string, number>;
  readonly refused: Partial<Record<SignatureVerificationReason, number>>;
}

/** Anybody can send forgeries: one line for each kind in that time, so that nobody can fill the log. */
const QUIET_MS = 60_000;

/** Counts, and says in the log what an operator should see. */
export class NotificationCounts {
  private readonly byScheme = new Map<string, Counts>();
  private readonly quietUntil = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly warn: (message: string) => void,
  ) {}

  accepted({ gateway, scheme, merchant, algorithm }: VerifiedNotification): void {
    const { accepted } = this.of(gateway, scheme);
    const count = (accepted[algorithm] ?? 0) + 1;
    accepted[algorithm] = count;
    if (algorithm.includes('sha1')) {
      this.say(
        `${gateway} ${scheme} ${merchant} sha1`,
        `${gateway} signs ${scheme} notifications of ${merchant} with SHA-1 (${count} so far)`,
      );
    }
  }

  refused(gateway: Gateway, scheme: string, reason: SignatureVerificationReason): void {
    const { refused } = this.of(gateway, scheme);
    const count = (refused[reason] ?? 0) + 1;
    refused[reason] = count;
    this.say(
      `${gateway} ${scheme} ${reason}`,
      `a ${gateway} ${scheme} notification was refused: ${reason} (${count} so far)`,
    );
  }

  read(): readonly NotificationStatistics[] {
    return structuredClone([...this.byScheme.values()]);
  }

  private say(kind: string, message: string): void {
    const now = this.clock.monotonic();
    if (now < (this.quietUntil.get(kind) ?? -Infinity)) return;
    this.quietUntil.set(kind, now + QUIET_MS);
    this.warn(message);
  }

  private of(gateway: Gateway, scheme: string): Counts {
    const key = `${gateway} ${scheme}`;
    let counts = this.byScheme.get(key);
    if (counts === undefined) {
      counts = { gateway, scheme, accepted: {}, refused: {} };
      this.byScheme.set(key, counts);
    }
    return counts;
  }
}
