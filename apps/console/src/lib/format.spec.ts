import { formatDuration, formatOffset, remainingShare, secondsLeft } from './format';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [350.4, '350 ms'],
    [42_900, '42 s'],
    [725_000, '12 min 05 s'],
    [35_940_000, '9 h 59 min'],
    [-300_000, '\u22125 min 00 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('puts a sign before an offset', () => {
    expect([2_000, 0, -2_000].map(formatOffset)).toEqual(['+2 s', '0 ms', '\u22122 s']);
  });

  it.each([
    [35_999_960, '+10 h 00 min'],
    [-35_999_960, '\u221210 h 00 min'],
    [3_599_980, '+1 h 00 min'],
    [59_700, '+1 min 00 s'],
    [999.6, '+1 s'],
    [0.4, '0 ms'],
  ])('rounds an offset of %d ms to %s', (ms, text) => {
    expect(formatOffset(ms)).toBe(text);
  });
});

describe('the countdown of a nonce', () => {
  const issued = Date.parse('2026-11-22T07:20:00Z');

  it('begins at thirty, shows no second that is over, and ends at nought', () => {
    const left = (elapsedMs: number) => secondsLeft(issued + 30_000, issued + elapsedMs);
    expect([0, 1, 1_000, 29_001, 30_000, 31_000].map(left)).toEqual([30, 30, 29, 1, 0, 0]);
  });

  it('is over for a time that is none', () => {
    expect(secondsLeft('soon', issued)).toBe(0);
  });

  it('knows what share of a life is left', () => {
    expect([remainingShare(15, 15), remainingShare(-1, 31), remainingShare(0, 0)]).toEqual([0.5, 0, 0]);
  });
});
