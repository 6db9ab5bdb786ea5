import { isBelievableLifetime, isUsableTokenValue, renewalMargins } from './access-token';

const POLICY = { renewal: 'early', refreshMarginMs: 60_000, timeoutMs: 10_000 } as const;

describe('isUsableTokenValue', () => {
  it('takes what fits into one header, and not a character more', () => {
    expect(isUsableTokenValue('t'.repeat(8_000))).toBe(true);
    expect(isUsableTokenValue('t'.repeat(8_001))).toBe(false);
  });

  it.each([[['token']], [7], [null], [undefined], [new String('token')], [{ toString: () => 'token', length: 5 }]])(
    'takes no %p that only becomes a text when it is sent',
    (value) => {
      expect(isUsableTokenValue(value)).toBe(false);
    },
  );
});

describe('isBelievableLifetime', () => {
  it.each([
    [0, false],
    [Number.MIN_VALUE, true],
    [31 * 24 * 3_600_000, true],
    [31 * 24 * 3_600_000 + 1, false],
    [Number.NaN, false],
  ])('%p ms: %p', (lifetimeMs, isBelieved) => {
    expect(isBelievableLifetime(lifetimeMs)).toBe(isBelieved);
  });
});

describe('renewalMargins', () => {
  it.each([
    ['early', 3_600_000, 60_000, 2_000],
    ['late', 3_600_000, 60_000, 60_000],
    // A tenth of the life at most.
    ['early', 30_000, 3_000, 2_000],
    ['early', 10_000, 1_000, 1_000],
    ['late', 10_000, 1_000, 1_000],
  ] as const)(
    '%s, a life of %d ms: renewed %d ms and unusable %d ms before its end',
    (renewal, life, renew, unusable) => {
      const margins = renewalMargins(life, { ...POLICY, renewal });
      expect(margins).toEqual({ renewMarginMs: renew, unusableMarginMs: unusable });
    },
  );
});
