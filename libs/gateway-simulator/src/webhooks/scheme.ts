import { SimulatorInputError } from '../core/input-error';
import { type JsonObject } from '../core/json';
import { brokenBody, type WebhookBreak } from './breaks';
import { type JsonSpelling, valueAt, withValue } from './json-text';
import { type SigningKeys } from './signing-keys';

/** What a sample body depends on. */
export interface SampleContext<A> {
  readonly account: A;
  /** Simulated time the webhook says it was made at, epoch milliseconds. */
  readonly now: number;
  /** One of the scheme's `variants`; `undefined` when it has none. */
  readonly variant: string | undefined;
}

/** One webhook to write. */
export interface Commission<A> extends SampleContext<A> {
  /** Members of the body before it is signed. */
  readonly data: JsonObject;
  readonly accounts: readonly A[];
  readonly broken: WebhookBreak | undefined;
  /** Address it goes to, as it was given: two schemes sign it. */
  readonly url: string;
  readonly spelling: JsonSpelling;
  readonly keys: SigningKeys;
}

export interface WrittenWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A thing of the simulator a webhook can speak of, with the members it gives to the body. */
export interface FoundSubject {
  /** Id of the account it belongs to. */
  readonly owner: string;
  readonly data: JsonObject;
}

/** How one kind of notification is written and signed. `A` is the gateway's account. */
export interface WebhookScheme<A> {
  readonly name: string;
  /** What it tells the merchant. */
  readonly does: string;
  /** What is signed, with what, and where the signature stands; one sentence for people. */
  readonly protection: string;
  /** Its variants by name, each with a sentence. Empty when there is only one. */
  readonly variants: Readonly<Record<string, string>>;
  /** The variant used when none is named. @default the first */
  readonly standardVariant?: () => string;
  readonly breaks: readonly WebhookBreak[];
  /** A body in the documented shape, unsigned. */
  sample(context: SampleContext<A>): JsonObject;
  /** The thing of the simulator that the given members name, if there is one. */
  find?(given: JsonObject, now: number): FoundSubject | undefined;
  write(commission: Commission<A>): WrittenWebhook | Promise<WrittenWebhook>;
}

/** What signing adds to a JSON webhook; what is `undefined` is left out. */
export interface Signed {
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The member of a body that names the merchant. */
export interface MerchantMember<A> {
  readonly path: string;
  readonly idOf: (account: A) => string;
  /** The id `other-merchant` names when there is no other account. */
  readonly somebodyElse: string;
}

export interface JsonScheme<A> extends Omit<WebhookScheme<A>, 'write'> {
  /** Paths of the members a break alters, in the order they are signed. */
  readonly covered: readonly string[];
  /** How the body names its merchant, when the key does not tell merchants apart. */
  readonly merchant?: MerchantMember<A>;
  sign(commission: Commission<A>): Signed | Promise<Signed>;
}

/** A scheme whose webhook is a JSON body: signed first, then broken, then written. */
export function jsonScheme<A>(scheme: JsonScheme<A>): WebhookScheme<A> {
  return {
    ...scheme,
    write: async (given) => {
      const commission = namingMerchant(given, scheme.merchant);
      const { broken, spelling } = commission;
      const signed = await scheme.sign(commission);
      const body = { ...commission.data, ...present(signed.members ?? {}) };
      return {
        headers: { 'Content-Type': 'application/json', ...present(signed.headers ?? {}) },
        body: brokenBody(body, scheme.covered, broken, spelling),
      };
    },
  };
}

/** With `other-merchant` the body names another, before it is signed. */
export function namingMerchant<A>(commission: Commission<A>, merchant: MerchantMember<A> | undefined): Commission<A> {
  const { account, accounts, broken, data } = commission;
  if (broken !== 'other-merchant' || !merchant) return commission;
  const { idOf, path, somebodyElse } = merchant;
  const other = accounts.map(idOf).find((id) => id !== idOf(account)) ?? somebodyElse;
  return { ...commission, data: withValue(data, path, other) };
}

function present<T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, T] => entry[1] !== undefined));
}

/** A signed value as it is signed: text as it is, a number in digits. @throws {SimulatorInputError} for anything else. */
export function signedText(data: JsonObject, path: string): string {
  const value = valueAt(data, path);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new SimulatorInputError('data', `must give ${path} as a string or a number, for it is signed`);
}

/**
 * What an account has at a name, or what a break puts in its place.
 *
 * @param name the account's member, for the message
 * @param stranger what nobody has
 * @throws {SimulatorInputError} when the account, or for `other-merchant` every other one, has none.
 */
export function credentialOf<A, T>(
  { account, accounts, broken }: Pick<Commission<A>, 'account' | 'accounts' | 'broken'>,
  name: string,
  read: (account: A) => T | undefined,
  stranger: T,
): T {
  if (broken === 'other-secret') return stranger;
  if (broken === 'other-merchant') {
    const other = accounts.filter((each) => each !== account).map(read);
    const found = other.find((value) => value !== undefined);
    if (found !== undefined) return found;
    throw new SimulatorInputError('break', `other-merchant needs another account with ${name}`);
  }
  const own = read(account);
  if (own !== undefined) return own;
  throw new SimulatorInputError('account', `has no ${name}, which this scheme needs`);
}

/** A secret no account has. */
export const STRANGERS_SECRET = 'a-secret-that-nobody-was-given';
