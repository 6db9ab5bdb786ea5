import * as fc from 'fast-check';
import { escapeNonAscii, minifyJson } from './minify-json';

const minified = (json: string): string => minifyJson(Buffer.from(json)).toString();
const escaped = (json: string): string => escapeNonAscii(Buffer.from(json)).toString();

describe('minifyJson', () => {
  it.each([
    ['space, tab, line feed and carriage return outside strings', ' {\t"a" :\r\n[ 1 ,2 ] }\n', '{"a":[1,2]}'],
    ['a number', ' 1.50 ', '1.50'],
    ['nothing inside strings', '{"a": "b  \\t c"}', '{"a":"b  \\t c"}'],
    ['nothing behind an escaped quote, where the string goes on', '{"a":"\\" b"}', '{"a":"\\" b"}'],
    ['nothing behind an escaped quote, after whitespace was met', '{ "a":"\\" b", "c": 1}', '{"a":"\\" b","c":1}'],
    ['what follows a string that ends with an escaped backslash', '{"a":"\\\\" , "b":1}', '{"a":"\\\\","b":1}'],
    ['the same, after whitespace was met', '{ "a":"\\\\" , "b":1}', '{"a":"\\\\","b":1}'],
    ['neither keys nor their order nor duplicates', '{ "b":1, "a":2, "b":3 }', '{"b":1,"a":2,"b":3}'],
    ['no form of a number or escape', '[ 1.50, 1e3, -0, "\\u00e9", "\\/" ]', '[1.50,1e3,-0,"\\u00e9","\\/"]'],
  ])('removes %s', (_what, json, expected) => expect(minified(json)).toBe(expected));

  it.each([
    ['a cut text', '{ "a": 1'],
    ['a string that is not closed', '{ "a": "\\'],
    ['two values', '{} {}'],
    ['a space that JSON does not know', '{\u00a0"a": 1 }'],
    ['a byte order mark', '\ufeff{ "a": 1 }'],
    ['a form feed', '{\f"a": 1 }'],
    ['nothing but space', '   '],
  ])('leaves %s as it is: it is no JSON', (_what, text) => expect(minified(text)).toBe(text));

  it('leaves bytes that are no UTF-8 as they are', () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22, 0x20]);
    expect(minifyJson(bytes)).toBe(bytes);
  });

  it('hands the same bytes back where there is nothing to remove', () => {
    const bytes = Buffer.from('{"a":"b c\\" d"}');
    expect(minifyJson(bytes)).toBe(bytes);
  });

  it('says what JSON.stringify says, for any value it printed with whitespace', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(1, 2, '\t', '\r\n'), (value, indent) => {
        const printed = JSON.stringify(value, null, indent === '\r\n' ? 2 : indent).replaceAll('\n', '\r\n');
        expect(minified(printed)).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('escapeNonAscii', () => {
  it.each([
    ['a letter', '{"a":"é"}', '{"a":"\\u00e9"}'],
    ['the first that is not ASCII', '"\u0080"', '"\\u0080"'],
    ['one beyond sixteen bits, as its two halves', '"😀"', '"\\ud83d\\ude00"'],
    ['nothing that is escaped already', '"\\u00e9é"', '"\\u00e9\\u00e9"'],
    ['no whitespace', '{ "a": "é" }', '{ "a": "\\u00e9" }'],
  ])('escapes %s', (_what, json, expected) => expect(escaped(json)).toBe(expected));

  it('leaves ASCII and what is no JSON as it is', () => {
    for (const text of ['{"a": "b\u007f"}', 'é', '{"a":"é"']) {
      const bytes = Buffer.from(text);
      expect(escapeNonAscii(bytes)).toBe(bytes);
    }
  });
});
