import { bodyRespellings, pathRespellings } from './respellings';

const texts = (found: readonly { code: string; bytes: Buffer }[]) =>
  found.map(({ code, bytes }) => [code, bytes.toString('utf8')]);

describe('pathRespellings', () => {
  const found = texts(pathRespellings('/a/b?x=1&y=Toko%20%2fJaya', 'gateway.test'));

  it.each([
    ['path-without-query', '/a/b'],
    ['path-decoded', '/a/b?x=1&y=Toko /Jaya'],
    ['path-form-encoded', '/a/b?x=1&y=Toko+%2FJaya'],
    ['path-query-order', '/a/b?y=Toko%20%2fJaya&x=1'],
    ['path-trailing-slash', '/a/b/?x=1&y=Toko%20%2fJaya'],
    ['path-escapes-case', '/a/b?x=1&y=Toko%20%2FJaya'],
    ['path-leading-slash', 'a/b?x=1&y=Toko%20%2fJaya'],
    ['path-whole-url', 'https://gateway.test/a/b?x=1&y=Toko%20%2fJaya'],
  ])('knows %s', (code, text) => expect(found).toContainEqual([code, text]));

  it('takes a slash from the end as it puts one there', () => {
    expect(texts(pathRespellings('/a/b/', undefined))).toContainEqual(['path-trailing-slash', '/a/b']);
  });

  it('knows a bare question mark, and says nothing of parameters where there are none', () => {
    const plain = texts(pathRespellings('/a/b', undefined));

    expect(plain).toContainEqual(['path-question-mark', '/a/b?']);
    expect(plain.filter(([code]) => /query|values|form-encoded/.test(code ?? ''))).toEqual([]);
  });

  it('orders few parameters in every way, and many in two', () => {
    const ordersOf = (target: string) =>
      texts(pathRespellings(target, undefined)).filter(([code]) => code === 'path-query-order');

    expect(ordersOf('/a?c=1&b=2&a=3')).toHaveLength(5);
    expect(ordersOf('/a?c=1&b=2&a=3&e=4&d=5').map(([, text]) => text)).toEqual([
      '/a?a=3&b=2&c=1&d=5&e=4',
      '/a?d=5&e=4&a=3&b=2&c=1',
    ]);
  });

  it('never offers the right path', () => {
    expect(found.map(([, text]) => text)).not.toContain('/a/b?x=1&y=Toko%20%2fJaya');
  });
});

describe('bodyRespellings', () => {
  const received = Buffer.from('{ "z": 1.0, "a": "caf\u00e9", "u": "a/b<" }\n');
  const right = Buffer.from('{"z":1.0,"a":"caf\u00e9","u":"a/b<"}');
  const found = texts(bodyRespellings(received, right));

  it.each([
    ['body-not-minified', received.toString()],
    ['body-left-out', ''],
    ['body-whitespace', '{ "z": 1.0, "a": "caf\u00e9", "u": "a/b<" }'],
    ['body-line-breaks', '{ "z": 1.0, "a": "caf\u00e9", "u": "a/b<" }\r\n'],
    ['body-byte-order-mark', `\ufeff${received.toString()}`],
    ['body-rewritten', '{"z":1,"a":"caf\u00e9","u":"a/b<"}'],
    ['body-non-ascii-escaped', '{"z":1.0,"a":"caf\\u00e9","u":"a/b<"}'],
    ['body-keys-sorted', '{"a":"caf\u00e9","u":"a/b<","z":1}'],
    ['body-slashes-escaped', '{"z":1,"a":"caf\u00e9","u":"a\\/b<"}'],
    ['body-as-php', '{"z":1,"a":"caf\\u00e9","u":"a\\/b<"}'],
    ['body-html-escaped', '{"z":1,"a":"caf\u00e9","u":"a/b\\u003c"}'],
    ['body-spaced', '{"z": 1.0, "a": "caf\u00e9", "u": "a/b<"}'],
    ['body-indented', '{\n  "z": 1,\n  "a": "caf\u00e9",\n  "u": "a/b<"\n}'],
  ])('knows %s', (code, text) => expect(found).toContainEqual([code, text]));

  it('never offers the right body', () => {
    expect(found.map(([, text]) => text)).not.toContain(right.toString());
  });

  it('says nothing of JSON about bytes that are none', () => {
    const codes = bodyRespellings(Buffer.from('a=1'), Buffer.from('a=1')).map(({ code }) => code);

    expect(codes).toEqual(['body-left-out', 'body-whitespace', 'body-byte-order-mark', 'body-hashed']);
  });
});
