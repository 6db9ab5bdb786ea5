import { ALIGNET_NONCE_JWT } from './alignet-nonce-jwt';
import { AUTOPAY_CONTRACT, NETZME_BASIC } from './basic-schemes';
import { NETZME_SIGNATURE } from './netzme-signature';
import { PLACETOPAY_AUTH } from './placetopay-auth';
import { PLACETOPAY_HMAC_WEBHOOKS } from './placetopay-hmac-webhooks';
import { PLACETOPAY_JOINED_WEBHOOKS } from './placetopay-joined-webhooks';
import { PLACETOPAY_OWN_WEBHOOKS } from './placetopay-own-webhooks';
import { RSA_WEBHOOKS } from './rsa-webhooks';
import { type InspectionScheme } from './scheme';

/** Everything that can be taken apart. */
export const INSPECTION_SCHEMES: readonly InspectionScheme[] = [
  PLACETOPAY_AUTH,
  NETZME_SIGNATURE,
  NETZME_BASIC,
  ALIGNET_NONCE_JWT,
  ...PLACETOPAY_JOINED_WEBHOOKS,
  ...PLACETOPAY_HMAC_WEBHOOKS,
  ...PLACETOPAY_OWN_WEBHOOKS,
  AUTOPAY_CONTRACT,
  ...RSA_WEBHOOKS,
];
