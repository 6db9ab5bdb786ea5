/** The latest items, oldest first; the oldest make room for the new. */
export class Ring<T extends { readonly id: number }> {
  private readonly items: T[] = [];
  private nextSlot = 0;
  private lastId = 0;

  constructor(private readonly capacity: number) {}

  /** Keeps an item under the next number, and gives it back with that number. */
  add(item: Omit<T, 'id'>): T {
    const numbered = { id: ++this.lastId, ...item } as T;
    this.items[this.nextSlot] = numbered;
    this.nextSlot = (this.nextSlot + 1) % this.capacity;
    return numbered;
  }

  /** The items that pass, at most `limit` of them, the newest ones. */
  latest(passes: (item: T) => boolean, limit?: number): T[] {
    const found = [...this.items.slice(this.nextSlot), ...this.items.slice(0, this.nextSlot)].filter(passes);
    if (limit === undefined) return found;
    return limit > 0 ? found.slice(-limit) : [];
  }

  clear(): void {
    this.items.length = 0;
    this.nextSlot = 0;
  }
}
