import { createHmac } from 'node:crypto';
import { loadLibrary } from '../library.mjs';
import { compare, microsecondsPerCall } from '../measure.mjs';

const credentials = {
  clientId: 'bench',
  clientSecret: 'MaREaULkzAUTAFYg',
  accessToken: 'cafebface38fe374af5bcf7579a711658585012507d409eebb74f33fa4684711',
  requestTime: '1615190625765',
};
const get = {
  ...credentials,
  method: 'GET',
  path: '/api/aggregator/merchant/qr/balance/detail?userId=M_pXAFWzCg',
};
const text = JSON.stringify({
  userId: 'M_pXAFWzCg',
  amount: 'IDR 125000.00',
  destination: { bankCode: '014', accountNumber: '5270012345', accountName: 'Budi Santoso' },
  note: 'Pencairan dana penjualan toko, minggu ke-47. Terima kasih telah memakai layanan kami.',
  partnerTransactionId: '7f9c24e8-3b12-4fef-91e0-5b1d1c1a2f33',
  callback: 'https://merchant.example/x',
});
const post = { ...credentials, method: 'POST', path: '/api/aggregator/merchant/withdraw/inquiry', body: text };
const postBytes = { ...post, body: Buffer.from(text, 'utf8') };

/** Signing, with all four headers made, against nothing but the HMAC of the same string with the same key. */
export async function netzmeSign({ rounds, scale }) {
  const { netzmeSigningKey, netzmeStringToSign, signNetzmeRequest } = loadLibrary();
  const measure = (requests) => {
    const prebuilt = requests.map((request) => {
      const body = request.body === undefined ? '' : String(request.body);
      // Through a Buffer and back: one flat string, as if it had come from a file.
      const string = Buffer.from(netzmeStringToSign({ ...request, body })).toString();
      return { string, key: netzmeSigningKey(request) };
    });
    for (const [index, { string, key }] of prebuilt.entries()) {
      const bare = createHmac('sha256', key).update(string).digest('hex');
      if (signNetzmeRequest(requests[index]).Signature !== bare) throw new Error('The two signatures differ.');
    }
    const count = Math.ceil(20_000 * scale);
    const ours = (repetitions) => {
      let length = 0;
      for (let index = 0; index < repetitions; index += 1) {
        length += signNetzmeRequest(requests[index % requests.length]).Signature.length;
      }
      return length;
    };
    const reference = (repetitions) => {
      let length = 0;
      for (let index = 0; index < repetitions; index += 1) {
        const { string, key } = prebuilt[index % prebuilt.length];
        length += createHmac('sha256', key).update(string).digest('hex').length;
      }
      return length;
    };
    return compare({
      ours: microsecondsPerCall(ours, count),
      reference: microsecondsPerCall(reference, count),
      rounds,
      warmUps: 3,
    });
  };
  const row = (name, label, measured) => ({
    name,
    label,
    against: 'bare createHmac',
    unit: 'us',
    ...measured,
    judged: 'ratio',
    target: '<= 1.2',
  });
  return [
    row('netzme-sign', 'sign a Netzme request (GET and POST)', await measure([get, post])),
    row('netzme-sign-get', '  GET', await measure([get])),
    row('netzme-sign-post', `  POST, ${Buffer.byteLength(text)} bytes of JSON text`, await measure([post])),
    row('netzme-sign-post-bytes', '  the same as a Buffer', await measure([postBytes])),
  ];
}
