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
});
