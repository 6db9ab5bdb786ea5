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
