/**
 * Length extension: from `SHA-256(x)` and the length of `x`, without `x`, the SHA-256 of `x + padding + suffix`. What anybody
 * can do to a signature whose secret comes first.
 *
 * @param digest of what is known only by its length
 * @param length of it, in bytes
 * @param suffix at most 55 bytes
 */
export function extendSha256(digest: Buffer, length: number, suffix: Buffer): { digest: Buffer; padding: Buffer } {
  const padding = paddingOf(length);
  const state = Array.from({ length: 8 }, (_, index) => digest.readUInt32BE(index * 4));
  const block = Buffer.concat([suffix, paddingOf(length + padding.length + suffix.length)]);
  const extended = Buffer.alloc(32);
  compress(state, block).forEach((word, index) => extended.writeUInt32BE(word, index * 4));
  return { digest: extended, padding };
}

/** FIPS 180-4, 5.1.1. */
function paddingOf(length: number): Buffer {
  const zeros = (119 - (length % 64)) % 64;
  const padding = Buffer.alloc(1 + zeros + 8);
  padding[0] = 0x80;
  padding.writeBigUInt64BE(BigInt(length) * 8n, 1 + zeros);
  return padding;
}

/** FIPS 180-4, 6.2.2, for one block. */
function compress(state: readonly number[], block: Buffer): number[] {
  const w = Array.from({ length: 16 }, (_, index) => block.readUInt32BE(index * 4));
  for (let t = 16; t < 64; t += 1) {
    const s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w.push((w[t - 16] + s0 + w[t - 7] + s1) >>> 0);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) >>> 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + state[index]) >>> 0);
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2). */
const K = primes(64).map((prime) => Math.floor((Math.cbrt(prime) % 1) * 2 ** 32));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
