import * as fc from 'fast-check';
import { jsonMembers } from './json-members';

const texts = (json: string, from?: number) =>
  jsonMembers(json, from).map(({ name, nameStart, start, end }) => [name, json[nameStart], json.slice(start, end)]);

describe('jsonMembers', () => {
  it('tells where each member stands, as it is written', () => {
    expect(texts('{"a":1.50,"b":"x","c":[1,{"d":2}],"e":{"f":[]},"g":null}')).toEqual([
      ['a', '"', '1.50'],
      ['b', '"', '"x"'],
      ['c', '"', '[1,{"d":2}]'],
      ['e', '"', '{"f":[]}'],
      ['g', '"', 'null'],
    ]);
  });

  it.each([
    [
      'whitespace anywhere',
      ' \r\n{\t"a" : 1 ,\n"b"\r:\t"x" } ',
      [
        ['a', '1'],
        ['b', '"x"'],
      ],
    ],
    [
      'names and strings with every kind of bracket, comma and colon',
      '{"a:{,":"}],:{","b":"["}',
      [
        ['a:{,', '"}],:{"'],
        ['b', '"["'],
      ],
    ],
    [
      'escaped quotes and backslashes',
      '{"a\\"":"\\\\","b":"\\"\\\\\\" ,"}',
      [
        ['a"', '"\\\\"'],
        ['b', '"\\"\\\\\\" ,"'],
      ],
    ],
    ['names in other spellings, decoded', '{"\\u0061":1}', [['a', '1']]],
    [
      'duplicates, in order',
      '{"a":1,"a":2}',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    [
      'brackets within brackets, and text in them',
      '{"a":[[["]"]],{"b":{}}],"c":{"d":"}"}}',
      [
        ['a', '[[["]"]],{"b":{}}]'],
        ['c', '{"d":"}"}'],
      ],
    ],
    ['a number and whitespace before the end', '{"a":12 }', [['a', '12']]],
    ['a literal before the end', '{"a":true}', [['a', 'true']]],
    ['no members', '{ }', []],
  ] as const)('knows %s', (_what, json, expected) =>
    expect(texts(json).map(([name, , value]) => [name, value])).toEqual(expected),
  );

  it('begins with the object at or behind `from`, and ends with it', () => {
    const json = '{"a":{"b":1},"c":{"d":2}}';
    expect(texts(json, 5).map(([name]) => name)).toEqual(['b']);
    expect(texts(json, 6).map(([name]) => name)).toEqual(['d']);
  });

  it('agrees with JSON.parse on every object, however it is printed', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
        const json = JSON.stringify(object, null, indent);
        const read = jsonMembers(json).map(({ name, start, end }) => [
          name,
          JSON.parse(json.slice(start, end)) as unknown,
        ]);
        expect(read).toEqual(Object.entries(JSON.parse(json) as object));
      }),
    );
  });

  it('ends on what is no JSON, too', () => {
    for (const text of ['', '{', '{"', '{"a', '{"a"', '{"a":', '{"a":"', '{"a":"\\', '{"a":[', '{"a":1,']) {
      expect(() => jsonMembers(text)).not.toThrow(RangeError);
    }
  });
});
