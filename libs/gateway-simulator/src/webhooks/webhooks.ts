import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayName } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { type Masker } from '../core/masking';
import { Ring } from '../core/ring';
import { type WebhookBreak } from './breaks';
import { deliver, type Delivered } from './delivery';
import { type SchemeBook, type WebhookSchemeDescription } from './gateway-schemes';
import { readWebhookOrder, type WebhookOrder, type WebhookSendOrder } from './order';
import { type SigningKeys } from './signing-keys';
import { readTarget, requireTarget } from './target';

/** A webhook as it goes over the wire. From `build` it is whole; what `send` and `sent` show of it is masked. */
export interface BuiltWebhook {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a receiver answered. Secrets and signatures in it are masked. */
export interface WebhookAnswer {
  /** HTTP status; 0 when none came. Redirects are not followed. */
  readonly status: number;
  /** The body as text, at most 64 KiB read and about 4,000 characters shown. */
  readonly body: string;
  readonly durationMs: number;
  /** `timeout`, `too-long`, `stopped` or Node's error code, when the answer is not whole. */
  readonly problem?: string;
}

/** One webhook that went out, and what came of it. Nothing in it is a secret, a token or a signature. */
export interface SentWebhook {
  readonly id: number;
  /** Simulated time of the first copy, epoch milliseconds. */
  readonly at: number;
  readonly gateway: GatewayName;
  readonly scheme: string;
  readonly variant?: string;
  /** Client id or login of the merchant it was made for. */
  readonly account: string;
  readonly break?: WebhookBreak;
  readonly request: BuiltWebhook;
  /** One per copy. */
  readonly answers: readonly WebhookAnswer[];
}

export interface SentWebhookFilter {
  readonly gateway?: GatewayName;
  readonly scheme?: string;
  /** At most this many, the newest ones. */
  readonly limit?: number;
}

export interface WebhooksParts {
  readonly books: Readonly<Record<GatewayName, SchemeBook>>;
  readonly keys: SigningKeys;
  readonly now: () => number;
  readonly timeoutMs: () => number;
  readonly masker: Masker;
  readonly allowNonLoopback: boolean;
  readonly stopping: AbortSignal;
  readonly capacity: number;
}

/** What is kept of one that went out: its very bytes too, which only a receiver gets to see. */
interface Kept extends SentWebhook {
  readonly whole: BuiltWebhook;
}

interface Times {
  readonly copies?: number | undefined;
  readonly delayMs?: number | undefined;
}

/** Visible ASCII and spaces: what may stand in a header without splitting it. */
const HEADER_TEXT = /^[ -~]*$/;

/** The notifications of the gateways: written, signed, spoilt on request, and sent to a merchant. */
export class Webhooks {
  private history: Ring<Kept>;

  /** @internal */
  constructor(private readonly parts: WebhooksParts) {
    this.history = new Ring(parts.capacity);
  }

  /** What can be sent, with a sample body, the variants and the breaks of each. */
  schemes(): (WebhookSchemeDescription & { readonly gateway: GatewayName })[] {
    const { books, now } = this.parts;
    return (Object.entries(books) as [GatewayName, SchemeBook][]).flatMap(([gateway, book]) =>
      book.describe(now()).map((description) => ({ gateway, ...description })),
    );
  }

  /** Writes and signs a webhook without sending it. @throws {SimulatorInputError} naming the member that does not fit. */
  async build(order: WebhookOrder): Promise<BuiltWebhook> {
    return (await this.compose(readWebhookOrder(order))).built;
  }

  /**
   * Sends a webhook, and resolves when its last copy was answered or failed.
   *
   * @throws {SimulatorInputError} naming the member that does not fit, e.g. `url` for one that is not on loopback.
   */
  async send(order: WebhookSendOrder): Promise<SentWebhook> {
    const checked = readWebhookOrder(order);
    const { gateway, scheme } = checked;
    const target = requireTarget(checked.url, this.parts.allowNonLoopback);
    // The one of now: what was under way at a reset belongs to the time before it.
    const history = this.history;
    const { built, account, variant } = await this.compose(checked);
    const about = {
      gateway,
      scheme,
      ...(variant !== undefined && { variant }),
      account,
      ...(checked.break !== undefined && { break: checked.break }),
      request: maskedRequest(built, this.parts.masker),
      whole: built,
    };
    return this.deliver(about, target, checked, history);
  }

