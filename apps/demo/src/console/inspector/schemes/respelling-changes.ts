import { bodyRespellings, pathRespellings } from '@payment-auth/gateway-simulator';
import { type Change, respelled } from '../recipe/change';
import { bodyMishaps } from './body-mishaps';

/**
 * Another text than the one that is signed, as clients are known to make it of a body.
 *
 * @param sent as it was sent. @param signed what of it is signed
 */
export function bodyChanges(sent: Buffer, signed = sent, name = 'body'): Change[] {
  return [
    ...bodyRespellings(sent, signed).map(({ code, what, bytes }) => respelled(name, code, `from ${what}`, bytes)),
    ...bodyMishaps(signed).map(({ code, what, bytes }) =>
      respelled(name, code, `from ${what}`, bytes, { isAlone: true }),
    ),
  ];
}

/** The whole URL is not among them: it has hosts of its own. */
export function pathChanges(path: string): Change[] {
  return [
    ...pathRespellings(path, undefined)
      .filter(({ code }) => code !== 'path-whole-url')
      .map(({ code, what, bytes }) => respelled('path', code, `from ${what}`, bytes)),
    ...pathMishaps(path).map(([code, what, text]) => respelled('path', code, `from ${what}`, text, { isAlone: true })),
  ];
}

/** What proxies are known to put before a path: nothing tells what one did, so these are tried. */
const PREFIXES = [
  'gw',
  'gateway',
  'api',
  'proxy',
  'netzme',
  'payment',
  'payments',
  'backend',
  'bff',
  'v1',
  'v2',
  'snap',
  'stg',
  'prod',
];
const MOST_STRIPPED = 3;

function pathMishaps(path: string): (readonly [code: string, what: string, text: string])[] {
  const [bare = '', ...rest] = path.split('?');
  const query = rest.join('?');
  const segments = bare.split('/').slice(1);
  const parameters = query === '' ? [] : query.split('&');
  const stripped = Array.from({ length: Math.min(MOST_STRIPPED, segments.length - 1) }, (_, index) => {
    const left = `/${segments.slice(index + 1).join('/')}${query && `?${query}`}`;
    return ['path-prefix', 'the path without its beginning', left] as const;
  });
  const fewer = parameters.length < 2 ? [] : parameters;
  return [
    ...PREFIXES.map((prefix) => ['path-prefix', `the path with /${prefix} before it`, `/${prefix}${path}`] as const),
    ...stripped,
    ...fewer.map((_, index) => {
      const left = parameters.toSpliced(index, 1).join('&');
      return ['path-parameter-missing', 'the query without one of its parameters', `${bare}?${left}`] as const;
    }),
    ['path-encoded', 'the path percent-encoded as if it were one value', encodeURIComponent(path)],
    ['path-ampersand', 'the path with an ampersand at its end', `${path}&`],
  ];
}
