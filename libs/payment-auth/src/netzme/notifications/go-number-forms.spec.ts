import vectors from '../../../../../test/vectors/netzme-vectors.json';
import { minifyJson } from '../minify-json';
import { goNumberForms } from './go-number-forms';

const shorten = (json: string): string => goNumberForms(Buffer.from(json)).toString();

describe('numbers as the Go minifier writes them', () => {
  it.each(vectors.snapMinifyQuirks)(
    '$name: what running it gave',
    ({ input, gatewayMinify_tdewolff_2_12_4: expected }) => {
      expect(goNumberForms(minifyJson(Buffer.from(input))).toString()).toBe(expected);
    },
  );

  it.each([
    // Worked out by hand from the algorithm: no exponent where it would not be shorter.
    ['0', '0'],
    ['-0', '0'],
    ['0.00', '0'],
    ['0e5', '0'],
    ['100', '100'],
    ['1000', '1e3'],
    ['51000', '51e3'],
    ['123456', '123456'],
    ['-120000', '-12e4'],
    ['1.50', '1.5'],
    ['1500.0', '1500'],
    ['1000.0', '1e3'],
    ['0.05', '0.05'],
    ['0.005', '0.005'],
    ['0.0005', '5e-4'],
    ['-0.25', '-0.25'],
    ['-0.00025', '-25e-5'],
    ['12e1', '120'],
    ['1.5E3', '1500'],
    ['15e+2', '1500'],
    ['1e3', '1e3'],
    ['123.456e2', '12345.6'],
    ['125e-2', '1.25'],
    ['9007199254740993000', '9007199254740993e3'],
    ['1e99999999999999999999', '1e99999999999999999999'],
  ])('%s is %s', (number, expected) => {
    expect(shorten(`{"a":[${number}],"b":${number}}`)).toBe(`{"a":[${expected}],"b":${expected}}`);
    expect(Number(expected)).toBe(number === '-0' ? 0 : Number(number));
  });

  it('leaves strings and names alone, and bytes beyond ASCII', () => {
    const json = '{"1000":"1000","a\\"1000":"\\\\","é":"€ 1000","t":true,"f":false,"n":null}';
    expect(shorten(json)).toBe(json);
  });

  it.each(['', '"', '"\\', '{"a":', '-', '1.', '.', '+-+', '"\\"', 'e', '1e'])(
    'does not mind what is no JSON: %p',
    (text) => {
      expect(shorten(text)).toBe(text);
    },
  );
});
