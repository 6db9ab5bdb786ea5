import { isUtf8 } from 'node:buffer';
import { type InspectionStage } from '../contract';
import { digestOf, type Part, type Recipe, resultOf } from './recipe/recipe';

/** In place of whatever is not shown. Always as many: their number says nothing of what they stand for. */
export const DOTS = '••••••••';

/** Why a result is not shown where it would open a real gateway: whoever may ask for any of them could sign anything. */
export const WITHHELD = 'compared here and not shown: outside the sandbox a gateway would accept it';

export function textStage(id: string, value: string): InspectionStage {
  return { id, value, encoding: 'text', bytes: Buffer.byteLength(value) };
}

export function bytesStage(id: string, bytes: Buffer, encoding: 'hex' | 'base64' = 'hex'): InspectionStage {
  return { id, value: bytes.toString(encoding), encoding, bytes: bytes.length };
}

export function hiddenStage(id: string, note?: string): InspectionStage {
  return { id, value: DOTS, encoding: 'text', masked: [[0, DOTS.length]], ...(note !== undefined && { note }) };
}

/** Parts in one line, credentials as dots: as text where all of it is UTF-8, otherwise as hex. */
export function partsStage(id: string, parts: readonly Part[]): InspectionStage {
  const isText = parts.every(({ bytes, isHidden }) => isHidden === true || isUtf8(bytes));
  const masked: [number, number][] = [];
  let value = '';
  for (const { bytes, isHidden } of parts) {
    if (isHidden === true) masked.push([value.length, value.length + DOTS.length]);
    value += isHidden === true ? DOTS : bytes.toString(isText ? 'utf8' : 'hex');
  }
  const encoding = isText ? 'text' : 'hex';
  // A length would tell that of the credential.
  if (masked.length > 0) return { id, value, encoding, masked };
  return { id, value, encoding, bytes: parts.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}

/** `secretKey-requestTime-Bearer token`: how something is put together, by the names of its parts. */
export function recipeStage(
  id: string,
  parts: readonly Part[],
  names: Readonly<Record<string, string>> = {},
): InspectionStage {
  const words = parts.map(({ name, bytes }) => (name === 'literal' ? bytes.toString('utf8') : (names[name] ?? name)));
  return textStage(id, words.join(parts.some(({ name }) => name === 'literal') ? '' : ' + '));
}

/** Digest and what is sent of it; both withheld unless only the simulator would take them. */
export function resultStages(recipe: Recipe, resultId: string, isDisclosed: boolean): InspectionStage[] {
  if (!isDisclosed) return [hiddenStage('digest', WITHHELD), hiddenStage(resultId, WITHHELD)];
  const result = resultOf(recipe);
  const encoding = recipe.prefix === '' && recipe.encoding === 'base64' ? 'base64' : 'text';
  return [
    bytesStage('digest', digestOf(recipe)),
    { id: resultId, value: result, encoding, bytes: Buffer.byteLength(result) },
  ];
}
