import { type ConfigProblem, type Gateway } from './errors';
import { type ResolvedMerchants } from './merchants';
import { problemAbout } from './problem-secrets';
import { type Secret } from './secret';
import { shortSecrets, validateBlock } from './validation';

/** The name of the only merchant where the block itself holds the credentials. */
export const ONLY_MERCHANT = 'default';

/**
 * A gateway's options as users write them: one merchant, or several by name. In the second form whatever stands beside
 * `merchants` is shared by all of them and can be overridden in each.
 */
export type OneOrManyMerchants<M extends object> =
  | (M & { merchants?: never; defaultMerchant?: never })
  | (Partial<M> & { merchants: Readonly<Record<string, Partial<M>>>; defaultMerchant?: string });

/** Where an option of a merchant stands, e.g. `alignet.merchants.usd.merchantCode`. */
export function merchantOption(gateway: Gateway, { name }: { readonly name: string }, option: string): string {
  return name === ONLY_MERCHANT ? `${gateway}.${option}` : `${gateway}.merchants.${name}.${option}`;
}

/** Worth nothing anywhere else: no warning about it helps. */
const SANDBOX = 'sandbox';

/** Turns a gateway's block into checked merchants, adding every mistake to `problems`. */
export function resolveMerchants<M extends { environment: string }, R extends object>(
  gateway: Gateway,
  block: unknown,
  Block: new () => M,
  resolveOne: (
    name: string,
    options: M,
    problems: ConfigProblem[],
    path: string,
    warnings: ConfigProblem[],
  ) => R | undefined,
  problems: ConfigProblem[],
): ResolvedMerchants<R> | undefined {
  if (block === undefined) return undefined;
  if (typeof block !== 'object' || block === null) {
    problems.push({ option: gateway, problem: 'must be an object; leave it out if this gateway is not used' });
    return undefined;
  }
  const { merchants, defaultMerchant, ...shared } = block as Record<string, unknown>;
  const many = merchants !== undefined;
  if (many && (typeof merchants !== 'object' || merchants === null || Object.keys(merchants).length === 0)) {
    problems.push({ option: `${gateway}.merchants`, problem: 'must be an object with at least one merchant by name' });
    return undefined;
  }
  const named: Record<string, unknown> = many ? (merchants as Record<string, unknown>) : { [ONLY_MERCHANT]: {} };
  const byName = Object.create(null) as Record<string, R>;
  const warnings: ConfigProblem[] = [];
  for (const [name, own] of Object.entries(named)) {
    const path = many ? `${gateway}.merchants.${name}` : gateway;
    if (typeof own !== 'object' || own === null) {
      problems.push({ option: path, problem: 'must be an object' });
      continue;
    }
    const options = withoutUndefined({ ...shared, ...own });
    const mistakes = validateBlock(path, Block, options);
    problems.push(...mistakes);
    if (mistakes.length > 0) continue;
    if (options['environment'] !== SANDBOX) warnings.push(...shortSecrets(path, Block, options));
    const resolved = resolveOne(name, options as unknown as M, problems, path, warnings);
    if (resolved !== undefined) byName[name] = resolved;
  }
  const names = Object.keys(named);
  if (defaultMerchant !== undefined && (typeof defaultMerchant !== 'string' || !names.includes(defaultMerchant))) {
    problems.push({ option: `${gateway}.defaultMerchant`, problem: `must be one of ${names.join(', ')}` });
  }
  return {
    byName,
    defaultMerchant: (defaultMerchant as string | undefined) ?? (names.length === 1 ? names[0] : undefined),
    warnings,
  };
}

/**
 * Merchants with the same client share its access token, so what they state of that client has to agree: with two secrets,
 * whichever was asked for first would serve both.
 *
 * @param clientOf where the merchant's token comes from and for whom
 */
export function refuseContradictingSecrets<R extends { readonly name: string; readonly clientSecret: Secret }>(
  gateway: Gateway,
  merchants: ResolvedMerchants<R> | undefined,
  clientOf: (merchant: R) => readonly string[],
  problems: ConfigProblem[],
): void {
  const seen = new Map<string, R>();
  for (const merchant of Object.values(merchants?.byName ?? {})) {
    const client = JSON.stringify(clientOf(merchant));
    const first = seen.get(client);
    if (first === undefined) {
      seen.set(client, merchant);
    } else if (first.clientSecret.reveal() !== merchant.clientSecret.reveal()) {
      const problem = {
        option: `${gateway}.merchants.${merchant.name}.clientSecret`,
        problem: `is not the same for merchants "${first.name}" and "${merchant.name}", which have the same clientId at the same host; a client has one secret`,
      };
      problems.push(problemAbout([first.clientSecret, merchant.clientSecret], problem));
    }
  }
}

/** An option given as `undefined` (an unset environment variable, usually) is an option not given. */
function withoutUndefined(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
