import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  publicDecrypt,
  verify as verifySignature,
} from 'node:crypto';
import { type InspectionResult, type InspectionStage } from '../../contract';
import { type Credential } from '../configured-secrets';
import { type Change, type Changes } from '../recipe/change';
import { algorithmChanges, encodingChanges } from '../recipe/encoding-changes';
import { findMistake } from '../recipe/find-mistake';
import { digestOf, ENCODERS, type Encoding, joined, type Recipe } from '../recipe/recipe';
import { bytesStage, partsStage, textStage } from '../stages';
import { judgeDigest } from './rsa-digest';
import { described, judgeText, pastedForms, truncated, type Verdict, whitespaceAround } from '../verdict';

export interface RsaInputs {
  readonly leading: readonly InspectionStage[];
  readonly recipe: Recipe;
  /** As configured, PEM or base64. All of them are public. */
  readonly publicKeys: readonly string[];
  readonly changes: Changes;
  readonly expected: string | undefined;
  /** How somebody's text to sign begins, pasted in place of a signature. */
  readonly textStart?: RegExp;
  /** Secrets of the merchant with which somebody may have made an HMAC in place of a signature. */
  readonly secrets?: readonly Credential[];
}

/** An RSA signature of a gateway, which nobody can make here: only the public key is known, and nothing is secret. */
export function inspectRsa(inputs: RsaInputs): InspectionResult {
  const { leading, recipe, publicKeys, changes, expected, textStart, secrets = [] } = inputs;
  const keys = publicKeys.map(readKey).filter((key) => key !== undefined);
  const digest = createHash(recipe.hash).update(joined(recipe.text)).digest();
  const all = [...encodingChanges(recipe), ...algorithmChanges(recipe), ...changes];
  const isText = expected !== undefined && textStart?.test(expected) === true;
  const verdict =
    expected === undefined
      ? undefined
      : isText
        ? judgeText(expected, recipe, all)
        : judgeSignature(expected, recipe, { keys, changes: all, secrets });
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

interface SignatureEvidence {
  readonly keys: readonly KeyObject[];
  readonly changes: Changes;
  readonly secrets: readonly Credential[];
}

function judgeSignature(expected: string, right: Recipe, { keys, changes, secrets }: SignatureEvidence): Verdict {
  const fits = (recipe: Recipe, signature: string): boolean => {
    const bytes = decoded(signature, recipe.encoding);
    return bytes !== undefined && recipe.hash !== 'none' && keys.some((key) => verified(recipe, key, bytes));
  };
  if (fits(right, expected)) return { match: true };
  if (pastedForms(expected).some((form) => fits(right, form))) return whitespaceAround();
  const sizes = keys.map(modulusBytes);
  const digest = judgeDigest(expected, right, { changes, secrets, sizes });
  if (digest !== undefined) return digest;
  // What is too short for a signature is none of any text.
  const whole = wholeLength(expected, Math.max(0, ...sizes));
  if (whole !== undefined && expected.length < whole - 2) return truncated(whole, expected.length);
  if (isPss(expected, right, keys)) return described(right, { changes: [PSS], recipe: right });
  const isOf = signedDigests(expected, keys);
  return described(right, findMistake({ right, changes, matches: isOf, isCheap: true }));
}

const PSS: Change = {
  code: 'padding-pss',
  inputs: ['algorithm'],
  what: 'with PSS padding; it is PKCS#1 v1.5',
  apply: (recipe) => recipe,
};

function isPss(expected: string, { text, hash, encoding }: Recipe, keys: readonly KeyObject[]): boolean {
  const signature = decoded(expected, encoding);
  if (signature === undefined) return false;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return [...new Set([hash, 'sha256', 'sha512'])].some((used) =>
    keys.some((key) => verifySignature(used, joined(text), { key, padding }, signature)),
  );
}

/** Of a signature in the encoding in which that text is; `undefined` when it is in neither. */
function wholeLength(text: string, bytes: number): number | undefined {
  if (/^(?:[0-9a-f]{16,}|[0-9A-F]{16,})$/.test(text)) return bytes * 2;
  return /^[A-Za-z0-9+/]{16,}$/.test(text) ? Math.ceil(bytes / 3) * 4 : undefined;
}

/**
 * Whether a recipe's digest is the one that was signed. That is taken out of the signature once for each encoding: thousands of
 * verifications would take too long.
 */
function signedDigests(expected: string, keys: readonly KeyObject[]): (recipe: Recipe) => boolean {
  const known = new Map<Encoding, readonly string[]>();
  const infosOf = (encoding: Encoding): readonly string[] => {
    const bytes = decoded(expected, encoding);
    return bytes === undefined ? [] : keys.flatMap((key) => signedInfo(key, bytes));
  };
  return (recipe) => {
    const { encoding, hash } = recipe;
    const infos = known.get(encoding) ?? infosOf(encoding);
    known.set(encoding, infos);
    const start = DIGEST_INFO[hash];
    return infos.length > 0 && start !== undefined && infos.includes(start + digestOf(recipe).toString('hex'));
  };
}

/** What stands before a digest in a PKCS#1 v1.5 signature. @see RFC 8017, 9.2, note 1 */
const DIGEST_INFO: Partial<Readonly<Record<Recipe['hash'], string>>> = {
  md5: '3020300c06082a864886f70d020505000410',
  sha1: '3021300906052b0e03021a05000414',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** In hex; nothing when it is no such signature of that key. */
function signedInfo(key: KeyObject, signature: Buffer): string[] {
  if (signature.length !== modulusBytes(key)) return [];
  try {
    return [publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).toString('hex')];
  } catch {
    return [];
  }
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
