/**
 * Each item with a key that stays its own when newer ones come in front: what `keyOf` makes of it and, of several with the same,
 * its number from the oldest.
 * @param items newest first
 */
export function keyed<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [key: string, item: T])[] {
  const counts = new Map<string, number>();
  return items
    .toReversed()
    .map((item) => {
      const key = keyOf(item);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return [`${key} ${count}`, item] as const;
    })
    .reverse();
}
