import { createHmac, hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** Longer messages go through `createHmac`: there, what it costs to begin no longer counts. */
const LARGEST_BYTES = 8 * 1024;
const LONGEST_UTF8 = 3;

const keyBlock = Buffer.alloc(BLOCK_BYTES);
const inner = Buffer.alloc(BLOCK_BYTES + LARGEST_BYTES);
const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

/**
 * HMAC-SHA256 (RFC 2104) of `text` followed by `bytes`, in lower-case hex. Three one-shot hashes take two thirds of the
 * time of `createHmac`, which makes an object of OpenSSL's for every message and leaves it to the garbage collector.
 * Nothing is awaited in here, so the buffers can be shared.
 */
export function hmacSha256Hex(key: string, text: string, bytes?: Uint8Array): string {
  if (typeof hash !== 'function' || text.length * LONGEST_UTF8 + (bytes?.length ?? 0) > LARGEST_BYTES) {
    const hmac = createHmac('sha256', key).update(text, 'utf8');
    return (bytes === undefined ? hmac : hmac.update(bytes)).digest('hex');
  }
  const keyLength = writeKey(key);
  for (let index = 0; index < BLOCK_BYTES; index += 1) {
    const byte = index < keyLength ? keyBlock[index] : 0;
    inner[index] = byte ^ INNER_PAD;
    outer[index] = byte ^ OUTER_PAD;
  }
  let end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES);
  if (bytes !== undefined) {
    inner.set(bytes, end);
    end += bytes.length;
  }
  outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
  return hash('sha256', outer, 'hex');
}

/** A key that does not fit in a block is hashed. */
function writeKey(key: string): number {
  if (key.length * LONGEST_UTF8 <= BLOCK_BYTES) return keyBlock.write(key);
  if (key.length > BLOCK_BYTES || Buffer.byteLength(key) > BLOCK_BYTES) {
    return keyBlock.write(hash('sha256', key, 'binary'), 'latin1');
  }
  return keyBlock.write(key);
}
