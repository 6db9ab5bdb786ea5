/** One line of a hex view. */
interface HexLine {
  readonly offset: string;
  readonly hex: string;
  readonly text: string;
}

const BYTES_PER_LINE = 16;

export function bytesOf(body: string, encoding: 'utf8' | 'hex'): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(body);
  return Uint8Array.from(body.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Sixteen bytes a line: offset, hex, and what is printable of them. */
export function hexLines(bytes: Uint8Array): HexLine[] {
  const lines: HexLine[] = [];
  for (let start = 0; start < bytes.length; start += BYTES_PER_LINE) {
    const line = [...bytes.subarray(start, start + BYTES_PER_LINE)];
    lines.push({
      offset: start.toString(16).padStart(6, '0'),
      hex: line.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\u00b7')).join(''),
    });
  }
  return lines;
}
