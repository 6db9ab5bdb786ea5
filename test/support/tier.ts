/**
 * A test has one size in `npm test` and may have another in `npm run test:long`, which runs every file that calls this, besides
 * the files that end in `.long-spec.ts`.
 */
export function shortOrLong<T>(short: T, long: T): T {
  return process.env['TEST_TIER'] === 'long' ? long : short;
}

/** `it` for a test that `npm run test:long` alone runs. */
export const itInLong: typeof it = shortOrLong((() => undefined) as unknown as typeof it, it);
