import { type AxiosRequestConfig } from 'axios';

/** What of a URL goes on the wire; a `URL` is one. */
export type WireUrl = Pick<URL, 'origin' | 'host' | 'hostname' | 'pathname' | 'search' | 'href'>;

/** Segments that `URL` leaves as they are: no dot in front, nothing to escape. */
const PLAIN_PATH = /^(?:\/[\w~-][\w.~-]*)+$/;
const PLAIN_BASE = /^https?:\/\/[^\s?#@\\]+$/;
const MOST_BASES = 64;

interface Base {
  readonly origin: string;
  readonly host: string;
  readonly hostname: string;
  /** Path without a slash at its end. */
  readonly prefix: string;
}

const bases = new Map<string, Base | undefined>();

/**
 * The final URL of the usual request, without parsing anything: a base URL seen before, a path of plain characters, plain
 * params. `undefined` for every other. Equal to what parsing gives, at a tenth of its cost.
 */
export function plainWireUrl({ baseURL, url, params, paramsSerializer }: AxiosRequestConfig): WireUrl | undefined {
  if (baseURL === undefined || url === undefined || paramsSerializer !== undefined || !PLAIN_PATH.test(url)) {
    return undefined;
  }
  const query = params === undefined || params === null ? '' : queryOfPlainValues(params);
  const base = baseOf(baseURL);
  if (query === undefined || base === undefined) return undefined;
  const pathname = base.prefix + url;
  const search = query === '' ? '' : `?${query.replaceAll("'", '%27')}`;
  const { origin, host, hostname } = base;
  return { origin, host, hostname, pathname, search, href: origin + pathname + search };
}

function baseOf(baseURL: string): Base | undefined {
  if (bases.has(baseURL)) return bases.get(baseURL);
  if (bases.size >= MOST_BASES) bases.clear();
  const parsed = PLAIN_BASE.test(baseURL) && URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  const base = parsed && {
    origin: parsed.origin,
    host: parsed.host,
    hostname: parsed.hostname,
    prefix: parsed.pathname.replace(/\/+$/, ''),
  };
  bases.set(baseURL, base);
  return base;
}

/**
 * The query axios makes of an object of texts, numbers and booleans, which most are; `undefined` for anything else, which is
 * axios's own business. Its `getUri` does the same at ten times the cost.
 */
export function queryOfPlainValues(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null || Object.getPrototypeOf(params) !== Object.prototype)
    return undefined;
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(params as Record<string, unknown>)) {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    // Brackets, braces and spaces in names mean something of their own to axios.
    if (!isPlain || !/^[\w.-]+$/.test(name)) return undefined;
    pairs.push(`${name}=${encodeAsAxiosDoes(String(value))}`);
  }
  return pairs.join('&');
}

const encodeAsAxiosDoes = (text: string): string =>
  encodeURIComponent(text).replace(/%(?:3A|24|2C|20)/g, (escape) => UNESCAPED[escape] ?? escape);

const UNESCAPED: Readonly<Record<string, string>> = { '%3A': ':', '%24': '$', '%2C': ',', '%20': '+' };
