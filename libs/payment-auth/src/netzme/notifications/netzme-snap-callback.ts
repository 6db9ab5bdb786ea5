import { type ConfigProblem, SignatureVerificationError } from '../../core/errors';
import { requireFresh } from '../../core/inbound/freshness';
import {
  type BodyLimit,
  type InboundRequest,
  requireBodyWithin,
  signatureHeader,
} from '../../core/inbound/inbound-request';
import { type JsonObject, JsonPayload, requireShallow } from '../../core/inbound/json-payload';
import { type NotificationScheme, type VerifiedNotification } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { type RsaPublicKey, signatureCheck } from '../../core/inbound/rsa-public-key';
import { decodeBase64Signature } from '../../core/inbound/signature-encoding';
import { usableMerchants } from '../../core/inbound/usable-merchants';
import { minifyJson } from '../minify-json';
import {
  missingNetzmeOption,
  type NetzmeSnapResult,
  readSnapResult,
  SNAP_ACKNOWLEDGEMENT,
  SNAP_REPLAY_WINDOW_MS,
  SUCCESS_STATUS,
} from './netzme-callback';
import { goNumberForms } from './go-number-forms';
import { type NetzmeNotificationMerchant } from './netzme-notification-merchant';
import { netzmeSnapBodyHash, type NetzmeSnapBodyForm, netzmeSnapStringToSign } from './snap-string-to-sign';

/** @see apidocs-vsnap.netzme.id, "SNAP Asymmetric Signature" (read 2026-11) */
const SIGNATURE_HEADER = 'x-signature';
const TIMESTAMP_HEADER = 'x-timestamp';
/** ISO 8601 with an offset, as SNAP has it everywhere. Without one it would be anybody's local time. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** What the signature covers, and in which of the ways the documentation leaves open. */
export interface NetzmeSnapSigned extends NetzmeSnapResult {
  readonly method: string;
  /** With the query, if there was one, or without: as it was signed. */
  readonly path: string;
  /** `X-TIMESTAMP` as it came. */
  readonly timestamp: string;
  readonly bodyForm: NetzmeSnapBodyForm;
}

/** A SNAP v2 callback, proven to be Netzme's by its public key. The whole body is signed. */
export interface NetzmeSnapCallback extends VerifiedNotification<JsonObject, NetzmeSnapSigned> {
  readonly gateway: 'netzme';
  readonly scheme: 'snap-v2';
  /** `X-TIMESTAMP`, epoch ms. */
  readonly signedAt: number;
}

/** One way in which the text that was signed may have been written. */
interface Reading {
  readonly path: string;
  readonly bodyForm: NetzmeSnapBodyForm;
  readonly text: string;
}

/** Whom and how a signature fits. */
interface Fit<Merchant> {
  readonly merchant: Merchant;
  readonly secretIndex: number;
  readonly key: RsaPublicKey;
  readonly reading: Reading;
}

/**
 * Verifies a SNAP v2 callback: header `X-SIGNATURE`, Base64 of RSA-SHA256 (PKCS#1 v1.5) over
 * `<METHOD>:<path>:<sha256 of the minified body>:<X-TIMESTAMP>`, by Netzme's public key, and how old `X-TIMESTAMP` is.
 *
 * Open in the documentation, and so both accepted: the path with its query or without, and the body without whitespace or as
 * it came; the event's `signed` says which it was.
 *
 * @param merchants the configured ones, each from {@link netzmeNotificationMerchant} with `publicKeys` and `merchantIds`
 * @param now epoch ms
 * @param limit how large a body may be
 * @throws {SignatureVerificationError} with the `httpStatus` to answer
 * @throws {PaymentAuthConfigError} when no merchant has what it takes
 * @see apidocs-vsnap.netzme.id, "SNAP Payment Success Callback QRIS", "SNAP Asymmetric Signature" (read 2026-11)
 */
