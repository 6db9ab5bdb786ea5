import { IsBoolean, IsOptional, Matches } from 'class-validator';
import { IsPublicKeys } from '../../core/inbound/public-keys.option';
import { type SecretOption } from '../../core/secret';
import { absentSecret, check, HoldsSecrets, isSecretValue, IsWholeNumber, secretTexts } from '../../core/validation';
import { isVisibleAscii } from '../../core/visible-ascii';

/** With a query, if the registered URL has one. */
const PATH = /^\/[\x21-\x7e]*$/;
const PATH_PREFIX = /^\/[\x21-\x3e\x40-\x7e]*$/;

/**
 * How SNAP callbacks of one Netzme client are verified. In `merchants`, a merchant's block takes the place of the shared one as a
 * whole.
 */
export class NetzmeNotificationOptions {
  /**
   * The static `x-callback-token` of SNAP v1 callbacks that Netzme gave you; `{ current, next }` while it changes. Needed for
   * the scheme `snap-v1`.
   */
  @IsOptional()
  @HoldsSecrets()
  @check('isCallbackToken', callbackTokenProblem)
  callbackToken?: SecretOption;

  /**
   * Netzme's public keys for the signature of SNAP v2 callbacks: PEM (`BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`) or its
   * Base64 on one line; RSA of 2048 bits at least. Several are all accepted: the current and the next. Needed for the scheme
   * `snap-v2`: Netzme publishes none, ask for it.
   */
  @IsOptional()
  @IsPublicKeys<NetzmeNotificationOptions>(({ allowWeakKeys }) => allowWeakKeys === true)
  publicKeys?: string[];

  /**
   * Accept public keys from 512 bits. Netzme's documentation has samples of that length, and anybody with a rented computer
   * finds the private key to one within hours: then he signs callbacks like Netzme. Ask Netzme for a longer key; with this
   * on, treat callbacks as unsigned and query every transaction. @default false
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  allowWeakKeys?: boolean;

  /**
   * How far the `X-TIMESTAMP` of a SNAP v2 callback may be from our clock, in seconds, either way. Netzme's documentation sets
   * no window, nor says whether a callback that is delivered again is signed anew: raise it if such are refused as stale.
   * @default 300
   */
  @IsOptional()
  @IsWholeNumber('seconds', 1, 86_400)
  toleranceSeconds?: number;

  /**
   * The path of the callback URL registered with Netzme, when your proxy rewrites it. Verified in place of the path that
   * arrives, on every route: prefer {@link removedPathPrefix} where there is more than one.
   * @default the path that arrives
   */
  @IsOptional()
  @Matches(PATH, { message: 'must be a path that starts with a slash, as in the URL registered with Netzme' })
  callbackPath?: string;

  /**
   * The prefix that your proxy removes from the path of the registered URL; it is put back before the check. Set either this or
   * {@link callbackPath}. @default nothing
   */
  @IsOptional()
  @Matches(PATH_PREFIX, {
    message: 'must be the start of a path, from its slash on, as in the URL registered with Netzme',
  })
  @check('isOnlyPathOption', (_value, block: Partial<NetzmeNotificationOptions> = {}) =>
    block.callbackPath === undefined ? undefined : 'says the same as callbackPath in another way: leave one out',
  )
  removedPathPrefix?: string;

  /**
   * Your merchant ids at Netzme (`custIdMerchant`, like `M_TB1NMLig`). A SNAP v2 callback then has to name one of them in
   * its signed `additionalInfo.custIdMerchant`: nothing documented says that Netzme's key signs for you alone, and the path of
   * your callback may be that of another shop, too. `'any'` accepts callbacks of every client of Netzme's, for kinds of callback
   * that lack the member (Toko Netzme's have it): compare what they say with your own orders. Needed for the scheme `snap-v2`.
   */
  @IsOptional()
  @check('isMerchantIds', (value) =>
    value === 'any' ||
    (Array.isArray(value) && value.length > 0 && value.every((id) => typeof id === 'string' && isVisibleAscii(id)))
      ? undefined
      : "must be an array of one merchant id or several, like M_TB1NMLig, or 'any'",
  )
  merchantIds?: string[] | 'any';

  /**
   * Accept a SNAP v2 signature over the body with its numbers shortened, too (`51000` as `51e3`, `1.0` as `1`): what the Go
   * minifier does that a gateway in front of Netzme's API was seen to use. The numbers mean the same. Only where callbacks
   * have bare numbers; documented ones carry amounts as text. @default false
   */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  acceptGoNumberForms?: boolean;
}

function callbackTokenProblem(value: unknown): string | undefined {
  const what = 'must be the callback token that Netzme gave you (or { current, next })';
  if (!isSecretValue(value) || !secretTexts(value).every(isVisibleAscii)) {
    return `${what}: ASCII without spaces, because it comes in a header`;
  }
  const absence = absentSecret(value);
  return absence && `${what}, and ${absence}`;
}
