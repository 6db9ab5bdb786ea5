import { type Credential } from '../configured-secrets';
import { type Change, type Changes, combinable } from '../recipe/change';
import { findMistake } from '../recipe/find-mistake';
import { digestOf, ENCODERS, type Encoding, type Recipe, secretPart } from '../recipe/recipe';
import { described, pastedForms, type Verdict } from '../verdict';

type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

const ALGORITHMS: Readonly<Record<number, readonly [algorithm: Algorithm, name: string]>> = {
  16: ['md5', 'MD5'],
  20: ['sha1', 'SHA-1'],
  32: ['sha256', 'SHA-256'],
  48: ['sha384', 'SHA-384'],
  64: ['sha512', 'SHA-512'],
};
const FORMS = ['hex', 'hex-upper', 'base64'] as const satisfies readonly Encoding[];
const SPOKEN_FORMS: Readonly<Record<(typeof FORMS)[number], string>> = {
  hex: 'in hex',
  'hex-upper': 'in hex',
  base64: 'in base64',
};

export interface DigestEvidence {
  readonly changes: Changes;
  readonly secrets: readonly Credential[];
  /** Bytes of a signature by each of the keys. */
  readonly sizes: readonly number[];
}

/** A hash or an HMAC that was pasted where an RSA signature belongs: of what, where that can be computed, or else by its length. */
export function judgeDigest(
  pasted: string,
  right: Recipe,
  { changes, secrets, sizes }: DigestEvidence,
): Verdict | undefined {
  for (const text of [pasted, ...pastedForms(pasted)]) {
    const found = readDigest(text);
    if (found === undefined) continue;
    const { digest, encoding, algorithm, name } = found;
    const form = SPOKEN_FORMS[encoding];
    const madeHere = (recipe: Recipe): boolean => digestOf(recipe).equals(digest);
    for (const instead of digestChanges(algorithm, name, form, secrets)) {
      const plain = instead.apply(right);
      const mistake = madeHere(plain)
        ? { changes: [], recipe: plain }
        : findMistake({ right: plain, changes: ofText(changes), matches: madeHere, isCheap: false });
      if (mistake !== undefined) {
        return described(right, { changes: [instead, ...mistake.changes], recipe: mistake.recipe });
      }
    }
    // A signature by a key of 512 bits is as long.
    if (!sizes.includes(digest.length)) return byLength(digest.length * 8, name, form);
  }
  return undefined;
}

function readDigest(
  text: string,
): { digest: Buffer; encoding: (typeof FORMS)[number]; algorithm: Algorithm; name: string } | undefined {
  for (const encoding of FORMS) {
    const digest = Buffer.from(text, encoding === 'base64' ? 'base64' : 'hex');
    const [algorithm, name] = ALGORITHMS[digest.length] ?? [];
    // Base64 without padding may be the start of a signature.
    const isWhole = encoding !== 'base64' || text.endsWith('=');
    if (isWhole && algorithm !== undefined && name !== undefined && ENCODERS[encoding](digest) === text)
      return { digest, encoding, algorithm, name };
  }
  return undefined;
}

function digestChanges(algorithm: Algorithm, name: string, form: string, secrets: readonly Credential[]): Change[] {
  const change = (code: string, what: string, key?: Recipe['key']): Change => ({
    code,
    inputs: ['algorithm'],
    what: `as ${what}, ${form}; it should be an RSA signature`,
    apply: (recipe) => ({ ...recipe, hash: algorithm, ...(key && { key }) }),
  });
  return [
    change('rsa-is-hash', `a bare ${name} of the text`),
    ...secrets.map(({ text }) =>
      change(
        algorithm === 'sha512' ? 'rsa-is-hmac-sha512' : 'rsa-is-hmac',
        `HMAC-${name.replace('-', '')} of the text with the client secret as its key`,
        [secretPart(text)],
      ),
    ),
  ];
}

/** What changes the text alone, and once each. */
const ofText = (changes: Changes): Change[] =>
  combinable(changes).filter(({ inputs }) => !inputs.includes('encoding') && !inputs.includes('algorithm'));

function byLength(bits: number, name: string, form: string): Verdict {
  const message = `The expected value is a hash or an HMAC (${bits} bits, ${form}, as ${name} and HMAC-${name.replace('-', '')} have), no RSA signature.`;
  return { match: false, code: `rsa-is-digest-${bits}`, inputs: ['algorithm'], message };
}
