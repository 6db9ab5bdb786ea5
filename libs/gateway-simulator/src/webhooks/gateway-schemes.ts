import { SimulatorInputError } from '../core/input-error';
import { type JsonObject } from '../core/json';
import { WEBHOOK_BREAKS, type WebhookBreak, writingTime } from './breaks';
import { merged } from './json-text';
import { type WebhookOrder } from './order';
import { type WebhookScheme, type WrittenWebhook } from './scheme';
import { type SigningKeys } from './signing-keys';

/** What a person, or the webhook desk, has to know of a scheme. */
export interface WebhookSchemeDescription {
  readonly scheme: string;
  readonly does: string;
  readonly protection: string;
  readonly variants: Readonly<Record<string, string>>;
  /** The breaks it offers, each with what it does. */
  readonly breaks: Partial<Readonly<Record<WebhookBreak, string>>>;
  /** The unsigned body `data` is laid over. */
  readonly sample: JsonObject;
}

/** A webhook with what was chosen for it. */
export interface ComposedWebhook extends WrittenWebhook {
  readonly account: string;
  readonly variant: string | undefined;
}

/** The schemes of one gateway, whatever its accounts look like. */
export interface SchemeBook {
  describe(now: number): WebhookSchemeDescription[];
  /** @throws {SimulatorInputError} naming the member of the order that does not fit. */
  compose(order: WebhookOrder, now: number, keys: SigningKeys): Promise<ComposedWebhook>;
}

export class GatewaySchemes<A> implements SchemeBook {
  constructor(
    private readonly accounts: readonly A[],
    private readonly idOf: (account: A) => string,
    private readonly schemes: readonly WebhookScheme<A>[],
  ) {}

  describe(now: number): WebhookSchemeDescription[] {
    const [account] = this.accounts;
    return this.schemes.map((scheme) => ({
      scheme: scheme.name,
      does: scheme.does,
      protection: scheme.protection,
      variants: scheme.variants,
      breaks: Object.fromEntries(scheme.breaks.map((name) => [name, WEBHOOK_BREAKS[name]])),
      sample: account === undefined ? {} : scheme.sample({ account, now, variant: standardVariant(scheme) }),
    }));
  }

  async compose(order: WebhookOrder, now: number, keys: SigningKeys): Promise<ComposedWebhook> {
    const scheme = this.schemes.find(({ name }) => name === order.scheme);
    const names = this.schemes.map(({ name }) => name);
    if (!scheme) throw mustBeOneOf('scheme', order.scheme, names);
    const broken = order.break;
    if (broken !== undefined && !scheme.breaks.includes(broken)) throw mustBeOneOf('break', broken, scheme.breaks);
    const variant = order.variant ?? standardVariant(scheme);
    if (variant !== undefined && !Object.hasOwn(scheme.variants, variant)) {
      throw mustBeOneOf('variant', variant, Object.keys(scheme.variants));
    }
    // Before anything is awaited: what the simulator holds may be gone a moment later.
    const madeAt = writingTime(now, broken);
    const given = order.data ?? {};
    const found = scheme.find?.(given, madeAt);
    const account = this.account(order.account ?? found?.owner);
    if (found !== undefined && found.owner !== this.idOf(account)) {
      throw new SimulatorInputError('account', 'is not the one whose data this is');
    }
    const sample = merged(scheme.sample({ account, now: madeAt, variant }), found?.data ?? {});
    const written = await scheme.write({
      account,
      accounts: this.accounts,
      now: madeAt,
      variant,
      data: merged(sample, given),
      broken,
      url: order.url,
      spelling: order.json ?? 'compact',
      keys,
    });
    return { ...written, account: this.idOf(account), variant };
  }

  private account(id: string | undefined): A {
    const ids = this.accounts.map(this.idOf);
    const account = this.accounts[id === undefined ? 0 : ids.indexOf(id)];
    if (account !== undefined) return account;
    throw mustBeOneOf('account', id ?? 'the first', ids);
  }
}

function standardVariant<A>({ standardVariant: chosen, variants }: WebhookScheme<A>): string | undefined {
  return chosen?.() ?? Object.keys(variants)[0];
}

function mustBeOneOf(field: string, given: string, known: readonly string[]): SimulatorInputError {
  const names = known.length > 0 ? known.join(', ') : 'none here';
  return new SimulatorInputError(field, `must be one of ${names}, not ${JSON.stringify(given)}`);
}
