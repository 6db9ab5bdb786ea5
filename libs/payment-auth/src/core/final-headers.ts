import { AxiosHeaders, type AxiosHeaderValue, type AxiosRequestHeaders } from 'axios';

/** Normalised before axios gets it, which would otherwise go through all headers once more for every one of them. */
class FinalHeaders extends AxiosHeaders {
  override normalize(): this {
    return this;
  }
}

/**
 * A copy of normalised headers in which `added` stands in place of whatever had one of those names, in any case.
 *
 * @param addedNames the names of `added` in lower case
 */
export function finalHeaders(
  headers: AxiosRequestHeaders,
  added: object,
  addedNames: ReadonlySet<string>,
): AxiosRequestHeaders {
  const final = new FinalHeaders() as AxiosRequestHeaders;
  for (const name of Object.keys(headers)) {
    if (!addedNames.has(name.toLowerCase())) final[name] = headers[name] as AxiosHeaderValue;
  }
  return Object.assign(final, added);
}

/** What only the finished request can say: where it goes, and how long its body is. */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding']);

/**
 * Removes the headers that the transport sets by itself. A `Host` of the caller's would decide the name that TLS asks for and
 * checks the certificate against; a length of the caller's was that of another body: minified, escaped or given an `auth` since.
 *
 * By every own name: axios finds one spelling only, and trims names after that.
 */
export function removeTransportHeaders(headers: AxiosRequestHeaders): void {
  for (const name of Object.keys(headers)) {
    if (TRANSPORT_HEADERS.has(name.trim().toLowerCase())) Reflect.deleteProperty(headers, name);
  }
}
