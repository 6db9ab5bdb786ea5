import { status } from '../placetopay/messages';
import { type LinkNotice } from '../placetopay/payment-links';
import { type SessionNotice } from '../placetopay/sessions';
import { type PlacetopaySettings } from '../settings';
import { joinedScheme, type PlacetopayScheme, PREFIXED_SHA256_HEX, SHA1_HEX, SHA256_HEX } from './placetopay-joined';
import { achReturn, autopayContract, micrositeAuth, onboarding, scudo, tokenRequestor } from './placetopay-own-schemes';
import {
  accountValidatorSample,
  autopaySample,
  checkoutSample,
  gatewaySample,
  gatewaySessionSample,
  msvSample,
  paymentLinkSample,
} from './placetopay-samples';
import { type FoundSubject } from './scheme';

export interface PlacetopayWebhookParts {
  readonly settings: () => PlacetopaySettings;
  /** A session of the simulator. */
  readonly session: (requestId: number) => SessionNotice | undefined;
  /** A payment link of the simulator. */
  readonly link: (linkId: number, now: number) => LinkNotice | undefined;
}

const EITHER_HASH = {
  sha256: 'SHA-256, the current one',
  sha1: 'SHA-1, which sites keep that have not asked for the other',
} as const;

/** SHA-1 in its place would be a right one of the other kind, so the break takes MD5. */
const GATEWAY_HASH = { sha256: { ...SHA256_HEX, weaker: 'md5' }, sha1: SHA1_HEX } as const;

/**
 * Every notification Placetopay sends whose formula its documentation states. Each formula stands on the page that its
 * sample body names; those of Checkout in full in checkout/migration-sha256.
 */
export function placetopaySchemes(parts: PlacetopayWebhookParts): readonly PlacetopayScheme[] {
  const siteHash = () => parts.settings().notificationAlgorithm;
  return [
    joinedScheme({
      name: 'checkout',
      does: 'a WebCheckout session came to its end; a known data.requestId fills in the rest',
      protection: 'body.signature = "sha256:" + hex SHA-256(requestId + status.status + status.date + secretKey)',
      variants: EITHER_HASH,
      standardVariant: siteHash,
      covered: ['requestId', 'status.status', 'status.date'],
      sample: ({ now }) => checkoutSample(now),
      find: ({ requestId }) => (typeof requestId === 'number' ? foundSession(parts.session(requestId)) : undefined),
      hash: ({ variant }) => (variant === 'sha1' ? SHA1_HEX : PREFIXED_SHA256_HEX),
    }),
    joinedScheme({
      name: 'payment-link',
      does: 'a payment link was paid or has expired; a known data.linkId fills in the rest',
      protection: 'body.signature = hex SHA-256(linkId + status.status + status.date + secretKey), no prefix',
      variants: {},
      covered: ['linkId', 'status.status', 'status.date'],
      sample: ({ now }) => paymentLinkSample(now),
      find: ({ linkId }, now) => (typeof linkId === 'number' ? foundLink(parts.link(linkId, now), now) : undefined),
      hash: () => SHA256_HEX,
    }),
    joinedScheme({
      name: 'gateway',
      does: 'a Gateway transaction was processed',
      protection: 'body.signature = hex SHA-256(internalReference + status.status + secretKey), no prefix, no date',
      variants: EITHER_HASH,
      standardVariant: siteHash,
      covered: ['internalReference', 'status.status'],
      sample: ({ now }) => gatewaySample(now),
      hash: ({ variant }) => GATEWAY_HASH[variant === 'sha1' ? 'sha1' : 'sha256'],
    }),
    joinedScheme({
      name: 'gateway-session',
      does: 'a Gateway session changed',
      protection:
        'header X-Signature = hex SHA-256(session.id + session.status + secretKey); the rest of the body is unsigned',
      variants: EITHER_HASH,
      standardVariant: siteHash,
      covered: ['session.id', 'session.status'],
      header: 'X-Signature',
      sample: gatewaySessionSample,
      hash: ({ variant }) => GATEWAY_HASH[variant === 'sha1' ? 'sha1' : 'sha256'],
    }),
    achReturn(),
    joinedScheme({
      name: 'autopay',
      does: 'an AutoPay contract was made, changed or cancelled, or a charge failed: data.type',
      protection: 'body.signature = "sha256:" + hex SHA-256(id + type + date + secretKey)',
      variants: {},
      covered: ['id', 'type', 'date'],
      sample: ({ now }) => autopaySample(now),
      hash: () => PREFIXED_SHA256_HEX,
    }),
    joinedScheme({
      name: 'account-validator',
      does: 'a bank account was verified, or not',
      protection: 'body.signature = hex SHA-1(requestId + status.status + secretKey), no prefix, no date',
      variants: {},
      covered: ['requestId', 'status.status'],
      sample: accountValidatorSample,
      hash: () => SHA1_HEX,
    }),
    onboarding(),
    tokenRequestor(),
    scudo(),
    joinedScheme({
      name: 'msv',
      does: 'a person answered a validation message',
      protection: 'body.signature = hex SHA-256(token + status.status + status.date + msvSecretToken), no prefix',
      variants: {},
      covered: ['token', 'status.status', 'status.date'],
      sample: ({ now }) => msvSample(now),
      secret: ['msvSecretToken', ({ msvSecretToken }) => msvSecretToken],
      hash: () => SHA256_HEX,
    }),
    micrositeAuth(),
    autopayContract(),
  ];
}

function foundSession(session: SessionNotice | undefined): FoundSubject | undefined {
  if (!session) return undefined;
  const { login: owner, ...data } = session;
  return { owner, data };
}

/** The simulator cannot see a link being paid: one that has not expired was. */
function foundLink(link: LinkNotice | undefined, now: number): FoundSubject | undefined {
  if (!link) return undefined;
  const { login: owner, hasExpired, ...data } = link;
  const expired = status('EXPIRED', 200, 'El link ha expirado', now);
  return { owner, data: hasExpired ? { ...data, status: expired } : data };
}
