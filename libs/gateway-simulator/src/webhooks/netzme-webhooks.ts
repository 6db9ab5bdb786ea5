import { type NetzmeAccount } from '../accounts';
import { type JsonObject } from '../core/json';
import { SIGNATURE_BREAKS } from './breaks';
import { spell } from './json-text';
import {
  credentialOf,
  jsonScheme,
  type MerchantMember,
  type SampleContext,
  STRANGERS_SECRET,
  type WebhookScheme,
} from './scheme';
import { carriedText, hashFor, rsaSignature, signatureText, snapCallbackText } from './signature';

type NetzmeContext = SampleContext<NetzmeAccount>;
type NetzmeScheme = WebhookScheme<NetzmeAccount>;

const MERCHANT: MerchantMember<NetzmeAccount> = {
  path: 'additionalInfo.custIdMerchant',
  idOf: ({ userId }) => userId,
  somebodyElse: 'M_SOMEBODY_ELSE',
};

/** The callbacks of Netzme, old and new. None tells a payment of this simulator: it takes none. */
export const NETZME_SCHEMES: readonly NetzmeScheme[] = [
  jsonScheme({
    name: 'snap-v1',
    does: 'an invoice or a QR code was paid (SNAP, first version)',
    protection: 'header x-callback-token = the static callbackToken; nothing is signed',
    variants: { invoice: 'POST .../snap/invoice/notif', qris: 'POST .../snap/qr/qr-mpm-notify' },
    breaks: ['other-secret', 'other-merchant', 'missing-signature', 'truncated-signature'],
    covered: [],
    sample: (context) => (context.variant === 'qris' ? qrisSample(context) : invoiceSample(context)),
    sign: (commission) => {
      const token = credentialOf(commission, 'callbackToken', ({ callbackToken }) => callbackToken, STRANGERS_SECRET);
      return { headers: { 'x-callback-token': carriedText(token, commission.broken) } };
    },
  }),
  jsonScheme({
    name: 'snap-v2',
    does: 'a QR code was paid (SNAP, second version)',
    protection:
      'headers X-TIMESTAMP and X-SIGNATURE = base64 SHA256withRSA(METHOD:path:hex SHA-256 of minified body:X-TIMESTAMP), ' +
      "with Netzme's private key",
    variants: {},
    breaks: [...SIGNATURE_BREAKS, 'stale', 'future'],
    covered: ['amount.value', 'latestTransactionStatus'],
    merchant: MERCHANT,
    sample: qrisSample,
    sign: async ({ broken, data, keys, now, spelling, url }) => {
      const timestamp = jakartaDate(now);
      const privateKey = await keys.privateKey(broken === 'other-secret' ? 'stranger' : 'netzme');
      const text = snapCallbackText('POST', pathOf(url), spell(data, spelling), timestamp);
      const signature = signatureText(rsaSignature(hashFor('sha256', broken), privateKey, text), 'base64', broken);
      return { headers: { 'X-TIMESTAMP': timestamp, 'X-SIGNATURE': signature } };
    },
  }),
  jsonScheme({
    name: 'merchant-callback',
    does: 'an invoice or a QR code was paid (legacy merchant API)',
    protection: 'none: no header and no signature is documented, so a signed query has to confirm it',
    variants: { invoice: 'Payment Success Callback (Invoice)', qris: 'Payment Success Callback (QRIS)' },
    // Where nothing is proven, nothing can be forged: any body is as right as any other.
    breaks: [],
    covered: [],
    sample: (context) => (context.variant === 'qris' ? legacyQrisSample(context) : legacyInvoiceSample(context)),
    sign: () => ({}),
  }),
];

const rupiah = (value: string) => ({ value, currency: 'IDR' });
const BUYER = { buyerUserId: '9360091187569790', buyerFullname: 'Siti Nurhalizá' } as const;

/** apidocs-vsnap.netzme.id, Payment Success Callback (Invoice). Numbers are strings: Netzme's minifier shortens them. */
function invoiceSample({ account, now }: NetzmeContext): JsonObject {
  return {
    originalReferenceNo: `NETZ-INV-${account.userId}-20240115-001`,
    originalPartnerReferenceNo: 'e337a47dc0ca4fe28e9ae1c2969dcbf5',
    latestTransactionStatus: '00',
    transactionStatusDesc: 'Success',
    amount: rupiah('51000.00'),
    netAmount: rupiah('51000.00'),
    feeAmount: rupiah('0.00'),
    additionalInfo: {
      custIdMerchant: account.userId,
      bankCode: null,
      paymentTime: jakartaDate(now),
      paymentMethod: 'QRIS',
      paymentChannel: null,
      transactionId: 'e337a47dc0ca4fe28e9ae1c2969dcbf5',
      qrDetail: qrDetail(),
    },
  };
}

/** apidocs-vsnap.netzme.id, Payment Notification (QRIS); version 2 keeps the body and changes the protection. */
function qrisSample({ account }: NetzmeContext): JsonObject {
  return {
    originalReferenceNo: '000123456789',
    latestTransactionStatus: '00',
    transactionStatusDesc: 'Success',
    amount: rupiah('51000.00'),
    netAmount: rupiah('50745.00'),
    feeAmount: rupiah('255.00'),
    additionalInfo: { custIdMerchant: account.userId, type: 'pay_qris', rrn: '000123456789', ...qrDetail() },
  };
}

/** apidocs.netzme.id, Payment Success Callback (Invoice) */
function legacyInvoiceSample({ account, now }: NetzmeContext): JsonObject {
  return {
    id: `NETZ-INV-${account.userId}-20220520-172`,
    transaction_id: 'e337a47dc0ca4fe28e9ae1c2969dcbf5',
    status: 'paid',
    merchant: account.userId,
    payment_time: jakartaDate(now),
    fee: 0,
    amount: 51000,
    netAmount: 51000,
    issuedBankCode: null,
    paymentMethod: 'QRIS',
    paymentChannel: null,
    qrDetail: { ...qrDetail(), transactionId: '2070921537', amount: 'IDR 51000.00', referenceId: '5723237453485750' },
  };
}

/** apidocs.netzme.id, Payment Success Callback (QRIS) */
function legacyQrisSample({ account, now }: NetzmeContext): JsonObject {
  return {
    merchantUserId: account.userId,
    netAmount: 'IDR 2085.00',
    merchantFee: 'IDR 15.00',
    ...qrDetail(),
    transactionId: '9933033931',
    ts: `${jakartaDate(now).slice(0, 19).replace('T', ' ')}.000000+0700`,
    tsLong: now,
    amount: 'IDR 2100.00',
    status: '100',
    statusMessage: 'success',
    type: 'pay_qris',
    referenceId: '306410381877',
  };
}

function qrDetail() {
  return {
    ...BUYER,
    customerPan: '9360091187569790',
    acquirerName: 'Netzme',
    issuerName: '93600911',
    merchantPan: '936008140100000135',
    merchantName: 'Kafé Steluna',
    merchantLocation: 'PEKANBARU',
  };
}

/** `2024-01-15T09:30:00+07:00`: Netzme's own tool always writes this offset, without fractions. */
function jakartaDate(now: number): string {
  return `${new Date(now + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}

/** Path and query as on the request line. The docs say "path"; whether they mean the query too is not said. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
