import { Inject, Injectable, Optional } from '@nestjs/common';
import { type GatewaySimulator, SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import {
  type AlignetMerchantOptions,
  type NetzmeMerchantOptions,
  type PlacetopayMerchantOptions,
  type SecretOption,
} from 'nestjs-payment-auth';
import { EnvironmentVariables } from '../../config/environment';
import { PaymentAuthOptionsService } from '../../config/payment-auth-options';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { ConsoleRefusal } from '../access/console-problem';

/** A configured secret in the clear. It stays within one inspection: no answer and no log has it. */
export interface Credential {
  readonly text: string;
  /** One of the embedded simulator's own, which anybody may know: results made with it open nothing else. */
  readonly isPublic: boolean;
  /** Secrets it may have been mistaken for. */
  readonly others: readonly { readonly code: string; readonly what: string; readonly text: string }[];
}

/** Along with the public name that stands next to it in every setting: a login or client id. */
export function withMistaken(credential: Credential, what: string, name: string): Credential {
  const other = { code: 'secret-is-the-name', what: `with ${what} in place of the secret`, text: name };
  return { ...credential, others: [...credential.others, other] };
}

/** Placetopay's secret of a site, and what else of the site may have been taken for it. */
export async function siteCredential(
  { options, credential }: SecretBlock<PlacetopayMerchantOptions>,
  variable: string,
): Promise<Credential> {
  const own = withMistaken(await credential(options.secretKey, variable), 'the login', options.login);
  const { scudoSecretKey, msvSecretToken, onboardingSigningSecrets = {} } = options.notifications ?? {};
  const products = [scudoSecretKey, msvSecretToken, ...Object.values(onboardingSigningSecrets)];
  const others: Credential['others'][number][] = [];
  for (const option of products.filter((each) => each !== undefined)) {
    const what = 'with the secret of another product of Placetopay';
    // What cannot be read is not needed here.
    const found = await credential(option, '').catch(() => undefined);
    if (found !== undefined) others.push({ code: 'secret-of-another-product', what, text: found.text });
  }
  return { ...own, others: [...own.others, ...others] };
}

/** @param variable for the message when it cannot be read */
export type ReadCredential = (option: SecretOption, variable: string) => Promise<Credential>;

/** A configured merchant, and how to have a secret of it. */
export interface SecretBlock<Options> {
  readonly options: Options;
  readonly credential: ReadCredential;
}

/** What of the configuration somebody may ask results of; names that are absent are not configured. */
export interface ConfiguredSecrets {
  readonly placetopay?: SecretBlock<PlacetopayMerchantOptions>;
  readonly netzme?: SecretBlock<NetzmeMerchantOptions>;
  readonly alignet?: SecretBlock<AlignetMerchantOptions>;
}

/**
 * The secrets of the configured merchants, from where the library has them: the demo's own options. They are asked for whenever
 * something is inspected, so that what lies in a file is what the file says now.
 */
@Injectable()
export class ConfiguredSecretsReader {
  private readonly isSandbox: boolean;

  constructor(
    private readonly options: PaymentAuthOptionsService,
    environment: EnvironmentVariables,
    @Optional() @Inject(SIMULATOR) simulator: GatewaySimulator | undefined,
  ) {
    this.isSandbox = environment.PAYMENT_ENV === 'sandbox' && simulator !== undefined;
  }

  async read(): Promise<ConfiguredSecrets> {
    // The demo has one merchant a gateway, so that these blocks have no `merchants`.
    const { alignet, placetopay, netzme } = await this.options.createPaymentAuthOptions();
    return {
      ...(alignet && {
        alignet: {
          options: alignet as AlignetMerchantOptions,
          credential: this.credentials(SANDBOX_ACCOUNTS.alignet.map(({ clientSecret }) => clientSecret)),
        },
      }),
      ...(placetopay && {
        placetopay: {
          options: placetopay as PlacetopayMerchantOptions,
          credential: this.credentials(SANDBOX_ACCOUNTS.placetopay.map(({ secretKey }) => secretKey)),
        },
      }),
      ...(netzme && {
        netzme: {
          options: netzme as NetzmeMerchantOptions,
          credential: this.credentials(SANDBOX_ACCOUNTS.netzme.map(({ clientSecret }) => clientSecret)),
        },
      }),
    };
  }

  private credentials(ofAccounts: readonly string[]): ReadCredential {
    return async (option, variable) => {
      const { current, next } = await loaded(option, variable);
      const accounts = this.isSandbox ? ofAccounts.filter((secret) => secret !== current) : [];
      return {
        text: current,
        isPublic: this.isSandbox && SIMULATOR_SECRETS.has(current),
        others: [
          ...(next === undefined
            ? []
            : [{ code: 'secret-next', what: 'with the next secret, which is not in force yet', text: next }]),
          ...accounts.map((text) => ({
            code: 'secret-of-another-account',
            what: "with another account's secret",
            text,
          })),
        ],
      };
    };
  }
}

/** Every text of the simulator's accounts that somebody could be asked for. */
const SIMULATOR_SECRETS: ReadonlySet<string> = new Set(textsIn(SANDBOX_ACCOUNTS));

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

async function loaded(option: SecretOption, variable: string): Promise<{ current: string; next?: string | undefined }> {
  try {
    const value = typeof option === 'function' ? await option() : option;
    return typeof value === 'string' ? { current: value } : value;
  } catch {
    throw new ConsoleRefusal(503, 'secret-unreadable', `${variable} cannot be read: check the file that it names.`);
  }
}
