import { createHash } from 'node:crypto';
import { type ConfigProblem, SignatureVerificationError } from '../../core/errors';
import {
  type BodyLimit,
  type InboundRequest,
  requireBodyWithin,
  signatureHeader,
} from '../../core/inbound/inbound-request';
import { type JsonObject, JsonPayload } from '../../core/inbound/json-payload';
import {
  findCandidate,
  type NotificationScheme,
  type VerifiedNotification,
} from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { equalsInConstantTime } from '../../core/inbound/signature-encoding';
import { usableMerchants } from '../../core/inbound/usable-merchants';
import { minifyJson } from '../minify-json';
import { missingNetzmeOption, SNAP_ACKNOWLEDGEMENT, SNAP_REPLAY_WINDOW_MS } from './netzme-callback';
import { type NetzmeNotificationMerchant } from './netzme-notification-merchant';

/** @see apidocs-vsnap.netzme.id, "Payment Bill Notification" (read 2026-11) */
const TOKEN_HEADER = 'x-callback-token';

const UNSIGNED = Object.freeze([
  'the whole body: the token is the same for every callback, and whoever has seen one can send any other',
  'the time, method and path',
]);

/** A SNAP v1 callback from somebody who knows the client's callback token. Nothing in it is proven. */
export interface NetzmeTokenCallback extends VerifiedNotification<JsonObject, Readonly<Record<string, never>>> {
  readonly gateway: 'netzme';
  readonly scheme: 'snap-v1';
}

/**
 * Verifies the static `x-callback-token` of a SNAP v1 callback, in constant time. Query the transaction before money moves.
 *
 * @param merchants the configured ones, each from {@link netzmeNotificationMerchant} with a `callbackToken`
 * @param limit how large a body may be
 * @throws {SignatureVerificationError} with the `httpStatus` to answer
 * @throws {PaymentAuthConfigError} when no merchant has what it takes
 * @see apidocs-vsnap.netzme.id, "Payment Success Callback (Invoice)" (read 2026-11)
 */
export function verifyNetzmeCallbackToken(
  request: InboundRequest,
  merchants: readonly NetzmeNotificationMerchant[],
  limit?: BodyLimit,
): NetzmeTokenCallback {
  requireBodyWithin('netzme', request, limit);
  return verifyToken(request, usableMerchants('netzme', NETZME_TOKEN_CALLBACK, merchants));
}

function verifyToken(request: InboundRequest, merchants: readonly NetzmeNotificationMerchant[]): NetzmeTokenCallback {
  const given = digest(signatureHeader('netzme', request, TOKEN_HEADER));
  const candidates = merchants.flatMap((merchant) =>
    (merchant.notifications.callbackToken?.accepted() ?? []).map((secret, secretIndex) => ({
      merchant,
      secret,
      secretIndex,
    })),
  );
  const found = findCandidate(candidates, (token) => equalsInConstantTime(digest(token), given));
  if (found === undefined) {
    throw new SignatureVerificationError('mismatch', 'netzme', 'The callback token is not one that is configured.');
  }
  const { value } = JsonPayload.parse('netzme', request.rawBody);
  const named = { gateway: 'netzme', scheme: 'snap-v1', merchant: found.merchant.name } as const;
  return {
    ...named,
    payload: value,
    signed: {},
    unsigned: UNSIGNED,
    algorithm: 'static-token',
    secretIndex: found.secretIndex,
    // Whitespace aside, so that a copy is one even when it was written anew.
    replayKey: replayKeyOf(named, minifyJson(request.rawBody)),
  };
}

/** Of one length whatever the token's, so that a comparison does not tell how long the right one is. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function missingFor(merchant: NetzmeNotificationMerchant): ConfigProblem | undefined {
  if (merchant.notifications.callbackToken !== undefined) return undefined;
  return missingNetzmeOption(
    merchant,
    'callbackToken',
    'it is the x-callback-token that Netzme gave you for SNAP v1 callbacks',
  );
}

export const NETZME_TOKEN_CALLBACK: NotificationScheme<NetzmeNotificationMerchant, NetzmeTokenCallback> = Object.freeze(
  {
    name: 'snap-v1',
    onReplay: 'acknowledge',
    replayWindowMs: SNAP_REPLAY_WINDOW_MS,
    acknowledgement: SNAP_ACKNOWLEDGEMENT,
    missingFor,
    verify: verifyToken,
  },
);
