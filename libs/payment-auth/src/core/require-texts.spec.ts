import { netzmeSignature, placetopayTranKey } from '..';

const NETZME = { clientSecret: 's', accessToken: 't', requestTime: '1', method: 'GET', path: '/' };
const PLACETOPAY = { rawNonce: Buffer.alloc(16), seed: '2026-11-22T00:00:00Z', secretKey: 's' };

describe('inputs of the pure signing functions', () => {
  it.each(['clientSecret', 'accessToken', 'requestTime', 'method', 'path'])('netzmeSignature needs %s', (name) => {
    expect(() => netzmeSignature({ ...NETZME, [name]: undefined })).toThrow(
      new TypeError(`${name} must be text, and is undefined.`),
    );
  });

  it.each(['seed', 'secretKey'])('placetopayTranKey needs %s', (name) => {
    expect(() => placetopayTranKey({ ...PLACETOPAY, [name]: null })).toThrow(
      new TypeError(`${name} must be text, and is null.`),
    );
  });

  it('shows nothing of what was given', () => {
    // As a caller without a compiler may.
    const secretKey = Buffer.from('a secret') as unknown as string;
    expect(() => placetopayTranKey({ ...PLACETOPAY, secretKey })).toThrow(
      'secretKey must be text, and is of type object.',
    );
  });
});
