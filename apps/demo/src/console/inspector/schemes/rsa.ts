import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { type InspectionResult, type InspectionStage } from '../../contract';
import { type Change } from '../recipe/change';
import { algorithmChanges, encodingChanges } from '../recipe/encoding-changes';
import { findMistake } from '../recipe/find-mistake';
import { ENCODERS, type Encoding, joined, type Recipe } from '../recipe/recipe';
import { bytesStage, partsStage, textStage } from '../stages';
import { described, judgeText, pastedForms, truncated, type Verdict, whitespaceAround } from '../verdict';

export interface RsaInputs {
  readonly leading: readonly InspectionStage[];
  readonly recipe: Recipe;
  /** As configured, PEM or base64. All of them are public. */
  readonly publicKeys: readonly string[];
  readonly changes: readonly Change[];
  readonly expected: string | undefined;
  /** How somebody's text to sign begins, pasted in place of a signature. */
  readonly textStart?: RegExp;
}

/** An RSA signature of a gateway, which nobody can make here: only the public key is known, and nothing is secret. */
export function inspectRsa({ leading, recipe, publicKeys, changes, expected, textStart }: RsaInputs): InspectionResult {
  const keys = publicKeys.map(readKey).filter((key) => key !== undefined);
  const digest = createHash(recipe.hash).update(joined(recipe.text)).digest();
  const all = [...encodingChanges(recipe), ...algorithmChanges(recipe), ...changes];
  const isText = expected !== undefined && textStart?.test(expected) === true;
  const verdict =
    expected === undefined
      ? undefined
      : isText
        ? judgeText(expected, recipe, all)
        : judgeSignature(expected, recipe, keys, all);
  return {
    stages: [
      ...leading,
      partsStage('string-to-sign', recipe.text),
      bytesStage('digest', digest),
      ...keys.map((key) =>
        textStage('public-key', `RSA ${key.asymmetricKeyDetails?.modulusLength ?? '?'} SHA-256 ${fingerprint(key)}`),
      ),
      ...(verdict === undefined || isText ? [] : [textStage('verification', spoken(verdict.match, keys.length))]),
    ],
    ...(verdict !== undefined && { verdict }),
  };
}

function judgeSignature(
  expected: string,
  right: Recipe,
  keys: readonly KeyObject[],
  changes: readonly Change[],
): Verdict {
  const fits = (recipe: Recipe, signature: string): boolean => {
    const bytes = decoded(signature, recipe.encoding);
    return bytes !== undefined && recipe.hash !== 'none' && keys.some((key) => verified(recipe, key, bytes));
  };
  if (fits(right, expected)) return { match: true };
  if (pastedForms(expected).some((form) => fits(right, form))) return whitespaceAround();
  const whole = Math.max(0, ...keys.map((key) => Math.ceil(modulusBytes(key) / 3) * 4));
  // What is too short for a signature is none of any text.
  if (/^[A-Za-z0-9+/]{16,}$/.test(expected) && expected.length < whole - 2) return truncated(whole, expected.length);
  return described(right, findMistake({ right, changes, matches: (recipe) => fits(recipe, expected), isCheap: false }));
}

function verified({ hash, text }: Recipe, key: KeyObject, signature: Buffer): boolean {
  return signature.length === modulusBytes(key) && verifySignature(hash, joined(text), key, signature);
}

/** The bytes of a text that is written in that encoding and no other. */
function decoded(text: string, encoding: Encoding): Buffer | undefined {
  const bytes = DECODERS[encoding]?.(text);
  return bytes !== undefined && ENCODERS[encoding](bytes) === text ? bytes : undefined;
}

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');
const DECODERS: Partial<Readonly<Record<Encoding, (text: string) => Buffer>>> = {
  hex: (text) => Buffer.from(text, 'hex'),
  'hex-upper': (text) => Buffer.from(text, 'hex'),
  base64: fromBase64,
  'base64-unpadded': fromBase64,
  base64url: fromBase64,
  'base64url-padded': fromBase64,
  'base64-of-hex': (text) => Buffer.from(fromBase64(text).toString('latin1'), 'hex'),
  'base64-twice': (text) => fromBase64(fromBase64(text).toString('latin1')),
};

function readKey(text: string): KeyObject | undefined {
  const plain = text.replaceAll('\\n', '\n').trim();
  const forms = plain.startsWith('-----')
    ? [plain]
    : ['PUBLIC KEY', 'RSA PUBLIC KEY'].map((name) => `-----BEGIN ${name}-----\n${plain}\n-----END ${name}-----`);
  for (const form of forms) {
    try {
      return createPublicKey(form);
    } catch {
      // Then it is of the other form; the library refused at start what is of none.
    }
  }
  return undefined;
}

const modulusBytes = (key: KeyObject): number => Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);

const fingerprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

const spoken = (isMatch: boolean, keys: number): string =>
  isMatch ? 'a configured public key verifies it' : `none of the configured public keys (${keys}) verifies it`;
