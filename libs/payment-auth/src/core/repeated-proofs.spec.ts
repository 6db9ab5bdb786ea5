import { AxiosError, AxiosHeaders, type AxiosResponse } from 'axios';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { removeRepeatedProofs } from './repeated-proofs';

const PROOF = 'dK3/"é\\token+of=ours';
const IN_JSON_OF_PHP = 'dK3\\/\\"\\u00e9\\\\token+of=ours';

function failedWith(response: Partial<AxiosResponse>): AxiosError & { response: AxiosResponse } {
  const whole = { status: 401, statusText: 'No', headers: {}, config: { headers: new AxiosHeaders() }, data: '' };
  const error = new AxiosError('Request failed with status code 401');
  return Object.assign(error, { response: { ...whole, ...response } });
}

describe('removeRepeatedProofs', () => {
  it.each([
    ['text', `before ${PROOF} after`],
    ['JSON', JSON.stringify({ message: PROOF })],
    ['JSON of PHP', `{"message":"${IN_JSON_OF_PHP}"}`],
    ['bytes', Buffer.from(`\u0000${PROOF}`, 'utf8')],
  ])('of a body of %s', (_what, data) => {
    const error = failedWith({ data });
    removeRepeatedProofs(error, [PROOF]);
    expect(String(error.response.data)).toContain('[redacted]');
    expect(String(error.response.data)).not.toContain('of=ours');
  });

  it('of headers, repeated ones too, and of the reason phrase', () => {
    const error = failedWith({
      statusText: `No to ${PROOF}`,
      headers: { 'www-authenticate': PROOF, 'set-cookie': [`a=${PROOF}`, 'b=1'] },
    });
    removeRepeatedProofs(error, [PROOF]);
    expect(error.response).toMatchObject({
      statusText: 'No to [redacted]',
      headers: { 'www-authenticate': '[redacted]', 'set-cookie': ['a=[redacted]', 'b=1'] },
    });
  });

  it('of bytes that were no answer', () => {
    const rawPacket = Buffer.from(`GET / HTTP/1.1\r\nAuthorization: Bearer ${PROOF}`);
    const error = AxiosError.from(Object.assign(new Error('Parse Error: Expected HTTP/'), { rawPacket }));
    removeRepeatedProofs(error, [PROOF]);
    expect(inspect(error, { depth: Infinity, maxArrayLength: null })).not.toContain('rawPacket');
    expect(error.message).toBe('Parse Error: Expected HTTP/');
  });

  it('and leaves everything else as it came', () => {
    const bytes = Buffer.from([0, 255, 128, 200]);
    const stream = Readable.from([PROOF]);
    removeRepeatedProofs(Object.assign(failedWith({}), { response: {} }), [PROOF]);
    const kept = [bytes, 'a test of a short one', stream, { parsed: true }, undefined].map((data) => {
      const error = failedWith({ data });
      removeRepeatedProofs(error, [PROOF, 'test', '']);
      return error.response.data as unknown;
    });
    expect(kept).toEqual([bytes, 'a test of a short one', stream, { parsed: true }, undefined]);
  });
});
