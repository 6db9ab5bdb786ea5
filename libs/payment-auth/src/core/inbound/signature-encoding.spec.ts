import { SignatureVerificationError } from '../errors';
import { decodeBase64, decodeBase64Signature, decodeHexSignature, equalsInConstantTime } from './signature-encoding';

const BYTES = Buffer.from('00ff10abcdef9876543210fedcba5566', 'hex');

function problemOf(decode: () => unknown): Partial<SignatureVerificationError> | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof SignatureVerificationError) return error;
    throw error;
  }
}

describe('equalsInConstantTime', () => {
  it.each([
    ['the same', BYTES, Buffer.from(BYTES), true],
    ['nothing and nothing', Buffer.alloc(0), Buffer.alloc(0), true],
    ['another first byte', BYTES, Buffer.from(BYTES).fill(1, 0, 1), false],
    ['another last byte', BYTES, Buffer.from(BYTES).fill(1, 15), false],
    ['one byte less', BYTES, BYTES.subarray(1), false],
    ['one byte more', BYTES, Buffer.concat([BYTES, Buffer.alloc(1)]), false],
    ['nothing', BYTES, Buffer.alloc(0), false],
  ])('%s', (_what, expected, given, isEqual) => {
    expect(equalsInConstantTime(expected, given)).toBe(isEqual);
  });
});

describe('decodeHexSignature', () => {
  const text = BYTES.toString('hex');

  it('reads lower and upper case', () => {
    expect(decodeHexSignature('alignet', text, 16)).toEqual(BYTES);
    expect(decodeHexSignature('alignet', text.toUpperCase(), 16)).toEqual(BYTES);
  });

  it.each([
    ['two cases in one', text.replace('a', 'A')],
    ['a digit less', text.slice(1)],
    ['a byte less', text.slice(2)],
    ['a byte more', `${text}00`],
    ['nothing', ''],
    ['a wrong first character', `g${text.slice(1)}`],
    ['a wrong last character', `${text.slice(0, -1)}g`],
    ['a wrong last character, in capitals', `${text.slice(0, -1)}g`.toUpperCase()],
    ['a wrong first character, in capitals', `g${text.slice(1)}`.toUpperCase()],
    ['a line break at the end', `${text.slice(0, -1)}\n`],
    ['a space at the beginning', ` ${text.slice(1)}`],
    ['0x at the beginning', `0x${text.slice(2)}`],
    ['digits of another script', '٣'.repeat(32)],
  ])('refuses %s', (_what, wrong) => {
    expect(problemOf(() => decodeHexSignature('netzme', wrong, 16))).toMatchObject({
      reason: 'malformed-signature',
      gateway: 'netzme',
    });
  });
});

describe('decodeBase64', () => {
  it.each(['', 'AA==', 'AAA=', 'AAAA', '+/+/', 'AP8Qq83vmHZUMhD+3LpVZg=='])('reads %j', (text) => {
    expect(decodeBase64(text)?.toString('base64')).toBe(text);
  });

  it.each(['A', 'AA', 'AA=', 'AAA', 'AB==', 'AAB=', 'AA===', '-_-_', 'AA AA', 'AAAA\n', ' AAAA', 'AAAA=', '=', 'é'])(
    'refuses %j',
    (text) => expect(decodeBase64(text)).toBeUndefined(),
  );
});

describe('decodeBase64Signature', () => {
  it('reads the lengths there are', () => {
    expect(decodeBase64Signature('placetopay', BYTES.toString('base64'), [20, 16])).toEqual(BYTES);
  });

  it.each([
    ['another length', Buffer.alloc(17).toString('base64')],
    ['a second spelling', 'AP8Qq83vmHZUMhD+3LpVZh=='],
    ['none', ''],
  ])('refuses %s', (_what, wrong) => {
    const problem = problemOf(() => decodeBase64Signature('placetopay', wrong, [20, 16]));
    expect(problem).toMatchObject({ reason: 'malformed-signature', gateway: 'placetopay' });
    expect(problem?.message).toContain('20 or 16 bytes');
  });
});
