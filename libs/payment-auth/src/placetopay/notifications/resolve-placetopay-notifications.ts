import { Secret, type SecretOption } from '../../core/secret';
import { parseInstantOrDay } from './instant';
import { DEFAULT_TOLERANCE_SECONDS } from './placetopay-notification.constants';
import {
  type PlacetopayNotificationOptions,
  type PlacetopayTokenRequestorData,
} from './placetopay-notification.options';

/** What one site's notifications are verified with, every default filled in. */
export interface ResolvedPlacetopayNotifications {
  /** Epoch ms from which SHA-1 is refused; `-Infinity` when it never is believed. */
  readonly sha1RefusedFrom: number;
  readonly toleranceMs: number;
  /** Own properties only: a `kid` comes from the sender. */
  readonly onboardingSigningSecrets: Readonly<Record<string, Secret>>;
  readonly scudoSecretKey: Secret | undefined;
  readonly scudoNotificationUrl: string | undefined;
  readonly msvSecretToken: Secret | undefined;
  readonly autopayContract: { readonly user: string; readonly password: Secret } | undefined;
  readonly micrositeAuth: { readonly login: string; readonly secretKey: Secret };
  readonly tokenRequestorData: PlacetopayTokenRequestorData;
}

/** @param site whose options these are, already resolved */
export function resolvePlacetopayNotifications(
  options: PlacetopayNotificationOptions,
  site: { readonly login: string; readonly secretKey: Secret },
): ResolvedPlacetopayNotifications {
  const { autopayContract, micrositeAuth } = options;
  const signingSecrets = Object.entries(options.onboardingSigningSecrets ?? {});
  return {
    sha1RefusedFrom: sha1RefusedFrom(options.acceptSha1 ?? false),
    toleranceMs: (options.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS) * 1_000,
    onboardingSigningSecrets: Object.fromEntries(signingSecrets.map(([kid, secret]) => [kid, Secret.from(secret)])),
    scudoSecretKey: optionalSecret(options.scudoSecretKey),
    scudoNotificationUrl: options.scudoNotificationUrl,
    msvSecretToken: optionalSecret(options.msvSecretToken),
    autopayContract: autopayContract && {
      user: autopayContract.user,
      password: Secret.from(autopayContract.password),
    },
    micrositeAuth: micrositeAuth
      ? { login: micrositeAuth.login, secretKey: Secret.from(micrositeAuth.secretKey) }
      : { login: site.login, secretKey: site.secretKey },
    tokenRequestorData: options.tokenRequestorData ?? 'as-received',
  };
}

const optionalSecret = (option: SecretOption | undefined): Secret | undefined =>
  option === undefined ? undefined : Secret.from(option);

function sha1RefusedFrom(acceptSha1: NonNullable<PlacetopayNotificationOptions['acceptSha1']>): number {
  if (typeof acceptSha1 === 'boolean') return acceptSha1 ? Infinity : -Infinity;
  return parseInstantOrDay(acceptSha1.until) ?? -Infinity;
}
