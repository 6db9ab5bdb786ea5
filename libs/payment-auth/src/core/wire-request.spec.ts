import { Axios, type AxiosRequestConfig } from 'axios';
import * as fc from 'fast-check';
import { resolveWireUrl } from './wire-request';

const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...' "\'+&=?#%:/$,@[]{}<>~!*().;é漢😀', '%2f', '%20'), fc.string()),
  maxLength: 10,
});
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.array(text, { maxLength: 2 }),
);

/** What axios itself makes of a request's address, and what WHATWG URL makes of that: the request line. */
function byAxios({ baseURL, url, params, allowAbsoluteUrls }: AxiosRequestConfig): string {
  const bare = new Axios({});
  const address = new URL(
    bare.getUri({
      ...(baseURL !== undefined && { baseURL }),
      ...(url !== undefined && { url }),
      ...(allowAbsoluteUrls !== undefined && { allowAbsoluteUrls }),
    }),
  );
  const target = bare.getUri({ url: address.pathname + address.search, params: params as unknown });
  const final = new URL(address.origin + target);
  final.hash = '';
  return final.href;
}

describe('resolveWireUrl', () => {
  it('gives what axios would put on the request line, for any base, path and params', () => {
    const config = fc.record(
      {
        baseURL: fc.constantFrom(
          'https://gateway.example',
          'https://gateway.example/',
          'https://gateway.example/base//',
          'https://gateway.example/b?x=1',
        ),
        url: fc.oneof(
          fc.array(text, { maxLength: 3 }).map((segments) => segments.map((segment) => `/${segment}`).join('')),
          fc.constantFrom('', '/', 'relative', 'https://other.example/a?b=c', '/a?b=c', '/a?', '/a#f', '/a?b=c#f'),
        ),
        params: fc.oneof(
          fc.constant(undefined),
          fc.constant(null),
          fc.dictionary(fc.oneof(text, fc.constantFrom('userId', 'page', 'a-b.c')), value, { maxKeys: 4 }),
        ),
        allowAbsoluteUrls: fc.constantFrom(true, false),
      },
      { requiredKeys: ['baseURL', 'url'] },
    );
    fc.assert(
      fc.property(config, (request) => {
        // A path that begins with two slashes names another host; what becomes of it is told elsewhere.
        fc.pre(!request.url.startsWith('//'));
        expect(resolveWireUrl(request, 'netzme').href).toBe(byAxios(request));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([{}, { url: '/path' }, { url: '//host/path', baseURL: 'https://gateway.example' }])(
    'refuses %p: no URL',
    (config) => {
      expect(() => resolveWireUrl(config, 'netzme')).toThrow(
        expect.objectContaining({ code: 'ERR_UNSIGNABLE_REQUEST', reason: 'no-url' }) as Error,
      );
    },
  );

  const BASE = 'https://gateway.example/base';

  it.each<[string, AxiosRequestConfig, string]>([
    [
      "a caller's serializer",
      { url: '/a', params: { b: 1 }, paramsSerializer: { serialize: () => 'c=2' } },
      '/base/a?c=2',
    ],
    [
      'one that is a part of it',
      { url: '/a', params: { b: [1, 2] }, paramsSerializer: { indexes: null } },
      '/base/a?b=1&b=2',
    ],
    ['axios without one', { url: '/a', params: { b: [1, 2] } }, '/base/a?b[]=1&b[]=2'],
    [
      'no params, although there is a serializer',
      { url: '/a', paramsSerializer: { serialize: () => 'c=2' } },
      '/base/a',
    ],
    [
      'null, although there is a serializer',
      { url: '/a', params: null, paramsSerializer: { serialize: () => 'c=2' } },
      '/base/a',
    ],
    ['no path', {}, '/base'],
    ['an empty path', { url: '' }, '/base'],
    ['a path with slashes in front', { url: '///a', allowAbsoluteUrls: false }, '/base/a'],
    ['a relative path', { url: 'a' }, '/base/a'],
    ['a path with an address in it', { url: '/a/https://b' }, '/base/a/https://b'],
  ])('writes what %s makes', (_what, config, target) => {
    const { pathname, search } = resolveWireUrl({ baseURL: BASE, ...config }, 'netzme');
    expect(decodeURI(pathname + search)).toBe(target);
  });

  it.each<[string, AxiosRequestConfig, string]>([
    ['an absolute URL', { baseURL: BASE, url: 'h2+x-1.y://other.example/a' }, 'h2+x-1.y://other.example/a'],
    ['an empty base', { baseURL: '', url: 'https://other.example/a/' }, 'https://other.example/a/'],
    ['no base', { url: 'https://other.example/a/' }, 'https://other.example/a/'],
  ])('takes %s as it is', (_what, config, href) => expect(resolveWireUrl(config, 'netzme').href).toBe(href));
});
