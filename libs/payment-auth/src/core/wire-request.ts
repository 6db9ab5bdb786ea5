import { Axios, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { PassThrough, Readable } from 'node:stream';
import { type Gateway, UnsignableRequestError } from './errors';
import { plainWireUrl, type WireUrl } from './plain-wire-url';

/** A body that had to be read before it could be signed. */
export interface ReadWireBody {
  readonly body: Buffer;
  /** That the body brings along (multipart boundary), if any. */
  readonly contentType: string | undefined;
  /** False for a body that could be read only once. */
  readonly isReplayable: boolean;
}

/** The largest body read into memory from a stream or form, in bytes. */
export const MAX_BUFFERED_BODY_BYTES = 16 * 1024 * 1024;

/** Inherits nothing: `axios.getUri` and `axios.create()` would mix in the global defaults. */
const bareAxios = new Axios({});
const EMPTY = Buffer.alloc(0);

/**
 * The final URL, as axios's own adapters would put it on the request line. A user name or password in it is left out: axios
 * would send it in place of our `Authorization`.
 *
 * @throws {UnsignableRequestError} `no-url` when there is none
 */
export function resolveWireUrl(config: AxiosRequestConfig, gateway: Gateway): WireUrl {
  return plainWireUrl(config) ?? parseWireUrl(config, gateway);
}

function parseWireUrl(config: AxiosRequestConfig, gateway: Gateway): URL {
  const url = parseUrl(joinAsAxiosDoes(config), gateway);
  url.username = '';
  url.password = '';
  url.hash = '';
  // A question mark with nothing behind it is on no request line.
  if (url.search === '') url.search = '';
  const params: unknown = config.params;
  if (params === undefined || params === null) return url;
  const { paramsSerializer } = config;
  const target = bareAxios.getUri({
    url: url.pathname + url.search,
    params,
    ...(paramsSerializer !== undefined && { paramsSerializer }),
  });
  return new URL(url.origin + target);
}

/** axios's own way is not exported by itself, and `getUri` merges a whole config each time. */
function joinAsAxiosDoes({ baseURL, url = '', allowAbsoluteUrls }: AxiosRequestConfig): string {
  if (baseURL === undefined || baseURL === '') return url;
  if (allowAbsoluteUrls !== false && /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url)) return url;
  return url === '' ? baseURL : `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}

function parseUrl(address: string, gateway: Gateway): URL {
  try {
    return new URL(address);
  } catch {
    throw new UnsignableRequestError('The request has no absolute URL, so there is nothing to sign.', {
      reason: 'no-url',
      gateway,
      hint: 'Set baseURL on the axios instance or pass an absolute url.',
    });
  }
}

/**
 * The body bytes that axios is about to send. Called from an adapter, so `config.data` is past every interceptor and
 * `transformRequest`. Bodies that can be read only once are read here.
 *
 * @throws {UnsignableRequestError} `body-too-large` or `unsupported-body`
 */
export async function readWireBody(config: InternalAxiosRequestConfig, gateway: Gateway): Promise<ReadWireBody> {
  const data: unknown = config.data;
  if (isFormDataPackage(data)) {
    const body = await collect(data.pipe(new PassThrough()), gateway);
    return { body, contentType: contentTypeOf(data.getHeaders()), isReplayable: false };
  }
  if (data instanceof FormData || data instanceof Blob) {
    // `Response` knows how to write a form as multipart and which boundary it took.
    const response = new Response(data);
    const body = Buffer.from(await response.arrayBuffer());
    return { body, contentType: response.headers.get('content-type') ?? undefined, isReplayable: true };
  }
  if (data instanceof Readable || data instanceof ReadableStream) {
    return { body: await collect(data, gateway), contentType: undefined, isReplayable: false };
  }
  throw new UnsignableRequestError('The request has a body of a kind that cannot be signed.', {
    reason: 'unsupported-body',
    gateway,
    hint: 'Send an object, text, Buffer, typed array, URLSearchParams, FormData, Blob or stream.',
  });
}

export const isBytes = (data: unknown): boolean => data instanceof ArrayBuffer || ArrayBuffer.isView(data);

/** The bytes of a body that is already in memory, or `undefined` when it has to be read first. */
export function bodyInMemory(data: unknown): Buffer | undefined {
  if (data === undefined || data === null) return EMPTY;
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if (Buffer.isBuffer(data)) return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return bufferOfView(data);
  return undefined;
}

/** The bytes a view shows, not the whole buffer beneath it. */
export function bufferOfView(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

async function collect(stream: AsyncIterable<unknown>, gateway: Gateway): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = bodyInMemory(chunk) ?? EMPTY;
    length += bytes.length;
    if (length > MAX_BUFFERED_BODY_BYTES) {
      throw new UnsignableRequestError(
        `The body is larger than ${MAX_BUFFERED_BODY_BYTES} bytes and cannot be signed.`,
        {
          reason: 'body-too-large',
          gateway,
          hint: 'A signature covers the whole body, so it has to fit in memory.',
        },
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

function contentTypeOf(headers: Record<string, string>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}

interface FormDataPackage extends NodeJS.ReadableStream {
  getHeaders(): Record<string, string>;
}

/** The `form-data` package, which predates the built-in FormData and is no Readable. */
function isFormDataPackage(data: unknown): data is FormDataPackage {
  return (
    typeof data === 'object' &&
    data !== null &&
    typeof (data as Partial<FormDataPackage>).getHeaders === 'function' &&
    typeof (data as Partial<FormDataPackage>).pipe === 'function'
  );
}
