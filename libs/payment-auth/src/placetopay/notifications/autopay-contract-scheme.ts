import { createHash } from 'node:crypto';
import { SignatureVerificationError } from '../../core/errors';
import { signatureHeader } from '../../core/inbound/inbound-request';
import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { decodeBase64, equalsInConstantTime } from '../../core/inbound/signature-encoding';
import { merchantSecrets, requireSigner } from './merchant-secrets';
import { problemUnless } from './notification-option';
import { parsePayload, payloadWithout } from './payload';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import {
  type PlacetopayAutopayContractPayload,
  type PlacetopayAutopayContractRequest,
} from './placetopay-notification-types';

/** RFC 7617: the scheme's name in any case, one or more spaces, Base64. */
const BASIC = /^basic +([A-Za-z\d+/]+={0,2})$/i;
const CONTROL_CHARACTER = /\p{Cc}/u;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * AutoPay's calls to `/autopay/balance` and `/autopay/settlement`: HTTP Basic with a user and password that the merchant chose.
 *
 * Copies are handed on. A balance is asked again after 5, 10 and 20 minutes in equal words and each time wants the amount; a
 * settlement may come again too: key it by `transaction.internalReference`.
 *
 * @see https://docs.placetopay.dev, AutoPay, Contract authentication, and Retries (read 2026-11)
 */
export const autopayContractScheme: NotificationScheme<
  PlacetopayNotificationMerchant,
  PlacetopayAutopayContractRequest
> = {
  name: 'autopay-contract',
  onReplay: 'accept',
  replayWindowMs: 0,
  acknowledgement: undefined,
  missingFor: (merchant) =>
    problemUnless(
      merchant.notifications.autopayContract !== undefined,
      merchant,
      'autopayContract',
      'is needed for autopay-contract: the user and password you gave to Placetopay',
    ),
  verify(request, merchants) {
    const { user, password } = parseBasic(signatureHeader('placetopay', request, 'authorization'));
    const signer = requireSigner(
      merchantSecrets(merchants, ({ notifications }) => notifications.autopayContract?.password),
      (expected, { notifications: { autopayContract } }) => {
        // Both are compared whatever comes of the first.
        const isUser = equalTexts(autopayContract?.user ?? '', user);
        const isPassword = equalTexts(expected, password);
        return isUser && isPassword;
      },
    );
    const source = { gateway: 'placetopay', scheme: 'autopay-contract', merchant: signer.merchant.name } as const;
    return {
      ...source,
      payload: payloadWithout<PlacetopayAutopayContractPayload>(parsePayload(request.rawBody).value),
      signed: { user },
      unsigned: ['the whole request: a password proves who asks, and only TLS keeps what is asked'],
      algorithm: 'basic',
      secretIndex: signer.secretIndex,
      replayKey: replayKeyOf(source, request.method, request.target, request.rawBody),
    };
  },
};

/** @throws {SignatureVerificationError} `malformed-signature` when it is not Basic in UTF-8 with a user and a password */
function parseBasic(header: string): { user: string; password: string } {
  const token = BASIC.exec(header)?.[1];
  const bytes = token === undefined ? undefined : decodeBase64(token);
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  // The user has no colon, the password may have some.
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon === -1 || CONTROL_CHARACTER.test(text)) {
    throw new SignatureVerificationError(
      'malformed-signature',
      'placetopay',
      'The header authorization is not Basic with a user and a password.',
    );
  }
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** In a time that tells neither where they differ nor how long the expected one is. */
function equalTexts(expected: string, given: string): boolean {
  return equalsInConstantTime(sha256(expected), sha256(given));
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
