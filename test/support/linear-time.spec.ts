import { excessOverLinearTime } from './linear-time';

const NANOSECOND = 1e-6;
const PAUSE_MS = 400;

let runs: number;
let elapsedMs: number;
beforeEach(() => ([runs, elapsedMs] = [0, 0]));

/** Of a run that takes so many steps of a nanosecond, and that the machine holds up at times. */
function excessOf(steps: (bytes: number) => number, isHeldUp: (run: number) => boolean = () => false) {
  return excessOverLinearTime(
    (bytes) => bytes,
    (bytes) => {
      runs += 1;
      elapsedMs += steps(bytes) * NANOSECOND + (isHeldUp(runs) ? PAUSE_MS : 0);
    },
    () => elapsedMs,
  );
}

it('is none for a run that reads its input once, or a hundred times', () => {
  expect(excessOf((bytes) => bytes)).toBeUndefined();
  expect(excessOf((bytes) => 100 * bytes)).toBeUndefined();
});

it('is there for a run that reads its input again from every hundredth byte', () => {
  expect(excessOf((bytes) => bytes ** 2 / 200)).toBe('343.6 ms for a quarter of a MB, 21990.2 ms for 2 MB');
});

it('is there for a run that is linear and slow', () => {
  expect(excessOf((bytes) => 1_500 * bytes)).toBe('393.2 ms for a quarter of a MB, 3145.7 ms for 2 MB');
});

it('is not looked for again and again in a run that takes seconds, nor for 2 MB when less is enough', () => {
  excessOf((bytes) => bytes ** 2 / 100);
  expect(runs).toBe(4);
  expect(excessOf((bytes) => bytes ** 2)).toBe('68719.5 ms for a quarter of a MB');
  expect(runs).toBe(5);
});

it('is there for a run that is only somewhat worse, and for one that does so from the thousandth byte on', () => {
  expect(excessOf((bytes) => bytes ** 1.8 / 10)).toMatch(/ms for 2 MB$/);
  expect(excessOf((bytes) => bytes ** 2 / 2_000)).toMatch(/ms for 2 MB$/);
});

it('is none when the machine holds up some of the runs, whatever their size, and there all the same if it holds up all', () => {
  expect(
    excessOf(
      (bytes) => bytes,
      (run) => run < 8,
    ),
  ).toBeUndefined();
  expect(
    excessOf(
      (bytes) => bytes ** 2 / 200,
      () => true,
    ),
  ).toMatch(/ms for 2 MB$/);
});
