const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const NUMBER_START = '-0123456789';
const NUMBER_CHARACTERS = '0123456789+-.eE';
const ZERO = '0';

/** From this many zeros on, an exponent is shorter. */
const ZEROS_FOR_EXPONENT = 3;

/**
 * Shortens the numbers of minified JSON as tdewolff/minify 2 does by default: `51000` becomes `51e3`, `1.0` becomes `1`,
 * `0.0005` becomes `5e-4`. Everything else, all of the strings included, stays byte for byte. Takes linear time.
 *
 * A gateway that looks like Netzme's was seen to hash bodies in this form (`snapMinifyQuirks` in the vectors was made by
 * running it).
 */
export function goNumberForms(json: Buffer): Buffer {
  // One character per byte, and back: numbers are ASCII, the rest is only copied.
  const text = json.toString('latin1');
  const parts: string[] = [];
  let copiedTo = 0;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = stringEnd(text, at);
    } else if (NUMBER_START.includes(character)) {
      const end = numberEnd(text, at);
      parts.push(text.slice(copiedTo, at), shortest(text.slice(at, end)));
      copiedTo = end;
      at = end;
    } else {
      at += 1;
    }
  }
  parts.push(text.slice(copiedTo));
  return Buffer.from(parts.join(''), 'latin1');
}

/** @param start index of the opening quote. @returns the index behind the closing one */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function numberEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && NUMBER_CHARACTERS.includes(text.charAt(at))) at += 1;
  return at;
}

function shortest(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(number) ?? [];
  const digits = whole + fraction;
  const first = firstOther(digits, ZERO);
  if (whole === '' || !Number.isSafeInteger(Number(exponent))) return number;
  if (first === digits.length) return ZERO;
  const significant = digits.slice(first, lastOther(digits, ZERO) + 1);
  // The number is 0.<significant> times ten to the power of `point`, and <significant> times ten to that of `power`.
  const point = whole.length - first + Number(exponent);
  const power = point - significant.length;
  return sign + written(significant, point, power);
}

function written(significant: string, point: number, power: number): string {
  if (power >= ZEROS_FOR_EXPONENT) return `${significant}e${power}`;
  if (power >= 0) return significant + ZERO.repeat(power);
  if (point < -String(-power).length - 1) return `${significant}e${power}`;
  if (point <= 0) return `0.${ZERO.repeat(-point)}${significant}`;
  return `${significant.slice(0, point)}.${significant.slice(point)}`;
}

function firstOther(text: string, character: string): number {
  let at = 0;
  while (text[at] === character) at += 1;
  return at;
}

function lastOther(text: string, character: string): number {
  let at = text.length - 1;
  while (text[at] === character) at -= 1;
  return at;
}
