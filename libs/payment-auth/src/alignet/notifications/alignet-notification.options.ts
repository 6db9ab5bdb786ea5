import { IsIn, IsOptional } from 'class-validator';
import { IsPublicKeys } from '../../core/inbound/public-keys.option';

export const ALIGNET_REDIRECT_SIGNED_DATA = ['either', 'text', 'decoded'] as const;
/** What the `signature` of a redirect is taken to cover: the Base64 text of `authorization_result`, or the bytes it decodes to. */
export type AlignetRedirectSignedData = (typeof ALIGNET_REDIRECT_SIGNED_DATA)[number];

/**
 * How notifications and redirects of one Alignet merchant are verified. In `merchants`, a merchant's block takes the place of the
 * shared one as a whole.
 */
export class AlignetNotificationOptions {
  /**
   * Alignet's public keys, in place of the built-in one of the environment: PEM (`BEGIN PUBLIC KEY` or
   * `BEGIN RSA PUBLIC KEY`) or its Base64 on one line; RSA of 2048 bits at least. Several are all accepted: the current and
   * the next while Alignet rotates. Needed with `environment: 'sandbox'`, whose simulator makes a key of its own.
   * @default Alignet's published key of the environment
   */
  @IsOptional()
  @IsPublicKeys()
  publicKeys?: string[];

  /**
   * What the `signature` of a redirect covers. Alignet's documentation says "the value of `authorization_result`" and not
   * whether that is the Base64 text (`text`) or what it decodes to (`decoded`); `either` tries both, and the event's
   * `signedForm` says which it was. @default 'either'
   */
  @IsOptional()
  @IsIn(ALIGNET_REDIRECT_SIGNED_DATA, { message: `must be one of ${ALIGNET_REDIRECT_SIGNED_DATA.join(', ')}` })
  redirectSignedData?: AlignetRedirectSignedData;
}
