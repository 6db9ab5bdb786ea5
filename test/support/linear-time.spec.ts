import { excessOverLinearTime } from './linear-time';

const text = (bytes: number): string => 'a'.repeat(bytes);

/** Reads a text from each of so many of its places to its end. */
function readFrom(places: (length: number) => number) {
  return (input: string): number => {
    const count = places(input.length);
    let found = 0;
    for (let place = 0; place < count; place += 1) {
      if (input.includes('b', Math.floor((place * input.length) / count))) found += 1;
    }
    return found;
  };
}

it('finds nothing in a run that reads its input once, or some times', () => {
  expect(
    excessOverLinearTime(
      text,
      readFrom(() => 1),
    ),
  ).toBeUndefined();
  expect(
    excessOverLinearTime(
      text,
      readFrom(() => 200),
    ),
  ).toBeUndefined();
});

it('finds a run that reads its input again from every hundredth character', () => {
  expect(
    excessOverLinearTime(
      text,
      readFrom((length) => length / 100),
    ),
  ).toMatch(/^[\d.]+ ms for a quarter of a MB, [\d.]+ ms for 2 MB$/);
});

it('passes over what the machine adds to some of the runs', () => {
  let runs = 0;
  const hindered = (): void => {
    const until = performance.now() + ((runs += 1) < 6 ? 150 : 0);
    while (performance.now() < until);
  };
  expect(excessOverLinearTime(text, (input) => input.length > 2 ** 18 && hindered())).toBeUndefined();
  expect(runs).toBe(6);
});
