import { brotliDecompressSync, inflateSync, unzipSync } from 'node:zlib';

/** One HTTP/1.1 message, taken apart and nothing of it changed. */
export interface RawMessage {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without the frames of chunked transfer and without compression. */
  readonly body: Buffer;
  /** As it came, compressed where it was, without the frames. */
  readonly bodyBytes: number;
  /** What its `Content-Length` or last chunk promised is all there. */
  readonly isWhole: boolean;
}

const END_OF_HEAD = '\r\n\r\n';
/** More than that is a bomb and no answer of a gateway. */
const LARGEST_BODY = 8 * 1024 * 1024;
/** In place of one that was cut off, or compressed in some other way: a credential may be in there that nobody can mask. */
const UNREADABLE = Buffer.alloc(0);

/** The message in these bytes; interim answers such as `100 Continue` in front of it are left out. */
export function parseMessage(bytes: Buffer): RawMessage | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const [startLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const rest = bytes.subarray(end + END_OF_HEAD.length);
  if (/^HTTP\/\d\.\d 1\d\d\b/.test(startLine)) return parseMessage(rest);
  const headers = lines.map(toHeader);
  const { payload, isWhole } = payloadOf(headers, rest);
  return { startLine, headers, body: decompressed(headers, payload), bodyBytes: payload.length, isWhole };
}

/** The value of a header, whatever the case of its name. */
export const headerOf = (headers: RawMessage['headers'], wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

function toHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function payloadOf(headers: RawMessage['headers'], rest: Buffer): { payload: Buffer; isWhole: boolean } {
  if (/\bchunked$/i.test(headerOf(headers, 'transfer-encoding') ?? '')) return joinChunks(rest);
  const length = headerOf(headers, 'content-length');
  if (length === undefined) return { payload: rest, isWhole: true };
  return { payload: rest.subarray(0, Number(length)), isWhole: rest.length >= Number(length) };
}

function joinChunks(rest: Buffer): { payload: Buffer; isWhole: boolean } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = rest.indexOf('\r\n', at);
    const size = end < 0 ? Number.NaN : Number.parseInt(rest.toString('latin1', at, end), 16);
    if (Number.isNaN(size) || size === 0) return { payload: Buffer.concat(chunks), isWhole: size === 0 };
    chunks.push(rest.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

const DECOMPRESS: Readonly<Record<string, typeof unzipSync>> = {
  gzip: unzipSync,
  'x-gzip': unzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

function decompressed(headers: RawMessage['headers'], payload: Buffer): Buffer {
  const coding = headerOf(headers, 'content-encoding')?.toLowerCase() ?? 'identity';
  if (coding === 'identity') return payload;
  try {
    return DECOMPRESS[coding]?.(payload, { maxOutputLength: LARGEST_BODY }) ?? UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}
