import {
  createPlacetopayAuth,
  minifyJson,
  netzmeBasicAuthorization,
  netzmeSignature,
  netzmeSigningKey,
  netzmeStringToSign,
  type PlacetopayDigestAlgorithm,
  placetopayTranKey,
  signNetzmeRequest,
} from 'nestjs-payment-auth';
import netzme from './netzme-vectors.json';
import placetopay from './placetopay-vectors.json';

describe('Netzme signature vectors, made by running the QA tool of a Netzme engineer', () => {
  it.each(netzme.vectors)('$name: string to sign, key and signature', (vector) => {
    const { clientSecret, token: accessToken, requestTime, method, pathWithQuery: path, body } = vector;
    expect(netzmeStringToSign({ method, path, accessToken, requestTime, body })).toBe(vector.stringToSign);
    expect(netzmeSigningKey({ clientSecret, requestTime, accessToken })).toBe(vector.key);
    expect(netzmeSignature({ clientSecret, method, path, accessToken, requestTime, body })).toBe(vector.signature);
    const asBytes = Buffer.from(body, 'utf8');
    expect(netzmeSignature({ clientSecret, method, path, accessToken, requestTime, body: asBytes })).toBe(
      vector.signature,
    );
  });

  it('signs the sample of the documentation', () => {
    const headers = signNetzmeRequest({
      clientId: 'demo',
      clientSecret: 'MaREaULkzAUTAFYg',
      accessToken: 'cafebface38fe374af5bcf7579a711658585012507d409eebb74f33fa4684711',
      method: 'get',
      path: '/api/aggregator/merchant/qr/balance/detail?userId=M_pXAFWzCg',
      requestTime: '1615190625765',
    });
    expect(headers).toEqual({
      Authorization: 'Bearer cafebface38fe374af5bcf7579a711658585012507d409eebb74f33fa4684711',
      'Request-Time': '1615190625765',
      Signature: 'cbf99c2f6d5d65b582035a4dee21e67b82a5226f7d9eb7768450d085eac31eb6',
      'Client-Id': 'demo',
    });
  });

  const withBodyInput = netzme.vectors.filter((vector) => 'bodyInput' in vector && !vector.name.endsWith('-escaped'));

  it('has bodies given with whitespace', () => {
    expect(withBodyInput.length).toBeGreaterThanOrEqual(4);
  });

  it.each(withBodyInput)('$name: minifying the body as given leads to the signed body', ({ bodyInput, body }) => {
    expect(minifyJson(Buffer.from(String(bodyInput))).toString()).toBe(body);
  });

  it.each(netzme.minifyQuirks)('$name: a quirk of the QA tool that is not copied', (quirk) => {
    const minified = minifyJson(Buffer.from(quirk.input)).toString();
    // `{'a': False}` is no JSON and stays as it is.
    const isJson = quirk.name !== 'python-dict-literal';
    expect(minified).toBe(isJson ? withoutWhitespaceBetweenTokens(quirk.input) : quirk.input);
    // In this one the tool is right and JSON.parse in JavaScript is what would lose digits.
    expect(minified === quirk.referenceToolOutput).toBe(quirk.name === 'big-integer');
  });

  it.each(netzme.basicAuth)('Basic header of $clientId', ({ clientId, clientSecret, authorization }) => {
    expect(netzmeBasicAuthorization({ clientId, clientSecret })).toBe(authorization);
  });
});

describe('Placetopay auth vectors, made by running the official PHP SDK', () => {
  const cases = placetopay.auth.map((vector) => ({ ...vector, algorithm: vector.algorithm as PlacetopayDigestAlgorithm }));

  it.each(cases)('$algorithm at $seed with nonce $rawNonceHex', (vector) => {
    const { login, secretKey, rawNonceHex, seed, algorithm } = vector;
    const rawNonce = Buffer.from(rawNonceHex, 'hex');
    expect(createPlacetopayAuth({ login, secretKey, rawNonce, seed, algorithm })).toEqual({
      login,
      tranKey: vector.tranKey,
      nonce: vector.nonce,
      seed,
    });
    // The same bytes as a view into a larger buffer, whose surroundings must not be hashed or sent.
    const padded = new Uint8Array([0xff, ...rawNonce, 0xff]).subarray(1, 1 + rawNonce.length);
    expect(createPlacetopayAuth({ login, secretKey, rawNonce: padded, seed, algorithm })).toMatchObject({
      tranKey: vector.tranKey,
      nonce: vector.nonce,
    });
  });

  it.each(placetopay.commonMistakes)('does not make the mistake: $mistake', (vector) => {
    const { secretKey, rawNonceHex, seed, algorithm } = vector;
    const tranKey = placetopayTranKey({
      secretKey,
      rawNonce: Buffer.from(rawNonceHex, 'hex'),
      seed,
      algorithm: algorithm as PlacetopayDigestAlgorithm,
    });
    expect(tranKey).toBe(vector.tranKey);
    expect(tranKey).not.toBe(vector.wrongTranKey);
  });
});

/** Written another way than the library's: by a regular expression over tokens. */
function withoutWhitespaceBetweenTokens(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_match, text: string | undefined) => text ?? '');
}
