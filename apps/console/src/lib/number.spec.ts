import { typedNumber } from './number';

it.each([
  ['0', 0],
  [' 12 ', 12],
  ['1e3', 1000],
  ['', Number.NaN],
  ['  ', Number.NaN],
  ['twelve', Number.NaN],
])('%j is %p', (text, value) => expect(typedNumber(text)).toBe(value));
