import { randomFillSync } from 'node:crypto';

/** Where random bytes come from. Replace the {@link PAYMENT_AUTH_RANDOM} provider in tests to fix them. */
export interface RandomSource {
  /** `length` fresh bytes from a cryptographically secure generator, never handed out twice. */
  bytes(length: number): Buffer;
}

const POOL_BYTES = 4096;

/**
 * Asks the operating system for 4 KiB at a time: drawing 16 bytes from a pool costs a copy, a system call each time
 * costs several times the digest it feeds.
 */
export class PooledRandomSource implements RandomSource {
  private readonly pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  private offset = POOL_BYTES;

  bytes(length: number): Buffer {
    if (length > POOL_BYTES) return randomFillSync(Buffer.allocUnsafe(length));
    if (this.offset + length > POOL_BYTES) {
      randomFillSync(this.pool);
      this.offset = 0;
    }
    const end = this.offset + length;
    const drawn = Buffer.from(this.pool.subarray(this.offset, end));
    this.pool.fill(0, this.offset, end);
    this.offset = end;
    return drawn;
  }
}