export function verifyNetzmeSnapCallback(
  request: InboundRequest,
  merchants: readonly NetzmeNotificationMerchant[],
  now: number,
  limit?: BodyLimit,
): NetzmeSnapCallback {
  requireBodyWithin('netzme', request, limit);
  return verifySnap(request, usableMerchants('netzme', NETZME_SNAP_CALLBACK, merchants), now);
}

function verifySnap(
  request: InboundRequest,
  merchants: readonly NetzmeNotificationMerchant[],
  now: number,
): NetzmeSnapCallback {
  const keys = merchants.flatMap(({ notifications }) => notifications.publicKeys);
  const lengths = [...new Set(keys.map(({ signatureBytes }) => signatureBytes))];
  const signature = decodeBase64Signature('netzme', signatureHeader('netzme', request, SIGNATURE_HEADER), lengths);
  const timestamp = signatureHeader('netzme', request, TIMESTAMP_HEADER);
  const signedAt = TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(signedAt)) {
    throw new SignatureVerificationError(
      'malformed-signature',
      'netzme',
      'X-TIMESTAMP is no time in ISO 8601 with an offset.',
    );
  }
  // The body is parsed to find its minified form.
  requireShallow('netzme', request.rawBody.toString('latin1'));
  const fits = findFits(request, timestamp, signature, merchants);
  if (fits.length === 0) throw mismatch();
  const payload = JsonPayload.parse('netzme', request.rawBody);
  const result = readSnapResult(payload);
  const { merchant, secretIndex, key, reading } = addressee(result, fits);
  requireFresh('netzme', signedAt, now, merchant.notifications.toleranceMs);
  const { path, bodyForm } = reading;
  const named = { gateway: 'netzme', scheme: 'snap-v2', merchant: merchant.name } as const;
  return {
    ...named,
    payload: payload.value,
    signed: { ...result, method: request.method, path, timestamp, bodyForm },
    unsigned: unsignedParts(request, merchant, key, reading),
    algorithm: 'rsa-sha256',
    secretIndex,
    signedAt,
    // Without time and signature: whether Netzme signs anew what it delivers again is not said.
    replayKey: replayKeyOf(named, path, signedForm(request.rawBody, merchant)),
  };
}

/** What all bodies have in common that one signature covers: not their whitespace, nor how a number is spelt where that is free. */
function signedForm(rawBody: Buffer, { notifications }: NetzmeNotificationMerchant): Buffer {
  const minified = minifyJson(rawBody);
  return notifications.acceptGoNumberForms ? goNumberForms(minified) : minified;
}

/** Whether it says that the transaction succeeded: the payment, withdrawal or bill it is about. */
export function isNetzmeSuccess(event: NetzmeSnapCallback): boolean {
  return event.signed.latestTransactionStatus === SUCCESS_STATUS;
}

function findFits<Merchant extends NetzmeNotificationMerchant>(
  request: InboundRequest,
  timestamp: string,
  signature: Buffer,
  merchants: readonly Merchant[],
): readonly Fit<Merchant>[] {
  const hashes = new Map<NetzmeSnapBodyForm, string>();
  const hashOf = (form: NetzmeSnapBodyForm): string =>
    remember(hashes, form, () => netzmeSnapBodyHash(request.rawBody, form));
  const checks = new Map<string, (key: RsaPublicKey) => boolean>();
  const checkOf = (text: string) =>
    remember(checks, text, () => signatureCheck('sha256', Buffer.from(text, 'utf8'), signature));
  const { method } = request;
  return merchants.flatMap((merchant) => {
    const { notifications } = merchant;
    const bodyForms = BODY_FORMS.filter((form) => form !== 'go-numbers' || notifications.acceptGoNumberForms);
    const readings = signedPaths(request.target, merchant).flatMap((path) =>
      bodyForms.map((bodyForm) => {
        const text = netzmeSnapStringToSign({ method, path, bodyHash: hashOf(bodyForm), timestamp });
        return { path, bodyForm, text };
      }),
    );
    return notifications.publicKeys.flatMap((key, secretIndex) => {
      const reading = readings.find(({ text }) => checkOf(text)(key));
      return reading === undefined ? [] : [{ merchant, secretIndex, key, reading }];
    });
  });
}

