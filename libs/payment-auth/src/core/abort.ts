/** Runs `task` with a signal that aborts after `timeoutMs`; rejects with `onTimeout()` then, even if the task ignores it. */
export async function withTimeout<T>(
  task: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  onTimeout: () => Error,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(onTimeout());
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([task(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for shared work until `signal` aborts. The abort ends this wait only: the work goes on for the others. */
export function waitFor<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared;
  return new Promise<T>((resolve, reject) => {
    const forget = onAbort(signal, () => reject(abortReason(signal)));
    shared.then(resolve, reject).finally(forget);
  });
}

interface Reactions {
  readonly all: Set<() => void>;
  readonly listener: () => void;
}

const reactionsTo = new WeakMap<AbortSignal, Reactions>();

/**
 * Calls `react` when `signal` aborts, at once if it has. Any number of waits on one signal (a shutdown's, say) is one listener
 * on it: from the eleventh on, Node would warn of a leak. The signal's own limit is not ours to raise: it would hide leaks of
 * the one who owns it.
 *
 * @returns a function that lets go of it again
 */
export function onAbort(signal: AbortSignal, react: () => void): () => void {
  if (signal.aborted) {
    react();
    return () => undefined;
  }
  const { all, listener } = reactionsTo.get(signal) ?? listenTo(signal);
  // A function of its own: the same one may be given twice.
  const reaction = (): void => react();
  all.add(reaction);
  return () => {
    all.delete(reaction);
    if (all.size > 0 || reactionsTo.get(signal)?.all !== all) return;
    reactionsTo.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}

function listenTo(signal: AbortSignal): Reactions {
  const all = new Set<() => void>();
  const listener = (): void => all.forEach((react) => react());
  const reactions = { all, listener };
  reactionsTo.set(signal, reactions);
  signal.addEventListener('abort', listener, { once: true });
  return reactions;
}

export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('This operation was aborted', 'AbortError');
}
