import { useEffect, useRef, useState } from 'preact/hooks';

/** A value that views watch. */
export interface Store<T> {
  readonly get: () => T;
  readonly set: (next: T) => void;
  readonly update: (change: (current: T) => T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  const set = (next: T) => {
    if (Object.is(next, current)) return;
    current = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The store's value, or the part of it that `select` takes; renders again when that changes. */
export function useStore<T>(store: Store<T>): T;
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S;
export function useStore<T, S>(store: Store<T>, select?: (value: T) => S): T | S {
  const read = (): T | S => (select ? select(store.get()) : store.get());
  const latestRead = useRef(read);
  latestRead.current = read;
  const [, noteChange] = useState<T | S>(read);
  useEffect(() => {
    const look = () => noteChange(() => latestRead.current());
    // What changed between the render and its effect would go unseen otherwise.
    look();
    return store.subscribe(look);
  }, [store]);
  return read();
}
