import { type AlignetAccount } from '../accounts';
import { type ChargeNotice } from '../alignet/charges';
import { type JsonObject } from '../core/json';
import { type AlignetSettings, type ChargeState } from '../settings';
import { brokenBody, SIGNATURE_BREAKS } from './breaks';
import { spell, valueAt } from './json-text';
import {
  type Commission,
  type FoundSubject,
  jsonScheme,
  type MerchantMember,
  namingMerchant,
  type SampleContext,
  type WebhookScheme,
} from './scheme';
import { hashFor, rsaSignature, signatureText } from './signature';

export interface AlignetWebhookParts {
  readonly accounts: readonly AlignetAccount[];
  readonly settings: () => AlignetSettings;
  /** A charge of the simulator. */
  readonly charge: (transactionId: string) => ChargeNotice | undefined;
}

type AlignetCommission = Commission<AlignetAccount>;
type AlignetScheme = WebhookScheme<AlignetAccount>;

const MERCHANT: MerchantMember<AlignetAccount> = {
  path: 'merchant_code',
  idOf: ({ merchantCode }) => merchantCode,
  somebodyElse: 'b0deb6f3-e51a-48a7-9268-f1441d46f7bd',
};
const COVERED = ['transaction.amount', 'transaction.state'] as const;

/** The signed results of Alignet. One private key signs for all merchants of an environment. */
export function alignetSchemes(parts: AlignetWebhookParts): readonly AlignetScheme[] {
  const find = (given: JsonObject) => findCharge(given, parts);
  return [
    jsonScheme({
      name: 'notification',
      does: 'a charge reached a state, from server to server; a known data.transaction.transaction_id fills in the rest',
      protection: 'header signature = base64 SHA512withRSA(raw body), with the private key of the environment',
      variants: {},
      breaks: SIGNATURE_BREAKS,
      covered: COVERED,
      merchant: MERCHANT,
      sample: resultSample,
      find,
      sign: async (commission) => ({
        headers: { signature: await sign(spell(commission.data, commission.spelling), commission) },
      }),
    }),
    {
      name: 'redirect',
      does: "a buyer's browser comes back from a payment page, by a form POST",
      protection: 'form fields authorization_result = base64 of JSON, and signature = base64 SHA512withRSA of it',
      variants: {
        'base64-text': 'signed as the text that stands in the form',
        'decoded-json': 'signed as the JSON behind it',
      },
      standardVariant: () => parts.settings().redirectSigns,
      breaks: [...SIGNATURE_BREAKS, 'duplicate-member'],
      sample: resultSample,
      find,
      write: writeRedirect,
    },
  ];
}

/** payin/notificaciones of docs.pay-me.com, whose `success` is a string; amounts are in cents. */
function resultSample({ account, now }: SampleContext<AlignetAccount>): JsonObject {
  return {
    success: 'true',
    action: 'authorize',
    merchant_code: account.merchantCode,
    merchant_operation_number: '2391645',
    transaction: {
      transaction_id: '5hk8rwa3h3cq9oyfs3a28v1ms',
      state: 'AUTORIZADO',
      amount: '15000',
      currency: account.currency,
      processor_response: {
        date: processorDate(now),
        authorization_code: '055552',
        result_message: { code: '00', description: 'Approval and completed successfully' },
      },
    },
    meta: {
      status: { code: '00', message_ilgn: [{ locale: 'es_PE', value: 'Se procesó correctamente la petición' }] },
    },
  };
}

/** `17-01-2024 12:27:46`, in the time of Lima, which has no other. */
function processorDate(now: number): string {
  const [date = '', time = ''] = new Date(now - 5 * 3_600_000).toISOString().slice(0, 19).split('T');
  return `${date.split('-').reverse().join('-')} ${time}`;
}

const PAID_STATES: ReadonlySet<ChargeState> = new Set(['AUTORIZADO', 'LIQUIDADO', 'DEPOSITADO']);

function findCharge(given: JsonObject, parts: AlignetWebhookParts): FoundSubject | undefined {
  const id = valueAt(given, 'transaction.transaction_id');
  const charge = typeof id === 'string' ? parts.charge(id) : undefined;
  const owner = charge && parts.accounts.find(({ merchantCode }) => merchantCode === charge.merchantCode);
  if (!owner) return undefined;
  const isPaid = PAID_STATES.has(charge.state);
  return {
    owner: owner.clientId,
    data: {
      success: String(isPaid),
      merchant_operation_number: charge.operationNumber,
      transaction: {
        transaction_id: charge.transactionId,
        state: charge.state,
        amount: charge.amount,
        currency: charge.currency,
        // The docs show an approval only.
        ...(!isPaid && { processor_response: null }),
      },
    },
  };
}

async function sign(text: string, { broken, keys }: AlignetCommission): Promise<string | undefined> {
  const privateKey = await keys.privateKey(broken === 'other-secret' ? 'stranger' : 'alignet');
  return signatureText(rsaSignature(hashFor('sha512', broken), privateKey, text), 'base64', broken);
}

/**
 * docs.pay-me.com, api-orquestador/v2, considerations for methods with redirect. What exactly is signed is "the value of
 * `authorization_result`": the text in the form or the JSON it encodes.
 */
async function writeRedirect(given: AlignetCommission) {
  const commission = namingMerchant(given, MERCHANT);
  const { broken, data, spelling, variant } = commission;
  const json = spell(data, spelling);
  const signature = await sign(variant === 'decoded-json' ? json : base64(json), commission);
  const sent = base64(brokenBody(data, COVERED, broken === 'duplicate-member' ? undefined : broken, spelling));
  const form = new URLSearchParams();
  // Body parsers make a list of a field that comes twice, or take its first or last value.
  if (broken === 'duplicate-member') {
    form.append('authorization_result', base64(brokenBody(data, COVERED, 'changed-byte', spelling)));
  }
  form.append('authorization_result', sent);
  if (signature !== undefined) form.append('signature', signature);
  return { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form.toString() };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
