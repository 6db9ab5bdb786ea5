import { type JsonObject } from '../core/json';
import { formatDate } from '../placetopay/seed';

/*
 * Bodies in the shapes and with the values Placetopay's documentation prints (placetopay-org/placetopay-docs), before
 * they are signed. Free texts are in Spanish where a page has them so: they bring letters above ASCII along.
 */

function status(name: string, reason: string | number | null, message: string, date: string) {
  return { status: name, reason, message, date };
}

/** `2023-01-19 15:57:23`: every example of AutoPay and Token Requestor writes dates like this, though the specs say ISO 8601. */
function plainDate(now: number): string {
  return formatDate(now).slice(0, 19).replace('T', ' ');
}

/** `2022-08-08T17:23:49+00:00`, as MSV and Onboarding print. */
function utcDate(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}+00:00`;
}

/** checkout/notification */
export function checkoutSample(now: number): JsonObject {
  return {
    status: status('APPROVED', '00', 'Transacción aprobada', formatDate(now)),
    requestId: 1234,
    reference: 'TEST_123424',
  };
}

/** payment-links/notification; the page's own messages are English. */
export function paymentLinkSample(now: number): JsonObject {
  return {
    status: status('PAID', 200, 'Tienes una transacción en estado aprobado', formatDate(now)),
    linkId: 2,
    reference: '#5321',
  };
}

/** gateway/notification */
export function gatewaySample(now: number): JsonObject {
  return {
    status: status('APPROVED', '00', 'Transacción aprobada', formatDate(now)),
    internalReference: 1598634446,
    reference: '5834381',
  };
}

/** gateway/notification, its last section. Only `session.id` and `session.status` are named there; no body is printed. */
export function gatewaySessionSample(): JsonObject {
  return { session: { id: 5834, status: 'APPROVED', description: 'Matrícula de José Nuñez' } };
}

/** gateway/webhooks */
export function achReturnSample(now: number): JsonObject {
  const date = formatDate(now);
  const amount = { currency: 'USD', total: 20000 };
  return {
    time: date,
    type: 'chargeback.created',
    data: {
      status: status('APPROVED', 'R01', 'Fondos insuficientes: devolución', date),
      date,
      transactionDate: date,
      internalReference: 2,
      reference: '9123418',
      paymentMethod: 'EBACH',
      franchise: 'ach',
      franchiseName: 'Ebus ACH',
      issuerName: null,
      amount: { taxes: [{ kind: 'valueAddedTax', amount: 0, base: 0 }], ...amount },
      conversion: { from: amount, to: amount, factor: 1 },
      authorization: '10000123',
      receipt: null,
      type: 'CHARGEBACK',
      refunded: false,
      lastDigits: null,
      provider: null,
      discount: null,
      processorFields: { id: 'b66f02ffff79b79ea9587b3cd3507a50', b24: 'R01' },
      additional: {
        merchantCode: '4549106521651',
        terminalNumber: '19371021',
        bankName: 'Banco de Añasco',
        accountNumber: '6789',
      },
    },
  };
}

/** autopay/contracts/webhook */
export function autopaySample(now: number): JsonObject {
  return {
    id: '2972c13d-6315-4da3-80d7-64c24eb232ad',
    reference: 'CUENTA-Ñ-00012345',
    type: 'AUTOPAY_TRANSACTION_FAILED',
    date: plainDate(now),
    additional: { transactionID: 'CFed8XTioVhyG3CGHhJrpgpyM8k1phj3' },
  };
}

/** account-validator/webhooks: no date anywhere. */
export function accountValidatorSample(): JsonObject {
  return {
    status: { status: 'APPROVED', reason: '00', message: 'La petición ha sido aprobada exitosamente' },
    requestId: '53eccc5c-bbb8-36ae-a4f0-dfc8a791e736',
  };
}

/** onboarding/notification */
export function onboardingSample(now: number): JsonObject {
  return {
    status: status('OK', null, 'El comercio se creó correctamente.', utcDate(now)),
    processId: '01kz0609xy2hd666mnx6b0jxpc',
    action: 'merchant.create',
    result: { merchantId: 18 },
    event: {
      id: '01kz0609xy2hd666mnx6b0jxpb',
      type: 'merchant.create.succeeded',
      time: utcDate(now),
      attempt: 1,
    },
  };
}

/** token-requestor/integration/notifications; the slash in `expiration` is what PHP would escape. */
export function tokenRequestorSample(now: number): JsonObject {
  return {
    type: 'TOKEN_UPDATED',
    siteId: '2972c13d-6315-4da3-80d7-64c24eb232ad',
    date: plainDate(now),
    data: { id: 'd8677265-03d2-4ffd-bf1e-9831073c1b11', status: 'INACTIVE', expiration: '01/26' },
  };
}

/** api-scudo/api/reference/notify-resolved-validation, with one rule in place of its ten. */
export function scudoSample(now: number): JsonObject {
  return {
    data: {
      id: '2d3a6d86-dfbe-428a-a80e-65064c8dbbb7',
      rules: [
        {
          name: 'Número de tarjetas',
          type: 'filter',
          action: 'continue_with_next_rule',
          response: { match: true, failed: false },
          rule_code: 'number_of_cards_by_client',
        },
      ],
      action: {
        name: 'manual_transaction',
        performed_by: 'Número de tarjetas',
        performed_by_code: 'number_of_cards_by_client',
      },
      resolved: {
        action: 'reject_transaction',
        reason: 'Posible fraude',
        comments: 'El cliente respondió que puede ser fraude',
        resolved_at: new Date(now).toISOString(),
      },
      created_at: new Date(now).toISOString(),
      notified_at: null,
      transaction: { reference: '57741905-5db9-47ea-a883-331c937008d3' },
      notified_status: 'pending',
    },
    status: { code: 1200, name: 'successful', message: 'The validation has been resolved successfully' },
  };
}

/** msv-service/api/index */
export function msvSample(now: number): JsonObject {
  return {
    status: status('APPROVED', null, 'El usuario respondió', utcDate(now)),
    token: 'd5d67dcb',
    reference: '0122333444455555',
    kind: 'horus',
  };
}

/** payments/microsite-customized/services, `POST /invoice/search`; `auth` is put in by signing. */
export function micrositeSample(): JsonObject {
  return {
    auth: {},
    agreement: '1234567',
    searchType: 'reference',
    searchValue: 'MATRÍCULA-7890',
    siteId: '657853a1y192317v2k59764fdb547e80',
  };
}

/** autopay/contracts/balance and autopay/contracts/settlement */
export function autopayContractSample(now: number, variant: string | undefined): JsonObject {
  const contract = { reference: 'CUENTA-Ñ-00012345', id: '2972c13d-6315-4da3-80d7-64c24eb232ad' };
  if (variant !== 'settlement') return contract;
  const date = formatDate(now);
  return {
    ...contract,
    transaction: {
      status: status('APPROVED', '00', 'Aprobada', date),
      date,
      transactionDate: date,
      internalReference: 41,
      reference: 'ON1434012-PN1433129',
      paymentMethod: 'CR_VS',
      franchise: 'visa',
      franchiseName: 'Visa',
      issuerName: 'BANCO DE BOGOTÁ',
      amount: { taxes: [{ kind: 'valueAddedTax', amount: 158.47, base: 0 }], currency: 'USD', total: 1161.12 },
      authorization: '739877',
      receipt: '713329175945',
      type: 'AUTH_ONLY',
      refunded: false,
      lastDigits: '0032',
      provider: 'CREDIBANCO',
      discount: null,
    },
  };
}
