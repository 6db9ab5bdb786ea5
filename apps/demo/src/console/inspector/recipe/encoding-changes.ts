import { type Change } from './change';
import { type Encoding, type Hash, type Recipe } from './recipe';

const WRITTEN: Readonly<Record<Encoding, readonly [code: string, what: string]>> = {
  hex: ['encoding-hex', 'as hex'],
  'hex-upper': ['encoding-hex-upper', 'as upper-case hex'],
  base64: ['encoding-base64', 'as base64 of the raw bytes'],
  'base64-unpadded': ['encoding-base64-unpadded', 'as base64 without its padding'],
  base64url: ['encoding-base64url', 'in URL-safe base64'],
  'base64url-padded': ['encoding-base64url', 'in URL-safe base64'],
  'base64-of-hex': ['encoding-base64-of-hex', 'as base64 of its hex text, not of its raw bytes'],
  'base64-twice': ['encoding-base64-twice', 'as base64 of base64'],
  plain: ['encoding-missing', 'without being encoded'],
};

const RIGHT: Partial<Readonly<Record<Encoding, string>>> = {
  hex: 'lower-case hex',
  base64: 'standard base64 with padding',
};

/** The right bytes in another form. */
export function encodingChanges({ encoding: right, hash }: Recipe): Change[] {
  const names = (Object.keys(WRITTEN) as Encoding[]).filter((name) => name !== right);
  return names
    .filter((name) => name !== 'plain' || hash === 'none')
    .map((name) => {
      const [code, what] = WRITTEN[name];
      return {
        code,
        inputs: ['encoding'],
        what: `${what}; it should be ${RIGHT[right] ?? right}`,
        apply: (recipe) => ({ ...recipe, encoding: name }),
      };
    });
}

const HASHES = ['sha256', 'sha1', 'sha512', 'sha384', 'md5'] as const satisfies readonly Hash[];
const NAMES: Readonly<Record<(typeof HASHES)[number], string>> = {
  sha256: 'SHA-256',
  sha1: 'SHA-1',
  sha512: 'SHA-512',
  sha384: 'SHA-384',
  md5: 'MD5',
};

/** Another hash function; where a prefix names the hash, under its own name, the right one and none. */
export function algorithmChanges({ hash: right, prefix }: Recipe): Change[] {
  if (right === 'none') return [];
  return HASHES.filter((hash) => hash !== right).flatMap((hash) => {
    const prefixes = [...new Set([prefix, '', `${hash}:`])];
    return prefixes.map((used): Change => ({
      code: `algorithm-${hash}`,
      inputs: ['algorithm'],
      what: `with ${NAMES[hash]} in place of ${NAMES[right]}`,
      apply: (recipe) => ({ ...recipe, hash, prefix: used }),
    }));
  });
}

/** What stands before the digest left out, put in or written otherwise. */
export function prefixChanges({ prefix: right, hash }: Recipe): Change[] {
  const change = (code: string, what: string, prefix: string): Change => ({
    code,
    inputs: ['prefix'],
    what,
    apply: (recipe) => ({ ...recipe, prefix }),
  });
  if (right === '') {
    return [`${hash}:`, `${hash}=`].map((prefix) =>
      change('prefix-added', `with a prefix, ${prefix}, that it has not`, prefix),
    );
  }
  const others = [right.toUpperCase(), right.toLowerCase(), right.replace(':', '='), `${right} `, right.trimEnd()];
  return [
    change('prefix-missing', `without its prefix, ${right.trimEnd()}`, ''),
    ...others
      .filter((other) => other !== right)
      .map((other) => change('prefix-respelled', `with its prefix written otherwise than ${right.trimEnd()}`, other)),
  ];
}