/** In this order, because a body without whitespace is all of the first two. */
const BODY_FORMS: readonly NetzmeSnapBodyForm[] = ['minified', 'as-sent', 'go-numbers'];

/** As Netzme may have written the path: that of the URL it has registered, with its query or without. */
function signedPaths(target: string, { notifications }: NetzmeNotificationMerchant): readonly string[] {
  const { callbackPath, removedPathPrefix } = notifications;
  if (callbackPath !== undefined) return [callbackPath];
  const withQuery = removedPathPrefix + target;
  return [...new Set([withQuery, withoutQuery(withQuery)])];
}

function withoutQuery(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

/**
 * The merchant it is for: one whose ids the callback names, else one that takes any.
 *
 * @throws {SignatureVerificationError} `unknown-merchant`
 */
function addressee<Merchant extends NetzmeNotificationMerchant>(
  { custIdMerchant }: NetzmeSnapResult,
  fits: readonly Fit<Merchant>[],
): Fit<Merchant> {
  const idsOf = ({ merchant }: Fit<Merchant>) => merchant.notifications.merchantIds;
  const named = fits.find((fit) => {
    const ids = idsOf(fit);
    return ids !== 'any' && ids?.some((id) => id === custIdMerchant) === true;
  });
  const found = named ?? fits.find((fit) => idsOf(fit) === 'any');
  if (found !== undefined) return found;
  throw new SignatureVerificationError(
    'unknown-merchant',
    'netzme',
    'It is signed by Netzme, for a custIdMerchant that is not configured with this key.',
  );
}

function unsignedParts(
  { target }: InboundRequest,
  { notifications }: NetzmeNotificationMerchant,
  key: RsaPublicKey,
  { path }: Reading,
): readonly string[] {
  const { callbackPath, merchantIds } = notifications;
  return Object.freeze([
    'every header but X-TIMESTAMP',
    ...(callbackPath === undefined ? [] : ['the path it came by: callbackPath was checked in its place']),
    ...(target.includes('?') && !path.includes('?') ? ['the query'] : []),
    ...(merchantIds === 'any' ? ["which of Netzme's clients it is for: merchantIds is 'any'"] : []),
    ...(key.isWeak ? ['everything, for whoever computes the private key of a public one this short'] : []),
  ]);
}

function remember<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

function mismatch(): SignatureVerificationError {
  return new SignatureVerificationError(
    'mismatch',
    'netzme',
    'The signature is not one of method, path, body and X-TIMESTAMP by a configured key.',
    'Check that the bytes are those received, and that the path is that of the URL registered with Netzme: behind a proxy that changes it, set notifications.removedPathPrefix or callbackPath.',
  );
}

function missingFor(merchant: NetzmeNotificationMerchant): ConfigProblem | undefined {
  const { publicKeys, merchantIds } = merchant.notifications;
  if (publicKeys.length === 0) {
    return missingNetzmeOption(
      merchant,
      'publicKeys',
      'Netzme publishes no key for SNAP v2 callbacks; ask Netzme for its own',
    );
  }
  if (merchantIds !== undefined) return undefined;
  return missingNetzmeOption(
    merchant,
    'merchantIds',
    "Netzme's key may sign for its other clients, too. Give your merchant ids (custIdMerchant, like M_TB1NMLig), or 'any' where callbacks have none",
  );
}

export const NETZME_SNAP_CALLBACK: NotificationScheme<NetzmeNotificationMerchant, NetzmeSnapCallback> = Object.freeze({
  name: 'snap-v2',
  onReplay: 'acknowledge',
  replayWindowMs: SNAP_REPLAY_WINDOW_MS,
  acknowledgement: SNAP_ACKNOWLEDGEMENT,
  missingFor,
  verify: verifySnap,
});
