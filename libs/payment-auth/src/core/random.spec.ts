import { PooledRandomSource } from './random';

const POOL_BYTES = 4096;

describe('PooledRandomSource', () => {
  it('hands out as many bytes as it is asked for, whatever the pool has left', () => {
    const source = new PooledRandomSource();
    for (const length of [0, 1, 16, POOL_BYTES - 17, 1, POOL_BYTES, POOL_BYTES + 1, 3, 70_000]) {
      expect(source.bytes(length)).toHaveLength(length);
    }
  });

  it('never hands the same bytes out twice, across several pools', () => {
    const source = new PooledRandomSource();
    const drawn = Array.from({ length: 2_000 }, () => source.bytes(16).toString('hex'));
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('fills whatever it hands out, to the last byte', () => {
    const source = new PooledRandomSource();
    for (const length of [16, POOL_BYTES, POOL_BYTES + 1]) {
      // 64 draws leave a byte zero in all of them with a chance of 1 in 256^64.
      const draws = Array.from({ length: 64 }, () => source.bytes(length));
      for (const place of [0, length - 1]) expect(draws.some((bytes) => bytes[place] !== 0)).toBe(true);
    }
  });

  it('keeps nothing of what it handed out, and what was handed out stays', () => {
    const source = new PooledRandomSource();
    const first = source.bytes(POOL_BYTES);
    const copy = Buffer.from(first);
    const second = source.bytes(POOL_BYTES);
    expect(first).toEqual(copy);
    expect(second).not.toEqual(first);
  });
});
