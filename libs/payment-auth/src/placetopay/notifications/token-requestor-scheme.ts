import { type JsonPayload } from '../../core/inbound/json-payload';
import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { decodeBase64Signature, equalsInConstantTime } from '../../core/inbound/signature-encoding';
import { CARD_EXPIRATION, DATE, STATUS, UUID } from './grammars';
import { merchantSecrets, requireSigner } from './merchant-secrets';
import { parsePayload, payloadWithout, signatureInBody } from './payload';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { tokenRequestorDigest } from './placetopay-notification-signature';
import {
  type PlacetopayTokenRequestorNotification,
  type PlacetopayTokenRequestorPayload,
} from './placetopay-notification-types';
import { REPLAY_WINDOW_MS } from './placetopay-notification.constants';
import { type PlacetopayTokenRequestorData } from './placetopay-notification.options';
import { DIGEST_BYTES } from './signature-forms';

const SIGNATURE = 'signature';

/**
 * Token Requestor: `Base64(SHA-256(secretKey + data + date))`.
 *
 * A hash with the secret first can be extended: who knows `SHA-256(secret + text)` knows that of `secret + text + padding +
 * anything`. The padding begins with the byte 0x80, and our text ends in a digit or a `Z`; 0x80 behind ASCII is no UTF-8. What
 * is hashed here is always the UTF-8 of a text (bodies that are not are refused), so no body can make an extended one. For the
 * rest: `date` is the only end of the text that is a date, so nothing moves between `data` and it.
 *
 * @see https://docs.placetopay.dev, Token Requestor, Notifications (read 2026-11)
 */
export const tokenRequestorScheme: NotificationScheme<
  PlacetopayNotificationMerchant,
  PlacetopayTokenRequestorNotification
> = {
  name: 'token-requestor',
  onReplay: 'acknowledge',
  replayWindowMs: REPLAY_WINDOW_MS,
  acknowledgement: undefined,
  missingFor: () => undefined,
  verify(request, merchants) {
    const payload = parsePayload(request.rawBody);
    const signature = signatureInBody(payload, SIGNATURE);
    const bytes = decodeBase64Signature('placetopay', signature, [DIGEST_BYTES.sha256]);
    const date = payload.signedText('date', DATE);
    const dataOf = ({ notifications }: PlacetopayNotificationMerchant): string =>
      readData(payload, notifications.tokenRequestorData);
    const signer = requireSigner(
      merchantSecrets(merchants, ({ secretKey }) => secretKey),
      (secret, merchant) => equalsInConstantTime(tokenRequestorDigest({ data: dataOf(merchant), date }, secret), bytes),
    );
    const source = { gateway: 'placetopay', scheme: 'token-requestor', merchant: signer.merchant.name } as const;
    return {
      ...source,
      payload: payloadWithout<PlacetopayTokenRequestorPayload>(payload.value, SIGNATURE),
      signed: { data: dataOf(signer.merchant), date },
      unsigned: ['type', 'siteId', 'every other member of the body than data and date'],
      algorithm: 'sha256',
      secretIndex: signer.secretIndex,
      replayKey: replayKeyOf(source, bytes),
    };
  },
};

function readData(payload: JsonPayload, reading: PlacetopayTokenRequestorData): string {
  if (reading === 'as-received') return payload.rawText('data');
  return (
    payload.signedText('data.id', UUID) +
    payload.signedText('data.status', STATUS) +
    payload.signedText('data.expiration', CARD_EXPIRATION)
  );
}
