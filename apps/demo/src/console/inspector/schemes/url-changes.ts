import { type Change, respelled } from '../recipe/change';

/** A URL as somebody may have read it off a request, while the configured one is signed character by character. */
export function urlChanges(name: string, url: string): Change[] {
  if (!URL.canParse(url)) return [];
  const { protocol, host, hostname, pathname, search } = new URL(url);
  const [beforeQuery = ''] = url.split('?');
  const query = url.slice(beforeQuery.length);
  const otherProtocol = protocol === 'https:' ? 'http:' : 'https:';
  const spellings: readonly (readonly [code: string, what: string, text: string])[] = [
    ['url-without-query', 'without the query of the URL', beforeQuery],
    ['url-trailing-slash', 'with a slash at the end of the URL left out or put in', otherEnd(beforeQuery) + query],
    ['url-scheme', 'with http in place of https in the URL, or https for http', url.replace(protocol, otherProtocol)],
    ['url-path-only', 'with the path in place of the whole URL', pathname + search],
    ['url-path-only', 'with the path in place of the whole URL', pathname],
    ['url-without-scheme', 'without the scheme of the URL', host + pathname + search],
    ['url-port', 'with the port of the URL left out', url.replace(host, hostname)],
    [
      'url-port',
      'with the standard port of the URL put in',
      url.replace(host, `${hostname}:${protocol === 'https:' ? 443 : 80}`),
    ],
    ...(!isLocal(hostname) ? [] : ['localhost', '127.0.0.1', '[::1]', 'host.docker.internal']).map(
      (other) => ['url-host', `with ${other} for the host of the URL`, url.replace(hostname, other)] as const,
    ),
    ['url-case', 'with the URL in lower case', url.toLowerCase()],
    ['url-encoded', 'with the URL percent-encoded', encodeURIComponent(url)],
    ['url-left-out', 'without the URL', ''],
  ];
  return spellings.filter(([, , text]) => text !== url).map(([code, what, text]) => respelled(name, code, what, text));
}

const isLocal = (host: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\]|host\.docker\.internal)$/.test(host);

const otherEnd = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`);
