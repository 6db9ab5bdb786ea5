import { plainWireUrl, queryOfPlainValues } from './plain-wire-url';

const BASE = 'https://gateway.example:8443/base/';

/** That what it gives is right, `resolveWireUrl` is tested for; here, which requests are spared the parsing. */
describe('plainWireUrl', () => {
  it.each([
    ['a path', { url: '/a/b' }, '/base/a/b', ''],
    ['plain characters', { url: '/a-b_c~d/e.f/0' }, '/base/a-b_c~d/e.f/0', ''],
    ['no params', { url: '/a', params: null }, '/base/a', ''],
    ['empty params', { url: '/a', params: {} }, '/base/a', ''],
    [
      'plain params',
      { url: '/a', params: { userId: "M'1", page: 2, all: true } },
      '/base/a',
      '?userId=M%271&page=2&all=true',
    ],
  ])('takes %s', (_what, config, pathname, search) => {
    for (const _again of [1, 2]) {
      expect(plainWireUrl({ baseURL: BASE, ...config })).toEqual({
        origin: 'https://gateway.example:8443',
        host: 'gateway.example:8443',
        hostname: 'gateway.example',
        pathname,
        search,
        href: `https://gateway.example:8443${pathname}${search}`,
      });
    }
  });

  it.each([
    ['no base', { baseURL: undefined, url: '/a' }],
    ['no path', { url: undefined }],
    ['an empty path', { url: '' }],
    ['a relative path', { url: 'a' }],
    ['a slash at the end', { url: '/a/' }],
    ['two slashes', { url: '//a' }],
    ['a dot in front', { url: '/../a' }],
    ['a hidden file', { url: '/.a' }],
    ['a query', { url: '/a?b=c' }],
    ['an escape', { url: '/a%20b' }],
    ['a letter beyond ASCII', { url: '/é' }],
    ['a serializer', { url: '/a', params: { b: 1 }, paramsSerializer: { indexes: null } }],
    ['a list', { url: '/a', params: { b: [1] } }],
    ['params of a class', { url: '/a', params: new URLSearchParams('b=c') }],
    ['a base that is relative', { baseURL: '/base', url: '/a' }],
    ['a base with another scheme', { baseURL: 'ftp://gateway.example', url: '/a' }],
    ['a base that ends before its host', { baseURL: 'https://', url: '/a' }],
    ['a base that is no URL', { baseURL: 'https://[', url: '/a' }],
    ['a base with something in front', { baseURL: ' https://gateway.example', url: '/a' }],
    ['a base with a query', { baseURL: 'https://gateway.example/?b=c', url: '/a' }],
    ['a base with a user', { baseURL: 'https://user@gateway.example', url: '/a' }],
  ])('leaves %s to the parser', (_what, config) => {
    expect(plainWireUrl({ baseURL: BASE, ...config })).toBeUndefined();
  });

  it.each([
    ['http://127.0.0.1:80', 'http://127.0.0.1/a'],
    ['https://gateway.example', 'https://gateway.example/a'],
    ['https://gateway.example///', 'https://gateway.example/a'],
    ['HTTPS://GATEWAY.EXAMPLE/Base', undefined],
  ])('takes %s as base: %s', (baseURL, href) => expect(plainWireUrl({ baseURL, url: '/a' })?.href).toBe(href));

  it('goes on when more bases were seen than it remembers', () => {
    for (let index = 0; index < 200; index += 1) {
      expect(plainWireUrl({ baseURL: `https://${index}.example/b`, url: '/a' })?.href).toBe(
        `https://${index}.example/b/a`,
      );
    }
    expect(plainWireUrl({ baseURL: 'https://0.example/b', url: '/a' })?.hostname).toBe('0.example');
  });
});

describe('queryOfPlainValues', () => {
  it.each([
    ['texts, numbers and booleans', { a: 'x', b: -1.5, c: false }, 'a=x&b=-1.5&c=false'],
    ['nothing', {}, ''],
    ['names with dots and hyphens', { 'a-b.c_d': '' }, 'a-b.c_d='],
    ['what axios does not escape', { a: ':$, é&=' }, 'a=:$,+%C3%A9%26%3D'],
  ])('writes %s', (_what, params, query) => expect(queryOfPlainValues(params)).toBe(query));

  it.each([
    ['text', 'a=b'],
    ['nothing', undefined],
    ['null', null],
    ['a list', [1]],
    ['a date', new Date(0)],
    ['an object without prototype', Object.create(null)],
    ['null in it', { a: null }],
    ['nothing in it', { a: undefined }],
    ['an object in it', { a: {} }],
    ['a function in it', { a: () => 1 }],
    ['a big number in it', { a: 1n }],
    ['a name in brackets', { 'a[]': 1 }],
    ['a name with a space behind', { 'a ': 1 }],
    ['a name with a space in front', { ' a': 1 }],
    ['a name of nothing', { '': 1 }],
  ])('leaves %s to axios', (_what, params) => expect(queryOfPlainValues(params)).toBeUndefined());
});
