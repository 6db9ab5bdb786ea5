import { IsIn, IsOptional } from 'class-validator';
import { isRotatingSecret, type RotatingSecret, Secret, type SecretOption } from '../../core/secret';
import {
  absentSecret,
  check,
  HoldsSecrets,
  IsCredential,
  IsOptionalBlock,
  IsSecret,
  isSecretValue,
  IsWholeNumber,
} from '../../core/validation';
import { isVisibleAscii } from '../../core/visible-ascii';
import { parseInstantOrDay } from './instant';
import { KID, MAX_BASIC_CHARS, MAX_TOLERANCE_SECONDS } from './placetopay-notification.constants';

/** User and password that AutoPay presents to your `/autopay/balance` and `/autopay/settlement`. You choose them. */
export class PlacetopayAutopayContractOptions {
  /** Up to 60 characters, no colon: it would end the user's name (RFC 7617). */
  @IsCredential('the user that AutoPay presents', MAX_BASIC_CHARS)
  @check('hasNoColon', (value) =>
    typeof value === 'string' && value.includes(':') ? 'must not hold a colon, which would end it' : undefined,
  )
  user!: string;

  /** Up to 60 characters. */
  @IsSecret('the password that AutoPay presents', MAX_BASIC_CHARS)
  password!: SecretOption;
}

/** Credentials with which Placetopay calls a customised microsite of yours. */
export class PlacetopayMicrositeAuthOptions {
  @IsCredential('the login that Placetopay sends', 255)
  login!: string;

  @IsSecret('the secret of that login', 255)
  secretKey!: SecretOption;
}

/** SHA-1 from Placetopay: until a day (`2027-01-01`, which is 00:00 UTC) or an instant (`2027-01-01T00:00:00-05:00`). */
export interface PlacetopaySha1Until {
  readonly until: string;
}

const TOKEN_REQUESTOR_DATA = ['as-received', 'values'] as const;
/** How the `data` of a Token Requestor notification is written into the signed text. */
export type PlacetopayTokenRequestorData = (typeof TOKEN_REQUESTOR_DATA)[number];

/**
 * What notifications of one site are verified with, besides its `secretKey`. In `merchants`, a merchant's block takes the place
 * of the shared one as a whole.
 */
export class PlacetopayNotificationOptions {
  /**
   * Whether signatures with SHA-1 are believed: always, or until a date. Account Validator has no others; Checkout sends them
   * until Placetopay's support moves the site to SHA-256. Events carry `algorithm`, so you can count what still arrives.
   * @default false
   */
  @IsOptional()
  @check('isSha1Acceptance', (value) =>
    typeof value === 'boolean' || isSha1Until(value)
      ? undefined
      : 'must be true, false or { until: <ISO 8601 date, or date and time with zone> }, e.g. { until: "2027-01-01" }',
  )
  acceptSha1?: boolean | PlacetopaySha1Until;

  /**
   * How far the time in a signature may be from ours, in seconds, either way: Onboarding, API Scudo and customised microsites.
   * @default 300
   */
  @IsOptional()
  @IsWholeNumber('seconds', 1, MAX_TOLERANCE_SECONDS)
  toleranceSeconds?: number;

  /** Signing secrets of Onboarding by their `kid`, which came with your token: `{ k1: '...' }`. Two or more during a change. */
  @IsOptional()
  @HoldsSecrets()
  @check('isSecretsByKid', secretsByKidProblem)
  onboardingSigningSecrets?: Readonly<Record<string, SecretOption>>;

  /** Secret key of API Scudo. */
  @IsOptional()
  @IsSecret('the secret key of API Scudo')
  scudoSecretKey?: SecretOption;

  /**
   * URL that Placetopay calls for API Scudo, character by character as it was given to Placetopay. It is all that is signed
   * besides the time, and cannot be read off a request: proxies rewrite paths, and anybody can send any `Host`.
   */
  @IsOptional()
  @check('isNotificationUrl', (value) =>
    typeof value === 'string' && isVisibleAscii(value) && /^https?:\/\//.test(value) && URL.canParse(value)
      ? undefined
      : 'must be the absolute URL that was given to Placetopay, character by character',
  )
  scudoNotificationUrl?: string;

  /** `secret_token` of MSV, from the answer to its login. */
  @IsOptional()
  @IsSecret('the secret_token of MSV')
  msvSecretToken?: SecretOption;

  @IsOptionalBlock(PlacetopayAutopayContractOptions)
  autopayContract?: PlacetopayAutopayContractOptions;

  /**
   * For a customised microsite with credentials of its own. With those of the site, an `auth` that you sent to Placetopay is
   * accepted by your own microsite routes, too; the log says so at start. @default the site's `login` and `secretKey`
   */
  @IsOptionalBlock(PlacetopayMicrositeAuthOptions)
  micrositeAuth?: PlacetopayMicrositeAuthOptions;

  /**
   * How Token Requestor writes `data` into the signed text, which its page does not say: `as-received` is the JSON as it stands
   * in the body, `values` is `id`, `status` and `expiration` joined. @default 'as-received'
   */
  @IsOptional()
  @IsIn(TOKEN_REQUESTOR_DATA, { message: `must be one of ${TOKEN_REQUESTOR_DATA.join(', ')}` })
  tokenRequestorData?: PlacetopayTokenRequestorData;
}

function isSha1Until(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'until') return false;
  const { until } = value as { until: unknown };
  return typeof until === 'string' && parseInstantOrDay(until) !== undefined;
}

function secretsByKidProblem(value: unknown): string | undefined {
  // Taken for kids, a rotation would go unnoticed until the first notification is refused.
  if (value instanceof Secret || isRotatingSecret(value)) {
    return (
      'must tell the kid of its secrets: { k1: { current, next } } for a kid called k1 whose secret changes, ' +
      '{ current: { current: ... }, next: { current: ... } } for kids that are called current and next'
    );
  }
  if (!isSecretsByKid(value)) {
    return 'must be an object of signing secrets by kid (letters, digits, "_", "-", "."), each as any other secret';
  }
  const absences = Object.entries(value).map(([kid, secret]) => [kid, absentSecret(secret)] as const);
  const absent = absences.find(([, absence]) => absence !== undefined);
  return absent && `must give every kid its secret: that of ${absent.join(' ')}`;
}

function isSecretsByKid(value: unknown): value is Readonly<Record<string, string | RotatingSecret | Secret>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const secrets = Object.entries(value);
  return secrets.length > 0 && secrets.every(([kid, secret]) => KID.test(kid) && isSecretValue(secret));
}
