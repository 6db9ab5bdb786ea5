import { type GatewaySimulator, type SentWebhook as Sent } from '@payment-auth/gateway-simulator';
import { type SentWebhook } from '../contract';
import { toSentWebhook } from './sent-webhook';

/** As many as the page shows. */
const SHOWN = 100;

/**
 * Webhooks the simulator has sent and those that wait for their time, under numbers that stay: the simulator gives one a
 * number when it is answered, and begins anew when it is reset.
 */
export class SentWebhooks {
  private readonly waiting = new Map<number, SentWebhook>();
  private numbers = new Map<string, number>();
  private count = 0;

  constructor(private readonly simulator: GatewaySimulator) {}

  /** The newest first. */
  all(): SentWebhook[] {
    const sent = this.simulator.webhooks.sent({ limit: SHOWN });
    const numbers = new Map(sent.map((each) => [nameOf(each), this.numberOf(each)]));
    this.numbers = numbers;
    return [...sent.map((each) => this.shown(each)), ...this.waiting.values()].sort((one, other) => other.id - one.id);
  }

  /** As the simulator has it, under a number of its own; `undefined` when it is not, or no more, one that went out. */
  find(id: number): Sent | undefined {
    return this.simulator.webhooks.sent().find((each) => this.numbers.get(nameOf(each)) === id);
  }

  answered(sent: Sent): SentWebhook {
    return this.shown(sent);
  }

  /** @param about what is known of it before it goes out */
  wait(about: Omit<SentWebhook, 'id' | 'status'>, sending: Promise<Sent>): SentWebhook {
    const id = (this.count += 1);
    const waiting: SentWebhook = { id, ...about, status: null };
    this.waiting.set(id, waiting);
    void sending
      .then((sent) => this.numbers.set(nameOf(sent), id))
      .catch(() => undefined)
      .finally(() => this.waiting.delete(id));
    return waiting;
  }

  private shown(sent: Sent): SentWebhook {
    return toSentWebhook(this.numberOf(sent), sent, this.simulator.webhooks.whole(sent.id));
  }

  private numberOf(sent: Sent): number {
    const name = nameOf(sent);
    const number = this.numbers.get(name) ?? (this.count += 1);
    this.numbers.set(name, number);
    return number;
  }
}

const nameOf = ({ id, at }: Sent): string => `${id} ${at}`;
