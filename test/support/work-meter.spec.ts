import { excessOverLinearWork, WorkMeter } from './work-meter';

const meter = new WorkMeter(/work-meter\.spec/);
afterAll(() => meter.close());

const excessOf = (run: (text: string) => unknown) => excessOverLinearWork(meter, (bytes) => 'a'.repeat(bytes), run);

describe('work in proportion to the input', () => {
  it.each<[what: string, run: (text: string) => unknown]>([
    ['a loop', (text) => Array.from(text, (_, index) => index % 7)],
    ['a hundred loops', (text) => Array.from({ length: 100 }, () => [...text].filter((char) => char === 'b'))],
    ['one search', (text) => [text.indexOf('b'), /b/.test(text), text.split('b'), JSON.stringify(text)]],
    [
      'a search from match to match',
      (text) => {
        for (let at = 0; at !== -1; at = text.indexOf('a', at + 1));
      },
    ],
    [
      'a sticky expression',
      (text) => {
        const word = /\w/y;
        while (word.test(text));
      },
    ],
  ])('is no excess: %s', (_what, run) => {
    expect(excessOf(run)).toBeUndefined();
  });
});

describe('more work than that', () => {
  it.each<[what: string, run: (text: string) => unknown]>([
    [
      'a loop in a loop',
      (text) => {
        let sum = 0;
        for (let a = 0; a < text.length; a += 64) for (let b = 0; b < a; b += 1) sum += 1;
        return sum;
      },
    ],
    [
      'a search from every position',
      (text) => {
        for (let at = 0; at < text.length; at += 16) text.indexOf('b', at);
      },
    ],
    [
      'an expression on every rest',
      (text) => {
        for (let rest = text; rest !== ''; rest = rest.slice(16)) /b/.exec(rest);
      },
    ],
    [
      'a list searched for every member',
      (text) => {
        const seen: string[] = [];
        for (let at = 0; at < text.length; at += 16) if (!seen.includes(`${at}`)) seen.push(`${at}`);
      },
    ],
    [
      'bytes decoded again and again',
      (text) => {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += 16) bytes.subarray(at).toString('hex');
      },
    ],
    [
      'bytes joined again and again',
      (text) => {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += 16) Buffer.concat([bytes.subarray(0, at), bytes.subarray(at)]);
      },
    ],
    [
      'the end compared again and again',
      (text) => {
        for (let at = 0; at < text.length; at += 16) text.endsWith(text.slice(at));
      },
    ],
    [
      'JSON written again and again',
      (text) => {
        for (let at = 0; at < text.length; at += 64) JSON.stringify(text);
      },
    ],
    [
      'JSON parsed again and again',
      (text) => {
        for (let at = 0; at < text.length; at += 64) JSON.parse(`"${text}"`);
      },
    ],
  ])('is an excess: %s', (_what, run) => {
    expect(excessOf(run)).toMatch(/^\d+ steps for 2 kB, \d+ for 16 kB$/);
  });
});

it('counts the same every time, and leaves the functions it charges as they were', () => {
  const run = (text: string) => text.split('').map((char) => char.toUpperCase());
  const nativeSplit = (): unknown => Object.getOwnPropertyDescriptor(String.prototype, 'split')?.value;
  const native = nativeSplit();
  const once = () => run('abc'.repeat(100));
  const [first, second] = meter.stepsOf(once, once);
  expect(first).toBe(second);
  expect(first).toBeGreaterThan(300);
  expect(nativeSplit()).toBe(native);
});

it('says so when code ran that it cannot see into', () => {
  const blind = new WorkMeter(/work-meter\.ts/);
  // The meter itself was compiled before.
  expect(() => blind.stepsOf(() => blind.stepsOf(() => 1))).toThrow('was compiled before the meter was there');
  blind.close();
});
