import { compare, seededRandom, summarize, THRESHOLD, welch } from './statistics';

/** Times as they come: a narrow hill and, once in a hundred, an interrupt. */
function times(count: number, random: () => number, shift = 0): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const hill = random() + random() + random() + random();
    return 10_000 + 200 * hill + shift + (random() < 0.01 ? 500_000 * random() : 0);
  });
}

describe('the statistics of the timing measurement', () => {
  it("are Welch's", () => {
    const { t, standardError } = welch(Float64Array.of(1, 2, 3, 4), Float64Array.of(2, 4, 6, 8, 10));
    // By scipy.stats.ttest_ind(..., equal_var=False).
    expect(t).toBeCloseTo(-2.2514363231, 9);
    expect(standardError).toBeCloseTo(1.5545631755, 9);
  });

  it('call equal distributions equal', () => {
    const random = seededRandom(1);
    const { t, isFound } = compare(times(20_000, random), times(20_000, random));
    expect(Math.abs(t)).toBeLessThan(THRESHOLD);
    expect(isFound).toBe(false);
  });

  it('see a difference of 10 ns in 10 us beneath interrupts of up to 500 us', () => {
    const random = seededRandom(2);
    const { t, difference, isFound, resolution } = compare(times(20_000, random), times(20_000, random, 10));
    expect(t).toBeLessThan(-THRESHOLD);
    expect(difference).toBeLessThan(-1);
    expect(isFound).toBe(true);
    expect(resolution).toBeLessThan(10);
  });

  it('do not count less than the clock can tell', () => {
    const exact = (time: number) => Float64Array.from({ length: 1_000 }, (_, index) => time + (index % 2) / 100);
    expect(compare(exact(100), exact(100.5))).toMatchObject({ isFound: false });
    expect(compare(exact(100), exact(101.5))).toMatchObject({ isFound: true });
  });

  it('crop what is above 95 % for a mean, and nothing for a median', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => (index < 95 ? index : 1_000_000));
    expect(summarize(hundred)).toEqual({ mean: 47, median: 50 });
  });
});