  /**
   * Sends one that went out once more, to the byte as it was, old times and signature included.
   *
   * @param id of one that `sent` lists
   * @throws {SimulatorInputError} naming `id`, `copies` or `delayMs`
   */
  async resend(id: number, times: Times = {}): Promise<SentWebhook> {
    const found = this.kept(id);
    const { gateway, scheme, whole } = found;
    const { copies, delayMs } = readWebhookOrder({ gateway, scheme, url: whole.url, ...times });
    const target = requireTarget(whole.url, this.parts.allowNonLoopback);
    const { id: _id, at: _at, answers: _answers, ...about } = found;
    return this.deliver(about, target, { copies, delayMs }, this.history);
  }

  /** One that went out as it was, nothing masked. @throws {SimulatorInputError} naming `id` */
  whole(id: number): BuiltWebhook {
    return this.kept(id).whole;
  }

  /** The latest webhooks that went out, oldest first. */
  sent(filter: SentWebhookFilter = {}): SentWebhook[] {
    const passes = ({ gateway, scheme }: Kept): boolean =>
      (filter.gateway === undefined || filter.gateway === gateway) &&
      (filter.scheme === undefined || filter.scheme === scheme);
    return this.history.latest(passes, filter.limit).map(withoutBytes);
  }

  /** @internal */
  reset(): void {
    this.history = new Ring(this.parts.capacity);
  }

  private kept(id: number): Kept {
    const [found] = this.history.latest((webhook) => webhook.id === id);
    if (found !== undefined) return found;
    throw new SimulatorInputError('id', 'is not one of a webhook that went out');
  }

  private async deliver(
    about: Omit<Kept, 'id' | 'at' | 'answers'>,
    target: URL,
    { copies = 1, delayMs = 0 }: Times,
    history: Ring<Kept>,
  ): Promise<SentWebhook> {
    const { masker, now, stopping, timeoutMs } = this.parts;
    const { method, headers, body } = about.whole;
    const request = { method, target, headers, body: Buffer.from(body) };
    const at = now();
    const answers: WebhookAnswer[] = [];
    for (let copy = 0; copy < copies && !stopping.aborted; copy += 1) {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: stopping }).catch(() => undefined);
      answers.push(shown(await deliver({ ...request, timeoutMs: timeoutMs(), stopping }), masker));
    }
    return withoutBytes(history.add({ at, ...about, answers }));
  }

  private async compose(order: WebhookOrder) {
    const { books, keys, now } = this.parts;
    readTarget(order.url);
    const { headers, body, account, variant } = await books[order.gateway].compose(order, now(), keys);
    const split = Object.entries(headers).find(([, value]) => !HEADER_TEXT.test(value));
    if (split)
      throw new SimulatorInputError('data', `puts something into the header ${split[0]} that no header can hold`);
    const built: BuiltWebhook = { method: 'POST', url: order.url, headers, body };
    return { built, account, variant };
  }
}

const withoutBytes = ({ whole: _whole, ...sent }: Kept): SentWebhook => sent;

function shown({ status, body, durationMs, problem }: Delivered, masker: Masker): WebhookAnswer {
  return { status, body: masker.answer(body), durationMs, ...(problem !== undefined && { problem }) };
}

function maskedRequest({ method, url, headers, body }: BuiltWebhook, masker: Masker): BuiltWebhook {
  const isForm = headers['Content-Type'] === 'application/x-www-form-urlencoded';
  return {
    method,
    url: masker.target(url),
    headers: masker.headers(headers),
    body: isForm ? masker.form(body) : masker.body(Buffer.from(body)),
  };
}
