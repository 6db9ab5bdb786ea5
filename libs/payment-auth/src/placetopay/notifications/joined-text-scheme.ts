import { type ConfigProblem } from '../../core/errors';
import { signatureHeader } from '../../core/inbound/inbound-request';
import { type JsonPayload } from '../../core/inbound/json-payload';
import { type NotificationScheme } from '../../core/inbound/notification-scheme';
import { replayKeyOf } from '../../core/inbound/replay-key';
import { equalsInConstantTime } from '../../core/inbound/signature-encoding';
import { type Secret } from '../../core/secret';
import { merchantSecrets, requireAlgorithm, requireSigner } from './merchant-secrets';
import { parsePayload, payloadWithout, signatureInBody } from './payload';
import { type PlacetopayNotificationMerchant } from './placetopay-notification-merchant';
import { joinedTextDigest, type JoinedTextFormula } from './placetopay-notification-signature';
import { type PlacetopayEvent } from './placetopay-notification-types';
import { GATEWAY_SIGNATURE_HEADER, REPLAY_WINDOW_MS } from './placetopay-notification.constants';
import { parseHexDigest } from './signature-forms';

/** What tells one product that hashes joined values from the others. */
interface JoinedTextProductRules<Product extends string, Signed extends object> {
  readonly product: Product;
  readonly formula: JoinedTextFormula<Signed>;
  /** Reads the signed values, each against its grammar. */
  readonly readSigned: (payload: JsonPayload) => Signed;
  /** @default in the body, as `signature` */
  readonly signatureIn?: 'header';
  /** @default the site's secret key */
  readonly secretOf?: (merchant: PlacetopayNotificationMerchant) => Secret | undefined;
  readonly missingFor?: (merchant: PlacetopayNotificationMerchant) => ConfigProblem | undefined;
  readonly unsigned: readonly string[];
  readonly acknowledgement?: unknown;
}

/** A scheme in which a digest covers single values of the body and the secret. */
export function joinedTextScheme<Product extends string, Payload, Signed extends object>(
  rules: JoinedTextProductRules<Product, Signed>,
): NotificationScheme<PlacetopayNotificationMerchant, PlacetopayEvent<Product, Payload, Signed>> {
  const { product, formula, secretOf = ({ secretKey }) => secretKey, unsigned } = rules;
  return {
    name: product,
    onReplay: 'acknowledge',
    replayWindowMs: REPLAY_WINDOW_MS,
    acknowledgement: rules.acknowledgement,
    missingFor: rules.missingFor ?? (() => undefined),
    verify(request, merchants, now) {
      // A signature in a header is judged before anything looks at the body.
      const inHeader =
        rules.signatureIn === 'header'
          ? parseHexDigest(signatureHeader('placetopay', request, GATEWAY_SIGNATURE_HEADER), formula.forms)
          : undefined;
      const payload = parsePayload(request.rawBody);
      const { algorithm, bytes } = inHeader ?? parseHexDigest(signatureInBody(payload, SIGNATURE), formula.forms);
      const signed = rules.readSigned(payload);
      const text = formula.text(signed);
      const signer = requireSigner(merchantSecrets(merchants, secretOf), (secret) =>
        equalsInConstantTime(joinedTextDigest(algorithm, text, secret), bytes),
      );
      requireAlgorithm(algorithm, signer.merchant, now);
      const source = { gateway: 'placetopay', scheme: product, merchant: signer.merchant.name } as const;
      return {
        ...source,
        payload: payloadWithout<Payload>(payload.value, SIGNATURE),
        signed,
        unsigned,
        algorithm,
        secretIndex: signer.secretIndex,
        replayKey: replayKeyOf(source, bytes),
      };
    },
  };
}

const SIGNATURE = 'signature';
