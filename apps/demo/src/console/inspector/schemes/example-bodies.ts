/** Bodies as they might come, unsigned: something to begin with. */

const bogota = (now: number): string => `${new Date(now - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
const plain = (now: number): string => bogota(now).slice(0, 19).replace('T', ' ');
const written = (body: unknown): string => JSON.stringify(body, null, 2);
const approved = (now: number) => ({
  status: 'APPROVED',
  reason: '00',
  message: 'Transacción aprobada',
  date: bogota(now),
});

export const exampleBodies = {
  checkout: (now: number) =>
    written({ status: approved(now), requestId: 1234, reference: 'ORDER-1001', signature: '' }),
  'payment-link': (now: number) =>
    written({
      status: { ...approved(now), status: 'PAID', reason: 200 },
      linkId: 2,
      reference: '#5321',
      signature: '',
    }),
  gateway: (now: number) =>
    written({ status: approved(now), internalReference: 1598634446, reference: '5834381', signature: '' }),
  'gateway-session': (_now: number) => written({ session: { id: 5834, status: 'APPROVED', description: 'Matrícula' } }),
  autopay: (now: number) =>
    written({
      id: '2972c13d-6315-4da3-80d7-64c24eb232ad',
      reference: 'CUENTA-00012345',
      type: 'AUTOPAY_TRANSACTION_FAILED',
      date: plain(now),
      signature: '',
    }),
  'account-validator': (_now: number) =>
    written({
      status: { status: 'APPROVED', reason: '00', message: 'La petición ha sido aprobada' },
      requestId: '53eccc5c-bbb8-36ae-a4f0-dfc8a791e736',
      signature: '',
    }),
  msv: (now: number) =>
    written({ status: approved(now), token: 'd5d67dcb', reference: '0122333444455555', signature: '' }),
  'token-requestor': (now: number) =>
    written({
      type: 'TOKEN_UPDATED',
      date: plain(now),
      data: { id: 'd8677265-03d2-4ffd-bf1e-9831073c1b11', status: 'INACTIVE', expiration: '01/26' },
      signature: '',
    }),
  'ach-return': (now: number) =>
    JSON.stringify({
      time: bogota(now),
      type: 'chargeback.created',
      data: { internalReference: 2, reference: '9123418', status: approved(now) },
    }),
  onboarding: () =>
    JSON.stringify({
      status: { status: 'OK', message: 'El comercio se creó correctamente.' },
      processId: '01kz0609xy2hd666mnx6b0jxpc',
      action: 'merchant.create',
    }),
  'alignet-notification': (merchantCode: string) =>
    JSON.stringify({
      success: 'true',
      action: 'authorize',
      merchant_code: merchantCode,
      merchant_operation_number: '2391645',
      transaction: {
        transaction_id: '5hk8rwa3h3cq9oyfs3a28v1ms',
        state: 'AUTORIZADO',
        amount: '15000',
        currency: '604',
      },
    }),
  'snap-v2': () =>
    JSON.stringify({
      originalReferenceNo: '000123456789',
      latestTransactionStatus: '00',
      amount: { value: '51000.00', currency: 'IDR' },
    }),
} as const;
