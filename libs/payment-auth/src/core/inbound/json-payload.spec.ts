import { SignatureVerificationError } from '../errors';
import { JsonPayload } from './json-payload';

const parse = (body: string | Buffer) => JsonPayload.parse('netzme', Buffer.from(body as string));
const DIGITS = /^\d+$/;
const ANYTHING = /^/;

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SignatureVerificationError && error.gateway === 'netzme') return error.reason;
    throw error;
  }
  return 'taken';
}

describe('JsonPayload', () => {
  it.each(['', ' ', '{', '{}{}', '[]', '[{}]', 'null', '"text"', '7', 'true', '{"a":1,}', "{'a':1}"])(
    'is none of the body %j',
    (body) => expect(refusalOf(() => parse(body))).toBe('malformed-body'),
  );

  it('is none of bytes that are not UTF-8', () => {
    expect(refusalOf(() => parse(Buffer.from('{"a":"\xff"}', 'latin1')))).toBe('malformed-body');
    expect(parse('{"a":"ÿ"}').value).toEqual({ a: 'ÿ' });
  });

  it.each([
    ['objects', '{"a":', '}'],
    ['arrays', '[', ']'],
  ])('is none of %s over 64 levels deep, and never parses them', (_what, open, close) => {
    const nested = (levels: number): string => `{"a":${open.repeat(levels - 1)}1${close.repeat(levels - 1)}}`;
    expect(parse(nested(64)).value).toHaveProperty('a');
    const parseJson = jest.spyOn(JSON, 'parse');
    expect(refusalOf(() => parse(nested(65)))).toBe('malformed-body');
    expect(refusalOf(() => parse(`{"a":${open.repeat(65)}`))).toBe('malformed-body');
    expect(parseJson).not.toHaveBeenCalled();
    parseJson.mockRestore();
  });

  it('does not take brackets in texts for nesting', () => {
    expect(parse(`{"a":"\\"${'['.repeat(100)}","b":"1"}`).signedText('b', DIGITS)).toBe('1');
  });

  it('gives the text of a string, decoded, and the digits of a whole number as they came', () => {
    const payload = parse(
      '{"text":"\\u0041\\n☕","number":900719925474099312345,"zero":0,"sub": {"deep": { "er" : 12 } }}',
    );
    expect(payload.signedText('text', ANYTHING)).toBe('A\n☕');
    expect(payload.signedText('number', DIGITS)).toBe('900719925474099312345');
    expect(payload.signedText('zero', DIGITS)).toBe('0');
    expect(payload.signedText('sub.deep.er', DIGITS)).toBe('12');
  });

  it.each(['-1', '1.0', '1e3', '-0', '0.5', 'true', 'null', '{}', '[]', '[1]', '{"a":1}'])(
    'has no text of the value %s',
    (value) => expect(refusalOf(() => parse(`{"a":${value}}`).signedText('a', ANYTHING))).toBe('malformed-body'),
  );

  it.each([
    ['missing', '{"b":"1"}', 'a'],
    ['missing further down', '{"a":{"c":1}}', 'a.b'],
    ['missing in a text', '{"a":"{\\"b\\":1}"}', 'a.b'],
    ['missing in an array', '{"a":[{"b":1}]}', 'a.b'],
    ['missing in a number', '{"a":1}', 'a.b'],
    ['there twice', '{"a":"1","a":"1"}', 'a'],
    ['there twice, once under escapes', '{"a":"1","\\u0061":"1"}', 'a'],
    ['there twice further down', '{"a":{"b":"1","b":"1"}}', 'a.b'],
    ['in a member that is there twice', '{"a":{"b":"1"},"a":{"b":"1"}}', 'a.b'],
    ['of another form', '{"a":"x"}', 'a'],
    ['inherited', '{}', 'toString'],
  ])('refuses a value that is %s', (_what, body, path) => {
    expect(refusalOf(() => parse(body).signedText(path, DIGITS))).toBe('malformed-body');
  });

  it('takes a name that is there twice where it does not matter', () => {
    expect(parse('{"a":"1","b":{"a":"2"},"c":3,"c":4}').signedText('a', DIGITS)).toBe('1');
  });

  describe('a value that may be missing', () => {
    it('is undefined when it is missing or null, and else its text', () => {
      const payload = parse('{"none":null,"text":"12","sub":{"none": null }}');
      expect(payload.optionalText('missing', DIGITS)).toBeUndefined();
      expect(payload.optionalText('none', DIGITS)).toBeUndefined();
      expect(payload.optionalText('sub.none', DIGITS)).toBeUndefined();
      expect(payload.optionalText('sub.missing', DIGITS)).toBeUndefined();
      expect(payload.optionalText('text', DIGITS)).toBe('12');
    });

    it.each(['"x"', '"null"', '""', 'false', '{}'])('is refused when it is %s', (value) => {
      expect(refusalOf(() => parse(`{"a":${value}}`).optionalText('a', DIGITS))).toBe('malformed-body');
    });

    it('is refused when it is there twice', () => {
      expect(refusalOf(() => parse('{"a":null,"a":"1"}').optionalText('a', DIGITS))).toBe('malformed-body');
    });
  });

  it('gives the source of a value as it came', () => {
    const payload = parse(' { "a" : { "b" : [ 1 , 2.50 ] } , "c" : "\\u0041" } ');
    expect(payload.rawText('a')).toBe('{ "b" : [ 1 , 2.50 ] }');
    expect(payload.rawText('a.b')).toBe('[ 1 , 2.50 ]');
    expect(payload.rawText('c')).toBe('"\\u0041"');
    expect(refusalOf(() => payload.rawText('d'))).toBe('malformed-body');
  });
});
