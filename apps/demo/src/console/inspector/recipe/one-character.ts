import { type Part, type Recipe } from './recipe';

const PRINTABLE = Array.from({ length: 95 }, (_, index) => index + 0x20);
/** Every byte is tried with some two hundred edits. */
const MOST_BYTES_OF_A_PART = 256;
const MOST_BYTES = 320;

/** The parts in which one mistyped character is looked for: the inputs that are short enough, never a credential. */
export function editableParts({ text }: Recipe): Part[] {
  let left = MOST_BYTES;
  return text.filter(({ name, isHidden, bytes }) => {
    if (name === 'literal' || isHidden === true || bytes.length > Math.min(left, MOST_BYTES_OF_A_PART)) return false;
    left -= bytes.length;
    return true;
  });
}

/** The bytes with one of them dropped, doubled up with another, replaced, or swapped with its neighbour. */
export function* oneCharacterEdits(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at <= bytes.length; at += 1) {
    const before = bytes.subarray(0, at);
    const behind = bytes.subarray(at);
    const rest = bytes.subarray(at + 1);
    const own = bytes[at];
    const next = bytes[at + 1];
    if (own !== undefined) yield Buffer.concat([before, rest]);
    if (own !== undefined && next !== undefined && own !== next) {
      yield Buffer.concat([before, Buffer.of(next, own), bytes.subarray(at + 2)]);
    }
    for (const character of PRINTABLE) {
      if (own !== undefined && character !== own) yield Buffer.concat([before, Buffer.of(character), rest]);
      yield Buffer.concat([before, Buffer.of(character), behind]);
    }
  }
}
