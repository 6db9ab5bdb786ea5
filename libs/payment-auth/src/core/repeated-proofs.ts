import { type AxiosError, type AxiosResponse } from 'axios';
import { removeSecrets } from './scrub';

/** A shorter one could stand in an answer by chance. In characters. */
const SHORTEST_PROOF = 12;

/**
 * Takes out of an axios error what its request was authenticated with, should the gateway repeat it: of the answer's body (a
 * stream is for the caller to read), headers and reason phrase, and of bytes that were no answer at all. Whoever logs the error
 * would log the token otherwise. An answer that is no error stays as it came, and costs nothing.
 */
export function removeRepeatedProofs(error: AxiosError, proofs: readonly string[]): void {
  // What Node's HTTP parser could not read. Its message says why without it.
  if (error.cause !== undefined) Reflect.deleteProperty(error.cause, 'rawPacket');
  if (error.response === undefined) return;
  const known = proofs.filter(({ length }) => length >= SHORTEST_PROOF);
  // An adapter of the caller's may have left out any of them.
  const { response } = error as {
    response: { data: unknown; statusText: unknown; headers?: AxiosResponse['headers'] };
  };
  response.data = withoutProofs(response.data, known);
  response.statusText = withoutProofs(response.statusText, known);
  removeFromHeaders(response.headers ?? {}, known);
}

function withoutProofs(data: unknown, known: readonly string[]): unknown {
  if (typeof data === 'string') return removeSecrets(data, known);
  if (!Buffer.isBuffer(data)) return data;
  // Byte for byte, for there may be no text in them.
  const asBytes = known.map((proof) => Buffer.from(proof, 'utf8').toString('latin1'));
  return Buffer.from(removeSecrets(data.toString('latin1'), [...known, ...asBytes]), 'latin1');
}

function removeFromHeaders(headers: AxiosResponse['headers'], known: readonly string[]): void {
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name];
    if (typeof value === 'string') headers[name] = removeSecrets(value, known);
    else if (Array.isArray(value)) headers[name] = value.map((each) => removeSecrets(String(each), known));
  }
}
