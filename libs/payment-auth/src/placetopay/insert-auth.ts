import { UnsignableRequestError } from '../core/errors';
import { type PlacetopayAuth } from './placetopay-auth';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Puts `auth` into a JSON body as its last root member. The rest of the text stays as given, so that no number loses
 * digits. A root `auth` that is there already is replaced; the body is then written anew, by JavaScript's rules for numbers.
 *
 * @throws {UnsignableRequestError} `unsupported-body` when the body is not a JSON object
 */
export function insertAuth(body: Buffer, auth: PlacetopayAuth): Buffer {
  if (body.length === 0) return Buffer.from(JSON.stringify({ auth }), 'utf8');
  const { text, root } = parseRoot(body);
  const end = text.lastIndexOf('}');
  if (!Object.hasOwn(root, 'auth')) {
    const separator = Object.keys(root).length === 0 ? '' : ',';
    return Buffer.from(`${text.slice(0, end)}${separator}"auth":${JSON.stringify(auth)}${text.slice(end)}`, 'utf8');
  }
  const others = Object.fromEntries(Object.entries(root).filter(([name]) => name !== 'auth'));
  return Buffer.from(JSON.stringify({ ...others, auth }), 'utf8');
}

function parseRoot(body: Buffer): { text: string; root: Record<string, unknown> } {
  try {
    const text = strictUtf8.decode(body);
    const root: unknown = JSON.parse(text);
    if (typeof root === 'object' && root !== null && !Array.isArray(root)) {
      return { text, root: root as Record<string, unknown> };
    }
  } catch {
    // Not JSON: told below, without the body.
  }
  throw new UnsignableRequestError(
    'The body of a request to Placetopay is not a JSON object, so auth has no place in it.',
    {
      reason: 'unsupported-body',
      gateway: 'placetopay',
      hint: 'Send an object (or JSON text of one); queries are POST requests too.',
    },
  );
}
