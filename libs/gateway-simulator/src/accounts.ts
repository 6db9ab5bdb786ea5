import { SimulatorInputError } from './core/input-error';
import { deepFreeze } from './settings';

/** One Alignet merchant: credentials and merchant code belong to one currency. */
export interface AlignetAccount {
  readonly clientId: string;
  readonly clientSecret: string;
  /** UUID; not the client id. */
  readonly merchantCode: string;
  /** ISO 4217, numeric, as a string: `604` is PEN, `840` USD. */
  readonly currency: string;
  /** @default every documented scope */
  readonly scopes?: readonly string[];
  /** Checked by the legacy `password` grant when it sends them. */
  readonly username?: string;
  readonly password?: string;
}

export const SITE_STATES = ['active', 'inactive', 'expired', 'credentials-expired', 'other-environment'] as const;
export type SiteState = (typeof SITE_STATES)[number];

export interface PlacetopayAccount {
  readonly login: string;
  /** The credential the docs' screens call "TranKey". At most 32 characters. */
  readonly secretKey: string;
  /** State the site starts in. @default 'active' */
  readonly state?: SiteState;
  readonly siteId?: number;
  readonly siteName?: string;
  /** What Onboarding signs its webhooks with; `kid` names the secret in force. */
  readonly onboarding?: { readonly kid: string; readonly signingSecret: string };
  /** What API Scudo signs its webhooks with. */
  readonly scudoKey?: string;
  /** The `secret_token` a login to MSV answers with; it signs MSV's webhooks. */
  readonly msvSecretToken?: string;
  /** What the merchant chose for AutoPay's calls to `/autopay/balance` and `/autopay/settlement`. At most 60 characters each. */
  readonly autopayContract?: { readonly user: string; readonly password: string };
}

export interface NetzmeAccount {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The merchant this client may ask about. */
  readonly userId: string;
  /** More merchants it may ask about, with the same balance. @default none */
  readonly otherUserIds?: readonly string[];
  /** Rupiah with two decimals, as a string. */
  readonly balance: string;
  /** The static `x-callback-token` of SNAP callbacks, version 1. */
  readonly callbackToken?: string;
}

export interface SimulatorAccounts {
  readonly alignet: readonly AlignetAccount[];
  readonly placetopay: readonly PlacetopayAccount[];
  readonly netzme: readonly NetzmeAccount[];
}

/** The accounts a simulator has when none are given. Invented, public, and worth nothing anywhere else. */
export const SANDBOX_ACCOUNTS = deepFreeze({
  alignet: [
    {
      clientId: 'sandbox-alignet-pen',
      clientSecret: 'sandbox-alignet-pen-secret',
      merchantCode: '6f1c6d0e-2b6a-4a53-9a3e-5d1b7c0e0604',
      currency: '604',
      username: 'sandbox-alignet-user',
      password: 'sandbox-alignet-password',
    },
    {
      clientId: 'sandbox-alignet-usd',
      clientSecret: 'sandbox-alignet-usd-secret',
      merchantCode: '0b7f3c52-91d4-4f0a-8d3b-2f6a9e1c0840',
      currency: '840',
      username: 'sandbox-alignet-user',
      password: 'sandbox-alignet-password',
    },
  ],
  placetopay: [
    {
      login: 'sandbox-placetopay',
      secretKey: 'sandbox-placetopay-secret',
      state: 'active',
      siteId: 1,
      siteName: 'Sandbox',
      onboarding: { kid: 'k1', signingSecret: 'sandbox-onboarding-signing-secret' },
      scudoKey: 'sandbox-scudo-key',
      msvSecretToken: 'sandbox-msv-secret-token',
      autopayContract: { user: 'sandbox-autopay-user', password: 'sandbox-autopay-password' },
    },
    {
      login: 'sandbox-placetopay-other',
      secretKey: 'sandbox-placetopay-other-secret',
      state: 'active',
      siteId: 2,
      siteName: 'Sandbox, another site',
      onboarding: { kid: 'k1', signingSecret: 'sandbox-other-onboarding-signing-secret' },
      scudoKey: 'sandbox-other-scudo-key',
      msvSecretToken: 'sandbox-other-msv-secret-token',
      autopayContract: { user: 'sandbox-other-autopay-user', password: 'sandbox-other-autopay-password' },
    },
    {
      login: 'sandbox-placetopay-inactive',
      secretKey: 'sandbox-inactive-secret',
      state: 'inactive',
      siteId: 3,
      siteName: 'Sandbox, inactive',
    },
    {
      login: 'sandbox-placetopay-expired',
      secretKey: 'sandbox-expired-secret',
      state: 'expired',
      siteId: 4,
      siteName: 'Sandbox, expired',
    },
    {
      login: 'sandbox-placetopay-cred-expired',
      secretKey: 'sandbox-cred-expired-secret',
      state: 'credentials-expired',
      siteId: 5,
      siteName: 'Sandbox, credentials expired',
    },
  ],
  netzme: [
    {
      clientId: 'sandbox-netzme',
      clientSecret: 'sandbox-netzme-secret',
      userId: 'M_SANDBOX01',
      // The one in the sample of Netzme's page on authentication.
      otherUserIds: ['M_pXAFWzCg'],
      balance: '1000000.00',
      callbackToken: 'sandbox-netzme-callback-token',
    },
    {
      clientId: 'sandbox-netzme-other',
      clientSecret: 'sandbox-netzme-other-secret',
      userId: 'M_SANDBOX02',
      balance: '2000000.00',
      callbackToken: 'sandbox-netzme-other-callback-token',
    },
  ],
} as const satisfies SimulatorAccounts);

/** @throws {SimulatorInputError} for an empty id or secret, or an id given twice. */
export function resolveAccounts(given: Partial<SimulatorAccounts>): SimulatorAccounts {
  const accounts: SimulatorAccounts = {
    alignet: given.alignet ?? SANDBOX_ACCOUNTS.alignet,
    placetopay: given.placetopay ?? SANDBOX_ACCOUNTS.placetopay,
    netzme: given.netzme ?? SANDBOX_ACCOUNTS.netzme,
  };
  requireDistinct('accounts.alignet', accounts.alignet, 'clientId', 'clientSecret');
  requireDistinct('accounts.placetopay', accounts.placetopay, 'login', 'secretKey');
  requireDistinct('accounts.netzme', accounts.netzme, 'clientId', 'clientSecret');
  return deepFreeze(structuredClone(accounts));
}

function requireDistinct<T>(path: string, accounts: readonly T[], id: keyof T & string, secret: keyof T & string) {
  const seen = new Set<unknown>();
  accounts.forEach((account, index) => {
    for (const name of [id, secret]) {
      const value = account[name];
      if (typeof value !== 'string' || value === '') {
        throw new SimulatorInputError(`${path}[${index}].${name}`, 'must be a non-empty string');
      }
    }
    if (seen.has(account[id])) throw new SimulatorInputError(`${path}[${index}].${id}`, 'is used twice');
    seen.add(account[id]);
  });
}
