import * as fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { hmacSha256Hex } from './hmac-sha256';

/** RFC 4231, test cases 1 and 2. */
const RFC_4231 = [
  ['\x0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  ['Jefe', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
] as const;

describe('hmacSha256Hex', () => {
  it.each(RFC_4231)('gives the published value for key %j', (key, text, expected) => {
    expect(hmacSha256Hex(key, text)).toBe(expected);
  });

  it("equals Node's own for any key, text and bytes, around the block size and far beyond the buffer", () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 140 }),
      fc.integer({ min: 60, max: 68 }).map((length) => 'k'.repeat(length)),
      fc.integer({ min: 19, max: 24 }).map((length) => '漢'.repeat(length)),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 2_700, max: 9_000 }).map((n) => 'é'.repeat(n)),
    );
    fc.assert(
      fc.property(
        key,
        text,
        fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
        (secret, message, bytes) => {
          const own = createHmac('sha256', secret).update(message, 'utf8');
          expect(hmacSha256Hex(secret, message, bytes)).toBe((bytes ? own.update(bytes) : own).digest('hex'));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
