import { randomBytes } from 'node:crypto';
import { formatPlacetopaySeed } from 'nestjs-payment-auth';
import { invalid } from '../../access/console-problem';
import { type InspectionResult } from '../../contract';
import { type Credential } from '../configured-secrets';
import { type Change, respelled } from '../recipe/change';
import { input, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { additionChanges } from '../recipe/order-changes';
import { isoTimeChanges } from '../recipe/iso-time-changes';
import { bytesStage, recipeStage, textStage } from '../stages';
import { joinedHashChanges } from './digest-changes';
import { calculated } from './scheme';

export interface DigestInputs {
  readonly rawNonce: Buffer;
  readonly seed: string;
  readonly algorithm: 'sha256' | 'sha1';
  readonly credential: Credential;
  /** What the site is called. */
  readonly login?: string;
  readonly expected: string | undefined;
}

/** Placetopay's `tranKey`: base64 of the hash of raw nonce, seed and secret. */
export function inspectDigest({
  rawNonce,
  seed,
  algorithm,
  credential,
  login,
  expected,
}: DigestInputs): InspectionResult {
  const text = [input('auth.nonce', rawNonce), input('auth.seed', seed), secretPart(credential.text)];
  const recipe: Recipe = { text, hash: algorithm, encoding: 'base64', prefix: '' };
  return calculated({
    leading: [
      bytesStage('raw-nonce', rawNonce),
      bytesStage('nonce', rawNonce, 'base64'),
      textStage('seed', seed),
      recipeStage('recipe', text, { 'auth.nonce': 'rawNonce', 'auth.seed': 'seed', [SECRET]: 'secretKey' }),
    ],
    keyStages: [],
    recipe,
    resultId: 'tranKey',
    credential,
    changes: [
      ...joinedHashChanges(recipe, credential),
      ...nonceChanges(rawNonce),
      ...olderSchemes(rawNonce),
      ...additionChanges(login === undefined ? [] : [input('login', login)]),
      ...isoTimeChanges('auth.seed', seed),
    ],
    expected,
  });
}

function nonceChanges(nonce: Buffer): Change[] {
  const sent = nonce.toString('base64');
  const spellings: readonly (readonly [code: string, what: string, value: string | Buffer])[] = [
    ['nonce-base64-hashed', 'from the base64 text of the nonce; hash the raw bytes it stands for', sent],
    ...[sent.replace(/=+$/, ''), nonce.toString('base64url')].map(
      (text) =>
        ['nonce-base64-hashed', 'from the base64 text of the nonce; hash the raw bytes it stands for', text] as const,
    ),
    ['nonce-hex-hashed', 'from the hex text of the nonce; hash its raw bytes', nonce.toString('hex')],
    ['nonce-hex-hashed', 'from the hex text of the nonce; hash its raw bytes', nonce.toString('hex').toUpperCase()],
    [
      'nonce-as-utf8',
      'from the nonce read as UTF-8 text, which loses bytes',
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(nonce),
    ],
    ['nonce-as-latin1', 'from the nonce read as latin1 text and hashed as UTF-8', nonce.toString('latin1')],
    [
      'nonce-as-ascii',
      'from the nonce with ? for bytes that are not ASCII',
      Buffer.from(nonce.map((byte) => (byte > 0x7f ? 0x3f : byte))),
    ],
    ['nonce-decoded-twice', 'from the nonce decoded once too often', Buffer.from(nonce.toString('latin1'), 'base64')],
    ['nonce-encoded-twice', 'from the base64 of the base64 of the nonce', Buffer.from(sent).toString('base64')],
  ];
  return spellings
    .filter(([, , value]) => !Buffer.from(value).equals(nonce))
    .map(([code, what, value]) => respelled('auth.nonce', code, what, value));
}

/** What older pages and SDKs of Placetopay do, in three things at once. */
function olderSchemes(nonce: Buffer): Change[] {
  const inputs = ['encoding', 'algorithm', 'auth.nonce'];
  const older = (code: string, what: string, text: (recipe: Recipe) => Recipe['text']): Change => ({
    code,
    inputs,
    what,
    isAlone: true,
    apply: (recipe) => ({ ...recipe, text: text(recipe), hash: 'sha1', encoding: 'hex' }),
  });
  const isNonce = ({ name }: Recipe['text'][number]): boolean => name === 'auth.nonce';
  return [
    older('scheme-pse', 'by the scheme of the old PSE service: hex of SHA-1, without the nonce', ({ text }) =>
      text.filter((part) => !isNonce(part)),
    ),
    older(
      'encoding-hex+algorithm-sha1+nonce-base64-hashed',
      'as hex of SHA-1, and from the base64 text of the nonce; it is base64, and the raw bytes of the nonce',
      ({ text }) =>
        text.map((part) => (isNonce(part) ? { ...part, bytes: Buffer.from(nonce.toString('base64')) } : part)),
    ),
  ];
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX = /^(?:[0-9a-f]{2})+$/i;

/** @throws {ConsoleRefusal} 400 when the text is not in that form */
export function readNonce(text: string, form: 'base64' | 'hex' | 'text'): Buffer {
  if (form === 'text') return Buffer.from(text);
  if (form === 'hex') {
    if (!HEX.test(text)) throw invalid('auth.nonce', 'is not hex: an even number of digits 0 to 9 and a to f');
    return Buffer.from(text, 'hex');
  }
  if (!BASE64.test(text)) {
    throw invalid('auth.nonce', 'is not base64 of the standard alphabet with its padding, as auth.nonce is sent');
  }
  return Buffer.from(text, 'base64');
}

export const freshNonce = (): string => randomBytes(16).toString('base64');
export const freshSeed = (now: number): string => formatPlacetopaySeed(now);
